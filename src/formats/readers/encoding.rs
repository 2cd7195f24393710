//! UTF-16 becomes UTF-8 while it is read; everything else stays as it is.

use std::io::{ErrorKind, Read, Result};

/// Bytes that are converted at once.
const CHUNK: usize = 16 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Utf8,
    Utf16 { big_endian: bool },
}

/// A source as UTF-8.
pub(super) struct Utf8Reader<R> {
    source: R,
    /// Detected by the first four bytes.
    form: Option<Form>,
    /// UTF-8 that is ready.
    ready: Vec<u8>,
    used: usize,
    /// Bytes of UTF-16 that wait for the rest of their character.
    held: Vec<u8>,
    ended: bool,
}

impl<R: Read> Utf8Reader<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, form: None, ready: Vec::new(), used: 0, held: Vec::new(), ended: false }
    }

    /// Reads the first bytes and decides by them.
    fn detect(&mut self) -> Result<Form> {
        let mut head = Vec::with_capacity(4);
        self.source.by_ref().take(4).read_to_end(&mut head)?;
        let form = form_of(&head);
        self.form = Some(form);
        match form {
            Form::Utf8 => self.ready = head,
            Form::Utf16 { .. } => self.held = head,
        }
        Ok(form)
    }

    /// Converts the next part; returns with something ready, unless the source has ended.
    fn convert(&mut self, big_endian: bool) -> Result<()> {
        while self.used >= self.ready.len() && !(self.ended && self.held.is_empty()) {
            let mut chunk = vec![0; CHUNK];
            let count = match self.source.read(&mut chunk) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                other => other?,
            };
            self.ended = count == 0;
            self.held.extend(chunk.iter().take(count));
            let whole = whole_length(&self.held, big_endian, self.ended);
            let units = self.held.get(..whole).unwrap_or_default().chunks(2).map(|pair| unit(pair, big_endian));
            let text: String =
                char::decode_utf16(units).map(|found| found.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
            (self.ready, self.used) = (text.into_bytes(), 0);
            self.held.drain(..whole);
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let form = match self.form {
            Some(form) => form,
            None => self.detect()?,
        };
        if let Form::Utf16 { big_endian } = form {
            self.convert(big_endian)?;
        } else if self.used >= self.ready.len() {
            return self.source.read(into);
        }
        let rest = self.ready.get(self.used..).unwrap_or_default();
        let count = rest.len().min(into.len());
        into.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.used += count;
        Ok(count)
    }
}

fn form_of(head: &[u8]) -> Form {
    match head {
        [0xff, 0xfe, ..] => Form::Utf16 { big_endian: false },
        [0xfe, 0xff, ..] => Form::Utf16 { big_endian: true },
        [0, b, 0, d] if *b != 0 && *d != 0 => Form::Utf16 { big_endian: true },
        [a, 0, c, 0] if *a != 0 && *c != 0 => Form::Utf16 { big_endian: false },
        _ => Form::Utf8,
    }
}

/// A unit of two bytes; a lone last byte is not a character.
fn unit(pair: &[u8], big_endian: bool) -> u16 {
    match *pair {
        [one, two] if big_endian => u16::from_be_bytes([one, two]),
        [one, two] => u16::from_le_bytes([one, two]),
        _ => 0xfffd,
    }
}

/// How many bytes are whole characters: not half a unit, and not the first half of a pair.
fn whole_length(bytes: &[u8], big_endian: bool, ended: bool) -> usize {
    if ended {
        return bytes.len();
    }
    let even = bytes.len() - bytes.len() % 2;
    let last = bytes.get(even.saturating_sub(2)..even).map(|pair| unit(pair, big_endian));
    if last.is_some_and(|last| (0xd800..0xdc00).contains(&last)) { even - 2 } else { even }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        let mut text = String::new();
        Utf8Reader::new(bytes).read_to_string(&mut text).unwrap();
        text
    }

    fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
        let bytes = |unit: u16| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf16_is_read_in_both_orders_with_and_without_a_mark() {
        let text = format!("{{\"title\":\"{}\u{1f600}ä\"}}", "x".repeat(40_000));
        for big_endian in [false, true] {
            assert_eq!(read(&utf16(&text, big_endian)), text);
            assert_eq!(read(&utf16(&format!("\u{feff}{text}"), big_endian)), format!("\u{feff}{text}"));
        }
        assert_eq!(read(text.as_bytes()), text);
        assert_eq!(read(b"{}"), "{}");
        assert_eq!(read(b"\xff\xfea"), "\u{feff}\u{fffd}");
    }
}
