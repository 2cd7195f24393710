//! Items that are damaged, cut off or too large: keeps their beginning and finds where reading can
//! continue.

use std::io::{Read, Result};

use crate::formats::readers::item::RAW_LIMIT;
use crate::formats::readers::json_grammar::{JsonScanner, Step, is_whole};
use crate::formats::readers::splitter::{LOOK_AHEAD, Position, RawItem, Splitter, TOO_LARGE};

/// Most bytes of a body that are read twice to find where it goes on.
const READ_AGAIN_MAX: usize = 64 * 1024 * 1024;

impl<R: Read> Splitter<R> {
    /// Refuses a damaged item that begins at the window, with the first invalid byte at `at`: up to the next
    /// line that is a complete item, or else to the end of the line of `at`.
    pub(super) fn recover(&mut self, at: usize, why: &'static str) -> Result<RawItem> {
        let line = self.line;
        let indented = self.indent;
        let mut from = self.line_end(0, at);
        // Each item that does not end is read to where it goes wrong, and what follows its first line once more.
        let may_go_back = self.read_again <= READ_AGAIN_MAX;
        while let Some(begin) = from.map(|end| end + 1).filter(|begin| may_go_back && *begin <= at) {
            let mut end = begin;
            while self.window.byte_at(end)?.is_some_and(|byte| byte != b'\n') && end < self.item_limit + LOOK_AHEAD {
                end += 1;
            }
            let text = self.window.slice(begin, end);
            let indent = text.len() - text.trim_ascii_start().len();
            if indent <= indented && is_whole(text) {
                let raw = self.window.slice(0, begin.min(RAW_LIMIT)).to_vec();
                self.read_again += at - begin;
                self.advance(begin);
                return Ok(RawItem::Bad { line: Some(line), cut: raw.len() < begin, raw, why });
            }
            from = (end < at).then_some(end);
        }
        let mut raw = self.window.slice(0, at.min(RAW_LIMIT)).to_vec();
        self.advance(at);
        let cut = self.skip_line(&mut raw)? || raw.len() < at;
        let text = raw.trim_ascii();
        let opens = text.contains(&b'\n') || matches!(text.last(), Some(b'{' | b'[' | b',' | b':'));
        self.damaged_indent = opens.then_some(indented);
        self.end_if_nothing_follows()?;
        Ok(RawItem::Bad { line: Some(line), raw, cut, why })
    }

    fn line_end(&self, from: usize, to: usize) -> Option<usize> {
        self.window.slice(from, to).iter().position(|&byte| byte == b'\n').map(|at| from + at)
    }

    /// Skips a damaged item of a list that is on one line; counts brackets to find its end.
    pub(super) fn skip_damaged(&mut self, at: usize, scanner: &JsonScanner, why: &'static str) -> Result<RawItem> {
        let line = self.line;
        let mut raw = self.window.slice(0, at.min(RAW_LIMIT)).to_vec();
        let mut length = at;
        let mut brackets = scanner.brackets();
        let (mut text, mut escaped) = (false, false);
        self.advance(at);
        while let Some(byte) = self.window.byte_at(0)? {
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
            self.advance(1);
        }
        self.end_if_nothing_follows()?;
        Ok(RawItem::Bad { line: Some(line), cut: raw.len() < length, raw, why })
    }

    /// Skips the rest of an item that is too large.
    pub(super) fn skip_oversized(&mut self, at: usize, mut scanner: JsonScanner) -> Result<RawItem> {
        let line = self.line;
        let raw = self.window.slice(0, RAW_LIMIT).to_vec();
        self.advance(at);
        while let Some(byte) = self.window.byte_at(0)? {
            match scanner.push(byte) {
                Step::Open => self.advance(1),
                Step::Closed => {
                    self.advance(1);
                    break;
                }
                Step::ClosedBefore => break,
                Step::Invalid => {
                    self.skip_line(&mut Vec::new())?;
                    break;
                }
            }
        }
        Ok(RawItem::Bad { line: Some(line), raw, cut: true, why: TOO_LARGE })
    }

    /// Ends the list if nothing follows, so that an unclosed list is not reported besides the damaged item.
    pub(super) fn end_if_nothing_follows(&mut self) -> Result<()> {
        self.skip_blank()?;
        if self.window.byte_at(0)?.is_none() {
            self.position = Position::Ended;
        }
        Ok(())
    }

    /// Whether this line belongs to the damaged item, because it is indented further.
    pub(super) fn is_remainder(&self, first: u8) -> bool {
        self.damaged_indent.is_some_and(|indent| self.at_indent && (first == b'"' || self.indent > indent))
    }

    /// Skips the rest of the line and keeps its beginning; returns whether it was longer.
    pub(super) fn skip_line(&mut self, raw: &mut Vec<u8>) -> Result<bool> {
        let mut cut = false;
        loop {
            let rest = self.window.rest();
            let end = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
            let ended = end < rest.len();
            let room = end.min(RAW_LIMIT.saturating_sub(raw.len()));
            raw.extend_from_slice(self.window.slice(0, room));
            cut |= room < end;
            self.advance(end);
            if ended || !self.window.fill()? {
                return Ok(cut);
            }
        }
    }
}
