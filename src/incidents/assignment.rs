//! Who owns an incident; its alerts follow (R2).

use crate::alerts::AlertState;
use crate::history::{Act, Change};
use crate::incidents::Incident;

/// Assigns the incident and all its alerts, or takes the owner away from all of them. The alerts
/// are brought along even when the incident already has this owner.
pub fn set(incident: &Incident, alerts: &[AlertState], to: Option<i64>) -> Vec<Act> {
    let mut acts = Vec::new();
    if incident.assigned_to != to {
        acts.push(Act::incident(Change::Assigned { from: incident.assigned_to, to }));
    } else if alerts.iter().all(|alert| alert.assigned_to == to) || to.is_none() {
        return acts;
    }
    acts.extend(
        alerts
            .iter()
            .filter(|alert| alert.assigned_to != to)
            .map(|alert| Act::nested(alert.id, Change::Assigned { from: alert.assigned_to, to })),
    );
    acts
}
