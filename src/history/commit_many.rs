//! Many incidents changed at once: the same change of many rows is one statement, and the entries
//! of all go in together. What [`crate::history::commit`] does for one, as long as nothing moves an alert.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::clock;
use crate::db::Tx;
use crate::error::Result;
use crate::history::apply::BATCH;
use crate::history::claim::Claimed;
use crate::history::commit::{NewEntry, Place};
use crate::history::{apply, commit, recompute};
use crate::model::actor::Actor;
use crate::model::alert::AlertState;
use crate::model::change::{Act, Change};
use crate::schema::{alerts, incidents};

/// What is to happen to one incident.
#[derive(Debug)]
pub struct Changing {
    pub claimed: Claimed,
    /// Its alerts, read while it was claimed.
    pub states: Vec<AlertState>,
    pub acts: Vec<Act>,
}

/// Applies and records all. Incidents of which nothing is asked stay untouched.
pub fn commit_many(tx: &mut Tx<'_>, actor: &Actor, changing: Vec<Changing>) -> Result<()> {
    let now = clock::now();
    let (plain, other): (Vec<Changing>, Vec<Changing>) =
        changing.into_iter().filter(|one| !one.acts.is_empty()).partition(is_plain);
    for stroke in strokes(&plain) {
        for ids in stroke.ids.chunks(BATCH) {
            if stroke.of_alerts {
                // No plain change needs to know the incident.
                apply::to_alerts(tx, 0, ids, stroke.change, now)?;
            } else {
                apply::to_incidents(tx, ids, stroke.change, now)?;
            }
        }
    }
    count_open(tx, &plain)?;
    for one in plain.iter().filter(|one| one.acts.iter().any(sets_severity)) {
        recompute::score(tx, one.claimed.incident().id)?;
    }
    record(tx, actor, &plain, now)?;
    for one in other {
        commit::commit(tx, one.claimed, actor, one.acts)?;
    }
    Ok(())
}

/// Whether its priority follows.
fn sets_severity(act: &Act) -> bool {
    act.alert.is_none() && matches!(act.change, Change::SeveritySet { .. })
}

/// Whether all that follows from the acts is how many alerts are open.
fn is_plain(one: &Changing) -> bool {
    one.acts.iter().all(|act| match act.change {
        Change::AlertStatusSet { .. } => act.alert.is_some(),
        Change::Redirected { .. } | Change::Restored { .. } | Change::Opened { .. } => false,
        ref change => !change.moves_derived_facts(),
    })
}

/// One change, and the incidents or alerts that it happens to.
struct Stroke<'a> {
    change: &'a Change,
    of_alerts: bool,
    ids: Vec<i64>,
}

/// Gathers equal changes, in the order in which each is first asked.
fn strokes(plain: &[Changing]) -> Vec<Stroke<'_>> {
    let mut found: Vec<Stroke<'_>> = Vec::new();
    for one in plain {
        for act in &one.acts {
            let (of_alerts, id) = (act.alert.is_some(), act.alert.unwrap_or(one.claimed.incident().id));
            let same =
                |stroke: &&mut Stroke<'_>| stroke.of_alerts == of_alerts && has_same_effect(stroke.change, &act.change);
            match found.iter_mut().find(same) {
                Some(stroke) => stroke.ids.push(id),
                None => found.push(Stroke { change: &act.change, of_alerts, ids: vec![id] }),
            }
        }
    }
    found
}

/// Whether two changes write the same, wherever they come from.
fn has_same_effect(one: &Change, other: &Change) -> bool {
    use Change as C;
    match (one, other) {
        (C::Assigned { to, .. }, C::Assigned { to: too, .. }) => to == too,
        (C::Classified { to, .. }, C::Classified { to: too, .. }) => to == too,
        (C::SeveritySet { to, to_source, .. }, C::SeveritySet { to: too, to_source: source, .. }) => {
            (to, to_source) == (too, source)
        }
        (C::StatusSet { to, note, resolved_at, .. }, C::StatusSet { to: too, note: text, resolved_at: at, .. }) => {
            (to, note, resolved_at) == (too, text, at)
        }
        (
            C::AlertStatusSet { from, to, with_incident, restores, .. },
            C::AlertStatusSet { from: source, to: too, with_incident: with, restores: back, .. },
        ) => (from, to, with_incident, restores) == (source, too, with, back),
        // These write nothing but their entry.
        (C::Commented { .. }, C::Commented { .. }) => true,
        (one, other) => one == other,
    }
}

fn count_open(tx: &mut Tx<'_>, plain: &[Changing]) -> Result<()> {
    let mut counts: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for one in plain {
        let mut after: HashMap<i64, bool> = HashMap::new();
        for act in &one.acts {
            if let (Some(alert), Change::AlertStatusSet { to, .. }) = (act.alert, &act.change) {
                after.insert(alert, *to != crate::model::alert::AlertStatus::Resolved);
            }
        }
        if !after.is_empty() {
            let open = |state: &&AlertState| after.get(&state.id).copied().unwrap_or_else(|| state.is_open());
            let count = i64::try_from(one.states.iter().filter(open).count()).unwrap_or(i64::MAX);
            counts.entry(count).or_default().push(one.claimed.incident().id);
        }
    }
    for (count, ids) in counts {
        for ids in ids.chunks(BATCH) {
            diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
                .set(incidents::open_alert_count.eq(count))
                .execute(tx.conn)?;
        }
    }
    Ok(())
}

fn record(tx: &mut Tx<'_>, actor: &Actor, plain: &[Changing], now: i64) -> Result<()> {
    let total: usize = plain.iter().map(|one| one.acts.len()).sum();
    let mut id = tx.take_ids("entry", i64::try_from(total).unwrap_or(i64::MAX))?;
    let mut rows: Vec<NewEntry> = Vec::with_capacity(total);
    // Rows by how many entries each got: their revisions rise by as much.
    let mut incidents_by: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let mut alerts_by: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for one in plain {
        let incident = one.claimed.incident();
        let revisions: HashMap<i64, i64> = one.states.iter().map(|state| (state.id, state.revision)).collect();
        let mut counted: BTreeMap<i64, i64> = BTreeMap::new();
        let (mut revision, mut parent) = (incident.revision, None);
        for act in &one.acts {
            revision += 1;
            if !act.nested {
                parent = Some(revision);
            }
            let alert_revision = act.alert.map(|alert| {
                let count = counted.entry(alert).or_insert(0);
                *count += 1;
                revisions.get(&alert).copied().unwrap_or(0) + *count
            });
            let operation = tx.operation;
            let place = Place { id, incident: incident.id, revision, parent, alert_revision, now, operation };
            rows.push(commit::entry(&place, actor, act)?);
            id += 1;
        }
        incidents_by.entry(revision - incident.revision).or_default().push(incident.id);
        for (alert, count) in counted {
            alerts_by.entry(count).or_default().push(alert);
        }
        tx.touch(incident.id);
    }
    commit::insert_entries(tx, &rows)?;
    for (count, ids) in incidents_by {
        for ids in ids.chunks(BATCH) {
            diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
                .set((incidents::revision.eq(incidents::revision + count), incidents::updated_at.eq(now)))
                .execute(tx.conn)?;
        }
    }
    for (count, ids) in alerts_by {
        for ids in ids.chunks(BATCH) {
            diesel::update(alerts::table.filter(alerts::id.eq_any(ids)))
                .set((alerts::revision.eq(alerts::revision + count), alerts::updated_at.eq(now)))
                .execute(tx.conn)?;
        }
    }
    Ok(())
}
