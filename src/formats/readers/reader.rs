//! A body read item by item, whatever its size: from bytes to [`Incoming`] records.
//!
//! One bad item never costs the good ones, and what is refused keeps its text, so that it can be
//! read again once the mistake is mended.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read};

use serde_json::Value;

use crate::formats::envelope::records_of;
use crate::formats::format::Format;
use crate::formats::not_taken::NotTaken;
use crate::formats::read_record;
use crate::formats::readers::splitter::{ENVELOPES, ITEM_LIMIT, RAW_LIMIT, Splitter, Unit};
use crate::formats::readers::table::{Rows, begins_table};
use crate::formats::readers::window::Window;
use crate::model::incoming::Incoming;

/// How much of the beginning tells a table from everything else, in bytes.
const HEAD: usize = 16 * 1024;
/// Most members of an object that is only an envelope.
const ENVELOPE_MEMBERS: usize = 10;

/// One record of a body, or why it is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Counted from 1; `None` when the body is one JSON value.
    pub line: Option<usize>,
    pub record: Result<Incoming, NotTaken>,
    /// What came, kept when it was refused, wholly or in part.
    pub raw: Option<Raw>,
}

/// The text of something that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Raw {
    /// At most 256 KiB, without NUL, which no database of ours can hold.
    pub text: String,
    /// There was more of it.
    pub cut: bool,
}

impl Raw {
    pub(crate) fn of_text(text: &str) -> Self {
        Self::new(text.as_bytes(), false)
    }

    fn new(bytes: &[u8], cut: bool) -> Self {
        let kept = bytes.get(..RAW_LIMIT).unwrap_or(bytes);
        let text = String::from_utf8_lossy(kept).replace('\0', "\u{2400}");
        Self { text, cut: cut || kept.len() < bytes.len() }
    }
}

/// Why a body was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// It has more bytes than are taken.
    TooLarge,
    /// Whoever sent it went away or fell silent.
    BrokenOff,
    /// It cannot be unpacked.
    Damaged,
}

enum Source<R: Read> {
    New(Option<Window<R>>),
    Json(Splitter<R>),
    Table(Rows<R>),
}

/// Reads items from a source of plain bytes, one at a time.
pub struct Reader<R: Read> {
    format: Format,
    source: Source<R>,
    pending: VecDeque<Item>,
    item_limit: usize,
    stopped: bool,
}

impl<R: Read> Reader<R> {
    pub fn new(format: Format, source: R) -> Self {
        Self {
            format,
            source: Source::New(Some(Window::new(source))),
            pending: VecDeque::new(),
            item_limit: ITEM_LIMIT,
            stopped: false,
        }
    }

    /// With another size of the largest item, in bytes.
    #[must_use]
    pub fn with_item_limit(mut self, item_limit: usize) -> Self {
        self.item_limit = item_limit;
        self
    }

    fn read(&mut self) -> std::io::Result<Option<Item>> {
        loop {
            if let Some(item) = self.pending.pop_front() {
                return Ok(Some(item));
            }
            match &mut self.source {
                Source::New(window) => {
                    let Some(window) = window.take() else { return Ok(None) };
                    self.begin(window)?;
                }
                Source::Json(splitter) => match splitter.next()? {
                    None => return Ok(None),
                    Some(unit) => self.take_unit(unit),
                },
                Source::Table(rows) => match rows.next()? {
                    None => return Ok(None),
                    Some((line, Ok(row))) => {
                        let raw = row.to_string();
                        self.expand(Some(line), &row, raw.as_bytes());
                    }
                    Some((line, Err((raw, why)))) => {
                        self.pending.push_back(refused(Some(line), why, Raw::new(raw.as_bytes(), false)));
                    }
                },
            }
        }
    }

