//! What is known around a batch of alerts: where their entities were active, how busy they are, which
//! detections are routine on them. Loaded by index, a few statements a batch whatever is stored, and
//! kept up to date in memory as the batch's alerts are placed.

mod day;
mod load;
mod store;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::clock::{DAY, HOUR};
use crate::correlation::candidate::{Candidate, NearestAlert, SharedKey};
use crate::correlation::index::day::Day;
use crate::correlation::reach;
use crate::correlation::reach::{MEMORY_DAYS, ROUTINE_NEAR, ROUTINE_SPAN};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::entity::EvidenceKind;
use crate::model::incident::Incident;
use crate::model::naming;
use crate::model::severity::Severity;

/// Something that an alert can be linked by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkKey {
    pub id: i64,
    pub kind: EvidenceKind,
    pub name: String,
}

/// An alert about to be placed.
#[derive(Debug)]
pub struct AlertToPlace<'a> {
    pub first: i64,
    pub last: i64,
    pub category: &'a str,
    pub severity: Severity,
    /// The name under which its detection is remembered.
    pub detection: &'a str,
    /// What it can be linked by, its entities' counterparts included.
    pub link_keys: &'a [LinkKey],
    /// A reach that a rule of the house says instead of the computed one.
    pub within: Option<i64>,
}

/// When a thing was active in an incident.
#[derive(Debug, Clone)]
struct Span {
    incident: i64,
    first: i64,
    last: i64,
    /// The same by detections that are not routine.
    link: Option<(i64, i64)>,
    ends: [Option<i64>; 2],
}

#[derive(Debug, Clone)]
struct IncidentState {
    open: bool,
    first: i64,
    last: i64,
    stage: Option<usize>,
}

/// The title and times of an alert at an end of a span.
#[derive(Debug, Clone)]
struct SpanEnd {
    title: String,
    first: i64,
    last: i64,
}

/// See the module.
#[derive(Debug, Default)]
pub struct CorrelationIndex {
    spans: HashMap<i64, Vec<Span>>,
    days: HashMap<i64, BTreeMap<i64, Day>>,
    incidents: HashMap<i64, IncidentState>,
    ends: HashMap<i64, SpanEnd>,
    merge_exclusions: HashSet<(i64, i64)>,
    /// Days of entities that are not stored as they are.
    dirty: BTreeSet<(i64, i64)>,
}

/// Entities of a batch, each with when the batch's alerts touch it.
#[derive(Debug, Default)]
pub struct KeysToLoad {
    link_keys: BTreeMap<i64, (EvidenceKind, i64, i64)>,
    /// The widest reach that a rule of the house says.
    within: i64,
}

impl KeysToLoad {
    pub fn add(&mut self, to_place: &AlertToPlace<'_>) {
        let (first, last) = (to_place.first, to_place.last);
        self.within = self.within.max(to_place.within.unwrap_or(0));
        for key in to_place.link_keys {
            let known = self.link_keys.entry(key.id).or_insert((key.kind, first, last));
            *known = (key.kind, known.1.min(first), known.2.max(last));
        }
    }
}

impl CorrelationIndex {
    pub fn load(conn: &mut AnyConnection, keys: &KeysToLoad) -> Result<Self> {
        let mut index = Self::default();
        index.load_days(conn, keys)?;
        index.load_spans(conn, keys)?;
        index.drop_lone(conn)?;
        index.load_ends(conn)?;
        index.load_merge_exclusions(conn)?;
        Ok(index)
    }

    /// The open incidents that alerts of the batch might join.
    pub fn open_incidents(&self) -> Vec<i64> {
        self.incidents.iter().filter(|(_, state)| state.open).map(|(id, _)| *id).collect()
    }

    /// Takes over what a claimed incident is now.
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

    /// The same after a merge, keeping the activity that is known only here.
    pub fn update_after_merge(&mut self, incident: &Incident) {
        let known = self.incidents.get(&incident.id).cloned();
        self.update_incident(incident);
        if let (Some(known), Some(state)) = (known, self.incidents.get_mut(&incident.id)) {
            (state.first, state.last) = (state.first.min(known.first), state.last.max(known.last));
            state.stage = state.stage.max(known.stage);
        }
    }

    /// Whether a person took two incidents apart.
    pub fn is_merge_excluded(&self, one: i64, other: i64) -> bool {
        self.merge_exclusions.contains(&(one.min(other), one.max(other)))
    }

