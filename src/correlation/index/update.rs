//! Keeping the index up to date in memory as the alerts of a batch are placed.

use std::collections::BTreeSet;

use crate::clock::DAY;
use crate::correlation::index::types::{
    AlertToPlace, ChangedDays, CorrelationIndex, IncidentState, NewPoints, PlacedAlert,
};
use crate::correlation::link_key::{LinkKey, LinkKind};
use crate::correlation::reach::ROUTINE_HOURS;
use crate::model::incident::Incident;
use crate::model::naming;

impl CorrelationIndex {
    /// The open incidents that alerts of the batch might join.
    pub fn open_incidents(&self) -> Vec<i64> {
        self.incidents.iter().filter(|(_, state)| state.open).map(|(id, _)| *id).collect()
    }

    /// Takes over the present state of a claimed incident.
    pub fn update_incident(&mut self, incident: &Incident) {
        let stage = incident.scope.categories.iter().map(|category| naming::stage_order(category));
        let stage = stage.filter(|stage| *stage < naming::stages().len()).max();
        self.incidents.insert(incident.id, IncidentState { open: incident.is_open(), stage });
    }

    /// Takes over the state after a merge, keeping the stage that is not stored yet.
    pub fn update_after_merge(&mut self, incident: &Incident) {
        let known = self.incidents.get(&incident.id).and_then(|state| state.stage);
        self.update_incident(incident);
        if let Some(state) = self.incidents.get_mut(&incident.id) {
            state.stage = state.stage.max(known);
        }
    }

    /// Whether a person separated two incidents.
    pub fn is_merge_excluded(&self, one: i64, other: i64) -> bool {
        self.merge_exclusions.contains(&(one.min(other), one.max(other)))
    }

    /// Adds a placed alert, so that the next of the batch finds it by `keys`.
    pub fn record_alert(
        &mut self,
        incident: i64,
        (alert, title): (i64, &str),
        to_place: &AlertToPlace<'_>,
        keys: &[LinkKey],
    ) {
        self.alerts.insert(alert, PlacedAlert { incident, title: title.to_owned() });
        if let Some(state) = self.incidents.get_mut(&incident) {
            let stage = naming::stage_order(to_place.category);
            state.stage = state.stage.max((stage < naming::stages().len()).then_some(stage));
        }
        for key in keys {
            self.points.entry(key.id).or_default().extend([(to_place.first, alert), (to_place.last, alert)]);
        }
        let points = self.new_points.entry(alert).or_insert_with(|| NewPoints {
            keys: Vec::new(),
            first: to_place.first,
            last: to_place.last,
            of_stored: false,
        });
        points.keys.extend(keys.iter().map(|key| key.id));
    }

    /// Counts a detection in its hour on some keys.
    pub fn count_detection(&mut self, to_place: &AlertToPlace<'_>, keys: &[LinkKey]) {
        let (detection, at) = (to_place.detection, to_place.first);
        for key in keys {
            let hours = self.hours.entry(key.id).or_default();
            if !hours.is_fresh(detection, at) {
                continue;
            }
            let changed = self.dirty.entry(key.id).or_insert_with(|| ChangedDays {
                kind: key.kind,
                days: BTreeSet::new(),
                before: hours.clone(),
            });
            changed.days.insert(at.div_euclid(DAY));
            hours.add(detection, at);
            self.usual.get_mut().remove(&key.id);
            let days = match key.kind {
                LinkKind::Outbreak => hours.days_that_reach(1, detection, at),
                _ if key.has_routine() => hours.days_that_reach(ROUTINE_HOURS, detection, at),
                _ => Vec::new(),
            };
            self.to_regroup.extend(days.into_iter().map(|day| (key.id, day)));
        }
    }

    /// The alert is active longer than before: from `before` to `after`, each first and last.
    pub fn extend_alert(&mut self, alert: i64, before: (i64, i64), after: (i64, i64)) {
        if before == after {
            return;
        }
        let ends = |(first, last): (i64, i64)| [(first, alert), (last, alert)];
        for (key, points) in &mut self.points {
            if !ends(before).iter().any(|end| points.contains(end)) {
                continue;
            }
            for end in ends(before) {
                points.remove(&end);
            }
            // What was linked to an end that moved may not be any more.
            let between = points.range((after.0, i64::MIN)..=(after.1, i64::MAX));
            self.to_regroup.extend(between.map(|(at, _)| (*key, at.div_euclid(DAY))));
            points.extend(ends(after));
        }
        if let Some(points) = self.new_points.get_mut(&alert) {
            (points.first, points.last) = after;
            if !points.of_stored {
                return;
            }
        }
        self.extended.entry(alert).or_insert([before, before])[1] = after;
    }

    /// Notes where a stored alert is.
    pub fn locate(&mut self, alert: i64, incident: i64, title: &str) {
        self.alerts.insert(alert, PlacedAlert { incident, title: title.to_owned() });
    }

    /// Stored alerts with these keys may have to be grouped otherwise, where they were active at one of two times.
    pub fn look_again(&mut self, keys: &[LinkKey], (first, last): (i64, i64)) {
        let days = [first.div_euclid(DAY), last.div_euclid(DAY)];
        self.to_regroup.extend(keys.iter().flat_map(|key| days.map(|day| (key.id, day))));
    }

    /// An alert that was placed before has more that links it.
    pub fn add_keys(&mut self, alert: i64, (first, last): (i64, i64), keys: &[LinkKey]) {
        let mut added: Vec<LinkKey> = Vec::new();
        for key in keys.iter().filter(|key| key.kind != LinkKind::Outbreak) {
            let points = self.points.entry(key.id).or_default();
            if !points.contains(&(first, alert)) && !points.contains(&(last, alert)) {
                points.extend([(first, alert), (last, alert)]);
                added.push(key.clone());
            }
        }
        self.look_again(&added, (first, last));
        if !added.is_empty() {
            let new = || NewPoints { keys: Vec::new(), first, last, of_stored: true };
            self.new_points.entry(alert).or_insert_with(new).keys.extend(added.iter().map(|key| key.id));
        }
    }

    /// Records that an alert was folded into another, which is active in this span now. Both are stored.
    pub fn fold_alert(&mut self, kept: i64, gone: i64, (first, last): (i64, i64)) {
        self.alerts.remove(&gone);
        for (key, points) in &mut self.points {
            let before = points.len();
            points.retain(|(_, alert)| *alert != gone && *alert != kept);
            if points.len() != before {
                points.extend([(first, kept), (last, kept)]);
                self.to_regroup.extend([(*key, first.div_euclid(DAY)), (*key, last.div_euclid(DAY))]);
            }
        }
    }

    /// Records that `gone` were merged into `kept`.
    pub fn merge_incidents(&mut self, kept: i64, gone: &BTreeSet<i64>) {
        self.incidents.retain(|id, _| !gone.contains(id));
        // An incident that is separate from one of them is separate from all.
        let third = |(one, other): &(i64, i64)| match (gone.contains(one), gone.contains(other)) {
            (true, false) => Some(*other),
            (false, true) => Some(*one),
            _ => None,
        };
        let thirds: Vec<i64> = self.merge_exclusions.iter().filter_map(third).filter(|third| *third != kept).collect();
        self.merge_exclusions.extend(thirds.into_iter().map(|third| (kept.min(third), kept.max(third))));
        for alert in self.alerts.values_mut().filter(|alert| gone.contains(&alert.incident)) {
            alert.incident = kept;
        }
    }
}
