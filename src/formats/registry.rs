//! The adapters by name, in the order in which `auto` asks them.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::adapters;

/// Every adapter, in the order in which they are asked. Those that look for members of one product come
/// first; Graph's, which look for a title alone, come last.
pub const ADAPTERS: &[Adapter] = &[
    adapters::sentinel::incident::ADAPTER,
    adapters::sentinel::alert::ADAPTER,
    adapters::guide::ADAPTER,
    adapters::defender::alert::STREAMING,
    adapters::defender::alert::ENDPOINT,
    adapters::defender::incident::ADAPTER,
    adapters::graph::risk::ADAPTER,
    adapters::azure_monitor::ADAPTER,
    adapters::cef::ADAPTER,
    adapters::leef::ADAPTER,
    adapters::ocsf::ADAPTER,
    adapters::sigma::ADAPTER,
    adapters::wazuh::ADAPTER,
    adapters::ait_ads::ADAPTER,
    adapters::suricata::ADAPTER,
    adapters::falco::ADAPTER,
    adapters::guardduty::ADAPTER,
    adapters::inspector::ADAPTER,
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
    adapters::okta::ADAPTER,
    adapters::qradar::ADAPTER,
    adapters::splunk::ADAPTER,
    adapters::graylog::ADAPTER,
    adapters::grafana::ADAPTER,
    adapters::alertmanager::ADAPTER,
    adapters::crowdsec::ADAPTER,
    adapters::kibana_connector::ADAPTER,
    adapters::elastic::ADAPTER,
    adapters::graph::incident::ADAPTER,
    adapters::graph::alert::ADAPTER,
];

/// The adapter that detects this object.
pub fn detect(value: &Value) -> Option<&'static Adapter> {
    ADAPTERS.iter().find(|adapter| (adapter.detect)(value))
}

/// The formats of `?format=` and `--format`, without the names of mappings.
pub fn names() -> Vec<&'static str> {
    std::iter::once("auto").chain(ADAPTERS.iter().map(|adapter| adapter.name)).collect()
}
