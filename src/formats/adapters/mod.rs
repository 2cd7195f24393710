//! One file or folder for each product whose records are read without a mapping. Each has an `ADAPTER` that
//! [`registry`](crate::formats::registry) lists; [`formats`](crate::formats) says how to add one.

pub mod ait_ads;
pub mod cortex;
pub mod defender;
pub mod elastic;
pub mod falco;
pub mod google_scc;
pub mod graph;
pub mod guardduty;
pub mod guide;
pub mod ocsf;
pub mod security_hub;
pub mod sentinel;
pub mod sentinelone;
pub mod sigma;
pub mod suricata;
pub mod wazuh;
