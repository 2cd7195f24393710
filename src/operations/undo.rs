//! Undoing an operation: what it changed is changed back unless something later depends on it; the answer
//! says what stays. A whole undo happens once.

use std::fmt::Write as _;

use diesel::prelude::*;

use crate::clock;
use crate::correlation::merge_exclusions;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim;
use crate::history::operation_log::{self, leave_open};
use crate::incidents::merge_record::{Merge, Merged};
use crate::incidents::moving::MoveDetail;
use crate::incidents::unmerging::{self, Unmerged};
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::operation::{Kind, Operation};
use crate::operations::bulk::BulkEdit;
use crate::operations::bulk_alerts::Detail;
use crate::operations::items::{self, ItemOutcome, ItemState};
use crate::operations::jobs;
use crate::operations::{restore, undo_move};
use crate::permissions::{Action, require};
use crate::schema::operations as table;

/// What an undo did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// A merge of two: the incident that was restored, and how many alerts went back to it.
    Merge { incident: i64, alerts: usize, stays: Vec<String> },
    /// A merge by a person: the incidents that were restored, and what stays.
    Merges { incidents: Vec<i64>, stays: Vec<String> },
    /// A move: where the alerts went back to.
    Move { incidents: Vec<i64>, alerts: usize, stays: Vec<String> },
    /// Incidents were restored. `incident` is the only one, where there is one; `alerts` are those that were restored,
    /// where many were changed together.
    Changed {
        operation: i64,
        incident: Option<i64>,
        changed: usize,
        alerts: Option<i64>,
        stays: Vec<(i64, String)>,
        comment_stays: bool,
    },
    /// A job that runs in the background.
    Started { operation: i64 },
}

impl Undone {
    /// The job that was started.
    pub fn job(&self) -> Option<i64> {
        match self {
            Self::Started { operation } => Some(*operation),
            Self::Merge { .. } | Self::Merges { .. } | Self::Move { .. } | Self::Changed { .. } => None,
        }
    }
}