    fn begin(&mut self, mut window: Window<R>) -> std::io::Result<()> {
        let _ = window.byte(3)?;
        if is_utf16(window.rest()) {
            let why = "This is UTF-16 text; save it as UTF-8.";
            self.pending.push_back(refused(None, why, Raw::default()));
            return Ok(());
        }
        if window.rest().starts_with(b"\xef\xbb\xbf") {
            window.pass(3);
        }
        // A table needs its second line to be known; everything else is known by its first byte.
        let plain = !matches!(window.rest().trim_ascii_start().first(), Some(b'{' | b'[') | None);
        let mut lines = 0;
        let mut at = 0;
        while plain && at < HEAD && lines < 2 {
            let Some(byte) = window.byte(at)? else { break };
            lines += usize::from(byte == b'\n');
            at += 1;
        }
        self.source = if plain && begins_table(window.part(0, HEAD)) {
            Source::Table(Rows::new(window, self.item_limit))
        } else {
            Source::Json(Splitter::new(window, self.item_limit))
        };
        Ok(())
    }

    fn take_unit(&mut self, unit: Unit) {
        match unit {
            Unit::Bad { line, raw, cut, why } => {
                let told = if why.is_empty() { why_not_json(&raw) } else { why.to_owned() };
                self.pending.push_back(refused(line, &told, Raw::new(&raw, cut)));
            }
            Unit::Value { line, text } => {
                if let Ok(value) = serde_json::from_slice::<Value>(&text) {
                    self.expand(line, &value, &text);
                } else {
                    let why = why_not_json(&text);
                    self.pending.push_back(refused(line, &why, Raw::new(&text, false)));
                }
            }
        }
    }

    fn expand(&mut self, line: Option<usize>, value: &Value, text: &[u8]) {
        let mapped = match &self.format {
            Format::Mapped(mapping) => mapping.records(value),
            _ => None,
        };
        if let Some(list) = mapped {
            self.take_all(line, &list);
        } else if let Some(list) = envelope(value).or_else(|| records_of(value)) {
            self.take_all(line, list);
        } else {
            let item = self.item(line, value, |_| Raw::new(text, false));
            self.pending.push_back(item);
        }
    }

    fn take_all(&mut self, line: Option<usize>, list: &[Value]) {
        if list.is_empty() && line.is_some() {
            let why = "This line is an empty list: there is no alert in it.";
            self.pending.push_back(refused(line, why, Raw::of_text("[]")));
        }
        for value in list {
            let item = self.item(line, value, |value| Raw::new(value.to_string().as_bytes(), false));
            self.pending.push_back(item);
        }
    }

    fn item(&self, line: Option<usize>, value: &Value, raw: impl FnOnce(&Value) -> Raw) -> Item {
        let record = read_record(&self.format, value);
        let kept = match &record {
            Err(NotTaken::Refused(_)) => true,
            Ok(Incoming::Incident(_, _, refused)) => !refused.is_empty(),
            _ => false,
        };
        Item { line, raw: kept.then(|| raw(value)), record }
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Item, Stopped>;

    /// The next item. An error is the last thing that comes.
    fn next(&mut self) -> Option<Self::Item> {
        if self.stopped {
            return None;
        }
        match self.read() {
            Ok(item) => item.map(Ok),
            Err(error) => {
                self.stopped = true;
                tracing::debug!("a body was not read to its end: {error}");
                Some(Err(match error.kind() {
                    ErrorKind::FileTooLarge => Stopped::TooLarge,
                    ErrorKind::ConnectionAborted => Stopped::BrokenOff,
                    _ => Stopped::Damaged,
                }))
            }
        }
    }
}

/// Reads a body that is there as a whole.
pub fn read_body(format: &Format, body: &[u8]) -> Vec<Item> {
    Reader::new(format.clone(), body).filter_map(Result::ok).collect()
}

/// The list of an object that is nothing but an envelope around one.
fn envelope(value: &Value) -> Option<&Vec<Value>> {
    let object = value.as_object()?;
    if object.len() > ENVELOPE_MEMBERS {
        return None;
    }
    let list = ENVELOPES.iter().find_map(|name| object.get(*name)?.as_array())?;
    let only = object.iter().all(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let about_the_list = name.starts_with('@')
            || ["count", "total", "next", "page", "offset", "limit", "cursor", "success", "took", "timed"]
                .iter()
                .any(|known| name.starts_with(known));
        ENVELOPES.iter().any(|known| known.eq_ignore_ascii_case(&name)) || (about_the_list && !value.is_object())
    });
    (only && list.iter().all(Value::is_object)).then_some(list)
}

