//! Giving incidents back as they were before an operation, many at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use crate::accounts::users;
use crate::alerts::lookup::alert_states_of;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::history::claim::{self, Claimed};
use crate::history::commit::commit;
use crate::history::incident_changes::{AlertDecision, IncidentChanges};
use crate::history::timeline::{Entry, Row};
use crate::history::{operation_log, recompute};
use crate::incidents::tags;
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::field::Field;
use crate::model::incident::NameSource;
use crate::model::operation::{AlertFlags, Kind, Operation};
use crate::model::tag;
use crate::operations::inverse::{Inverse, Undoing};
use crate::operations::items::{self, ItemState, Outcome};
use crate::schema::history;

/// What became of one incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub incident: i64,
    /// Whether anything was given back.
    pub changed: bool,
    /// What stays as it is, and why, a sentence each.
    pub stays: Vec<String>,
    /// The fields of alerts that were given back.
    pub alerts: BTreeSet<(i64, Field)>,
}

/// Claims the incidents and gives them back as they were before operation `id`. The caller has
/// begun the operation that undoes it.
pub fn restore(tx: &mut Tx<'_>, actor: &Actor, id: i64, incidents: &[i64]) -> Result<Vec<Restored>> {
    let claimed = claim::claim_many(tx, incidents)?;
    restore_claimed(tx, actor, id, claimed, None)
}

/// The same, of what the operation did as long as `first` holds.
pub fn restore_first(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    incidents: &[i64],
    first: impl Fn(&Change) -> bool,
) -> Result<Vec<Restored>> {
    let claimed = claim::claim_many(tx, incidents)?;
    restore_all(tx, actor, id, claimed, first, None)
}

/// The same of incidents that are claimed. `flags` say who had decided what of an alert before the
/// operation, where it was an edit of one.
pub fn restore_claimed(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    claimed: Vec<Claimed>,
    flags: Option<AlertFlags>,
) -> Result<Vec<Restored>> {
    restore_all(tx, actor, id, claimed, |_| true, flags)
}

fn restore_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    mut claimed: Vec<Claimed>,
    first: impl Fn(&Change) -> bool,
    flags: Option<AlertFlags>,
) -> Result<Vec<Restored>> {
    claimed.sort_by_key(|claimed| claimed.incident().id);
    let ids: Vec<i64> = claimed.iter().map(|claimed| claimed.incident().id).collect();
    let mut done = done(tx.conn, id, &ids)?;
    let mut states = alert_states_of(tx.conn, &ids)?;
    let tags = tags::of_many(tx.conn, &ids)?;
    let people = users::names(tx.conn)?;
    let mut restored = Vec::with_capacity(claimed.len());
    let mut changing = Vec::with_capacity(claimed.len());
    for claimed in claimed {
        let incident = claimed.incident();
        let done = done.remove(&incident.id).unwrap_or_default();
        let last = done.last().map_or(incident.revision, |entry| entry.revision);
        let done: Vec<Entry> = done.into_iter().take_while(|entry| first(&entry.change)).collect();
        let since = if last < incident.revision { since(tx.conn, incident.id, last)? } else { Vec::new() };
        let later = standing(tx.conn, &since)?;
        let states = states.remove(&incident.id).unwrap_or_default();
        let automatic_name =
            if gives_name_back(&done) { recompute::automatic_name(tx.conn, incident)? } else { String::new() };
        let tags = tags.get(&incident.id).map(Vec::as_slice).unwrap_or_default();
        let (done, since, later, people) = (&done, &since, &later, &people);
        let undoing = Undoing { incident, states: &states, tags, done, since, later, people, automatic_name };
        let Inverse { acts, stays } = undoing.invert();
        let alerts: BTreeSet<(i64, Field)> =
            acts.iter().filter_map(|act| Some((act.alert?, act.change.field()?))).collect();
        let decisions = flags.map(|flags| decided_before(flags, &alerts)).into_iter().collect();
        restored.push(Restored { incident: incident.id, changed: !acts.is_empty(), stays, alerts });
        changing.push(IncidentChanges::new(claimed, acts).with_decisions(decisions));
    }
    commit(tx, actor, changing)?;
    Ok(restored)
}

