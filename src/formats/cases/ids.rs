//! Ids that mean nothing, in every format.

use serde_json::{Value, json};

use crate::formats::cases::sample_case::Case;
use crate::formats::cases::samples::{cases, incidents};
use crate::formats::format::Format;
use crate::formats::record::read_record;
use crate::model::incoming::Incoming;

const NOTHING: [&str; 6] = ["-", "N/A", "null", "unknown", "None", "00000000-0000-0000-0000-000000000000"];

/// The record with every text and number that is one of the ids or a part of it replaced, also at the end of a path
/// and within JSON in a text, and with a note in every object.
fn with_ids(value: &Value, ids: &[String], nothing: &str, note: u32) -> Value {
    let is_part = |text: &str| {
        ids.iter().any(|id| id == text || [':', '|'].iter().any(|c| id.split(*c).any(|part| part == text)))
    };
    match value {
        Value::Array(items) => items.iter().map(|item| with_ids(item, ids, nothing, note)).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(key, inner)| (key.clone(), with_ids(inner, ids, nothing, note)));
            Value::Object(members.chain([("aNote".to_owned(), json!(note))]).collect())
        }
        Value::String(text) if is_part(text) => json!(nothing),
        Value::String(text) if text.starts_with('{') => match serde_json::from_str(text) {
            Ok(inner) => json!(with_ids(&inner, ids, nothing, note).to_string()),
            Err(_) => value.clone(),
        },
        Value::String(text) => match text.rsplit_once('/') {
            Some((path, end)) if is_part(end) => json!(format!("{path}/{}", nothing.replace('/', ""))),
            _ => value.clone(),
        },
        Value::Number(number) if is_part(&number.to_string()) => json!(nothing),
        other => other.clone(),
    }
}

/// The ids and aliases of the alerts of a record; `None` when it is not taken.
fn ids_of(format: &Format, value: &Value) -> Option<(Vec<String>, Vec<String>)> {
    let record = read_record(format, value).ok()?;
    let aliases = record.alerts().flat_map(|alert| alert.aliases.clone());
    let named = match &record {
        Incoming::Incident(incident, ..) => incident.alert_ids.clone(),
        Incoming::Alert(..) => Vec::new(),
    };
    let ids = record.alerts().map(|alert| alert.provider_alert_id.clone()).collect();
    Some((ids, aliases.chain(named).collect()))
}

/// Whether two records that differ have one id, however many of the ids that they fall back to mean nothing.
fn are_one(format: &Format, sample: &Value, nothing: &str) -> bool {
    let (mut ids, aliases) = ids_of(format, sample).unwrap();
    ids.extend(aliases);
    for _ in 0..4 {
        let read = |note: u32| ids_of(format, &with_ids(sample, &ids, nothing, note));
        let (Some((one, named)), Some((two, _))) = (read(1), read(2)) else { return false };
        assert!(!named.iter().any(|alias| alias == nothing), "{named:?}: {sample}");
        if one != two {
            return false;
        }
        ids.extend(one);
        ids.extend(named);
    }
    true
}

#[test]
fn an_id_that_means_nothing_never_makes_one_alert_of_two() {
    let mut wrong = Vec::new();
    for Case { format, sample, .. } in cases() {
        let format = Format::parse(format).unwrap();
        let merged = NOTHING.into_iter().filter(|nothing| are_one(&format, &sample, nothing));
        wrong.extend(merged.map(|nothing| format!("{}, {nothing}: {sample}", format.name())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_incident_whose_id_means_nothing_is_refused() {
    for (format, sample) in incidents() {
        let format = Format::parse(format).unwrap();
        let Ok(Incoming::Incident(incident, ..)) = read_record(&format, &sample) else { continue };
        let id = incident.provider_key.rsplit(':').next().unwrap().to_owned();
        for nothing in NOTHING {
            let ids = [id.clone(), "31".to_owned()];
            let refused = read_record(&format, &with_ids(&sample, &ids, nothing, 1)).err();
            let why = refused.as_ref().map(super::super::not_taken::NotTaken::sentence).unwrap_or_default();
            assert!(why.contains("id is missing"), "{nothing}, {why}: {sample}");
        }
    }
}
