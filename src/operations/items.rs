//! The items of a job, one for each incident. An item is finished in the transaction that changes its
//! incident, so that a server that was killed can continue.

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::model::actor::Actor;
use crate::model::operation::State;
use crate::schema::{incidents, operation_items as items, operations};
use crate::{clock, each};

const BATCH: usize = 500;
/// Why an undo leaves an incident alone that nothing prevents it from changing.
pub const AGAIN_ALREADY: &str = "Already restored";

crate::text_enum! {
    /// What became of an item.
    pub enum ItemState {
        Pending = "pending" / "Waiting",
        Done = "done" / "Changed",
        /// Left alone, for a reason that is shown.
        Skipped = "skipped" / "Skipped",
        Failed = "failed" / "Failed",
    }
}

#[derive(Insertable)]
#[diesel(table_name = items, treat_none_as_default_value = false)]
struct NewItem {
    operation_id: i64,
    incident_id: i64,
    state: &'static str,
    reason: String,
}

/// What became of an incident, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemOutcome {
    pub incident: i64,
    pub state: ItemState,
    pub reason: String,
}

/// How many items there are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub pending: i64,
    pub done: i64,
    pub skipped: i64,
    pub failed: i64,
}

impl Counts {
    pub fn total(self) -> i64 {
        self.pending + self.done + self.skipped + self.failed
    }
}

/// Stores the items of an operation, each waiting.
pub fn insert(tx: &mut Tx<'_>, operation: i64, incidents: &[i64]) -> Result<()> {
    let outcomes: Vec<ItemOutcome> = incidents
        .iter()
        .map(|&incident| ItemOutcome { incident, state: ItemState::Pending, reason: String::new() })
        .collect();
    insert_all(tx, operation, &outcomes)
}

/// Stores items that are finished already.
pub fn insert_all(tx: &mut Tx<'_>, operation: i64, outcomes: &[ItemOutcome]) -> Result<()> {
    for outcomes in outcomes.chunks(BATCH) {
        let rows: Vec<NewItem> = outcomes
            .iter()
            .map(|outcome| NewItem {
                operation_id: operation,
                incident_id: outcome.incident,
                state: outcome.state.as_str(),
                reason: outcome.reason.clone(),
            })
            .collect();
        each!(tx.conn, inner => diesel::insert_into(items::table).values(&rows).execute(inner))?;
    }
    Ok(())
}

/// The next pending items, at least one, as long as their incidents together have at most `alerts` alerts.
pub fn next(tx: &mut Tx<'_>, operation: i64, at_most: i64, alerts: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64, i64)> = items::table
        .inner_join(incidents::table)
        .filter(items::operation_id.eq(operation))
        .filter(items::state.eq(ItemState::Pending.as_str()))
        .order(items::incident_id)
        .limit(at_most)
        .select((items::incident_id, incidents::alert_count))
        .load(tx.conn)?;
    let mut sum = 0;
    let fits = |(index, (_, count)): &(usize, (i64, i64))| {
        sum += count;
        *index == 0 || sum <= alerts
    };
    Ok(rows.into_iter().enumerate().take_while(fits).map(|(_, (id, _))| id).collect())
}

/// Whether an item still waits.
pub fn is_pending(tx: &mut Tx<'_>, operation: i64, incident: i64) -> Result<bool> {
    let pending = items::table.find((operation, incident)).filter(items::state.eq(ItemState::Pending.as_str()));
    Ok(diesel::select(diesel::dsl::exists(pending)).get_result(tx.conn)?)
}

/// Stores what became of items.
pub fn settle(tx: &mut Tx<'_>, operation: i64, outcomes: &[ItemOutcome]) -> Result<()> {
    let mut groups: Vec<(ItemState, &str, Vec<i64>)> = Vec::new();
    for outcome in outcomes {
        match groups.iter_mut().find(|(state, reason, _)| (*state, *reason) == (outcome.state, outcome.reason.as_str()))
        {
            Some((_, _, ids)) => ids.push(outcome.incident),
            None => groups.push((outcome.state, &outcome.reason, vec![outcome.incident])),
        }
    }
    for (state, reason, ids) in groups {
        for ids in ids.chunks(BATCH) {
            diesel::update(
                items::table.filter(items::operation_id.eq(operation)).filter(items::incident_id.eq_any(ids)),
            )
            .set((items::state.eq(state.as_str()), items::reason.eq(reason)))
            .execute(tx.conn)?;
        }
    }
    Ok(())
}

/// Locks a running operation for this transaction; false when nothing of it is left to do.
pub fn lock_if_running(tx: &mut Tx<'_>, operation: i64) -> Result<bool> {
    let running = State::Running.as_str();
    let held = diesel::update(operations::table.find(operation).filter(operations::state.eq(running)))
        .set(operations::state.eq(running))
        .execute(tx.conn)?;
    Ok(held > 0)
}

