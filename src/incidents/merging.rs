//! Two incidents become one (R11, R12): the survivor takes alerts, custom tags, assignee and
//! classification; the other is redirected to it. Its comments and history stay where they were
//! written and are shown in the survivor's.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::alerts::lookup::{alert_states, find_alert};
use crate::correlation::merge_exclusions;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::{self, Claimed};
use crate::history::commit::commit;
use crate::history::incident_changes::IncidentChanges;
use crate::history::operation_log;
use crate::incidents::tags;
use crate::model::actor::Actor;
use crate::model::alert::AlertState;
use crate::model::change::{Act, Change};
use crate::model::incident::{Incident, NameSource, Status};
use crate::model::linked_by::LinkedBy;
use crate::model::operation::Kind;
use crate::model::outcome::Outcome;

/// Most alerts that two incidents may have together to be merged by correlation. Beyond it an
/// incident is no longer one that a person reads.
pub const JOINT_LIMIT: i64 = 1_000;

/// Why correlation may not merge two incidents, in a sentence; `None` when it may (R12).
pub fn hindrance(one: &Incident, other: &Incident) -> Option<&'static str> {
    if !one.is_open() || !other.is_open() {
        return Some("one of them takes no more alerts");
    }
    if one.assigned_to.is_some() && other.assigned_to.is_some() && one.assigned_to != other.assigned_to {
        return Some("they are assigned to different people");
    }
    if one.outcome().is_set() && other.outcome().is_set() && one.outcome() != other.outcome() {
        return Some("they are classified differently");
    }
    if one.name_source == NameSource::Custom && other.name_source == NameSource::Custom {
        return Some("people named both of them");
    }
    if one.provider_key.is_some() && other.provider_key.is_some() {
        return Some("their provider keeps them apart");
    }
    (one.alert_count + other.alert_count > JOINT_LIMIT).then_some("together they would be too large to read")
}

/// Which of two lives on: one that a person or a provider has put work into, else the older.
pub fn survivor<'a>(one: &'a Incident, other: &'a Incident) -> &'a Incident {
    let rank = |incident: &Incident| {
        (
            incident.provider_key.is_none(),
            incident.name_source != NameSource::Custom,
            incident.assigned_to.is_none(),
            !incident.outcome().is_set(),
            incident.id,
        )
    };
    if rank(one) <= rank(other) { one } else { other }
}

/// What undoing a merge needs to know. Stored with the operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Merge {
    pub kept: i64,
    pub gone: i64,
    pub alerts: Vec<i64>,
    pub tags: Vec<String>,
    /// What the survivor took over, with what it had before.
    pub assigned: Option<(Option<i64>, Option<i64>)>,
    pub classified: Option<(Outcome, Outcome)>,
    /// Who had each alert of either before, where those took the joint owner.
    #[serde(default)]
    pub owners: Vec<(i64, Option<i64>)>,
    /// The joint owner.
    #[serde(default)]
    pub owner: Option<i64>,
    /// Alerts that took the survivor's classification, and which that was.
    #[serde(default)]
    pub classed: Vec<i64>,
    #[serde(default)]
    pub outcome: Outcome,
    /// The survivor had no alerts before, so it may be without again.
    #[serde(default)]
    pub kept_empty: bool,
}

/// Why a merge cannot be undone as things stand, in a sentence.
fn stands_in_the_way(merge: &Merge, kept: &Incident, gone: &Incident, here: &[AlertState]) -> Option<String> {
    let Merge { kept: to, gone: from, .. } = merge;
    if gone.status != Status::Redirected || gone.redirect_to != Some(*to) {
        return Some(format!("Incident {from} is no longer merged into incident {to}."));
    }
    if let (Status::Redirected, Some(further)) = (kept.status, kept.redirect_to) {
        return Some(format!("Incident {to} itself lives on in incident {further}; undo that first."));
    }
    let back: Vec<&AlertState> = here.iter().filter(|alert| merge.alerts.contains(&alert.id)).collect();
    if back.is_empty() && !merge.alerts.is_empty() {
        return Some(format!(
            "None of the alerts of incident {from} are in incident {to} any more; move them instead."
        ));
    }
    (gone.status_once_restored() == Status::Resolved && back.iter().any(|alert| alert.is_open()))
        .then(|| open_in_resolved(*from))
}

