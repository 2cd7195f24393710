//! Lines of syslog in ArcSight's Common Event Format (CEF) and QRadar's Log Event Extended Format (LEEF), with a
//! header of RFC 3164 or RFC 5424 before them or none. A line becomes an object of texts:
//! `{"CEF": {"deviceVendor", "deviceProduct", "deviceVersion", "signatureId", "name", "severity", "extension": {..}},
//! "syslog": {"host", "time"}}`, and likewise `LEEF` with `eventId` and `attributes`.

use serde_json::{Map, Value};

use crate::formats::readers::syslog_header::SyslogHeader;

/// Longest header of syslog before the event, in bytes.
const HEADER_MAX: usize = 512;

/// Names of CEF's header, in their order.
const CEF: [&str; 7] = ["version", "deviceVendor", "deviceProduct", "deviceVersion", "signatureId", "name", "severity"];

/// Names of LEEF's header, in their order; the sixth, the delimiter, is of version 2 alone.
const LEEF: [&str; 6] = ["version", "deviceVendor", "deviceProduct", "deviceVersion", "eventId", "delimiter"];

/// Whether a line holds an event in CEF or LEEF.
pub(super) fn is_syslog(line: &str) -> bool {
    event_of(line).is_some()
}

/// Reads one line; `None` for any other text.
pub(super) fn read(line: &[u8]) -> Option<Value> {
    let line = std::str::from_utf8(line).ok()?.trim();
    let (header, event) = event_of(line)?;
    let (name, read) = if event.starts_with("CEF:") { ("CEF", cef(event)) } else { ("LEEF", leef(event)) };
    let mut object = Map::new();
    object.insert(name.to_owned(), read);
    if let Some(syslog) = SyslogHeader::parse(header).into_object() {
        object.insert("syslog".to_owned(), syslog);
    }
    Some(Value::Object(object))
}

/// The header of syslog and the event behind it.
fn event_of(line: &str) -> Option<(&str, &str)> {
    ["CEF:", "LEEF:"].iter().find_map(|start| {
        let at = line.find(start).filter(|at| *at <= HEADER_MAX)?;
        let (header, event) = line.split_at_checked(at)?;
        let version = event.get(start.len()..)?.split('|').next()?;
        let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let stands_alone = header.is_empty() || header.ends_with([' ', '\t', ']', ':', '-']);
        (is_version && event.contains('|') && stands_alone && !header.contains(['{', '"'])).then_some((header, event))
    })
}

fn cef(event: &str) -> Value {
    let (fields, rest) = header_fields(event.trim_start_matches("CEF:"), CEF.len());
    let mut found = named(&CEF, fields);
    found.insert("extension".to_owned(), Value::Object(extension(rest)));
    Value::Object(found)
}

fn leef(event: &str) -> Value {
    let event = event.trim_start_matches("LEEF:");
    let count = if event.starts_with('2') { LEEF.len() } else { LEEF.len() - 1 };
    let (fields, rest) = header_fields(event, count);
    let delimiter = fields.get(5).and_then(|text| delimiter_of(text)).unwrap_or('\t');
    let mut found = named(&LEEF, fields);
    let pairs = rest.split(delimiter).filter_map(|pair| pair.split_once('='));
    let attributes = pairs.map(|(name, value)| (name.trim().to_owned(), Value::String(value.trim().to_owned())));
    found.insert("attributes".to_owned(), Value::Object(attributes.filter(|(name, _)| !name.is_empty()).collect()));
    Value::Object(found)
}

/// The delimiter as a character or as its number in hexadecimal, such as "x09" or "0x5E".
fn delimiter_of(text: &str) -> Option<char> {
    let mut chars = text.chars();
    if let (Some(one), None) = (chars.next(), chars.next()) {
        return Some(one);
    }
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix('x'))?;
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

/// The fields before the first `count` bars, and what follows. `\|` and `\\` are a bar and a backslash.
fn header_fields(text: &str, count: usize) -> (Vec<String>, &str) {
    let mut fields = vec![String::new()];
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        let c = match c {
            '\\' => chars.next().map_or('\\', |(_, escaped)| escaped),
            '|' if fields.len() == count => return (fields, text.get(at + 1..).unwrap_or_default()),
            '|' => {
                fields.push(String::new());
                continue;
            }
            other => other,
        };
        if let Some(last) = fields.last_mut() {
            last.push(c);
        }
    }
    (fields, "")
}

fn named(names: &[&str], fields: Vec<String>) -> Map<String, Value> {
    let pairs = names.iter().zip(fields).filter(|(_, text)| !text.trim().is_empty());
    pairs.map(|(name, text)| ((*name).to_owned(), Value::String(text.trim().to_owned()))).collect()
}

