//! Moving alerts between incidents (R10): both ends are claimed, changed and recorded in one
//! transaction; an emptied source is redirected, one that gets alerts back is restored.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::accounts::users;
use crate::correlation::merge_exclusions;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::{Claimed, claim_all};
use crate::history::commit::commit;
use crate::history::incident_changes::IncidentChanges;
use crate::history::new_incident::NewIncident;
use crate::history::operation_log;
use crate::model::actor::Actor;
use crate::model::alert::Alert;
use crate::model::change::Change;
use crate::model::incident::{Incident, Status};
use crate::model::linked_by::LinkedBy;
use crate::model::naming;
use crate::model::operation::Kind;
use crate::model::planned_change::PlannedChange;
use crate::operations::moved_meanwhile::{self, Expected};
use crate::operations::undo_move::MoveDetail;
use crate::permissions::{Action, require};
use crate::queue::target;
use crate::schema::{alerts, history};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    pub target: i64,
    pub count: usize,
    /// The operation that undoes it.
    pub operation: i64,
}

/// Moves alerts. Those that are in the target already stay as they are; if one does not exist, none is
/// moved. A conflict tells who moved some of them since the form was made.
pub fn move_alerts(tx: &mut Tx<'_>, actor: &Actor, form: &Move) -> Result<Moved> {
    require(actor, Action::Work)?;
    check(form)?;
    let expected = moved_meanwhile::expected(&form.alerts, &form.from);
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
    refuse_foreign(tx, incident, &moving)?;
    let was_empty = incident.revision > 0 && incident.alert_count == 0 && incident.status != Status::Redirected;
    let mut detail = MoveDetail { target, apart: Vec::new(), was_empty, count: moving.len() };
    let operation = operation_log::begin(tx, actor, Kind::Move, &detail)?;
    operation_log::note_form(tx, operation, &form.form)?;
    let source_ids: Vec<i64> = sources.iter().map(|source| source.incident().id).collect();
    let mut changes = vec![arrive(tx, actor, into, &moving, form)?];
    for source in sources {
        changes.push(leave(tx, source, &moving, target, form)?);
    }
    commit(tx, actor, changes)?;
    for id in source_ids {
        // Correlation does not merge what a person took apart.
        if merge_exclusions::exclude(tx, id, target)? {
            detail.apart.push((id, target));
        }
    }
    operation_log::set_detail(tx, operation, &detail)?;
    tx.operation = None;
    Ok(Moved { target, count: moving.len(), operation })
}

/// What the same form did when it was sent before.
fn moved_before(tx: &mut Tx<'_>, actor: &Actor, form: &Move) -> Result<Option<Moved>> {
    let Some(done) = operation_log::done_before(tx.conn, actor, &form.form)? else { return Ok(None) };
    let detail: MoveDetail = serde_json::from_str(&done.detail)?;
    Ok(Some(Moved { target: detail.target, count: detail.count, operation: done.id }))
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
    moved_meanwhile::refuse(tx, &alerts, expected)?;
    let moving: Vec<Alert> = alerts.into_iter().filter(|alert| alert.incident_id != target).collect();
    if moving.iter().any(|alert| !claimed.contains_key(&alert.incident_id)) {
        return Err(Error::at_field("target", "Somebody moved these alerts just now; look again."));
    }
    if moving.is_empty() {
        return Err(Error::at_field("target", "These alerts are in this incident already."));
    }
    let into = match new {
        Some(new) => new,
        None => IncidentChanges::new(claimed.remove(&target).ok_or(Error::NotFound)?, Vec::new()),
    };
    Ok(Claims { into, sources: claimed.into_values().collect(), moving })
}

/// A redirected incident is restored only by alerts that came from it (R10).
fn refuse_foreign(tx: &mut Tx<'_>, into: &Incident, moving: &[Alert]) -> Result<()> {
    let (Status::Redirected, Some(leads_to)) = (into.status, into.redirect_to) else { return Ok(()) };
    let ids: Vec<i64> = moving.iter().map(|alert| alert.id).collect();
    let came_from_it: i64 = history::table
        .filter(history::incident_id.eq(into.id))
        .filter(history::kind.eq("alertMovedOut"))
        .filter(history::alert_id.eq_any(ids))
        .count()
        .get_result(tx.conn)?;
    if came_from_it > 0 {
        return Ok(());
    }
    Err(Error::at_field(
        "target",
        format!("Incident {} was redirected to incident {leads_to}; choose that one.", into.id),
    ))
}

