//! Bodies and lines: where one record ends and the next begins.
//!
//! Exports come as one object, a list, a `{"value": [...]}` envelope or one JSON value per line.
//! One bad line never costs the good ones.

use serde_json::Value;

use super::{Format, NotTaken, read_record};
use crate::alerts::incoming::Incoming;

const UTF8_BOM: &[u8] = b"\xef\xbb\xbf";

/// One record of a body, or why it is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Counted from 1; `None` when the body is one JSON value.
    pub line: Option<usize>,
    pub record: Result<Incoming, NotTaken>,
}

/// Reads a whole body, in whichever shape it comes.
pub fn read_body(format: &Format, body: &[u8]) -> Vec<Item> {
    if body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff") {
        return vec![failed(None, "This is UTF-16 text; save it as UTF-8.")];
    }
    let body = without_bom(body);
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        return expand(format, None, &value);
    }
    let items: Vec<Item> = body
        .split(|&byte| byte == b'\n')
        .enumerate()
        .flat_map(|(index, line)| read_line(format, index + 1, line))
        .collect();
    if items.iter().all(|item| item.record.is_err()) && opens_pretty(body) {
        return read_stream(format, body);
    }
    items
}

/// Reads one line of a body; a blank line has no items.
pub fn read_line(format: &Format, line_no: usize, line: &[u8]) -> Vec<Item> {
    let line = without_bom(line).trim_ascii();
    let at = Some(line_no);
    if line.is_empty() {
        return Vec::new();
    }
    let Ok(text) = std::str::from_utf8(line) else {
        return vec![failed(at, "This line is not valid UTF-8 text.")];
    };
    match serde_json::from_str::<Value>(text) {
        Err(error) => vec![failed(at, &not_json("This line", &error))],
        Ok(value) => {
            let items = expand(format, at, &value);
            if items.is_empty() {
                return vec![failed(at, "This line is an empty list: there is no alert in it.")];
            }
            items
        }
    }
}

/// Whether the first line leaves a bracket open, as pretty-printed JSON does.
fn opens_pretty(body: &[u8]) -> bool {
    let first =
        body.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty()).unwrap_or_default();
    matches!(first.first(), Some(b'{' | b'[')) && matches!(first.last(), Some(b'{' | b'[' | b','))
}

/// Pretty-printed values one after the other, as `jq` prints them. A damaged one ends the reading
/// with a single error rather than with one for each of its lines.
fn read_stream(format: &Format, body: &[u8]) -> Vec<Item> {
    let mut items = Vec::new();
    for value in serde_json::Deserializer::from_slice(body).into_iter::<Value>() {
        match value {
            Ok(value) => items.extend(expand(format, None, &value)),
            Err(error) => {
                items.push(failed(Some(error.line()), &not_json("The text", &error)));
                break;
            }
        }
    }
    items
}

fn expand(format: &Format, line: Option<usize>, value: &Value) -> Vec<Item> {
    if let Format::Mapped(mapping) = format {
        return match mapping.records(value) {
            Ok(records) => records.iter().map(|record| Item { line, record: read_record(format, record) }).collect(),
            Err(why) => vec![failed(line, &why)],
        };
    }
    let many = value.as_array().or_else(|| value.get("value").and_then(Value::as_array));
    let one = std::slice::from_ref(value);
    many.map_or(one, Vec::as_slice).iter().map(|value| Item { line, record: read_record(format, value) }).collect()
}

fn failed(line: Option<usize>, why: &str) -> Item {
    Item { line, record: Err(NotTaken::Refused(why.to_owned())) }
}

fn not_json(what: &str, error: &serde_json::Error) -> String {
    if error.is_eof() {
        return format!("{what} is not complete JSON: it breaks off at the end.");
    }
    if error.to_string().contains("recursion limit") {
        return format!("{what} is nested too deeply.");
    }
    format!("{what} is not JSON: it goes wrong at column {}.", error.column())
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(UTF8_BOM).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALERT: &str = r#"{"id":"a1","title":"Odd login","createdDateTime":"2025-03-01T10:00:00Z"}"#;

    fn shape(body: &str) -> Vec<(Option<usize>, bool)> {
        read_body(&Format::Auto, body.as_bytes()).iter().map(|item| (item.line, item.record.is_ok())).collect()
    }

    #[test]
    fn one_value_has_no_line_numbers() {
        assert_eq!(shape(ALERT), [(None, true)]);
        assert_eq!(shape(&format!("[{ALERT},\n{ALERT}]")), [(None, true); 2]);
        let pretty = format!("\u{feff}{{\r\n  \"value\": [\r\n    {ALERT}\r\n  ]\r\n}}\r\n");
        assert_eq!(shape(&pretty), [(None, true)]);
    }

    #[test]
    fn an_empty_body_or_envelope_has_no_items() {
        for body in ["", " \r\n\n", "[]", "{\"value\":[]}\n"] {
            assert_eq!(shape(body), [], "{body:?}");
        }
    }

    #[test]
    fn a_bad_line_costs_only_itself() {
        let body = format!("\u{feff}{ALERT}\r\n\r\noops\n[{ALERT},{ALERT}]\n{{\"value\":[]}}\n42\n");
        assert_eq!(
            shape(&body),
            [(Some(1), true), (Some(3), false), (Some(4), true), (Some(4), true), (Some(5), false), (Some(6), false),]
        );
    }

    #[test]
    fn bad_utf8_is_reported_with_its_line() {
        let body = [ALERT.as_bytes(), b"\n{\"title\":\"\xff\"}\n", ALERT.as_bytes()].concat();
        let items = read_body(&Format::Auto, &body);
        let lines: Vec<_> = items.iter().map(|i| (i.line, i.record.is_ok())).collect();
        assert_eq!(lines, [(Some(1), true), (Some(2), false), (Some(3), true)]);
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_crash() {
        let deep = "[".repeat(200_000);
        let items = read_body(&Format::Auto, deep.as_bytes());
        assert_eq!(items.len(), 1);
        assert!(items.iter().all(|item| item.record.is_err()));
        let body = format!("{}{}\n{ALERT}", "[".repeat(500), "]".repeat(500));
        assert_eq!(shape(&body), [(Some(1), false), (Some(2), true)]);
    }

    #[test]
    fn pretty_values_one_after_the_other_are_read() {
        let pretty = ALERT.replace(',', ",\n  ").replace('{', "{\n  ");
        assert_eq!(shape(&format!("{pretty}\n{pretty}")), [(None, true); 2]);
    }

    #[test]
    fn a_broken_pretty_file_is_one_error() {
        let body = "{\n  \"value\": [\n    {\n      \"title\": \"x\",\n";
        let items = read_body(&Format::Auto, body.as_bytes());
        assert_eq!(items.len(), 1);
        assert!(format!("{items:?}").contains("breaks off"));
    }

    #[test]
    fn utf16_is_named_as_such() {
        let items = read_body(&Format::Auto, b"\xff\xfe{\0}\0");
        assert!(format!("{items:?}").contains("UTF-16"));
    }
}
