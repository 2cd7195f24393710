//! Inverting changes of alerts.

use std::collections::HashSet;

use crate::history::entry::Entry;
use crate::model::alert::AlertState;
use crate::model::change::Change;
use crate::model::planned_change::PlannedChange;
use crate::operations::inverse::history_facts::{Facts, joined};
use crate::operations::inverse::kept_alerts::KeptBecause;

/// The inverse of a change of an alert; `None` where the alert already has its old value, an error where it stays.
pub(super) fn invert_alert_change(
    facts: &Facts<'_>,
    alert: i64,
    change: &Change,
) -> Result<Option<Change>, KeptBecause> {
    let Some(field) = change.field() else { return Ok(None) };
    let state = facts.state_of.get(&alert).ok_or(KeptBecause::Changed)?;
    let Some((inverse, is_as_changed)) = inverse_of(state, change) else { return Ok(None) };
    if facts.changed_since.contains(&(alert, field)) || !is_as_changed {
        return Err(KeptBecause::Changed);
    }
    if let Change::Assigned { to: Some(before), .. } = &inverse
        && !facts.can_own(*before)
    {
        return Err(KeptBecause::Owner);
    }
    Ok(Some(inverse))
}

/// The inverse, and whether the alert still is what the change made of it; nothing where it is as it was
/// before, or the change is of none of its fields.
fn inverse_of(state: &AlertState, change: &Change) -> Option<(Change, bool)> {
    match change {
        Change::AlertStatusSet { from, to, before, with_incident, .. } if state.status != *from => {
            let (now, with_incident, restores) = (state.status, *with_incident, before.clone());
            let before = state.closing();
            Some((Change::AlertStatusSet { from: now, to: *from, with_incident, before, restores }, now == *to))
        }
        Change::Classified { from, to } if state.outcome() != *from => {
            let now = state.outcome();
            Some((Change::Classified { from: now, to: *from }, now == *to))
        }
        Change::Assigned { from, to } if state.assigned_to != *from => {
            let now = state.assigned_to;
            Some((Change::Assigned { from: now, to: *from }, now == *to))
        }
        Change::AlertStatusSet { .. }
        | Change::Classified { .. }
        | Change::Assigned { .. }
        | Change::Renamed { .. }
        | Change::SeveritySet { .. }
        | Change::StatusSet { .. }
        | Change::ResolvingNoteSet { .. }
        | Change::FollowUpSet { .. }
        | Change::Tagged { .. }
        | Change::Untagged { .. }
        | Change::Redirected { .. }
        | Change::Restored { .. }
        | Change::Opened { .. }
        | Change::Commented { .. }
        | Change::CommentEdited { .. }
        | Change::Attached { .. }
        | Change::AttachmentRemoved { .. }
        | Change::AlertAdded { .. }
        | Change::AlertUpdated { .. }
        | Change::AlertContinued { .. }
        | Change::AlertSeveritySet { .. }
        | Change::AlertMovedOut { .. }
        | Change::AlertMovedIn { .. }
        | Change::AlertsMovedOut { .. }
        | Change::AlertsMovedIn { .. }
        | Change::AlertsChanged { .. }
        | Change::AlertRepeated { .. }
        | Change::AlertFolded { .. }
        | Change::Merged { .. }
        | Change::IncidentsMerged { .. }
        | Change::MergedInto { .. }
        | Change::MergeUndone { .. }
        | Change::ProviderSeen { .. } => None,
    }
}

/// Alerts that joined since took the owner that is undone (R2); they follow the incident again.
pub(super) fn follow_owner(facts: &Facts<'_>, from: Option<i64>, to: Option<i64>) -> Vec<PlannedChange> {
    let joined = joined(facts.in_effect);
    // Alerts that the operation itself assigned go back to their own owners.
    let assigns = |entry: &&Entry| matches!(entry.change, Change::Assigned { .. });
    let given: HashSet<i64> = facts.undone.iter().filter(assigns).filter_map(|entry| entry.alert_id).collect();
    facts
        .states
        .iter()
        .filter(|state| {
            to.is_some() && state.assigned_to == to && joined.contains(&state.id) && !given.contains(&state.id)
        })
        .map(|state| PlannedChange::nested(state.id, Change::Assigned { from: to, to: from }))
        .collect()
}
