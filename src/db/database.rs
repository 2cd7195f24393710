//! [`Db`]: reading and writing, from async handlers and from threads.

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use backon::{BlockingRetryable as _, ExponentialBuilder};
use r2d2::{Pool, PooledConnection};
use tokio::sync::Semaphore;

use crate::db::connection::AnyConnection;
use crate::db::file::DatabaseFile;
use crate::db::measured::waited;
use crate::db::outage::Outage;
use crate::db::pool::{self, IN_TURN, Opener, READERS, Use, WRITER_CONNECTIONS, WRITERS};
use crate::db::statistics;
use crate::db::threads::Threads;
use crate::db::tx::{self, Automatic, Tx};
use crate::db::url::DatabaseUrl;
use crate::db::write_group::WriteGroup;
use crate::error::{Error, Result, Unavailable};
use crate::live::Hub;
use crate::metrics::{Timer, metrics};

/// How often a write is tried again when PostgreSQL aborts it because of another transaction.
const RETRIES: usize = 7;

/// For how long a read or write of a person or program waits for those before it. Then it is not begun.
const WAIT: Duration = Duration::from_secs(10);

/// For how long a read may take.
const READ_TIME: Duration = Duration::from_secs(30);

/// Reads and writes; cheap to clone. It holds both pools with their threads, the turns of writers, the file of an
/// SQLite database, what is known of an outage, the hub that is told of commits, and how many there were.
///
/// There are four ways to write. All are one transaction, and wake the open streams after its commit.
///
/// | way | for | what it waits for |
/// |---|---|---|
/// | [`Db::write`] | what a person or program asks for | its turn, at most ten seconds. On SQLite it shares a transaction with others that wait, on PostgreSQL four run at once |
/// | [`Db::write_small`] | a few alerts of a body | on SQLite as `write`, on PostgreSQL as `write_in_turn` |
/// | [`Db::write_in_turn`] | further batches of bodies, replays, jobs, rescoring | its turn, however long that takes, in the order of arrival; on SQLite people's writes stand in the same line, on PostgreSQL three run at once beside them |
/// | [`Db::write_now`] | commands, the start of the server, databases that nobody else uses; carries out the others on PostgreSQL, and `write_in_turn` on SQLite | no turn; a connection, at most five seconds |
///
/// Another process that writes to the same SQLite database, such as `watchdesk import`, is waited for besides, at most
/// five seconds.
#[derive(Clone)]
pub struct Db {
    readers: Pool<Opener>,
    writer: Pool<Opener>,
    /// Whoever writes in turn holds one; of SQLite there is one.
    turns: Arc<Semaphore>,
    /// Writes to SQLite that wait.
    waiting: Option<WriteGroup>,
    file: Option<DatabaseFile>,
    outage: Outage,
    hub: Hub,
    commits: Arc<AtomicU64>,
    reading: Arc<Threads>,
    writing: Arc<Threads>,
    automatic: Automatic,
    /// For connections beside the pools.
    url: DatabaseUrl,
}

impl Db {
    /// Opens the pools. The text of a failure is for the person at the console.
    pub fn open(url: &DatabaseUrl, hub: Hub) -> std::result::Result<Self, String> {
        let path = match url {
            DatabaseUrl::Sqlite(path, _) => format!(" {}", path.display()),
            DatabaseUrl::Postgres(_) => String::new(),
        };
        let cannot = |error: &dyn fmt::Display| format!("cannot open the database{path}: {error}");
        // Tried once without the pool, which would retry until its timeout and then hide the reason.
        Opener::new(url, None, Use::Reading).open().map_err(|error| cannot(&error))?;
        let file = match url {
            DatabaseUrl::Sqlite(path, _) => Some(DatabaseFile::new(path).map_err(|error| cannot(&error))?),
            DatabaseUrl::Postgres(_) => None,
        };
        let threads = |count: u32, name: &str| {
            Threads::new(count, name).map(Arc::new).map_err(|error| format!("cannot start threads: {error}"))
        };
        let (connections, writers, turns, waiting) = match url {
            DatabaseUrl::Sqlite(..) => (1, 1, 1, Some(WriteGroup::default())),
            DatabaseUrl::Postgres(_) => (WRITER_CONNECTIONS, WRITERS, IN_TURN, None),
        };
        Ok(Self {
            readers: Opener::new(url, file.clone(), Use::Reading).pool(READERS)?,
            writer: Opener::new(url, file.clone(), Use::Writing).pool(connections)?,
            turns: Arc::new(Semaphore::new(usize::try_from(turns).unwrap_or(1))),
            waiting,
            file,
            outage: Outage::default(),
            hub,
            commits: Arc::default(),
            reading: threads(READERS, "db-read")?,
            writing: threads(writers, "db-write")?,
            automatic: Automatic { names: true, merging: true },
            url: url.clone(),
        })
    }

