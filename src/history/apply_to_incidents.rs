//! What each change does to the rows of incidents: one arm for each, so that a new one cannot be
//! forgotten.

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Result;
use crate::history::{search_index, tag_rows};
use crate::model::change::Change;
use crate::model::incident::{NameSource, Status};
use crate::model::outcome::Outcome;
use crate::model::severity::{Severity, SeveritySource};
use crate::model::tag;
use crate::schema::incidents;
use crate::text::folded;

/// Applies one change to incidents, few enough for one statement. `now` is in microseconds UTC.
pub(super) fn apply(tx: &mut Tx<'_>, ids: &[i64], change: &Change, now: i64) -> Result<()> {
    match change {
        Change::Renamed { to, to_source, .. } => rename(tx, ids, to, *to_source),
        Change::SeveritySet { to, to_source, .. } => set_severity(tx, ids, *to, *to_source),
        Change::StatusSet { to, note, resolved_at, .. } => {
            let resolved_at = (*to == Status::Resolved).then(|| resolved_at.unwrap_or(now));
            set_status(tx, ids, *to, note.as_deref(), resolved_at)
        }
        Change::ResolvingNoteSet { to, .. } => set_resolving_note(tx, ids, to.as_deref()),
        Change::Classified { to, .. } => classify(tx, ids, *to),
        Change::Assigned { to, .. } => assign(tx, ids, *to),
        Change::FollowUpSet { to, .. } => set_follow_up(tx, ids, *to),
        Change::Tagged { tag, system } => tag_rows::add(tx, ids, tag, *system),
        Change::Untagged { tag, system } => tag_rows::remove(tx, ids, tag, *system),
        Change::Redirected { to, status } => redirect(tx, ids, *to, *status),
        Change::Restored { status } => restore(tx, ids, *status),
        Change::ProviderSeen { key, updated_at } => note_provider(tx, ids, key, *updated_at),
        // Entries alone, or changes of alerts.
        Change::Opened { .. }
        | Change::Commented { .. }
        | Change::CommentEdited { .. }
        | Change::Attached { .. }
        | Change::AttachmentRemoved { .. }
        | Change::AlertAdded { .. }
        | Change::AlertUpdated { .. }
        | Change::AlertContinued { .. }
        | Change::AlertStatusSet { .. }
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
        | Change::MergeUndone { .. } => Ok(()),
    }
}

fn rename(tx: &mut Tx<'_>, ids: &[i64], to: &str, source: NameSource) -> Result<()> {
    diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
        .set((incidents::name.eq(to), incidents::name_key.eq(folded(to)), incidents::name_source.eq(source.as_str())))
        .execute(tx.conn)?;
    search_index::note_names(tx, [to])
}

fn set_severity(tx: &mut Tx<'_>, ids: &[i64], to: Severity, source: SeveritySource) -> Result<()> {
    diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
        .set((
            incidents::severity.eq(to.as_str()),
            incidents::severity_rank.eq(to.rank()),
            incidents::severity_source.eq(source.as_str()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn set_status(tx: &mut Tx<'_>, ids: &[i64], to: Status, note: Option<&str>, resolved_at: Option<i64>) -> Result<()> {
    diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
        .set((
            incidents::status.eq(to.as_str()),
            incidents::resolving_note.eq(note),
            incidents::resolved_at.eq(resolved_at),
        ))
        .execute(tx.conn)?;
    search_index::follow_status(tx, ids, to.is_open())
}

fn set_resolving_note(tx: &mut Tx<'_>, ids: &[i64], to: Option<&str>) -> Result<()> {
    diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
        .set(incidents::resolving_note.eq(to))
        .execute(tx.conn)?;
    Ok(())
}

fn set_follow_up(tx: &mut Tx<'_>, ids: &[i64], to: Option<i64>) -> Result<()> {
    diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
        .set(incidents::follow_up_at.eq(to))
        .execute(tx.conn)?;
    Ok(())
}

fn classify(tx: &mut Tx<'_>, ids: &[i64], to: Outcome) -> Result<()> {
    diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
        .set((
            incidents::classification.eq(to.classification.as_str()),
            incidents::determination.eq(to.determination.as_str()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn assign(tx: &mut Tx<'_>, ids: &[i64], to: Option<i64>) -> Result<()> {
    let key = search_index::owner_key(tx, to)?;
    diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
        .set((incidents::assigned_to.eq(to), incidents::owner_key.eq(key)))
        .execute(tx.conn)?;
    Ok(())
}

fn redirect(tx: &mut Tx<'_>, ids: &[i64], to: i64, status_before: Status) -> Result<()> {
    diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
        .set((
            incidents::status.eq(Status::Redirected.as_str()),
            incidents::status_before.eq(Some(status_before.as_str())),
            incidents::redirect_to.eq(Some(to)),
        ))
        .execute(tx.conn)?;
    search_index::follow_status(tx, ids, false)?;
    tag_rows::add(tx, ids, tag::REDIRECTED, true)
}

fn restore(tx: &mut Tx<'_>, ids: &[i64], status: Status) -> Result<()> {
    diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
        .set((
            incidents::status.eq(status.as_str()),
            incidents::status_before.eq(None::<String>),
            incidents::redirect_to.eq(None::<i64>),
        ))
        .execute(tx.conn)?;
    search_index::follow_status(tx, ids, status.is_open())?;
    tag_rows::remove(tx, ids, tag::REDIRECTED, true)
}

fn note_provider(tx: &mut Tx<'_>, ids: &[i64], key: &str, updated_at: Option<i64>) -> Result<()> {
    diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
        .set((incidents::provider_key.eq(Some(key)), incidents::provider_updated_at.eq(updated_at)))
        .execute(tx.conn)?;
    Ok(())
}
