//! Grouping the alerts of one incident as what is known now says.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::alerts::lookup::find_alerts;
use crate::correlation::candidate::Candidate;
use crate::correlation::index::store;
use crate::correlation::link_key::LinkKey;
use crate::correlation::placement::{self, Placement};
use crate::correlation::{explanation, merge_exclusions, stored_keys};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::claim;
use crate::history::commit::commit;
use crate::history::decided_by::touched_by_person_or_merged;
use crate::history::incident_changes::IncidentChanges;
use crate::history::new_incident::NewIncident;
use crate::history::operation_log;
use crate::incidents::merge_rules::{AT_ONCE, MergePlan};
use crate::incidents::moving::{MoveDetail, Moving, arrive, leave};
use crate::incidents::{lookup, merging};
use crate::ingest::merge::CORRELATION;
use crate::ingest::regroup::plan::{Plan, plan};
use crate::ingest::regroup::stored::{StoredAlert, StoredIncident};
use crate::ingest::regroup::{queue, stored};
use crate::model::actor::Actor;
use crate::model::alert::Alert;
use crate::model::incident::Incident;
use crate::model::linked_by::LinkedBy;
use crate::model::naming;
use crate::model::operation::Kind;
use crate::schema::{alerts, incidents, link_points};
use crate::text::one_line;

/// Incidents with more alerts than this, or with more that links them, are left as they are: both bound how long a
/// transaction takes.
const MOST: i64 = 2_000;
const MOST_LINKS: i64 = 20_000;
/// The machine, as the history names it.
const ACTOR: Actor = Actor::System(CORRELATION);

/// Where alerts move to.
enum Target {
    Incident(i64),
    New,
}

/// Groups the alerts of an incident anew, unless a person has touched it.
pub(super) fn settle(tx: &mut Tx<'_>, incident: i64) -> Result<()> {
    let id = lookup::follow_redirects(tx.conn, incident)?;
    let incident = claim(tx, id)?.release();
    if !incident.is_open()
        || incident.alert_count > MOST
        || stored_keys::count_of_incident(tx.conn, id)? > MOST_LINKS
        || touched_by_person_or_merged(tx.conn, id)?
    {
        return Ok(());
    }
    let stored = StoredIncident::load(tx.conn, id)?;
    let Plan { gathered, stay, apart } = plan(&stored);
    let mut empty = stay.is_empty();
    for (key, places) in &gathered {
        let alerts: Vec<&StoredAlert> = places.iter().filter_map(|place| stored.alerts.get(*place)).collect();
        let routine = alerts.first().and_then(|alert| stored.index.routine_key(&alert.as_placed()));
        let linked_by = explanation::gathered(key, routine);
        let target = match incident_of_key(tx, key)? {
            Some(known) if known != id => Some(Target::Incident(known)),
            Some(_) => None,
            // The incident of nothing else becomes the one in which they are gathered.
            None if empty => None,
            None => Some(Target::New),
        };
        empty &= target.is_some();
        gather(tx, key, &alerts)?;
        match target {
            Some(target) => drop(move_to(tx, id, target, &ids(&alerts), &|_| linked_by.clone())?),
            None => explain(tx, id, &ids(&alerts), &linked_by)?,
        }
    }
    for part in apart {
        let part: Vec<&StoredAlert> = part.iter().filter_map(|place| stored.alerts.get(*place)).collect();
        split_off(tx, &incident, &stored, &part)?;
    }
    let stay: Vec<&StoredAlert> = stay.iter().filter_map(|place| stored.alerts.get(*place)).collect();
    merge_linked(tx, id, &stored, &stay)
}

fn ids(alerts: &[&StoredAlert]) -> Vec<i64> {
    alerts.iter().map(|alert| alert.id).collect()
}

/// The open incident in which the alerts of a key are gathered.
fn incident_of_key(tx: &mut Tx<'_>, key: &LinkKey) -> Result<Option<i64>> {
    Ok(link_points::table
        .inner_join(alerts::table.inner_join(incidents::table))
        .filter(link_points::key.eq(key.id))
        .filter(incidents::is_open.eq(true))
        .order(incidents::id)
        .select(incidents::id)
        .first(tx.conn)
        .optional()?)
}

/// From now on these alerts are linked by this key alone.
fn gather(tx: &mut Tx<'_>, key: &LinkKey, alerts: &[&StoredAlert]) -> Result<()> {
    for alert in alerts {
        store::replace(tx, alert.id, vec![key.id], alert.span())?;
    }
    Ok(())
}

/// Moves a part that nothing links to the rest: to the incident that it is linked to, else to a new one.
fn split_off(tx: &mut Tx<'_>, from: &Incident, stored: &StoredIncident, part: &[&StoredAlert]) -> Result<()> {
    let candidates = candidates_of(tx, stored, part, from.id)?;
    let (target, linked_by) = match placement::place(&candidates) {
        Placement::Joined { incident, linked_by, also_linked } => {
            if !also_linked.is_empty() {
                // What else it is linked to is merged when the target is looked at.
                queue::add(tx, &[incident])?;
            }
            (Target::Incident(incident), linked_by)
        }
        Placement::OpensNew { .. } => (Target::New, explanation::split_off(from.id)),
    };
    move_to(tx, from.id, target, &ids(part), &|_| linked_by.clone()).map(drop)
}

