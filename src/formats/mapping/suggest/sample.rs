//! The records of a sample, and every pointer in them that has a value.

use serde_json::Value;

use crate::formats::building::clean_text::{TEXT_MAX, clean_line};
use crate::formats::building::json::{parse_embedded_json, scalar_text};
use crate::formats::mapping::pointer::escaped;

/// Greatest depth, and most pointers, that are read of a sample.
const DEPTH_MAX: usize = 8;

const POINTERS_MAX: usize = 400;

/// Longest example that is shown, in characters.
const EXAMPLE_MAX: usize = 80;

/// A pointer with a value in the sample, and the first value as an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleValue {
    pub pointer: String,
    pub example: String,
}

/// Every pointer of the records that has a value, with an example.
pub fn sample_values(records: &[Value]) -> Vec<SampleValue> {
    let mut found: Vec<SampleValue> = Vec::new();
    for record in records.iter().take(20) {
        collect_values(record, String::new(), 0, &mut found);
    }
    found
}

fn collect_values(value: &Value, pointer: String, depth: usize, found: &mut Vec<SampleValue>) {
    if depth > DEPTH_MAX || found.len() >= POINTERS_MAX {
        return;
    }
    match &*parse_embedded_json(value) {
        Value::Object(members) => {
            for (key, value) in members {
                collect_values(value, format!("{pointer}/{}", escaped(key)), depth + 1, found);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for item in items.iter().take(5) {
                collect_values(item, format!("{pointer}/*"), depth + 1, found);
            }
        }
        Value::Array(items) => {
            let texts: Vec<_> = items.iter().filter_map(scalar_text).collect();
            add(found, pointer, &texts.join(", "));
        }
        value => add(found, pointer, &scalar_text(value).unwrap_or_default()),
    }
}

fn add(found: &mut Vec<SampleValue>, pointer: String, example: &str) {
    let example: String = clean_line(example, TEXT_MAX).chars().take(EXAMPLE_MAX).collect();
    if !example.is_empty() && !found.iter().any(|known| known.pointer == pointer) {
        found.push(SampleValue { pointer, example });
    }
}
