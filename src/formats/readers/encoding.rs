//! UTF-16 becomes UTF-8 while it is read; everything else stays as it is.

use std::io::{Read, Result};

use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE};

/// Bytes that are decoded at once.
const CHUNK: usize = 8 * 1024;

/// A source as UTF-8.
pub(super) struct Utf8Reader<R> {
    source: R,
    /// Whether the encoding is detected, by the first four bytes.
    detected: bool,
    /// For UTF-16, until it has ended.
    decoder: Option<Decoder>,
    /// UTF-8 that is ready.
    ready: Vec<u8>,
    used: usize,
}

impl<R: Read> Utf8Reader<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, detected: false, decoder: None, ready: Vec::new(), used: 0 }
    }

    /// Reads the first bytes and detects the encoding by them.
    fn detect(&mut self) -> Result<()> {
        let mut head = Vec::with_capacity(4);
        self.source.by_ref().take(4).read_to_end(&mut head)?;
        self.detected = true;
        self.decoder = utf16_of(&head).map(Encoding::new_decoder_without_bom_handling);
        if self.decoder.is_some() {
            self.decode(&head, false);
        } else {
            self.ready = head;
        }
        Ok(())
    }

    /// Decodes the next part; `last` after the end of the source, where what is not whole becomes U+FFFD.
    fn decode(&mut self, bytes: &[u8], last: bool) {
        let Some(decoder) = &mut self.decoder else { return };
        // The longest text that these bytes may be, so that all of them are decoded.
        let mut text = String::with_capacity(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(CHUNK * 4));
        let _ = decoder.decode_to_string(bytes, &mut text, last);
        (self.ready, self.used) = (text.into_bytes(), 0);
        if last {
            self.decoder = None;
        }
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if !self.detected {
            self.detect()?;
        }
        while self.used >= self.ready.len() && self.decoder.is_some() {
            let mut chunk = [0; CHUNK];
            let count = self.source.read(&mut chunk)?;
            self.decode(chunk.get(..count).unwrap_or_default(), count == 0);
        }
        let mut rest = self.ready.get(self.used..).unwrap_or_default();
        if rest.is_empty() {
            return self.source.read(into);
        }
        let count = rest.read(into)?;
        self.used += count;
        Ok(count)
    }
}

/// The encoding of UTF-16 by its mark, or by the zeros of its first two characters; `None` for anything else.
fn utf16_of(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        [0, b, 0, d] if *b != 0 && *d != 0 => Some(UTF_16BE),
        [a, 0, c, 0] if *a != 0 && *c != 0 => Some(UTF_16LE),
        _ => None,
    }
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

    #[test]
    fn characters_that_come_in_two_parts_are_whole() {
        let text = "{\"a\":\"\u{1f600}\"}";
        for big_endian in [false, true] {
            let bytes = utf16(text, big_endian);
            for at in 0..bytes.len() {
                let (one, two) = bytes.split_at(at);
                let mut found = String::new();
                Utf8Reader::new(one.chain(two)).read_to_string(&mut found).unwrap();
                assert_eq!(found, text, "{at}");
            }
        }
    }
}
