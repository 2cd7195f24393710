//! GET and POST /incidents/{id}: one incident and everything done to it.

mod assigning;
mod classifying;
mod comment_edits;
mod comments;
mod conflicts;
mod evidence;
mod follow_up;
mod history;
pub mod history_is_complete;
mod limits;
mod mentions;
mod naming;
mod priority;
mod report;
mod resolved_notices;
mod resolving;
mod severity;
mod similar;
mod story;
mod stream;
mod summary;
mod tagging;
