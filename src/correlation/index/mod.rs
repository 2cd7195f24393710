//! What is known around a batch of alerts: where their entities were active, how busy they are, which
//! detections are routine on them. Loaded by index, a few statements a batch whatever is stored, and
//! kept up to date in memory as the batch's alerts are placed.

mod day;
mod load;
mod store;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::clock::{DAY, HOUR};
use crate::correlation::candidate::{Candidate, Near, Shared};
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
pub struct Thing {
    pub id: i64,
    pub kind: EvidenceKind,
    pub name: String,
}

/// An alert about to be placed.
#[derive(Debug)]
pub struct Arriving<'a> {
    pub first: i64,
    pub last: i64,
    pub category: &'a str,
    pub severity: Severity,
    /// The name under which its detection is remembered.
    pub detection: &'a str,
    /// What it can be linked by, its entities' counterparts included.
    pub things: &'a [Thing],
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
struct Standing {
    open: bool,
    first: i64,
    last: i64,
    stage: Option<usize>,
}

/// The title and times of an alert at an end of a span.
#[derive(Debug, Clone)]
struct End {
    title: String,
    first: i64,
    last: i64,
}

/// See the module.
#[derive(Debug, Default)]
pub struct World {
    spans: HashMap<i64, Vec<Span>>,
    days: HashMap<i64, BTreeMap<i64, Day>>,
    incidents: HashMap<i64, Standing>,
    ends: HashMap<i64, End>,
    apart: HashSet<(i64, i64)>,
    /// Days of entities that are not stored as they are.
    dirty: BTreeSet<(i64, i64)>,
}

/// Entities of a batch, each with when the batch's alerts touch it.
#[derive(Debug, Default)]
pub struct Wanted {
    things: BTreeMap<i64, (EvidenceKind, i64, i64)>,
    /// The widest reach that a rule of the house says.
    within: i64,
}

impl Wanted {
    pub fn add(&mut self, arriving: &Arriving<'_>) {
        let (first, last) = (arriving.first, arriving.last);
        self.within = self.within.max(arriving.within.unwrap_or(0));
        for thing in arriving.things {
            let known = self.things.entry(thing.id).or_insert((thing.kind, first, last));
            *known = (thing.kind, known.1.min(first), known.2.max(last));
        }
    }
}

impl World {
    pub fn load(conn: &mut AnyConnection, wanted: &Wanted) -> Result<Self> {
        let mut world = Self::default();
        world.load_days(conn, wanted)?;
        world.load_spans(conn, wanted)?;
        world.drop_lone(conn)?;
        world.load_ends(conn)?;
        world.load_apart(conn)?;
        Ok(world)
    }

    /// The open incidents that alerts of the batch might join.
    pub fn open_incidents(&self) -> Vec<i64> {
        self.incidents.iter().filter(|(_, standing)| standing.open).map(|(id, _)| *id).collect()
    }

    /// Takes over what a claimed incident is now.
    pub fn learn(&mut self, incident: &Incident) {
        let stage = incident.scope.categories.iter().map(|category| naming::stage_order(category));
        let standing = Standing {
            open: incident.is_open(),
            first: incident.first_activity,
            last: incident.last_activity,
            stage: stage.filter(|stage| *stage < naming::stages().len()).max(),
        };
        self.incidents.insert(incident.id, standing);
    }

    /// The same after a merge, keeping the activity that is known only here.
    pub fn relearn(&mut self, incident: &Incident) {
        let known = self.incidents.get(&incident.id).cloned();
        self.learn(incident);
        if let (Some(known), Some(standing)) = (known, self.incidents.get_mut(&incident.id)) {
            (standing.first, standing.last) = (standing.first.min(known.first), standing.last.max(known.last));
            standing.stage = standing.stage.max(known.stage);
        }
    }

    /// Whether a person took two incidents apart.
    pub fn are_apart(&self, one: i64, other: i64) -> bool {
        self.apart.contains(&(one.min(other), one.max(other)))
    }

    /// How busy a thing was around `at`: its detections, each counted once an hour, routine ones left out.
    fn seen(&self, entity: i64, at: i64) -> i64 {
        let day = at / DAY;
        let days = self.days.get(&entity);
        days.map_or(0, |days| days.range(day - MEMORY_DAYS..=day + MEMORY_DAYS).map(|(_, day)| day.alerts).sum())
    }

