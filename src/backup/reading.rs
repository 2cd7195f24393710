//! Reading a backup: everything is checked as it comes, and all of it once the last line was read.

use std::io::{self, BufRead as _, BufReader, Cursor, Read};

use flate2::bufread::GzDecoder;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::backup::format::{End, FORMAT, Header, Mark, TableEnd, TableStart, read_mark, read_row, refused};
use crate::backup::keys::{PrivateKey, opened};
use crate::db::{RawRow, known_migrations};
use crate::error::{Error, Result};
use crate::hash::hex;

/// How files of age begin, and those of gzip (RFC 1952, 2.3.1).
const ENCRYPTED: &[u8] = b"age-encryption.org/";
const COMPRESSED: &[u8] = &[0x1f, 0x8b];

/// The longest line: SQLite stores at most 1 GB in a row.
const LONGEST_LINE: u64 = 1 << 30;

const BUFFER: usize = 64 * 1024;

/// A backup of which the first line was read.
pub struct Reader<'a> {
    pub header: Header,
    lines: Lines<'a>,
}

/// A part of a backup. The end of a table comes after its hash was found right.
pub enum Part {
    Table(TableStart),
    Row(RawRow),
    TableEnd,
}

/// A table of a backup and how many rows it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadTable {
    pub name: String,
    pub rows: u64,
}

impl<'a> Reader<'a> {
    /// Begins to read. `keys` open it if it is encrypted.
    pub fn open(source: impl Read + 'a, keys: &[PrivateKey]) -> Result<Self> {
        let mut lines = Lines::new(uncompressed(source, keys)?);
        let first = lines.next()?;
        let Some(Mark::Backup(header)) = read_mark(first).filter(|_| !first.is_empty()) else {
            return Err(refused("this is not a backup of Watchdesk"));
        };
        lines.note_mark();
        let known = known_migrations()?;
        if header.format > FORMAT || header.migrations.iter().any(|migration| !known.contains(migration)) {
            let version = plain(&header.watchdesk);
            return Err(refused(&format!(
                "the backup is of a newer version of Watchdesk, {version}; restore it with that one"
            )));
        }
        Ok(Self { header, lines })
    }

    /// When it was made, in microseconds UTC.
    pub fn made_at(&self) -> Result<i64> {
        let at: Timestamp = self.header.made_at.parse().map_err(|_| damaged("its time cannot be read"))?;
        Ok(at.as_microsecond())
    }

    /// Reads the rest. What was told before an error is to be forgotten.
    pub fn read(mut self, each: &mut dyn FnMut(Part) -> Result<()>) -> Result<Vec<ReadTable>> {
        let mut tables: Vec<ReadTable> = Vec::new();
        loop {
            let mark = read_mark(self.lines.next()?).ok_or_else(|| damaged("a line cannot be read"))?;
            match mark {
                Mark::Table(start) => {
                    self.lines.note_mark();
                    tables.push(self.read_table(start, each)?);
                }
                Mark::End(end) => {
                    self.lines.check_end(&end, &tables)?;
                    return Ok(tables);
                }
                Mark::Backup(_) | Mark::TableEnd(_) => return Err(damaged("its lines are not in order")),
            }
        }
    }

    fn read_table(&mut self, start: TableStart, each: &mut dyn FnMut(Part) -> Result<()>) -> Result<ReadTable> {
        let columns = start.columns.clone();
        let name = start.name.clone();
        each(Part::Table(start))?;
        let (mut rows, mut hash) = (0, Sha256::new());
        loop {
            let line = self.lines.next()?;
            if line.first() == Some(&b'[') {
                hash.update(line);
                let row = read_row(line, &columns);
                each(Part::Row(row.ok_or_else(|| damaged(&format!("a row of {} cannot be read", plain(&name))))?))?;
                rows += 1;
                continue;
            }
            let Some(Mark::TableEnd(end)) = read_mark(line) else { return Err(damaged("a line cannot be read")) };
            if end != (TableEnd { name: name.clone(), rows, sha256: hex(&hash.finalize()) }) {
                return Err(damaged(&format!("the rows of {} are not those that were written", plain(&name))));
            }
            self.lines.note_mark();
            each(Part::TableEnd)?;
            return Ok(ReadTable { name, rows });
        }
    }
}

/// The lines of a backup, one in memory.
struct Lines<'a> {
    source: BufReader<GzDecoder<BufReader<Box<dyn Read + 'a>>>>,
    line: Vec<u8>,
    marks: Sha256,
}

impl<'a> Lines<'a> {
    fn new(source: GzDecoder<BufReader<Box<dyn Read + 'a>>>) -> Self {
        Self { source: BufReader::with_capacity(BUFFER, source), line: Vec::new(), marks: Sha256::new() }
    }

    /// The next line with its end.
    fn next(&mut self) -> Result<&[u8]> {
        self.line.clear();
        self.line.shrink_to(BUFFER);
        self.source.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut self.line).map_err(unreadable)?;
        if self.line.last() != Some(&b'\n') {
            return Err(damaged("it ends in the middle"));
        }
        Ok(&self.line)
    }

    /// Counts the last line among those that the hash at the end covers.
    fn note_mark(&mut self) {
        self.marks.update(&self.line);
    }

    fn check_end(&mut self, end: &End, tables: &[ReadTable]) -> Result<()> {
        let found = End {
            tables: tables.len() as u64,
            rows: tables.iter().map(|table| table.rows).sum(),
            sha256: hex(&self.marks.clone().finalize()),
        };
        if *end != found {
            return Err(damaged("what it has is not what was written"));
        }
        // The end of the file tells that nothing was added, and that the compressed bytes are right.
        let after = self.source.read(&mut [0]).map_err(unreadable)?;
        let after_compressed = self.source.get_mut().get_mut().read(&mut [0]).map_err(unreadable)?;
        if after + after_compressed > 0 {
            return Err(damaged("something was added to it"));
        }
        Ok(())
    }
}

fn uncompressed<'a>(
    mut source: impl Read + 'a,
    keys: &[PrivateKey],
) -> Result<GzDecoder<BufReader<Box<dyn Read + 'a>>>> {
    let mut begin = Vec::new();
    source.by_ref().take(ENCRYPTED.len() as u64).read_to_end(&mut begin).map_err(unreadable)?;
    let encrypted = begin == ENCRYPTED;
    let compressed = begin.starts_with(COMPRESSED);
    let whole = BufReader::with_capacity(BUFFER, Cursor::new(begin).chain(source));
    let source: Box<dyn Read + 'a> = match (encrypted, compressed) {
        (true, _) => opened(whole, keys)?,
        (false, true) => Box::new(whole),
        (false, false) => return Err(refused("this is not a backup of Watchdesk")),
    };
    Ok(GzDecoder::new(BufReader::with_capacity(BUFFER, source)))
}

/// A word of a file that may have been made by anybody, for a message of one line.
fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_ascii_alphanumeric() || "._-+".contains(*c)).take(40).collect()
}

fn damaged(why: &str) -> Error {
    refused(&format!("the backup is damaged or not complete: {why}"))
}

fn unreadable(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => damaged("it ends in the middle"),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
            damaged("its bytes are not those that were written")
        }
        _ => refused(&format!("the backup cannot be read: {error}")),
    }
}
