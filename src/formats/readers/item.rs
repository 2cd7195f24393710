//! One record of a body, what is kept of it when it is refused, and why reading stopped.

use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

/// How much of what is refused is kept, in bytes.
pub(super) const RAW_LIMIT: usize = 256 * 1024;

/// One record of a body, or why it is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Counted from 1; `None` when the body is one JSON value.
    pub line: Option<usize>,
    pub record: Result<Incoming, NotTaken>,
    /// What came, kept when it was refused, wholly or in part.
    pub raw: Option<Raw>,
}

/// The text of something that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Raw {
    /// At most 256 KiB, without NUL, which no database of ours can hold.
    pub text: String,
    /// There was more of it.
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
    /// It has more bytes than are taken.
    TooLarge,
    /// Whoever sent it went away or fell silent.
    BrokenOff,
    /// It cannot be unpacked.
    Damaged,
}
