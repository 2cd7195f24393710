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
pub(in crate::alerts) mod parts;
mod principals;
mod read;
mod registry;
mod sentinel;
mod sentinel_entities;
mod sentinel_facts;
mod sentinel_principals;
mod sentinel_refs;
mod terms;
mod time;

pub use body::{Item, read_body, read_line};
pub use registry::{ADAPTERS, Adapter, Format};

/// Why one item of a body did not become an alert. Each is a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    /// It is no alert and was never meant to be one: a flow record among a sensor's alerts.
    /// Counted, not reported as an error.
    Skipped(String),
    /// It should have been an alert; whoever sent it can mend it.
    Refused(String),
}

impl NotTaken {
    pub fn sentence(&self) -> &str {
        match self {
            Self::Skipped(why) | Self::Refused(why) => why,
        }
    }
}

impl From<String> for NotTaken {
    fn from(why: String) -> Self {
        Self::Refused(why)
    }
}

/// Turns one JSON object into a record.
pub fn read_record(format: &Format, value: &Value) -> Result<Incoming, NotTaken> {
    let mut record = translate(format, value)?;
    record.bound();
    Ok(record)
}

fn translate(format: &Format, value: &Value) -> Result<Incoming, NotTaken> {
    if !value.is_object() {
        let why = format!("This is not an alert: it is {}, not a JSON object.", read::kind_of(value));
        return Err(NotTaken::Refused(why));
    }
    match format {
        Format::Named(adapter) => (adapter.read)(value),
        Format::Mapped(mapping) => mapping.read(value),
        Format::Auto => match (older(value), registry::detect(value)) {
            (Some(api), _) => Err(NotTaken::Refused(format!(
                "This is of the older {api} API, which Watchdesk does not read; send what \
                 Microsoft Graph gives for it."
            ))),
            (None, Some(adapter)) => (adapter.read)(value),
            (None, None) => Err(NotTaken::Refused(unknown())),
        },
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_listed_name_is_a_format() {
        assert!(Format::names().iter().all(|name| Format::parse(name).is_some()));
        assert!(Format::parse("Graph ").is_none());
    }

    #[test]
    fn auto_tells_the_formats_apart() {
        let of = |value: Value| registry::detect(&value).map(|adapter| adapter.name);
        assert_eq!(of(json!({"SystemAlertId": "1"})), Some("sentinel"));
        assert_eq!(of(json!({"AlertName": "a", "Entities": "[]"})), Some("sentinel"));
        assert_eq!(of(json!({"displayName": "a"})), Some("graphIncident"));
        assert_eq!(
            of(json!({"@odata.type": "#microsoft.graph.security.incident", "title": "x"})),
            Some("graphIncident")
        );
        assert_eq!(of(json!({"displayName": "a", "title": "b"})), Some("graph"));
        assert_eq!(of(json!({"rule": {}})), None);
    }

    #[test]
    fn older_apis_are_named_rather_than_half_read() {
        for older in [
            json!({"incidentName": "a", "alerts": []}),
            json!({"title": "a", "id": "1", "alertCreationTime": "2025-03-01T10:00:00Z"}),
        ] {
            let error = read_record(&Format::Auto, &older).unwrap_err();
            assert!(error.sentence().contains("older Defender"), "{error:?}");
        }
    }

    #[test]
    fn an_unknown_object_is_refused_without_repeating_it() {
        let error = read_record(&Format::Auto, &json!({"password": "hunter2"})).unwrap_err();
        assert!(error.sentence().contains("none of the fields"));
        assert!(!error.sentence().contains("hunter2"));
        let error = read_record(&Format::Auto, &json!("hunter2")).unwrap_err();
        assert_eq!(error.sentence(), "This is not an alert: it is a text, not a JSON object.");
    }
}
