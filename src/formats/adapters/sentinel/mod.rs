//! Microsoft Sentinel's `SecurityAlert` and `SecurityIncident` tables.

pub mod alert;
pub mod entities;
pub mod facts;
pub mod incident;
pub mod principals;
pub mod references;
