//! Pools of connections to one database.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::ConnectionError;
use r2d2::{ManageConnection, Pool, PooledConnection};

use crate::db::connection::AnyConnection;
use crate::db::file::DatabaseFile;
use crate::db::outage::Outage;
use crate::db::url::DatabaseUrl;
use crate::error::{Error, Result, Unavailable};

/// Readers beside the writer; on two cores more does not read faster (measured: 4 to 8), and each
/// takes some 10 MiB once it has searched a large store.
pub(super) const READERS: u32 = 4;
/// Threads that carry out [`crate::db::Db::write`] on PostgreSQL.
pub(super) const WRITERS: u32 = 4;
/// How many transactions of [`crate::db::Db::write_in_turn`] PostgreSQL works on at once. Those of ingest wait for
/// each other in any case; the others are steps of jobs.
pub(super) const IN_TURN: u32 = 3;
/// One connection for each of these, and one for what takes no turn ([`crate::db::Db::write_now`], looking at the
/// database's settings), so that none waits for another's work.
pub(super) const WRITER_CONNECTIONS: u32 = WRITERS + IN_TURN + 1;
/// SQLite's page caches, in KiB. The operating system caches the file besides; the writer's is larger
/// because a batch touches a page many times.
const READER_CACHE: u32 = 1024;
const WRITER_CACHE: u32 = 16 * 1024;
/// For how long a connection is not tested again: a page takes several, and each test is a round trip
/// to PostgreSQL.
const ALIVE: Duration = Duration::from_secs(1);
/// How long a thread waits for a connection: until one is opened, or until another thread gives one back. Most find
/// one free, since the threads and turns are as many as the connections. The others wait beside them: a thread that
/// reads by itself ([`crate::db::Db::read_now`]), and on SQLite one that writes without its turn.
const POOL_TIMEOUT: Duration = Duration::from_secs(5);

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Reading,
    Writing,
}

/// Opens connections of one URL for the pool.
pub(super) struct Opener {
    url: DatabaseUrl,
    /// The file that was opened first, once it is.
    file: Option<DatabaseFile>,
    purpose: Use,
}

/// A connection of the pool, unless none could be opened a moment ago. The pool tells the reason why none could be
/// opened to one of those who wait; without a reason, those that there are were in use for all of the time.
pub(super) fn take(pool: &Pool<Opener>, outage: &Outage) -> Result<PooledConnection<Opener>> {
    if let Some(refusal) = outage.refusal() {
        return Err(refusal);
    }
    let error = match pool.get() {
        Ok(connection) => {
            outage.end();
            return Ok(connection);
        }
        Err(error) => error.to_string(),
    };
    if let Some((_, reason)) = error.split_once(": ") {
        return Err(outage.begin(reason.to_owned()));
    }
    let why = if pool.state().connections < pool.max_size() { Unavailable::Gone } else { Unavailable::Busy };
    Err(outage.explain(Error::Unavailable(why, error)))
}

impl Opener {
    pub(super) fn open(&self) -> std::result::Result<AnyConnection, ConnectionError> {
        if let Some(file) = &self.file {
            file.check().map_err(|error| ConnectionError::BadConnection(error.to_string()))?;
        }
        match &self.url {
            DatabaseUrl::Sqlite(path, synchronous) => {
                let cache = match self.purpose {
                    Use::Reading => READER_CACHE,
                    Use::Writing => WRITER_CACHE,
                };
                let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
                set(
                    &mut connection,
                    &format!(
                        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = {}; \
                         PRAGMA foreign_keys = ON; PRAGMA cache_size = -{cache}; PRAGMA temp_store = MEMORY; \
                         PRAGMA wal_autocheckpoint = 40000;",
                        <&str>::from(synchronous)
                    ),
                )?;
                Ok(AnyConnection::Sqlite(connection))
            }
            DatabaseUrl::Postgres(url) => {
                let mut connection = PgConnection::establish(&with_timeouts(url))?;
                let lock_timeout = match self.purpose {
                    Use::Reading => "",
                    Use::Writing => "SET lock_timeout = '10s';",
                };
                set(
                    &mut connection,
                    &format!(
                        "SET statement_timeout = '{}s'; SET idle_in_transaction_session_timeout = '60s'; {lock_timeout}",
                        self.purpose.statement_seconds()
                    ),
                )?;
                Ok(AnyConnection::Postgres(connection))
            }
        }
    }
}

