//! The changes of one incident that are to be committed together: the argument of
//! [`commit`](super::commit::commit).

use crate::db::Tx;
use crate::error::Result;
use crate::history::alert_updates::AlertUpdate;
use crate::history::claim;
use crate::history::claim::Claimed;
use crate::history::new_alert::NewAlert;
use crate::history::new_incident::NewIncident;
use crate::history::occurrence_counts::OccurrenceCount;
use crate::model::change::Change;
use crate::model::linked_by::LinkedBy;
use crate::model::planned_change::PlannedChange;

/// Which derived values have to be computed although no change says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Recompute {
    /// Those that follow from the changes.
    #[default]
    AsNeeded,
    /// The priority by the importance of the assets, because some were marked.
    Importance,
    /// The priority by all alerts, because the way of scoring changed.
    Priority,
    /// Everything, because two of its entities were found to be one.
    All,
}

/// The changes of one claimed incident and its alerts, in one commit.
#[derive(Debug)]
pub struct IncidentChanges<'a> {
    pub claimed: Claimed,
    /// What it starts with, when it is not stored yet.
    pub new: Option<NewIncident>,
    pub new_alerts: Vec<NewAlert<'a>>,
    /// Changes beside the arrival of new alerts, in order.
    pub changes: Vec<PlannedChange>,
    /// Providers' updates of alerts of the incident.
    pub updates: Vec<AlertUpdate<'a>>,
    /// Occurrences that alerts of the incident count.
    pub occurrences: Vec<OccurrenceCount>,
    /// Whether a person has decided fields of alerts from now on (R14).
    pub decisions: Vec<AlertDecision>,
    /// Why alerts that stay are there, where that has changed. No entries: nothing else changes.
    pub explanations: Vec<(i64, LinkedBy)>,
    pub recompute: Recompute,
    /// Set by the commit, if there are new alerts.
    pub(super) owner_is_disabled: bool,
}

/// Whether a person has decided an alert's status and its classification; `None` leaves it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertDecision {
    pub alert: i64,
    pub status_by_person: Option<bool>,
    pub classified_by_person: Option<bool>,
}

impl IncidentChanges<'_> {
    /// Changes of a stored incident.
    pub fn new(claimed: Claimed, changes: Vec<PlannedChange>) -> Self {
        Self {
            claimed,
            new: None,
            new_alerts: Vec::new(),
            changes,
            updates: Vec::new(),
            occurrences: Vec::new(),
            decisions: Vec::new(),
            explanations: Vec::new(),
            recompute: Recompute::AsNeeded,
            owner_is_disabled: false,
        }
    }

    /// Opens a new incident: takes its id now; the commit stores it.
    pub fn open(tx: &mut Tx<'_>, new: NewIncident) -> Result<Self> {
        let id = tx.take_ids("incident", 1)?;
        let incident = new.incident(id, tx.automatic_names);
        Ok(Self { new: Some(new), ..Self::new(claim::claim_unstored(incident), Vec::new()) })
    }

    /// Computes derived values again.
    pub fn recomputing(claimed: Claimed, recompute: Recompute) -> Self {
        Self { recompute, ..Self::new(claimed, Vec::new()) }
    }

    /// With alerts' decisions noted beside the changes.
    #[must_use]
    pub fn with_decisions(mut self, decisions: Vec<AlertDecision>) -> Self {
        self.decisions = decisions;
        self
    }

    /// Whether there is nothing to do: an unchanged save leaves no trace (R7).
    pub fn is_empty(&self) -> bool {
        self.new.is_none()
            && self.new_alerts.is_empty()
            && self.changes.is_empty()
            && self.updates.is_empty()
            && self.occurrences.is_empty()
            && self.decisions.is_empty()
            && self.explanations.is_empty()
            && self.recompute == Recompute::AsNeeded
    }

    /// A disabled person is assigned nothing new (R2).
    pub(super) fn owner_of_new_alerts(&self) -> Option<i64> {
        self.claimed.incident().assigned_to.filter(|_| !self.owner_is_disabled)
    }

    /// The entries, in order: how the incident began, changes of the incident itself, the alerts that
    /// joined it with the owner and comments that follow (R2), then the other changes.
    pub(super) fn entries(&self) -> Vec<PlannedChange> {
        let owner = self.owner_of_new_alerts();
        let first = self.changes.iter().take_while(|planned| planned.alert.is_none()).count();
        let (first, rest) = self.changes.split_at(if self.new_alerts.is_empty() { 0 } else { first });
        let mut entries: Vec<PlannedChange> =
            self.new.iter().map(NewIncident::opened).chain(first.iter().cloned()).collect();
        for new in &self.new_alerts {
            let (title, linked_by) = (new.alert.title.clone(), new.linked_by.clone());
            let earlier = new.episode.earlier;
            entries.push(PlannedChange::alert(new.id, Change::AlertAdded { title, linked_by, earlier }));
            if owner.is_some() {
                entries.push(PlannedChange::nested(new.id, Change::Assigned { from: None, to: owner }));
            }
            for comment in &new.alert.comments {
                entries
                    .push(PlannedChange::alert(new.id, Change::imported_comment(comment)).by(comment.author.clone()));
            }
        }
        entries.extend(rest.iter().cloned());
        entries
    }

    /// Whether counts, name and severity can be derived by adding the new alerts to what is stored.
    pub(super) fn only_adds_alerts(&self) -> bool {
        let incident = self.claimed.incident();
        let known = incident.alert_count == 0 || !incident.scope.titles.is_empty();
        known
            && !self.new_alerts.is_empty()
            && self.changes.is_empty()
            && self.updates.is_empty()
            && self.recompute != Recompute::All
    }
}