    /// How busy a thing was around `at`: its detections, each counted once an hour, routine ones left out.
    fn detections_around(&self, entity: i64, at: i64) -> i64 {
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
            let seen = self.detections_around(key.id, to_place.first);
            let reach = reach::reach(key.kind, seen).map(|reach| to_place.within.unwrap_or(reach));
            for span in self.spans.get(&key.id).into_iter().flatten() {
                let Some(state) = self.incidents.get(&span.incident) else { continue };
                let Some(shared) = self.shared(key, to_place, span, state, reach, seen, routine) else { continue };
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

    #[expect(clippy::too_many_arguments, reason = "what one shared key is made of; called once")]
    fn shared(
        &self,
        key: &LinkKey,
        to_place: &AlertToPlace<'_>,
        span: &Span,
        state: &IncidentState,
        reach: Option<i64>,
        seen: i64,
        routine: bool,
    ) -> Option<SharedKey> {
        let gap = |first: i64, last: i64| (first - to_place.last).max(to_place.first - last).max(0);
        let made = |gap: i64, reach: i64, is_routine: bool, near: Option<NearestAlert>| SharedKey {
            kind: key.kind,
            name: key.name.clone(),
            gap,
            reach,
            seen,
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
        let whole = state.last.max(to_place.first) - state.first.min(to_place.first);
        let reach = if whole <= ROUTINE_SPAN { ROUTINE_SPAN } else { -1 };
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

    /// Notes a placed alert, so that the next of the batch finds it. `own` are its own entities;
    /// counterparts are not active by it.
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

    /// Notes a repeat that an alert counts.
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

    /// Counts an occurrence towards how busy its things are and how routine its detection is.
    pub fn count_detection(&mut self, to_place: &AlertToPlace<'_>, own: &[LinkKey], routine: bool) {
        let (day, hour) = (to_place.first / DAY, to_place.first % DAY / HOUR);
        for key in own {
            let known = self.days.entry(key.id).or_default().entry(day).or_default();
            // A flood of one detection does not make an asset busy: each counts once an hour.
            let fresh = !reach::is_asset(key.kind) || known.add(to_place.detection, hour);
            if fresh && !routine {
                known.alerts += 1;
            }
            if fresh {
                self.dirty.insert((key.id, day));
            }
        }
    }

    /// Two incidents became one: everything of `gone` is in `kept`.
    pub fn merge_incidents(&mut self, kept: i64, gone: i64) {
        self.incidents.remove(&gone);
        // Whoever is apart from one of them is apart from both.
        let thirds: Vec<i64> = self
            .merge_exclusions
            .iter()
            .filter_map(|(one, other)| match gone {
                id if id == *one => Some(*other),
                id if id == *other => Some(*one),
                _ => None,
            })
            .filter(|third| *third != kept)
            .collect();
        self.merge_exclusions.extend(thirds.into_iter().map(|third| (kept.min(third), kept.max(third))));
        for spans in self.spans.values_mut() {
            let Some(at) = spans.iter().position(|span| span.incident == gone) else { continue };
            let mut moved = spans.swap_remove(at);
            moved.incident = kept;
            match spans.iter_mut().find(|span| span.incident == kept) {
                Some(span) => span.absorb(&moved),
                None => spans.push(moved),
            }
        }
    }
}

impl Span {
    fn extend(&mut self, first: i64, last: i64, alert: i64, routine: bool) {
        (self.first, self.last) = (self.first.min(first), self.last.max(last));
        if routine {
            return;
        }
        let (known_first, known_last) = self.link.unwrap_or((i64::MAX, i64::MIN));
        if first < known_first {
            self.ends[0] = Some(alert);
        }
        if last > known_last {
            self.ends[1] = Some(alert);
        }
        self.link = Some((known_first.min(first), known_last.max(last)));
    }

    fn absorb(&mut self, other: &Self) {
        (self.first, self.last) = (self.first.min(other.first), self.last.max(other.last));
        let Some((first, last)) = other.link else { return };
        let (known_first, known_last) = self.link.unwrap_or((i64::MAX, i64::MIN));
        if first < known_first {
            self.ends[0] = other.ends[0];
        }
        if last > known_last {
            self.ends[1] = other.ends[1];
        }
        self.link = Some((known_first.min(first), known_last.max(last)));
    }
}
