//! The part of a body that is in memory. It grows to at most one item.

use std::io::{ErrorKind, Read, Result};

/// Bytes that are read from the source at once.
const CHUNK: usize = 64 * 1024;

/// Bytes that were read from the source and not yet used.
pub(super) struct Window<R> {
    source: R,
    bytes: Vec<u8>,
    /// Where the unused part begins.
    start: usize,
    ended: bool,
}

impl<R: Read> Window<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, bytes: Vec::new(), start: 0, ended: false }
    }

    /// The unused bytes.
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// A part of [`Window::rest`], as far as it was read.
    pub(super) fn slice(&self, from: usize, to: usize) -> &[u8] {
        let rest = self.rest();
        rest.get(from..to.min(rest.len())).unwrap_or_default()
    }

    /// The byte at a position of [`Window::rest`], read from the source if needed; `None` after the end.
    pub(super) fn byte_at(&mut self, at: usize) -> Result<Option<u8>> {
        while self.rest().len() <= at {
            if !self.fill()? {
                return Ok(None);
            }
        }
        Ok(self.rest().get(at).copied())
    }

    /// Reads more from the source; false at its end.
    pub(super) fn fill(&mut self) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        let held = self.bytes.len();
        self.bytes.resize(held + CHUNK, 0);
        let read = loop {
            match self.source.read(self.bytes.get_mut(held..).unwrap_or_default()) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.bytes.truncate(held + *read.as_ref().unwrap_or(&0));
        // The memory of one large item is not kept for the rest of the body.
        if self.bytes.capacity() > 16 * CHUNK && self.bytes.len() < CHUNK {
            self.bytes.shrink_to(2 * CHUNK);
        }
        self.ended = !matches!(read, Ok(1..));
        read.map(|count| count > 0)
    }

    /// Advances over the next `count` bytes.
    pub(super) fn advance(&mut self, count: usize) {
        self.start = (self.start + count).min(self.bytes.len());
    }
}

impl<R: Read> Read for Window<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if self.rest().is_empty() && !self.fill()? {
            return Ok(0);
        }
        let count = self.rest().len().min(into.len());
        into.iter_mut().zip(self.rest()).for_each(|(to, from)| *to = *from);
        self.advance(count);
        Ok(count)
    }
}
