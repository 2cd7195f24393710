//! Undoing a move: alerts that are still in the target go back, with their old explanation and owner. An
//! incident that gets alerts back is restored; a target that loses its last alert is redirected.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::alerts::lookup::find_alerts;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::Claimed;
use crate::history::commit::commit;
use crate::history::entry::Entry;
use crate::history::incident_changes::IncidentChanges;
use crate::incidents::unmerging::open_in_resolved;
use crate::model::actor::Actor;
use crate::model::alert::Alert;
use crate::model::change::Change;
use crate::model::incident::{Incident, Status};
use crate::model::linked_by::LinkedBy;
use crate::model::planned_change::PlannedChange;
use crate::operations::restore;
use crate::schema;

/// What moved back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedBack {
    /// The incidents that alerts went back to.
    pub incidents: Vec<i64>,
    pub alerts: usize,
    /// What stays, a sentence each.
    pub stays: Vec<String>,
}

/// The move as the history has it.
#[derive(Default)]
struct MoveRecord {
    /// Where each alert came from.
    from: BTreeMap<i64, i64>,
    linked_by: HashMap<i64, LinkedBy>,
    /// The owners of each alert before and after.
    owners: HashMap<i64, (Option<i64>, Option<i64>)>,
}

impl MoveRecord {
    fn of(entries: impl Iterator<Item = Entry>) -> Self {
        let mut record = Self::default();
        for entry in entries {
            let Some(alert) = entry.alert_id else { continue };
            match entry.change {
                Change::AlertMovedIn { from, .. } => drop(record.from.insert(alert, from)),
                Change::AlertMovedOut { linked_by: Some(linked_by), .. } => {
                    record.linked_by.insert(alert, linked_by);
                }
                Change::Assigned { from, to } => drop(record.owners.insert(alert, (from, to))),
                _ => {}
            }
        }
        record
    }
}

/// Undoes the move of `operation` into `target`. All incidents of the operation are claimed, and the undo
/// has begun.
pub fn move_back(
    tx: &mut Tx<'_>,
    actor: &Actor,
    operation: i64,
    (target, was_empty): (i64, bool),
    claimed: Vec<Claimed>,
) -> Result<MovedBack> {
    let mut claimed: BTreeMap<i64, Claimed> = claimed.into_iter().map(|one| (one.incident().id, one)).collect();
    let ids: Vec<i64> = claimed.keys().copied().collect();
    let record = MoveRecord::of(restore::entries_of(tx.conn, operation, &ids)?.into_values().flatten());
    let claimed_target = claimed.remove(&target).ok_or(Error::NotFound)?;
    let (mut stays, mut back) = (Vec::new(), BTreeMap::<i64, Vec<Alert>>::new());
    let (mut moved_on, moved) = (0, record.from.len());
    let mut alerts = find_alerts(tx.conn, &record.from.keys().copied().collect::<Vec<_>>())?;
    for (alert, from) in &record.from {
        let alert = alerts.remove(alert).ok_or(Error::NotFound)?;
        if alert.incident_id == target {
            back.entry(*from).or_default().push(alert);
        } else {
            moved_on += 1;
        }
    }
    stays.extend(
        (moved_on > 0).then(|| format!("{moved_on} of {moved} alerts were moved again and stay where they are.")),
    );
    back.retain(|from, alerts| {
        let hindrance = claimed.get(from).and_then(|source| {
            let closed = source.incident().status_once_restored() == Status::Resolved;
            lives_elsewhere(source.incident(), target)
                .or_else(|| (closed && alerts.iter().any(Alert::is_open)).then(|| open_in_resolved(*from)))
        });
        stays.extend(hindrance.clone());
        hindrance.is_none()
    });
    let Some(first) = back.keys().next().copied() else {
        return Err(Error::at_field("operation", stays.join(" ")));
    };
    let (incidents, count) = (back.keys().copied().collect(), back.values().map(Vec::len).sum());
    let mut changes = Vec::with_capacity(back.len() + 1);
    for (from, alerts) in &back {
        let source = claimed.remove(from).ok_or(Error::NotFound)?;
        changes.push(return_to(source, alerts, target, &record));
    }
    changes.push(leave(tx, claimed_target, &back, (!was_empty).then_some(first))?);
    commit(tx, actor, changes)?;
    for untouched in claimed.into_values() {
        untouched.release();
    }
    Ok(MovedBack { incidents, alerts: count, stays })
}

/// A redirected incident takes its alerts back only from where they went.
fn lives_elsewhere(source: &Incident, target: i64) -> Option<String> {
    let to = source.redirect_to.filter(|to| source.status == Status::Redirected && *to != target)?;
    Some(format!("Incident {} is now redirected to incident {to}. Undo that first.", source.id))
}

fn return_to(source: Claimed, alerts: &[Alert], target: i64, record: &MoveRecord) -> IncidentChanges<'static> {
    let incident = source.incident();
    let mut changes = Vec::new();
    if incident.status == Status::Redirected {
        let status = incident.status_once_restored();
        changes.push(PlannedChange::incident(Change::Restored { status }));
    }
    let mut arrivals = Vec::new();
    for alert in alerts {
        let change = Change::AlertMovedIn {
            title: alert.title.clone(),
            from: target,
            reason: String::new(),
            comment: String::new(),
            linked_by: record.linked_by.get(&alert.id).unwrap_or(&alert.linked_by).clone(),
        };
        arrivals.push(PlannedChange::alert(alert.id, change));
        if let Some((from, to)) = record.owners.get(&alert.id).filter(|(_, to)| alert.assigned_to == *to) {
            arrivals.push(PlannedChange::nested(alert.id, Change::Assigned { from: *to, to: *from }));
        }
    }
    if alerts.len() > 1 {
        let (reason, comment) = (String::new(), String::new());
        let act = Change::AlertsMovedIn { from: vec![target], alerts: alerts.len(), reason, comment };
        arrivals = PlannedChange::one_act(act, arrivals);
    }
    changes.extend(arrivals);
    IncidentChanges::new(source, changes)
}

/// The target without the alerts that moved back. `to` is where it is redirected when it is empty.
fn leave(
    tx: &mut Tx<'_>,
    target: Claimed,
    back: &BTreeMap<i64, Vec<Alert>>,
    to: Option<i64>,
) -> Result<IncidentChanges<'static>> {
    let (id, status) = (target.incident().id, target.incident().status);
    let out = |to: i64, alert: &Alert| {
        let (title, linked_by) = (alert.title.clone(), Some(alert.linked_by.clone()));
        PlannedChange::alert(
            alert.id,
            Change::AlertMovedOut { title, to, reason: String::new(), comment: String::new(), linked_by },
        )
    };
    let mut changes: Vec<PlannedChange> =
        back.iter().flat_map(|(to, alerts)| alerts.iter().map(|alert| out(*to, alert))).collect();
    let count = changes.len();
    if count > 1 {
        let (reason, comment) = (String::new(), String::new());
        let act = Change::AlertsMovedOut { to: back.keys().copied().collect(), alerts: count, reason, comment };
        changes = PlannedChange::one_act(act, changes);
    }
    let alerts: i64 = schema::alerts::table.filter(schema::alerts::incident_id.eq(id)).count().get_result(tx.conn)?;
    let emptied = usize::try_from(alerts).is_ok_and(|alerts| alerts == count);
    if let Some(to) = to.filter(|_| emptied && status != Status::Redirected) {
        changes.push(PlannedChange::incident(Change::Redirected { to, status }));
    }
    Ok(IncidentChanges::new(target, changes))
}
