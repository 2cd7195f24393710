//! Looks at the bytes ahead, and advances over bytes that have been read.

use std::io::{Read, Result};

use crate::formats::readers::json_grammar::{JsonScanner, is_whole};
use crate::formats::readers::splitter::{LOOK_AHEAD, Position, RawItem, Splitter};

/// Most digits of the length of a frame of syslog.
const LENGTH_DIGITS: usize = 8;

impl<R: Read> Splitter<R> {
    /// Whether the first line is a complete item and something follows it.
    pub(super) fn look_ahead(&mut self) -> Result<bool> {
        self.skip_blank()?;
        let mut end = 0;
        while self.window.byte_at(end)?.is_some_and(|byte| byte != b'\n') && end < LOOK_AHEAD {
            end += 1;
        }
        let mut next = end;
        while self.window.byte_at(next)?.is_some_and(|byte| byte.is_ascii_whitespace()) && next < LOOK_AHEAD {
            next += 1;
        }
        let follows = next < LOOK_AHEAD && self.window.byte_at(next)?.is_some();
        let line = self.window.slice(0, end);
        Ok(follows && (is_whole(line) || !matches!(line.first(), Some(b'{' | b'['))))
    }

    /// The position from `at` of the next byte that matters inside a text.
    pub(super) fn skip_plain_text(&self, scanner: &JsonScanner, at: usize) -> usize {
        if !scanner.in_text() {
            return at;
        }
        let rest = self.window.slice(at, self.item_limit);
        at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | b'\n')).unwrap_or(rest.len())
    }

    /// Whether the list that begins at `at` begins with an object.
    pub(super) fn begins_objects(&mut self, mut at: usize) -> Result<bool> {
        while self.window.byte_at(at)?.is_some_and(|byte| byte.is_ascii_whitespace()) && at <= self.item_limit {
            at += 1;
        }
        Ok(self.window.byte_at(at)? == Some(b'{'))
    }

    /// Whether items are reported with their line.
    pub(super) fn counts_lines(&self) -> bool {
        match self.position {
            Position::List { counted, .. } => counted,
            _ => self.first_line_is_item || self.items > 0,
        }
    }

    /// Reads a line that does not begin with an object or list, or a frame of syslog.
    pub(super) fn plain_line(&mut self) -> Result<RawItem> {
        let line = self.line;
        if let Some((begin, end)) = self.counted_frame()? {
            let text = self.window.slice(begin, end).to_vec();
            self.advance(end);
            return Ok(RawItem::Value { line: Some(line), text });
        }
        let mut text = Vec::new();
        if self.skip_line(&mut text)? {
            return Ok(RawItem::Bad { line: Some(line), raw: text, cut: true, why: "This line is not JSON." });
        }
        Ok(RawItem::Value { line: Some(line), text })
    }

    /// Where the message of a frame of syslog begins and ends that has its length in bytes before it ("12 <134>...",
    /// RFC 6587, section 3.4.1). `None` where the length does not lead to the end or to the next frame.
    fn counted_frame(&mut self) -> Result<Option<(usize, usize)>> {
        let mut digits = 0;
        while digits <= LENGTH_DIGITS && self.window.byte_at(digits)?.is_some_and(|byte| byte.is_ascii_digit()) {
            digits += 1;
        }
        let number = String::from_utf8_lossy(self.window.slice(0, digits)).into_owned();
        let Some(length) = number.parse::<usize>().ok().filter(|length| *length > 0) else { return Ok(None) };
        let begin = digits + 1;
        let framed = self.window.byte_at(digits)? == Some(b' ') && self.window.byte_at(begin)? == Some(b'<');
        let end = begin + length;
        if !framed || digits > LENGTH_DIGITS || length > self.item_limit || self.window.byte_at(end - 1)?.is_none() {
            return Ok(None);
        }
        let next = self.window.byte_at(end)?;
        Ok(next.is_none_or(|byte| byte.is_ascii_whitespace() || byte.is_ascii_digit()).then_some((begin, end)))
    }

    /// Skips white space, byte order marks and the separators of JSON text sequences.
    pub(super) fn skip_blank(&mut self) -> Result<()> {
        while let Some(byte) = self.window.byte_at(0)? {
            if byte.is_ascii_whitespace() || byte == 0x1e {
                self.advance(1);
            } else if byte == 0xef && self.window.byte_at(2)? == Some(0xbf) && self.window.byte_at(1)? == Some(0xbb) {
                self.advance(3);
            } else {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn advance(&mut self, count: usize) {
        let passed = self.window.slice(0, count);
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
        self.window.advance(count);
    }
}