/// The pairs of an extension. A value ends where a blank, a name and an equals sign follow.
fn extension(text: &str) -> Map<String, Value> {
    let mut found = Map::new();
    let mut begun: Option<(&str, usize)> = None;
    let mut escaped = false;
    // Where the present word begins, and whether it may be a name so far.
    let (mut start, mut is_name) = (0, true);
    for (at, c) in text.char_indices() {
        let is_equals = c == '=' && !escaped;
        escaped = c == '\\' && !escaped;
        if is_equals && is_name && at > start {
            let name = text.get(start..at).unwrap_or_default();
            match begun {
                Some((before, from)) if from <= start => put(&mut found, before, text.get(from..start)),
                _ => {}
            }
            if begun.is_none_or(|(_, from)| from <= start) {
                begun = Some((name, at + 1));
            }
        }
        if matches!(c, ' ' | '\t') {
            (start, is_name) = (at + 1, true);
        } else {
            is_name &= c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']');
        }
    }
    if let Some((name, from)) = begun {
        put(&mut found, name, text.get(from..));
    }
    found
}

fn put(found: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    let value = unescaped(value.unwrap_or_default().trim());
    if !value.is_empty() {
        found.insert(name.to_owned(), Value::String(value));
    }
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        match chars.next() {
            Some('n' | 'r') => plain.push('\n'),
            Some(same @ ('=' | '|' | '\\')) => plain.push(same),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const CEF_LINE: &str = "<134>Mar  1 10:00:00 fw-1 CEF:0|Acme|Wall\\|X|1.0|100|Odd traffic|8|src=192.0.2.7 msg=a \\= b c\\\\d act=block";

    fn text(line: &str, path: &str) -> Option<String> {
        read(line.as_bytes())?.pointer(path)?.as_str().map(str::to_owned)
    }

    #[test]
    fn a_cef_line_is_read_with_its_escapes_and_its_header() {
        let of = |path: &str| text(CEF_LINE, path).unwrap_or_default();
        assert_eq!(
            (of("/CEF/deviceProduct"), of("/CEF/name"), of("/CEF/severity")),
            ("Wall|X".into(), "Odd traffic".into(), "8".into())
        );
        assert_eq!(of("/CEF/extension/msg"), "a = b c\\d");
        assert_eq!((of("/CEF/extension/src"), of("/CEF/extension/act")), ("192.0.2.7".into(), "block".into()));
        assert_eq!((of("/syslog/host"), of("/syslog/time")), ("fw-1".into(), "Mar 1 10:00:00".into()));
        let new = "<13>1 2025-03-01T10:00:00Z fw-2 app - - - CEF:0|A|B|1|2|N|3|";
        assert_eq!(text(new, "/syslog/host").as_deref(), Some("fw-2"));
    }

    #[test]
    fn leef_has_its_delimiter() {
        for line in [
            "LEEF:1.0|Acme|Wall|1|e1|src=192.0.2.7\tusrName=ana b",
            "LEEF:2.0|Acme|Wall|1|e1|x5E|src=192.0.2.7^usrName=ana b",
            "LEEF:2.0|Acme|Wall|1|e1|^|src=192.0.2.7^usrName=ana b",
            "LEEF:2.0|Acme|Wall|1|e1||src=192.0.2.7\tusrName=ana b",
        ] {
            assert_eq!(text(line, "/LEEF/attributes/usrName").as_deref(), Some("ana b"), "{line}");
            assert_eq!(text(line, "/LEEF/eventId").as_deref(), Some("e1"));
        }
    }

    #[test]
    fn other_lines_are_none() {
        for line in ["", "hello", "see CEF: for more", "CEF:x|a|b", "xCEF:0|a|b|c|d|e|5|", "Mar 1 10:00:00 h sshd: ok"]
        {
            assert!(read(line.as_bytes()).is_none(), "{line}");
        }
    }

    #[test]
    fn a_line_of_equals_signs_is_read_once() {
        // Looking back from each for the beginning of its word took half a minute.
        let line = format!("CEF:0|a|b|c|d|e|5|x={}", "=".repeat(250_000));
        let took = crate::clock::cpu_time(|| {
            assert_eq!(text(&line, "/CEF/extension/x").map(|value| value.len()), Some(250_000));
        });
        assert!(took < std::time::Duration::from_secs(5), "{took:?}");
    }

    #[test]
    fn cut_and_changed_lines_are_read_without_panic() {
        let mut random = fastrand::Rng::with_seed(11);
        let lines = [CEF_LINE, "LEEF:2.0|Acme|Wall|1|e1|x5E|src=192.0.2.7^usrName=ana \u{e4}\u{1f600}"];
        let pieces = ["|", "=", "\\", " ", "CEF:", "LEEF:2.0|", "\u{1f600}", "x", "<", "\t"];
        for round in 0..4_000 {
            let mut line: Vec<char> = lines[round % lines.len()].chars().collect();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(..=line.len());
                match random.u8(..3) {
                    0 => line.truncate(at),
                    1 => drop(line.drain(at..(at + random.usize(..9)).min(line.len()))),
                    _ => drop(line.splice(at..at, pieces[random.usize(..pieces.len())].chars())),
                }
            }
            let line: String = line.into_iter().collect();
            let _ = read(line.as_bytes());
        }
    }
}
