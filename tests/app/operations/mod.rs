//! POST /operations/{id}/undo, and acts on many incidents that run as jobs.

mod undo;
