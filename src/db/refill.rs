//! Reading a whole database as it was at one moment, and filling one that has nothing yet, for backups. Both take as long
//! as it takes.

use std::mem;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::MigrationHarness as _;

use crate::db::connection::AnyConnection;
use crate::db::database::Db;
use crate::db::maintenance::MIGRATIONS;
use crate::db::schema_state::{applied_migrations, run_migrations};
use crate::db::tables::{Table, tables};
use crate::db::tx::{self, Tx};
use crate::db::{raw_rows, text_tables};
use crate::error::{Error, Result};

/// A foreign key of PostgreSQL while it is taken off.
#[derive(QueryableByName)]
struct ForeignKey {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    definition: String,
}

impl Db {
    /// Reads from one snapshot on a connection of its own, which nobody waits for.
    pub fn read_whole<T>(&self, work: impl FnOnce(&mut AnyConnection) -> Result<T>) -> Result<T> {
        let connection = &mut self.further_connection()?;
        if let AnyConnection::Postgres(inner) = connection {
            inner.batch_execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")?;
        }
        tx::in_snapshot(connection, work)
    }

    /// Fills a database with rows of the schema that these migrations make, and migrates it to this version's schema, all
    /// in one transaction. `empty` refuses a database that has something; what it allows is removed. `load` fills the
    /// tables, which have no row, in any order; `finish` works on the schema of this version.
    pub fn refill<T>(
        &self,
        migrations: &[String],
        empty: impl FnOnce(&mut AnyConnection) -> Result<()>,
        load: impl FnOnce(&mut AnyConnection, &[Table]) -> Result<()>,
        finish: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let connection = &mut self.further_connection()?;
        let (mut steps, automatic) = (Some((empty, load, finish)), self.automatic_choices());
        let done = tx::in_transaction(connection, automatic, &mut |tx: &mut Tx<'_>| {
            let (empty, load, finish) = mem::take(&mut steps).ok_or_else(|| Error::internal("filled twice"))?;
            begin(tx.conn)?;
            if !applied_migrations(tx.conn)?.is_empty() {
                empty(tx.conn)?;
            }
            remove_schema(tx.conn)?;
            run_migrations(tx.conn, migrations)?;
            let tables = tables(migrations)?;
            // The rows that migrations put in are among those of the backup.
            for table in tables.iter().rev() {
                raw_rows::clear_table(tx.conn, table)?;
            }
            let foreign_keys = take_off_foreign_keys(tx.conn, &tables)?;
            load(tx.conn, &tables)?;
            put_on_foreign_keys(tx.conn, &foreign_keys)?;
            tx.conn.run_pending_migrations(MIGRATIONS).map_err(Error::internal)?;
            text_tables::ensure(tx.conn)?;
            finish(tx)
        })?;
        Ok(done.value)
    }
}

/// Whoever else uses the database is waited for, but not for long. SQLite checks references at the end.
fn begin(conn: &mut AnyConnection) -> Result<()> {
    match conn {
        AnyConnection::Sqlite(inner) => inner.batch_execute("PRAGMA defer_foreign_keys = ON")?,
        AnyConnection::Postgres(inner) => inner.batch_execute(
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; \
             SET LOCAL lock_timeout = '10s'",
        )?,
    }
    Ok(())
}

fn remove_schema(conn: &mut AnyConnection) -> Result<()> {
    text_tables::remove(conn)?;
    conn.revert_all_migrations(MIGRATIONS).map_err(Error::internal)?;
    Ok(())
}

/// PostgreSQL would check each row against rows that are not there yet.
fn take_off_foreign_keys(conn: &mut AnyConnection, tables: &[Table]) -> Result<Vec<ForeignKey>> {
    let AnyConnection::Postgres(inner) = conn else { return Ok(Vec::new()) };
    let mut keys: Vec<ForeignKey> = diesel::sql_query(
        "SELECT r.relname::text AS of, c.conname::text AS name, pg_get_constraintdef(c.oid) AS definition \
         FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid \
         WHERE c.contype = 'f' AND r.relnamespace = current_schema()::regnamespace ORDER BY 1, 2",
    )
    .load(inner)?;
    keys.retain(|key| tables.iter().any(|table| table.name == key.of));
    for ForeignKey { of, name, .. } in &keys {
        inner.batch_execute(&format!("ALTER TABLE \"{of}\" DROP CONSTRAINT \"{name}\""))?;
    }
    Ok(keys)
}

/// Checks all references of what was loaded.
fn put_on_foreign_keys(conn: &mut AnyConnection, keys: &[ForeignKey]) -> Result<()> {
    match conn {
        AnyConnection::Sqlite(inner) => {
            let wrong = "EXISTS (SELECT 1 FROM pragma_foreign_key_check)";
            if diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(wrong)).get_result(inner)? {
                return Err(Error::internal("a row refers to one that is missing"));
            }
        }
        AnyConnection::Postgres(inner) => {
            for ForeignKey { of, name, definition } in keys {
                inner.batch_execute(&format!("ALTER TABLE \"{of}\" ADD CONSTRAINT \"{name}\" {definition}"))?;
            }
        }
    }
    Ok(())
}
