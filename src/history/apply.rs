//! What each change does to the rows: one arm a change, so that a new one cannot be forgotten. The
//! same change of many incidents or alerts is one statement.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::history::incident_changes::AlertDecision;
use crate::history::{search_index, tag_ids};
use crate::model::alert::AlertStatus;
use crate::model::change::{Act, Change};
use crate::model::incident::Status;
use crate::model::tag;
use crate::schema::{alerts, incident_tags, incidents};

/// Rows a statement: far below SQLite's 32,766 variables.
const BATCH: usize = 500;

/// Applies changes of incidents, each given with its id, and of their alerts.
pub(super) fn apply_all<'c>(tx: &mut Tx<'_>, changes: impl Iterator<Item = (i64, &'c [Act])>, now: i64) -> Result<()> {
    for group in grouped(changes) {
        for ids in group.ids.chunks(BATCH) {
            match group.of_alerts_in {
                None => to_incidents(tx, ids, group.change, now)?,
                Some(incident) => to_alerts(tx, incident, ids, group.change, now)?,
            }
        }
    }
    Ok(())
}

/// Notes whose word stands for the status and the classification of an alert (R14).
pub(super) fn decide(tx: &mut Tx<'_>, decision: &AlertDecision) -> Result<()> {
    let row = alerts::table.find(decision.alert);
    if let Some(by_person) = decision.status_by_person {
        diesel::update(row).set(alerts::status_by_person.eq(by_person)).execute(tx.conn)?;
    }
    if let Some(by_person) = decision.classified_by_person {
        diesel::update(row).set(alerts::classified_by_person.eq(by_person)).execute(tx.conn)?;
    }
    Ok(())
}

/// One change, and the incidents or alerts that it happens to.
struct GroupedChange<'c> {
    change: &'c Change,
    /// The incident that moved alerts join; 0 for other changes of alerts, which need not know it.
    of_alerts_in: Option<i64>,
    ids: Vec<i64>,
}

