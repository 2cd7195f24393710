//! The same edit of many incidents: selected ones, or all that a filter finds. It is read once; then
//! each incident is decided by the same rules as in the manage form, and those of one transaction are
//! written together. Each is changed or left alone, with the reason in words.

mod apply;
mod changed_since;
mod edit;
mod plan;
pub mod preview;

pub use self::apply::{LIMIT, Outcomes, edit_incidents, work};
pub use self::edit::BulkEdit;
pub use self::plan::{REDIRECTED, SO_ALREADY};
pub use super::done::Done;
