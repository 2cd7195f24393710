//! What an edit resolved, for the message after it.

use crate::model::alert::{Alert, AlertStatus};
use crate::model::change::Change;
use crate::model::incident::{Incident, Status};
use crate::model::outcome::Outcome;
use crate::model::planned_change::PlannedChange;

/// The incidents or alerts that an edit resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// How each of them is classified afterwards.
    outcomes: Vec<Outcome>,
    /// The open alerts that were resolved with their incidents.
    pub alerts: usize,
}

impl Resolved {
    /// Notes an incident, if the changes resolve it.
    pub fn note_incident(&mut self, incident: &Incident, changes: &[PlannedChange]) {
        let resolves =
            |planned: &PlannedChange| matches!(planned.change, Change::StatusSet { to: Status::Resolved, .. });
        if changes.iter().any(resolves) {
            self.outcomes.push(outcome_after(incident.outcome(), None, changes));
            self.alerts += changes.iter().filter(|planned| resolves_alert(planned)).count();
        }
    }

    /// Notes an alert, if the changes resolve it.
    pub fn note_alert(&mut self, alert: &Alert, changes: &[PlannedChange]) {
        if changes.iter().any(resolves_alert) {
            self.outcomes.push(outcome_after(alert.outcome(), Some(alert.id), changes));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    pub fn count(&self) -> usize {
        self.outcomes.len()
    }

    /// How many have no classification.
    pub fn unclassified(&self) -> usize {
        self.outcomes.iter().filter(|outcome| !outcome.is_set()).count()
    }

    /// The classification that all of them have.
    pub fn outcome(&self) -> Option<Outcome> {
        let first = *self.outcomes.first()?;
        self.outcomes.iter().all(|outcome| *outcome == first).then_some(first)
    }
}

fn resolves_alert(planned: &PlannedChange) -> bool {
    matches!(planned.change, Change::AlertStatusSet { to: AlertStatus::Resolved, .. })
}

/// The outcome of an incident (`alert` is none) or alert after the changes.
fn outcome_after(before: Outcome, alert: Option<i64>, changes: &[PlannedChange]) -> Outcome {
    let classified = |planned: &PlannedChange| match planned.change {
        Change::Classified { to, .. } if planned.alert == alert => Some(to),
        _ => None,
    };
    changes.iter().find_map(classified).unwrap_or(before)
}
