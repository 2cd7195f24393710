//! [`Db`]: reading and writing, from async handlers and from the command line.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use backon::{BlockingRetryable as _, ExponentialBuilder};
use r2d2::{Pool, PooledConnection};

use crate::db::connection::AnyConnection;
use crate::db::pool::{Opener, READER_CACHE, READERS, WRITER_CACHE};
use crate::db::threads::Threads;
use crate::db::tx::{self, Tx};
use crate::db::url::DatabaseUrl;
use crate::error::{Error, Result, Unavailable};
use crate::live::Hub;

/// How often a write is tried again when the database aborts it because of another transaction.
const RETRIES: usize = 7;

/// Both pools, the lock by which writers take turns, and the hub that is told of commits. Cheap to clone.
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
        // Tried once without the pool, which would retry until its timeout and then hide the reason.
        let opener = Opener::new(url, READER_CACHE);
        opener.open().map_err(|error| format!("cannot open the database: {error}"))?;
        let threads = |count: u32, name: &str| {
            Threads::new(count, name).map(Arc::new).map_err(|error| format!("cannot start threads: {error}"))
        };
        let (writers, turn) = match url {
            DatabaseUrl::Sqlite(_) => (1, Some(Arc::new(tokio::sync::Mutex::new(())))),
            DatabaseUrl::Postgres(_) => (READERS, None),
        };
        Ok(Self {
            readers: opener.pool(READERS)?,
            writer: Opener::new(url, WRITER_CACHE).pool(writers)?,
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

    /// How many transactions this process has committed; what was read before one may be out of date.
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

    /// Reads from an async handler without a snapshot: for one statement, or several that need not agree.
    pub async fn read_without_snapshot<T: Send + 'static>(
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

    /// Reads on the calling thread (the command line), from one snapshot: a page's total, rows and next
    /// link agree with each other whatever is written meanwhile.
    pub fn read_now<T>(&self, work: impl FnOnce(&mut AnyConnection) -> Result<T>) -> Result<T> {
        tx::in_snapshot(&mut self.connection(&self.readers)?.inner, work)
    }

    /// Writes on the calling thread, taking turns with [`Db::write`]: for long work of many transactions
    /// that must not keep people waiting. Never from an async thread.
    pub fn write_in_turn<T>(&self, work: impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let _turn = self.turn.as_ref().map(|turn| turn.blocking_lock());
        self.write_now(work)
    }

    /// Writes on the calling thread (the command line). When PostgreSQL ends one of two
    /// transactions that wait for each other, the whole of it is tried again.
    pub fn write_now<T>(&self, mut work: impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let connection = &mut self.writer_connection()?.inner;
        let settings = (self.automatic_names, self.automatic_merging);
        // Waits differ by chance, so that the same two transactions do not collide again.
        let waits = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(10))
            .with_factor(1.5)
            .with_max_times(RETRIES)
            .with_jitter();
        let (result, touched) = (|| tx::in_transaction(connection, settings, &mut work))
            .retry(waits)
            .when(|error| matches!(error, Error::Retry(_)))
            .call()?;
        self.commits.fetch_add(1, Ordering::Release);
        for incident in touched {
            self.hub.wake(incident);
        }
        Ok(result)
    }

    pub(super) fn writer_connection(&self) -> Result<PooledConnection<Opener>> {
        self.connection(&self.writer)
    }

    fn connection(&self, pool: &Pool<Opener>) -> Result<PooledConnection<Opener>> {
        pool.get().map_err(|error| {
            let message = error.to_string();
            Error::Unavailable(Unavailable::of_text(&message).unwrap_or(Unavailable::Busy), message)
        })
    }
}
