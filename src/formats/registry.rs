//! The adapters by name, in the order in which `auto` asks them.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::adapters::{
    ait_ads, bitdefender, carbon_black, cisco_secure_endpoint, cortex, crowdstrike, darktrace, defender, elastic, eset,
    falco, fortigate, graph, guardduty, guide, limacharlie, ocsf, panos, sentinel, sentinelone, sigma, sophos,
    suricata, threatdown, trend_vision_one, wazuh, zeek,
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
    crowdstrike::alert::ADAPTER,
    crowdstrike::detection::ADAPTER,
    crowdstrike::stream::ADAPTER,
    carbon_black::cloud::ADAPTER,
    carbon_black::edr::ADAPTER,
    limacharlie::ADAPTER,
    sophos::central::ADAPTER,
    sophos::xdr::ADAPTER,
    trend_vision_one::ADAPTER,
    cisco_secure_endpoint::ADAPTER,
    darktrace::model_breach::ADAPTER,
    darktrace::incident::ADAPTER,
    zeek::ADAPTER,
    eset::ADAPTER,
    bitdefender::ADAPTER,
    threatdown::ADAPTER,
    fortigate::ADAPTER,
    panos::ADAPTER,
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
