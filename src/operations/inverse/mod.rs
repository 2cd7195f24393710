//! The inverse of an operation in one incident: for each change the one that undoes it, unless something
//! later changed the same field. Pure.

mod alert_changes;
mod changed_field;
mod history_facts;
mod incident_changes;
mod invert;
mod kept_alerts;
mod result;

pub use self::history_facts::Facts;
pub use self::invert::invert;
pub use self::result::Inverse;
