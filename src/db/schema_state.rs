//! Whether a database has the schema that this program expects.

use diesel_migrations::MigrationHarness as _;

use crate::db::connection::AnyConnection;
use crate::db::maintenance::MIGRATIONS;
use crate::error::{Error, Result};

/// The schema of a database compared with the one that this program expects.
#[derive(Debug, PartialEq, Eq)]
pub enum SchemaState {
    Current,
    /// The database is empty or older: so many migrations are pending.
    Behind(usize),
    /// The database was written by a newer Watchdesk.
    Ahead,
}

/// Compares the database's migrations with this program's.
pub fn schema_state(connection: &mut AnyConnection) -> Result<SchemaState> {
    let applied = connection.applied_migrations().map_err(Error::internal)?;
    let pending = connection.pending_migrations(MIGRATIONS).map_err(Error::internal)?.len();
    let own = diesel::migration::MigrationSource::<diesel::sqlite::Sqlite>::migrations(&MIGRATIONS)
        .map_err(Error::internal)?
        .len();
    if applied.len() + pending > own {
        return Ok(SchemaState::Ahead);
    }
    Ok(if pending == 0 { SchemaState::Current } else { SchemaState::Behind(pending) })
}
