//! What gives an incident back as it was before an operation: each change the other way round, as long
//! as nothing later changed the same field. Pure.

mod alert_changes;
mod history_facts;
mod incident_changes;
mod invert;
mod kept_alerts;
mod result;

pub use self::history_facts::Facts;
pub use self::invert::invert;
pub use self::result::Inverse;
