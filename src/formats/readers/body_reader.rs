//! Reads a body of any size item by item: from bytes to [`Incoming`] records.
//!
//! A bad item never costs the good ones, and a refused item keeps its text, so that it can be
//! read again after the cause is corrected.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read};

use serde_json::Value;

use crate::formats::envelope::{self, Wrapped};
use crate::formats::format::Format;
use crate::formats::not_taken::NotTaken;
use crate::formats::readers::encoding::Utf8Reader;
use crate::formats::readers::item::{Item, Raw, Stopped};
use crate::formats::readers::json_errors::why_not_json;
use crate::formats::readers::splitter::{ITEM_LIMIT, RawItem, Splitter};
use crate::formats::readers::table::{TableRows, begins_table};
use crate::formats::readers::window::Window;
use crate::formats::readers::{syslog_json, syslog_lines};
use crate::formats::record::read_record;
use crate::model::incoming::Incoming;

/// Most records of one item, which are in memory at once.
const WRAPPED_MAX: usize = 50_000;
const TOO_MANY: &str = "It contains more than 50,000 records, the most per item. The others were not read.";
/// Most bytes that are read to detect a table.
const HEAD: usize = 16 * 1024;

enum Source<R: Read> {
    New(Option<Window<Utf8Reader<R>>>),
    Json(Splitter<Utf8Reader<R>>),
    Table(TableRows<Utf8Reader<R>>),
}

/// Reads items from a source of plain bytes, one at a time.
pub struct BodyReader<R: Read> {
    format: Format,
    source: Source<R>,
    pending: VecDeque<Item>,
    item_limit: usize,
    stopped: bool,
}

impl<R: Read> BodyReader<R> {
    pub fn new(format: Format, source: R) -> Self {
        Self {
            format,
            source: Source::New(Some(Window::new(Utf8Reader::new(source)))),
            pending: VecDeque::new(),
            item_limit: ITEM_LIMIT,
            stopped: false,
        }
    }

    /// Sets the size of the largest item, in bytes.
    #[must_use]
    pub fn with_item_limit(mut self, item_limit: usize) -> Self {
        self.item_limit = item_limit;
        self
    }

    fn next_item(&mut self) -> std::io::Result<Option<Item>> {
        loop {
            if let Some(item) = self.pending.pop_front() {
                return Ok(Some(item));
            }
            match &mut self.source {
                Source::New(window) => {
                    let Some(window) = window.take() else { return Ok(None) };
                    self.choose_source(window)?;
                }
                Source::Json(splitter) => match splitter.next()? {
                    None => return Ok(None),
                    Some(raw_item) => self.add_raw_item(raw_item),
                },
                Source::Table(rows) => match rows.next()? {
                    None if rows.was_empty() => {
                        let why = NotTaken::Skipped("This table has only column names and no rows.".to_owned());
                        return Ok(Some(Item { line: Some(1), record: Err(why), raw: None }));
                    }
                    None => return Ok(None),
                    Some((line, Ok(row))) => {
                        let raw = row.to_string();
                        self.add_records(Some(line), &row, raw.as_bytes(), envelope::DEPTH_MAX);
                    }
                    Some((line, Err((raw, why)))) => {
                        self.pending.push_back(refused_item(Some(line), why, Raw::new(raw.as_bytes(), false)));
                    }
                },
            }
        }
    }

    fn choose_source(&mut self, mut window: Window<Utf8Reader<R>>) -> std::io::Result<()> {
        let _ = window.byte_at(3)?;
        if window.rest().starts_with(b"\xef\xbb\xbf") {
            window.advance(3);
        }
        // A table is detected by its first two lines, everything else by its first byte.
        let plain = !matches!(window.rest().trim_ascii_start().first(), Some(b'{' | b'[') | None);
        let mut lines = 0;
        let mut at = 0;
        while plain && at < HEAD && lines < 2 {
            let Some(byte) = window.byte_at(at)? else { break };
            lines += usize::from(byte == b'\n');
            at += 1;
        }
        self.source = if plain && begins_table(window.slice(0, HEAD)) {
            Source::Table(TableRows::new(window, self.item_limit))
        } else {
            Source::Json(Splitter::new(window, self.item_limit))
        };
        Ok(())
    }