fn check(form: &Move) -> Result<()> {
    if form.alerts.is_empty() {
        return Err(Error::at_field("alerts", "Select at least one alert."));
    }
    if form.alerts.len() > LIMIT {
        return Err(Error::at_field("alerts", "At most 1,000 alerts are moved at once."));
    }
    if !form.reason.is_empty() && !REASONS.contains(&form.reason.as_str()) {
        return Err(Error::at_field("reason", "Choose one of the reasons."));
    }
    if form.comment.chars().count() > COMMENT_LIMIT {
        return Err(Error::at_field("comment", "A comment has at most 4,000 characters here."));
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
    let note = format!("Made by moving alerts out of incident {from}.");
    IncidentChanges::open(tx, NewIncident { note, ..NewIncident::automatic(name, None) })
}

/// What the move does to the target.
fn arrive<'a>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    mut into: IncidentChanges<'a>,
    moving: &[Alert],
    form: &Move,
) -> Result<IncidentChanges<'a>> {
    let incident = into.claimed.incident();
    let owner = users::unless_disabled(tx.conn, incident.assigned_to)?;
    let mut changes = Vec::new();
    if incident.status == Status::Redirected {
        let status = incident.status_once_restored();
        changes.push(PlannedChange::incident(Change::Restored { status }));
    }
    let mut arrivals = Vec::new();
    for alert in moving {
        let linked_by = moved_by(actor, alert.incident_id, form);
        arrivals.push(PlannedChange::alert(
            alert.id,
            Change::AlertMovedIn {
                title: alert.title.clone(),
                from: alert.incident_id,
                reason: form.reason.clone(),
                comment: own_comment(moving.len(), form),
                linked_by,
            },
        ));
        // R2: who owns the incident owns what joins it.
        if owner.is_some() && owner != alert.assigned_to {
            let change = Change::Assigned { from: alert.assigned_to, to: owner };
            arrivals.push(PlannedChange::nested(alert.id, change));
        }
    }
    if moving.len() > 1 {
        let from: BTreeSet<i64> = moving.iter().map(|alert| alert.incident_id).collect();
        let (from, alerts) = (from.into_iter().collect(), moving.len());
        let (reason, comment) = (form.reason.clone(), form.comment.clone());
        arrivals = PlannedChange::one_act(Change::AlertsMovedIn { from, alerts, reason, comment }, arrivals);
    }
    changes.extend(arrivals);
    into.changes = changes;
    Ok(into)
}

/// The comment in the entry of each alert: none when several are moved, since the entry of the act has it.
fn own_comment(moved: usize, form: &Move) -> String {
    if moved > 1 { String::new() } else { form.comment.clone() }
}

/// What the move does to an incident that alerts are moved out of. One that loses its last alert is
/// redirected (R10).
fn leave(
    tx: &mut Tx<'_>,
    source: Claimed,
    moving: &[Alert],
    target: i64,
    form: &Move,
) -> Result<IncidentChanges<'static>> {
    let (id, status) = (source.incident().id, source.incident().status);
    let leaving: Vec<&Alert> = moving.iter().filter(|alert| alert.incident_id == id).collect();
    let count = leaving.len();
    let out = |alert: &Alert| Change::AlertMovedOut {
        title: alert.title.clone(),
        to: target,
        reason: form.reason.clone(),
        comment: own_comment(count, form),
        linked_by: Some(alert.linked_by.clone()),
    };
    let mut changes: Vec<PlannedChange> =
        leaving.into_iter().map(|alert| PlannedChange::alert(alert.id, out(alert))).collect();
    if count > 1 {
        let (reason, comment) = (form.reason.clone(), form.comment.clone());
        let act = Change::AlertsMovedOut { to: vec![target], alerts: count, reason, comment };
        changes = PlannedChange::one_act(act, changes);
    }
    let alerts: i64 = alerts::table.filter(alerts::incident_id.eq(id)).count().get_result(tx.conn)?;
    let emptied = count > 0 && usize::try_from(alerts).is_ok_and(|alerts| alerts == count);
    if emptied && status != Status::Redirected {
        changes.push(PlannedChange::incident(Change::Redirected { to: target, status }));
    }
    Ok(IncidentChanges::new(source, changes))
}

fn moved_by(actor: &Actor, from: i64, form: &Move) -> LinkedBy {
    let reason = if form.reason.is_empty() { String::new() } else { format!(": {}", form.reason) };
    LinkedBy {
        reasons: vec!["manual".to_owned()],
        explanation: format!("Moved here from incident {from} by {}{reason}.", actor.label()),
        considered: Vec::new(),
    }
}