    /// With automatic naming off, new incidents are called "Incident 1234" (R5).
    #[must_use]
    pub fn with_automatic_names(mut self, automatic_names: bool) -> Self {
        self.automatic.names = automatic_names;
        self
    }

    /// With automatic merging off, an alert that ties two incidents joins the nearer one (R12).
    #[must_use]
    pub fn with_automatic_merging(mut self, automatic_merging: bool) -> Self {
        self.automatic.merging = automatic_merging;
        self
    }

    /// Whether incidents are named, and whether they are merged, by themselves.
    pub fn automatic(&self) -> (bool, bool) {
        (self.automatic.names, self.automatic.merging)
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
        let _measured = Timer::new(&metrics().read_seconds);
        self.within_read_time(self.reading.run(WAIT, move || db.read_now(work))).await
    }

    /// Reads from an async handler without a snapshot: for one statement, or several that need not agree.
    pub async fn read_without_snapshot<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let db = self.clone();
        self.within_read_time(self.reading.run(WAIT, move || work(&mut pool::take(&db.readers, &db.outage)?.inner)))
            .await
    }

    /// Writes from an async handler: all or nothing. On SQLite, writes that wait at the same moment share a
    /// transaction, each with its own savepoint. One that has waited for [`WAIT`] is not begun any more.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _measured = Timer::new(&metrics().write_seconds);
        let work = waited(work);
        if let Some(waiting) = &self.waiting {
            return self.write_with_others(waiting, work).await;
        }
        let db = self.clone();
        let result = self.writing.run(WAIT, move || db.write_now(work)).await;
        result.map_err(|error| self.outage.explain(error))
    }

    async fn write_with_others<T: Send + 'static>(
        &self,
        waiting: &WriteGroup,
        work: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let mut answer = waiting.add(work);
        let mut too_late = pin!(tokio::time::sleep(WAIT));
        loop {
            // Waiting here keeps writers in line without holding a thread each.
            let turn = tokio::select! {
                biased;
                result = answer.wait() => return result,
                turn = Arc::clone(&self.turns).acquire_owned() => turn.map_err(Error::internal)?,
                () = &mut too_late => {
                    if answer.give_up() {
                        return Err(Error::Unavailable(Unavailable::Busy, "a write waited too long".to_owned()));
                    }
                    return answer.wait().await;
                }
            };
            let (db, waiting) = (self.clone(), waiting.clone());
            self.writing
                .run(WAIT, move || {
                    let _turn = turn;
                    db.write_group(&waiting);
                    Ok(())
                })
                .await?;
        }
    }

    /// Carries out the writes that wait and answers them after the commit.
    fn write_group(&self, waiting: &WriteGroup) {
        let mut connection = self.writer_connection();
        let inner = connection.as_mut().map(|connection| &mut connection.inner).map_err(|error| error.repeat());
        let carried = waiting.carry_out(inner, self.automatic);
        self.committed(carried.committed(), carried.touched());
        carried.answer();
    }

    fn committed(&self, writes: u64, touched: &BTreeSet<i64>) {
        self.commits.fetch_add(writes, Ordering::Release);
        for incident in touched {
            self.hub.wake(*incident);
        }
    }

    /// Reads on the calling thread, which must not be an async one, from one snapshot: a page's total, rows and next
    /// link agree with each other whatever is written meanwhile.
    pub fn read_now<T>(&self, work: impl FnOnce(&mut AnyConnection) -> Result<T>) -> Result<T> {
        tx::in_snapshot(&mut pool::take(&self.readers, &self.outage)?.inner, work)
    }

    /// Writes on the calling thread once it is its turn: for long work of many transactions that must not keep people
    /// waiting. Never from an async thread.
    pub fn write_in_turn<T>(&self, work: impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let _turn = self.writing.wait_for(self.turns.acquire())?.map_err(Error::internal)?;
        self.write_now(work)
    }

    /// Writes on the calling thread, which must not be an async one, for work that is soon done.
    pub fn write_small<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if self.waiting.is_some() => runtime.block_on(self.write(work)),
            _ => self.write_in_turn(work),
        }
    }

    /// Writes on the calling thread, which must not be an async one, without a turn. When PostgreSQL ends one of two
    /// transactions that wait for each other, or one loses a race for a name, the whole of it is tried again. SQLite
    /// has one writer at a time, so that the same would fail again.
    pub fn write_now<T>(&self, mut work: impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let connection = &mut self.writer_connection()?.inner;
        let automatic = self.automatic;
        // Waits differ by chance, so that the same two transactions do not collide again.
        let waits = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(10))
            .with_factor(1.5)
            .with_max_times(RETRIES)
            .with_jitter();
        let several_writers = self.waiting.is_none();
        let done = (|| tx::in_transaction(connection, automatic, &mut work))
            .retry(waits)
            .when(|error| several_writers && matches!(error, Error::Retry(_)))
            .call()?;
        self.committed(1, &done.touched);
        if done.statistics_are_due
            && let Err(error) = statistics::gather(connection)
        {
            tracing::warn!("PostgreSQL's statistics could not be gathered, it will do so by itself: {error}");
        }
        Ok(done.value)
    }

    pub(super) fn file(&self) -> Option<&DatabaseFile> {
        self.file.as_ref()
    }

    pub(super) fn writer_connection(&self) -> Result<PooledConnection<Opener>> {
        if let Some(file) = &self.file {
            file.check()?;
        }
        pool::take(&self.writer, &self.outage)
    }

    /// A connection that writes, beside the pools.
    pub(super) fn further_connection(&self) -> Result<AnyConnection> {
        let opener = Opener::new(&self.url, self.file.clone(), Use::Writing);
        opener.open().map_err(|error| self.outage.begin(error.to_string()))
    }

    pub(super) fn automatic_choices(&self) -> Automatic {
        self.automatic
    }

    /// A read that takes longer is left to itself.
    async fn within_read_time<T>(&self, read: impl Future<Output = Result<T>>) -> Result<T> {
        let too_long = |_| Error::Unavailable(Unavailable::Busy, format!("a read took more than {READ_TIME:?}"));
        let result = tokio::time::timeout(READ_TIME, read).await.map_err(too_long).flatten();
        result.map_err(|error| self.outage.explain(error))
    }
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;

    use super::*;

    #[test]
    fn on_sqlite_a_name_that_is_taken_fails_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&DatabaseUrl::throw_away(folder.path().join("store.db")), Hub::default()).unwrap();
        let run = |sql: &str, tx: &mut Tx<'_>| Ok(diesel::sql_query(sql).execute(tx.conn)?);
        db.write_now(|tx| run("CREATE TABLE named (name text PRIMARY KEY)", tx)).unwrap();
        let mut tries = 0;
        let taken = db.write_in_turn(|tx| {
            tries += 1;
            run("INSERT INTO named VALUES ('one'), ('one')", tx)
        });
        assert!(matches!(taken, Err(Error::Retry(_))), "{taken:?}");
        assert_eq!(tries, 1);
    }
}