impl Use {
    /// For how long PostgreSQL may work on a statement. SQLite cannot be stopped.
    fn statement_seconds(self) -> u32 {
        match self {
            Self::Reading => 30,
            Self::Writing => 60,
        }
    }
}

fn set(connection: &mut impl SimpleConnection, statements: &str) -> std::result::Result<(), ConnectionError> {
    connection.batch_execute(statements).map_err(ConnectionError::CouldntSetupConfiguration)
}

/// Adds limits on waiting for a server that does not answer at all, unless the URL has its own.
fn with_timeouts(url: &str) -> String {
    let mut url = url.to_owned();
    for (name, value) in [("connect_timeout", "10"), ("tcp_user_timeout", "30000")] {
        if !url.contains(name) {
            // The user name and password end at the first @, and may contain a question mark.
            let after_user = url.split_once('@').map_or(url.as_str(), |(_, rest)| rest);
            let separator = if after_user.contains('?') { '&' } else { '?' };
            url = format!("{url}{separator}{name}={value}");
        }
    }
    url
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
    pub(super) fn new(url: &DatabaseUrl, file: Option<DatabaseFile>, purpose: Use) -> Self {
        Self { url: url.clone(), file, purpose }
    }

    /// A pool of at most `size` connections.
    pub(super) fn pool(self, size: u32) -> std::result::Result<Pool<Self>, String> {
        self.pool_with_wait(size, POOL_TIMEOUT)
    }

    fn pool_with_wait(self, size: u32, wait: Duration) -> std::result::Result<Pool<Self>, String> {
        Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .connection_timeout(wait)
            .test_on_check_out(matches!(self.url, DatabaseUrl::Postgres(_)))
            .build(self)
            .map_err(|error| format!("cannot open the database: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opener(folder: &std::path::Path) -> Opener {
        Opener::new(&DatabaseUrl::throw_away(folder.join("store.db")), None, Use::Writing)
    }

    #[test]
    fn a_pool_whose_connections_are_in_use_is_busy_and_refuses_nobody_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let pool = opener(folder.path()).pool_with_wait(1, Duration::from_millis(50)).unwrap();
        let outage = Outage::default();
        let held = take(&pool, &outage).unwrap();
        let waited = take(&pool, &outage).err();
        assert!(matches!(waited, Some(Error::Unavailable(Unavailable::Busy, _))), "{waited:?}");
        drop(held);
        assert!(take(&pool, &outage).is_ok(), "a connection is free");
    }

    #[test]
    fn a_database_that_cannot_be_opened_is_gone_and_asked_again_only_after_a_moment() {
        let folder = tempfile::tempdir().unwrap();
        let opener = opener(&folder.path().join("missing"));
        let pool = Pool::builder().max_size(1).connection_timeout(Duration::from_millis(50)).build_unchecked(opener);
        let outage = Outage::default();
        let refused = take(&pool, &outage).err();
        assert!(matches!(refused, Some(Error::Unavailable(Unavailable::Gone, _))), "{refused:?}");
        assert!(outage.refusal().is_some());
    }

    #[test]
    fn limits_are_added_as_parameters_whatever_the_password_has() {
        for (url, with) in [
            ("postgres://db/desk", "postgres://db/desk?connect_timeout=10&tcp_user_timeout=30000"),
            (
                "postgres://desk:pa?ss@db/desk",
                "postgres://desk:pa?ss@db/desk?connect_timeout=10&tcp_user_timeout=30000",
            ),
            ("postgres://db/desk?connect_timeout=3", "postgres://db/desk?connect_timeout=3&tcp_user_timeout=30000"),
        ] {
            assert_eq!(with_timeouts(url), with);
        }
    }
}
