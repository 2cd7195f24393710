//! A file while it is received: written to a temporary file that has no name, hashed on the way.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use sha2::{Digest as _, Sha256};

use crate::attachments::content_type::ContentType;
use crate::attachments::preview;
use crate::error::{Error, Result};
use crate::hash;

/// A file of which not all has come yet.
#[derive(Debug)]
pub struct Receiving {
    file: File,
    hash: Sha256,
    size: u64,
}

/// A file that has come whole.
#[derive(Debug)]
pub struct Received {
    /// Cleaned.
    pub name: String,
    /// In bytes.
    pub size: i64,
    /// In hexadecimal, lower case.
    pub sha256: String,
    pub content: ContentType,
    /// A PNG of a small image.
    pub(super) preview: Option<Vec<u8>>,
    file: File,
}

impl Receiving {
    pub fn begin() -> Result<Self> {
        Ok(Self { file: tempfile::tempfile().map_err(failed)?, hash: Sha256::new(), size: 0 })
    }

    /// Bytes so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(failed)?;
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// Looks at what has come. It reads the whole file and may decode an image.
    pub fn finish(self, name: String) -> Result<Received> {
        let content = ContentType::of(&self.file).map_err(failed)?;
        Ok(Received {
            name,
            size: i64::try_from(self.size).unwrap_or(i64::MAX),
            sha256: hash::hex(&self.hash.finalize()),
            preview: preview::of(&self.file, &content.media_type),
            content,
            file: self.file,
        })
    }
}

impl Received {
    /// Calls `with` with each piece of the file, of `most` bytes but the last.
    pub(super) fn pieces(&self, most: usize, mut with: impl FnMut(i64, &[u8]) -> Result<()>) -> Result<()> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let mut piece = Vec::with_capacity(most);
        for number in 0.. {
            piece.clear();
            if file.take(most as u64).read_to_end(&mut piece).map_err(failed)? == 0 {
                break;
            }
            with(number, &piece)?;
        }
        Ok(())
    }
}

fn failed(error: io::Error) -> Error {
    Error::internal(format!("an attached file could not be written or read: {error}"))
}
