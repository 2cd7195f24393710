//! The records of a sample, and every place in them that holds a value.

use serde_json::Value;

use crate::formats::building::clean_text::{TEXT_MAX, clean_line};
use crate::formats::building::json::{parse_embedded_json, scalar_text};
use crate::formats::building::terms::folded;
use crate::formats::mapping::suggest::names::ALERT;

/// How deep and how wide a sample is looked through.
const DEPTH_MAX: usize = 8;

const PLACES_MAX: usize = 400;

/// Longest example that is shown, in characters.
const EXAMPLE_MAX: usize = 80;

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
    let named =
        members.iter().any(|(key, value)| scalar_text(value).is_some() && title.contains(&folded(key).as_str()));
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
    match &*parse_embedded_json(value) {
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
            let texts: Vec<_> = items.iter().filter_map(scalar_text).collect();
            add(found, pointer, &texts.join(", "));
        }
        value => add(found, pointer, &scalar_text(value).unwrap_or_default()),
    }
}

fn add(found: &mut Vec<Found>, pointer: String, example: &str) {
    let example: String = clean_line(example, TEXT_MAX).chars().take(EXAMPLE_MAX).collect();
    if !example.is_empty() && !found.iter().any(|known| known.pointer == pointer) {
        found.push(Found { pointer, example });
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
