//! Reads values by dotted path such as "rule.mitre.id"; a dot may be nesting or part of a member's name.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;

use crate::formats::building::clean_text::{LONG_MAX, TEXT_MAX, clean, clean_line, is_missing};
use crate::formats::building::json::{member, scalar_text};
use crate::formats::building::packed_names::packed;
use crate::formats::building::time;

/// The value at a path, unless it is null. A list in place of an object counts as its first entry.
pub(crate) fn value_at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let value = match value {
        Value::Array(items) => items.iter().find(|item| !item.is_null())?,
        other => other,
    };
    if let Some(found) = member(value, path) {
        return Some(found);
    }
    path.match_indices('.').find_map(|(dot, _)| value_at(value.get(path.get(..dot)?)?, path.get(dot + 1..)?))
}

/// Whether one of the paths has a value.
pub(crate) fn has_any(value: &Value, paths: &[&str]) -> bool {
    paths.iter().any(|path| value_at(value, path).is_some())
}

/// The text of the first path that has one, on one line; empty when none has.
pub(crate) fn text_at(value: &Value, paths: &[&str]) -> String {
    text_at_max(value, paths, TEXT_MAX)
}

/// [`text_at`] with another limit, in characters.
pub(crate) fn text_at_max(value: &Value, paths: &[&str], max: usize) -> String {
    let text_of = |path: &&str| {
        let found = value_at(value, path)?;
        let found = found.as_array().map_or(Some(found), |items| items.first())?;
        let text = clean_line(&scalar_text(found)?, max);
        (!is_missing(&text)).then_some(text)
    };
    paths.iter().find_map(text_of).unwrap_or_default()
}

/// The text of the first path that has one, with its line breaks; a list becomes one line for each entry.
pub(crate) fn long_text_at(value: &Value, paths: &[&str]) -> String {
    let text_of = |path: &&str| {
        let found = value_at(value, path)?;
        let one = std::slice::from_ref(found);
        let lines: Vec<_> = found.as_array().map_or(one, Vec::as_slice).iter().filter_map(scalar_text).collect();
        let text = clean(&lines.join("\n"), LONG_MAX);
        (!is_missing(&text)).then_some(text)
    };
    paths.iter().find_map(text_of).unwrap_or_default()
}

/// The texts of a list, or a single text.
pub(crate) fn texts_at(value: &Value, path: &str) -> Vec<String> {
    let Some(found) = value_at(value, path) else { return Vec::new() };
    let one = std::slice::from_ref(found);
    let texts = found.as_array().map_or(one, Vec::as_slice).iter().filter_map(scalar_text);
    texts.map(|text| clean_line(&text, TEXT_MAX)).filter(|text| !is_missing(text)).collect()
}

/// The name of an entity at the first path that has one. Several, as a list or each on a line, are one text that
/// evidence takes apart again, so that no entity is lost (R17).
pub(crate) fn name_at(value: &Value, paths: &[&str]) -> String {
    paths.iter().map(|path| packed(&names_at(value, path))).find(|name| !name.is_empty()).unwrap_or_default()
}

/// The names at a path: those of a list, or of a text with one on each line.
pub(crate) fn names_at(value: &Value, path: &str) -> Vec<String> {
    let texts = items_at(value, path);
    let lines = texts.iter().flat_map(|text| lines_of(text));
    cleaned(lines.map(|line| clean_line(line, if is_list(line) { LONG_MAX } else { TEXT_MAX })))
}

/// As [`name_at`] for names that may be long, such as command lines and paths; each is on one line.
pub(crate) fn long_name_at(value: &Value, paths: &[&str]) -> String {
    let commands = |path: &&str| cleaned(items_at(value, path).iter().map(|text| clean_line(text, LONG_MAX)));
    paths.iter().map(|path| packed(&commands(path))).find(|command| !command.is_empty()).unwrap_or_default()
}

fn items_at<'a>(value: &'a Value, path: &str) -> Vec<Cow<'a, str>> {
    let Some(found) = value_at(value, path) else { return Vec::new() };
    let one = std::slice::from_ref(found);
    found.as_array().map_or(one, Vec::as_slice).iter().filter_map(scalar_text).collect()
}

