//! Running jobs, some incidents at a time, so that people and ingest need not wait. A job that a server
//! left unfinished is continued by the next one.

use std::time::{Duration, Instant};

use backon::{BlockingRetryable as _, ConstantBuilder, ExponentialBuilder};

use crate::accounts::users;
use crate::db::{Db, Pace, Tx};
use crate::error::{Error, Result};
use crate::history::operation_log;
use crate::model::actor::Actor;
use crate::model::operation::{Kind, Operation};
use crate::operations::items::{self, ItemOutcome, ItemState};
use crate::operations::{bulk, bulk_alerts, restore};
use crate::permissions::{Action, require};

/// How long a transaction of a job may take: others wait meanwhile.
const LONGEST_STEP: Duration = Duration::from_millis(50);

/// How often work is tried again while the database fails, and how long the first wait is. Each wait is
/// twice the one before, up to a limit. Together some twenty seconds: a restart of the database.
const RETRIES: usize = 9;

const FIRST_WAIT: Duration = Duration::from_millis(50);

const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Changes the incidents of some items of a job.
type Task = fn(&mut Tx<'_>, &Actor, &Operation, &[i64]) -> Result<Vec<ItemOutcome>>;

/// The task of each kind of job.
const TASKS: [(Kind, Task); 3] =
    [(Kind::Bulk, bulk::work), (Kind::AlertsEdit, bulk_alerts::work), (Kind::Undo, restore::work)];

/// Least and most incidents that a transaction of a job takes.
const LEAST: usize = 10;
const MOST: usize = 400;

/// Most alerts for each of them, unless one incident has more.
const ALERTS_EACH: i64 = 10;

/// Continues all unfinished jobs, one after another, on one thread.
pub fn resume(db: &Db) {
    let db = db.clone();
    std::thread::spawn(move || {
        let unfinished = match db.read_now(items::are_unfinished) {
            Ok(false) => return,
            Ok(true) => db.write_in_turn(items::unfinished),
            Err(error) => Err(error),
        };
        match unfinished {
            Ok(ids) => {
                for id in ids {
                    tracing::info!("going on with operation {id}, which was left unfinished");
                    run(&db, id);
                }
            }
            Err(error) => tracing::error!("unfinished operations cannot be read: {error}"),
        }
    });
}

/// Runs a job until nothing is left or the server stops, however often the database fails meanwhile.
pub(super) fn run(db: &Db, id: i64) {
    let stopped = db.hub().stopped();
    let until_it_works = ConstantBuilder::default().with_delay(LONGEST_WAIT).without_max_times();
    let pace = Pace::new(LEAST, MOST, LONGEST_STEP);
    let next_step = || {
        (|| step_at(db, id, &pace))
            .retry(until_it_works)
            .when(|_| !*stopped.borrow())
            .notify(|error, _| tracing::error!("operation {id} waits for the database: {error}"))
            .call()
    };
    while !*stopped.borrow() && matches!(next_step(), Ok(true)) {}
}

/// Tries again, after a longer wait each time, while the database fails. Other errors are returned at once.
/// Blocks its thread.
fn with_retries<T>(db: &Db, id: i64, work: impl FnMut() -> Result<T>) -> Result<T> {
    let stopped = db.hub().stopped();
    let waits =
        ExponentialBuilder::default().with_min_delay(FIRST_WAIT).with_max_delay(LONGEST_WAIT).with_max_times(RETRIES);
    work.retry(waits)
        .when(|error| error.is_failure() && !*stopped.borrow())
        .notify(|error, _| tracing::warn!("operation {id} is tried again: {error}"))
        .call()
}

/// Works on the first items that wait, in one transaction; false when nothing is left.
pub fn step(db: &Db, id: i64) -> Result<bool> {
    step_at(db, id, &Pace::new(LEAST, MOST, LONGEST_STEP))
}

/// Works on the next items in one transaction; false when nothing is left. When that fails again and again,
/// each item is tried alone, so that one bad item does not stop the others.
fn step_at(db: &Db, id: i64, pace: &Pace) -> Result<bool> {
    let (mut tried, mut began) = (Vec::new(), Instant::now());
    let group = with_retries(db, id, || {
        db.write_in_turn(|tx| {
            began = Instant::now();
            let Some((operation, ids)) = take(tx, id, pace.items())? else { return Ok(false) };
            tried.clone_from(&ids);
            let outcomes = work(tx, &operation, &ids)?;
            items::settle(tx, id, &outcomes)?;
            Ok(true)
        })
    });
    // Where the alerts end it, more of it is more alerts.
    pace.note(began.elapsed(), true);
    let error = match group {
        // A database that cannot be used says nothing of the items.
        Err(error)
            if !matches!(error, Error::Unavailable(..)) && !tried.is_empty() && !*db.hub().stopped().borrow() =>
        {
            error
        }
        other => return other,
    };
    tracing::warn!("operation {id}: a group of {} is tried one by one: {error}", tried.len());
    for incident in tried {
        work_one(db, id, incident)?;
    }
    Ok(true)
}

fn work_one(db: &Db, id: i64, incident: i64) -> Result<()> {
    let done = with_retries(db, id, || {
        db.write_in_turn(|tx| {
            // Another server may have been here, or a commit that was reported as failed.
            if !items::lock_if_running(tx, id)? || !items::is_pending(tx, id, incident)? {
                return Ok(());
            }
            tx.operation = Some(id);
            let operation = operation_log::find(tx.conn, id)?;
            let outcomes = work(tx, &operation, &[incident])?;
            items::settle(tx, id, &outcomes)
        })
    });
    let error = match done {
        Ok(()) => return Ok(()),
        // A server that stops says nothing of an item; the next one goes on with it.
        Err(error) if matches!(error, Error::Unavailable(..)) || *db.hub().stopped().borrow() => return Err(error),
        Err(error) => error,
    };
    let reason = match &error {
        Error::Invalid(found) => found.to_string(),
        Error::Forbidden(why) => (*why).to_owned(),
        other => {
            tracing::error!("operation {id}, incident {incident}: {other}");
            "Something went wrong; see the server log".to_owned()
        }
    };
    db.write_in_turn(|tx| {
        let state = ItemState::Failed;
        items::settle(tx, id, &[ItemOutcome { incident, state, reason: reason.clone() }])
    })
}

/// Locks the operation and reads its next items; `None` when it is done.
fn take(tx: &mut Tx<'_>, id: i64, incidents: usize) -> Result<Option<(Operation, Vec<i64>)>> {
    if !items::lock_if_running(tx, id)? {
        return Ok(None);
    }
    let incidents = i64::try_from(incidents).unwrap_or(i64::MAX);
    let ids = items::next(tx, id, incidents, incidents.saturating_mul(ALERTS_EACH))?;
    if ids.is_empty() {
        items::end(tx, id)?;
        return Ok(None);
    }
    tx.operation = Some(id);
    Ok(Some((operation_log::find(tx.conn, id)?, ids)))
}

fn work(tx: &mut Tx<'_>, operation: &Operation, ids: &[i64]) -> Result<Vec<ItemOutcome>> {
    let person = users::find(tx.conn, operation.actor_id.ok_or(Error::NotFound)?)?;
    let (name, disabled) = (person.display_name.clone(), person.disabled);
    let actor = Actor::from(person);
    if disabled || require(&actor, Action::Work).is_err() {
        let reason = format!("{name} can no longer change incidents");
        return Ok(outcomes(ids, ItemState::Skipped, &reason));
    }
    let task = TASKS.iter().find(|(kind, _)| operation.kind() == Some(*kind));
    let (_, work) = task.ok_or_else(|| Error::internal("this kind of operation is no job"))?;
    work(tx, &actor, operation, ids)
}

fn outcomes(ids: &[i64], state: ItemState, reason: &str) -> Vec<ItemOutcome> {
    ids.iter().map(|&incident| ItemOutcome { incident, state, reason: reason.to_owned() }).collect()
}