/// Ends the job after its last item. What an undo left unchanged can be tried again.
pub fn end(tx: &mut Tx<'_>, operation: i64) -> Result<()> {
    let left = items::table
        .filter(items::operation_id.eq(operation))
        .filter(items::state.eq(ItemState::Failed.as_str()).or(items::reason.ne_all(["", AGAIN_ALREADY])));
    let undoes: Option<i64> = operations::table.find(operation).select(operations::undo_of).first(tx.conn)?;
    if let Some(undone) = undoes
        && diesel::select(diesel::dsl::exists(left)).get_result(tx.conn)?
    {
        crate::history::operation_log::leave_open(tx, undone)?;
    }
    diesel::update(operations::table.find(operation))
        .set((operations::state.eq(State::Done.as_str()), operations::ended_at.eq(Some(clock::now()))))
        .execute(tx.conn)?;
    Ok(())
}

/// Whether a server left any operation unfinished.
pub fn are_unfinished(conn: &mut AnyConnection) -> Result<bool> {
    let running = operations::table.filter(operations::state.eq(State::Running.as_str()));
    Ok(diesel::select(diesel::dsl::exists(running)).get_result(conn)?)
}

/// How many operations of a person have not ended.
pub fn count_unfinished(conn: &mut AnyConnection, actor: &Actor) -> Result<i64> {
    let running = operations::table.filter(operations::state.eq(State::Running.as_str()));
    Ok(running.filter(operations::actor_id.eq(actor.person().map(|person| person.id))).count().get_result(conn)?)
}

/// How many operations have not ended.
pub fn count_running(conn: &mut AnyConnection) -> Result<i64> {
    Ok(operations::table.filter(operations::state.eq(State::Running.as_str())).count().get_result(conn)?)
}

/// Marks the operations that a server left unfinished as continued, and returns them, oldest first.
pub fn unfinished(tx: &mut Tx<'_>) -> Result<Vec<i64>> {
    let ids: Vec<i64> = operations::table
        .filter(operations::state.eq(State::Running.as_str()))
        .order(operations::id)
        .select(operations::id)
        .load(tx.conn)?;
    diesel::update(operations::table.filter(operations::id.eq_any(&ids)))
        .set(operations::resumed_at.eq(Some(clock::now())))
        .execute(tx.conn)?;
    Ok(ids)
}

pub fn counts(conn: &mut AnyConnection, operation: i64) -> Result<Counts> {
    let rows: Vec<(String, i64)> = items::table
        .filter(items::operation_id.eq(operation))
        .group_by(items::state)
        .select((items::state, diesel::dsl::count_star()))
        .load(conn)?;
    let of = |state: ItemState| rows.iter().find(|(text, _)| text == state.as_str()).map_or(0, |(_, count)| *count);
    Ok(Counts {
        pending: of(ItemState::Pending),
        done: of(ItemState::Done),
        skipped: of(ItemState::Skipped),
        failed: of(ItemState::Failed),
    })
}

/// The items in a state, by id.
pub fn in_state(conn: &mut AnyConnection, operation: i64, state: ItemState) -> Result<Vec<i64>> {
    Ok(items::table
        .filter(items::operation_id.eq(operation))
        .filter(items::state.eq(state.as_str()))
        .order(items::incident_id)
        .select(items::incident_id)
        .load(conn)?)
}

/// One reason, how many items have it, and the first few of them by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub text: String,
    pub count: i64,
    pub examples: Vec<(i64, String)>,
}

/// Why items were not done, or not all of them: the most frequent reasons first.
pub fn reasons(conn: &mut AnyConnection, operation: i64, states: &[ItemState], limit: usize) -> Result<Vec<Reason>> {
    let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let mut rows: Vec<(String, i64)> = items::table
        .filter(items::operation_id.eq(operation))
        .filter(items::state.eq_any(&states))
        .filter(items::reason.ne(""))
        .group_by(items::reason)
        .select((items::reason, diesel::dsl::count_star()))
        .load(conn)?;
    rows.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    rows.truncate(limit);
    let mut reasons = Vec::with_capacity(rows.len());
    for (text, count) in rows {
        let examples = items::table
            .inner_join(incidents::table)
            .filter(items::operation_id.eq(operation))
            .filter(items::state.eq_any(&states))
            .filter(items::reason.eq(&text))
            .order(items::incident_id)
            .limit(5)
            .select((incidents::id, incidents::name))
            .load(conn)?;
        reasons.push(Reason { text, count, examples });
    }
    Ok(reasons)
}
