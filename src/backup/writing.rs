//! Writing a backup: one snapshot, table after table, a row at a time.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::backup::format::{self, End, FORMAT, Header, Mark, TableEnd, TableStart, WrittenColumn};
use crate::backup::keys::{PublicKey, Sealed};
use crate::backup::left_out::{LeftOut, OfTable};
use crate::backup::progress::Progress;
use crate::clock;
use crate::db::{self, AnyConnection, Db, Table};
use crate::error::{Error, Result};
use crate::hash::hex;

/// Bytes of lines that are compressed at once.
const AT_ONCE: usize = 64 * 1024;

/// Faster than the usual level by half, and larger by a tenth.
const LEVEL: u32 = 3;

/// How a backup is made.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Who can read it; everybody who has the file, where there is none.
    pub encrypt_to: Vec<PublicKey>,
    pub left_out: LeftOut,
}

/// What a backup has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    pub tables: u64,
    pub rows: u64,
}

/// Writes a backup of a database as it is now. Returns what it has, and the writer.
pub fn write<W: Write>(db: &Db, wanted: &Wanted, out: W, progress: &mut Progress<'_>) -> Result<(Written, W)> {
    let sealed = Sealed::new(out, &wanted.encrypt_to)?;
    let mut lines = Lines::new(GzEncoder::new(sealed, Compression::new(LEVEL)));
    let written = db.read_whole(|conn| {
        let at = clock::now();
        let migrations = db::applied_migrations(conn)?;
        let tables = db::tables(&migrations)?;
        lines.mark(&Mark::Backup(header(conn.kind(), migrations, wanted.left_out, at)?))?;
        let mut written = Written { tables: 0, rows: 0 };
        for table in tables {
            let of_table = wanted.left_out.of(&table);
            let rows = write_table(conn, &table, &of_table, at, &mut lines, &mut |rows| {
                progress.at(&table.name, written.rows + rows)
            })?;
            written.tables += 1;
            written.rows += rows;
        }
        Ok(written)
    })?;
    let Written { tables, rows } = written;
    let sha256 = hex(&lines.marks.clone().finalize());
    lines.mark(&Mark::End(End { tables, rows, sha256 }))?;
    let sealed = lines.finish()?.finish().map_err(cannot_write)?;
    let mut out = sealed.finish().map_err(cannot_write)?;
    out.flush().map_err(cannot_write)?;
    Ok((written, out))
}

fn header(database: &str, migrations: Vec<String>, left_out: LeftOut, at: i64) -> Result<Header> {
    Ok(Header {
        format: FORMAT,
        watchdesk: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: format!("{:.6}", Timestamp::from_microsecond(at).map_err(Error::internal)?),
        database: database.to_owned(),
        migrations,
        without_secrets: left_out.secrets,
        without_attachments: left_out.attachments,
    })
}

fn write_table<W: Write>(
    conn: &mut AnyConnection,
    table: &Table,
    left_out: &OfTable,
    at: i64,
    lines: &mut Lines<W>,
    progress: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<u64> {
    let columns = table.columns.iter().map(WrittenColumn::of).collect();
    lines.mark(&Mark::Table(TableStart { name: table.name.clone(), columns }))?;
    let (mut rows, mut hash) = (0, Sha256::new());
    if !matches!(left_out, OfTable::AllRows) {
        db::for_each_row(conn, table, |mut row| {
            if left_out.apply(&mut row, at) {
                lines.row(&row, &mut hash)?;
                rows += 1;
                progress(rows)?;
            }
            Ok(())
        })?;
    }
    lines.mark(&Mark::TableEnd(TableEnd { name: table.name.clone(), rows, sha256: hex(&hash.finalize()) }))?;
    Ok(rows)
}

/// Lines that wait to be written, and the hash of those that are no rows.
struct Lines<W: Write> {
    out: W,
    waiting: Vec<u8>,
    marks: Sha256,
}

impl<W: Write> Lines<W> {
    fn new(out: W) -> Self {
        Self { out, waiting: Vec::new(), marks: Sha256::new() }
    }

    fn mark(&mut self, mark: &Mark) -> Result<()> {
        let begin = self.waiting.len();
        format::write_mark(mark, &mut self.waiting)?;
        self.marks.update(self.waiting.get(begin..).unwrap_or_default());
        self.write_waiting(AT_ONCE)
    }

    fn row(&mut self, row: &db::RawRow, hash: &mut Sha256) -> Result<()> {
        let begin = self.waiting.len();
        format::write_row(row, &mut self.waiting)?;
        hash.update(self.waiting.get(begin..).unwrap_or_default());
        self.write_waiting(AT_ONCE)
    }

    fn write_waiting(&mut self, from: usize) -> Result<()> {
        if self.waiting.len() >= from {
            self.out.write_all(&self.waiting).map_err(cannot_write)?;
            self.waiting.clear();
            self.waiting.shrink_to(AT_ONCE * 2);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<W> {
        self.write_waiting(0)?;
        Ok(self.out)
    }
}

/// The text is for the log and the command line; [`crate::backup::runs`] has sentences for people.
pub(super) fn cannot_write(error: std::io::Error) -> Error {
    Error::Internal(format!("the backup cannot be written: {error}"))
}
