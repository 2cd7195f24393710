//! What to do about an item that is damaged, cut off or too large: keep its beginning, find where
//! reading can go on.

use std::io::{Read, Result};

use crate::formats::readers::item::RAW_LIMIT;
use crate::formats::readers::json_grammar::{Machine, Step, is_whole};
use crate::formats::readers::splitter::{LOOK_AHEAD, Place, Splitter, TOO_LARGE, Unit};

impl<R: Read> Splitter<R> {
    /// Something went wrong at `at`, in an item that begins with the window. Refuses it up to the
    /// next line that is an item by itself, or else to the end of the line it went wrong in.
    pub(super) fn recover(&mut self, at: usize, why: &'static str) -> Result<Unit> {
        let line = self.line;
        let indented = self.indent;
        let mut from = self.line_end(0, at);
        while let Some(begin) = from.map(|end| end + 1).filter(|begin| *begin <= at) {
            let mut end = begin;
            while self.window.byte(end)?.is_some_and(|byte| byte != b'\n') && end < self.item_limit + LOOK_AHEAD {
                end += 1;
            }
            let text = self.window.part(begin, end);
            let indent = text.len() - text.trim_ascii_start().len();
            if indent <= indented && is_whole(text) {
                let raw = self.window.part(0, begin.min(RAW_LIMIT)).to_vec();
                self.pass(begin);
                return Ok(Unit::Bad { line: Some(line), cut: raw.len() < begin, raw, why });
            }
            from = (end < at).then_some(end);
        }
        let mut raw = self.window.part(0, at.min(RAW_LIMIT)).to_vec();
        self.pass(at);
        let cut = self.skip_line(&mut raw)? || raw.len() < at;
        let text = raw.trim_ascii();
        let opens = text.contains(&b'\n') || matches!(text.last(), Some(b'{' | b'[' | b',' | b':'));
        self.broken = opens.then_some(indented);
        self.end_where_the_text_does()?;
        Ok(Unit::Bad { line: Some(line), raw, cut, why })
    }

    fn line_end(&self, from: usize, to: usize) -> Option<usize> {
        self.window.part(from, to).iter().position(|&byte| byte == b'\n').map(|at| from + at)
    }

    /// Passes over a damaged item of a list on one line, following brackets to find its end.
    pub(super) fn pass_over(&mut self, at: usize, machine: &Machine, why: &'static str) -> Result<Unit> {
        let line = self.line;
        let mut raw = self.window.part(0, at.min(RAW_LIMIT)).to_vec();
        let mut length = at;
        let mut brackets = machine.brackets();
        let (mut text, mut escaped) = (false, false);
        self.pass(at);
        while let Some(byte) = self.window.byte(0)? {
            match byte {
                b'\n' => break,
                _ if escaped => escaped = false,
                b'\\' if text => escaped = true,
                b'"' => text = !text,
                _ if text => {}
                b'{' | b'[' => brackets.open(byte),
                b',' if brackets.is_empty() => break,
                b']' if !brackets.has_list() => break,
                b'}' | b']' => brackets.close(byte),
                _ => {}
            }
            if raw.len() < RAW_LIMIT {
                raw.push(byte);
            }
            length += 1;
            self.pass(1);
        }
        self.end_where_the_text_does()?;
        Ok(Unit::Bad { line: Some(line), cut: raw.len() < length, raw, why })
    }

    /// Passes over the rest of an item that is too large.
    pub(super) fn oversized(&mut self, at: usize, mut machine: Machine) -> Result<Unit> {
        let line = self.line;
        let raw = self.window.part(0, RAW_LIMIT).to_vec();
        self.pass(at);
        while let Some(byte) = self.window.byte(0)? {
            match machine.push(byte) {
                Step::Open => self.pass(1),
                Step::Closed => {
                    self.pass(1);
                    break;
                }
                Step::ClosedBefore => break,
                Step::Wrong => {
                    self.skip_line(&mut Vec::new())?;
                    break;
                }
            }
        }
        Ok(Unit::Bad { line: Some(line), raw, cut: true, why: TOO_LARGE })
    }

    /// That a list is not closed either is not told beside the item that broke off.
    pub(super) fn end_where_the_text_does(&mut self) -> Result<()> {
        self.blank()?;
        if self.window.byte(0)?.is_none() {
            self.place = Place::Ended;
        }
        Ok(())
    }

    /// Whether this line belongs to a damaged item that began further left.
    pub(super) fn is_remainder(&self, first: u8) -> bool {
        self.broken.is_some_and(|indent| self.at_indent && (first == b'"' || self.indent > indent))
    }

    /// Passes over the rest of the line, keeping its beginning; whether there was more than that.
    pub(super) fn skip_line(&mut self, raw: &mut Vec<u8>) -> Result<bool> {
        let mut cut = false;
        loop {
            let rest = self.window.rest();
            let end = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
            let ended = end < rest.len();
            let room = end.min(RAW_LIMIT.saturating_sub(raw.len()));
            raw.extend_from_slice(self.window.part(0, room));
            cut |= room < end;
            self.pass(end);
            if ended || !self.window.fill()? {
                return Ok(cut);
            }
        }
    }
}
