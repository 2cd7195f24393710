//! Where one item of a body ends and the next begins, without ever holding more than one item.
//!
//! A body is one object, a list, an envelope around a list, one value a line, or values one after
//! the other. Lists and envelopes are taken apart as they come. What is damaged costs only itself:
//! reading goes on at the next line that begins an item.

mod damage;
mod scan;

use std::io::{Read, Result};

use crate::formats::envelope::ENVELOPES;
use crate::formats::readers::json_grammar::{Machine, Step};
use crate::formats::readers::window::Window;

/// Largest item, in bytes.
pub const ITEM_LIMIT: usize = 16 * 1024 * 1024;
/// How far the beginning is looked at to tell lines from one value.
const LOOK_AHEAD: usize = 64 * 1024;
/// Graph's member for the list, which makes an envelope whatever stands beside it; those of
/// `ENVELOPES` only do when the whole is too large to be one item.
const GRAPH_ENVELOPE: &[u8] = b"value";

const BREAKS_OFF: &str = "It is not complete JSON: it breaks off at the end.";
const TOO_DEEP: &str = "It is nested too deeply.";
const TOO_LARGE: &str = "It is larger than 16 MiB, the most that one item may have.";

/// One item as it came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// The text of one value, or a line that should have been one.
    Value { line: Option<usize>, text: Vec<u8> },
    /// What cannot be one. `raw` is its beginning, `cut` says that there was more.
    Bad { line: Option<usize>, raw: Vec<u8>, cut: bool, why: &'static str },
}

#[derive(Debug)]
enum Place {
    Start,
    Top,
    /// In a list, with what follows it when it stands in an envelope.
    List {
        line: usize,
        /// Whether its items are told by their lines.
        counted: bool,
        empty: bool,
        tail: Option<Machine>,
    },
    /// Behind an envelope's list.
    Tail(Machine),
    Ended,
}

/// Takes a body apart.
pub(super) struct Splitter<R> {
    window: Window<R>,
    place: Place,
    /// The line in which the window begins, from 1, and how far that line is indented, in bytes.
    line: usize,
    indent: usize,
    /// Nothing but white space has been passed of that line.
    at_indent: bool,
    /// Whether the body's first value has a line of its own, with others behind it.
    numbered: bool,
    units: usize,
    /// How far the first line of the damaged item is indented whose remainder is still being passed
    /// over.
    broken: Option<usize>,
    item_limit: usize,
}

impl<R: Read> Splitter<R> {
    pub(super) fn new(window: Window<R>, item_limit: usize) -> Self {
        Self {
            window,
            place: Place::Start,
            line: 1,
            indent: 0,
            at_indent: true,
            numbered: false,
            units: 0,
            broken: None,
            item_limit,
        }
    }

