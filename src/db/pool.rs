//! Pools of connections to one database.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::result::ConnectionError;
use r2d2::{ManageConnection, Pool};

use crate::db::connection::AnyConnection;
use crate::db::url::DatabaseUrl;

/// Readers beside the writer; on two cores more does not read faster (measured: 4 to 8), and each
/// takes some 10 MiB once it has searched a large store.
pub(super) const READERS: u32 = 4;
/// SQLite's page caches, in KiB. The operating system caches the file besides; the writer's is larger
/// because a batch touches a page many times.
pub(super) const READER_CACHE: u32 = 1024;
pub(super) const WRITER_CACHE: u32 = 16 * 1024;
/// For how long a connection is not tested again: a page takes several, and each test is a round trip
/// to PostgreSQL.
const ALIVE: Duration = Duration::from_secs(1);
/// How long a request waits for a connection before it fails.
const POOL_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens connections of one URL for the pool.
pub(super) struct Opener {
    url: DatabaseUrl,
    /// SQLite's page cache of a connection, in KiB.
    cache: u32,
}

impl Opener {
    pub(super) fn open(&self) -> std::result::Result<AnyConnection, ConnectionError> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
                diesel::connection::SimpleConnection::batch_execute(
                    &mut connection,
                    &format!(
                        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
                         PRAGMA foreign_keys = ON; PRAGMA cache_size = -{}; PRAGMA temp_store = MEMORY; \
                         PRAGMA wal_autocheckpoint = 40000;",
                        self.cache
                    ),
                )
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(AnyConnection::Sqlite(connection))
            }
            DatabaseUrl::Postgres(url) => Ok(AnyConnection::Postgres(PgConnection::establish(url)?)),
        }
    }
}

/// A connection of a pool, and when it was last known to work.
pub(super) struct Pooled {
    pub(super) inner: AnyConnection,
    alive: Instant,
}

impl ManageConnection for Opener {
    type Connection = Pooled;
    type Error = ConnectionError;

    fn connect(&self) -> std::result::Result<Pooled, ConnectionError> {
        Ok(Pooled { inner: self.open()?, alive: Instant::now() })
    }

    fn is_valid(&self, connection: &mut Pooled) -> std::result::Result<(), ConnectionError> {
        if connection.alive.elapsed() < ALIVE {
            return Ok(());
        }
        diesel::sql_query("SELECT 1")
            .execute(&mut connection.inner)
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        connection.alive = Instant::now();
        Ok(())
    }

    fn has_broken(&self, connection: &mut Pooled) -> bool {
        use diesel::connection::TransactionManager;
        <AnyConnection as Connection>::TransactionManager::is_broken_transaction_manager(&mut connection.inner)
    }
}

impl Opener {
    pub(super) fn new(url: &DatabaseUrl, cache: u32) -> Self {
        Self { url: url.clone(), cache }
    }

    /// A pool of at most `size` connections.
    pub(super) fn pool(self, size: u32) -> Result<Pool<Self>, String> {
        Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .connection_timeout(POOL_TIMEOUT)
            .test_on_check_out(matches!(self.url, DatabaseUrl::Postgres(_)))
            .build(self)
            .map_err(|error| format!("cannot open the database: {error}"))
    }
}
