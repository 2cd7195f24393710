//! Whether a database is of this program's version.

use diesel_migrations::MigrationHarness as _;

use crate::db::MIGRATIONS;
use crate::db::connection::AnyConnection;
use crate::error::{Error, Result};

/// Where the schema stands against this program.
#[derive(Debug, PartialEq, Eq)]
pub enum SchemaState {
    Current,
    /// The database is empty or older: `migrate` brings it up.
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
