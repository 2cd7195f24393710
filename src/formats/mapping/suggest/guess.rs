//! Fills in a mapping's fields from a sample, by the names that vendors usually give them.

use crate::formats::mapping::document::Document;
use crate::formats::mapping::document_field::Field;
use crate::formats::mapping::fields;
use crate::formats::mapping::suggest::alert_fields::Sample;
use crate::formats::mapping::suggest::evidence_rules;
use crate::formats::mapping::suggest::place::records;
use crate::formats::mapping::suggest::sample::sample_values;

/// Fields of which one is enough.
const TIMES: [&str; 3] = ["firstActivity", "lastActivity", "created"];

/// Fills in the fields that are empty, and the evidence rules when there are none, from a sample in JSON. What was
/// typed stays.
pub fn fill_from_sample(document: &mut Document, sample: &str) {
    let (pointer, records) = records(sample);
    if document.records.is_empty() {
        document.records = pointer;
    }
    let entries = sample_values(&records);
    let sample = Sample { entries: &entries, records: &records };
    let has_time = TIMES.iter().any(|key| is_given(document, key));
    // The title comes first, because an id beside it goes before others.
    for spec in fields::ALERT {
        if is_given(document, spec.key) || (has_time && spec.key == "firstActivity") {
            continue;
        }
        let title = document.fields.get("title").and_then(|field| field.from.0.first()).cloned().unwrap_or_default();
        if let Some(field) = sample.field(spec.key, &title) {
            document.fields.insert(spec.key.to_owned(), field);
        }
    }
    if document.evidence.is_empty() {
        document.evidence = evidence_rules::rules(&entries, &records);
    }
}

fn is_given(document: &Document, key: &str) -> bool {
    !document.fields.get(key).is_none_or(Field::is_empty)
}
