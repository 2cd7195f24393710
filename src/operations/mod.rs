//! What people do: edit one incident or alert, edit many of either, move alerts, merge incidents, comment, attach files, and undo
//! each of these as a whole. Long operations are stored as `jobs`, which `job_runner` and
//! `job_worker` run. Each operation claims its incidents, asks the rules of `incidents`, and commits once.

mod alert_fields;
pub mod attach;
pub mod bulk;
pub mod bulk_alerts;
pub mod comment;
pub mod done;
pub mod edit_alert;
pub mod edit_incident;
pub mod entity_comment;
pub mod hand_over;
pub mod inverse;
pub mod items;
pub mod job_runner;
pub mod job_worker;
pub mod jobs;
pub mod merge_incidents;
pub mod move_alerts;
mod move_refusals;
pub mod once;
mod preview_lines;
pub mod resolved;
pub mod restore;
pub mod undo;
pub mod undo_move;
