//! Adapters: what providers send, turned into [`Incoming`] records.
//!
//! An adapter only translates. It bounds and cleans every text, and says in one sentence why a
//! record cannot be taken, so that whoever sent it can mend it.

use serde_json::Value;

use crate::alerts::incoming::Incoming;

mod body;
mod evidence;
mod graph;
mod graph_evidence;
mod graph_facts;
mod graph_incident;
mod kinds;
mod other;
mod principals;
mod read;
mod sentinel;
mod sentinel_entities;
mod sentinel_facts;
mod sentinel_principals;
mod sentinel_refs;
mod terms;
mod time;

pub use body::{Item, read_body, read_line};

/// The formats that can be asked for by name, in an option or in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Look at each record and decide.
    #[default]
    Auto,
    /// Microsoft Graph `security/alerts_v2`.
    Graph,
    /// Microsoft Graph `security/incidents`, alerts expanded.
    GraphIncident,
    /// Microsoft Sentinel's `SecurityAlert` table.
    Sentinel,
}

impl Format {
    /// Every name that [`Format::parse`] takes, for help texts and error messages.
    pub const NAMES: &[&str] = &["auto", "graph", "graphIncident", "sentinel"];

    /// Reads one of [`Format::NAMES`].
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "graph" => Some(Self::Graph),
            "graphIncident" => Some(Self::GraphIncident),
            "sentinel" => Some(Self::Sentinel),
            _ => None,
        }
    }
}

/// Turns one JSON object into a record; the error is a sentence for a person.
pub fn read_record(format: Format, value: &Value) -> Result<Incoming, String> {
    let mut record = translate(format, value)?;
    record.bound();
    Ok(record)
}

fn translate(format: Format, value: &Value) -> Result<Incoming, String> {
    if !value.is_object() {
        return Err(format!("This is not an alert: it is {}, not a JSON object.", read::kind_of(value)));
    }
    match format {
        Format::Auto => match (older(value), detect(value)) {
            (Some(api), _) => Err(format!(
                "This is of the older {api} API, which Watchdesk does not read; send what \
                 Microsoft Graph gives for it."
            )),
            (None, Some(found)) => translate(found, value),
            (None, None) => Err(unknown()),
        },
        Format::Graph => graph::read(value),
        Format::GraphIncident => graph_incident::read(value),
        Format::Sentinel => sentinel::read(value),
    }
}

fn unknown() -> String {
    "This is not an alert in a format Watchdesk knows: it has none of the fields title, \
     displayName, alerts or SystemAlertId."
        .to_owned()
}

/// Records that look like Graph's and are not; reading them would lose their evidence.
fn older(value: &Value) -> Option<&'static str> {
    let has = |name: &str| value.get(name).is_some();
    if has("incidentName") || (has("creationTime") && has("entities")) {
        return Some("Defender XDR");
    }
    has("alertCreationTime").then_some("Defender for Endpoint")
}

fn detect(value: &Value) -> Option<Format> {
    let has = |name: &str| value.get(name).is_some();
    let named = has("AlertName") || has("DisplayName") || has("AlertDisplayName");
    if has("SystemAlertId") || (named && (has("Entities") || has("ProviderName"))) {
        return Some(Format::Sentinel);
    }
    let incident_type = read::text(value, &["@odata.type"]).ends_with(".incident");
    if has("alerts") || incident_type || (has("displayName") && !has("title")) {
        return Some(Format::GraphIncident);
    }
    has("title").then_some(Format::Graph)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_listed_name_is_a_format() {
        assert!(Format::NAMES.iter().all(|name| Format::parse(name).is_some()));
        assert_eq!(Format::parse("Graph "), None);
    }

    #[test]
    fn auto_tells_the_formats_apart() {
        let of = |value: Value| detect(&value);
        assert_eq!(of(json!({"SystemAlertId": "1"})), Some(Format::Sentinel));
        assert_eq!(of(json!({"AlertName": "a", "Entities": "[]"})), Some(Format::Sentinel));
        assert_eq!(of(json!({"displayName": "a"})), Some(Format::GraphIncident));
        assert_eq!(
            of(json!({"@odata.type": "#microsoft.graph.security.incident", "title": "x"})),
            Some(Format::GraphIncident)
        );
        assert_eq!(of(json!({"displayName": "a", "title": "b"})), Some(Format::Graph));
        assert_eq!(of(json!({"rule": {}})), None);
    }

    #[test]
    fn older_apis_are_named_rather_than_half_read() {
        for older in [
            json!({"incidentName": "a", "alerts": []}),
            json!({"title": "a", "id": "1", "alertCreationTime": "2025-03-01T10:00:00Z"}),
        ] {
            let error = read_record(Format::Auto, &older).unwrap_err();
            assert!(error.contains("older Defender"), "{error}");
        }
    }

    #[test]
    fn an_unknown_object_is_refused_without_repeating_it() {
        let error = read_record(Format::Auto, &json!({"password": "hunter2"})).unwrap_err();
        assert!(error.contains("none of the fields"));
        assert!(!error.contains("hunter2"));
        let error = read_record(Format::Auto, &json!("hunter2")).unwrap_err();
        assert_eq!(error, "This is not an alert: it is a text, not a JSON object.");
    }
}
