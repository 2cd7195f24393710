//! Looking at the bytes ahead, and passing over those that are done with.

use std::io::{Read, Result};

use crate::formats::readers::json_grammar::{Machine, is_whole};
use crate::formats::readers::splitter::{LOOK_AHEAD, Place, Splitter, Unit};

impl<R: Read> Splitter<R> {
    /// Whether the first line is a value by itself and something follows it.
    pub(super) fn look_ahead(&mut self) -> Result<bool> {
        self.blank()?;
        let mut end = 0;
        while self.window.byte(end)?.is_some_and(|byte| byte != b'\n') && end < LOOK_AHEAD {
            end += 1;
        }
        let mut next = end;
        while self.window.byte(next)?.is_some_and(|byte| byte.is_ascii_whitespace()) && next < LOOK_AHEAD {
            next += 1;
        }
        let follows = next < LOOK_AHEAD && self.window.byte(next)?.is_some();
        let line = self.window.part(0, end);
        Ok(follows && (is_whole(line) || !matches!(line.first(), Some(b'{' | b'['))))
    }

    /// Where, from `at`, the first byte stands that means something within a text.
    pub(super) fn plain_text(&self, machine: &Machine, at: usize) -> usize {
        if !machine.in_text() {
            return at;
        }
        let rest = self.window.part(at, self.item_limit);
        at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | b'\n')).unwrap_or(rest.len())
    }

    /// Whether the list that begins at `at` is empty or has objects.
    pub(super) fn begins_objects(&mut self, mut at: usize) -> Result<bool> {
        while self.window.byte(at)?.is_some_and(|byte| byte.is_ascii_whitespace()) && at <= self.item_limit {
            at += 1;
        }
        Ok(matches!(self.window.byte(at)?, Some(b'{' | b']')))
    }

    /// Whether items are told by their lines.
    pub(super) fn counts_lines(&self) -> bool {
        match self.place {
            Place::List { counted, .. } => counted,
            _ => self.numbered || self.units > 0,
        }
    }

    /// A line that begins no object and no list.
    pub(super) fn plain_line(&mut self) -> Result<Unit> {
        let line = self.line;
        let mut text = Vec::new();
        if self.skip_line(&mut text)? {
            return Ok(Unit::Bad { line: Some(line), raw: text, cut: true, why: "This line is not JSON." });
        }
        Ok(Unit::Value { line: Some(line), text })
    }

    /// Passes over white space, byte order marks and the separators of JSON text sequences.
    pub(super) fn blank(&mut self) -> Result<()> {
        while let Some(byte) = self.window.byte(0)? {
            if byte.is_ascii_whitespace() || byte == 0x1e {
                self.pass(1);
            } else if byte == 0xef && self.window.byte(2)? == Some(0xbf) && self.window.byte(1)? == Some(0xbb) {
                self.pass(3);
            } else {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn pass(&mut self, count: usize) {
        let passed = self.window.part(0, count);
        let mut line = passed;
        if let Some(last) = passed.iter().rposition(|&byte| byte == b'\n') {
            self.line += passed.split(|&byte| byte == b'\n').count() - 1;
            (self.indent, self.at_indent) = (0, true);
            line = passed.get(last + 1..).unwrap_or_default();
        }
        if self.at_indent {
            let blank = line.iter().position(|byte| !byte.is_ascii_whitespace());
            self.indent += blank.unwrap_or(line.len());
            self.at_indent = blank.is_none();
        }
        self.window.pass(count);
    }
}
