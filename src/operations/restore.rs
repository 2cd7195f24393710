//! Undoing an operation in many incidents at once: each goes back to what it was before, as far as nothing
//! later changed it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use crate::accounts::users;
use crate::alerts::lookup::alert_states_of;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::history::claim::Claimed;
use crate::history::commit::commit;
use crate::history::entry::{Entry, Row};
use crate::history::incident_changes::{AlertDecision, IncidentChanges};
use crate::history::{claim, operation_log, recompute};
use crate::incidents::tags;
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::field::Field;
use crate::model::incident::{Incident, NameSource};
use crate::model::operation::{AlertFlags, DecidedBefore, Kind, Operation};
use crate::model::tag;
use crate::operations::bulk_alerts::Detail;
use crate::operations::inverse::{Facts, Inverse, invert};
use crate::operations::items;
use crate::operations::items::{ItemOutcome, ItemState};
use crate::schema::history;

/// What became of one incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub incident: i64,
    /// Whether anything was restored.
    pub changed: bool,
    /// What stays as it is, and why, a sentence each.
    pub stays: Vec<String>,
    /// The fields of alerts that were restored.
    pub alerts: BTreeSet<(i64, Field)>,
}

/// Claims incidents and undoes operation `id` in them. The caller has begun the operation that undoes it.
pub fn restore(tx: &mut Tx<'_>, actor: &Actor, id: i64, incidents: &[i64]) -> Result<Vec<Restored>> {
    let claimed = claim::claim_many(tx, incidents)?;
    restore_claimed(tx, actor, id, claimed)
}

/// The same for the entries of the operation up to the first that `first` rejects.
pub fn restore_first(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    incidents: &[i64],
    first: impl Fn(&Change) -> bool,
) -> Result<Vec<Restored>> {
    let claimed = claim::claim_many(tx, incidents)?;
    restore_all(tx, actor, id, claimed, first)
}

/// The same for claimed incidents.
pub fn restore_claimed(tx: &mut Tx<'_>, actor: &Actor, id: i64, claimed: Vec<Claimed>) -> Result<Vec<Restored>> {
    restore_all(tx, actor, id, claimed, |_| true)
}

fn restore_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    mut claimed: Vec<Claimed>,
    first: impl Fn(&Change) -> bool,
) -> Result<Vec<Restored>> {
    claimed.sort_by_key(|claimed| claimed.incident().id);
    let ids: Vec<i64> = claimed.iter().map(|claimed| claimed.incident().id).collect();
    let mut entries = entries_of(tx.conn, id, &ids)?;
    let mut states = alert_states_of(tx.conn, &ids)?;
    let tags = tags::of_many(tx.conn, &ids)?;
    let people = users::names(tx.conn)?;
    let decided = decided_before(&operation_log::find(tx.conn, id)?)?;
    let mut restored = Vec::with_capacity(claimed.len());
    let mut changing = Vec::with_capacity(claimed.len());
    for claimed in claimed {
        let incident = claimed.incident();
        let undone = entries.remove(&incident.id).unwrap_or_default();
        let last = undone.last().map_or(incident.revision, |entry| entry.revision);
        let undone: Vec<Entry> = undone.into_iter().take_while(|entry| first(&entry.change)).collect();
        let later = if last < incident.revision { entries_after(tx.conn, incident.id, last)? } else { Vec::new() };
        let in_effect = in_effect(tx.conn, &later)?;
        let states = states.remove(&incident.id).unwrap_or_default();
        let automatic_name = automatic_name(tx, incident, &undone)?;
        let tags = tags.get(&incident.id).map(Vec::as_slice).unwrap_or_default();
        let changed = in_effect.iter().filter_map(|entry| Some((entry.alert_id?, entry.change.field()?)));
        let facts = Facts {
            incident,
            states: &states,
            state_of: &states.iter().map(|state| (state.id, state)).collect(),
            tags,
            undone: &undone,
            later: &later,
            in_effect: &in_effect,
            changed_since: &changed.collect(),
            people: &people,
            automatic_name,
        };
        let Inverse { changes, stays } = invert(&facts);
        let alerts: BTreeSet<(i64, Field)> =
            changes.iter().filter_map(|planned| Some((planned.alert?, planned.change.field()?))).collect();
        let decisions = decided.as_ref().map(|decided| decisions(decided, &alerts)).unwrap_or_default();
        restored.push(Restored { incident: incident.id, changed: !changes.is_empty(), stays, alerts });
        changing.push(IncidentChanges::new(claimed, changes).with_decisions(decisions));
    }
    commit(tx, actor, changing)?;
    Ok(restored)
}

