//! The incidents that an alert is linked to, and whether its detection is routine.

use std::collections::BTreeMap;

use crate::clock::DAY;
use crate::correlation::candidate::{Candidate, NearestAlert, SharedKey};
use crate::correlation::index::types::{AlertToPlace, CorrelationIndex};
use crate::correlation::link_key::{LinkKey, LinkKind};
use crate::correlation::reach::ROUTINE_HOURS;
use crate::model::naming;

/// Most points that are looked at on each side of an alert: what links to those beyond links to these as well.
const LOOKED_AT: usize = 200;

impl CorrelationIndex {
    /// How far a key reaches at a time for a detection.
    pub(super) fn reach_at(&self, key: &LinkKey, detection: &str, at: i64) -> Option<i64> {
        if key.kind == LinkKind::Outbreak {
            let hours = self.hours.get(&key.id).map_or(0, |hours| hours.other_hours(detection, at));
            return key.kind.reach(0).filter(|_| hours == 0);
        }
        key.kind.reach(self.usual_on(key.id, key.kind, at.div_euclid(DAY)))
    }

    /// How many detections are usual on a key around a day.
    pub(super) fn usual_on(&self, key: i64, kind: LinkKind, day: i64) -> i64 {
        let Some(hours) = self.hours.get(&key) else { return 0 };
        let mut usual = self.usual.borrow_mut();
        *usual.entry(key).or_default().entry(day).or_insert_with(|| hours.usual(day, kind.counts_near()))
    }

    /// What an alert is gathered by whose detection is routine on one of its keys: the first asset by kind and name,
    /// so that it does not depend on which was known first.
    pub fn routine_on<'k>(&self, to_place: &AlertToPlace<'k>) -> Option<&'k LinkKey> {
        self.routine_key(to_place)?;
        to_place.link_keys.iter().filter(|key| key.has_routine()).min_by_key(|key| (key.kind, &key.name))
    }

    /// The key on which an alert's detection is routine: of several the first by kind and name.
    pub fn routine_key<'k>(&self, to_place: &AlertToPlace<'k>) -> Option<&'k LinkKey> {
        let is_routine = |key: &&LinkKey| key.has_routine() && self.other_hours(key, to_place) >= ROUTINE_HOURS;
        to_place.link_keys.iter().filter(is_routine).min_by_key(|key| (key.kind, &key.name))
    }

    /// In how many other hours of the week the alert's detection is seen on a key.
    pub fn other_hours(&self, key: &LinkKey, of: &AlertToPlace<'_>) -> u32 {
        self.hours.get(&key.id).map_or(0, |hours| hours.other_hours(of.detection, of.first))
    }

    /// How many detections are usual on a key when the alert came, and how far it reaches.
    pub fn usual_and_reach(&self, key: &LinkKey, of: &AlertToPlace<'_>) -> (i64, Option<i64>) {
        let usual = self.usual_on(key.id, key.kind, of.first.div_euclid(DAY));
        (usual, self.reach_at(key, of.detection, of.first))
    }

    /// What an alert shares with the nearest alerts of its own incident that it is linked to, at most `most` of them,
    /// the nearest first.
    pub fn neighbours(
        &self,
        to_place: &AlertToPlace<'_>,
        (incident, own): (i64, i64),
        keys: &[LinkKey],
        most: usize,
    ) -> Vec<Vec<SharedKey>> {
        let mut by_alert: BTreeMap<i64, Vec<SharedKey>> = BTreeMap::new();
        for key in keys {
            for (_, shared) in self.shared(to_place, key, &|other, alert| other == incident && alert != own) {
                by_alert.entry(shared.near.alert).or_default().push(shared);
            }
        }
        let mut found: Vec<Vec<SharedKey>> = by_alert.into_values().collect();
        found.sort_by_key(|shared| shared.iter().map(|one| one.gap).min());
        found.truncate(most);
        found
    }

    /// The incidents that the alert is linked to by some keys.
    pub fn candidates(&self, to_place: &AlertToPlace<'_>, keys: &[LinkKey]) -> Vec<Candidate> {
        self.linked(to_place, keys, None)
    }

    /// The incidents beside its own that a stored alert is linked to.
    pub fn candidates_besides(&self, to_place: &AlertToPlace<'_>, own: i64) -> Vec<Candidate> {
        self.linked(to_place, to_place.link_keys, Some(own))
    }

    fn linked(&self, to_place: &AlertToPlace<'_>, keys: &[LinkKey], own: Option<i64>) -> Vec<Candidate> {
        let stage = naming::stage_order(to_place.category);
        let mut found: BTreeMap<i64, Candidate> = BTreeMap::new();
        for key in keys {
            for (incident, shared) in self.shared(to_place, key, &|incident, _| Some(incident) != own) {
                let Some(state) = self.incidents.get(&incident) else { continue };
                let candidate = found.entry(incident).or_insert_with(|| Candidate {
                    incident,
                    open: state.open,
                    follows: stage < naming::stages().len() && state.stage.is_some_and(|latest| stage >= latest),
                    shared: Vec::new(),
                });
                match candidate.shared.iter_mut().find(|known| known.key == shared.key) {
                    Some(known) if known.gap <= shared.gap => {}
                    Some(known) => *known = shared,
                    None => candidate.shared.push(shared),
                }
            }
        }
        found.into_values().collect()
    }

    /// What the alert shares by one key with the incidents of the alerts before and after it, as far as they are within
    /// reach and `wanted`: by incident and alert.
    fn shared(
        &self,
        to_place: &AlertToPlace<'_>,
        key: &LinkKey,
        wanted: &dyn Fn(i64, i64) -> bool,
    ) -> Vec<(i64, SharedKey)> {
        let mut found: Vec<(i64, SharedKey)> = Vec::new();
        let Some(points) = self.points.get(&key.id) else { return found };
        let mut ends = vec![to_place.first, to_place.last];
        ends.dedup();
        for at in ends {
            let Some(own) = self.reach_at(key, to_place.detection, at) else { continue };
            let farthest = own.max(to_place.within.unwrap_or(0));
            let mut look = |points: &mut dyn Iterator<Item = &(i64, i64)>| {
                for (other, alert) in points.take(LOOKED_AT) {
                    let gap = (other - at).abs();
                    if gap > farthest {
                        break;
                    }
                    let placed = self.alerts.get(alert).filter(|placed| wanted(placed.incident, *alert));
                    let Some(placed) = placed else { continue };
                    let Some(its) = self.reach_at(key, to_place.detection, *other) else { continue };
                    let reach = to_place.within.unwrap_or(own.min(its));
                    let is_nearer = |known: &(i64, SharedKey)| known.0 == placed.incident && known.1.gap <= gap;
                    if gap > reach || found.iter().any(is_nearer) {
                        continue;
                    }
                    let near = NearestAlert { alert: *alert, title: placed.title.clone(), after: at - other };
                    found.push((placed.incident, SharedKey { key: key.clone(), gap, reach, near }));
                }
            };
            look(&mut points.range(..=(at, i64::MAX)).rev());
            look(&mut points.range((at, i64::MIN)..));
        }
        found
    }
}