/// Without placeholders.
fn cleaned(texts: impl Iterator<Item = String>) -> Vec<String> {
    texts.filter(|text| !is_missing(text)).collect()
}

/// The lines of a text, unless it is a list or an object in JSON, which may have lines inside.
pub(crate) fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    let whole = text.trim_start().starts_with(['[', '{']);
    text.split(move |c| c == '\n' && !whole)
}

fn is_list(text: &str) -> bool {
    text.trim_start().starts_with(['[', '{']) || text.contains([',', ';'])
}

/// The objects of a list, or a single object.
pub(crate) fn objects_at<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    match value_at(value, path) {
        Some(Value::Array(items)) => items.iter().filter(|item| item.is_object()).collect(),
        Some(one) if one.is_object() => vec![one],
        _ => Vec::new(),
    }
}

/// The whole number of the first path that has a text or number; a fraction is cut off.
pub(crate) fn number_at(value: &Value, paths: &[&str]) -> Option<i64> {
    whole_number(&text_at(value, paths))
}

/// The whole number that a text is; a fraction is cut off.
pub(crate) fn whole_number(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().or_else(|| text.split('.').next()?.parse().ok())
}

/// The first of several paths that is a time, as text, as seconds, milliseconds, microseconds or
/// nanoseconds since 1970, or as Windows writes it; in microseconds UTC.
pub(crate) fn time_at(value: &Value, paths: &[&str]) -> Option<i64> {
    paths.iter().filter_map(|path| value_at(value, path)).find_map(|found| {
        let text = scalar_text(found)?;
        // Hayabusa writes a blank before the zone.
        let joined = text.replace(" +", "+").replace(" -", "-");
        time::parse(&joined).or_else(|| since_1970(text.trim()))
    })
}

/// The start of 1970 as Windows counts, in tenths of microseconds.
const WINDOWS_1970: i64 = 116_444_736_000_000_000;

fn since_1970(text: &str) -> Option<i64> {
    let Ok(count) = text.parse::<i64>() else {
        let seconds = text.parse::<f64>().ok()?;
        let seconds = if seconds >= 1e11 { seconds / 1e3 } else { seconds };
        let micros = Duration::try_from_secs_f64(seconds).ok()?.as_micros();
        return i64::try_from(micros).ok().filter(|micros| *micros < 100_000_000_000_000_000);
    };
    match count {
        1..100_000_000_000 => count.checked_mul(1_000_000),
        100_000_000_000..100_000_000_000_000 => count.checked_mul(1_000),
        100_000_000_000_000..100_000_000_000_000_000 => Some(count),
        // Windows counts tenths of microseconds since 1601; as nanoseconds these would be of the years 1973 to 1976.
        120_000_000_000_000_000..200_000_000_000_000_000 => Some((count - WINDOWS_1970) / 10),
        100_000_000_000_000_000.. => Some(count / 1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn dots_may_be_nested_or_part_of_a_name() {
        for value in
            [json!({"a": {"b": {"c": 1}}}), json!({"a.b.c": 1}), json!({"a": {"b.c": 1}}), json!({"a": [{"b.c": [1]}]})]
        {
            assert_eq!(text_at(&value, &["a.b.c"]), "1", "{value}");
        }
        assert_eq!(text_at(&json!({"a": {"b": "-"}, "c": "x"}), &["a.b", "c"]), "x");
    }

    #[test]
    fn times_come_as_text_and_as_counts() {
        for time in [
            json!("2024-07-04T22:35:02+0000"),
            json!("2024-07-04T16:35:02.000000-0600"),
            json!(1_720_132_502),
            json!("1720132502000"),
            json!(1_720_132_502_000_000_i64),
            json!(1_720_132_502_000_000_000_i64),
            json!(133_646_061_020_000_000_i64),
            json!(1_720_132_502.0),
        ] {
            assert_eq!(time_at(&json!({"t": time}), &["t"]), Some(1_720_132_502_000_000), "{time}");
        }
        for time in [json!(0), json!(-5), json!("soon"), json!(null), json!({}), json!(1e300)] {
            assert_eq!(time_at(&json!({"t": time}), &["t"]), None, "{time}");
        }
    }
}