/// Why open alerts do not go back to an incident that is resolved, or was before it was redirected.
pub fn open_in_resolved(incident: i64) -> String {
    format!("Incident {incident} is resolved, but alerts that would go back to it are open; resolve those first.")
}

/// Claims two in the order that everybody claims in; returns them as asked.
fn claim_both(tx: &mut Tx<'_>, one: i64, other: i64) -> Result<(Claimed, Claimed)> {
    let mut claimed = claim::claim_all(tx, vec![one, other])?;
    let second = claimed.pop().ok_or(Error::NotFound)?;
    let first = claimed.pop().ok_or(Error::NotFound)?;
    Ok(if first.incident().id == one { (first, second) } else { (second, first) })
}

/// Merges `gone` into `kept`, which takes over its owner and classification where it has none; both
/// are claimed here. Returns the operation.
pub fn merge(tx: &mut Tx<'_>, actor: &Actor, kept: i64, gone: i64, why: &str) -> Result<i64> {
    let claimed = claim_both(tx, kept, gone)?;
    let around = tx.operation;
    let operation = operation_log::begin(tx, actor, Kind::Merge, &())?;
    let merge = join(tx, actor, operation, claimed, why, true)?;
    merge_exclusions::inherit_exclusions(tx, kept, gone)?;
    operation_log::set_detail(tx, operation, &merge)?;
    tx.operation = around;
    Ok(operation)
}

/// Merges the second into the first as part of an operation. `takes_over`: the first takes owner
/// and classification of the second where it has none.
pub(crate) fn join(
    tx: &mut Tx<'_>,
    actor: &Actor,
    operation: i64,
    (into, from): (Claimed, Claimed),
    why: &str,
    takes_over: bool,
) -> Result<Merge> {
    let (survivor, other) = (into.incident().clone(), from.incident().clone());
    let (kept, gone) = (survivor.id, other.id);
    let moving = alert_states(tx.conn, gone)?;
    let ids: Vec<i64> = moving.iter().map(|alert| alert.id).collect();
    let owner = survivor.assigned_to.or(other.assigned_to.filter(|_| takes_over));
    let mut merge = Merge {
        kept,
        gone,
        alerts: ids.clone(),
        tags: Vec::new(),
        assigned: None,
        classified: None,
        owners: Vec::new(),
        owner,
        classed: Vec::new(),
        outcome: survivor.outcome(),
        kept_empty: survivor.alert_count == 0,
    };
    let mut acts =
        vec![Act::incident(Change::Merged { from: gone, why: why.to_owned(), alerts: ids.clone(), operation })];
    acts.extend(moved(tx, gone, &ids)?);
    // R2: who owns the incident owns what joins it; nobody, when a person chose so.
    if owner.is_some() || !takes_over {
        acts.extend(follow(&mut merge, &moving));
    }
    // R3: what is classified by a person classifies its alerts that are not.
    if !takes_over && merge.outcome.is_set() {
        let unset: Vec<&AlertState> = moving.iter().filter(|alert| !alert.outcome().is_set()).collect();
        merge.classed = unset.iter().map(|alert| alert.id).collect();
        let to = merge.outcome;
        acts.extend(unset.iter().map(|alert| Act::nested(alert.id, Change::Classified { from: alert.outcome(), to })));
    }
    if takes_over && survivor.assigned_to.is_none() && other.assigned_to.is_some() {
        merge.assigned = Some((None, other.assigned_to));
        acts.push(Act::incident(Change::Assigned { from: None, to: other.assigned_to }));
        // R2: the alerts that were here follow the new owner.
        let here = alert_states(tx.conn, kept)?;
        acts.extend(follow(&mut merge, &here));
    }
    if takes_over && !survivor.outcome().is_set() && other.outcome().is_set() {
        merge.classified = Some((survivor.outcome(), other.outcome()));
        acts.push(Act::incident(Change::Classified { from: survivor.outcome(), to: other.outcome() }));
    }
    let has: BTreeSet<String> = tags::of(tx.conn, kept)?.into_iter().map(|tag| tag.name.to_lowercase()).collect();
    for tag in tags::of(tx.conn, gone)?.into_iter().filter(|tag| !tag.system) {
        if !has.contains(&tag.name.to_lowercase()) {
            merge.tags.push(tag.name.clone());
            acts.push(Act::incident(Change::Tagged { tag: tag.name, system: false }));
        }
    }
    let out = vec![
        Act::incident(Change::MergedInto { to: kept, why: why.to_owned(), alerts: ids, operation }),
        Act::incident(Change::Redirected { to: kept, status: other.status }),
    ];
    commit(tx, actor, vec![IncidentChanges::new(into, acts), IncidentChanges::new(from, out)])?;
    Ok(merge)
}