/// Undoes an operation. Refused, with the reason, when it was undone already, or when later changes prevent
/// all of it.
pub fn undo(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<Undone> {
    require(actor, Action::Work)?;
    let first = diesel::update(table::table.find(id).filter(table::undone_at.is_null()))
        .set(table::undone_at.eq(clock::now()))
        .execute(tx.conn)?;
    let operation = operation_log::find(tx.conn, id)?;
    if first == 0 {
        return Err(Error::at_field("operation", "This was already undone."));
    }
    if operation.is_running() {
        return Err(Error::at_field("operation", "This is still running. Undo it when it has finished."));
    }
    let undone = match operation.kind() {
        Some(Kind::Merge) => unmerge(tx, actor, &operation)?,
        Some(Kind::Merges) => unmerge_all(tx, actor, &operation)?,
        Some(Kind::Move) => undo_move(tx, actor, &operation)?,
        Some(
            Kind::Edit | Kind::AlertEdit | Kind::AlertsEdit | Kind::Bulk | Kind::ResolveBySource | Kind::ResolveByRule,
        ) => undo_edit(tx, actor, &operation)?,
        Some(Kind::Undo) | None => {
            return Err(Error::at_field("operation", "An undo cannot be undone. Make the change again instead."));
        }
    };
    tx.operation = None;
    Ok(undone)
}

/// Begins the operation that undoes another; its incidents are claimed.
fn begin(tx: &mut Tx<'_>, actor: &Actor, undone: &Operation) -> Result<i64> {
    let id = operation_log::begin(tx, actor, Kind::Undo, &())?;
    link_undo(tx, undone.id, id)?;
    Ok(id)
}

/// Notes in both operations that one undoes the other.
fn link_undo(tx: &mut Tx<'_>, undone: i64, by: i64) -> Result<()> {
    diesel::update(table::table.find(by)).set(table::undo_of.eq(undone)).execute(tx.conn)?;
    diesel::update(table::table.find(undone)).set(table::undone_by.eq(by)).execute(tx.conn)?;
    Ok(())
}

fn unmerge(tx: &mut Tx<'_>, actor: &Actor, operation: &Operation) -> Result<Undone> {
    let merge: Merge = serde_json::from_str(&operation.detail)?;
    claim::lock(tx, &[merge.kept, merge.gone])?;
    begin(tx, actor, operation)?;
    let undone = unmerging::unmerge(tx, actor, std::slice::from_ref(&merge))?;
    let Some((incident, alerts)) = undone.restored.first().copied() else {
        return Err(Error::at_field("operation", undone.stays.join(" ")));
    };
    // What a person took apart, correlation does not put together again.
    merge_exclusions::exclude(tx, merge.kept, merge.gone)?;
    Ok(Undone::Merge { incident, alerts, stays: undone.stays })
}

fn unmerge_all(tx: &mut Tx<'_>, actor: &Actor, operation: &Operation) -> Result<Undone> {
    let merged: Merged = serde_json::from_str(&operation.detail)?;
    let mut ids = vec![merged.kept];
    ids.extend(merged.merges.iter().map(|merge| merge.gone));
    claim::lock(tx, &ids)?;
    begin(tx, actor, operation)?;
    let Unmerged { restored, mut stays, left } = unmerging::unmerge(tx, actor, &merged.merges)?;
    if restored.is_empty() {
        return Err(Error::at_field("operation", stays.join(" ")));
    }
    let incidents: Vec<i64> = restored.into_iter().map(|(incident, _)| incident).collect();
    // Owner and classification were chosen before the first was merged.
    let chosen = |change: &Change| !matches!(change, Change::Merged { .. } | Change::IncidentsMerged { .. });
    for restored in restore::restore_first(tx, actor, operation.id, &[merged.kept], chosen)? {
        stays.extend(restored.stays);
    }
    merge_exclusions::remove_exclusions(tx, &merged.apart)?;
    if merged.by_correlation {
        // What a person took apart, correlation does not put together again.
        let apart: Vec<i64> = incidents.iter().copied().chain([merged.kept]).collect();
        merge_exclusions::exclude_all(tx, &apart)?;
    }
    if !left.is_empty() {
        // What still stands can be undone once nothing hinders it.
        operation_log::set_detail(tx, operation.id, &Merged { merges: left, ..merged })?;
        leave_open(tx, operation.id)?;
    }
    Ok(Undone::Merges { incidents, stays })
}

fn undo_move(tx: &mut Tx<'_>, actor: &Actor, operation: &Operation) -> Result<Undone> {
    let detail: MoveDetail = serde_json::from_str(&operation.detail)?;
    let ids = operation_log::incidents_of(tx.conn, operation.id)?;
    let claimed = claim::claim_all(tx, ids)?;
    begin(tx, actor, operation)?;
    let back = undo_move::move_back(tx, actor, operation.id, (detail.target, detail.was_empty), claimed)?;
    merge_exclusions::remove_exclusions(tx, &detail.apart)?;
    Ok(Undone::Move { incidents: back.incidents, alerts: back.alerts, stays: back.stays })
}

fn undo_edit(tx: &mut Tx<'_>, actor: &Actor, operation: &Operation) -> Result<Undone> {
    let ids = if operation.total > 0 {
        items::in_state(tx.conn, operation.id, ItemState::Done)?
    } else {
        operation_log::incidents_of(tx.conn, operation.id)?
    };
    if jobs::is_needed(tx.conn, &ids)? {
        let id = jobs::start(tx, actor, Kind::Undo, &(), &ids)?;
        link_undo(tx, operation.id, id)?;
        return Ok(Undone::Started { operation: id });
    }
    let claimed = claim::claim_many(tx, &ids)?;
    let id = begin(tx, actor, operation)?;
    let restored = restore::restore_claimed(tx, actor, operation.id, claimed)?;
    let changed = restored.iter().filter(|one| one.changed).count();
    let stays: Vec<(i64, String)> =
        restored.iter().filter(|one| !one.stays.is_empty()).map(|one| (one.incident, one.stays.join(" "))).collect();
    if changed == 0 && !stays.is_empty() {
        return Err(Error::at_field("operation", what_stays(&stays, ids.len() == 1)));
    }
    let outcomes: Vec<ItemOutcome> = restored.into_iter().map(ItemOutcome::from).collect();
    items::insert_all(tx, id, &outcomes)?;
    if !stays.is_empty() {
        leave_open(tx, operation.id)?;
    }
    let comment_stays = comment_of(operation).is_some_and(|comment| !comment.trim().is_empty());
    let incident = ids.first().copied().filter(|_| ids.len() == 1);
    let counts_alerts = operation.kind() == Some(Kind::AlertsEdit);
    let alerts = if counts_alerts { Some(operation_log::count_alerts(tx.conn, id)?) } else { None };
    Ok(Undone::Changed { operation: id, incident, changed, alerts, stays, comment_stays })
}

/// What was typed as a comment with an edit of many incidents or alerts.
fn comment_of(operation: &Operation) -> Option<String> {
    match operation.kind()? {
        Kind::Bulk => serde_json::from_str::<BulkEdit>(&operation.detail).ok().map(|edit| edit.comment),
        Kind::AlertsEdit => serde_json::from_str::<Detail>(&operation.detail).ok().map(|detail| detail.edit.comment),
        _ => None,
    }
}

/// What stays, in at most three sentences; each names its incident unless there is one `alone`.
pub fn what_stays(stays: &[(i64, String)], alone: bool) -> String {
    let shown = stays.iter().take(3).map(
        |(incident, why)| {
            if alone { why.clone() } else { format!("Incident {incident}: {why}") }
        },
    );
    let mut sentences = shown.collect::<Vec<_>>().join(" ");
    if stays.len() > 3 {
        let _ = write!(sentences, " And {} more.", stays.len() - 3);
    }
    sentences
}
