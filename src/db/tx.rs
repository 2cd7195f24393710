//! A write in progress.

use std::collections::BTreeSet;
use std::ops::Range;

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;

use crate::db::connection::AnyConnection;
use crate::db::statistics;
use crate::error::{Error, Result, Unavailable};

/// What happens by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Automatic {
    pub(super) names: bool,
    pub(super) merging: bool,
}

/// A write in progress: one transaction, and the incidents whose streams are woken when it commits.
pub struct Tx<'a> {
    pub conn: &'a mut AnyConnection,
    pub(super) touched: BTreeSet<i64>,
    statistics_are_due: bool,
    /// The operation that new history entries belong to.
    pub operation: Option<i64>,
    /// Whether new incidents are named from their alerts, or numbered (R5).
    pub automatic_names: bool,
    /// Whether correlation merges incidents that an alert ties together (R12).
    pub automatic_merging: bool,
}

impl<'a> Tx<'a> {
    fn new(conn: &'a mut AnyConnection, automatic: Automatic) -> Self {
        let Automatic { names, merging } = automatic;
        Self {
            conn,
            touched: BTreeSet::new(),
            statistics_are_due: false,
            operation: None,
            automatic_names: names,
            automatic_merging: merging,
        }
    }
}

impl Tx<'_> {
    /// Notes that an incident has new history; its streams are woken after the commit.
    pub fn touch(&mut self, incident: i64) {
        self.touched.insert(incident);
    }

    /// Notes that new alerts take these ids. Where they make the database much larger, PostgreSQL's statistics are
    /// gathered after the commit.
    pub fn note_new_alerts(&mut self, ids: &Range<i64>) {
        self.statistics_are_due |= statistics::are_due(ids);
    }

    /// Takes `count` numbers from a counter and returns the first. Each counter is a row,
    /// so ids are the same sequence on both databases and a batch takes a range of them.
    pub fn take_ids(&mut self, name: &str, count: i64) -> Result<i64> {
        use crate::schema::counters;
        let last: i64 = diesel::update(counters::table.filter(counters::name.eq(name)))
            .set(counters::value.eq(counters::value + count))
            .returning(counters::value)
            .get_result(self.conn)?;
        Ok(last - count + 1)
    }
}

type Manager = <AnyConnection as Connection>::TransactionManager;

/// Reads from one snapshot. The transaction is rolled back after an error, as PostgreSQL needs.
pub(super) fn in_snapshot<T>(
    connection: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<T>,
) -> Result<T> {
    match connection {
        AnyConnection::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN")?,
        AnyConnection::Postgres(inner) => {
            AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN ISOLATION LEVEL REPEATABLE READ")?;
        }
    }
    let value = match work(connection) {
        Ok(value) => value,
        Err(error) => return Err(rolled_back(connection, error)),
    };
    Manager::commit_transaction(connection)?;
    Ok(value)
}

/// What a committed transaction leaves to do.
pub(super) struct Committed<T> {
    pub(super) value: T,
    pub(super) touched: BTreeSet<i64>,
    pub(super) statistics_are_due: bool,
}

/// Writes in one transaction.
pub(super) fn in_transaction<T>(
    connection: &mut AnyConnection,
    automatic: Automatic,
    work: &mut impl FnMut(&mut Tx<'_>) -> Result<T>,
) -> Result<Committed<T>> {
    begin(connection)?;
    let mut tx = Tx::new(connection, automatic);
    let result = work(&mut tx);
    let Tx { touched, statistics_are_due, .. } = tx;
    match result {
        Ok(value) => {
            commit(connection)?;
            Ok(Committed { value, touched, statistics_are_due })
        }
        Err(error) => Err(rolled_back(connection, error)),
    }
}

/// Begins a transaction that writes.
pub(super) fn begin(connection: &mut AnyConnection) -> Result<()> {
    match connection {
        AnyConnection::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN IMMEDIATE")?,
        AnyConnection::Postgres(inner) => AnsiTransactionManager::begin_transaction(inner)?,
    }
    Ok(())
}

pub(super) fn commit(connection: &mut AnyConnection) -> Result<()> {
    let committed = Manager::commit_transaction(connection).map_err(commit_failed);
    committed.map_err(|error| match (connection, error) {
        // Texts of a lost connection that are not known, since PostgreSQL may speak any language.
        (AnyConnection::Postgres(_), Error::Internal(why)) => Error::Unavailable(Unavailable::Unconfirmed, why),
        (_, error) => error,
    })
}

/// What became of one write among several of a transaction.
pub(super) struct InSavepoint {
    /// The incidents that it touched.
    pub(super) result: Result<BTreeSet<i64>>,
    /// Whether the transaction goes on, so that the writes before it are not lost.
    pub(super) goes_on: bool,
}

/// Writes in a savepoint of a transaction that was begun, so that an error takes nothing but this write back.
pub(super) fn in_savepoint(
    connection: &mut AnyConnection,
    automatic: Automatic,
    work: impl FnOnce(&mut Tx<'_>) -> Result<()>,
) -> InSavepoint {
    if let Err(error) = Manager::begin_transaction(connection) {
        return InSavepoint { result: Err(error.into()), goes_on: false };
    }
    let mut tx = Tx::new(connection, automatic);
    let result = work(&mut tx);
    let touched = std::mem::take(&mut tx.touched);
    let ended = match &result {
        Ok(()) => Manager::commit_transaction(connection),
        Err(_) => Manager::rollback_transaction(connection),
    };
    let goes_on = ended.is_ok();
    let result = result.and_then(|()| Ok(ended.map(|()| touched)?));
    InSavepoint { result, goes_on }
}

/// Rolls back after an error, which is returned. The database may have rolled back by itself, or be gone: the
/// connection is not used again then.
fn rolled_back(connection: &mut AnyConnection, error: Error) -> Error {
    if let Err(further) = Manager::rollback_transaction(connection) {
        tracing::warn!("after \"{error}\", rolling back failed: {further}");
    }
    error
}

/// What a failed commit means. A database that was lost or whose disk failed meanwhile may have stored it.
fn commit_failed(error: diesel::result::Error) -> Error {
    let error = match error {
        diesel::result::Error::RollbackErrorOnCommit { commit_error, .. } => *commit_error,
        other => other,
    };
    match Error::from(error) {
        Error::Unavailable(Unavailable::Gone | Unavailable::Damaged, message) => {
            Error::Unavailable(Unavailable::Unconfirmed, message)
        }
        other => other,
    }
}
