//! Alerts that move from incidents to another, by a person or by correlation (R10): what that does to both ends.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::accounts::users;
use crate::db::Tx;
use crate::error::Result;
use crate::history::claim::Claimed;
use crate::history::incident_changes::IncidentChanges;
use crate::model::alert::Alert;
use crate::model::change::Change;
use crate::model::incident::Status;
use crate::model::linked_by::LinkedBy;
use crate::model::planned_change::PlannedChange;
use crate::schema::alerts;

/// What a move says.
#[derive(Clone, Copy)]
pub struct Moving<'a> {
    pub reason: &'a str,
    pub comment: &'a str,
    /// Why each alert is where it is then.
    pub linked_by: &'a dyn Fn(&Alert) -> LinkedBy,
}

/// What undoing a move needs beside the history. Stored with the operation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct MoveDetail {
    pub target: i64,
    /// Pairs that correlation may not merge since the move.
    pub apart: Vec<(i64, i64)>,
    /// The target existed before, without alerts.
    #[serde(default)]
    pub was_empty: bool,
    #[serde(default)]
    pub count: usize,
    /// How many of them were assigned to the owner of the target, and who that was.
    #[serde(default)]
    pub assigned: usize,
    #[serde(default)]
    pub owner: Option<i64>,
}

/// What the move does to the target.
pub fn arrive<'a>(
    tx: &mut Tx<'_>,
    mut into: IncidentChanges<'a>,
    moving: &[Alert],
    words: &Moving<'_>,
) -> Result<IncidentChanges<'a>> {
    let incident = into.claimed.incident();
    let owner = users::unless_disabled(tx.conn, incident.assigned_to)?;
    let mut changes = Vec::new();
    if incident.status == Status::Redirected {
        let status = incident.status_once_restored();
        changes.push(PlannedChange::incident(Change::Restored { status }));
    }
    let mut arrivals = Vec::new();
    for alert in moving {
        arrivals.push(PlannedChange::alert(
            alert.id,
            Change::AlertMovedIn {
                title: alert.title.clone(),
                from: alert.incident_id,
                reason: words.reason.to_owned(),
                comment: own_comment(moving.len(), words),
                linked_by: (words.linked_by)(alert),
            },
        ));
        // R2: who owns the incident owns what joins it.
        if owner.is_some() && owner != alert.assigned_to {
            let change = Change::Assigned { from: alert.assigned_to, to: owner };
            arrivals.push(PlannedChange::nested(alert.id, change));
        }
    }
    if moving.len() > 1 {
        let from: BTreeSet<i64> = moving.iter().map(|alert| alert.incident_id).collect();
        let (from, alerts) = (from.into_iter().collect(), moving.len());
        let (reason, comment) = (words.reason.to_owned(), words.comment.to_owned());
        arrivals = PlannedChange::one_act(Change::AlertsMovedIn { from, alerts, reason, comment }, arrivals);
    }
    changes.extend(arrivals);
    into.changes = changes;
    Ok(into)
}

/// The comment in the entry of each alert: none when several are moved, since the entry of the act has it.
fn own_comment(moved: usize, words: &Moving<'_>) -> String {
    if moved > 1 { String::new() } else { words.comment.to_owned() }
}

/// What the move does to an incident that alerts are moved out of. One that loses its last alert is
/// redirected (R10).
pub fn leave(
    tx: &mut Tx<'_>,
    source: Claimed,
    moving: &[Alert],
    target: i64,
    words: &Moving<'_>,
) -> Result<IncidentChanges<'static>> {
    let (id, status) = (source.incident().id, source.incident().status);
    let leaving: Vec<&Alert> = moving.iter().filter(|alert| alert.incident_id == id).collect();
    let count = leaving.len();
    let out = |alert: &Alert| Change::AlertMovedOut {
        title: alert.title.clone(),
        to: target,
        reason: words.reason.to_owned(),
        comment: own_comment(count, words),
        linked_by: Some(alert.linked_by.clone()),
    };
    let mut changes: Vec<PlannedChange> =
        leaving.into_iter().map(|alert| PlannedChange::alert(alert.id, out(alert))).collect();
    if count > 1 {
        let (reason, comment) = (words.reason.to_owned(), words.comment.to_owned());
        let act = Change::AlertsMovedOut { to: vec![target], alerts: count, reason, comment };
        changes = PlannedChange::one_act(act, changes);
    }
    let alerts: i64 = alerts::table.filter(alerts::incident_id.eq(id)).count().get_result(tx.conn)?;
    let emptied = count > 0 && usize::try_from(alerts).is_ok_and(|alerts| alerts == count);
    if emptied && status != Status::Redirected {
        changes.push(PlannedChange::incident(Change::Redirected { to: target, status }));
    }
    Ok(IncidentChanges::new(source, changes))
}
