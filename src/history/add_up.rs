//! What an incident is once alerts have joined it, worked out from what is known of it without reading
//! its other alerts again. Pure; [`recompute`](super::recompute) says the same from all alerts.

use std::collections::HashSet;

use crate::history::derive::{self, Added};
use crate::history::detection_counts::DetectionCounts;
use crate::history::incident_changes::IncidentChanges;
use crate::history::stored_entities::StoredEntities;
use crate::model::entity::Resolved;
use crate::model::incident::Incident;
use crate::model::planned_change::PlannedChange;
use crate::model::severity::Severity;

/// The incident afterwards, and the changes of its name and severity that follow. `detections` holds
/// how often the detections were seen before these alerts.
pub(super) fn with_new_alerts(
    changes: &IncidentChanges<'_>,
    known: &StoredEntities,
    detections: &DetectionCounts,
) -> (Incident, Vec<PlannedChange>) {
    let before = changes.claimed.incident();
    let mut incident = before.clone();
    let seen = |detection: &str, at: i64| detections.seen(detection, at);
    let added: Vec<Added<'_>> =
        changes.new_alerts.iter().map(|new| new.added(seen(&new.detection, new.last_activity))).collect();
    derive::add(&mut incident, &added, &new_entities(changes, known));
    // The severity so far stands for the alerts that are not read.
    let so_far = (before.alert_count > 0).then_some(before.severity);
    let highest =
        Severity::of_alerts(added.iter().map(|alert| alert.severity).chain(so_far)).unwrap_or(before.severity);
    let automatic = derive::set_automatic_name_and_severity(&mut incident, highest);
    (incident, automatic)
}

/// The entities that the incident did not have, in the order of its alerts.
fn new_entities<'c>(changes: &'c IncidentChanges<'_>, known: &StoredEntities) -> Vec<&'c Resolved> {
    let incident = changes.claimed.incident().id;
    let mut seen = HashSet::new();
    let entities = changes.new_alerts.iter().flat_map(|new| &new.entities);
    entities.filter(|entity| seen.insert(entity.id) && !known.contains_key(&(incident, entity.id))).collect()
}
