//! The adapters by name, in the order in which `auto` asks them.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::adapters::{
    ait_ads, cortex, defender, elastic, falco, graph, guardduty, guide, ocsf, sentinel, sentinelone, sigma, suricata,
    wazuh,
};
use crate::formats::building::json;

/// Every adapter. Those come first that tell themselves by members nobody else has; Graph's, which
/// look at a title alone, come last.
pub const ADAPTERS: &[Adapter] = &[
    sentinel::incident::ADAPTER,
    SENTINEL,
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
    elastic::ADAPTER,
    GRAPH_INCIDENT,
    GRAPH,
];

const SENTINEL: Adapter = Adapter {
    name: "sentinel",
    label: "Microsoft Sentinel SecurityAlert",
    detect: |value| {
        let has = |name: &str| value.get(name).is_some();
        let named = has("AlertName") || has("DisplayName") || has("AlertDisplayName");
        has("SystemAlertId") || (named && (has("Entities") || has("ProviderName")))
    },
    read: |value| Ok(sentinel::alert::read(value)?),
};

const GRAPH_INCIDENT: Adapter = Adapter {
    name: "graphIncident",
    label: "Microsoft Graph security/incidents",
    detect: |value| {
        let has = |name: &str| value.get(name).is_some();
        let incident_type = json::text(value, &["@odata.type"]).ends_with(".incident");
        has("alerts") || incident_type || (has("displayName") && !has("title"))
    },
    read: |value| Ok(graph::incident::read(value)?),
};

const GRAPH: Adapter = Adapter {
    name: "graph",
    label: "Microsoft Graph security/alerts_v2",
    detect: |value| value.get("title").is_some(),
    read: |value| Ok(graph::alert::read(value)?),
};

/// The adapter that knows this object.
pub fn detect(value: &Value) -> Option<&'static Adapter> {
    ADAPTERS.iter().find(|adapter| (adapter.detect)(value))
}

/// What `?format=` and `--format` take beside the names of mappings.
pub fn names() -> Vec<&'static str> {
    std::iter::once("auto").chain(ADAPTERS.iter().map(|adapter| adapter.name)).collect()
}
