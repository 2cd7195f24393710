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
        let own = keys.iter().map(|key| key.id).collect();
        self.alerts.insert(alert, PlacedAlert { incident, title: title.to_owned(), keys: own });
        if let Some(state) = self.incidents.get_mut(&incident) {
            let stage = naming::stage_order(to_place.category);
            state.stage = state.stage.max((stage < naming::stages().len()).then_some(stage));
        }
        for key in keys {
            self.kinds.insert(key.id, key.kind);
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
        for key in self.keys_of(alert) {
            let Some(points) = self.points.get_mut(&key) else { continue };
            for end in [before.0, before.1] {
                points.remove(&(end, alert));
            }
            points.extend([(after.0, alert), (after.1, alert)]);
            let moved = [(before.0, after.0), (before.1, after.1)];
            if moved.into_iter().any(|(from, to)| from != to && self.links_otherwise(key, alert, from, to)) {
                self.relinked.insert(alert);
            }
        }
        if let Some(points) = self.new_points.get_mut(&alert) {
            (points.first, points.last) = after;
            if !points.of_stored {
                return;
            }
        }
        self.extended.insert(alert);
    }

    /// A stored alert was active longer than it was, by ends that are not known here.
    pub fn note_extended(&mut self, alert: i64) {
        self.extended.insert(alert);
    }

    fn keys_of(&self, alert: i64) -> Vec<i64> {
        let mut keys = self.alerts.get(&alert).map(|placed| placed.keys.clone()).unwrap_or_default();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Whether an end of an alert that moved tears a link within its incident, or makes one to another.
    fn links_otherwise(&self, key: i64, alert: i64, from: i64, to: i64) -> bool {
        let own = self.incident_of(alert);
        let links = |at: i64, (other, _): (i64, i64)| self.pair_links(key, at, other);
        let mut torn = self.beside(key, alert, from).filter(|near| self.incident_of(near.1) == own);
        let mut made = self.beside(key, alert, to).filter(|near| self.incident_of(near.1) != own);
        torn.any(|near| links(from, near) && !links(to, near)) || made.any(|near| links(to, near))
    }

    /// Whether two points of a key are within its reach; of an outbreak, whether they may be.
    fn pair_links(&self, key: i64, one: i64, other: i64) -> bool {
        let Some(kind) = self.kinds.get(&key).copied() else { return false };
        let reach = |at: i64| kind.reach(self.usual_on(key, kind, at.div_euclid(DAY)));
        reach(one).zip(reach(other)).is_some_and(|(one_reach, its)| (one - other).abs() <= one_reach.min(its))
    }

    /// The points of other alerts before and after a time on a key, at most one of each.
    fn beside(&self, key: i64, alert: i64, at: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let points = self.points.get(&key);
        let other = move |point: &&(i64, i64)| point.1 != alert;
        let before = points.and_then(|points| points.range(..=(at, i64::MAX)).rev().find(other));
        let after = points.and_then(|points| points.range((at, i64::MIN)..).find(other));
        before.into_iter().chain(after).copied()
    }

    fn incident_of(&self, alert: i64) -> Option<i64> {
        self.alerts.get(&alert).map(|placed| placed.incident)
    }

    /// Notes where a stored alert is.
    pub fn locate(&mut self, alert: i64, incident: i64, title: &str) {
        let keys = self.keys_of(alert);
        self.alerts.insert(alert, PlacedAlert { incident, title: title.to_owned(), keys });
    }

    /// An alert that was placed before has more that links it.
    pub fn add_keys(&mut self, alert: i64, (first, last): (i64, i64), keys: &[LinkKey]) {
        let mut added: Vec<i64> = Vec::new();
        for key in keys.iter().filter(|key| key.kind != LinkKind::Outbreak) {
            let points = self.points.entry(key.id).or_default();
            if !points.contains(&(first, alert)) && !points.contains(&(last, alert)) {
                points.extend([(first, alert), (last, alert)]);
                self.kinds.insert(key.id, key.kind);
                added.push(key.id);
            }
        }
        if added.is_empty() {
            return;
        }
        let own = self.incident_of(alert);
        let makes_link = |key: &i64| {
            let near = |at: i64| self.beside(*key, alert, at).map(move |near| (at, near));
            let mut near = near(first).chain(near(last));
            near.any(|(at, (other, its))| self.incident_of(its) != own && self.pair_links(*key, at, other))
        };
        if added.iter().any(makes_link) {
            self.relinked.insert(alert);
        }
        if let Some(placed) = self.alerts.get_mut(&alert) {
            placed.keys.extend(&added);
        }
        let new = || NewPoints { keys: Vec::new(), first, last, of_stored: true };
        self.new_points.entry(alert).or_insert_with(new).keys.extend(added);
    }

    /// Records that an alert was folded into another, which is active in this span now. Both are stored.
    pub fn fold_alert(&mut self, kept: i64, gone: i64, (first, last): (i64, i64)) {
        let keys: BTreeSet<i64> = self.keys_of(kept).into_iter().chain(self.keys_of(gone)).collect();
        for key in &keys {
            let Some(points) = self.points.get_mut(key) else { continue };
            let ends: Vec<(i64, i64)> = points.iter().filter(|(_, of)| *of == gone || *of == kept).copied().collect();
            for end in &ends {
                points.remove(end);
            }
            points.extend([(first, kept), (last, kept)]);
            let beside: Vec<i64> =
                ends.iter().flat_map(|(at, _)| self.beside(*key, kept, *at)).map(|near| near.1).collect();
            self.relinked.extend(beside);
        }
        self.relinked.insert(kept);
        self.alerts.remove(&gone);
        if let Some(placed) = self.alerts.get_mut(&kept) {
            placed.keys = keys.into_iter().collect();
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
