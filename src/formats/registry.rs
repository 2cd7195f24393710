//! The adapters by name, in the order in which `auto` asks them.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::adapters::{
    ait_ads, alertmanager, cortex, crowdsec, defender, elastic, falco, google_scc, grafana, graph, graylog, guardduty,
    guide, kibana_connector, ocsf, okta, qradar, security_hub, sentinel, sentinelone, sigma, splunk, suricata, wazuh,
};

/// Every adapter, in the order in which they are asked. Those that look for members of one product come
/// first; Graph's, which look for a title alone, come last.
pub const ADAPTERS: &[Adapter] = &[
    sentinel::incident::ADAPTER,
    sentinel::alert::ADAPTER,
    guide::ADAPTER,
    defender::alert::STREAMING,
    defender::alert::ENDPOINT,
    defender::incident::ADAPTER,
    ocsf::ADAPTER,
    sigma::ADAPTER,
    wazuh::ADAPTER,
    ait_ads::ADAPTER,
    suricata::ADAPTER,
    falco::ADAPTER,
    guardduty::ADAPTER,
    cortex::ADAPTER,
    sentinelone::ADAPTER,
    security_hub::ADAPTER,
    google_scc::ADAPTER,
    okta::ADAPTER,
    qradar::ADAPTER,
    splunk::ADAPTER,
    graylog::ADAPTER,
    grafana::ADAPTER,
    alertmanager::ADAPTER,
    crowdsec::ADAPTER,
    kibana_connector::ADAPTER,
    elastic::ADAPTER,
    graph::incident::ADAPTER,
    graph::alert::ADAPTER,
];

/// The adapter that detects this object.
pub fn detect(value: &Value) -> Option<&'static Adapter> {
    ADAPTERS.iter().find(|adapter| (adapter.detect)(value))
}

/// The formats of `?format=` and `--format`, without the names of mappings.
pub fn names() -> Vec<&'static str> {
    std::iter::once("auto").chain(ADAPTERS.iter().map(|adapter| adapter.name)).collect()
}