/// Alerts take the joint owner; who had them before is noted, to be undone.
fn follow(merge: &mut Merge, alerts: &[AlertState]) -> Vec<Act> {
    let to = merge.owner;
    merge.owners.extend(alerts.iter().map(|alert| (alert.id, alert.assigned_to)));
    let others = alerts.iter().filter(|alert| alert.assigned_to != to);
    others.map(|alert| Act::nested(alert.id, Change::Assigned { from: alert.assigned_to, to })).collect()
}

/// Why a merge cannot be undone as things stand, in a sentence; `None` when it can.
pub fn hindrance_of_undo(tx: &mut Tx<'_>, merge: &Merge) -> Result<Option<String>> {
    let (kept, gone) = claim_both(tx, merge.kept, merge.gone)?;
    let here = alert_states(tx.conn, merge.kept)?;
    Ok(stands_in_the_way(merge, &kept.release(), &gone.release(), &here))
}

/// Alerts that came with a merge and are elsewhere by now, in a sentence.
pub fn gone_on(tx: &mut Tx<'_>, merge: &Merge) -> Result<Option<String>> {
    let here = alert_states(tx.conn, merge.kept)?;
    let away = merge.alerts.iter().filter(|alert| !here.iter().any(|state| state.id == **alert)).count();
    Ok((away > 0).then(|| {
        let (alerts, stay) = if away == 1 {
            ("alert", "was moved on since and stays where it is")
        } else {
            ("alerts", "were moved on since and stay where they are")
        };
        format!("{away} {alerts} of incident {} {stay}.", merge.gone)
    }))
}

/// Undoes a merge: alerts that are still in the survivor go back, what it took over with them is
/// taken back where nobody has changed it since. Returns how many alerts went back.
pub fn unmerge(tx: &mut Tx<'_>, actor: &Actor, merge: &Merge) -> Result<usize> {
    let (kept, gone) = claim_both(tx, merge.kept, merge.gone)?;
    let here = alert_states(tx.conn, merge.kept)?;
    let ids: BTreeSet<i64> = here.iter().map(|alert| alert.id).collect();
    let (back, stay): (Vec<i64>, Vec<i64>) = ids.iter().partition(|alert| merge.alerts.contains(alert));
    if let Some(why) = stands_in_the_way(merge, kept.incident(), gone.incident(), &here) {
        return Err(Error::at_field("operation", why));
    }
    let gone_owner = gone.incident().assigned_to;
    let status = gone.incident().status_once_restored();
    let mut acts = vec![
        Act::incident(Change::MergeUndone { other: merge.kept, back: back.clone() }),
        Act::incident(Change::Restored { status }),
    ];
    acts.extend(moved(tx, merge.kept, &back)?.into_iter().map(|act| opened_here(act, merge.gone)));
    acts.extend(owners_before(merge, &here, &back, gone_owner));
    let classed = here.iter().filter(|alert| merge.classed.contains(&alert.id) && alert.outcome() == merge.outcome);
    let unset = |from: Outcome| Change::Classified { from, to: Outcome::default() };
    acts.extend(
        classed.filter(|alert| back.contains(&alert.id)).map(|alert| Act::nested(alert.id, unset(alert.outcome()))),
    );
    let returned = IncidentChanges::new(gone, acts);
    let count = back.len();
    let owners = owners_before(merge, &here, &stay, merge.assigned.and_then(|(before, _)| before));
    let mut acts = given_back(tx, &kept, merge, back, owners)?;
    let status = kept.incident().status;
    if stay.is_empty() && !merge.kept_empty && status != Status::Redirected {
        // Its own alerts were moved away meanwhile: nothing is left in it.
        acts.push(Act::incident(Change::Redirected { to: merge.gone, status }));
    }
    commit(tx, actor, vec![returned, IncidentChanges::new(kept, acts)])?;
    Ok(count)
}

