//! A sample record and its expected alert.

use serde_json::Value;

pub(super) struct Case {
    pub format: &'static str,
    pub sample: Value,
    /// One line each, empty ones left out: source, id (`(hash)` when it is a hash) and aliases; `partial`;
    /// title; `N times`; severity and category; techniques; `devices` with all keys; `users` with all keys;
    /// `addresses`; `files`, `processes`, `urls` and `others` with all keys; `status`, unless it is new;
    /// first activity.
    pub expected: &'static [&'static str],
}

pub(super) fn case(format: &'static str, sample: Value, expected: &'static [&'static str]) -> Case {
    Case { format, sample, expected }
}

/// The same record with every member in Pascal case.
pub(super) fn pascal(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(pascal).collect(),
        Value::Object(members) => {
            let upper =
                |key: &String| key.chars().take(1).flat_map(char::to_uppercase).chain(key.chars().skip(1)).collect();
            Value::Object(members.iter().map(|(key, value)| (upper(key), pascal(value))).collect())
        }
        other => other.clone(),
    }
}
