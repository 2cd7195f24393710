//! Connections to either database. This is the only folder that names one: everything else is
//! written once against [`AnyConnection`].
//!
//! Reads and writes are kept apart. On SQLite one writer stands beside many readers (WAL), taken
//! in turn, and every writing transaction begins IMMEDIATE: a read that is upgraded to a write
//! fails at once with "database is locked" under contention (1,500 of 2,000 measured).

pub mod connection;
pub mod schema_state;
pub mod text_index;
mod threads;
mod tx;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::result::ConnectionError;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use r2d2::{ManageConnection, Pool, PooledConnection};

pub use crate::db::connection::AnyConnection;
pub use crate::db::schema_state::{SchemaState, schema_state};
pub use crate::db::text_index::{Searched, contains};
use crate::db::threads::Threads;
pub use crate::db::tx::Tx;
use crate::error::{Error, Result};
use crate::live::Hub;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Readers beside the writer; on two cores more does not read faster (measured: 4 to 8), and each
/// takes some 10 MiB once it has searched a large store.
const READERS: u32 = 4;
/// SQLite's page caches, in KiB. The operating system caches the file besides; the writer's is larger
/// because a batch touches a page many times.
const READER_CACHE: u32 = 1024;
const WRITER_CACHE: u32 = 16 * 1024;
/// How long a connection that was alive is taken to be so: a page asks for several, and each question
/// more is a way to PostgreSQL and back.
const ALIVE: Duration = Duration::from_secs(1);
/// How long a request waits for a connection before it fails.
const POOL_TIMEOUT: Duration = Duration::from_secs(10);

/// How often a write is tried when the database ends it for another's sake.
const TRIES: u64 = 8;

/// Where the data is. Parsed from `sqlite://path` or `postgres://...`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(String),
}

impl DatabaseUrl {
    /// Refuses what it does not know, so that a mistyped URL cannot become a new SQLite file.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            if path.is_empty() {
                return Err("the database URL sqlite:// names no file".into());
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let wants_tls =
                ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"].iter().any(|mode| text.contains(mode));
            if wants_tls && !cfg!(feature = "postgres-tls") {
                return Err("the database URL asks for TLS, which this build does not have; \
                            build with --features postgres-tls"
                    .into());
            }
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err("the database URL must begin with sqlite:// or postgres://".into())
    }

    /// The folder that files of this installation (the secret) belong beside.
    pub fn folder(&self) -> PathBuf {
        match self {
            Self::Sqlite(path) => {
                path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
            }
            Self::Postgres(_) => PathBuf::from("."),
        }
    }
}

/// Opens connections of one URL for the pool.
struct Opener {
    url: DatabaseUrl,
    /// SQLite's page cache of a connection, in KiB.
    cache: u32,
}

impl Opener {
    fn open(&self) -> std::result::Result<AnyConnection, ConnectionError> {
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

/// A connection of a pool, and when it was last seen to be alive.
struct Pooled {
    inner: AnyConnection,
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

/// Both pools, the writer's turn, and the hub that commits report to. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    readers: Pool<Opener>,
    writer: Pool<Opener>,
    turn: Option<Arc<tokio::sync::Mutex<()>>>,
    hub: Hub,
    commits: Arc<AtomicU64>,
    reading: Arc<Threads>,
    writing: Arc<Threads>,
    automatic_names: bool,
    automatic_merging: bool,
}

impl Db {
    /// Opens the pools. The text of a failure is for the person at the console.
    pub fn open(url: &DatabaseUrl, hub: Hub) -> std::result::Result<Self, String> {
        // Once by hand: the pool would retry for its whole timeout and then say less.
        Opener { url: url.clone(), cache: READER_CACHE }
            .open()
            .map_err(|error| format!("cannot open the database: {error}"))?;
        let threads = |count: u32, name: &str| {
            Threads::new(count, name).map(Arc::new).map_err(|error| format!("cannot start threads: {error}"))
        };
        let pool = |size: u32, cache: u32| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                .connection_timeout(POOL_TIMEOUT)
                .test_on_check_out(matches!(url, DatabaseUrl::Postgres(_)))
                .build(Opener { url: url.clone(), cache })
                .map_err(|error| format!("cannot open the database: {error}"))
        };
        let (writers, turn) = match url {
            DatabaseUrl::Sqlite(_) => (1, Some(Arc::new(tokio::sync::Mutex::new(())))),
            DatabaseUrl::Postgres(_) => (READERS, None),
        };
        Ok(Self {
            readers: pool(READERS, READER_CACHE)?,
            writer: pool(writers, WRITER_CACHE)?,
            turn,
            hub,
            commits: Arc::default(),
            reading: threads(READERS, "db-read")?,
            writing: threads(writers, "db-write")?,
            automatic_names: true,
            automatic_merging: true,
        })
    }

    /// With automatic naming off, new incidents are called "Incident 1234" (R5).
    #[must_use]
    pub fn with_automatic_names(mut self, automatic_names: bool) -> Self {
        self.automatic_names = automatic_names;
        self
    }

    /// With automatic merging off, an alert that ties two incidents joins the nearer one (R12).
    #[must_use]
    pub fn with_automatic_merging(mut self, automatic_merging: bool) -> Self {
        self.automatic_merging = automatic_merging;
        self
    }

    /// Whether incidents are named, and whether they are merged, by themselves.
    pub fn automatic(&self) -> (bool, bool) {
        (self.automatic_names, self.automatic_merging)
    }

    /// How many transactions this process has written: what was read before one may be old.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }

    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Reads from an async handler, off its thread.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let db = self.clone();
        self.reading.run(move || db.read_now(work)).await
    }

