//! Carrying out a bulk edit: a few incidents at once, all or none; many as a job.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::alerts::lookup::alert_states_of;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::history::commit::commit;
use crate::history::incident_changes::IncidentChanges;
use crate::history::{claim, operation_log};
use crate::incidents::tags;
use crate::model::actor::Actor;
use crate::model::operation::{Kind, Operation};
use crate::model::tag::Tag;
use crate::operations::bulk::changed_since::{changed_since, touched_since};
use crate::operations::bulk::edit::BulkEdit;
use crate::operations::bulk::plan::Plan;
use crate::operations::done::Done;
use crate::operations::items::{ItemOutcome, ItemState};
use crate::operations::resolved::Resolved;
use crate::operations::{items, jobs};
use crate::permissions::{Action, require};
use crate::schema::incidents;

/// Most incidents that one bulk edit takes.
pub const LIMIT: usize = 100_000;

/// What became of the incidents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcomes {
    pub items: Vec<ItemOutcome>,
    pub resolved: Resolved,
}

/// Edits incidents: a few at once, all or none; many as a job, which the caller runs.
pub fn edit_incidents(tx: &mut Tx<'_>, actor: &Actor, ids: &[i64], edit: &BulkEdit) -> Result<Done<Outcomes>> {
    require(actor, Action::Work)?;
    let mut form = edit.form.as_str();
    if let Some(before) = operation_log::of_form(tx.conn, actor, form)? {
        if before.detail == serde_json::to_string(edit)? {
            return Ok(Done::Before { operation: before.id });
        }
        // The person went back in the browser and changed the form: a new edit.
        form = "";
    }
    let plan = edit.plan(tx.conn)?;
    if plan.is_nothing() {
        return Ok(Done::Nothing(Outcomes::default()));
    }
    if ids.len() > LIMIT {
        return Err(Error::at_field("ids", "You can manage at most 100,000 incidents at once. Narrow the filter."));
    }
    let known = existing(tx.conn, ids)?;
    if known.len() != ids.len() {
        return Err(Error::NotFound);
    }
    if jobs::is_needed(tx.conn, &known)? {
        let operation = jobs::start(tx, actor, Kind::Bulk, edit, &known)?;
        operation_log::note_form(tx, operation, form)?;
        return Ok(Done::Started { operation });
    }
    let (changing, items) = decide_all(tx, actor, &plan, edit, &known)?;
    let mut resolved = Resolved::default();
    for incident in &changing {
        resolved.note_incident(incident.claimed.incident(), &incident.changes);
    }
    let outcomes = Outcomes { items, resolved };
    if changing.is_empty() {
        return Ok(Done::Nothing(outcomes));
    }
    let operation = operation_log::begin(tx, actor, Kind::Bulk, edit)?;
    operation_log::note_form(tx, operation, form)?;
    operation_log::set_total(tx, operation, outcomes.items.len())?;
    commit(tx, actor, changing)?;
    items::insert_all(tx, operation, &outcomes.items)?;
    Ok(Done::Now { operation, outcomes })
}

/// Edits the next incidents of a job.
pub fn work(tx: &mut Tx<'_>, actor: &Actor, job: &Operation, ids: &[i64]) -> Result<Vec<ItemOutcome>> {
    let edit: BulkEdit = serde_json::from_str(&job.detail)?;
    let plan = edit.plan(tx.conn)?;
    let (changing, outcomes) = decide_all(tx, actor, &plan, &edit, ids)?;
    commit(tx, actor, changing)?;
    Ok(outcomes)
}

/// The ids that exist, ascending.
fn existing(conn: &mut AnyConnection, ids: &[i64]) -> Result<Vec<i64>> {
    let mut known = Vec::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        known.extend(incidents::table.filter(incidents::id.eq_any(ids)).select(incidents::id).load::<i64>(conn)?);
    }
    known.sort_unstable();
    Ok(known)
}

fn decide_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    plan: &Plan,
    edit: &BulkEdit,
    ids: &[i64],
) -> Result<(Vec<IncidentChanges<'static>>, Vec<ItemOutcome>)> {
    let mut claimed = claim::claim_many(tx, ids)?;
    claimed.sort_by_key(|claimed| claimed.incident().id);
    let mut states = alert_states_of(tx.conn, ids)?;
    let mut tags: HashMap<i64, Vec<Tag>> = tags::of_many(tx.conn, ids)?;
    let touched = touched_since(tx.conn, ids, edit.seen)?;
    let (mut changing, mut outcomes) = (Vec::with_capacity(ids.len()), Vec::with_capacity(ids.len()));
    for claimed in claimed {
        let incident = claimed.incident();
        let id = incident.id;
        let states = states.remove(&id).unwrap_or_default();
        let tags = tags.remove(&id).unwrap_or_default();
        let changed = if touched.contains(&id) { changed_since(tx.conn, actor, id, edit.seen)? } else { None };
        let decided = changed.map_or_else(|| plan.decide(incident, &states, &tags), Err);
        let (state, reason) = match decided {
            Ok(changes) => {
                changing.push(IncidentChanges::new(claimed, changes));
                (ItemState::Done, String::new())
            }
            Err(why) => {
                claimed.release();
                (ItemState::Skipped, why)
            }
        };
        outcomes.push(ItemOutcome { incident: id, state, reason });
    }
    Ok((changing, outcomes))
}