/// Gives alerts that have the joint owner back to who had them before; those that came since, to
/// who has the incident then. An alert that somebody gave to another in the meantime stays theirs.
fn owners_before(merge: &Merge, alerts: &[AlertState], among: &[i64], incident: Option<i64>) -> Vec<Act> {
    if merge.owners.is_empty() {
        return Vec::new();
    }
    let owners: BTreeMap<i64, Option<i64>> = merge.owners.iter().copied().collect();
    alerts
        .iter()
        .filter(|alert| alert.assigned_to == merge.owner && among.contains(&alert.id))
        .map(|alert| (alert.id, owners.get(&alert.id).copied().unwrap_or(incident)))
        .filter(|(_, before)| *before != merge.owner)
        .map(|(alert, before)| Act::nested(alert, Change::Assigned { from: merge.owner, to: before }))
        .collect()
}

fn given_back(tx: &mut Tx<'_>, kept: &Claimed, merge: &Merge, back: Vec<i64>, owners: Vec<Act>) -> Result<Vec<Act>> {
    let incident = kept.incident();
    let mut acts = vec![Act::incident(Change::MergeUndone { other: merge.gone, back })];
    if let Some((before, taken)) = merge.assigned
        && incident.assigned_to == taken
    {
        acts.push(Act::incident(Change::Assigned { from: taken, to: before }));
        acts.extend(owners);
    }
    if let Some((before, taken)) = merge.classified
        && incident.outcome() == taken
    {
        acts.push(Act::incident(Change::Classified { from: taken, to: before }));
    }
    for tag in tags::of(tx.conn, incident.id)? {
        if merge.tags.contains(&tag.name) {
            acts.push(Act::incident(Change::Untagged { tag: tag.name, system: false }));
        }
    }
    Ok(acts)
}

/// The arrivals of alerts from another incident, folded under the act before them. Why each is
/// linked stays as it was.
fn moved(tx: &mut Tx<'_>, from: i64, ids: &[i64]) -> Result<Vec<Act>> {
    let mut acts = Vec::with_capacity(ids.len());
    for id in ids {
        let alert = find_alert(tx.conn, *id)?;
        let change = Change::AlertMovedIn {
            title: alert.title,
            from,
            reason: String::new(),
            comment: String::new(),
            linked_by: named(alert.linked_by, from),
        };
        acts.push(Act::nested(*id, change));
    }
    Ok(acts)
}

/// What opened the incident that lives again opened "this incident" once more.
fn opened_here(mut act: Act, gone: i64) -> Act {
    if let Change::AlertMovedIn { linked_by, .. } = &mut act.change
        && let Some(rest) = linked_by.sentence.strip_prefix(&format!("Opened incident {gone}"))
        && !rest.starts_with(|next: char| next.is_ascii_digit())
    {
        linked_by.sentence = format!("Opened this incident{rest}");
    }
    act
}

/// "This incident" is another one from now on.
fn named(mut linked_by: LinkedBy, from: i64) -> LinkedBy {
    if let Some(rest) = linked_by.sentence.strip_prefix("Opened this incident") {
        linked_by.sentence = format!("Opened incident {from}{rest}");
    }
    linked_by
}

#[cfg(test)]
mod tests {
    use super::Merge;

    #[test]
    fn a_merge_that_was_stored_without_owners_can_still_be_read() {
        let stored = r#"{"kept":1,"gone":2,"alerts":[3],"tags":[],"assigned":null,"classified":null}"#;
        let merge: Merge = serde_json::from_str(stored).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((merge.alerts, merge.owners, merge.owner), (vec![3], vec![], None));
    }
}
