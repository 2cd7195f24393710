//! A first guess from a sample: vendors differ in structure, but not much in what they call things.

mod names;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::formats::building::mapped_evidence;
use crate::formats::mapping::document::{Document, Field, Rule};
use crate::formats::mapping::fields::Shape;
use crate::formats::mapping::pointer::{Place, Pointer};
use crate::formats::mapping::suggest::names::{ALERT, ELSEWHERE, EVIDENCE, OWNERS, TIMES, VAGUE};
use crate::formats::mapping::{fields, value_table};

/// How deep and how wide a sample is looked through.
const DEPTH_MAX: usize = 8;
const PLACES_MAX: usize = 400;
/// Longest example that is shown, in characters.
const EXAMPLE_MAX: usize = 80;
/// Most pointers that one field is given.
const ALTERNATIVES_MAX: usize = 3;
/// How deep a further pointer, and how deep an entity stands.
const FALLBACK_DEPTH_MAX: usize = 2;
const ENTITY_DEPTH_MAX: usize = 4;

/// A value in the sample: where, and what the first record has there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub pointer: String,
    pub example: String,
}

/// The records of a sample, and where they stand in it.
pub fn records(sample: &str) -> (String, Vec<Value>) {
    let values: Vec<Value> = serde_json::Deserializer::from_str(sample).into_iter().map_while(Result::ok).collect();
    let values: Vec<Value> = values
        .into_iter()
        .flat_map(|value| match value {
            Value::Array(items) => items,
            one => vec![one],
        })
        .collect();
    let envelope = values.first().and_then(envelope);
    match envelope {
        Some(pointer) => {
            let records = values.iter().filter_map(|value| value.pointer(&pointer)?.as_array()).flatten();
            (pointer.clone(), records.cloned().collect())
        }
        None => (String::new(), values),
    }
}

/// An object whose one list of objects is all that it has to say holds records; with a title beside
/// the list it is a record itself.
fn envelope(value: &Value) -> Option<String> {
    let members = value.as_object()?;
    let title = ALERT.first().map_or(&[][..], |(_, names)| names);
    let named = members
        .iter()
        .any(|(key, value)| mapped_evidence::scalar(value).is_some() && title.contains(&folded(key).as_str()));
    let is_records = |value: &Value| value.as_array().is_some_and(|items| items.iter().any(Value::is_object));
    if named {
        return None;
    }
    let mut lists = members.iter().filter(|(_, value)| is_records(value));
    if let (Some((key, _)), None) = (lists.next(), lists.next()) {
        return Some(format!("/{}", escaped(key)));
    }
    let mut inner = members.iter().filter_map(|(key, value)| Some(format!("/{}{}", escaped(key), envelope(value)?)));
    let found = inner.next()?;
    inner.next().is_none().then_some(found)
}

/// Every place of the records that holds a value, with an example of it.
pub fn places(records: &[Value]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for record in records.iter().take(20) {
        look(record, String::new(), 0, &mut found);
    }
    found
}

fn look(value: &Value, pointer: String, depth: usize, found: &mut Vec<Found>) {
    if depth > DEPTH_MAX || found.len() >= PLACES_MAX {
        return;
    }
    match &*mapped_evidence::unpacked(value) {
        Value::Object(members) => {
            for (key, value) in members {
                look(value, format!("{pointer}/{}", escaped(key)), depth + 1, found);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for item in items.iter().take(5) {
                look(item, format!("{pointer}/*"), depth + 1, found);
            }
        }
        Value::Array(items) => {
            let texts: Vec<_> = items.iter().filter_map(mapped_evidence::scalar).collect();
            add(found, pointer, &texts.join(", "));
        }
        value => add(found, pointer, &mapped_evidence::scalar(value).unwrap_or_default()),
    }
}

fn add(found: &mut Vec<Found>, pointer: String, example: &str) {
    let example: String = mapped_evidence::line(example).chars().take(EXAMPLE_MAX).collect();
    if !example.is_empty() && !found.iter().any(|known| known.pointer == pointer) {
        found.push(Found { pointer, example });
    }
}

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

fn depth(pointer: &str) -> usize {
    pointer.split('/').filter(|segment| !segment.is_empty() && *segment != "*").count()
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
        None => example.contains(':') && mapped_evidence::time(example).is_some(),
    }
}

fn fits(place: &Found, shape: Shape) -> bool {
    match shape {
        Shape::Time => place.example.chars().any(|c| c.is_ascii_digit()),
        Shape::Severity => value_table::severity(&place.example).is_some() || place.example.len() <= 12,
        _ => true,
    }
}

/// Where the last segment, or the last two together, is one of the names.
fn rank(pointer: &str, names: &[&str]) -> Option<usize> {
    let segments: Vec<&str> = pointer.split('/').filter(|segment| *segment != "*" && !segment.is_empty()).collect();
    let last = folded(segments.last()?);
    let dotted = segments.last()?.rsplit('.').next().map(folded)?;
    let two = segments.len().checked_sub(2).and_then(|start| segments.get(start..)).map(|pair| folded(&pair.concat()));
    names.iter().position(|name| last == *name || dotted == *name || two.as_deref() == Some(name))
}

/// One rule for each place that names such an entity; places below one list make one rule over it.
fn rules(kind: &str, wanted: &[(&str, &[&str])], places: &[Found]) -> Vec<Rule> {
    let mut found: BTreeMap<(String, usize), Rule> = BTreeMap::new();
    for (field, names) in wanted {
        for place in places {
            let owner = place.pointer.split('/').rev().nth(1).map(folded).unwrap_or_default();
            let elsewhere = kind == "device" && ELSEWHERE.contains(&owner.as_str());
            let known = rank(&place.pointer, names).is_some() && depth(&place.pointer) <= ENTITY_DEPTH_MAX;
            if !known || elsewhere || !is_such(kind, field, &place.example) {
                continue;
            }
            let (each, inner) = match place.pointer.rsplit_once("/*/") {
                Some((each, rest)) => (each.to_owned(), format!("/{rest}")),
                None => (String::new(), place.pointer.clone()),
            };
            // Addresses are entities of their own; the parts of a file or a person belong together.
            let apart = if kind == "ip" { found.len() } else { 0 };
            let rule = found.entry((each.clone(), apart)).or_insert_with(|| Rule {
                kind: kind.to_owned(),
                each,
                ..Rule::default()
            });
            let sources = &mut rule.fields.entry((*field).to_owned()).or_default().from.0;
            sources.push(inner);
            sources.sort_by_key(|pointer| rank(pointer, names));
            sources.truncate(ALTERNATIVES_MAX);
        }
    }
    found.into_values().collect()
}

/// Whether the example can be such a thing: "source" may be a name or an address.
fn is_such(kind: &str, field: &str, example: &str) -> bool {
    let is_ip = |text: &str| text.split(", ").all(|part| part.parse::<std::net::IpAddr>().is_ok());
    match (kind, field) {
        ("ip", _) => is_ip(example),
        ("device" | "user", "name") => !is_ip(example) && !example.contains("://"),
        ("url", _) => example.contains("://"),
        _ => true,
    }
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
