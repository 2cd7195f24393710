//! Reads members of JSON objects tolerantly: providers differ in spelling, types and the value for "none".
//!
//! All texts that it returns are cleaned and bounded, so that no adapter has to do it.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::formats::building::clean_text::{LONG_MAX, TEXT_MAX, TITLE_MAX, clean, clean_line, is_missing};
use crate::formats::building::packed_names::packed;
use crate::formats::building::time;

/// The type of a value, in words for an error message.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A member that is there and not null.
pub(crate) fn member<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|found| !found.is_null())
}

/// A text, number or boolean as text; `None` for lists and objects.
pub(crate) fn scalar_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(flag) => Some(Cow::Owned(flag.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The text of the first member that has one, on one line; empty when none has. Several texts of a list are one
/// list in JSON.
pub(crate) fn text_of(value: &Value, keys: &[&str]) -> String {
    text_of_max(value, keys, TEXT_MAX)
}

/// [`text_of`] with another limit, in characters.
pub(crate) fn text_of_max(value: &Value, keys: &[&str], max: usize) -> String {
    first_text(value, keys, |found| match found {
        // Evidence takes a list of names apart again, so that no entity is lost (R17).
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().filter_map(Value::as_str).map(|text| clean_line(text, max)).collect();
            Some(packed(&texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>()))
        }
        found => scalar_text(found).map(|text| clean_line(&text, max)),
    })
}

/// The title in the first member that has one; empty when none has.
pub(crate) fn title_of(value: &Value, keys: &[&str]) -> String {
    let mut titles = keys.iter().map(|key| text_of_max(value, &[key], TITLE_MAX));
    titles.find(|title| !is_missing(title)).unwrap_or_default()
}

/// The text of the first member that has one, with its line breaks; a list becomes one line for each entry.
pub(crate) fn long_text_of(value: &Value, keys: &[&str]) -> String {
    first_text(value, keys, |found| {
        let found = parse_embedded_json(found);
        let Some(lines) = found.as_array() else {
            return scalar_text(&found).map(|text| clean(&text, LONG_MAX));
        };
        let lines: Vec<_> = lines.iter().filter_map(scalar_text).collect();
        Some(clean(&lines.join("\n"), LONG_MAX))
    })
}

fn first_text(value: &Value, keys: &[&str], read: impl Fn(&Value) -> Option<String>) -> String {
    keys.iter().filter_map(|key| member(value, key).and_then(&read)).find(|text| !text.is_empty()).unwrap_or_default()
}

/// The texts of a list, which may also be one string with commas or semicolons.
pub(crate) fn texts_of(value: &Value, key: &str) -> Vec<String> {
    let Some(found) = member(value, key) else {
        return Vec::new();
    };
    let found = parse_embedded_json(found);
    let texts: Vec<Cow<'_, str>> = match &*found {
        Value::Array(values) => values.iter().filter_map(scalar_text).collect(),
        other => scalar_text(other)
            .iter()
            .flat_map(|text| text.split([',', ';']))
            .map(|part| Cow::Owned(part.to_owned()))
            .collect(),
    };
    texts.iter().map(|text| clean_line(text, TEXT_MAX)).filter(|text| !text.is_empty()).collect()
}

/// The objects of a list, or a single object.
pub(crate) fn objects_of<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    match member(value, key) {
        Some(Value::Array(values)) => values.iter().filter(|value| value.is_object()).collect(),
        Some(one) if one.is_object() => vec![one],
        _ => Vec::new(),
    }
}

/// Parses a string that contains a JSON list or object, as tables export their columns; any other value
/// stays as it is.
pub(crate) fn parse_embedded_json(value: &Value) -> Cow<'_, Value> {
    match value {
        Value::String(text) if text.trim_start().starts_with(['[', '{']) => {
            serde_json::from_str(text).map_or(Cow::Borrowed(value), Cow::Owned)
        }
        _ => Cow::Borrowed(value),
    }
}

/// Most levels that one dotted name is taken apart into.
const LEVELS_MAX: usize = 16;

