//! The audit log: sign-ins, people, tokens, settings, exports, and what is done by command. Each entry is written in
//! the transaction of what it records, is never changed, and its hash covers the entry before it.
//!
//! What happens to incidents, alerts and entities is not here: it is in Comments and history.

mod activity;
mod log;
mod reading;
mod wording;

pub use activity::Activity;
pub use log::{AuditEntry, Target, record, record_export, record_with};
pub use reading::{By, Filter, last_id, latest, page, part};
