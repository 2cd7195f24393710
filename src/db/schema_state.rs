//! Which schema a database has, and whether it is the one that this program expects.

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

/// The migrations that ran, in their order.
pub fn applied_migrations(conn: &mut AnyConnection) -> Result<Vec<String>> {
    let mut applied: Vec<String> =
        conn.applied_migrations().map_err(Error::internal)?.iter().map(ToString::to_string).collect();
    applied.sort();
    Ok(applied)
}

/// The migrations that this version knows, in their order.
pub fn known_migrations() -> Result<Vec<String>> {
    let known = diesel::migration::MigrationSource::<diesel::sqlite::Sqlite>::migrations(&MIGRATIONS);
    Ok(known.map_err(Error::internal)?.iter().map(|migration| migration.name().version().to_string()).collect())
}

/// Runs those of these migrations that have not run yet, in their order.
pub(super) fn run_migrations(conn: &mut AnyConnection, migrations: &[String]) -> Result<()> {
    let known = known_migrations()?;
    if let Some(unknown) = migrations.iter().find(|migration| !known.contains(migration)) {
        return Err(Error::internal(format!("the migration {unknown} is not known")));
    }
    for migration in conn.pending_migrations(MIGRATIONS).map_err(Error::internal)? {
        if migrations.contains(&migration.name().version().to_string()) {
            conn.run_migration(&*migration).map_err(Error::internal)?;
        }
    }
    Ok(())
}