/// Whose word stands for an alert again. A field that was not given back is still somebody's decision.
fn decided_before(flags: AlertFlags, restored: &BTreeSet<(i64, Field)>) -> AlertDecision {
    let back = |field| restored.contains(&(flags.alert, field));
    AlertDecision {
        alert: flags.alert,
        status_by_person: back(Field::Status).then_some(flags.status_by_person),
        classified_by_person: back(Field::Classification).then_some(flags.classified_by_person),
    }
}

fn gives_name_back(done: &[Entry]) -> bool {
    let automatic = |entry: &Entry| matches!(entry.change, Change::Renamed { from_source: NameSource::Automatic, .. });
    done.iter().any(automatic)
}

/// The entries of an operation in some incidents, oldest first, by incident.
pub fn done(conn: &mut AnyConnection, id: i64, incidents: &[i64]) -> Result<BTreeMap<i64, Vec<Entry>>> {
    let mut found: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
    for ids in incidents.chunks(500) {
        let rows: Vec<Row> = history::table
            .filter(history::operation_id.eq(id))
            .filter(history::incident_id.eq_any(ids))
            .order((history::incident_id, history::revision))
            .select(Row::as_select())
            .load(conn)?;
        for row in rows {
            found.entry(row.incident_id).or_default().push(Entry::from(row));
        }
    }
    Ok(found)
}

/// What happened in an incident after a revision.
fn since(conn: &mut AnyConnection, incident: i64, revision: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::revision.gt(revision))
        .order(history::revision)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// What of it still stands: neither what was undone since nor the undoing of it. Of an operation
/// whose undoing has not come to a field, or has left it, the change of that field stands.
fn standing(conn: &mut AnyConnection, since: &[Entry]) -> Result<Vec<Entry>> {
    let ids: BTreeSet<i64> = since.iter().filter_map(|entry| entry.operation).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let operations: HashMap<i64, Operation> = operation_log::shown(conn, &ids)?;
    let taken_back: BTreeSet<(i64, Touched)> =
        since.iter().filter_map(|entry| Some((entry.operation?, touched(entry)?))).collect();
    let stands = |entry: &&Entry| {
        let Some(operation) = entry.operation.and_then(|id| operations.get(&id)) else { return true };
        if operation.kind() == Some(Kind::Undo) || operation.undone_by.is_none() {
            return operation.kind() != Some(Kind::Undo) && operation.undone_at.is_none();
        }
        match (operation.undone_by, touched(entry)) {
            (Some(by), Some(touched)) => !taken_back.contains(&(by, touched)),
            _ => false,
        }
    };
    Ok(since.iter().filter(stands).cloned().collect())
}

/// What an entry touches: a field of the incident or of an alert, of its tags the one.
type Touched = (Option<i64>, Field, String);

fn touched(entry: &Entry) -> Option<Touched> {
    let tag = entry.change.tag().map(|(tag, _)| tag::key(tag)).unwrap_or_default();
    Some((entry.alert_id, entry.change.field()?, tag))
}

impl From<Restored> for Outcome {
    fn from(restored: Restored) -> Self {
        let reason = restored.stays.join(" ");
        let (state, reason) = match (restored.changed, reason.is_empty()) {
            (true, _) => (ItemState::Done, reason),
            (false, false) => (ItemState::Skipped, reason),
            (false, true) => (ItemState::Skipped, items::AGAIN_ALREADY.to_owned()),
        };
        Self { incident: restored.incident, state, reason }
    }
}

/// Works on some items of a job that undoes an operation.
pub fn work(tx: &mut Tx<'_>, actor: &Actor, job: &Operation, ids: &[i64]) -> Result<Vec<Outcome>> {
    let undone = job.undo_of.ok_or_else(|| Error::internal("a job that undoes nothing"))?;
    Ok(restore(tx, actor, undone, ids)?.into_iter().map(Outcome::from).collect())
}
