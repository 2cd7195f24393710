//! Keeping the index up to date in memory as the alerts of a batch are placed.

use std::collections::BTreeSet;

use crate::clock::{DAY, HOUR};
use crate::correlation::index::types::{AlertToPlace, CorrelationIndex, IncidentState, LinkKey, Span, SpanEnd};
use crate::correlation::reach;
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
        let state = IncidentState {
            open: incident.is_open(),
            first: incident.first_activity,
            last: incident.last_activity,
            stage: stage.filter(|stage| *stage < naming::stages().len()).max(),
        };
        self.incidents.insert(incident.id, state);
    }

    /// Takes over the state after a merge, keeping the activity that is not stored yet.
    pub fn update_after_merge(&mut self, incident: &Incident) {
        let known = self.incidents.get(&incident.id).cloned();
        self.update_incident(incident);
        if let (Some(known), Some(state)) = (known, self.incidents.get_mut(&incident.id)) {
            (state.first, state.last) = (state.first.min(known.first), state.last.max(known.last));
            state.stage = state.stage.max(known.stage);
        }
    }

    /// Whether a person separated two incidents.
    pub fn is_merge_excluded(&self, one: i64, other: i64) -> bool {
        self.merge_exclusions.contains(&(one.min(other), one.max(other)))
    }

    /// Adds a placed alert, so that the next of the batch finds it. `own` are its own entities, without
    /// counterparts.
    pub fn record_alert(
        &mut self,
        incident: i64,
        alert: i64,
        title: &str,
        to_place: &AlertToPlace<'_>,
        own: &[LinkKey],
        routine: bool,
    ) {
        let (first, last) = (to_place.first, to_place.last);
        self.ends.insert(alert, SpanEnd { title: title.to_owned(), first, last });
        if let Some(state) = self.incidents.get_mut(&incident) {
            (state.first, state.last) = (state.first.min(first), state.last.max(last));
            let stage = naming::stage_order(to_place.category);
            if stage < naming::stages().len() {
                state.stage = Some(state.stage.map_or(stage, |latest| latest.max(stage)));
            }
        }
        for key in own {
            let spans = self.spans.entry(key.id).or_default();
            match spans.iter_mut().find(|span| span.incident == incident) {
                Some(span) => span.extend(first, last, alert, routine),
                None => spans.push(Span {
                    incident,
                    first,
                    last,
                    link: (!routine).then_some((first, last)),
                    ends: if routine { [None; 2] } else { [Some(alert); 2] },
                }),
            }
        }
        self.count_detection(to_place, own, routine);
    }

    /// Adds an occurrence that an alert counts.
    pub fn record_occurrence(
        &mut self,
        incident: i64,
        alert: i64,
        to_place: &AlertToPlace<'_>,
        own: &[LinkKey],
        routine: bool,
    ) {
        for key in own {
            let spans = self.spans.get_mut(&key.id).into_iter().flatten();
            if let Some(span) = spans.into_iter().find(|span| span.incident == incident) {
                span.extend(to_place.first, to_place.last, alert, routine);
            }
        }
        self.count_detection(to_place, own, routine);
    }

    /// Counts an occurrence among the detections on its entities.
    pub fn count_detection(&mut self, to_place: &AlertToPlace<'_>, own: &[LinkKey], routine: bool) {
        let (day, hour) = (to_place.first / DAY, to_place.first % DAY / HOUR);
        for key in own {
            let known = self.days.entry(key.id).or_default().entry(day).or_default();
            // Each detection counts once an hour, so that a flood of one does not make an asset busy.
            let fresh = !reach::is_asset(key.kind) || known.add(to_place.detection, hour);
            if fresh && !routine {
                known.alerts += 1;
            }
            if fresh {
                self.dirty.insert((key.id, day));
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
        for spans in self.spans.values_mut().filter(|spans| spans.iter().any(|span| gone.contains(&span.incident))) {
            let (moved, stay): (Vec<Span>, Vec<Span>) =
                std::mem::take(spans).into_iter().partition(|span| gone.contains(&span.incident));
            *spans = stay;
            for mut moved in moved {
                moved.incident = kept;
                match spans.iter_mut().find(|span| span.incident == kept) {
                    Some(span) => span.absorb(&moved),
                    None => spans.push(moved),
                }
            }
        }
    }
}
