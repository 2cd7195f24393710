//! Classifying an incident, and with it the alerts that have no classification of their own (R3).

use crate::model::alert::AlertState;
use crate::model::change::{Act, Change};
use crate::model::incident::Incident;
use crate::model::outcome::Outcome;

/// Classifies the incident, and those of its alerts that have no classification of their own (R3).
pub fn set(incident: &Incident, alerts: &[AlertState], to: Outcome) -> Vec<Act> {
    let from = incident.outcome();
    if from == to {
        return Vec::new();
    }
    let mut acts = vec![Act::incident(Change::Classified { from, to })];
    if to.is_set() {
        acts.extend(
            alerts
                .iter()
                .filter(|alert| !alert.outcome().is_set())
                .map(|alert| Act::nested(alert.id, Change::Classified { from: alert.outcome(), to })),
        );
    }
    acts
}
