//! Making a backup as a file, and checking one by restoring it into a database that is thrown away.

use std::io::Read;
use std::path::Path;

use diesel::dsl::max;
use diesel::prelude::*;

use crate::backup::keys::PrivateKey;
use crate::backup::new_file::NewFile;
use crate::backup::progress::Progress;
use crate::backup::restoring::{Restored, restore};
use crate::backup::writing::{Wanted, write};
use crate::clock;
use crate::db::{DatabaseUrl, Db};
use crate::error::{Error, Result};
use crate::live::Hub;
use crate::proof::verify::{self, Asked};
use crate::schema::{alerts, history};

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The name of its file, without the folder.
    pub name: String,
    /// The size of its file; not known of a pipe.
    pub bytes: Option<u64>,
    pub rows: u64,
    /// Microseconds UTC.
    pub began_at: i64,
    pub ended_at: i64,
}

/// Writes a backup to a new file, which is in its place only once it is complete.
pub fn make(db: &Db, place: &Path, wanted: &Wanted, replaces: bool, progress: &mut Progress<'_>) -> Result<Made> {
    let began_at = clock::now();
    let file = NewFile::create(place, replaces)?;
    let (written, file) = write(db, wanted, file, progress)?;
    let bytes = Some(file.finish()?);
    let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Made { name, bytes, rows: written.rows, began_at, ended_at: clock::now() })
}

/// What a backup was found to have.
#[derive(Debug, Clone)]
pub struct Checked {
    pub restored: Restored,
    pub store: StoreChecked,
}

/// What was found in the store of a backup, beyond that every row is the one that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreChecked {
    /// When the newest alert came, in microseconds UTC.
    pub newest_alert: Option<i64>,
    /// The newest entry of comments and history of an incident, likewise.
    pub newest_entry: Option<i64>,
    /// What `watchdesk verify` finds wrong, a sentence each.
    pub problems: Vec<String>,
}

/// Restores a backup into an SQLite database that is thrown away, among the temporary files of this machine.
pub fn check(source: impl Read, keys: &[PrivateKey], progress: &mut Progress<'_>) -> Result<Checked> {
    let folder = tempfile::tempdir().map_err(|error| Error::Internal(format!("no temporary folder: {error}")))?;
    let url = DatabaseUrl::throw_away(folder.path().join("check.db"));
    let db = Db::open(&url, Hub::default()).map_err(Error::Internal)?;
    let restored = restore(&db, source, keys, progress)?;
    Ok(Checked { restored, store: check_store(&db)? })
}

fn check_store(db: &Db) -> Result<StoreChecked> {
    let report = verify::run(db, &Asked::default(), &mut |_, _| {})?;
    let problems = report.problems.listed.into_iter().map(|problem| problem.sentence).collect();
    db.read_now(move |conn| {
        Ok(StoreChecked {
            newest_alert: alerts::table.select(max(alerts::received_at)).first(conn)?,
            newest_entry: history::table.select(max(history::at)).first(conn)?,
            problems,
        })
    })
}
