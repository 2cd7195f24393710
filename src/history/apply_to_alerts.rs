//! What each change does to the rows of alerts: one arm for each, so that a new one cannot be forgotten.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Result;
use crate::model::alert::{AlertClosing, AlertStatus};
use crate::model::change::Change;
use crate::model::linked_by::LinkedBy;
use crate::model::outcome::Outcome;
use crate::model::severity::Severity;
use crate::schema::alerts;

/// Applies one change to alerts, few enough for one statement. `incident` is the one that moved alerts
/// join; `now` is in microseconds UTC.
pub(super) fn apply(tx: &mut Tx<'_>, incident: i64, ids: &[i64], change: &Change, now: i64) -> Result<()> {
    match change {
        Change::AlertStatusSet { to, restores: Some(closing), .. } => restore_status(tx, ids, *to, closing),
        Change::AlertStatusSet { from, to: AlertStatus::Resolved, with_incident: true, .. } => {
            resolve_with_incident(tx, ids, *from, now)
        }
        Change::AlertStatusSet { to, .. } => set_status(tx, ids, *to, now),
        Change::AlertSeveritySet { to, .. } => set_severity(tx, ids, *to),
        Change::Classified { to, .. } => classify(tx, ids, *to),
        Change::Assigned { to, .. } => assign(tx, ids, *to),
        Change::AlertMovedIn { .. } => join(tx, incident, ids),
        // Entries alone: comments, and what ingest has already stored.
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
        // Changes of an incident itself.
        | Change::Opened { .. }
        | Change::Renamed { .. }
        | Change::SeveritySet { .. }
        | Change::StatusSet { .. }
        | Change::ResolvingNoteSet { .. }
        | Change::AlertsMovedOut { .. }
        | Change::AlertsMovedIn { .. }
        | Change::AlertsChanged { .. }
        | Change::FollowUpSet { .. }
        | Change::Tagged { .. }
        | Change::Untagged { .. }
        | Change::Redirected { .. }
        | Change::Restored { .. }
        | Change::Merged { .. }
        | Change::IncidentsMerged { .. }
        | Change::MergedInto { .. }
        | Change::MergeUndone { .. }
        | Change::ProviderSeen { .. } => Ok(()),
    }
}

/// Sets the status that an undo restores, with when and with which incident it was resolved then.
fn restore_status(tx: &mut Tx<'_>, ids: &[i64], to: AlertStatus, closing: &AlertClosing) -> Result<()> {
    diesel::update(alerts::table.filter(alerts::id.eq_any(ids)))
        .set((
            alerts::status.eq(to.as_str()),
            alerts::status_before.eq(closing.status.map(AlertStatus::as_str)),
            alerts::closed_with.eq(closing.with),
            alerts::resolved_at.eq(closing.at),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Notes the status before and the incident, so that reopening that one reopens these (R3).
fn resolve_with_incident(tx: &mut Tx<'_>, ids: &[i64], from: AlertStatus, now: i64) -> Result<()> {
    diesel::update(alerts::table.filter(alerts::id.eq_any(ids)))
        .set((
            alerts::status.eq(AlertStatus::Resolved.as_str()),
            alerts::status_before.eq(Some(from.as_str())),
            alerts::closed_with.eq(alerts::incident_id.nullable()),
            alerts::resolved_at.eq(Some(now)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn set_status(tx: &mut Tx<'_>, ids: &[i64], to: AlertStatus, now: i64) -> Result<()> {
    diesel::update(alerts::table.filter(alerts::id.eq_any(ids)))
        .set((
            alerts::status.eq(to.as_str()),
            alerts::status_before.eq(None::<String>),
            alerts::closed_with.eq(None::<i64>),
            alerts::resolved_at.eq((to == AlertStatus::Resolved).then_some(now)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn set_severity(tx: &mut Tx<'_>, ids: &[i64], to: Severity) -> Result<()> {
    diesel::update(alerts::table.filter(alerts::id.eq_any(ids)))
        .set(alerts::severity.eq(to.as_str()))
        .execute(tx.conn)?;
    Ok(())
}

fn classify(tx: &mut Tx<'_>, ids: &[i64], to: Outcome) -> Result<()> {
    diesel::update(alerts::table.filter(alerts::id.eq_any(ids)))
        .set((
            alerts::classification.eq(to.classification.as_str()),
            alerts::determination.eq(to.determination.as_str()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn assign(tx: &mut Tx<'_>, ids: &[i64], to: Option<i64>) -> Result<()> {
    diesel::update(alerts::table.filter(alerts::id.eq_any(ids))).set(alerts::assigned_to.eq(to)).execute(tx.conn)?;
    Ok(())
}

/// Puts alerts into an incident. The one that an alert was resolved with stays noted: reopening the new incident
/// must not reopen the alert, but back in its first incident it follows that one again.
fn join(tx: &mut Tx<'_>, incident: i64, ids: &[i64]) -> Result<()> {
    diesel::update(alerts::table.filter(alerts::id.eq_any(ids)))
        .set(alerts::incident_id.eq(incident))
        .execute(tx.conn)?;
    Ok(())
}

/// Sets the explanations of alerts, given with each, where they differ from what is stored: few of them do when
/// incidents are merged.
pub(super) fn explain(tx: &mut Tx<'_>, explained: &[(i64, &LinkedBy)]) -> Result<()> {
    let ids: Vec<i64> = explained.iter().map(|(id, _)| *id).collect();
    let rows: Vec<(i64, String)> =
        alerts::table.filter(alerts::id.eq_any(ids)).select((alerts::id, alerts::linked_by)).load(tx.conn)?;
    let stored: HashMap<i64, String> = rows.into_iter().collect();
    let mut changed: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (id, linked_by) in explained {
        let text = serde_json::to_string(linked_by)?;
        if stored.get(id) != Some(&text) {
            changed.entry(text).or_default().push(*id);
        }
    }
    for (text, ids) in changed {
        diesel::update(alerts::table.filter(alerts::id.eq_any(ids)))
            .set(alerts::linked_by.eq(text))
            .execute(tx.conn)?;
    }
    Ok(())
}
