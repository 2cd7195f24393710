//! Moving alerts between incidents (R10): both ends are claimed, changed and recorded in one
//! transaction; an emptied source is redirected, one that gets alerts back is restored.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::accounts::users;
use crate::correlation::index::store;
use crate::correlation::merge_exclusions;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::{Claimed, claim_all};
use crate::history::commit::commit;
use crate::history::incident_changes::IncidentChanges;
use crate::history::new_incident::NewIncident;
use crate::history::operation_log;
use crate::incidents::moving::{MoveDetail, Moving, arrive, leave};
use crate::model::actor::Actor;
use crate::model::alert::Alert;
use crate::model::change::Change;
use crate::model::incident::Status;
use crate::model::linked_by::LinkedBy;
use crate::model::naming;
use crate::model::operation::Kind;
use crate::model::planned_change::PlannedChange;
use crate::model::user::User;
use crate::operations::move_refusals::{self, Expected};
use crate::permissions::{Action, require};
use crate::queue::target;
use crate::schema::alerts;
use crate::text::one_line;

/// Most alerts a move takes at once.
pub const LIMIT: usize = 1_000;
/// Longest comment of a move, in characters.
pub const COMMENT_LIMIT: usize = 4_000;

/// The reasons offered. A fixed list, so that they can be counted.
pub const REASONS: [&str; 6] =
    ["Same attack", "Same asset", "Unrelated to this incident", "Different attack", "False correlation", "Other"];

/// Where the alerts go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// What was typed: a name or an ID.
    Typed(String),
    New,
}

/// What the move form holds.
#[derive(Debug, Clone)]
pub struct Move {
    pub alerts: Vec<i64>,
    /// The incident that each alert was in when the form was made, in the same order. Empty where the form
    /// does not tell.
    pub from: Vec<i64>,
    pub target: Target,
    pub reason: String,
    pub comment: String,
    /// The form's idempotency key: sent twice, it is done once. Empty where it has none.
    pub form: String,
}

/// What a move did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub target: i64,
    pub count: usize,
    /// How many were assigned to the owner of the target (R2), and who that is.
    pub assigned: usize,
    pub owner: String,
    /// The operation that undoes it.
    pub operation: i64,
}

/// Moves alerts. Those that are in the target already stay as they are; if one does not exist, none is
/// moved. A conflict tells who moved some of them since the form was made.
pub fn move_alerts(tx: &mut Tx<'_>, actor: &Actor, form: &Move) -> Result<Moved> {
    require(actor, Action::Work)?;
    check(form)?;
    let expected = move_refusals::expected(&form.alerts, &form.from);
    let form = &Move { alerts: expected.keys().copied().collect(), ..form.clone() };
    if let Some(moved) = moved_before(tx, actor, form)? {
        return Ok(moved);
    }
    let Claims { into, sources, moving } = match claim_ends(tx, form, &expected) {
        Ok(claims) => claims,
        // Of two sent at the same moment, the second waited for the claims until the first was done.
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => return moved_before(tx, actor, form)?.ok_or(error),
        Err(error) => return Err(error),
    };
    let incident = into.claimed.incident();
    let target = incident.id;
    move_refusals::refuse_foreign(tx, incident, &moving)?;
    let was_empty = incident.revision > 0 && incident.alert_count == 0 && incident.status != Status::Redirected;
    let mut detail = MoveDetail { target, was_empty, count: moving.len(), ..MoveDetail::default() };
    let operation = operation_log::begin(tx, actor, Kind::Move, &detail)?;
    operation_log::note_form(tx, operation, &form.form)?;
    let source_ids: Vec<i64> = sources.iter().map(|source| source.incident().id).collect();
    let linked_by = |alert: &Alert| moved_by(actor, alert.incident_id, form);
    let words = Moving { reason: &form.reason, comment: &form.comment, linked_by: &linked_by };
    let arriving = arrive(tx, into, &moving, &words)?;
    (detail.assigned, detail.owner) = assigned(&arriving.changes);
    let mut changes = vec![arriving];
    for source in sources {
        changes.push(leave(tx, source, &moving, target, &words)?);
    }
    commit(tx, actor, changes)?;
    store::leave_gathered(tx, &moving.iter().map(|alert| alert.id).collect::<Vec<_>>())?;
    for id in source_ids {
        // Correlation does not merge what a person took apart.
        if merge_exclusions::exclude(tx, id, target)? {
            detail.apart.push((id, target));
        }
    }
    operation_log::set_detail(tx, operation, &detail)?;
    tx.operation = None;
    moved(tx, &detail, operation)
}

/// What the same form did when it was sent before.
fn moved_before(tx: &mut Tx<'_>, actor: &Actor, form: &Move) -> Result<Option<Moved>> {
    let Some(done) = operation_log::done_before(tx.conn, actor, &form.form)? else { return Ok(None) };
    moved(tx, &serde_json::from_str(&done.detail)?, done.id).map(Some)
}