    /// Reads from an async handler what need not agree with anything else: most often one statement.
    pub async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let db = self.clone();
        self.reading.run(move || work(&mut db.connection(&db.readers)?.inner)).await
    }

    /// Writes from an async handler: one transaction, all or nothing.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        // Waiting here keeps writers in line without holding a thread each.
        let turn = match &self.turn {
            Some(turn) => Some(Arc::clone(turn).lock_owned().await),
            None => None,
        };
        let db = self.clone();
        self.writing
            .run(move || {
                let _turn = turn;
                db.write_now(work)
            })
            .await
    }

    /// Reads on the calling thread (the command line). All that is read is of one moment, so that a
    /// page agrees with its own total, rows and way on whatever is written meanwhile.
    pub fn read_now<T>(&self, work: impl FnOnce(&mut AnyConnection) -> Result<T>) -> Result<T> {
        tx::in_snapshot(&mut self.connection(&self.readers)?.inner, work)
    }

    /// Writes on the calling thread, in line with [`Db::write`]: for long work of many transactions
    /// that must not keep people waiting. Never from an async thread.
    pub fn write_in_turn<T>(&self, work: impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let _turn = self.turn.as_ref().map(|turn| turn.blocking_lock());
        self.write_now(work)
    }

    /// Writes on the calling thread (the command line). When PostgreSQL ends one of two
    /// transactions that wait for each other, the whole of it is tried again.
    pub fn write_now<T>(&self, mut work: impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let connection = &mut self.connection(&self.writer)?.inner;
        for attempt in 1..=TRIES {
            match tx::in_transaction(connection, (self.automatic_names, self.automatic_merging), &mut work) {
                Ok((result, touched)) => {
                    self.commits.fetch_add(1, Ordering::Release);
                    for incident in touched {
                        self.hub.wake(incident);
                    }
                    return Ok(result);
                }
                Err(Error::Retry(_)) if attempt < TRIES => stand_back(attempt),
                Err(error) => return Err(error),
            }
        }
        Err(Error::internal("a transaction was given up"))
    }

    fn connection(&self, pool: &Pool<Opener>) -> Result<PooledConnection<Opener>> {
        pool.get().map_err(Error::internal)
    }
}

/// Waits a moment of chance, so that the same two do not meet again at once.
#[expect(clippy::disallowed_methods, reason = "this thread is for blocking, and there is no event to wait for")]
fn stand_back(attempt: u64) {
    std::thread::sleep(Duration::from_millis(fastrand::u64(1..20) * attempt));
}

impl Db {
    /// Brings the schema up to this program's. Returns how many migrations ran.
    pub fn migrate(&self) -> Result<usize> {
        let connection = &mut self.connection(&self.writer)?.inner;
        let ran = connection.run_pending_migrations(MIGRATIONS).map_err(Error::internal)?.len();
        text_index::ensure(connection)?;
        Ok(ran)
    }

    /// Lets PostgreSQL look at how its tables are filled, as it does by itself after a while. SQLite
    /// never does, so its plans are the same for every store.
    pub fn analyze(&self) -> Result<()> {
        if let AnyConnection::Postgres(inner) = &mut self.connection(&self.writer)?.inner {
            diesel::sql_query("VACUUM ANALYZE").execute(inner)?;
        }
        Ok(())
    }

    /// Whether no migration has ever run: a database that nobody uses yet.
    pub fn is_empty(&self) -> Result<bool> {
        let connection = &mut self.connection(&self.writer)?.inner;
        Ok(connection.applied_migrations().map_err(Error::internal)?.is_empty())
    }

    /// Takes every migration back; only tests and `.ci/run` do that.
    pub fn unmigrate(&self) -> Result<usize> {
        let connection = &mut self.connection(&self.writer)?.inner;
        text_index::remove(connection)?;
        let undone = connection.revert_all_migrations(MIGRATIONS).map_err(Error::internal)?;
        Ok(undone.len())
    }

    /// Copies an SQLite database to `target` while it may be in use; nothing on PostgreSQL, whose
    /// own tools do it.
    pub fn copy_to(&self, target: &Path) -> Result<bool> {
        let connection = &mut self.connection(&self.writer)?.inner;
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
