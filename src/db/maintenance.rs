//! Migrations, statistics and copies of a database.

use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use r2d2::PooledConnection;

use crate::db::connection::AnyConnection;
use crate::db::database::Db;
use crate::db::pool::Opener;
use crate::db::text_tables;
use crate::error::{Error, Result};

pub(super) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

impl Db {
    /// A connection whose statements may take as long as they need. For commands that end soon.
    fn patient_connection(&self) -> Result<PooledConnection<Opener>> {
        let mut connection = self.writer_connection()?;
        if let AnyConnection::Postgres(inner) = &mut connection.inner {
            inner.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0")?;
        }
        Ok(connection)
    }

    /// Runs the migrations that are pending. Returns how many ran.
    pub fn migrate(&self) -> Result<usize> {
        let connection = &mut self.patient_connection()?.inner;
        let ran = connection.run_pending_migrations(MIGRATIONS).map_err(Error::internal)?.len();
        text_tables::ensure(connection)?;
        Ok(ran)
    }

    /// Updates PostgreSQL's statistics at once instead of after a while. SQLite keeps none, so that its
    /// query plans are the same for every store.
    pub fn analyze(&self) -> Result<()> {
        if let AnyConnection::Postgres(inner) = &mut self.patient_connection()?.inner {
            diesel::sql_query("VACUUM ANALYZE").execute(inner)?;
        }
        Ok(())
    }

    /// Whether no migration has ever run.
    pub fn is_empty(&self) -> Result<bool> {
        let connection = &mut self.writer_connection()?.inner;
        Ok(connection.applied_migrations().map_err(Error::internal)?.is_empty())
    }

    /// Reverts every migration; only tests and `.ci/run` do that.
    pub fn unmigrate(&self) -> Result<usize> {
        let connection = &mut self.patient_connection()?.inner;
        text_tables::remove(connection)?;
        let undone = connection.revert_all_migrations(MIGRATIONS).map_err(Error::internal)?;
        Ok(undone.len())
    }

    /// Copies an SQLite database to `target` while it may be in use; nothing on PostgreSQL, whose
    /// own tools do it.
    pub fn copy_to(&self, target: &Path) -> Result<bool> {
        let connection = &mut self.writer_connection()?.inner;
        match connection {
            AnyConnection::Sqlite(inner) => {
                diesel::sql_query("VACUUM INTO ?")
                    .bind::<diesel::sql_types::Text, _>(target.to_string_lossy().into_owned())
                    .execute(inner)?;
                Ok(true)
            }
            AnyConnection::Postgres(_) => Ok(false),
        }
    }
}
