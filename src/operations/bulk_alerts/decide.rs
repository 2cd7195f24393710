//! Deciding the selected alerts of claimed incidents.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::db::Tx;
use crate::error::Result;
use crate::history::claim::{self, Claimed};
use crate::history::incident_changes::{AlertDecision, IncidentChanges};
use crate::model::actor::Actor;
use crate::model::alert::Alert;
use crate::model::change::Change;
use crate::model::operation::DecidedBefore;
use crate::model::planned_change::PlannedChange;
use crate::model::user::Owner;
use crate::operations::alert_fields::decision;
use crate::operations::bulk_alerts::changed_since::changed_since;
use crate::operations::bulk_alerts::plan::{Plan, SO_ALREADY};
use crate::operations::bulk_alerts::selected;
use crate::operations::items::{ItemOutcome, ItemState};
use crate::operations::jobs::ALERTS_OF_ONE;
use crate::operations::resolved::Resolved;
use crate::text::{counted, thousands};

/// Why an alert is left alone: it is no longer in the incident that it was selected in.
const MOVED: &str = "Moved to another incident in the meantime";
/// Why the alerts of an incident are left alone.
pub(super) const TOO_MANY: &str = "Too many alerts of one incident to change at once";

/// What became of the alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcomes {
    pub changed: usize,
    pub resolved: Resolved,
    /// The incidents that got the comment.
    pub commented: usize,
    /// Why alerts were left alone, and how many.
    pub skipped: Vec<(String, usize)>,
}

/// What is to be committed, and what is to be told of it.
#[derive(Default)]
pub(super) struct Decided {
    pub changing: Vec<IncidentChanges<'static>>,
    pub items: Vec<ItemOutcome>,
    pub outcomes: Outcomes,
    pub before: DecidedBefore,
}

/// Claims incidents and decides alerts of each, given by incident.
pub(super) fn decide_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (plan, seen): (&Plan, Option<i64>),
    alerts: &BTreeMap<i64, Vec<i64>>,
) -> Result<Decided> {
    let incidents: Vec<i64> = alerts.keys().copied().collect();
    let mut claimed = claim::claim_many(tx, &incidents)?;
    claimed.sort_by_key(|claimed| claimed.incident().id);
    let ids: Vec<i64> = alerts.values().flatten().copied().collect();
    let found = selected::find(tx.conn, &ids)?;
    let now: Vec<i64> = found.values().map(|alert| alert.id).collect();
    let changed = changed_since(tx.conn, actor, &now, plan, seen)?;
    let mut decided = Decided::default();
    for claimed in claimed {
        let ids = alerts.get(&claimed.incident().id).map(Vec::as_slice).unwrap_or_default();
        decided.add(claimed, plan, ids, &found, &changed);
    }
    Ok(decided)
}

impl Decided {
    fn add(
        &mut self,
        claimed: Claimed,
        plan: &Plan,
        ids: &[i64],
        found: &HashMap<i64, Alert>,
        changed: &HashMap<i64, String>,
    ) {
        let incident = claimed.incident().id;
        let (mut parts, mut decisions, mut done) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut skipped: Vec<(String, usize)> = Vec::new();
        if ids.len() > ALERTS_OF_ONE {
            skipped.push((TOO_MANY.to_owned(), ids.len()));
        } else {
            for id in ids {
                let alert = found.get(id).filter(|alert| alert.incident_id == incident);
                let decided = match alert {
                    Some(alert) if done.contains(&alert.id) => continue,
                    Some(alert) => {
                        plan.decide(alert, changed.get(&alert.id).map(String::as_str)).map(|changes| (alert, changes))
                    }
                    None => Err(MOVED.to_owned()),
                };
                match decided {
                    Ok((alert, changes)) => {
                        done.insert(alert.id);
                        decisions.extend(self.note_decision(alert, &changes));
                        self.outcomes.resolved.note_alert(alert, &changes);
                        parts.extend(changes);
                    }
                    Err(why) => count(&mut skipped, &why, 1),
                }
            }
        }
        self.items.push(item(incident, !done.is_empty(), &skipped));
        for (why, alerts) in &skipped {
            count(&mut self.outcomes.skipped, why, *alerts);
        }
        if done.is_empty() {
            claimed.release();
            return;
        }
        self.outcomes.changed += PlannedChange::alert_count(&parts);
        let mut changes = one_entry(parts);
        if let Some(comment) = &plan.comment {
            self.outcomes.commented += 1;
            changes.push(PlannedChange::incident(comment.clone()));
        }
        self.changing.push(IncidentChanges::new(claimed, changes).with_decisions(decisions));
    }

    /// Notes who had decided what a person decides now.
    fn note_decision(&mut self, alert: &Alert, changes: &[PlannedChange]) -> Option<AlertDecision> {
        let decision = decision(alert.id, changes);
        if decision.status_by_person.is_some() && alert.status_by_person {
            self.before.status.insert(alert.id);
        }
        if decision.classified_by_person.is_some() && alert.classified_by_person {
            self.before.classification.insert(alert.id);
        }
        (decision.status_by_person.is_some() || decision.classified_by_person.is_some()).then_some(decision)
    }
}

/// Changes of alerts of one incident; those of several under an entry that says what was set of them (R20).
fn one_entry(parts: Vec<PlannedChange>) -> Vec<PlannedChange> {
    let alerts = PlannedChange::alert_count(&parts);
    if alerts < 2 {
        return parts;
    }
    let (mut status, mut outcome, mut owner) = (None, None, None);
    for part in &parts {
        match &part.change {
            Change::AlertStatusSet { to, .. } => status = Some(*to),
            Change::Classified { to, .. } => outcome = Some(*to),
            Change::Assigned { to, .. } => owner = Some(to.map_or(Owner::Nobody, Owner::Person)),
            _ => {}
        }
    }
    PlannedChange::one_act(Change::AlertsChanged { alerts, status, outcome, owner }, parts)
}

/// What became of an incident's alerts. Being so already needs no words beside alerts that changed.
fn item(incident: i64, done: bool, skipped: &[(String, usize)]) -> ItemOutcome {
    let reason = match skipped {
        [(why, _)] if !done => why.clone(),
        _ => {
            let told = skipped.iter().filter(|(why, _)| !done || why != SO_ALREADY);
            let sentence = |(why, alerts): &(String, usize)| format!("{}: {why}", counted(thousands(*alerts), "alert"));
            told.map(sentence).collect::<Vec<_>>().join(". ")
        }
    };
    ItemOutcome { incident, state: if done { ItemState::Done } else { ItemState::Skipped }, reason }
}

fn count(skipped: &mut Vec<(String, usize)>, why: &str, alerts: usize) {
    match skipped.iter_mut().find(|(known, _)| known == why) {
        Some((_, count)) => *count += alerts,
        None => skipped.push((why.to_owned(), alerts)),
    }
}
