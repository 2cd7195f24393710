//! Reads one JSON object by its format.

use serde_json::Value;

use crate::formats::building::clock_ahead::note_clock_ahead;
use crate::formats::building::json::kind_of;
use crate::formats::building::local_evidence::give_owners;
use crate::formats::building::record_id::drop_meaningless_ids;
use crate::formats::building::technique_tactics::tactic_of_first;
use crate::formats::dotted;
use crate::formats::envelope::{NO_ALERTS, document_of, records_of};
use crate::formats::format::Format;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingAlert};

/// Reads one JSON object as an alert or incident.
pub fn read_record(format: &Format, value: &Value) -> Result<Incoming, NotTaken> {
    let mut record = translate(format, value)?;
    drop_meaningless_ids(&mut record);
    // Placeholders belong to their alert, so its id has to be final.
    record.alerts_mut().for_each(give_owners);
    record.alerts_mut().for_each(give_category);
    record.bound();
    note_clock_ahead(&mut record);
    Ok(record)
}

/// Gives an alert that names a technique and no category the tactic of the technique.
fn give_category(alert: &mut IncomingAlert) {
    if alert.category.is_empty() && !alert.partial {
        tactic_of_first(&alert.techniques).unwrap_or_default().clone_into(&mut alert.category);
    }
}

fn translate(format: &Format, value: &Value) -> Result<Incoming, NotTaken> {
    if !value.is_object() {
        let why = format!("This is not an alert: it is {}, not a JSON object.", kind_of(value));
        return Err(NotTaken::Refused(why));
    }
    // A mapping is written for the record as it is sent, with its search hit around it.
    if let Format::Mapped(mapping) = format {
        return mapping.read(value);
    }
    if let Some(document) = document_of(value) {
        return translate(format, &document);
    }
    dotted::read(format, value).unwrap_or_else(|| Err(unknown(value)))
}

fn unknown(value: &Value) -> NotTaken {
    let empty = |found: &Value| found.as_array().is_some_and(Vec::is_empty);
    let only_empty = value.as_object().is_some_and(|members| members.len() == 1 && members.values().all(empty));
    if only_empty || records_of(value).is_some_and(|lists| lists.iter().all(|list| list.is_empty())) {
        return NotTaken::Skipped(NO_ALERTS.to_owned());
    }
    NotTaken::Refused(
        "This is not an alert in a known format: it has none of the usual fields, such as title, displayName, \
         alerts, SystemAlertId or rule."
            .to_owned(),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::formats::registry;
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
        assert!(error.sentence().contains("none of the usual fields"));
        assert!(!error.sentence().contains("hunter2"));
        let error = read_record(&Format::Auto, &json!("hunter2")).unwrap_err();
        assert_eq!(error.sentence(), "This is not an alert: it is a text, not a JSON object.");
    }
}
