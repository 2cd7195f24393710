//! Alerts, incidents and entities of Defender's own APIs and streams.

pub mod alert;
pub mod entities;
pub mod incident;
