//! Two incidents become one (R11, R12): the survivor takes alerts, custom tags, assignee,
//! classification and the earlier follow-up date; the other is redirected to it. Its comments and history stay where they were
//! written and are shown in the survivor's.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::accounts::users;
use crate::alerts::lookup::{alert_states, find_alert};
use crate::correlation::merge_exclusions;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::Claimed;
use crate::history::commit::commit;
use crate::history::incident_changes::IncidentChanges;
use crate::history::{claim, operation_log};
use crate::incidents::tags;
use crate::model::actor::Actor;
use crate::model::alert::AlertState;
use crate::model::change::Change;
use crate::model::incident::{Incident, NameSource};
use crate::model::linked_by::LinkedBy;
use crate::model::operation::Kind;
use crate::model::outcome::Outcome;
use crate::model::planned_change::PlannedChange;
use crate::text::folded;

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

/// Which of two survives: the one that a provider or a person has worked on, else the older.
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

/// What undoing a merge needs. Stored with the operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Merge {
    pub kept: i64,
    pub gone: i64,
    pub alerts: Vec<i64>,
    pub tags: Vec<String>,
    /// What the survivor took over: before and after.
    pub assigned: Option<(Option<i64>, Option<i64>)>,
    pub classified: Option<(Outcome, Outcome)>,
    #[serde(default)]
    pub follow_up: Option<(Option<i64>, Option<i64>)>,
    /// The owner of each alert before, where it took the owner of the merged incident.
    #[serde(default)]
    pub owners: Vec<(i64, Option<i64>)>,
    /// The owner that alerts take.
    #[serde(default)]
    pub owner: Option<i64>,
    /// Alerts that took the survivor's classification, `outcome`.
    #[serde(default)]
    pub classed: Vec<i64>,
    #[serde(default)]
    pub outcome: Outcome,
    /// The survivor had no alerts before, so an undo may leave it without.
    #[serde(default)]
    pub kept_empty: bool,
}

impl Merge {
    fn new(survivor: &Incident, other: &Incident, alerts: Vec<i64>, owner: Option<i64>) -> Self {
        Self {
            kept: survivor.id,
            gone: other.id,
            alerts,
            tags: Vec::new(),
            assigned: None,
            classified: None,
            follow_up: None,
            owners: Vec::new(),
            owner,
            classed: Vec::new(),
            outcome: survivor.outcome(),
            kept_empty: survivor.alert_count == 0,
        }
    }
}

/// Claims two in ascending id, as everybody does; returns them in the order given.
pub(super) fn claim_both(tx: &mut Tx<'_>, one: i64, other: i64) -> Result<(Claimed, Claimed)> {
    let mut claimed = claim::claim_all(tx, vec![one, other])?;
    let second = claimed.pop().ok_or(Error::NotFound)?;
    let first = claimed.pop().ok_or(Error::NotFound)?;
    Ok(if first.incident().id == one { (first, second) } else { (second, first) })
}

/// Why two incidents are merged, as their entries say it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Why {
    /// In the entry of the survivor and in that of the merged incident.
    reason: String,
    /// In the history of the merged incident, and of the survivor where it is the only one that is merged.
    comment: String,
    /// The revision of the survivor's entry for all incidents that are merged by the same act.
    part_of: Option<i64>,
}

impl Why {
    fn automatic(why: &str) -> Self {
        Self { reason: why.to_owned(), ..Self::default() }
    }

    /// A person's comment. `part_of` is the revision of the entry that the survivor has of all incidents merged
    /// by the same act, where they are several.
    pub(crate) fn commented(comment: &str, part_of: Option<i64>) -> Self {
        Self { reason: String::new(), comment: comment.to_owned(), part_of }
    }

    fn of_survivor(&self) -> String {
        if self.part_of.is_some() || self.comment.is_empty() {
            self.reason.clone()
        } else {
            format!("Comment: {}", self.comment)
        }
    }
}

/// Claims both and merges `gone` into `kept`, which takes its owner and classification where it has none.
/// Returns the operation.
pub fn merge(tx: &mut Tx<'_>, actor: &Actor, kept: i64, gone: i64, why: &str) -> Result<i64> {
    let claimed = claim_both(tx, kept, gone)?;
    let around = tx.operation;
    let operation = operation_log::begin(tx, actor, Kind::Merge, &())?;
    let merge = join(tx, actor, operation, claimed, &Why::automatic(why), true)?;
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
    why: &Why,
    takes_over: bool,
) -> Result<Merge> {
    let (survivor, other) = (into.incident().clone(), from.incident().clone());
    let (kept, gone) = (survivor.id, other.id);
    let moving = alert_states(tx.conn, gone)?;
    let ids: Vec<i64> = moving.iter().map(|alert| alert.id).collect();
    let owner = survivor.assigned_to.or(other.assigned_to.filter(|_| takes_over));
    let mut merge = Merge::new(&survivor, &other, ids.clone(), users::unless_disabled(tx.conn, owner)?);
    let arrival = Change::Merged { from: gone, why: why.of_survivor(), alerts: ids.clone(), operation };
    let mut changes = vec![PlannedChange { nested: why.part_of.is_some(), ..PlannedChange::incident(arrival) }];
    changes.extend(moved(tx, gone, &ids)?);
    // R2: alerts that join take the incident's owner, or none where a person chose none.
    if merge.owner.is_some() || (!takes_over && survivor.assigned_to.is_none()) {
        changes.extend(follow(&mut merge, &moving));
    }
    if takes_over {
        changes.extend(take_over(tx, &mut merge, &survivor, &other)?);
    } else {
        changes.extend(classify_unset(&mut merge, &moving));
    }
    changes.extend(take_follow_up(&mut merge, &survivor, &other));
    changes.extend(take_tags(tx, &mut merge)?);
    let out = vec![
        PlannedChange::incident(Change::MergedInto {
            to: kept,
            why: why.reason.clone(),
            alerts: ids,
            operation,
            comment: why.comment.clone(),
        }),
        PlannedChange::incident(Change::Redirected { to: kept, status: other.status }),
    ];
    let into = IncidentChanges::new(into, changes).part_of(why.part_of);
    commit(tx, actor, vec![into, IncidentChanges::new(from, out)])?;
    Ok(merge)
}

