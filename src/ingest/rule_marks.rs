//! Carries out what rules do to alerts that were just stored: severities, tags, resolving. Each rule is the actor of
//! its entries. An incident whose alerts rules have resolved, and that no person has touched, is resolved with them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use crate::alerts::lookup::alert_states;
use crate::db::Tx;
use crate::error::Result;
use crate::history::claim::{claim, claim_many};
use crate::history::commit::{commit, commit_one};
use crate::history::incident_changes::{AlertDecision, IncidentChanges};
use crate::history::{decided_by, operation_log};
use crate::incidents::{status, tags};
use crate::model::actor::Actor;
use crate::model::alert::{AlertState, AlertStatus};
use crate::model::change::Change;
use crate::model::incident::Status;
use crate::model::operation::Kind;
use crate::model::outcome::Outcome;
use crate::model::planned_change::PlannedChange;
use crate::model::severity::Severity;
use crate::model::tag::key;
use crate::rules::marks::Marked;
use crate::rules::rule::Effect;
use crate::schema::{alerts, history};

/// Values a statement.
const LISTED: usize = 500;

type StatesByIncident = BTreeMap<i64, Vec<AlertState>>;

/// Does to stored alerts what rules decided about them.
pub(super) fn apply(tx: &mut Tx<'_>, marked: Vec<Marked>) -> Result<()> {
    for Marked { name, effect, alerts } in marked {
        let actor = Actor::Rule(format!("Rule \"{name}\""));
        let states = load_states(tx, &alerts)?;
        match effect {
            Effect::SetSeverity { severity } => set_severity(tx, &actor, &states, severity)?,
            Effect::AddTag { tag } => add_tag(tx, &actor, &states, &tag)?,
            Effect::Resolve { outcome, note } => resolve(tx, &actor, &states, outcome, &note)?,
            Effect::Ignore | Effect::NeverCorrelate | Effect::GroupBy { .. } | Effect::Window { .. } => {}
        }
    }
    Ok(())
}

fn load_states(tx: &mut Tx<'_>, ids: &[i64]) -> Result<StatesByIncident> {
    let mut found = StatesByIncident::new();
    for ids in ids.chunks(LISTED) {
        let rows: Vec<AlertState> = alerts::table
            .filter(alerts::id.eq_any(ids))
            .order(alerts::id)
            .select(AlertState::as_select())
            .load(tx.conn)?;
        for row in rows {
            found.entry(row.incident_id).or_default().push(row);
        }
    }
    Ok(found)
}

fn set_severity(tx: &mut Tx<'_>, actor: &Actor, states: &StatesByIncident, to: Severity) -> Result<()> {
    let change = |state: &AlertState| {
        let change = Change::AlertSeveritySet { from: state.severity, to };
        (state.severity != to).then(|| PlannedChange::alert(state.id, change))
    };
    commit_all(tx, actor, states, |states| (states.iter().filter_map(change).collect(), Vec::new()))
}

fn add_tag(tx: &mut Tx<'_>, actor: &Actor, states: &StatesByIncident, tag: &str) -> Result<()> {
    let incidents: Vec<i64> = states.keys().copied().collect();
    let known = tags::of_many(tx.conn, &incidents)?;
    let taken_off = with_tag_taken_off(tx, &incidents, tag)?;
    let mut changes = Vec::new();
    for claimed in claim_many(tx, &incidents)? {
        let id = claimed.incident().id;
        let has = known.get(&id).is_some_and(|tags| tags.iter().any(|known| key(&known.name) == key(tag)));
        if has || taken_off.contains(&id) {
            claimed.release();
            continue;
        }
        let tagged = Change::Tagged { tag: tag.to_owned(), system: false };
        changes.push(IncidentChanges::new(claimed, vec![PlannedChange::incident(tagged)]));
    }
    commit(tx, actor, changes)?;
    Ok(())
}

/// Those of some incidents from which somebody has taken the tag off: a rule does not give it again.
fn with_tag_taken_off(tx: &mut Tx<'_>, incidents: &[i64], tag: &str) -> Result<BTreeSet<i64>> {
    let mut found = BTreeSet::new();
    for ids in incidents.chunks(LISTED) {
        let rows: Vec<(i64, String)> = history::table
            .filter(history::incident_id.eq_any(ids))
            .filter(history::kind.eq("untagged"))
            .select((history::incident_id, history::detail))
            .load(tx.conn)?;
        found.extend(rows.into_iter().filter_map(|(incident, detail)| {
            let change: Change = serde_json::from_str(&detail).ok()?;
            change.tag().is_some_and(|(known, _)| key(known) == key(tag)).then_some(incident)
        }));
    }
    Ok(found)
}

