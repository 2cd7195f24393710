//! What is kept of a merge for its undo, and how alerts arrive by it.

use serde::{Deserialize, Serialize};

use crate::alerts::lookup::find_alerts;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::model::change::Change;
use crate::model::incident::Incident;
use crate::model::linked_by::LinkedBy;
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
pub(crate) struct MergeOptions<'a> {
    pub operation: i64,
    /// In the entry of several incidents that are merged at once.
    pub reason: &'a str,
    /// A person's. In the history of each merged incident, and once in the survivor's.
    pub comment: &'a str,
    /// The survivor takes owner and classification of the others where it has none.
    pub takes_over: bool,
}

impl MergeOptions<'_> {
    /// What the survivor's entry of one merged incident says.
    pub(super) fn why(&self, why: &str, alone: bool) -> String {
        if alone && !self.comment.is_empty() { format!("Comment: {}", self.comment) } else { why.to_owned() }
    }
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