/// The automatic name of an incident, if it is restored.
fn automatic_name(tx: &mut Tx<'_>, incident: &Incident, undone: &[Entry]) -> Result<String> {
    if restores_automatic_name(undone) { recompute::automatic_name(tx.conn, incident) } else { Ok(String::new()) }
}

/// Who had decided fields of alerts before an operation that edited alerts.
fn decided_before(operation: &Operation) -> Result<Option<DecidedBefore>> {
    Ok(match operation.kind() {
        Some(Kind::AlertEdit) => Some(serde_json::from_str::<AlertFlags>(&operation.detail)?.into()),
        Some(Kind::AlertsEdit) => Some(serde_json::from_str::<Detail>(&operation.detail)?.decided),
        _ => None,
    })
}

/// Gives decisions back for the fields that are restored. A field that is not is still decided by the person who
/// changed it.
fn decisions(before: &DecidedBefore, restored: &BTreeSet<(i64, Field)>) -> Vec<AlertDecision> {
    let nothing = |alert| AlertDecision { alert, status_by_person: None, classified_by_person: None };
    let decision = |&(alert, field): &(i64, Field)| match field {
        Field::Status => {
            Some(AlertDecision { status_by_person: Some(before.status.contains(&alert)), ..nothing(alert) })
        }
        Field::Classification => {
            Some(AlertDecision { classified_by_person: Some(before.classification.contains(&alert)), ..nothing(alert) })
        }
        _ => None,
    };
    restored.iter().filter_map(decision).collect()
}

fn restores_automatic_name(undone: &[Entry]) -> bool {
    let automatic = |entry: &Entry| matches!(entry.change, Change::Renamed { from_source: NameSource::Automatic, .. });
    undone.iter().any(automatic)
}

/// The entries of an operation in some incidents, oldest first, by incident.
pub fn entries_of(conn: &mut AnyConnection, id: i64, incidents: &[i64]) -> Result<BTreeMap<i64, Vec<Entry>>> {
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

/// The entries of an incident after a revision, oldest first.
fn entries_after(conn: &mut AnyConnection, incident: i64, revision: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::revision.gt(revision))
        .order(history::revision)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// The entries that are in effect: neither undone nor an undo. A change of an undone operation is still in
/// effect where the undo has not reached the field yet, or has left it as it was.
fn in_effect(conn: &mut AnyConnection, entries: &[Entry]) -> Result<Vec<Entry>> {
    let ids: BTreeSet<i64> = entries.iter().filter_map(|entry| entry.operation).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let operations: HashMap<i64, Operation> = operation_log::shown(conn, &ids)?;
    let changed_by: BTreeSet<(i64, Target)> =
        entries.iter().filter_map(|entry| Some((entry.operation?, target(entry)?))).collect();
    let is_in_effect = |entry: &&Entry| {
        let Some(operation) = entry.operation.and_then(|id| operations.get(&id)) else { return true };
        if operation.kind() == Some(Kind::Undo) || operation.undone_by.is_none() {
            return operation.kind() != Some(Kind::Undo) && operation.undone_at.is_none();
        }
        match (operation.undone_by, target(entry)) {
            (Some(undo), Some(target)) => !changed_by.contains(&(undo, target)),
            _ => false,
        }
    };
    Ok(entries.iter().filter(is_in_effect).cloned().collect())
}

/// What an entry changes: the alert, or `None` for the incident; the field; of tags the one.
type Target = (Option<i64>, Field, String);

fn target(entry: &Entry) -> Option<Target> {
    let tag = entry.change.tag().map(|(tag, _)| tag::key(tag)).unwrap_or_default();
    Some((entry.alert_id, entry.change.field()?, tag))
}

impl From<Restored> for ItemOutcome {
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

/// Undoes an operation in the next incidents of a job.
pub fn work(tx: &mut Tx<'_>, actor: &Actor, job: &Operation, ids: &[i64]) -> Result<Vec<ItemOutcome>> {
    let undone = job.undo_of.ok_or_else(|| Error::internal("a job that undoes nothing"))?;
    Ok(restore(tx, actor, undone, ids)?.into_iter().map(ItemOutcome::from).collect())
}
