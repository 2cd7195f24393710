//! What each change does to the rows: one arm a change, so that a new one cannot be forgotten.

use diesel::prelude::*;

use crate::alerts::AlertStatus;
use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::history::{Act, Change, found_by};
use crate::incidents::{Status, tags};
use crate::schema::{alerts, incident_tags, incidents};

/// Applies one act to its incident or alert.
pub(super) fn apply(tx: &mut Tx<'_>, incident: i64, act: &Act, now: i64) -> Result<()> {
    match act.alert {
        None => apply_to_incident(tx, incident, &act.change, now),
        Some(alert) => apply_to_alert(tx, incident, alert, act, now),
    }
}

fn apply_to_incident(tx: &mut Tx<'_>, incident: i64, change: &Change, now: i64) -> Result<()> {
    let row = incidents::table.find(incident);
    match change {
        Change::Renamed { to, to_source, .. } => {
            diesel::update(row)
                .set((
                    incidents::name.eq(to),
                    incidents::name_key.eq(to.to_lowercase()),
                    incidents::name_source.eq(to_source.as_str()),
                ))
                .execute(tx.conn)?;
            found_by::note_names(tx, [to.as_str()])?;
        }
        Change::SeveritySet { to, to_source, .. } => {
            diesel::update(row)
                .set((
                    incidents::severity.eq(to.as_str()),
                    incidents::severity_rank.eq(to.rank()),
                    incidents::severity_source.eq(to_source.as_str()),
                ))
                .execute(tx.conn)?;
        }
        Change::StatusSet { to, note, .. } => {
            let resolved_at = (*to == Status::Resolved).then_some(now);
            diesel::update(row)
                .set((
                    incidents::status.eq(to.as_str()),
                    incidents::resolving_note.eq(note),
                    incidents::resolved_at.eq(resolved_at),
                ))
                .execute(tx.conn)?;
            found_by::follow_status(tx, incident, to.is_open())?;
        }
        Change::ResolvingNoteSet { to, .. } => {
            diesel::update(row).set(incidents::resolving_note.eq(to)).execute(tx.conn)?;
        }
        Change::Classified { to, .. } => {
            diesel::update(row)
                .set((
                    incidents::classification.eq(to.classification.as_str()),
                    incidents::determination.eq(to.determination.as_str()),
                ))
                .execute(tx.conn)?;
        }
        Change::Assigned { to, .. } => {
            let key = found_by::owner_key(tx, *to)?;
            diesel::update(row).set((incidents::assigned_to.eq(*to), incidents::owner_key.eq(key))).execute(tx.conn)?;
        }
        Change::Tagged { tag, system } => give_tag(tx, incident, tag, *system)?,
        Change::Untagged { tag, system } => take_tag(tx, incident, tag, *system)?,
        Change::Redirected { to, status } => {
            diesel::update(row)
                .set((
                    incidents::status.eq(Status::Redirected.as_str()),
                    incidents::status_before.eq(Some(status.as_str())),
                    incidents::redirect_to.eq(Some(*to)),
                ))
                .execute(tx.conn)?;
            found_by::follow_status(tx, incident, false)?;
            give_tag(tx, incident, tags::REDIRECTED, true)?;
        }
        Change::Restored { status } => {
            diesel::update(row)
                .set((
                    incidents::status.eq(status.as_str()),
                    incidents::status_before.eq(None::<String>),
                    incidents::redirect_to.eq(None::<i64>),
                ))
                .execute(tx.conn)?;
            found_by::follow_status(tx, incident, status.is_open())?;
            take_tag(tx, incident, tags::REDIRECTED, true)?;
        }
        Change::ProviderSeen { key, updated_at } => {
            diesel::update(row)
                .set((incidents::provider_key.eq(Some(key)), incidents::provider_updated_at.eq(*updated_at)))
                .execute(tx.conn)?;
        }
        Change::Opened { .. }
        | Change::Commented { .. }
        | Change::AlertAdded { .. }
        | Change::AlertUpdated { .. }
        | Change::AlertStatusSet { .. }
        | Change::AlertSeveritySet { .. }
        | Change::AlertMovedOut { .. }
        | Change::AlertMovedIn { .. }
        | Change::AlertRepeated { .. }
        | Change::Merged { .. }
        | Change::MergedInto { .. }
        | Change::MergeUndone { .. } => {}
    }
    Ok(())
}

fn apply_to_alert(tx: &mut Tx<'_>, incident: i64, alert: i64, act: &Act, now: i64) -> Result<()> {
    let row = alerts::table.find(alert);
    match &act.change {
        Change::AlertStatusSet { from, to, with_incident } => {
            let closed_with = (*with_incident && *to == AlertStatus::Resolved).then_some(incident);
            diesel::update(row)
                .set((
                    alerts::status.eq(to.as_str()),
                    alerts::status_before.eq(closed_with.map(|_| from.as_str())),
                    alerts::closed_with.eq(closed_with),
                    alerts::resolved_at.eq((*to == AlertStatus::Resolved).then_some(now)),
                ))
                .execute(tx.conn)?;
        }
        Change::AlertSeveritySet { to, .. } => {
            diesel::update(row).set(alerts::severity.eq(to.as_str())).execute(tx.conn)?;
        }
        Change::Classified { to, .. } => {
            diesel::update(row)
                .set((
                    alerts::classification.eq(to.classification.as_str()),
                    alerts::determination.eq(to.determination.as_str()),
                ))
                .execute(tx.conn)?;
        }
        Change::Assigned { to, .. } => {
            diesel::update(row).set(alerts::assigned_to.eq(*to)).execute(tx.conn)?;
        }
        Change::AlertMovedIn { linked_by, .. } => {
            // Which incident closed it stays known: reopening this one must not reopen it, but going
            // back to that one restores that it would.
            diesel::update(row)
                .set((alerts::incident_id.eq(incident), alerts::linked_by.eq(serde_json::to_string(linked_by)?)))
                .execute(tx.conn)?;
        }
        // The rest is an entry alone: comments, and what ingest has already stored.
        _ => {}
    }
    Ok(())
}

fn give_tag(tx: &mut Tx<'_>, incident: i64, name: &str, system: bool) -> Result<()> {
    let tag = tags::id_of(tx, name, system)?;
    let open: bool = incidents::table.find(incident).select(incidents::is_open).first(tx.conn)?;
    let row = (incident_tags::incident_id.eq(incident), incident_tags::tag_id.eq(tag), incident_tags::is_open.eq(open));
    each!(tx.conn, inner => diesel::insert_into(incident_tags::table).values(row).on_conflict_do_nothing().execute(inner))?;
    Ok(())
}

fn take_tag(tx: &mut Tx<'_>, incident: i64, name: &str, system: bool) -> Result<()> {
    let tag = tags::id_of(tx, name, system)?;
    diesel::delete(incident_tags::table.find((incident, tag))).execute(tx.conn)?;
    Ok(())
}
