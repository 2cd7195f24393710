//! The part of a body that is being looked at. It grows to one item and no further.

use std::io::{ErrorKind, Read, Result};

/// Bytes asked of the source at a time.
const CHUNK: usize = 64 * 1024;

/// Bytes that have come and are not yet done with.
pub(super) struct Window<R> {
    source: R,
    bytes: Vec<u8>,
    /// Where the part that is not done with begins.
    start: usize,
    ended: bool,
}

impl<R: Read> Window<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, bytes: Vec::new(), start: 0, ended: false }
    }

    /// What is there and not done with.
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// A part of [`Window::rest`], as far as it is there.
    pub(super) fn part(&self, from: usize, to: usize) -> &[u8] {
        let rest = self.rest();
        rest.get(from..to.min(rest.len())).unwrap_or_default()
    }

    /// The byte at a place of [`Window::rest`], waiting for it if need be; `None` after the last.
    pub(super) fn byte(&mut self, at: usize) -> Result<Option<u8>> {
        while self.rest().len() <= at {
            if !self.fill()? {
                return Ok(None);
            }
        }
        Ok(self.rest().get(at).copied())
    }

    /// Waits for more; false when there is no more.
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
        // Room that one large item took is not held for the rest of the body.
        if self.bytes.capacity() > 16 * CHUNK && self.bytes.len() < CHUNK {
            self.bytes.shrink_to(2 * CHUNK);
        }
        self.ended = !matches!(read, Ok(1..));
        read.map(|count| count > 0)
    }

    /// Is done with the next `count` bytes.
    pub(super) fn pass(&mut self, count: usize) {
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
        self.pass(count);
        Ok(count)
    }
}
