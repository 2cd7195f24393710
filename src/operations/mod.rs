//! Every act of a person: an edit of one incident or alert, the same edit of many, a move, a merge, a
//! comment; and undoing each as a whole. Long ones are stored as `jobs`, which `job_worker` works off.
//! Each act claims its incidents, asks the rules of `incidents`, and commits once.

pub mod bulk;
pub mod comment;
pub mod edit_alert;
pub mod edit_incident;
pub mod inverse;
pub mod items;
pub mod job_worker;
pub mod jobs;
pub mod merge_incidents;
pub mod move_alerts;
pub mod restore;
pub mod undo;
pub mod undo_move;
