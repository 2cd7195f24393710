//! Undoing a move: alerts that are still where it took them go back, linked as they were and to
//! whom they belonged; an incident that gets them back is restored, one that is emptied redirected.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::alerts::lookup::find_alert;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::Claimed;
use crate::history::commit::commit;
use crate::history::incident_changes::IncidentChanges;
use crate::history::timeline::Entry;
use crate::incidents::unmerging::open_in_resolved;
use crate::model::actor::Actor;
use crate::model::alert::Alert;
use crate::model::change::{Act, Change};
use crate::model::incident::{Incident, Status};
use crate::model::linked_by::LinkedBy;
use crate::operations::restore;
use crate::schema;

/// What undoing a move needs to know beside the history. Stored with the operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MoveDetail {
    pub target: i64,
    /// Pairs that the move took apart.
    pub apart: Vec<(i64, i64)>,
    /// The target was there before, without alerts.
    #[serde(default)]
    pub was_empty: bool,
    #[serde(default)]
    pub count: usize,
}

/// What went back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedBack {
    /// An incident that alerts went back to.
    pub incident: i64,
    pub alerts: usize,
    /// What stays, a sentence each.
    pub stays: Vec<String>,
}

/// What the history says of the move.
#[derive(Default)]
struct Told {
    /// Where each alert came from.
    from: BTreeMap<i64, i64>,
    linked_by: HashMap<i64, LinkedBy>,
    /// Whose it was and whose it became.
    owners: HashMap<i64, (Option<i64>, Option<i64>)>,
}

impl Told {
    fn of(entries: impl Iterator<Item = Entry>) -> Self {
        let mut told = Self::default();
        for entry in entries {
            let Some(alert) = entry.alert_id else { continue };
            match entry.change {
                Change::AlertMovedIn { from, .. } => drop(told.from.insert(alert, from)),
                Change::AlertMovedOut { linked_by: Some(linked_by), .. } => {
                    told.linked_by.insert(alert, linked_by);
                }
                Change::Assigned { from, to } => drop(told.owners.insert(alert, (from, to))),
                _ => {}
            }
        }
        told
    }
}

/// Takes back the move of `operation` into `target`; all incidents that it touched are claimed, and
/// the operation that undoes it has begun.
pub fn move_back(
    tx: &mut Tx<'_>,
    actor: &Actor,
    operation: i64,
    (target, was_empty): (i64, bool),
    claimed: Vec<Claimed>,
) -> Result<MovedBack> {
    let mut claimed: BTreeMap<i64, Claimed> = claimed.into_iter().map(|one| (one.incident().id, one)).collect();
    let ids: Vec<i64> = claimed.keys().copied().collect();
    let told = Told::of(restore::entries_of(tx.conn, operation, &ids)?.into_values().flatten());
    let left = claimed.remove(&target).ok_or(Error::NotFound)?;
    let mut stays = Vec::new();
    let mut back: BTreeMap<i64, Vec<Alert>> = BTreeMap::new();
    let (mut moved_on, moved) = (0, told.from.len());
    for (alert, from) in &told.from {
        let alert = find_alert(tx.conn, *alert)?;
        if alert.incident_id == target {
            back.entry(*from).or_default().push(alert);
        } else {
            moved_on += 1;
        }
    }
    if moved_on > 0 {
        stays.push(format!("{moved_on} of {moved} alerts were moved on since and stay where they are."));
    }
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
    let count = back.values().map(Vec::len).sum();
    let mut changes = Vec::new();
    for (from, alerts) in &back {
        let source = claimed.remove(from).ok_or(Error::NotFound)?;
        changes.push(return_to(source, alerts, target, &told));
    }
    changes.push(leave(tx, left, &back, (!was_empty).then_some(first))?);
    commit(tx, actor, changes)?;
    for untouched in claimed.into_values() {
        untouched.release();
    }
    Ok(MovedBack { incident: first, alerts: count, stays })
}

/// A redirected incident takes its alerts back only from where they went.
fn lives_elsewhere(source: &Incident, target: i64) -> Option<String> {
    let to = source.redirect_to.filter(|to| source.status == Status::Redirected && *to != target)?;
    Some(format!("Incident {} lives on in incident {to} now; undo that first.", source.id))
}

fn return_to(source: Claimed, alerts: &[Alert], target: i64, told: &Told) -> IncidentChanges<'static> {
    let incident = source.incident();
    let mut acts = Vec::new();
    if incident.status == Status::Redirected {
        let status = incident.status_once_restored();
        acts.push(Act::incident(Change::Restored { status }));
    }
    for alert in alerts {
        let change = Change::AlertMovedIn {
            title: alert.title.clone(),
            from: target,
            reason: String::new(),
            comment: String::new(),
            linked_by: told.linked_by.get(&alert.id).unwrap_or(&alert.linked_by).clone(),
        };
        acts.push(Act::alert(alert.id, change));
        if let Some((from, to)) = told.owners.get(&alert.id).filter(|(_, to)| alert.assigned_to == *to) {
            acts.push(Act::nested(alert.id, Change::Assigned { from: *to, to: *from }));
        }
    }
    IncidentChanges::new(source, acts)
}

/// `to` is where it leads when nothing is left in it.
fn leave(
    tx: &mut Tx<'_>,
    left: Claimed,
    back: &BTreeMap<i64, Vec<Alert>>,
    to: Option<i64>,
) -> Result<IncidentChanges<'static>> {
    let (id, status) = (left.incident().id, left.incident().status);
    let out = |to: i64, alert: &Alert| {
        let (title, linked_by) = (alert.title.clone(), Some(alert.linked_by.clone()));
        Act::alert(
            alert.id,
            Change::AlertMovedOut { title, to, reason: String::new(), comment: String::new(), linked_by },
        )
    };
    let mut acts: Vec<Act> = back.iter().flat_map(|(to, alerts)| alerts.iter().map(|alert| out(*to, alert))).collect();
    let alerts: i64 = schema::alerts::table.filter(schema::alerts::incident_id.eq(id)).count().get_result(tx.conn)?;
    let emptied = usize::try_from(alerts).is_ok_and(|alerts| alerts == acts.len());
    if let Some(to) = to.filter(|_| emptied && status != Status::Redirected) {
        acts.push(Act::incident(Change::Redirected { to, status }));
    }
    Ok(IncidentChanges::new(left, acts))
}
