//! Adapters: what providers send, turned into [`Incoming`] records.
//!
//! An adapter only translates. It bounds and cleans every text, and says in one sentence why a
//! record cannot be taken, so that whoever sent it can mend it.
//!
//! # Adding a format
//!
//! 1. Make a file of its own, named after the product, with `pub(super) const ADAPTER: Adapter`:
//!    its name for `--format`, its label, `detect` and `read`. `falco` is a short one to start from.
//! 2. `detect` asks for members that no other product has, two or three of them; a title or an id
//!    alone is everybody's. It has to bear any JSON object.
//! 3. `read` starts a [`draft::Draft`] under the product's name, which is half of the alert's
//!    identity, and fills it in:
//!    - `title` and `identify` by the paths where they may stand. What the product numbers is
//!      identified by its number; what it does not, by a hash of the whole record. An alert that is
//!      sent twice must have one id, two alerts must have two.
//!    - `severity_word` or `severity_steps`; what Watchdesk's four steps lose becomes a fact.
//!    - `tactics` before `category_else`, so that ATT&CK's word wins where one is given;
//!      `techniques` from anything that names some.
//!    - `seen` with first and last activity and creation. It fills in what is missing.
//!    - `add` for evidence, built by [`principals`] and [`kinds`] alone, because correlation hangs on
//!      their keys: devices with every spelling of their name, accounts with domain and SID
//!      ([`windows::user`] leaves out computers' own accounts), addresses by `add_ip`, with the role
//!      "source" or "destination" where one is told. A sensor is not the device: [`network::Ends`]
//!      tells which side of a connection is at home.
//!    - `rows` for whatever else an analyst would look for.
//! 4. Return `NotTaken::Skipped` for records that were never meant to be alerts, and
//!    `NotTaken::Refused` for alerts that lack something, naming what.
//! 5. Read members by [`path`], which bears lists in the place of objects, numbers as text, nulls and
//!    the ways to write "nothing". Never index and never unwrap.
//! 6. Add the adapter to [`ADAPTERS`], before those with a looser `detect`, and a sample with what is
//!    to come of it to `cases`, where it is also tried with every member broken in turn.

pub mod adapter;
pub mod adapters;
pub mod building;
#[cfg(test)]
mod cases;
mod envelope;
pub mod format;
pub mod mapping;
pub mod not_taken;
pub mod readers;
#[cfg(test)]
mod real_exports;
pub mod registry;

use crate::formats::not_taken::NotTaken;
use serde_json::Value;

pub use crate::formats::adapter::Adapter;
use crate::formats::building::json;
pub use crate::formats::envelope::records_of;
pub use crate::formats::format::Format;
pub use crate::formats::registry::ADAPTERS;
use crate::model::incoming::Incoming;

/// Turns one JSON object into a record.
pub fn read_record(format: &Format, value: &Value) -> Result<Incoming, NotTaken> {
    let mut record = translate(format, value)?;
    record.bound();
    Ok(record)
}

fn translate(format: &Format, value: &Value) -> Result<Incoming, NotTaken> {
    if !value.is_object() {
        let why = format!("This is not an alert: it is {}, not a JSON object.", json::kind_of(value));
        return Err(NotTaken::Refused(why));
    }
    // A mapping was written for the record as it comes.
    if let Format::Mapped(mapping) = format {
        return mapping.read(value);
    }
    if let Some(document) = document_of(value) {
        return translate(format, &document);
    }
    match format {
        Format::Named(adapter) => (adapter.read)(value),
        Format::Mapped(_) | Format::Auto => {
            registry::detect(value).map_or_else(|| Err(unknown(value)), |adapter| (adapter.read)(value))
        }
    }
}

/// The document of a search hit, which has its id beside it.
fn document_of(value: &Value) -> Option<Value> {
    let mut document = value.get("_source").filter(|source| source.is_object())?.clone();
    if let (Some(members), Some(id)) = (document.as_object_mut(), value.get("_id")) {
        members.insert("_id".to_owned(), id.clone());
    }
    Some(document)
}

fn unknown(value: &Value) -> NotTaken {
    let empty = |found: &Value| found.is_null() || found.as_array().is_some_and(Vec::is_empty);
    let only_empty = value.as_object().is_some_and(|members| members.len() == 1 && members.values().all(empty));
    if only_empty || records_of(value).is_some_and(Vec::is_empty) {
        return NotTaken::Skipped("This is an empty list: there is no alert in it.".to_owned());
    }
    NotTaken::Refused(
        "This is not an alert in a format Watchdesk knows: it has none of the fields by which \
         alerts are told, such as title, displayName, alerts, SystemAlertId or rule."
            .to_owned(),
    )
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
    fn an_unknown_object_is_refused_without_repeating_it() {
        let error = read_record(&Format::Auto, &json!({"password": "hunter2"})).unwrap_err();
        assert!(error.sentence().contains("none of the fields"));
        assert!(!error.sentence().contains("hunter2"));
        let error = read_record(&Format::Auto, &json!("hunter2")).unwrap_err();
        assert_eq!(error.sentence(), "This is not an alert: it is a text, not a JSON object.");
    }
}
