//! The samples as records of unknown products: the suggested mapping gives what the adapter gives.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::formats::cases::sample_case::Case;
use crate::formats::cases::samples::cases;
use crate::formats::format::Format;
use crate::formats::mapping::compile::Mapping;
use crate::formats::mapping::document::Document;
use crate::formats::mapping::suggest::guess::fill_from_sample;
use crate::formats::readers::body_reader::read_body;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingAlert};

/// Of a hundred formats, of as many the first sample is right in all five: title, id, severity, time, and the
/// main device or user.
const FORMATS_RIGHT_MIN: usize = 93;
/// The same of all samples, among them those of special cases that only an adapter knows.
const SAMPLES_RIGHT_MIN: usize = 76;

fn first_alert(format: &Format, sample: &Value) -> Result<IncomingAlert, String> {
    let items = read_body(format, sample.to_string().as_bytes());
    match items.into_iter().next().map(|item| item.record) {
        Some(Ok(Incoming::Alert(alert, _))) => Ok(*alert),
        Some(Err(why)) => Err(why.sentence().to_owned()),
        _ => Err("no alert".to_owned()),
    }
}

fn suggested(sample: &Value) -> Document {
    let mut document = Document { name: "unknown-product".to_owned(), ..Document::default() };
    fill_from_sample(&mut document, &sample.to_string());
    document
}

fn read_as_suggested(document: &Document, sample: &Value) -> Result<IncomingAlert, String> {
    let mapping = Mapping::compile(document).map_err(|problems| format!("{problems:?}"))?;
    first_alert(&Format::Mapped(Arc::new(mapping)), sample)
}

fn main_keys(alert: &IncomingAlert) -> Vec<String> {
    let main = |kind| matches!(kind, EvidenceKind::Device | EvidenceKind::User);
    alert.evidence.iter().filter(|item| main(item.kind)).flat_map(|item| item.keys.clone()).collect()
}

/// Whether a text is a whole value somewhere in the record; an id that is none was composed or hashed.
fn is_value(record: &Value, text: &str) -> bool {
    match record {
        Value::Object(members) => members.values().any(|value| is_value(value, text)),
        Value::Array(items) => items.iter().any(|value| is_value(value, text)),
        Value::String(value) => value == text,
        other => *other == text,
    }
}

/// What differs of the five, in words.
fn differences(sample: &Value, alert: &IncomingAlert, found: &IncomingAlert) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut compare = |name: &str, same: bool, wanted: &dyn std::fmt::Debug, got: &dyn std::fmt::Debug| {
        if !same {
            wrong.push(format!("{name}: {got:?} instead of {wanted:?}"));
        }
    };
    compare("title", alert.title == found.title, &alert.title, &found.title);
    let ids: Vec<&String> = std::iter::once(&alert.provider_alert_id).chain(&alert.aliases).collect();
    let composed = !ids.iter().any(|id| is_value(sample, id)) && !is_value(sample, &found.provider_alert_id);
    let given = &found.provider_alert_id;
    // The path of a resource is the same id as its last part, which is what some adapters keep of it.
    let same = ids.iter().any(|id| *id == given || given.ends_with(&format!("/{id}")));
    compare("id", composed || same, &ids, given);
    compare("severity", alert.severity == found.severity, &alert.severity, &found.severity);
    let times = [alert.first_activity, found.first_activity].map(|at| jiff::Timestamp::from_microsecond(at).unwrap());
    compare("time", times[0] == times[1], &times[0], &times[1]);
    let (wanted, got) = (main_keys(alert), main_keys(found));
    let shared = wanted.iter().any(|key| got.contains(key)) || (wanted.is_empty() && got.is_empty());
    compare("device or user", shared, &wanted, &got);
    wrong
}

#[test]
fn nine_of_ten_suggestions_are_right_without_an_edit() {
    let mut misses = Vec::new();
    let mut formats = BTreeMap::new();
    let mut all = 0;
    for Case { format, sample, .. } in cases() {
        let Ok(alert) = first_alert(&Format::parse(format).unwrap(), &sample) else { continue };
        if alert.partial {
            continue;
        }
        let document = suggested(&sample);
        let wrong = match read_as_suggested(&document, &sample) {
            Ok(found) => differences(&sample, &alert, &found),
            Err(why) => vec![why],
        };
        all += 1;
        let first = !formats.contains_key(format);
        formats.entry(format).or_insert(wrong.is_empty());
        if !wrong.is_empty() {
            let first = if first { "first sample of " } else { "" };
            misses.push(format!("{first}{format}: {}\n{}", wrong.join("; "), document.to_json()));
        }
    }
    let right = formats.values().filter(|right| **right).count();
    let report = format!("{right} of {} formats; of {all} samples missed:\n{}", formats.len(), misses.join("\n"));
    assert!(right * 100 >= formats.len() * FORMATS_RIGHT_MIN, "{report}");
    assert!((all - misses.len()) * 100 >= all * SAMPLES_RIGHT_MIN, "{report}");
}
