//! A first guess from a sample: vendors differ in structure, but not much in what they call things.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::formats::building::terms::folded;
use crate::formats::building::time;
use crate::formats::mapping::document::Document;
use crate::formats::mapping::document_field::Field;
use crate::formats::mapping::fields::{self, Shape};
use crate::formats::mapping::pointer::{Place, Pointer};
use crate::formats::mapping::severity;
use crate::formats::mapping::suggest::evidence_rules::{ALTERNATIVES_MAX, rules};
use crate::formats::mapping::suggest::names::{ALERT, EVIDENCE, OWNERS, TIMES, VAGUE};
use crate::formats::mapping::suggest::rank::{depth, rank};
use crate::formats::mapping::suggest::sample::{Found, places, records};

/// How deep a further pointer stands.
const FALLBACK_DEPTH_MAX: usize = 2;
/// Fills in what is empty: fields, and evidence when there is none yet. What was typed stays.
pub fn fill(document: &mut Document, sample: &str) {
    let (pointer, records) = records(sample);
    if document.records.is_empty() {
        document.records = pointer;
    }
    let places = places(&records);
    for (key, names) in ALERT {
        let shape = fields::ALERT.iter().find(|spec| spec.key == *key).map_or(Shape::Line, |spec| spec.shape);
        let empty = document.fields.get(*key).is_none_or(Field::is_empty);
        let pointers = if empty { matching(&places, &records, names, shape) } else { Vec::new() };
        if !pointers.is_empty() {
            document.fields.insert((*key).to_owned(), Field::of(&pointers));
        }
    }
    let timeless = |key: &&str| document.fields.get(*key).is_none_or(Field::is_empty);
    if TIMES.iter().all(timeless)
        && let Some(place) = places.iter().find(|place| !place.pointer.contains("/*/") && is_time(&place.example))
    {
        document.fields.insert("firstActivity".to_owned(), Field::of(&[&place.pointer]));
    }
    if document.evidence.is_empty() {
        document.evidence = EVIDENCE.iter().flat_map(|(kind, fields)| rules(kind, fields, &places)).collect();
    }
}

/// The best pointers for a field: the names in their order, then the shallower place; further ones
/// only for records that have nothing there.
fn matching<'a>(places: &'a [Found], records: &[Value], names: &[&str], shape: Shape) -> Vec<&'a str> {
    // A list inside of a record speaks of several things; an alert's own field is one.
    let own = |pointer: &str| shape == Shape::List || !pointer.contains("/*/");
    let apart = |pointer: &Pointer| shape != Shape::Id || differ(pointer, records);
    let mut ranked: Vec<(usize, usize, &str)> = places
        .iter()
        .filter(|place| fits(place, shape) && own(&place.pointer))
        .filter_map(|place| {
            let rank = rank(&place.pointer, names)?;
            let vague = names.get(rank).is_some_and(|name| VAGUE.contains(name));
            let speaks_of_alert = is_near(&place.pointer) || !(vague || matches!(shape, Shape::Id | Shape::Status));
            speaks_of_alert.then(|| (rank, depth(&place.pointer), place.pointer.as_str()))
        })
        .collect();
    ranked.sort_by_key(|(rank, depth, _)| (*rank, *depth));
    let mut without: Vec<&Value> = records.iter().collect();
    let mut chosen = Vec::new();
    for (_, _, text) in ranked {
        let Ok(pointer) = Pointer::parse(text) else { continue };
        if !apart(&pointer) || (!chosen.is_empty() && depth(text) > FALLBACK_DEPTH_MAX) {
            continue;
        }
        let before = without.len();
        without.retain(|record| pointer.texts(Place::new(record)).is_empty());
        if without.len() < before && chosen.len() < ALTERNATIVES_MAX {
            chosen.push(text);
        }
    }
    chosen
}

/// Whether every record has something else there: what they share identifies none of them.
fn differ(pointer: &Pointer, records: &[Value]) -> bool {
    let ids: Vec<String> =
        records.iter().filter_map(|record| pointer.texts(Place::new(record)).into_iter().next()).collect();
    let distinct: BTreeSet<&String> = ids.iter().collect();
    // "EventID": 4625 says of which kind an event is.
    let kind = |id: &String| id.len() <= 5 && pointer.as_str().to_lowercase().ends_with("eventid");
    distinct.len() == ids.len() && !ids.iter().any(kind)
}

/// Whether a place belongs to the alert itself: at the top, or in what stands for the alert.
fn is_near(pointer: &str) -> bool {
    let segments: Vec<String> = pointer.split('/').skip(1).map(folded).collect();
    match segments.as_slice() {
        [_] => true,
        [owner, _] => OWNERS.contains(&owner.as_str()),
        _ => false,
    }
}

/// A date with a time of day, or a number of these years since 1970: told apart from other numbers.
fn is_time(example: &str) -> bool {
    let seconds = example.parse::<f64>().ok().map(|number| if number >= 1e11 { number / 1e3 } else { number });
    match seconds {
        Some(seconds) => (1e9..4e9).contains(&seconds),
        None => example.contains(':') && time::parse(example).is_some(),
    }
}

fn fits(place: &Found, shape: Shape) -> bool {
    match shape {
        Shape::Time => place.example.chars().any(|c| c.is_ascii_digit()),
        Shape::Severity => severity::severity(&place.example).is_some() || place.example.len() <= 12,
        _ => true,
    }
}
