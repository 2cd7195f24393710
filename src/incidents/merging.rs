//! Incidents become one (R11, R12): the survivor takes alerts, custom tags, assignee, classification and the
//! earliest follow-up date; the others are redirected to it. Their comments and history stay where they were
//! written and are shown in the survivor's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::alerts::lookup::find_alerts;
use crate::correlation::merge_exclusions;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::Claimed;
use crate::history::commit::commit;
use crate::history::incident_changes::IncidentChanges;
use crate::history::{claim, operation_log};
use crate::incidents::joining::Joining;
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::incident::Incident;
use crate::model::linked_by::LinkedBy;
use crate::model::operation::Kind;
use crate::model::outcome::Outcome;
use crate::model::planned_change::PlannedChange;

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
    pub(super) fn new(survivor: &Incident, other: &Incident, alerts: Vec<i64>, owner: Option<i64>) -> Self {
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

/// What undoing a merge of several needs. Stored with the operation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    pub kept: i64,
    pub merges: Vec<Merge>,
    /// Pairs that correlation may not merge, inherited from the merged incidents.
    pub apart: Vec<(i64, i64)>,
    /// Correlation merged them, not a person.
    #[serde(default)]
    pub by_correlation: bool,
}

/// How incidents are merged, and what their entries say of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Act<'a> {
    pub operation: i64,
    /// In the entry of several incidents that are merged at once.
    pub reason: &'a str,
    /// A person's. In the history of each merged incident, and once in the survivor's.
    pub comment: &'a str,
    /// The survivor takes owner and classification of the others where it has none.
    pub takes_over: bool,
}

impl Act<'_> {
    /// What the survivor's entry of one merged incident says.
    pub(super) fn why(&self, why: &str, alone: bool) -> String {
        if alone && !self.comment.is_empty() { format!("Comment: {}", self.comment) } else { why.to_owned() }
    }
}

/// Claims all and merges the others, each with the reason for it, into `kept`, which takes owner and classification
/// where it has none. `reason` is that of the whole. Returns the operation.
pub fn merge(tx: &mut Tx<'_>, actor: &Actor, kept: i64, gone: &[(i64, String)], reason: &str) -> Result<i64> {
    let ids = gone.iter().map(|(id, _)| *id).chain([kept]).collect();
    let mut claimed: BTreeMap<i64, Claimed> =
        claim::claim_all(tx, ids)?.into_iter().map(|one| (one.incident().id, one)).collect();
    let into = claimed.remove(&kept).ok_or(Error::NotFound)?;
    let others: Vec<(Claimed, String)> =
        gone.iter().filter_map(|(id, why)| Some((claimed.remove(id)?, why.clone()))).collect();
    let around = tx.operation;
    let kind = if others.len() == 1 { Kind::Merge } else { Kind::Merges };
    let operation = operation_log::begin(tx, actor, kind, &())?;
    let act = Act { operation, reason, comment: "", takes_over: true };
    let mut merged = Merged { kept, by_correlation: true, ..Merged::default() };
    merged.merges = join(tx, actor, &act, into, others)?;
    for merge in &merged.merges {
        merged.apart.extend(merge_exclusions::inherit_exclusions(tx, kept, merge.gone)?);
    }
    match merged.merges.as_slice() {
        [only] => operation_log::set_detail(tx, operation, only)?,
        _ => operation_log::set_detail(tx, operation, &merged)?,
    }
    tx.operation = around;
    Ok(operation)
}

/// Merges incidents into one, each with the reason for it, as one commit of an operation. Several are one entry of
/// the survivor (R20).
pub(crate) fn join(
    tx: &mut Tx<'_>,
    actor: &Actor,
    act: &Act<'_>,
    into: Claimed,
    others: Vec<(Claimed, String)>,
) -> Result<Vec<Merge>> {
    let mut joining = Joining::new(tx, *act, into.incident(), others.len() == 1)?;
    let mut commits = Vec::with_capacity(others.len() + 1);
    for (from, why) in others {
        joining.take_in(tx, from.incident(), &why)?;
        let changes = joining.leave(from.incident(), why);
        commits.push(IncidentChanges::new(from, changes));
    }
    let merges = joining.merges.clone();
    let into = IncidentChanges::new(into, joining.changes());
    commits.insert(0, into);
    commit(tx, actor, commits)?;
    Ok(merges)
}

/// The arrivals of alerts from another incident, folded under the change before them. Their explanations
/// stay.
pub(super) fn moved(tx: &mut Tx<'_>, from: i64, ids: &[i64]) -> Result<Vec<PlannedChange>> {
    let mut alerts = find_alerts(tx.conn, ids)?;
    let mut changes = Vec::with_capacity(ids.len());
    for id in ids {
        let alert = alerts.remove(id).ok_or(Error::NotFound)?;
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
