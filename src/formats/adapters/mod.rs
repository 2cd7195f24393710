//! One file or folder for each product whose records are read without a mapping. Each has an `ADAPTER` that
//! [`registry`](crate::formats::registry) lists; [`formats`](crate::formats) says how to add one.

pub mod ait_ads;
pub mod azure_monitor;
pub mod bitdefender;
pub mod carbon_black;
pub mod cef;
pub mod cisco_secure_endpoint;
pub mod cortex;
pub mod crowdstrike;
pub mod darktrace;
pub mod defender;
pub mod elastic;
pub mod eset;
pub mod falco;
pub mod fortigate;
pub mod google_scc;
pub mod graph;
pub mod guardduty;
pub mod guide;
pub mod leef;
pub mod limacharlie;
pub mod ocsf;
pub mod panos;
pub mod security_hub;
pub mod sentinel;
pub mod sentinelone;
pub mod sigma;
pub mod sophos;
pub mod suricata;
pub mod threatdown;
pub mod trend_vision_one;
pub mod wazuh;
pub mod zeek;