    /// The next item; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<Unit>> {
        loop {
            let unit = match &mut self.place {
                Place::Ended => return Ok(None),
                Place::Start => {
                    self.place = Place::Top;
                    self.numbered = self.look_ahead()?;
                    None
                }
                Place::Top => self.top()?,
                Place::List { .. } => self.element()?,
                Place::Tail(machine) => {
                    let machine = machine.clone();
                    self.tail(machine)?
                }
            };
            if unit.is_some() {
                self.units += 1;
                return Ok(unit);
            }
        }
    }

    fn top(&mut self) -> Result<Option<Unit>> {
        self.blank()?;
        let Some(first) = self.window.byte(0)? else {
            self.place = Place::Ended;
            return Ok(None);
        };
        match first {
            _ if self.is_remainder(first) => {
                self.skip_line(&mut Vec::new())?;
            }
            b',' if self.units > 0 => self.pass(1),
            b']' | b'}' if self.broken.is_some() => self.pass(1),
            b'{' => return self.item(),
            b'[' => {
                self.place = Place::List { line: self.line, counted: self.counts_lines(), empty: true, tail: None };
                self.pass(1);
            }
            _ => return self.plain_line().map(Some),
        }
        Ok(None)
    }

    fn element(&mut self) -> Result<Option<Unit>> {
        self.blank()?;
        let Some(first) = self.window.byte(0)? else {
            self.place = Place::Ended;
            return Ok(Some(self.bad(Vec::new(), false, "The list breaks off before its end.")));
        };
        match first {
            _ if self.is_remainder(first) => {
                self.skip_line(&mut Vec::new())?;
            }
            b',' => self.pass(1),
            b'}' if self.broken.is_some() => self.pass(1),
            b']' => {
                self.pass(1);
                return Ok(self.leave_list());
            }
            _ => {
                if let Place::List { empty, .. } = &mut self.place {
                    *empty = false;
                }
                return self.item();
            }
        }
        Ok(None)
    }

    fn leave_list(&mut self) -> Option<Unit> {
        self.broken = None;
        let place = std::mem::replace(&mut self.place, Place::Top);
        let Place::List { line, counted, empty, tail } = place else { return None };
        if let Some(tail) = tail {
            self.place = Place::Tail(tail);
        }
        let why = "This line is an empty list: there is no alert in it.";
        (empty && counted).then(|| Unit::Bad { line: Some(line), raw: b"[]".to_vec(), cut: false, why })
    }

    /// Passes over what an envelope says behind its list.
    fn tail(&mut self, mut machine: Machine) -> Result<Option<Unit>> {
        self.place = Place::Top;
        while let Some(byte) = self.window.byte(0)? {
            match machine.push(byte) {
                Step::Open => self.pass(1),
                Step::Closed | Step::ClosedBefore => {
                    self.pass(1);
                    return Ok(None);
                }
                Step::Wrong => {
                    let mut raw = Vec::new();
                    let cut = self.skip_line(&mut raw)?;
                    return Ok(Some(self.bad(raw, cut, "What follows the list is not JSON.")));
                }
            }
        }
        Ok(Some(self.bad(Vec::new(), false, "The text breaks off behind its list.")))
    }

    /// Reads one value, or enters the list of an envelope.
    fn item(&mut self) -> Result<Option<Unit>> {
        let mut machine = Machine::new();
        let top = matches!(self.place, Place::Top);
        let (mut at, mut name) = (0, 0..0);
        let mut envelope: Option<(usize, Machine)> = None;
        loop {
            at = self.plain_text(&machine, at);
            let Some(byte) = self.window.byte(at)? else {
                return if machine.depth() == 0 && !machine.wants_value() && !machine.in_text() {
                    Ok(Some(self.good(at)))
                } else {
                    self.recover(at, BREAKS_OFF).map(Some)
                };
            };
            if top && machine.depth() == 1 {
                if machine.wants_name() && byte == b'"' {
                    name.start = at + 1;
                } else if byte == b'[' && machine.wants_value() {
                    let name = self.window.part(name.start, name.end).to_vec();
                    if name == GRAPH_ENVELOPE && self.begins_objects(at + 1)? {
                        return Ok(self.enter(at + 1, machine));
                    }
                    if envelope.is_none() && ENVELOPES.iter().any(|known| known.as_bytes() == name) {
                        envelope = Some((at + 1, machine.clone()));
                    }
                }
            }
            match machine.push(byte) {
                Step::Open => {
                    if top && machine.depth() == 1 && machine.wants_colon() && byte == b'"' {
                        name.end = at;
                    }
                    at += 1;
                }
                Step::Closed => return Ok(Some(self.good(at + 1))),
                Step::ClosedBefore => return Ok(Some(self.good(at))),
                Step::Wrong => return self.damaged(at, &machine).map(Some),
            }
            if at > self.item_limit {
                return match envelope {
                    Some((begin, machine)) => Ok(self.enter(begin, machine)),
                    None => self.oversized(at, machine).map(Some),
                };
            }
        }
    }

    /// The byte at `at` cannot stand there.
    fn damaged(&mut self, at: usize, machine: &Machine) -> Result<Unit> {
        let why = if machine.too_deep() { TOO_DEEP } else { "" };
        let one_line = !self.window.part(0, at + 1).contains(&b'\n');
        let top = matches!(self.place, Place::Top);
        if one_line && !top { self.pass_over(at, machine, why) } else { self.recover(at, why) }
    }

    fn enter(&mut self, begin: usize, mut machine: Machine) -> Option<Unit> {
        machine.pass_value();
        self.place = Place::List { line: self.line, counted: self.counts_lines(), empty: true, tail: Some(machine) };
        self.pass(begin);
        None
    }

    fn good(&mut self, length: usize) -> Unit {
        let text = self.window.part(0, length).to_vec();
        let alone = !text.contains(&b'\n');
        let line = (alone && self.counts_lines()).then_some(self.line);
        self.broken = None;
        self.pass(length);
        Unit::Value { line, text }
    }

    fn bad(&self, raw: Vec<u8>, cut: bool, why: &'static str) -> Unit {
        Unit::Bad { line: Some(self.line), raw, cut, why }
    }
}
