//! A file as a zip with a password, so that nothing opens it by accident and no scanner on its way removes it. The password
//! is the one that analysts of malware everywhere use.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};

use zip::write::SimpleFileOptions;
use zip::{AesMode, CompressionMethod, ZipWriter};

use crate::attachments::file_name::storable;
use crate::error::{Error, Result};

/// The password of every zip.
pub const PASSWORD: &str = "infected";
/// Bytes from which on a zip needs its larger format.
const LARGE: i64 = 4_000_000_000;

/// Writes a zip, encrypted with AES-256, to a temporary file. `piece` gives the content piece by piece, none at its end.
pub fn write(name: &str, size: i64, mut piece: impl FnMut(i64) -> Result<Option<Vec<u8>>>) -> Result<File> {
    let mut zip = ZipWriter::new(tempfile::tempfile().map_err(Error::internal)?);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .large_file(size >= LARGE)
        .with_aes_encryption(AesMode::Aes256, PASSWORD);
    zip.start_file(storable(name), options).map_err(Error::internal)?;
    for number in 0.. {
        let Some(bytes) = piece(number)? else { break };
        zip.write_all(&bytes).map_err(Error::internal)?;
    }
    let mut file = zip.finish().map_err(Error::internal)?;
    file.seek(SeekFrom::Start(0)).map_err(Error::internal)?;
    Ok(file)
}
