//! One item of a body, its text when it is refused, and why reading stopped.

use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

/// Most bytes of a refused item that are kept.
pub(super) const RAW_LIMIT: usize = 256 * 1024;

/// One item of a body: a record, or the reason why it is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its line, counted from 1; `None` when the body is one JSON value.
    pub line: Option<usize>,
    pub record: Result<Incoming, NotTaken>,
    /// Its text, when all or part of it was refused.
    pub raw: Option<Raw>,
}

impl Item {
    /// Bytes of its texts.
    pub fn bytes(&self) -> usize {
        let raw = self.raw.as_ref().map_or(0, |raw| raw.text.len());
        raw + self.record.as_ref().map_or(0, Incoming::payload_bytes)
    }
}

/// The text of a refused item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Raw {
    /// At most 256 KiB, without NUL, which the databases cannot store.
    pub text: String,
    /// Whether the text was longer.
    pub cut: bool,
}

impl Raw {
    pub(crate) fn of_text(text: &str) -> Self {
        Self::new(text.as_bytes(), false)
    }

    pub(super) fn new(bytes: &[u8], cut: bool) -> Self {
        let kept = bytes.get(..RAW_LIMIT).unwrap_or(bytes);
        let text = String::from_utf8_lossy(kept).replace('\0', "\u{2400}");
        Self { text, cut: cut || kept.len() < bytes.len() }
    }
}

/// Why a body was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// It is larger than allowed.
    TooLarge,
    /// It unpacks to far more than was sent.
    UnpacksTooFar,
    /// The sender closed the connection or stopped sending.
    BrokenOff,
    /// The sender pauses too long or sends too slowly.
    TooSlow,
    /// It cannot be decompressed.
    Damaged,
}
