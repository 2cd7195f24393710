//! CSV tables: a first line of column names, then rows. Each row becomes an object of texts.

use std::io::{Error, ErrorKind, Read, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Map, Value};

use crate::formats::readers::syslog_lines::is_syslog;
use crate::formats::readers::window::Window;

/// Most columns, and the longest name of one in bytes.
const COLUMNS: usize = 2_000;
const NAME: usize = 200;

/// The line of a row, and the row as an object or its text with the reason why it is none.
pub(super) type Row = (usize, std::result::Result<Value, (String, &'static str)>);

/// Whether a body begins with a line of column names.
pub(super) fn begins_table(head: &[u8]) -> bool {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii();
    let Ok(line) = std::str::from_utf8(line) else { return false };
    let names: Vec<&str> = line.split(',').collect();
    let next = head.split(|&byte| byte == b'\n').nth(1).unwrap_or_default().trim_ascii_start();
    names.len() > 1
        && names.len() <= COLUMNS
        && !line.contains('{')
        && !is_syslog(line)
        && !matches!(next.first(), Some(b'{' | b'['))
        && names.iter().all(|name| {
            let name = name.trim().trim_matches('"').trim();
            !name.is_empty() && name.len() <= NAME && name.chars().any(char::is_alphabetic)
        })
}

/// Reads the rows of a table.
pub(super) struct TableRows<R: Read> {
    reader: csv::Reader<RowLimit<R>>,
    /// How many more bytes the present row may have.
    room: Arc<AtomicUsize>,
    limit: usize,
    names: Option<Vec<String>>,
    record: csv::ByteRecord,
    ended: bool,
    /// Whether there was no row so far.
    empty: bool,
}

/// Limits the size of a row, because a row with an unclosed quote does not end.
struct RowLimit<R> {
    window: Window<R>,
    room: Arc<AtomicUsize>,
}

impl<R: Read> Read for RowLimit<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let count = self.window.read(into)?;
        match self.room.load(Ordering::Relaxed).checked_sub(count) {
            Some(room) => self.room.store(room, Ordering::Relaxed),
            None => return Err(Error::new(ErrorKind::FileTooLarge, "a row never ends")),
        }
        Ok(count)
    }
}

impl<R: Read> TableRows<R> {
    pub(super) fn new(window: Window<R>, limit: usize) -> Self {
        let room = Arc::new(AtomicUsize::new(limit));
        let source = RowLimit { window, room: Arc::clone(&room) };
        let reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            // With both line breaks allowed, lines are counted one behind.
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(source);
        Self { reader, room, limit, names: None, record: csv::ByteRecord::new(), ended: false, empty: true }
    }

    /// Whether the table ended without a row; says so once.
    pub(super) fn was_empty(&mut self) -> bool {
        std::mem::take(&mut self.empty)
    }

    /// The next row with its line; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<Row>> {
        while !self.ended {
            self.room.store(self.limit, Ordering::Relaxed);
            let line = usize::try_from(self.reader.position().line()).unwrap_or(0);
            match self.reader.read_byte_record(&mut self.record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => match error.into_kind() {
                    csv::ErrorKind::Io(error) if error.kind() == ErrorKind::FileTooLarge => {
                        (self.ended, self.empty) = (true, false);
                        let why = "This row is incomplete: a quote is not closed.";
                        return Ok(Some((line, Err((String::new(), why)))));
                    }
                    csv::ErrorKind::Io(error) => return Err(error),
                    _ => break,
                },
            }
            let line = self.record.position().map_or(line, |at| usize::try_from(at.line()).unwrap_or(line));
            if self.names.is_none() {
                self.names = Some(self.record.iter().map(column_name).collect());
            } else if self.record.iter().any(|cell| !cell.trim_ascii().is_empty()) {
                self.empty = false;
                return Ok(Some((line, self.row_as_object())));
            }
        }
        self.ended = true;
        Ok(None)
    }

    fn row_as_object(&self) -> std::result::Result<Value, (String, &'static str)> {
        let mut object = Map::new();
        for (name, cell) in self.names.iter().flatten().zip(&self.record) {
            let Ok(text) = std::str::from_utf8(cell.strip_suffix(b"\r").unwrap_or(cell)) else {
                let raw = String::from_utf8_lossy(self.record.as_slice()).into_owned();
                return Err((raw, "This line is not valid UTF-8 text."));
            };
            if !text.is_empty() {
                object.insert(name.clone(), Value::String(text.to_owned()));
            }
        }
        Ok(Value::Object(object))
    }
}

/// Log Analytics writes the zone behind the names of times: "TimeGenerated [UTC]".
fn column_name(cell: &[u8]) -> String {
    let name = String::from_utf8_lossy(cell);
    let name = name.trim().trim_start_matches('\u{feff}');
    name.strip_suffix(" [UTC]").unwrap_or(name).to_owned()
}
