//! What people do: edit one incident or alert, edit many, move alerts, merge incidents, comment, and undo
//! each of these as a whole. Long operations are stored as `jobs`, which `job_runner` and
//! `job_worker` run. Each operation claims its incidents, asks the rules of `incidents`, and commits once.

pub mod bulk;
pub mod comment;
pub mod edit_alert;
pub mod edit_incident;
pub mod inverse;
pub mod items;
pub mod job_runner;
pub mod job_worker;
pub mod jobs;
pub mod merge_incidents;
pub mod move_alerts;
mod move_refusals;
pub mod once;
pub mod restore;
pub mod undo;
pub mod undo_move;
