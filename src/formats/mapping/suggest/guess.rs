//! Fills in a mapping's fields from a sample, by the names that vendors usually give them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::formats::building::terms::normalized;
use crate::formats::building::time;
use crate::formats::mapping::document::Document;
use crate::formats::mapping::document_field::Field;
use crate::formats::mapping::fields::{self, Shape};
use crate::formats::mapping::pointer::{Pointer, ReadContext};
use crate::formats::mapping::severity;
use crate::formats::mapping::suggest::evidence_rules::{ALTERNATIVES_MAX, rules};
use crate::formats::mapping::suggest::names::{ALERT, ALERT_MEMBERS, AMBIGUOUS, EVIDENCE, TIMES};
use crate::formats::mapping::suggest::rank::{depth, rank};
use crate::formats::mapping::suggest::sample::{SampleValue, records, sample_values};

/// Greatest depth of a further alternative of a field.
const FALLBACK_DEPTH_MAX: usize = 2;

/// Fills in the fields that are empty, and the evidence rules when there are none. What was typed stays.
pub fn fill_from_sample(document: &mut Document, sample: &str) {
    let (pointer, records) = records(sample);
    if document.records.is_empty() {
        document.records = pointer;
    }
    let entries = sample_values(&records);
    for (key, names) in ALERT {
        let shape = fields::ALERT.iter().find(|spec| spec.key == *key).map_or(Shape::Line, |spec| spec.shape);
        let empty = document.fields.get(*key).is_none_or(Field::is_empty);
        let pointers = if empty { best_pointers(&entries, &records, names, shape) } else { Vec::new() };
        if !pointers.is_empty() {
            document.fields.insert((*key).to_owned(), Field::of(&pointers));
        }
    }
    let timeless = |key: &&str| document.fields.get(*key).is_none_or(Field::is_empty);
    if TIMES.iter().all(timeless)
        && let Some(entry) = entries.iter().find(|entry| !entry.pointer.contains("/*/") && is_time(&entry.example))
    {
        document.fields.insert("firstActivity".to_owned(), Field::of(&[&entry.pointer]));
    }
    if document.evidence.is_empty() {
        document.evidence = EVIDENCE.iter().flat_map(|(kind, fields)| rules(kind, fields, &entries)).collect();
    }
}

/// The best pointers for a field, by the order of names, then by depth. A further pointer is added only
/// when it finds something in records where the others find nothing.
fn best_pointers<'a>(entries: &'a [SampleValue], records: &[Value], names: &[&str], shape: Shape) -> Vec<&'a str> {
    // The items of a list inside of a record are not fields of the alert.
    let is_of_record = |pointer: &str| shape == Shape::List || !pointer.contains("/*/");
    let usable_as_id = |pointer: &Pointer| shape != Shape::Id || is_distinct(pointer, records);
    let mut ranked: Vec<(usize, usize, &str)> = entries
        .iter()
        .filter(|entry| fits_shape(entry, shape) && is_of_record(&entry.pointer))
        .filter_map(|entry| {
            let rank = rank(&entry.pointer, names)?;
            let vague = names.get(rank).is_some_and(|name| AMBIGUOUS.contains(name));
            let is_of_alert =
                belongs_to_alert(&entry.pointer) || !(vague || matches!(shape, Shape::Id | Shape::Status));
            is_of_alert.then(|| (rank, depth(&entry.pointer), entry.pointer.as_str()))
        })
        .collect();
    ranked.sort_by_key(|(rank, depth, _)| (*rank, *depth));
    let mut without: Vec<&Value> = records.iter().collect();
    let mut chosen = Vec::new();
    for (_, _, text) in ranked {
        let Ok(pointer) = Pointer::parse(text) else { continue };
        if !usable_as_id(&pointer) || (!chosen.is_empty() && depth(text) > FALLBACK_DEPTH_MAX) {
            continue;
        }
        let before = without.len();
        without.retain(|record| pointer.texts(ReadContext::new(record)).is_empty());
        if without.len() < before && chosen.len() < ALTERNATIVES_MAX {
            chosen.push(text);
        }
    }
    chosen
}

/// Whether every record has a different value there, as ids have.
fn is_distinct(pointer: &Pointer, records: &[Value]) -> bool {
    let ids: Vec<String> =
        records.iter().filter_map(|record| pointer.texts(ReadContext::new(record)).into_iter().next()).collect();
    let distinct: BTreeSet<&String> = ids.iter().collect();
    // "EventID": 4625 is the type of an event.
    let kind = |id: &String| id.len() <= 5 && pointer.as_str().to_lowercase().ends_with("eventid");
    distinct.len() == ids.len() && !ids.iter().any(kind)
}

/// Whether a pointer is of the alert itself: at the top, or in a member such as "alert".
fn belongs_to_alert(pointer: &str) -> bool {
    let segments: Vec<String> = pointer.split('/').skip(1).map(normalized).collect();
    match segments.as_slice() {
        [_] => true,
        [owner, _] => ALERT_MEMBERS.contains(&owner.as_str()),
        _ => false,
    }
}

/// Whether a text is a date with a time of day, or a number that is a time between 2001 and 2096.
fn is_time(example: &str) -> bool {
    let seconds = example.parse::<f64>().ok().map(|number| if number >= 1e11 { number / 1e3 } else { number });
    match seconds {
        Some(seconds) => (1e9..4e9).contains(&seconds),
        None => example.contains(':') && time::parse(example).is_some(),
    }
}

fn fits_shape(entry: &SampleValue, shape: Shape) -> bool {
    match shape {
        Shape::Time => entry.example.chars().any(|c| c.is_ascii_digit()),
        Shape::Severity => severity::is_known(&entry.example) || entry.example.len() <= 12,
        _ => true,
    }
}