/// The open incidents beside its own that a part is linked to.
fn candidates_of(tx: &mut Tx<'_>, stored: &StoredIncident, part: &[&StoredAlert], own: i64) -> Result<Vec<Candidate>> {
    let mut found: BTreeMap<i64, (Candidate, BTreeSet<i64>)> = BTreeMap::new();
    for alert in part {
        for mut candidate in stored.index.candidates_besides(&alert.as_placed(), own) {
            if !candidate.open {
                continue;
            }
            let shared = std::mem::take(&mut candidate.shared);
            let (known, keys) = found.entry(candidate.incident).or_insert_with(|| (candidate, BTreeSet::new()));
            known.shared.extend(shared.into_iter().filter(|shared| keys.insert(shared.key.id)));
        }
    }
    let mut found: Vec<Candidate> = found.into_values().map(|(candidate, _)| candidate).collect();
    leave_what_rules_keep_apart(tx, &mut found)?;
    Ok(found)
}

/// Takes out links to alerts that a house rule lets link within a shorter time.
fn leave_what_rules_keep_apart(tx: &mut Tx<'_>, candidates: &mut Vec<Candidate>) -> Result<()> {
    let near = candidates.iter().flat_map(|candidate| &candidate.shared).map(|shared| shared.near.alert);
    let near: BTreeSet<i64> = near.collect();
    let within = stored::within_rules(tx.conn, &near.into_iter().collect::<Vec<_>>())?;
    for candidate in candidates.iter_mut() {
        candidate.shared.retain(|shared| within.get(&shared.near.alert).is_none_or(|within| shared.gap <= *within));
    }
    candidates.retain(|candidate| !candidate.shared.is_empty());
    Ok(())
}

/// Moves alerts of an incident, as one operation that can be undone.
fn move_to(
    tx: &mut Tx<'_>,
    from: i64,
    target: Target,
    ids: &[i64],
    linked_by: &dyn Fn(&Alert) -> LinkedBy,
) -> Result<i64> {
    let mut moving: Vec<Alert> =
        find_alerts(tx.conn, ids)?.into_values().filter(|alert| alert.incident_id == from).collect();
    moving.sort_by_key(|alert| (alert.first_activity, alert.id));
    let into = match target {
        Target::Incident(id) => IncidentChanges::new(claim(tx, id)?, Vec::new()),
        Target::New => open_for(tx, from, &moving)?,
    };
    let target = into.claimed.incident().id;
    let source = claim(tx, from)?;
    let detail = MoveDetail { target, count: moving.len(), ..MoveDetail::default() };
    let around = tx.operation;
    operation_log::begin(tx, &ACTOR, Kind::Move, &detail)?;
    // A house rule goes on deciding how far an alert links.
    let linked_by = |alert: &Alert| LinkedBy { within: alert.linked_by.within, ..linked_by(alert) };
    let words = Moving { reason: "", comment: "", linked_by: &linked_by };
    let changes = vec![arrive(tx, into, &moving, &words)?, leave(tx, source, &moving, target, &words)?];
    commit(tx, &ACTOR, changes)?;
    tx.operation = around;
    Ok(target)
}

fn open_for(tx: &mut Tx<'_>, from: i64, moving: &[Alert]) -> Result<IncidentChanges<'static>> {
    let first = moving.first().ok_or(Error::NotFound)?;
    let name: String = one_line(&first.title).chars().take(naming::LENGTH_LIMIT).collect();
    let note = format!("Created by regrouping incident {from} after later alerts.");
    let last = moving.iter().map(|alert| alert.last_activity).max().unwrap_or(first.last_activity);
    let active = Some((first.first_activity, last));
    IncidentChanges::open(tx, NewIncident { active, note, ..NewIncident::automatic(name, None) })
}

/// Says of alerts that stay why they are there.
fn explain(tx: &mut Tx<'_>, incident: i64, ids: &[i64], linked_by: &LinkedBy) -> Result<()> {
    let claimed = claim(tx, incident)?;
    let mut changes = IncidentChanges::new(claimed, Vec::new());
    changes.explanations = ids.iter().map(|id| (*id, linked_by.clone())).collect();
    commit(tx, &ACTOR, vec![changes]).map(drop)
}

/// Merges the incident with those that it is linked to, as far as that is allowed.
fn merge_linked(tx: &mut Tx<'_>, id: i64, stored: &StoredIncident, stay: &[&StoredAlert]) -> Result<()> {
    let candidates = candidates_of(tx, stored, stay, id)?;
    if candidates.is_empty() || candidates.len() >= AT_ONCE || !tx.automatic_merging {
        return Ok(());
    }
    let mut plan = MergePlan::new(claim(tx, id)?.release());
    for candidate in &candidates {
        let other = claim(tx, candidate.incident)?.release();
        if plan.hindrance(&other).is_none() && !is_excluded(tx, plan.members(), other.id)? {
            plan.add(other);
        }
    }
    let kept = plan.kept();
    let shared = |incident: i64| placement::in_common(&candidates, if incident == id { kept } else { incident });
    let why = |gone: i64| format!("Later alerts show that they belong together: {}.", shared(gone));
    let gone: Vec<(i64, String)> = plan.gone().into_iter().map(|gone| (gone, why(gone))).collect();
    if gone.is_empty() {
        return Ok(());
    }
    merging::merge(tx, &ACTOR, kept, &gone, "Later alerts show that they belong together.")?;
    // What was linked to the others only is looked at as well.
    queue::add(tx, &[kept])
}

/// Whether a person separated an incident from one of some others.
fn is_excluded(tx: &mut Tx<'_>, members: &[i64], other: i64) -> Result<bool> {
    for member in members {
        if merge_exclusions::is_excluded(tx.conn, *member, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}
