//! Microsoft Graph `security/alerts_v2` and `security/incidents`.

pub mod alert;
pub mod evidence;
pub mod facts;
pub mod incident;