    /// Whether the alert's detection is routine on one of its assets.
    pub fn is_routine(&self, arriving: &Arriving<'_>) -> bool {
        let assets = arriving.things.iter().filter(|thing| reach::is_asset(thing.kind));
        let hours = assets.map(|thing| self.other_hours(thing.id, arriving.detection, arriving.first)).max();
        reach::is_routine(arriving.severity, hours.unwrap_or(0))
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
    pub fn candidates(&self, arriving: &Arriving<'_>, routine: bool) -> Vec<Candidate> {
        let stage = naming::stage_order(arriving.category);
        let mut found: BTreeMap<i64, Candidate> = BTreeMap::new();
        for thing in arriving.things {
            let seen = self.seen(thing.id, arriving.first);
            let reach = reach::reach(thing.kind, seen).map(|reach| arriving.within.unwrap_or(reach));
            for span in self.spans.get(&thing.id).into_iter().flatten() {
                let Some(standing) = self.incidents.get(&span.incident) else { continue };
                let Some(shared) = self.shared(thing, arriving, span, standing, reach, seen, routine) else { continue };
                found
                    .entry(span.incident)
                    .or_insert_with(|| Candidate {
                        incident: span.incident,
                        open: standing.open,
                        follows: stage < naming::stages().len() && standing.stage.is_some_and(|latest| stage >= latest),
                        shared: Vec::new(),
                    })
                    .shared
                    .push(shared);
            }
        }
        found.into_values().collect()
    }

    #[expect(clippy::too_many_arguments, reason = "what one shared thing is made of; called once")]
    fn shared(
        &self,
        thing: &Thing,
        arriving: &Arriving<'_>,
        span: &Span,
        standing: &Standing,
        reach: Option<i64>,
        seen: i64,
        routine: bool,
    ) -> Option<Shared> {
        let apart = |first: i64, last: i64| (first - arriving.last).max(arriving.first - last).max(0);
        let made = |gap: i64, reach: i64, is_routine: bool, near: Option<Near>| Shared {
            kind: thing.kind,
            name: thing.name.clone(),
            gap,
            reach,
            seen,
            routine: is_routine,
            near,
        };
        if let Some((first, last)) = span.link {
            let reach = reach?;
            let reach = if routine { reach.min(ROUTINE_NEAR) } else { reach };
            return Some(made(apart(first, last), reach, false, self.near(span, arriving)));
        }
        if !routine || !reach::is_asset(thing.kind) {
            return None;
        }
        let whole = standing.last.max(arriving.first) - standing.first.min(arriving.first);
        let reach = if whole <= ROUTINE_SPAN { ROUTINE_SPAN } else { -1 };
        Some(made(apart(span.first, span.last), reach, true, None))
    }

    /// The nearer of the alerts at the two ends of a span.
    fn near(&self, span: &Span, arriving: &Arriving<'_>) -> Option<Near> {
        span.ends
            .into_iter()
            .flatten()
            .filter_map(|id| self.ends.get(&id))
            .map(|end| {
                let after = if arriving.first >= end.first {
                    (arriving.first - end.last).max(0)
                } else {
                    (arriving.last - end.first).min(0)
                };
                Near { title: end.title.clone(), after }
            })
            .min_by_key(|near| near.after.abs())
    }

    /// Notes a placed alert, so that the next of the batch finds it. `own` are its own entities;
    /// counterparts are not active by it.
    pub fn note(
        &mut self,
        incident: i64,
        alert: i64,
        title: &str,
        arriving: &Arriving<'_>,
        own: &[Thing],
        routine: bool,
    ) {
        let (first, last) = (arriving.first, arriving.last);
        self.ends.insert(alert, End { title: title.to_owned(), first, last });
        if let Some(standing) = self.incidents.get_mut(&incident) {
            (standing.first, standing.last) = (standing.first.min(first), standing.last.max(last));
            let stage = naming::stage_order(arriving.category);
            if stage < naming::stages().len() {
                standing.stage = Some(standing.stage.map_or(stage, |latest| latest.max(stage)));
            }
        }
        for thing in own {
            let spans = self.spans.entry(thing.id).or_default();
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
        self.count(arriving, own, routine);
    }

    /// Notes a repeat that an alert counts.
    pub fn repeated(&mut self, incident: i64, alert: i64, arriving: &Arriving<'_>, own: &[Thing], routine: bool) {
        for thing in own {
            let spans = self.spans.get_mut(&thing.id).into_iter().flatten();
            if let Some(span) = spans.into_iter().find(|span| span.incident == incident) {
                span.extend(arriving.first, arriving.last, alert, routine);
            }
        }
        self.count(arriving, own, routine);
    }

    /// Counts an occurrence towards how busy its things are and how routine its detection is.
    pub fn count(&mut self, arriving: &Arriving<'_>, own: &[Thing], routine: bool) {
        let (day, hour) = (arriving.first / DAY, arriving.first % DAY / HOUR);
        for thing in own {
            let known = self.days.entry(thing.id).or_default().entry(day).or_default();
            // A flood of one detection does not make an asset busy: each counts once an hour.
            let fresh = !reach::is_asset(thing.kind) || known.note(arriving.detection, hour);
            if fresh && !routine {
                known.alerts += 1;
            }
            if fresh {
                self.dirty.insert((thing.id, day));
            }
        }
    }

    /// Two incidents became one: everything of `gone` is in `kept`.
    pub fn merged(&mut self, kept: i64, gone: i64) {
        self.incidents.remove(&gone);
        // Whoever is apart from one of them is apart from both.
        let thirds: Vec<i64> = self
            .apart
            .iter()
            .filter_map(|(one, other)| match gone {
                id if id == *one => Some(*other),
                id if id == *other => Some(*one),
                _ => None,
            })
            .filter(|third| *third != kept)
            .collect();
        self.apart.extend(thirds.into_iter().map(|third| (kept.min(third), kept.max(third))));
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
