//! The adapters by name, in the order in which `auto` asks them.

use serde_json::Value;

use crate::formats::adapter::Adapter;
<<<<<<< HEAD
use crate::formats::adapters;
=======
use crate::formats::adapters::{
    ait_ads, bitdefender, carbon_black, cisco_secure_endpoint, cortex, crowdstrike, darktrace, defender, elastic, eset,
    falco, fortigate, graph, guardduty, guide, limacharlie, ocsf, panos, sentinel, sentinelone, sigma, sophos,
    suricata, threatdown, trend_vision_one, wazuh, zeek,
};
>>>>>>> edr

/// Every adapter, in the order in which they are asked. Those that look for members of one product come
/// first; Graph's, which look for a title alone, come last.
pub const ADAPTERS: &[Adapter] = &[
<<<<<<< HEAD
    adapters::sentinel::incident::ADAPTER,
    adapters::sentinel::alert::ADAPTER,
    adapters::guide::ADAPTER,
    adapters::defender::alert::STREAMING,
    adapters::defender::alert::ENDPOINT,
    adapters::defender::incident::ADAPTER,
    adapters::ocsf::ADAPTER,
    adapters::sigma::ADAPTER,
    adapters::wazuh::ADAPTER,
    adapters::ait_ads::ADAPTER,
    adapters::suricata::ADAPTER,
    adapters::falco::ADAPTER,
    adapters::guardduty::ADAPTER,
    adapters::cortex::ADAPTER,
    adapters::sentinelone::ADAPTER,
    adapters::crowdstrike::alert::ADAPTER,
    adapters::crowdstrike::detection::ADAPTER,
    adapters::crowdstrike::stream::ADAPTER,
    adapters::carbon_black::cloud::ADAPTER,
    adapters::carbon_black::edr::ADAPTER,
    adapters::limacharlie::ADAPTER,
    adapters::sophos::central::ADAPTER,
    adapters::sophos::xdr::ADAPTER,
    adapters::trend_vision_one::ADAPTER,
    adapters::cisco_secure_endpoint::ADAPTER,
    adapters::darktrace::model_breach::ADAPTER,
    adapters::darktrace::incident::ADAPTER,
    adapters::zeek::ADAPTER,
    adapters::eset::ADAPTER,
    adapters::bitdefender::ADAPTER,
    adapters::threatdown::ADAPTER,
    adapters::fortigate::ADAPTER,
    adapters::panos::ADAPTER,
    adapters::security_hub::ADAPTER,
    adapters::google_scc::ADAPTER,
    adapters::elastic::ADAPTER,
    adapters::graph::incident::ADAPTER,
    adapters::graph::alert::ADAPTER,
=======
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
>>>>>>> edr
];

/// The adapter that detects this object.
pub fn detect(value: &Value) -> Option<&'static Adapter> {
    ADAPTERS.iter().find(|adapter| (adapter.detect)(value))
}

/// The formats of `?format=` and `--format`, without the names of mappings.
pub fn names() -> Vec<&'static str> {
    std::iter::once("auto").chain(ADAPTERS.iter().map(|adapter| adapter.name)).collect()
}
