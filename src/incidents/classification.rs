//! Classifying an incident, and with it the alerts that have no classification of their own (R3).

use crate::model::alert::AlertState;
use crate::model::change::Change;
use crate::model::incident::Incident;
use crate::model::outcome::Outcome;
use crate::model::planned_change::PlannedChange;

/// Classifies the incident, and those of its alerts that have no classification of their own (R3).
pub fn set(incident: &Incident, alerts: &[AlertState], to: Outcome) -> Vec<PlannedChange> {
    let from = incident.outcome();
    if from == to {
        return Vec::new();
    }
    let mut changes = vec![PlannedChange::incident(Change::Classified { from, to })];
    if to.is_set() {
        changes.extend(
            alerts
                .iter()
                .filter(|alert| !alert.outcome().is_set())
                .map(|alert| PlannedChange::nested(alert.id, Change::Classified { from: alert.outcome(), to })),
        );
    }
    changes
}
