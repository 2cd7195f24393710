//! Lines of syslog whose message is a JSON object, also with the cookie "@cee:" before it, by which rsyslog and
//! syslog-ng mark JSON. Source: Common Event Expression (CEE) Log Transport 1.0, "Syslog".

use serde_json::Value;

use crate::formats::readers::syslog_header::SyslogHeader;

/// Longest header, in bytes: RFC 5424 allows structured data in it.
const HEADER_MAX: usize = 2_048;
/// Most brackets that are tried as the beginning of the object: structured data may have some.
const TRIES: usize = 4;
const COOKIE: &str = "@cee:";

/// The object of a line with its header; `None` for any other text.
pub(super) fn read(line: &[u8]) -> Option<(Value, SyslogHeader)> {
    let line = std::str::from_utf8(line).ok()?.trim();
    let begins = line.match_indices('{').map(|(at, _)| at).take(TRIES).take_while(|at| *at <= HEADER_MAX);
    begins.filter_map(|at| line.split_at_checked(at)).find_map(|(before, object)| {
        // RFC 5424 allows a byte order mark before a message in UTF-8.
        let before = before.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let header = before.strip_suffix(COOKIE);
        if header.is_none() && !SyslogHeader::is_header(before) {
            return None;
        }
        let value = serde_json::from_str::<Value>(object).ok().filter(Value::is_object)?;
        Some((value, SyslogHeader::parse(header.unwrap_or(before))))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_object_is_found_behind_every_header() {
        for (header, host) in [
            ("<134>1 2025-03-01T10:00:00Z fw-1 app - - - ", "fw-1"),
            ("<134>1 2025-03-01T10:00:00Z fw-1 app 12 id [o@1 a=\"{\" b=\"]\"] \u{feff}", "fw-1"),
            ("<134>Mar  1 10:00:00 fw-1 app[12]: ", "fw-1"),
            ("Mar  1 10:00:00 fw-1 app:", "fw-1"),
            ("2025-03-01T10:00:00+00:00 fw-1 app: @cee:", "fw-1"),
            ("<134>@cee: ", ""),
            ("@cee:", ""),
        ] {
            let (value, found) = read(format!("{header}{{\"a\": {{\"b\": 1}}}}").as_bytes()).unwrap();
            assert_eq!(value, json!({"a": {"b": 1}}), "{header}");
            assert_eq!(
                found.into_object().map_or(Value::Null, |parts| parts["host"].clone()).as_str().unwrap_or(""),
                host,
                "{header}"
            );
        }
    }

    #[test]
    fn other_texts_are_none() {
        for line in [
            "{\"a\": 1}",
            "\"a\": 1, {\"b\": 2}",
            "note: {\"a\": 1}",
            "<134>Mar 1 10:00:00 fw-1 app: {\"a\": 1",
            "<134>Mar 1 10:00:00 fw-1 app: {\"a\": 1} and more",
            "<134>Mar 1 10:00:00 fw-1 app: text",
            "<b>{}</b>",
        ] {
            assert_eq!(read(line.as_bytes()), None, "{line}");
        }
    }
}