/// Whether members of an object were flattened. Names of OData such as "@odata.type" are whole.
pub(crate) fn is_flattened(value: &Value) -> bool {
    value.as_object().is_some_and(|members| members.keys().any(|key| is_path(key)))
}

fn is_path(name: &str) -> bool {
    name.contains('.') && !name.contains("@odata.")
}

/// The objects of an object whose members were flattened: `{"a.b": 1}` as `{"a": {"b": 1}}`.
pub(crate) fn nested(value: &Value) -> Cow<'_, Value> {
    let Some(members) = value.as_object().filter(|_| is_flattened(value)) else {
        return Cow::Borrowed(value);
    };
    let mut whole = Map::new();
    for (key, found) in members {
        let levels: Vec<&str> = key.split('.').collect();
        let whole_name = key.contains("@odata.");
        let fits = !whole_name && levels.len() <= LEVELS_MAX && levels.iter().all(|level| !level.is_empty());
        if !(fits && put(&mut whole, &levels, found)) {
            whole.insert(key.clone(), found.clone());
        }
    }
    Cow::Owned(Value::Object(whole))
}

/// Puts a value below objects, which are made; one that is there already stays. `false` where a text stands in
/// place of an object.
fn put(members: &mut Map<String, Value>, levels: &[&str], found: &Value) -> bool {
    let Some((first, rest)) = levels.split_first() else { return true };
    let place = members.entry((*first).to_owned());
    if rest.is_empty() {
        if let (Value::Object(known), Value::Object(more)) = (place.or_insert_with(|| found.clone()), found) {
            more.iter().for_each(|(key, value)| {
                put(known, &[key], value);
            });
        }
        return true;
    }
    let inner = place.or_insert_with(|| Value::Object(Map::new())).as_object_mut();
    inner.is_some_and(|inner| put(inner, rest, found))
}

/// The first of several members that is a time, in microseconds.
pub(crate) fn time_of(value: &Value, keys: &[&str]) -> Option<i64> {
    keys.iter().filter_map(|key| member(value, key)?.as_str()).find_map(time::parse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_member_that_says_something_wins() {
        let value = json!({"a": null, "b": " ", "c": [1], "d": 9_007_199_254_740_993_u64});
        assert_eq!(text_of(&value, &["a", "b", "c", "d"]), "9007199254740993");
        assert_eq!(text_of(&value, &["a"]), "");
    }

    #[test]
    fn lists_come_in_four_spellings() {
        let value = json!({
            "a": ["x", 1, null], "b": "x; 1,", "c": "[\"x\", \"1\"]", "d": "x", "e": {},
        });
        assert_eq!(texts_of(&value, "a"), ["x", "1"]);
        assert_eq!(texts_of(&value, "b"), ["x", "1"]);
        assert_eq!(texts_of(&value, "c"), ["x", "1"]);
        assert_eq!(texts_of(&value, "d"), ["x"]);
        assert!(texts_of(&value, "e").is_empty());
    }

    #[test]
    fn long_texts_keep_their_lines() {
        let value = json!({"a": ["one", "two"], "b": "[\"one\"]", "c": "x\r\ny"});
        assert_eq!(long_text_of(&value, &["a"]), "one\ntwo");
        assert_eq!(long_text_of(&value, &["b"]), "one");
        assert_eq!(long_text_of(&value, &["c"]), "x\ny");
    }

    #[test]
    fn flattened_members_become_objects_again() {
        let flat = json!({"a.b.c": 1, "a": {"d": 2}, "a.b.e": [3], "x": 4, "..": 5});
        assert_eq!(*nested(&flat), json!({"a": {"d": 2, "b": {"c": 1, "e": [3]}}, "x": 4, "..": 5}));
        let deep = json!({ "a.".repeat(100_000): 1 });
        assert_eq!(*nested(&deep), deep);
    }

    #[test]
    fn one_object_counts_as_a_list_of_one() {
        let value = json!({"a": {"b": 1}, "c": [{"b": 1}, 2], "d": 3});
        assert_eq!(objects_of(&value, "a").len(), 1);
        assert_eq!(objects_of(&value, "c").len(), 1);
        assert!(objects_of(&value, "d").is_empty());
    }
}
