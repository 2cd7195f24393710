//! The body of a request as `Read`, for a thread that reads it while it arrives.

use std::io::{self, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::web::Bytes;
use tokio::sync::mpsc::Receiver;

/// Why a body ended early.
#[derive(Debug, Clone, Copy)]
pub enum Broken {
    Off,
    /// Its sender pauses too long or sends too slowly.
    TooSlow,
}

/// A part of a body. One that is dropped without its end has broken off.
#[derive(Debug)]
pub enum Part {
    Bytes(Bytes),
    End,
    Broken(Broken),
}

/// Reads the parts that an async task sends.
pub struct Chunks {
    parts: Receiver<Part>,
    part: Bytes,
    ended: bool,
}

impl Chunks {
    pub fn new(parts: Receiver<Part>) -> Self {
        Self { parts, part: Bytes::new(), ended: false }
    }
}

impl Read for Chunks {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.part.is_empty() && !self.ended {
            match self.parts.blocking_recv() {
                Some(Part::Bytes(part)) => self.part = part,
                Some(Part::End) => self.ended = true,
                Some(Part::Broken(Broken::TooSlow)) => return Err(ErrorKind::TimedOut.into()),
                Some(Part::Broken(Broken::Off)) | None => return Err(ErrorKind::ConnectionAborted.into()),
            }
        }
        let part = self.part.split_to(self.part.len().min(into.len()));
        into.iter_mut().zip(&part).for_each(|(to, from)| *to = *from);
        Ok(part.len())
    }
}

/// Notes whether a body, once it is unpacked, has more than white space and byte order marks.
pub struct NotesContent<R> {
    pub body: R,
    pub has_content: Arc<AtomicBool>,
}

impl<R: Read> Read for NotesContent<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.body.read(into)?;
        let is_blank = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0xef | 0xbb | 0xbf | 0xfe | 0xff);
        if !into.iter().take(count).all(is_blank) {
            self.has_content.store(true, Ordering::Relaxed);
        }
        Ok(count)
    }
}
