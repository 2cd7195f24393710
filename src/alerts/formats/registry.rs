//! The adapters by name, in the order in which `auto` asks them.

use std::sync::Arc;

use serde_json::Value;

use super::{NotTaken, graph, graph_incident, read, sentinel};
use crate::alerts::incoming::Incoming;
use crate::alerts::mapping::Mapping;

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

/// Every adapter.
pub const ADAPTERS: &[Adapter] = &[
    Adapter {
        name: "sentinel",
        label: "Microsoft Sentinel SecurityAlert",
        detect: |value| {
            let has = |name: &str| value.get(name).is_some();
            let named = has("AlertName") || has("DisplayName") || has("AlertDisplayName");
            has("SystemAlertId") || (named && (has("Entities") || has("ProviderName")))
        },
        read: |value| Ok(sentinel::read(value)?),
    },
    Adapter {
        name: "graphIncident",
        label: "Microsoft Graph security/incidents",
        detect: |value| {
            let has = |name: &str| value.get(name).is_some();
            let incident_type = read::text(value, &["@odata.type"]).ends_with(".incident");
            has("alerts") || incident_type || (has("displayName") && !has("title"))
        },
        read: |value| Ok(graph_incident::read(value)?),
    },
    Adapter {
        name: "graph",
        label: "Microsoft Graph security/alerts_v2",
        detect: |value| value.get("title").is_some(),
        read: |value| Ok(graph::read(value)?),
    },
];

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

    /// Reads one of [`Format::names`].
    pub fn parse(name: &str) -> Option<Self> {
        if name == "auto" {
            return Some(Self::Auto);
        }
        ADAPTERS.iter().find(|adapter| adapter.name == name).map(Self::Named)
    }
}
