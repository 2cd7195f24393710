//! What is looked at before the server starts: the schema, what `watchdesk migrate` has left to do, and weaknesses.

use std::path::PathBuf;

use crate::db::{Db, SchemaState, is_open_to_others, schema_state};
use crate::entities::chain as entity_chain;
use crate::history::lessons::rebuild;
use crate::history::{chaining, entity_texts, rescore, written_texts};
use crate::proof::store;
use crate::text::counted;

/// Logs what a power cut may take, and which files others may read.
pub(super) fn warn_of_weaknesses(db: &Db, secret_files: [&PathBuf; 2]) -> crate::error::Result<()> {
    let mut open = db.files_open_to_others();
    open.extend(secret_files.into_iter().filter(|path| is_open_to_others(path)).cloned());
    for path in open {
        tracing::warn!("{0} can be read by others on this machine; run: chmod 600 {0}", path.display());
    }
    for sentence in db.weak_promises()? {
        tracing::warn!("{sentence}");
    }
    Ok(())
}

/// Warns of what `watchdesk migrate` has not finished.
pub(super) fn rest_of_migration(db: &Db) -> crate::error::Result<()> {
    priorities(db)?;
    search(db)?;
    chains(db)
}

/// Warns when entries of an older store have no hash.
fn chains(db: &Db) -> crate::error::Result<()> {
    if db.read_now(|conn| Ok(chaining::is_behind(conn)? || entity_chain::is_behind(conn)?))? {
        tracing::warn!("no checkpoints are made: {}", store::NOT_CHAINED);
    }
    Ok(())
}

/// Warns when an older store is not searchable whole.
fn search(db: &Db) -> crate::error::Result<()> {
    if db.read_now(|conn| Ok(written_texts::is_behind(conn)? || entity_texts::is_behind(conn)?))? {
        tracing::warn!("some comments and command lines cannot be found by searching yet; run `watchdesk migrate`");
    }
    Ok(())
}

/// Warns when stored priorities are of an older version, or not everything is counted for Lessons. A store without
/// incidents has no priorities, so it is marked as up to date.
fn priorities(db: &Db) -> crate::error::Result<()> {
    if db.read_now(rescore::is_behind)? && !db.write_now(rescore::begin_if_empty)? {
        tracing::warn!("some priorities are not calculated yet; run `watchdesk migrate`");
    }
    if db.read_now(rebuild::is_behind)? {
        tracing::warn!("not everything is counted for Lessons yet; run `watchdesk migrate`");
    }
    Ok(())
}

pub(super) fn schema(db: &Db) -> Result<(), String> {
    match db.read_now(schema_state).map_err(|error| error.to_string())? {
        SchemaState::Current => Ok(()),
        SchemaState::Behind(count) => {
            Err(format!("the database is {} behind this version; run `watchdesk migrate`", counted(count, "migration")))
        }
        SchemaState::Ahead => Err("the database was written by a newer version of Watchdesk; use that one".to_owned()),
    }
}