fn moved(tx: &mut Tx<'_>, detail: &MoveDetail, operation: i64) -> Result<Moved> {
    let owner = match detail.owner {
        Some(id) => users::names(tx.conn)?.get(&id).map(User::shown_name).unwrap_or_default(),
        None => String::new(),
    };
    let &MoveDetail { target, count, assigned, .. } = detail;
    Ok(Moved { target, count, assigned, owner, operation })
}

/// How many alerts the changes assign, and to whom.
fn assigned(changes: &[PlannedChange]) -> (usize, Option<i64>) {
    let owner = |planned: &PlannedChange| match planned.change {
        Change::Assigned { to, .. } => to,
        _ => None,
    };
    let owners: Vec<i64> = changes.iter().filter_map(owner).collect();
    (owners.len(), owners.first().copied())
}

/// Both ends of a move, claimed.
struct Claims {
    into: IncidentChanges<'static>,
    /// By id, ascending.
    sources: Vec<Claimed>,
    /// The alerts that are not in the target yet.
    moving: Vec<Alert>,
}

fn claim_ends(tx: &mut Tx<'_>, form: &Move, expected: &Expected) -> Result<Claims> {
    let before = load(tx, &form.alerts)?;
    let mut ids: Vec<i64> = before.iter().map(|alert| alert.incident_id).collect();
    let (target, new) = match &form.target {
        Target::Typed(typed) => (target::target(tx.conn, typed)?, None),
        // Numbered before the sources are claimed: the counter comes first everywhere.
        Target::New => {
            let new = open_for(tx, &before)?;
            (new.claimed.incident().id, Some(new))
        }
    };
    if new.is_none() {
        ids.push(target);
    }
    let mut claimed: BTreeMap<i64, Claimed> =
        claim_all(tx, ids)?.into_iter().map(|claimed| (claimed.incident().id, claimed)).collect();
    let alerts = load(tx, &form.alerts)?;
    move_refusals::refuse_moved(tx, &alerts, expected)?;
    let moving: Vec<Alert> = alerts.into_iter().filter(|alert| alert.incident_id != target).collect();
    if moving.iter().any(|alert| !claimed.contains_key(&alert.incident_id)) {
        return Err(Error::at_field("target", "Somebody just moved these alerts. Reload the page."));
    }
    if moving.is_empty() {
        return Err(Error::at_field("target", "These alerts are already in this incident."));
    }
    let into = match new {
        Some(new) => new,
        None => IncidentChanges::new(claimed.remove(&target).ok_or(Error::NotFound)?, Vec::new()),
    };
    Ok(Claims { into, sources: claimed.into_values().collect(), moving })
}

fn check(form: &Move) -> Result<()> {
    if form.alerts.is_empty() {
        return Err(Error::at_field("alerts", "Select at least one alert."));
    }
    if matches!(&form.target, Target::Typed(typed) if typed.trim().is_empty()) {
        return Err(Error::at_field("target", "Choose an incident or New incident."));
    }
    if form.alerts.len() > LIMIT {
        return Err(Error::at_field("alerts", "You can move at most 1,000 alerts at once."));
    }
    if !form.reason.is_empty() && !REASONS.contains(&form.reason.as_str()) {
        return Err(Error::at_field("reason", "Choose a reason from the list."));
    }
    if form.comment.chars().count() > COMMENT_LIMIT {
        return Err(Error::at_field("comment", "A comment can have at most 4,000 characters here."));
    }
    Ok(())
}

fn load(tx: &mut Tx<'_>, ids: &[i64]) -> Result<Vec<Alert>> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        found.extend(
            alerts::table
                .filter(alerts::id.eq_any(ids))
                .order((alerts::first_activity, alerts::id))
                .select(Alert::as_select())
                .load::<Alert>(tx.conn)?,
        );
    }
    if found.len() != ids.len() {
        return Err(Error::at_field("alerts", "Some of these alerts do not exist."));
    }
    Ok(found)
}

/// The incident that the alerts are moved to when it is a new one.
fn open_for(tx: &mut Tx<'_>, moving: &[Alert]) -> Result<IncidentChanges<'static>> {
    let title = moving.first().map(|alert| alert.title.as_str()).unwrap_or_default();
    let name: String = one_line(title).chars().take(naming::LENGTH_LIMIT).collect();
    let from = moving.first().map(|alert| alert.incident_id).unwrap_or_default();
    let note = format!("Created from alerts moved out of incident {from}.");
    IncidentChanges::open(tx, NewIncident { note, ..NewIncident::automatic(name, None) })
}

fn moved_by(actor: &Actor, from: i64, form: &Move) -> LinkedBy {
    let reason = if form.reason.is_empty() { String::new() } else { format!(": {}", form.reason) };
    LinkedBy {
        reasons: vec!["manual".to_owned()],
        explanation: format!("Moved here from incident {from} by {}{reason}.", actor.label()),
        ..LinkedBy::default()
    }
}
