//! What the survivor of a merge takes in from each of the others, in their order.

use std::collections::BTreeSet;

use crate::accounts::users;
use crate::alerts::lookup::alert_states;
use crate::db::Tx;
use crate::error::Result;
use crate::incidents::merge_record::{Merge, MergeOptions, moved};
use crate::incidents::tags;
use crate::model::alert::AlertState;
use crate::model::change::Change;
use crate::model::incident::Incident;
use crate::model::planned_change::PlannedChange;
use crate::text::folded;

/// The survivor while it takes in one incident after the other.
pub(super) struct Joining<'a> {
    options: MergeOptions<'a>,
    /// Only one is merged into it.
    alone: bool,
    before: Incident,
    /// With what it has taken over.
    survivor: Incident,
    tags: BTreeSet<String>,
    /// The alerts that have come.
    came: Vec<AlertState>,
    /// Changes that are folded under the entry of the merge, and those of the survivor itself.
    folded: Vec<PlannedChange>,
    own: Vec<PlannedChange>,
    pub(super) merges: Vec<Merge>,
}

impl<'a> Joining<'a> {
    pub(super) fn new(tx: &mut Tx<'_>, options: MergeOptions<'a>, survivor: &Incident, alone: bool) -> Result<Self> {
        let tags = tags::of(tx.conn, survivor.id)?.into_iter().map(|tag| folded(&tag.name)).collect();
        Ok(Self {
            options,
            alone,
            before: survivor.clone(),
            survivor: survivor.clone(),
            tags,
            came: Vec::new(),
            folded: Vec::new(),
            own: Vec::new(),
            merges: Vec::new(),
        })
    }

    /// Takes in the alerts of `other`, and what else the survivor takes from it.
    pub(super) fn take_in(&mut self, tx: &mut Tx<'_>, other: &Incident, why: &str) -> Result<()> {
        let moving = alert_states(tx.conn, other.id)?;
        let ids: Vec<i64> = moving.iter().map(|alert| alert.id).collect();
        let owner = self.survivor.assigned_to.or(other.assigned_to.filter(|_| self.options.takes_over));
        let mut merge = Merge::new(&self.survivor, other, ids.clone(), users::unless_disabled(tx.conn, owner)?);
        merge.kept_empty = self.before.alert_count == 0 && self.came.is_empty();
        let why = self.options.why(why, self.alone);
        let arrival = Change::Merged { from: other.id, why, alerts: ids.clone(), operation: self.options.operation };
        self.folded.push(PlannedChange { nested: !self.alone, ..PlannedChange::incident(arrival) });
        self.folded.extend(moved(tx, other.id, &ids)?);
        // R2: alerts that join take the incident's owner, or none where a person chose none.
        if merge.owner.is_some() || (!self.options.takes_over && self.survivor.assigned_to.is_none()) {
            self.folded.extend(follow(&mut merge, &moving));
        }
        if self.options.takes_over {
            self.take_over(tx, &mut merge, other)?;
        } else {
            self.folded.extend(classify_unset(&mut merge, &moving));
        }
        self.take_follow_up(&mut merge, other);
        self.take_tags(tx, &mut merge)?;
        self.came.extend(moving);
        self.merges.push(merge);
        Ok(())
    }

    /// The survivor takes the owner and the classification of the other where it has none.
    fn take_over(&mut self, tx: &mut Tx<'_>, merge: &mut Merge, other: &Incident) -> Result<()> {
        if self.survivor.assigned_to.is_none() && merge.owner.is_some() {
            merge.assigned = Some((None, merge.owner));
            self.survivor.assigned_to = merge.owner;
            self.own.push(PlannedChange::incident(Change::Assigned { from: None, to: merge.owner }));
            // R2: the alerts that were here follow the new owner.
            let mut here = alert_states(tx.conn, self.survivor.id)?;
            here.extend(self.came.iter().cloned());
            self.own.extend(follow(merge, &here));
        }
        let (from, to) = (self.survivor.outcome(), other.outcome());
        if !from.is_set() && to.is_set() {
            merge.classified = Some((from, to));
            (self.survivor.classification, self.survivor.determination) = (to.classification, to.determination);
            self.own.push(PlannedChange::incident(Change::Classified { from, to }));
        }
        Ok(())
    }

    /// The survivor takes the earlier of both dates, so that nobody misses it.
    fn take_follow_up(&mut self, merge: &mut Merge, other: &Incident) {
        let from = self.survivor.follow_up_at;
        let to = from.into_iter().chain(other.follow_up_at).min();
        if from != to {
            merge.follow_up = Some((from, to));
            self.survivor.follow_up_at = to;
        }
    }

    /// The survivor takes the custom tags that it does not have.
    fn take_tags(&mut self, tx: &mut Tx<'_>, merge: &mut Merge) -> Result<()> {
        for tag in tags::of(tx.conn, merge.gone)?.into_iter().filter(|tag| !tag.system) {
            if self.tags.insert(folded(&tag.name)) {
                merge.tags.push(tag.name.clone());
                self.own.push(PlannedChange::incident(Change::Tagged { tag: tag.name, system: false }));
            }
        }
        Ok(())
    }

    /// What happens to an incident that was taken in last.
    pub(super) fn leave(&self, other: &Incident, why: String) -> Vec<PlannedChange> {
        let alerts = self.merges.last().map(|merge| merge.alerts.clone()).unwrap_or_default();
        let (to, operation, comment) = (self.survivor.id, self.options.operation, self.options.comment.to_owned());
        vec![
            PlannedChange::incident(Change::MergedInto { to, why, alerts, operation, comment }),
            PlannedChange::incident(Change::Redirected { to, status: other.status }),
        ]
    }

    /// What happens to the survivor.
    pub(super) fn changes(self) -> Vec<PlannedChange> {
        let mut changes = Vec::with_capacity(self.folded.len() + self.own.len() + 2);
        if !self.alone {
            changes.push(PlannedChange::incident(Change::IncidentsMerged {
                from: self.merges.iter().map(|merge| merge.gone).collect(),
                alerts: self.came.len(),
                why: self.options.reason.to_owned(),
                comment: self.options.comment.to_owned(),
            }));
        }
        changes.extend(self.folded);
        changes.extend(self.own);
        let (from, to) = (self.before.follow_up_at, self.survivor.follow_up_at);
        if from != to {
            changes.push(PlannedChange::incident(Change::FollowUpSet { from, to }));
        }
        changes
    }
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

/// Alerts take the owner of the merged incident; their owners before are noted for an undo.
fn follow(merge: &mut Merge, alerts: &[AlertState]) -> Vec<PlannedChange> {
    let to = merge.owner;
    merge.owners.extend(alerts.iter().map(|alert| (alert.id, alert.assigned_to)));
    let others = alerts.iter().filter(|alert| alert.assigned_to != to);
    others.map(|alert| PlannedChange::nested(alert.id, Change::Assigned { from: alert.assigned_to, to })).collect()
}
