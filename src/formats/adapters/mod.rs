//! One file or folder for each product whose records are read without a mapping. Each has an `ADAPTER` that
//! [`registry`](crate::formats::registry) lists; [`formats`](crate::formats) says how to add one.

pub mod ait_ads;
pub mod alertmanager;
pub mod cortex;
pub mod crowdsec;
pub mod defender;
pub mod elastic;
pub mod falco;
pub mod google_scc;
pub mod grafana;
pub mod graph;
pub mod graylog;
pub mod guardduty;
pub mod guide;
pub mod kibana_connector;
pub mod ocsf;
pub mod okta;
pub mod qradar;
pub mod security_hub;
pub mod sentinel;
pub mod sentinelone;
pub mod sigma;
pub mod splunk;
pub mod suricata;
pub mod wazuh;
