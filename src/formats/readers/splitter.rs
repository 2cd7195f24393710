//! Splits a JSON body into items, with at most one item in memory.
//!
//! A body is one object, a list, an envelope around a list, one value in each line, or several values in a
//! row. Lists and envelopes are split while they are read. A damaged item costs only itself:
//! reading continues at the next line that begins an item.

mod damage;
mod scan;

use std::io::{Read, Result};

use crate::formats::envelope::ENVELOPES;
use crate::formats::readers::json_grammar::{JsonScanner, Step};
use crate::formats::readers::window::Window;

/// Largest item, in bytes.
pub const ITEM_LIMIT: usize = 16 * 1024 * 1024;
/// Most bytes that are read to distinguish lines from one value.
const LOOK_AHEAD: usize = 64 * 1024;
/// Graph's member for the list: an object with it is always an envelope, unless the list is empty. With a member
/// of `ENVELOPES` it is one only when it is too large to be one item.
const GRAPH_ENVELOPE: &[u8] = b"value";

/// Most bytes of a member's name that are compared.
const NAME_MAX: usize = 32;

const BREAKS_OFF: &str = "It is incomplete JSON: the end is missing.";
const TOO_DEEP: &str = "It is nested too deeply.";
const TOO_LARGE: &str = "It is larger than 16 MiB, the most per item.";

/// One item as bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum RawItem {
    /// The text of one value, or a line that should have been one.
    Value { line: Option<usize>, text: Vec<u8> },
    /// An empty list on a line of its own, or in an envelope that is too large to be one item.
    Empty { line: Option<usize> },
    /// Text that cannot be an item. `raw` is its beginning; `cut`: there was more.
    Bad { line: Option<usize>, raw: Vec<u8>, cut: bool, why: &'static str },
}

#[derive(Debug)]
enum Position {
    Start,
    Top,
    /// In a list; `tail` scans the rest of its envelope, if it is in one.
    List {
        line: usize,
        /// Whether its items are reported with their line.
        counted: bool,
        empty: bool,
        tail: Option<JsonScanner>,
    },
    /// After the list of an envelope; `counted` as in the list.
    Tail {
        scanner: JsonScanner,
        counted: bool,
    },
    Ended,
}

/// Splits a body into items.
pub(super) struct Splitter<R> {
    window: Window<R>,
    position: Position,
    /// The line in which the window begins, from 1, and the indentation of that line, in bytes.
    line: usize,
    indent: usize,
    /// Whether only white space of that line has been read.
    at_indent: bool,
    /// Whether the first line is a complete item and more lines follow.
    first_line_is_item: bool,
    items: usize,
    /// The indentation of the first line of the damaged item whose rest is being skipped.
    damaged_indent: Option<usize>,
    /// Bytes that were read again after a damaged item.
    read_again: usize,
    item_limit: usize,
}

impl<R: Read> Splitter<R> {
    pub(super) fn new(window: Window<R>, item_limit: usize) -> Self {
        Self {
            window,
            position: Position::Start,
            line: 1,
            indent: 0,
            at_indent: true,
            first_line_is_item: false,
            items: 0,
            damaged_indent: None,
            read_again: 0,
            item_limit,
        }
    }