    fn add_raw_item(&mut self, raw_item: RawItem) {
        match raw_item {
            RawItem::Empty { line } => {
                let why = NotTaken::Skipped(envelope::NO_ALERTS.to_owned());
                self.pending.push_back(Item { line, record: Err(why), raw: None });
            }
            RawItem::Bad { line, raw, cut, why } => {
                let why = if why.is_empty() { why_not_json(line, &raw) } else { why.to_owned() };
                self.pending.push_back(refused_item(line, &why, Raw::new(&raw, cut)));
            }
            RawItem::Value { line, text } => {
                if let Ok(value) = serde_json::from_slice::<Value>(&text) {
                    self.add_records(line, &value, &text, envelope::DEPTH_MAX);
                } else if let Some(value) = syslog_lines::read(&text) {
                    self.add_records(line, &value, &text, envelope::DEPTH_MAX);
                } else if let Some((value, header)) = syslog_json::read(&text) {
                    let from = self.pending.len();
                    self.add_records(line, &value, &text, envelope::DEPTH_MAX);
                    let records = self.pending.range_mut(from..).filter_map(|item| item.record.as_mut().ok());
                    records.for_each(|record| header.complete(record));
                } else {
                    let why = why_not_json(line, &text);
                    self.pending.push_back(refused_item(line, &why, Raw::new(&text, false)));
                }
            }
        }
    }

    /// Adds a record, or the records of a wrapper, which may be wrapped `depth` times more.
    fn add_records(&mut self, line: Option<usize>, value: &Value, text: &[u8], depth: usize) {
        let wrapped = match &self.format {
            Format::Mapped(mapping) => match mapping.records(value) {
                Some(found) => return self.add_mapped(line, found),
                None => envelope::open(&self.format, value),
            },
            _ if depth == 0 => None,
            format => envelope::open(format, value),
        };
        match wrapped {
            None => {
                let item = self.read_item(line, value, |_| Raw::new(text, false));
                self.pending.push_back(item);
            }
            Some(Wrapped::NotTaken(why)) => self.pending.push_back(Item { line, record: Err(why), raw: None }),
            Some(Wrapped::Records(list)) if matches!(self.format, Format::Mapped(_)) => {
                self.add_mapped(line, list.into_iter().map(Ok).collect());
            }
            Some(Wrapped::Records(list)) => {
                for value in &list {
                    if self.pending.len() >= WRAPPED_MAX {
                        self.pending.push_back(refused_item(line, TOO_MANY, Raw::new(b"", false)));
                        return;
                    }
                    self.add_records(line, value, value.to_string().as_bytes(), depth - 1);
                }
            }
        }
    }

    /// Adds the records that a mapping found.
    fn add_mapped(&mut self, line: Option<usize>, list: Vec<Result<Value, NotTaken>>) {
        for found in list {
            if self.pending.len() >= WRAPPED_MAX {
                self.pending.push_back(refused_item(line, TOO_MANY, Raw::new(b"", false)));
                return;
            }
            let item = match found {
                Ok(value) => self.read_item(line, &value, |value| Raw::new(value.to_string().as_bytes(), false)),
                Err(why) => Item { line, record: Err(why), raw: None },
            };
            self.pending.push_back(item);
        }
    }

    fn read_item(&self, line: Option<usize>, value: &Value, raw: impl FnOnce(&Value) -> Raw) -> Item {
        let record = read_record(&self.format, value);
        let kept = match &record {
            Err(NotTaken::Refused(_)) => true,
            Ok(Incoming::Incident(_, _, refused)) => !refused.is_empty(),
            _ => false,
        };
        Item { line, raw: kept.then(|| raw(value)), record }
    }
}

impl<R: Read> Iterator for BodyReader<R> {
    type Item = Result<Item, Stopped>;

    /// The next item. After an error there are no more.
    fn next(&mut self) -> Option<Self::Item> {
        if self.stopped {
            return None;
        }
        match self.next_item() {
            Ok(item) => item.map(Ok),
            Err(error) => {
                self.stopped = true;
                tracing::debug!("a body was not read to its end: {error}");
                Some(Err(match error.kind() {
                    ErrorKind::FileTooLarge => Stopped::TooLarge,
                    ErrorKind::QuotaExceeded => Stopped::UnpacksTooFar,
                    ErrorKind::ConnectionAborted => Stopped::BrokenOff,
                    ErrorKind::TimedOut => Stopped::TooSlow,
                    _ => Stopped::Damaged,
                }))
            }
        }
    }
}

/// Reads a body that is in memory.
pub fn read_body(format: &Format, body: &[u8]) -> Vec<Item> {
    BodyReader::new(format.clone(), body).filter_map(Result::ok).collect()
}

fn refused_item(line: Option<usize>, why: &str, raw: Raw) -> Item {
    Item { line, record: Err(NotTaken::Refused(why.to_owned())), raw: Some(raw) }
}
