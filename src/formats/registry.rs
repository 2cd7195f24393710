//! The adapters by name, in the order in which `auto` asks them.

use std::sync::Arc;

use serde_json::Value;

use crate::formats::NotTaken;
use crate::formats::adapters::{
    ait_ads, cortex, defender, elastic, falco, graph, guardduty, guide, ocsf, sentinel, sentinelone, sigma, suricata,
    wazuh,
};
use crate::formats::building::json;
use crate::formats::mapping::compile::Mapping;
use crate::model::incoming::Incoming;

/// One provider's format.
#[derive(Debug)]
pub struct Adapter {
    /// As in `?format=` and `--format`.
    pub name: &'static str,
    /// As a person knows it.
    pub label: &'static str,
    /// Whether a JSON object is of this format. Asked in the table's order; the first that says
    /// yes reads it.
    pub detect: fn(&Value) -> bool,
    pub read: fn(&Value) -> Result<Incoming, NotTaken>,
}

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

/// How a body is to be read.
#[derive(Debug, Clone, Default)]
pub enum Format {
    /// Look at each record and decide.
    #[default]
    Auto,
    Named(&'static Adapter),
    /// By a mapping of the settings.
    Mapped(Arc<Mapping>),
}

impl Format {
    /// Every name that [`Format::parse`] takes, for help texts and error messages.
    pub fn names() -> Vec<&'static str> {
        std::iter::once("auto").chain(ADAPTERS.iter().map(|adapter| adapter.name)).collect()
    }

    /// As `?format=` names it: an adapter's name, a mapping's, or "auto".
    pub fn name(&self) -> &str {
        match self {
            Self::Auto => "auto",
            Self::Named(adapter) => adapter.name,
            Self::Mapped(mapping) => &mapping.name,
        }
    }

    /// Reads one of [`Format::names`].
    pub fn parse(name: &str) -> Option<Self> {
        if name == "auto" {
            return Some(Self::Auto);
        }
        ADAPTERS.iter().find(|adapter| adapter.name == name).map(Self::Named)
    }
}