fn is_utf16(head: &[u8]) -> bool {
    match head {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        [a, b, c, d, ..] => (*a == 0 && *b != 0 && *c == 0 && *d != 0) || (*a != 0 && *b == 0 && *c != 0 && *d == 0),
        _ => false,
    }
}

fn refused(line: Option<usize>, why: &str, raw: Raw) -> Item {
    Item { line, record: Err(NotTaken::Refused(why.to_owned())), raw: Some(raw) }
}

/// Why a text is no JSON value, in a sentence.
fn why_not_json(text: &[u8]) -> String {
    let what = if text.trim_ascii_end().contains(&b'\n') { "The text" } else { "This line" };
    let Ok(text) = std::str::from_utf8(text) else {
        return format!("{what} is not valid UTF-8 text.");
    };
    let Err(error) = serde_json::from_str::<Value>(text.trim()) else {
        return format!("{what} is not JSON.");
    };
    let told = error.to_string();
    if error.is_eof() {
        format!("{what} is not complete JSON: it breaks off at the end.")
    } else if told.contains("recursion limit") {
        format!("{what} is nested too deeply.")
    } else if told.contains("out of range") {
        format!("{what} has a number that is too large.")
    } else if error.line() > 1 {
        format!("{what} is not JSON: it goes wrong in its line {}, column {}.", error.line(), error.column())
    } else {
        format!("{what} is not JSON: it goes wrong at column {}.", error.column())
    }
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

    #[test]
    fn a_cut_off_line_costs_no_line_after_it() {
        for cut in ["{\"a\":1", "{\"a\":", "{\"a\":\"x", "{\"a\":[1,", "{\"a\"", "{", "[{\"a\":"] {
            let body = format!("{ALERT}\n{cut}\n{ALERT}\n{ALERT}\n");
            let good = shape(&body).into_iter().filter(|(_, good)| *good).count();
            assert_eq!(good, 3, "{cut}: {:?}", shape(&body));
            assert!(shape(&body).iter().any(|(line, good)| !good && *line == Some(2)), "{cut}");
        }
    }

    #[test]
    fn a_damaged_item_of_a_list_costs_only_itself() {
        for bad in ["{\"a\" 1}", "{'a':1}", "{\"a\":[1,}", "nonsense", "{\"a\":\"\u{1}\"}", "{\"a\":{\"b\":,}}"] {
            for (open, close) in [("[", "]"), ("{\"value\":[", "],\"x\":1}")] {
                let body = format!("{open}{ALERT},{bad},{ALERT}{close}");
                let found: Vec<bool> = shape(&body).into_iter().map(|(_, good)| good).collect();
                assert_eq!(found, [true, false, true], "{body}");
            }
            let pretty = format!("[\n  {ALERT},\n  {bad},\n  {ALERT}\n]\n");
            let found: Vec<bool> = shape(&pretty).into_iter().map(|(_, good)| good).collect();
            assert_eq!(found, [true, false, true], "{pretty}");
        }
    }

    #[test]
    fn a_damaged_pretty_item_is_one_error_and_the_next_is_read() {
        let pretty =
            format!("{{\n  \"x\": [\n    {{\n      \"y\": 1\n    }}\n  ],\n{}", &ALERT[1..].replace(',', ",\n  "));
        let broken = pretty.replacen("1\n", "1 oops\n", 1);
        for (open, indent, close) in [("", "", ""), ("[\n", "  ", "\n]")] {
            let body = [&pretty, &broken, &pretty]
                .map(|item| item.lines().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n"))
                .join(if open.is_empty() { "\n" } else { ",\n" });
            let body = format!("{open}{body}{close}");
            let found: Vec<bool> = shape(&body).into_iter().map(|(_, good)| good).collect();
            assert_eq!(found, [true, false, true], "{body}");
        }
    }

    #[test]
    fn an_item_that_is_too_large_is_passed_over_to_its_end() {
        let large = format!("{{\"title\":\"{}\",\"a\":[1,{{}}]}}", "x".repeat(5_000));
        for body in [format!("{ALERT}\n{large}\n{ALERT}"), format!("[{ALERT},{large},{ALERT}]")] {
            let items: Vec<Item> =
                Reader::new(Format::Auto, body.as_bytes()).with_item_limit(1_000).filter_map(Result::ok).collect();
            let good: Vec<bool> = items.iter().map(|item| item.record.is_ok()).collect();
            assert_eq!(good, [true, false, true]);
        }
        let many = format!("{{\"count\":9,\"alerts\":[{}]}}", vec![ALERT; 50].join(","));
        let items = Reader::new(Format::Auto, many.as_bytes()).with_item_limit(1_000).filter_map(Result::ok).count();
        assert_eq!(items, 50, "an envelope larger than an item is taken apart");
    }

    /// Gives a few bytes at a time, so that more has to be waited for in all kinds of places.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let (now, later) = self.0.split_at(self.0.len().min(11).min(into.len()));
            into[..now.len()].copy_from_slice(now);
            self.0 = later;
            Ok(now.len())
        }
    }

    #[test]
    fn whatever_is_changed_in_a_body_is_read_without_panic_and_alike_in_any_parts() {
        let bodies = [
            format!("{ALERT}\n{ALERT}\r\n\n{ALERT}"),
            format!("[{ALERT},\n {ALERT} , {ALERT}]"),
            format!("{{\"@odata.context\":\"x\",\"value\":[{ALERT},{ALERT}],\"b\":[1,2]}}"),
            format!("{}\n{}", ALERT.replace(',', ",\n "), ALERT.replace('{', "{\n ")),
            format!("{{\"alerts\":[{ALERT}]}}\n{{\"id\":\"1\",\"displayName\":\"x\",\"alerts\":[{ALERT}]}}"),
            "id,title,createdDateTime\n1,\"a\nb\",2025-03-01T10:00:00Z\n2,c,d\n".to_owned(),
        ];
        let mut random = fastrand::Rng::with_seed(7);
        let pieces: [&[u8]; 12] =
            [b"\"", b"\\", b"{", b"}", b"[", b"]", b"\n", b"\xef\xbb\xbf", b"\0", b"\xff", b",", b"\"value\":["];
        for round in 0..2_000 {
            let mut body = bodies[round % bodies.len()].clone().into_bytes();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(..=body.len());
                match random.u8(..4) {
                    0 => body.truncate(at),
                    1 => drop(body.drain(at..(at + random.usize(..20)).min(body.len()))),
                    2 => drop(body.splice(at..at, pieces[random.usize(..pieces.len())].iter().copied())),
                    _ => body.iter_mut().skip(at).take(1).for_each(|byte| *byte = random.u8(..)),
                }
            }
            let whole = read_body(&Format::Auto, &body);
            let dripped: Vec<Item> = Reader::new(Format::Auto, Drip(&body)).filter_map(Result::ok).collect();
            assert_eq!(whole, dripped, "{}", String::from_utf8_lossy(&body));
            let small = Reader::new(Format::Auto, body.as_slice()).with_item_limit(40).count();
            assert!(small <= body.len() + 1);
        }
    }
}