/// The survivor takes the owner and the classification of the other where it has none.
fn take_over(tx: &mut Tx<'_>, merge: &mut Merge, survivor: &Incident, other: &Incident) -> Result<Vec<PlannedChange>> {
    let mut changes = Vec::new();
    if survivor.assigned_to.is_none() && merge.owner.is_some() {
        merge.assigned = Some((None, merge.owner));
        changes.push(PlannedChange::incident(Change::Assigned { from: None, to: merge.owner }));
        // R2: the alerts that were here follow the new owner.
        let here = alert_states(tx.conn, survivor.id)?;
        changes.extend(follow(merge, &here));
    }
    if !survivor.outcome().is_set() && other.outcome().is_set() {
        merge.classified = Some((survivor.outcome(), other.outcome()));
        changes.push(PlannedChange::incident(Change::Classified { from: survivor.outcome(), to: other.outcome() }));
    }
    Ok(changes)
}

/// R3: the classification of the survivor, when a person chose it, goes to the alerts that have none.
fn classify_unset(merge: &mut Merge, moving: &[AlertState]) -> Vec<PlannedChange> {
    if !merge.outcome.is_set() {
        return Vec::new();
    }
    let unset: Vec<&AlertState> = moving.iter().filter(|alert| !alert.outcome().is_set()).collect();
    merge.classed = unset.iter().map(|alert| alert.id).collect();
    let to = merge.outcome;
    unset
        .iter()
        .map(|alert| PlannedChange::nested(alert.id, Change::Classified { from: alert.outcome(), to }))
        .collect()
}

/// The survivor takes the earlier of both dates, so that nobody misses it.
fn take_follow_up(merge: &mut Merge, survivor: &Incident, other: &Incident) -> Option<PlannedChange> {
    let from = survivor.follow_up_at;
    let to = from.into_iter().chain(other.follow_up_at).min();
    (from != to).then(|| {
        merge.follow_up = Some((from, to));
        PlannedChange::incident(Change::FollowUpSet { from, to })
    })
}

/// The survivor takes the custom tags that it does not have.
fn take_tags(tx: &mut Tx<'_>, merge: &mut Merge) -> Result<Vec<PlannedChange>> {
    let mut changes = Vec::new();
    let has: BTreeSet<String> = tags::of(tx.conn, merge.kept)?.into_iter().map(|tag| folded(&tag.name)).collect();
    for tag in tags::of(tx.conn, merge.gone)?.into_iter().filter(|tag| !tag.system) {
        if !has.contains(&folded(&tag.name)) {
            merge.tags.push(tag.name.clone());
            changes.push(PlannedChange::incident(Change::Tagged { tag: tag.name, system: false }));
        }
    }
    Ok(changes)
}

/// Alerts take the owner of the merged incident; their owners before are noted for an undo.
fn follow(merge: &mut Merge, alerts: &[AlertState]) -> Vec<PlannedChange> {
    let to = merge.owner;
    merge.owners.extend(alerts.iter().map(|alert| (alert.id, alert.assigned_to)));
    let others = alerts.iter().filter(|alert| alert.assigned_to != to);
    others.map(|alert| PlannedChange::nested(alert.id, Change::Assigned { from: alert.assigned_to, to })).collect()
}

/// The arrivals of alerts from another incident, folded under the change before them. Their explanations
/// stay.
pub(super) fn moved(tx: &mut Tx<'_>, from: i64, ids: &[i64]) -> Result<Vec<PlannedChange>> {
    let mut changes = Vec::with_capacity(ids.len());
    for id in ids {
        let alert = find_alert(tx.conn, *id)?;
        let change = Change::AlertMovedIn {
            title: alert.title,
            from,
            reason: String::new(),
            comment: String::new(),
            linked_by: named(alert.linked_by, from),
        };
        changes.push(PlannedChange::nested(*id, change));
    }
    Ok(changes)
}

/// "Opened this incident" names the incident once the alert is in another.
fn named(mut linked_by: LinkedBy, from: i64) -> LinkedBy {
    if let Some(rest) = linked_by.explanation.strip_prefix("Opened this incident") {
        linked_by.explanation = format!("Opened incident {from}{rest}");
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