    /// The next item; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<RawItem>> {
        loop {
            let item = match &mut self.position {
                Position::Ended => return Ok(None),
                Position::Start => {
                    self.position = Position::Top;
                    self.first_line_is_item = self.look_ahead()?;
                    None
                }
                Position::Top => self.next_at_top()?,
                Position::List { .. } => self.next_in_list()?,
                Position::Tail { scanner, counted } => {
                    let (scanner, counted) = (scanner.clone(), *counted);
                    self.skip_tail(scanner, counted)?
                }
            };
            if item.is_some() {
                self.items += 1;
                return Ok(item);
            }
        }
    }

    fn next_at_top(&mut self) -> Result<Option<RawItem>> {
        self.skip_blank()?;
        let Some(first) = self.window.byte_at(0)? else {
            self.position = Position::Ended;
            return Ok(None);
        };
        match first {
            _ if self.is_remainder(first) => {
                self.skip_line(&mut Vec::new())?;
            }
            b',' if self.items > 0 => self.advance(1),
            b']' | b'}' if self.damaged_indent.is_some() => self.advance(1),
            b'{' => return self.next_item(),
            b'[' => {
                self.position =
                    Position::List { line: self.line, counted: self.counts_lines(), empty: true, tail: None };
                self.advance(1);
            }
            _ => return self.plain_line().map(Some),
        }
        Ok(None)
    }

    fn next_in_list(&mut self) -> Result<Option<RawItem>> {
        self.skip_blank()?;
        let Some(first) = self.window.byte_at(0)? else {
            self.position = Position::Ended;
            return Ok(Some(self.bad_item(Vec::new(), false, "The list is incomplete: the end is missing.")));
        };
        match first {
            _ if self.is_remainder(first) => {
                self.skip_line(&mut Vec::new())?;
            }
            b',' => self.advance(1),
            b'}' if self.damaged_indent.is_some() => self.advance(1),
            b']' => {
                self.advance(1);
                return Ok(self.leave_list());
            }
            _ => {
                if let Position::List { empty, .. } = &mut self.position {
                    *empty = false;
                }
                return self.next_item();
            }
        }
        Ok(None)
    }

    fn leave_list(&mut self) -> Option<RawItem> {
        self.damaged_indent = None;
        let position = std::mem::replace(&mut self.position, Position::Top);
        let Position::List { line, counted, empty, tail } = position else { return None };
        let in_envelope = tail.is_some();
        if let Some(scanner) = tail {
            self.position = Position::Tail { scanner, counted };
        }
        (empty && (counted || in_envelope)).then(|| RawItem::Empty { line: counted.then_some(line) })
    }

    /// Skips the rest of an envelope after its list, up to a further list of records.
    fn skip_tail(&mut self, mut scanner: JsonScanner, counted: bool) -> Result<Option<RawItem>> {
        self.position = Position::Top;
        let mut name = Vec::new();
        while let Some(byte) = self.window.byte_at(0)? {
            match byte {
                _ if scanner.depth() != 1 => {}
                b'"' if scanner.wants_name() => name.clear(),
                b'[' if scanner.wants_value() && is_list_name(&name) && self.begins_objects(1)? => {
                    return Ok(self.enter_list(1, scanner, counted));
                }
                byte if scanner.in_text() && byte != b'"' && name.len() < NAME_MAX => name.push(byte),
                _ => {}
            }
            match scanner.push(byte) {
                Step::Open => self.advance(1),
                Step::Closed | Step::ClosedBefore => {
                    self.advance(1);
                    return Ok(None);
                }
                Step::Invalid => {
                    let mut raw = Vec::new();
                    let cut = self.skip_line(&mut raw)?;
                    return Ok(Some(self.bad_item(raw, cut, "The text after the list is not JSON.")));
                }
            }
        }
        Ok(Some(self.bad_item(Vec::new(), false, "The text is incomplete after the list.")))
    }

    /// Reads one item, or enters the list of an envelope.
    fn next_item(&mut self) -> Result<Option<RawItem>> {
        let mut scanner = JsonScanner::new();
        let top = matches!(self.position, Position::Top);
        let (mut at, mut name) = (0, 0..0);
        let mut envelope: Option<(usize, JsonScanner)> = None;
        loop {
            at = self.skip_plain_text(&scanner, at);
            let Some(byte) = self.window.byte_at(at)? else {
                return if scanner.depth() == 0 && !scanner.wants_value() && !scanner.in_text() {
                    Ok(Some(self.whole_item(at)))
                } else {
                    self.recover(at, BREAKS_OFF).map(Some)
                };
            };
            if top && scanner.depth() == 1 {
                if scanner.wants_name() && byte == b'"' {
                    name.start = at + 1;
                } else if byte == b'[' && scanner.wants_value() {
                    let name = self.window.slice(name.start, name.end).to_vec();
                    if name == GRAPH_ENVELOPE && self.begins_objects(at + 1)? {
                        return Ok(self.enter_list(at + 1, scanner, self.counts_lines()));
                    }
                    if envelope.is_none() && is_list_name(&name) {
                        envelope = Some((at + 1, scanner.clone()));
                    }
                }
            }
            match scanner.push(byte) {
                Step::Open => {
                    if top && scanner.depth() == 1 && scanner.wants_colon() && byte == b'"' {
                        name.end = at;
                    }
                    at += 1;
                }
                Step::Closed => return Ok(Some(self.whole_item(at + 1))),
                Step::ClosedBefore => return Ok(Some(self.whole_item(at))),
                Step::Invalid => return self.damaged(at, &scanner).map(Some),
            }
            if at > self.item_limit {
                return match envelope {
                    Some((begin, scanner)) => Ok(self.enter_list(begin, scanner, self.counts_lines())),
                    None => self.skip_oversized(at, scanner).map(Some),
                };
            }
        }
    }

    /// Handles an invalid byte at `at`.
    fn damaged(&mut self, at: usize, scanner: &JsonScanner) -> Result<RawItem> {
        let why = if scanner.too_deep() { TOO_DEEP } else { "" };
        let one_line = !self.window.slice(0, at + 1).contains(&b'\n');
        let top = matches!(self.position, Position::Top);
        if one_line && !top { self.skip_damaged(at, scanner, why) } else { self.recover(at, why) }
    }

    fn enter_list(&mut self, begin: usize, mut scanner: JsonScanner, counted: bool) -> Option<RawItem> {
        scanner.skip_value();
        self.position = Position::List { line: self.line, counted, empty: true, tail: Some(scanner) };
        self.advance(begin);
        None
    }

    fn whole_item(&mut self, length: usize) -> RawItem {
        let text = self.window.slice(0, length).to_vec();
        let alone = !text.contains(&b'\n');
        let line = (alone && self.counts_lines()).then_some(self.line);
        self.damaged_indent = None;
        self.advance(length);
        RawItem::Value { line, text }
    }

    fn bad_item(&self, raw: Vec<u8>, cut: bool, why: &'static str) -> RawItem {
        RawItem::Bad { line: Some(self.line), raw, cut, why }
    }
}

/// Whether a member of this name may be the list of an envelope.
fn is_list_name(name: &[u8]) -> bool {
    name == GRAPH_ENVELOPE || ENVELOPES.iter().any(|known| known.as_bytes() == name)
}
