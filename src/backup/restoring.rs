//! Restoring a backup into a database that has nothing yet.

use std::collections::BTreeSet;
use std::io::Read;

use diesel::prelude::*;
use jiff::Timestamp;

use crate::accounts::setup::CONSOLE;
use crate::audit::{self, Activity, Target};
use crate::backup::format::{TableStart, refused};
use crate::backup::keys::PrivateKey;
use crate::backup::progress::Progress;
use crate::backup::reading::{Part, ReadTable, Reader};
use crate::db::{self, AnyConnection, Db, RawRow, RawValue, SchemaState, Table, Tx, applied_migrations, schema_state};
use crate::error::{Error, Result};
use crate::schema::{api_tokens, incidents, users};

/// Bytes of texts and files that wait for one statement.
const MOST_BYTES: usize = 4 << 20;

/// What was restored.
#[derive(Debug, Clone)]
pub struct Restored {
    /// When the backup was made, in microseconds UTC.
    pub made_at: i64,
    /// The version of Watchdesk that made it.
    pub watchdesk: String,
    pub without_secrets: bool,
    pub without_attachments: bool,
    pub tables: Vec<ReadTable>,
}

impl Restored {
    /// When the backup was made, for the command line.
    pub fn made_at_shown(&self) -> String {
        shown_time(self.made_at)
    }

    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    pub fn rows_of(&self, table: &str) -> u64 {
        self.tables.iter().find(|read| read.name == table).map_or(0, |read| read.rows)
    }
}

/// A time for the command line, UTC.
pub fn shown_time(at: i64) -> String {
    Timestamp::from_microsecond(at).unwrap_or_default().strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Refuses a database that has something, or that this version does not know.
pub fn check_target(db: &Db) -> Result<()> {
    db.read_now(|conn| {
        if schema_state(conn)? == SchemaState::Ahead {
            return Err(refused("the database was written by a newer version of Watchdesk; use that one"));
        }
        if applied_migrations(conn)?.is_empty() { Ok(()) } else { refuse_unless_empty(conn) }
    })
}

/// Reads all of a backup without restoring it.
pub fn read_through(source: impl Read, keys: &[PrivateKey], progress: &mut Progress<'_>) -> Result<()> {
    let (mut table, mut rows) = (String::new(), 0);
    Reader::open(source, keys)?.read(&mut |part| {
        match part {
            Part::Table(start) => table = start.name,
            Part::Row(_) => rows += 1,
            Part::TableEnd => {}
        }
        progress.at(&table, rows)
    })?;
    Ok(())
}

/// Restores a backup: all of it, or nothing when anything is wrong with it. Refuses a database that has people, tokens or
/// incidents.
pub fn restore(db: &Db, source: impl Read, keys: &[PrivateKey], progress: &mut Progress<'_>) -> Result<Restored> {
    let reader = Reader::open(source, keys)?;
    let header = reader.header.clone();
    let mut restored = Restored {
        made_at: reader.made_at()?,
        watchdesk: header.watchdesk.clone(),
        without_secrets: header.without_secrets,
        without_attachments: header.without_attachments,
        tables: Vec::new(),
    };
    let tables = &mut restored.tables;
    db.refill(
        &header.migrations,
        refuse_unless_empty,
        |conn, into| {
            *tables = load(conn, into, reader, progress)?;
            Ok(())
        },
        |tx| record(tx, &header.made_at, &header.watchdesk),
    )
    .map_err(|error| match error {
        // Rows that no database would have let in.
        Error::Retry(why) => refused(&format!("the backup does not fit its schema: {why}")),
        other => other,
    })?;
    Ok(restored)
}

fn record(tx: &mut Tx<'_>, made_at: &str, version: &str) -> Result<()> {
    let detail = serde_json::json!({ "backupOf": made_at, "version": version });
    let target = Target { kind: "backup", id: None, name: made_at };
    audit::record_with(tx, &CONSOLE, Activity::Restored, target, &detail)
}

/// Refuses a database in which somebody works.
fn refuse_unless_empty(conn: &mut AnyConnection) -> Result<()> {
    let people = users::table.count().get_result::<i64>(conn)?;
    let tokens = api_tokens::table.count().get_result::<i64>(conn)?;
    let any_incident = diesel::select(diesel::dsl::exists(incidents::table.select(incidents::id)));
    if people > 0 || tokens > 0 || any_incident.get_result::<bool>(conn)? {
        return Err(refused("the database is not empty; a backup is restored into a new one"));
    }
    Ok(())
}

fn load(
    conn: &mut AnyConnection,
    into: &[Table],
    reader: Reader<'_>,
    progress: &mut Progress<'_>,
) -> Result<Vec<ReadTable>> {
    let mut loading = Loading { conn, into, table: None, waiting: Vec::new(), bytes: 0, rows: 0 };
    let read = reader.read(&mut |part| {
        match part {
            Part::Table(start) => loading.begin(&start)?,
            Part::Row(row) => loading.add(row)?,
            Part::TableEnd => loading.insert()?,
        }
        progress.at(loading.table.map_or("", |table| &table.name), loading.rows)
    })?;
    let found: BTreeSet<&str> = read.iter().map(|table| table.name.as_str()).collect();
    if found.len() != read.len() || !into.iter().all(|table| found.contains(table.name.as_str())) {
        return Err(refused("the backup does not fit its schema: its tables are others"));
    }
    Ok(read)
}

/// The rows that come next, and where they go.
struct Loading<'a> {
    conn: &'a mut AnyConnection,
    into: &'a [Table],
    table: Option<&'a Table>,
    waiting: Vec<RawRow>,
    bytes: usize,
    rows: u64,
}

impl Loading<'_> {
    fn begin(&mut self, start: &TableStart) -> Result<()> {
        let table = self.into.iter().find(|table| table.name == start.name);
        let fits = |table: &&Table| {
            table.columns.len() == start.columns.len()
                && start.columns.iter().zip(&table.columns).all(|(written, column)| written.is(column))
        };
        self.table = table.filter(fits);
        if self.table.is_none() {
            return Err(refused("the backup does not fit its schema: a table is another"));
        }
        Ok(())
    }

    fn add(&mut self, row: RawRow) -> Result<()> {
        self.bytes += row.iter().map(size).sum::<usize>();
        self.waiting.push(row);
        self.rows += 1;
        let most = self.table.map_or(1, db::rows_at_once);
        if self.waiting.len() >= most || self.bytes >= MOST_BYTES { self.insert() } else { Ok(()) }
    }

    fn insert(&mut self) -> Result<()> {
        let table = self.table.ok_or_else(|| Error::internal("a row without a table"))?;
        db::insert_rows(self.conn, table, &self.waiting)?;
        self.waiting.clear();
        self.bytes = 0;
        Ok(())
    }
}

fn size(value: &RawValue) -> usize {
    match value {
        RawValue::Text(text) => text.len(),
        RawValue::Bytes(bytes) => bytes.len(),
        RawValue::Null | RawValue::Number(_) | RawValue::Flag(_) => 8,
    }
}
