//! The incidents that share something with an alert, and whether its detection is routine.

use std::collections::BTreeMap;

use crate::clock::{DAY, HOUR};
use crate::correlation::candidate::{Candidate, NearestAlert, SharedKey};
use crate::correlation::index::types::{AlertToPlace, CorrelationIndex, IncidentState, LinkKey, Span};
use crate::correlation::reach::{self, MEMORY_DAYS, ROUTINE_NEAR, ROUTINE_SPAN};
use crate::model::naming;

/// One link key of an alert and how far it reaches.
struct KeyReach<'a> {
    key: &'a LinkKey,
    /// Other detections around the alert.
    other_detections: i64,
    reach: Option<i64>,
}

impl CorrelationIndex {
    /// The detections on an entity around `at`, each counted once an hour, without routine ones.
    pub(super) fn detections_around(&self, entity: i64, at: i64) -> i64 {
        let day = at / DAY;
        let days = self.days.get(&entity);
        days.map_or(0, |days| days.range(day - MEMORY_DAYS..=day + MEMORY_DAYS).map(|(_, day)| day.alerts).sum())
    }

    /// Whether the alert's detection is routine on one of its assets.
    pub fn is_routine(&self, to_place: &AlertToPlace<'_>) -> bool {
        let assets = to_place.link_keys.iter().filter(|key| reach::is_asset(key.kind));
        let hours = assets.map(|key| self.other_hours(key.id, to_place.detection, to_place.first)).max();
        reach::is_routine(to_place.severity, hours.unwrap_or(0))
    }

    fn other_hours(&self, entity: i64, detection: &str, at: i64) -> u32 {
        let Some(days) = self.days.get(&entity) else { return 0 };
        let (day, own) = (at / DAY, 1_i64 << (at % DAY / HOUR));
        days.range(day - MEMORY_DAYS..=day + MEMORY_DAYS)
            .map(|(number, known)| {
                let hours = known.hours(detection);
                if *number == day { (hours & !own).count_ones() } else { hours.count_ones() }
            })
            .sum()
    }

    /// The incidents that share something with the alert.
    pub fn candidates(&self, to_place: &AlertToPlace<'_>, routine: bool) -> Vec<Candidate> {
        let stage = naming::stage_order(to_place.category);
        let mut found: BTreeMap<i64, Candidate> = BTreeMap::new();
        for key in to_place.link_keys {
            let other_detections = self.detections_around(key.id, to_place.first);
            let reach = reach::reach(key.kind, other_detections).map(|reach| to_place.within.unwrap_or(reach));
            let key = KeyReach { key, other_detections, reach };
            for span in self.spans.get(&key.key.id).into_iter().flatten() {
                let Some(state) = self.incidents.get(&span.incident) else { continue };
                let Some(shared) = self.shared(&key, to_place, (span, state), routine) else { continue };
                found
                    .entry(span.incident)
                    .or_insert_with(|| Candidate {
                        incident: span.incident,
                        open: state.open,
                        follows: stage < naming::stages().len() && state.stage.is_some_and(|latest| stage >= latest),
                        shared: Vec::new(),
                    })
                    .shared
                    .push(shared);
            }
        }
        found.into_values().collect()
    }

    fn shared(
        &self,
        &KeyReach { key, other_detections, reach }: &KeyReach<'_>,
        to_place: &AlertToPlace<'_>,
        (span, state): (&Span, &IncidentState),
        routine: bool,
    ) -> Option<SharedKey> {
        let gap = |first: i64, last: i64| (first - to_place.last).max(to_place.first - last).max(0);
        let made = |gap: i64, reach: i64, is_routine: bool, near: Option<NearestAlert>| SharedKey {
            kind: key.kind,
            name: key.name.clone(),
            gap,
            reach,
            other_detections,
            routine: is_routine,
            near,
        };
        if let Some((first, last)) = span.link {
            let reach = reach?;
            let reach = if routine { reach.min(ROUTINE_NEAR) } else { reach };
            return Some(made(gap(first, last), reach, false, self.near(span, to_place)));
        }
        if !routine || !reach::is_asset(key.kind) {
            return None;
        }
        let length = state.last.max(to_place.first) - state.first.min(to_place.first);
        let reach = if length <= ROUTINE_SPAN { ROUTINE_SPAN } else { -1 };
        Some(made(gap(span.first, span.last), reach, true, None))
    }

    /// The nearer of the alerts at the two ends of a span.
    fn near(&self, span: &Span, to_place: &AlertToPlace<'_>) -> Option<NearestAlert> {
        span.ends
            .into_iter()
            .flatten()
            .filter_map(|id| self.ends.get(&id))
            .map(|end| {
                let after = if to_place.first >= end.first {
                    (to_place.first - end.last).max(0)
                } else {
                    (to_place.last - end.first).min(0)
                };
                NearestAlert { title: end.title.clone(), after }
            })
            .min_by_key(|near| near.after.abs())
    }
}
