//! Applying changes to the rows of incidents and alerts: the same change of many is one statement.

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Result;
use crate::history::incident_changes::AlertDecision;
use crate::history::{apply_to_alerts, apply_to_incidents};
use crate::model::change::Change;
use crate::model::linked_by::LinkedBy;
use crate::model::planned_change::PlannedChange;
use crate::schema::alerts;

/// Rows a statement: far below SQLite's 32,766 variables.
const BATCH: usize = 500;

/// Applies changes of incidents, each given with its id, and of their alerts.
pub(super) fn apply_all<'c>(
    tx: &mut Tx<'_>,
    changes: impl Iterator<Item = (i64, &'c [PlannedChange])>,
    now: i64,
) -> Result<()> {
    let changes: Vec<(i64, &[PlannedChange])> = changes.collect();
    explain_moved(tx, &changes)?;
    for group in grouped(changes.into_iter()) {
        for ids in group.ids.chunks(BATCH) {
            match group.of_alerts_in {
                None => apply_to_incidents::apply(tx, ids, group.change, now)?,
                Some(incident) => apply_to_alerts::apply(tx, incident, ids, group.change, now)?,
            }
        }
    }
    Ok(())
}

/// Sets the explanations of alerts that are moved: each has its own.
fn explain_moved(tx: &mut Tx<'_>, changes: &[(i64, &[PlannedChange])]) -> Result<()> {
    let explained: Vec<(i64, &LinkedBy)> = changes
        .iter()
        .flat_map(|(_, changes)| *changes)
        .filter_map(|planned| match &planned.change {
            Change::AlertMovedIn { linked_by, .. } => Some((planned.alert?, linked_by)),
            _ => None,
        })
        .collect();
    explained.chunks(BATCH).try_for_each(|explained| apply_to_alerts::explain(tx, explained))
}

/// Sets why alerts are where they are.
pub(super) fn explain(tx: &mut Tx<'_>, explanations: &[(i64, LinkedBy)]) -> Result<()> {
    let explained: Vec<(i64, &LinkedBy)> = explanations.iter().map(|(id, linked_by)| (*id, linked_by)).collect();
    explained.chunks(BATCH).try_for_each(|explained| apply_to_alerts::explain(tx, explained))
}

/// Notes whether a person has decided the status and the classification of alerts (R14).
pub(super) fn note_decisions<'d>(
    tx: &mut Tx<'_>,
    decisions: impl Iterator<Item = &'d AlertDecision> + Clone,
) -> Result<()> {
    for by_person in [true, false] {
        let decided = |of: fn(&AlertDecision) -> Option<bool>| -> Vec<i64> {
            decisions.clone().filter(|one| of(one) == Some(by_person)).map(|one| one.alert).collect()
        };
        for ids in decided(|one| one.status_by_person).chunks(BATCH) {
            diesel::update(alerts::table.filter(alerts::id.eq_any(ids)))
                .set(alerts::status_by_person.eq(by_person))
                .execute(tx.conn)?;
        }
        for ids in decided(|one| one.classified_by_person).chunks(BATCH) {
            diesel::update(alerts::table.filter(alerts::id.eq_any(ids)))
                .set(alerts::classified_by_person.eq(by_person))
                .execute(tx.conn)?;
        }
    }
    Ok(())
}

/// One change, and the incidents or alerts that it happens to.
struct GroupedChange<'c> {
    change: &'c Change,
    /// The incident that moved alerts join; 0 for other changes of alerts; `None` for changes of incidents.
    of_alerts_in: Option<i64>,
    ids: Vec<i64>,
}

/// Groups changes with the same effect, in the order of the first of each group.
fn grouped<'c>(changes: impl Iterator<Item = (i64, &'c [PlannedChange])>) -> Vec<GroupedChange<'c>> {
    let mut groups: Vec<GroupedChange<'c>> = Vec::new();
    for (incident, changes) in changes {
        for planned in changes {
            let change = &planned.change;
            let moved = matches!(change, Change::AlertMovedIn { .. });
            let of_alerts_in = planned.alert.map(|_| if moved { incident } else { 0 });
            let id = planned.alert.unwrap_or(incident);
            let same = |group: &&mut GroupedChange<'_>| {
                group.of_alerts_in == of_alerts_in && has_same_effect(group.change, change)
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.ids.push(id),
                None => groups.push(GroupedChange { change, of_alerts_in, ids: vec![id] }),
            }
        }
    }
    groups
}

/// Whether two changes write the same values.
fn has_same_effect(one: &Change, other: &Change) -> bool {
    use Change as C;
    match (one, other) {
        (C::Assigned { to, .. }, C::Assigned { to: other, .. })
        | (C::FollowUpSet { to, .. }, C::FollowUpSet { to: other, .. }) => to == other,
        (C::Classified { to, .. }, C::Classified { to: other, .. }) => to == other,
        (C::SeveritySet { to, to_source, .. }, C::SeveritySet { to: other, to_source: other_source, .. }) => {
            (to, to_source) == (other, other_source)
        }
        (
            C::StatusSet { to, note, resolved_at, .. },
            C::StatusSet { to: other, note: other_note, resolved_at: other_time, .. },
        ) => (to, note, resolved_at) == (other, other_note, other_time),
        (
            C::AlertStatusSet { from, to, with_incident, restores, .. },
            C::AlertStatusSet {
                from: other_from, to: other, with_incident: other_with, restores: other_restores, ..
            },
        ) => (from, to, with_incident, restores) == (other_from, other, other_with, other_restores),
        // Their explanations are set beside.
        (C::AlertMovedIn { .. }, C::AlertMovedIn { .. }) => true,
        (one, other) if writes_only_its_entry(one) && writes_only_its_entry(other) => true,
        (one, other) => one == other,
    }
}

/// Whether a change writes nothing but its history entry.
fn writes_only_its_entry(change: &Change) -> bool {
    matches!(
        change,
        Change::Commented { .. }
            | Change::CommentEdited { .. }
            | Change::Attached { .. }
            | Change::AttachmentRemoved { .. }
            | Change::AlertAdded { .. }
            | Change::AlertUpdated { .. }
            | Change::AlertContinued { .. }
            | Change::AlertRepeated { .. }
            | Change::AlertFolded { .. }
            | Change::AlertMovedOut { .. }
            | Change::AlertsMovedOut { .. }
            | Change::AlertsMovedIn { .. }
            | Change::AlertsChanged { .. }
            | Change::IncidentsMerged { .. }
    )
}
