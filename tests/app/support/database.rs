//! A database of a test's own: an SQLite file, or a schema of its own where `TEST_DATABASE_URL` names
//! PostgreSQL. It goes away with the test.

use std::any::Any;

use diesel::backend::Backend;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tempfile::TempDir;

use super::product::{DatabaseUrl, random_hex};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Whether the tests run on SQLite, not on PostgreSQL.
pub fn is_sqlite() -> bool {
    std::env::var("TEST_DATABASE_URL").is_err()
}

pub struct TestDatabase {
    pub url: DatabaseUrl,
    pub folder: TempDir,
    /// Where PostgreSQL is, and the schema to drop in it.
    schema: Option<(String, String)>,
}

impl TestDatabase {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
            return Self { url: DatabaseUrl::sqlite(folder.path().join("test.db")), folder, schema: None };
        };
        let schema = format!("test_{}", random_hex(8).unwrap());
        run_on_postgres(&server, &format!("CREATE SCHEMA {schema}"));
        let separator = if server.contains('?') { '&' } else { '?' };
        let url = DatabaseUrl::parse(&format!("{server}{separator}options=-csearch_path%3D{schema}")).unwrap();
        Self { url, folder, schema: Some((server, schema)) }
    }

    /// The SQLite file of a folder that has one.
    pub fn in_folder(folder: TempDir) -> Self {
        Self { url: DatabaseUrl::sqlite(folder.path().join("test.db")), folder, schema: None }
    }

    /// Brings everything that was written into SQLite's main file.
    pub fn checkpoint(&self) {
        if let DatabaseUrl::Sqlite(path, _) = &self.url {
            let mut connection = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
            connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        }
    }

    /// Lets nobody write until the returned connection is dropped.
    pub fn hold_writes(&self) -> Box<dyn Any> {
        match &self.url {
            DatabaseUrl::Sqlite(path, _) => {
                let mut connection = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
                connection.batch_execute("BEGIN IMMEDIATE").unwrap();
                Box::new(connection)
            }
            DatabaseUrl::Postgres(url) => {
                let mut connection = PgConnection::establish(url).unwrap();
                connection.batch_execute("BEGIN; LOCK TABLE operations IN EXCLUSIVE MODE").unwrap();
                Box::new(connection)
            }
        }
    }

    /// Runs the migrations up to one, and a script that fills the tables as they are then.
    pub fn load(&self, last_migration: &str, script: &str) {
        match &self.url {
            DatabaseUrl::Sqlite(path, _) => {
                load(SqliteConnection::establish(&path.to_string_lossy()).unwrap(), last_migration, script);
            }
            DatabaseUrl::Postgres(url) => load(PgConnection::establish(url).unwrap(), last_migration, script),
        }
    }

    /// The URL as the command line takes it.
    pub fn text(&self) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(path, _) => format!("sqlite://{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some((server, schema)) = &self.schema {
            run_on_postgres(server, &format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}

fn load<C: Connection + MigrationHarness<DB>, DB: Backend>(mut connection: C, last_migration: &str, script: &str) {
    for migration in &connection.pending_migrations(MIGRATIONS).unwrap() {
        if migration.name().version().to_string().as_str() <= last_migration {
            connection.run_migration(migration).unwrap();
        }
    }
    connection.batch_execute(script).unwrap();
}

fn run_on_postgres(url: &str, statement: &str) {
    PgConnection::establish(url).unwrap().batch_execute(statement).unwrap();
}
