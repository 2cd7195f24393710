//! Inverting all entries of an operation in one incident, in their order.

use std::collections::BTreeSet;

use crate::history::decided_by::is_automatic;
use crate::model::alert::AlertStatus;
use crate::model::change::Change;
use crate::model::incident::Status;
use crate::model::planned_change::PlannedChange;
use crate::operations::inverse::alert_changes::invert_alert_change;
use crate::operations::inverse::history_facts::Facts;
use crate::operations::inverse::incident_changes::invert_incident_change;
use crate::operations::inverse::kept_alerts::{KeptBecause, sentences};
use crate::operations::inverse::result::Inverse;

/// Works out what undoes the operation.
pub fn invert(facts: &Facts<'_>) -> Inverse {
    let mut inverse = Inverse::default();
    if let (Status::Redirected, Some(to)) = (facts.incident.status, facts.incident.redirect_to) {
        inverse.stays.push(format!("It is now redirected to incident {to}."));
        return inverse;
    }
    let mut kept: BTreeSet<(KeptBecause, i64)> = BTreeSet::new();
    // Whether the change of the incident that alerts followed is inverted, or stays.
    let (mut parent_inverted, mut parent_stays) = (false, false);
    for entry in facts.undone.iter().filter(|entry| !is_automatic(entry)) {
        let Some(alert) = entry.alert_id else {
            let (changes, stays) = (inverse.changes.len(), inverse.stays.len());
            invert_incident_change(facts, entry, &mut inverse);
            parent_inverted = inverse.changes.len() > changes;
            parent_stays = !parent_inverted && inverse.stays.len() > stays;
            continue;
        };
        match invert_alert_change(facts, alert, &entry.change) {
            Ok(Some(_)) if parent_stays && entry.is_nested() => drop(kept.insert((KeptBecause::Follows, alert))),
            Ok(Some(change)) if opens(&change) && stays_resolved(facts, &inverse) => {
                kept.insert((KeptBecause::Resolved, alert));
            }
            Ok(Some(change)) if parent_inverted => inverse.changes.push(PlannedChange::nested(alert, change)),
            Ok(Some(change)) => inverse.changes.push(PlannedChange::alert(alert, change)),
            Ok(None) => {}
            Err(why) => drop(kept.insert((why, alert))),
        }
    }
    if facts.undone.iter().any(|entry| matches!(entry.change, Change::AlertsChanged { .. })) {
        inverse.changes = as_one_act(inverse.changes);
    }
    inverse.stays.extend(sentences(&kept));
    inverse
}

/// What was one act on several alerts is undone by one (R20).
fn as_one_act(changes: Vec<PlannedChange>) -> Vec<PlannedChange> {
    match PlannedChange::alert_count(&changes) {
        0 | 1 => changes,
        alerts => {
            let act = Change::AlertsChanged { alerts, status: None, outcome: None, owner: None };
            PlannedChange::one_act(act, changes)
        }
    }
}

/// A resolved incident has no open alerts, unless undoing the operation reopens it.
fn stays_resolved(facts: &Facts<'_>, inverse: &Inverse) -> bool {
    let reopens = |planned: &PlannedChange| matches!(&planned.change, Change::StatusSet { to, .. } if to.is_open());
    facts.incident.status == Status::Resolved && !inverse.changes.iter().any(reopens)
}

/// Whether a change opens an alert.
fn opens(change: &Change) -> bool {
    matches!(change, Change::AlertStatusSet { from: AlertStatus::Resolved, to, .. } if *to != AlertStatus::Resolved)
}
