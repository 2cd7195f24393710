//! operations

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