/// Gathers changes with the same effect, in the order in which each is first asked.
fn grouped<'c>(changes: impl Iterator<Item = (i64, &'c [Act])>) -> Vec<GroupedChange<'c>> {
    let mut groups: Vec<GroupedChange<'c>> = Vec::new();
    for (incident, acts) in changes {
        for act in acts {
            let change = &act.change;
            let moved = matches!(change, Change::AlertMovedIn { .. });
            let of_alerts_in = act.alert.map(|_| if moved { incident } else { 0 });
            let id = act.alert.unwrap_or(incident);
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

/// Whether two changes write the same, wherever they come from.
fn has_same_effect(one: &Change, other: &Change) -> bool {
    use Change as C;
    match (one, other) {
        (C::Assigned { to, .. }, C::Assigned { to: other, .. }) => to == other,
        (C::Classified { to, .. }, C::Classified { to: other, .. }) => to == other,
        (C::FollowUpSet { to, .. }, C::FollowUpSet { to: other, .. }) => to == other,
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
        (C::AlertMovedIn { linked_by, .. }, C::AlertMovedIn { linked_by: other, .. }) => linked_by == other,
        (one, other) if writes_only_its_entry(one) && writes_only_its_entry(other) => true,
        (one, other) => one == other,
    }
}

/// Whether nothing but the history tells of a change.
fn writes_only_its_entry(change: &Change) -> bool {
    matches!(
        change,
        Change::Commented { .. }
            | Change::AlertAdded { .. }
            | Change::AlertUpdated { .. }
            | Change::AlertRepeated { .. }
            | Change::AlertMovedOut { .. }
    )
}

/// Applies one change to incidents, at most [`BATCH`] at once.
fn to_incidents(tx: &mut Tx<'_>, ids: &[i64], change: &Change, now: i64) -> Result<()> {
    let row = incidents::table.filter(incidents::id.eq_any(ids));
    match change {
        Change::Renamed { to, to_source, .. } => {
            diesel::update(row)
                .set((
                    incidents::name.eq(to),
                    incidents::name_key.eq(to.to_lowercase()),
                    incidents::name_source.eq(to_source.as_str()),
                ))
                .execute(tx.conn)?;
            search_index::note_names(tx, [to.as_str()])?;
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
        Change::StatusSet { to, note, resolved_at, .. } => {
            let resolved_at = (*to == Status::Resolved).then(|| resolved_at.unwrap_or(now));
            diesel::update(row)
                .set((
                    incidents::status.eq(to.as_str()),
                    incidents::resolving_note.eq(note),
                    incidents::resolved_at.eq(resolved_at),
                ))
                .execute(tx.conn)?;
            search_index::follow_status(tx, ids, to.is_open())?;
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
            let key = search_index::owner_key(tx, *to)?;
            diesel::update(row).set((incidents::assigned_to.eq(*to), incidents::owner_key.eq(key))).execute(tx.conn)?;
        }
        Change::FollowUpSet { to, .. } => {
            diesel::update(row).set(incidents::follow_up_at.eq(*to)).execute(tx.conn)?;
        }
        Change::Tagged { tag, system } => give_tag(tx, ids, tag, *system)?,
        Change::Untagged { tag, system } => take_tag(tx, ids, tag, *system)?,
        Change::Redirected { to, status } => {
            diesel::update(row)
                .set((
                    incidents::status.eq(Status::Redirected.as_str()),
                    incidents::status_before.eq(Some(status.as_str())),
                    incidents::redirect_to.eq(Some(*to)),
                ))
                .execute(tx.conn)?;
            search_index::follow_status(tx, ids, false)?;
            give_tag(tx, ids, tag::REDIRECTED, true)?;
        }
        Change::Restored { status } => {
            diesel::update(row)
                .set((
                    incidents::status.eq(status.as_str()),
                    incidents::status_before.eq(None::<String>),
                    incidents::redirect_to.eq(None::<i64>),
                ))
                .execute(tx.conn)?;
            search_index::follow_status(tx, ids, status.is_open())?;
            take_tag(tx, ids, tag::REDIRECTED, true)?;
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

/// Applies one change to alerts, at most [`BATCH`] at once. `incident` is where moved ones go.
fn to_alerts(tx: &mut Tx<'_>, incident: i64, ids: &[i64], change: &Change, now: i64) -> Result<()> {
    let row = alerts::table.filter(alerts::id.eq_any(ids));
    match change {
        Change::AlertStatusSet { to, restores: Some(closing), .. } => {
            diesel::update(row)
                .set((
                    alerts::status.eq(to.as_str()),
                    alerts::status_before.eq(closing.status.map(AlertStatus::as_str)),
                    alerts::closed_with.eq(closing.with),
                    alerts::resolved_at.eq(closing.at),
                ))
                .execute(tx.conn)?;
        }
        Change::AlertStatusSet { from, to: AlertStatus::Resolved, with_incident: true, .. } => {
            diesel::update(row)
                .set((
                    alerts::status.eq(AlertStatus::Resolved.as_str()),
                    alerts::status_before.eq(Some(from.as_str())),
                    alerts::closed_with.eq(alerts::incident_id.nullable()),
                    alerts::resolved_at.eq(Some(now)),
                ))
                .execute(tx.conn)?;
        }
        Change::AlertStatusSet { to, .. } => {
            diesel::update(row)
                .set((
                    alerts::status.eq(to.as_str()),
                    alerts::status_before.eq(None::<String>),
                    alerts::closed_with.eq(None::<i64>),
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
        // Entries alone: comments, and what ingest has already stored.
        Change::Commented { .. }
        | Change::AlertAdded { .. }
        | Change::AlertUpdated { .. }
        | Change::AlertRepeated { .. }
        | Change::AlertMovedOut { .. } => {}
        // Changes of an incident itself.
        Change::Opened { .. }
        | Change::Renamed { .. }
        | Change::SeveritySet { .. }
        | Change::StatusSet { .. }
        | Change::ResolvingNoteSet { .. }
        | Change::FollowUpSet { .. }
        | Change::Tagged { .. }
        | Change::Untagged { .. }
        | Change::Redirected { .. }
        | Change::Restored { .. }
        | Change::Merged { .. }
        | Change::MergedInto { .. }
        | Change::MergeUndone { .. }
        | Change::ProviderSeen { .. } => {}
    }
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = incident_tags, treat_none_as_default_value = false)]
struct Given {
    incident_id: i64,
    tag_id: i64,
    is_open: bool,
}

fn give_tag(tx: &mut Tx<'_>, ids: &[i64], name: &str, system: bool) -> Result<()> {
    let tag_id = tag_ids::id_of(tx, name, system)?;
    let open: HashMap<i64, bool> = incidents::table
        .filter(incidents::id.eq_any(ids))
        .select((incidents::id, incidents::is_open))
        .load(tx.conn)?
        .into_iter()
        .collect();
    let rows: Vec<Given> = ids
        .iter()
        .map(|id| Given { incident_id: *id, tag_id, is_open: open.get(id).copied().unwrap_or(true) })
        .collect();
    each!(tx.conn, inner => diesel::insert_into(incident_tags::table).values(&rows).on_conflict_do_nothing().execute(inner))?;
    Ok(())
}

fn take_tag(tx: &mut Tx<'_>, ids: &[i64], name: &str, system: bool) -> Result<()> {
    let tag = tag_ids::id_of(tx, name, system)?;
    diesel::delete(
        incident_tags::table.filter(incident_tags::incident_id.eq_any(ids)).filter(incident_tags::tag_id.eq(tag)),
    )
    .execute(tx.conn)?;
    Ok(())
}
