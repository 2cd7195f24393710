//! Long operations, worked off some incidents at a time, so that people and ingest are not kept
//! waiting. What a server left unfinished the next one goes on with.

use std::time::Duration;

use serde::Serialize;

use crate::accounts::users;
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::history::operation_log;
use crate::model::actor::Actor;
use crate::model::operation::{Kind, Operation, State};
use crate::operations::bulk::Asked;
use crate::operations::items::{ItemState, Outcome};
use crate::operations::{bulk, items, restore};
use crate::permissions::{Action, require};

/// Incidents a transaction.
const CHUNK: i64 = 100;
/// Alerts a transaction, unless one incident has more.
const CHUNK_ALERTS: i64 = 2_000;
/// How often what the database fails is tried, and how long the first wait is; each is twice the one
/// before, up to a limit. Together some twenty seconds: a restart of the database.
const TRIES: u32 = 10;
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Stores a job with its items. [`spawn`] sets it going once this transaction has committed.
pub fn start(tx: &mut Tx<'_>, actor: &Actor, kind: Kind, detail: &impl Serialize, incidents: &[i64]) -> Result<i64> {
    let total = i64::try_from(incidents.len()).unwrap_or(i64::MAX);
    let id = operation_log::insert(tx, actor, kind, detail, State::Running, total)?;
    items::insert(tx, id, incidents)?;
    Ok(id)
}

/// Works a job off on a thread of its own.
pub fn spawn(db: &Db, id: i64) {
    let db = db.clone();
    std::thread::spawn(move || run(&db, id));
}

/// Goes on with everything that a server left unfinished, one after another, on one thread.
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

/// Works until nothing is left or the server stops, however often the database fails meanwhile.
fn run(db: &Db, id: i64) {
    let stopped = db.hub().stopped();
    while !*stopped.borrow() {
        match step(db, id) {
            Ok(true) => {}
            // Whatever is not worked off still waits.
            Err(error) if !*stopped.borrow() => {
                tracing::error!("operation {id} stands still for a moment: {error}");
                stand_back(LONGEST_WAIT);
            }
            Ok(false) | Err(_) => return,
        }
    }
}

/// Does something again, after a longer wait each time, while the database fails it; what is refused
/// is refused at once. Only on a thread of its own.
fn with_patience<T>(db: &Db, id: i64, mut work: impl FnMut() -> Result<T>) -> Result<T> {
    let stopped = db.hub().stopped();
    let mut wait = FIRST_WAIT;
    for _ in 1..TRIES {
        match work() {
            Err(error @ (Error::Internal(_) | Error::Retry(_))) if !*stopped.borrow() => {
                tracing::warn!("operation {id} is tried again: {error}");
                stand_back(wait);
                wait = LONGEST_WAIT.min(wait * 2);
            }
            other => return other,
        }
    }
    work()
}

#[expect(clippy::disallowed_methods, reason = "this thread is for blocking, and there is no event to wait for")]
fn stand_back(wait: Duration) {
    std::thread::sleep(wait);
}

/// One transaction's worth; false when nothing is left. When the whole of it fails again and again,
/// each item is tried alone, so that one bad one does not hold up the others.
pub fn step(db: &Db, id: i64) -> Result<bool> {
    let mut tried = Vec::new();
    let whole = with_patience(db, id, || {
        db.write_in_turn(|tx| {
            let Some((operation, ids)) = take(tx, id)? else { return Ok(false) };
            tried.clone_from(&ids);
            let outcomes = work(tx, &operation, &ids)?;
            items::settle(tx, id, &outcomes)?;
            Ok(true)
        })
    });
    let error = match whole {
        Err(error) if !tried.is_empty() && !*db.hub().stopped().borrow() => error,
        other => return other,
    };
    tracing::warn!("operation {id}: a group of {} is tried one by one: {error}", tried.len());
    for incident in tried {
        one(db, id, incident)?;
    }
    Ok(true)
}

fn one(db: &Db, id: i64, incident: i64) -> Result<()> {
    let done = with_patience(db, id, || {
        db.write_in_turn(|tx| {
            // Another server may have been here, or a commit that was reported as failed.
            if !items::hold(tx, id)? || !items::is_pending(tx, id, incident)? {
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
        Err(error) if *db.hub().stopped().borrow() => return Err(error),
        Err(error) => error,
    };
    let reason = match &error {
        Error::Invalid(found) => found.to_string(),
        Error::Forbidden(why) => (*why).to_owned(),
        other => {
            tracing::error!("operation {id}, incident {incident}: {other}");
            "Something went wrong; whoever runs Watchdesk finds more in its log".to_owned()
        }
    };
    db.write_in_turn(|tx| {
        let state = ItemState::Failed;
        items::settle(tx, id, &[Outcome { incident, state, reason: reason.clone() }])
    })
}

/// Holds the operation and takes the next items; nothing when it is done.
fn take(tx: &mut Tx<'_>, id: i64) -> Result<Option<(Operation, Vec<i64>)>> {
    if !items::hold(tx, id)? {
        return Ok(None);
    }
    let ids = items::next(tx, id, CHUNK, CHUNK_ALERTS)?;
    if ids.is_empty() {
        items::end(tx, id)?;
        return Ok(None);
    }
    tx.operation = Some(id);
    Ok(Some((operation_log::find(tx.conn, id)?, ids)))
}

fn work(tx: &mut Tx<'_>, operation: &Operation, ids: &[i64]) -> Result<Vec<Outcome>> {
    let person = users::find(tx.conn, operation.actor_id.ok_or(Error::NotFound)?)?;
    let (name, disabled) = (person.display_name.clone(), person.disabled);
    let actor = Actor::Person(person);
    if disabled || require(&actor, Action::Work).is_err() {
        let reason = format!("{name} may no longer change incidents");
        return Ok(outcomes(ids, ItemState::Skipped, &reason));
    }
    match (operation.kind(), operation.undo_of) {
        (Some(Kind::Bulk), _) => {
            let asked: Asked = serde_json::from_str(&operation.detail)?;
            bulk::work(tx, &actor, &asked, ids)
        }
        (Some(Kind::Undo), Some(of)) => {
            Ok(restore::restore(tx, &actor, of, ids)?.into_iter().map(Outcome::from).collect())
        }
        _ => Err(Error::internal("this kind of operation is no job")),
    }
}

fn outcomes(ids: &[i64], state: ItemState, reason: &str) -> Vec<Outcome> {
    ids.iter().map(|&incident| Outcome { incident, state, reason: reason.to_owned() }).collect()
}

impl From<restore::Restored> for Outcome {
    fn from(restored: restore::Restored) -> Self {
        let reason = restored.stays.join(" ");
        let (state, reason) = match (restored.changed, reason.is_empty()) {
            (true, _) => (ItemState::Done, reason),
            (false, false) => (ItemState::Skipped, reason),
            (false, true) => (ItemState::Skipped, items::AGAIN_ALREADY.to_owned()),
        };
        Self { incident: restored.incident, state, reason }
    }
}

/// From here on it is worked off in the background, some at a time.
pub const AT_ONCE: usize = 200;
