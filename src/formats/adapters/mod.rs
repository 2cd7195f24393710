//! One file or folder for each product whose records are read without a mapping. Each has an `ADAPTER` that
//! [`registry`](crate::formats::registry) lists; [`formats`](crate::formats) says how to add one.

pub mod ait_ads;
pub mod azure_monitor;
pub mod cef;
pub mod cortex;
pub mod defender;
pub mod elastic;
pub mod falco;
pub mod graph;
pub mod guardduty;
pub mod guide;
pub mod leef;
pub mod ocsf;
pub mod sentinel;
pub mod sentinelone;
pub mod sigma;
pub mod suricata;
pub mod wazuh;
