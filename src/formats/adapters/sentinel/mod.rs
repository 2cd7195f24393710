//! Microsoft Sentinel's `SecurityAlert` and `SecurityIncident`: tables, REST API and Logic Apps; and the alerts of
//! Defender for Cloud, which have the same members.

pub mod alert;
pub mod columns;
pub mod compromised;
pub mod entities;
pub mod facts;
pub mod given_texts;
pub mod incident;
pub mod principals;
pub mod references;