fn resolve(tx: &mut Tx<'_>, actor: &Actor, states: &StatesByIncident, to: Outcome, note: &str) -> Result<()> {
    commit_all(tx, actor, states, |states| {
        let open = states.iter().filter(|state| state.is_open());
        let decided = open.map(|state| AlertDecision {
            alert: state.id,
            status_by_person: Some(true),
            classified_by_person: None,
        });
        (states.iter().flat_map(|state| resolve_alert(state, to, note)).collect(), decided.collect())
    })?;
    for incident in states.keys() {
        resolve_incident(tx, actor, *incident, to, note)?;
    }
    Ok(())
}

/// One act: resolved, classified unless it is already, and the note.
fn resolve_alert(state: &AlertState, outcome: Outcome, note: &str) -> Vec<PlannedChange> {
    let mut changes = Vec::new();
    if state.is_open() {
        let (from, before) = (state.status, state.closing());
        let to = AlertStatus::Resolved;
        changes.push(Change::AlertStatusSet { from, to, with_incident: false, before, restores: None });
    }
    if !state.outcome().is_set() {
        changes.push(Change::Classified { from: state.outcome(), to: outcome });
    }
    if state.is_open() && !note.is_empty() {
        changes.push(Change::Commented { body: note.to_owned(), at: None });
    }
    let planned = changes.into_iter().enumerate().map(|(place, change)| match place {
        0 => PlannedChange::alert(state.id, change),
        _ => PlannedChange::nested(state.id, change),
    });
    planned.collect()
}

/// Resolves an incident of which rules have resolved every alert. Not one that somebody owns or has touched, and not a
/// provider's own, which follows its provider.
fn resolve_incident(tx: &mut Tx<'_>, actor: &Actor, id: i64, outcome: Outcome, note: &str) -> Result<()> {
    let claimed = claim(tx, id)?;
    let incident = claimed.incident();
    let may_be = incident.is_open() && incident.assigned_to.is_none() && incident.provider_key.is_none();
    let settled = incident.alert_count > 0 && incident.open_alert_count == 0;
    if !may_be || !settled || !all_by_rules(tx, id)? || decided_by::touched_by_person(tx.conn, id)? {
        claimed.release();
        return Ok(());
    }
    let states = alert_states(tx.conn, id)?;
    let mut changes = status::set(claimed.incident(), &states, Status::Resolved, Some(note));
    let from = claimed.incident().outcome();
    if !from.is_set() {
        changes.push(PlannedChange::incident(Change::Classified { from, to: outcome }));
    }
    operation_log::begin(tx, actor, Kind::ResolveByRule, &())?;
    commit_one(tx, claimed, actor, changes)?;
    tx.operation = None;
    Ok(())
}

/// Whether the status of every alert was decided here and not by its source. Where no person has touched the
/// incident, rules decided it.
fn all_by_rules(tx: &mut Tx<'_>, incident: i64) -> Result<bool> {
    let others: i64 = alerts::table
        .filter(alerts::incident_id.eq(incident))
        .filter(alerts::status_by_person.eq(false))
        .count()
        .get_result(tx.conn)?;
    Ok(others == 0)
}

/// Commits what is decided about the alerts of each incident.
fn commit_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    states: &StatesByIncident,
    decide: impl Fn(&[AlertState]) -> (Vec<PlannedChange>, Vec<AlertDecision>),
) -> Result<()> {
    let incidents: Vec<i64> = states.keys().copied().collect();
    let mut claimed: HashMap<i64, _> =
        claim_many(tx, &incidents)?.into_iter().map(|claimed| (claimed.incident().id, claimed)).collect();
    let mut changes = Vec::new();
    for (incident, states) in states {
        let Some(claimed) = claimed.remove(incident) else { continue };
        let (planned, decisions) = decide(states);
        changes.push(IncidentChanges::new(claimed, planned).with_decisions(decisions));
    }
    commit(tx, actor, changes)?;
    Ok(())
}
