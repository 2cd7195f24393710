//! What is known around a batch of alerts: where their entities were active, how busy they are, which
//! detections are routine on them. Loaded by index, a few statements a batch whatever is stored, and
//! kept up to date in memory as the batch's alerts are placed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::upsert::excluded;

use crate::alerts::incoming::EvidenceKind;
use crate::clock::{DAY, HOUR};
use crate::correlation::reach::{self, MEMORY_DAYS, ROUTINE_NEAR, ROUTINE_SPAN};
use crate::correlation::{Candidate, Near, Shared};
use crate::db::{AnyConnection, Tx};
use crate::each;
use crate::error::Result;
use crate::incidents::{Incident, Status, naming};
use crate::schema::{alerts, detection_days, entity_days, incidents_apart};
use crate::severity::Severity;

/// An incident's activity on a thing may end at most this much later than an alert that joins it.
const AHEAD: i64 = 7 * DAY;

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
    /// Its detection's name in `detection_days`.
    pub detection: &'a str,
    /// What it can be linked by, its entities' counterparts included.
    pub things: &'a [Thing],
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
    seen: HashMap<i64, BTreeMap<i64, i64>>,
    detections: HashMap<(i64, String), BTreeMap<i64, i64>>,
    incidents: HashMap<i64, Standing>,
    ends: HashMap<i64, End>,
    apart: HashSet<(i64, i64)>,
    dirty_days: HashSet<(i64, i64)>,
    dirty_detections: HashSet<(i64, String, i64)>,
}

#[derive(QueryableByName)]
struct SpanRow {
    #[diesel(sql_type = BigInt)]
    entity_id: i64,
    #[diesel(sql_type = BigInt)]
    incident_id: i64,
    #[diesel(sql_type = BigInt)]
    first_seen: i64,
    #[diesel(sql_type = BigInt)]
    last_seen: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    link_first: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    link_last: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    first_alert: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    last_alert: Option<i64>,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = BigInt)]
    first_activity: i64,
    #[diesel(sql_type = BigInt)]
    last_activity: i64,
}

#[derive(QueryableByName)]
struct DayRow {
    #[diesel(sql_type = BigInt)]
    entity_id: i64,
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    alerts: i64,
}

#[derive(QueryableByName)]
struct HoursRow {
    #[diesel(sql_type = BigInt)]
    entity_id: i64,
    #[diesel(sql_type = Text)]
    detection: String,
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    hours: i64,
}

/// Entities of a batch, each with when the batch's alerts touch it.
#[derive(Debug, Default)]
pub struct Wanted {
    things: BTreeMap<i64, (EvidenceKind, i64, i64)>,
    detections: BTreeMap<(i64, String), (i64, i64)>,
}

impl Wanted {
    pub fn add(&mut self, arriving: &Arriving<'_>) {
        let (first, last) = (arriving.first, arriving.last);
        for thing in arriving.things {
            let known = self.things.entry(thing.id).or_insert((thing.kind, first, last));
            *known = (thing.kind, known.1.min(first), known.2.max(last));
            if reach::is_asset(thing.kind) {
                let known = self.detections.entry((thing.id, arriving.detection.to_owned())).or_insert((first, first));
                *known = (known.0.min(first), known.1.max(first));
            }
        }
    }
}

/// Values listed in a statement: far below either database's limit of its text.
const LISTED: usize = 400;

impl World {
    pub fn load(conn: &mut AnyConnection, wanted: &Wanted) -> Result<Self> {
        let mut world = Self::default();
        world.load_days(conn, wanted)?;
        world.load_detections(conn, wanted)?;
        world.load_spans(conn, wanted)?;
        world.load_ends(conn)?;
        world.load_apart(conn)?;
        Ok(world)
    }

    fn load_days(&mut self, conn: &mut AnyConnection, wanted: &Wanted) -> Result<()> {
        let ranges: Vec<(i64, i64, i64)> = wanted
            .things
            .iter()
            .map(|(id, (_, first, last))| (*id, first / DAY - MEMORY_DAYS, last / DAY + MEMORY_DAYS))
            .collect();
        for ranges in ranges.chunks(LISTED) {
            let sql = format!(
                "WITH v(entity, lo, hi) AS ({}) SELECT d.entity_id, d.day, d.alerts FROM v CROSS JOIN entity_days d \
                 WHERE d.entity_id = v.entity AND d.day >= v.lo AND d.day <= v.hi",
                values(ranges)
            );
            for row in diesel::sql_query(sql).load::<DayRow>(conn)? {
                self.seen.entry(row.entity_id).or_default().insert(row.day, row.alerts);
            }
        }
        Ok(())
    }

    fn load_detections(&mut self, conn: &mut AnyConnection, wanted: &Wanted) -> Result<()> {
        let wanted: Vec<_> = wanted.detections.iter().collect();
        for wanted in wanted.chunks(LISTED) {
            let mut listed = String::from("VALUES ");
            for (index, ((entity, detection), (first, last))) in wanted.iter().enumerate() {
                // A detection's name is a hexadecimal hash of our own.
                let comma = if index == 0 { "" } else { "," };
                let (lo, hi) = (first / DAY - MEMORY_DAYS, last / DAY + MEMORY_DAYS);
                let _ = write!(listed, "{comma}(CAST({entity} AS bigint),'{detection}',{lo},{hi})");
            }
            let sql = format!(
                "WITH v(entity, detection, lo, hi) AS ({listed}) SELECT d.entity_id, d.detection, d.day, d.hours \
                 FROM v CROSS JOIN detection_days d WHERE d.entity_id = v.entity AND d.detection = v.detection \
                 AND d.day >= v.lo AND d.day <= v.hi"
            );
            for row in diesel::sql_query(sql).load::<HoursRow>(conn)? {
                self.detections.entry((row.entity_id, row.detection)).or_default().insert(row.day, row.hours);
            }
        }
        Ok(())
    }

    fn load_spans(&mut self, conn: &mut AnyConnection, wanted: &Wanted) -> Result<()> {
        let mut ranges = Vec::with_capacity(wanted.things.len());
        for (id, (kind, first, last)) in &wanted.things {
            let Some(mut wide) = reach::reach(*kind, self.seen(*id, *first)) else { continue };
            if reach::is_asset(*kind) {
                wide = wide.max(ROUTINE_SPAN);
            }
            ranges.push((*id, first.saturating_sub(wide), last.saturating_add(wide)));
        }
        for ranges in ranges.chunks(LISTED) {
            let sql = format!(
                "WITH v(entity, lo, hi) AS ({}) SELECT e.entity_id, e.incident_id, e.first_seen, e.last_seen, \
                 e.link_first, e.link_last, e.first_alert, e.last_alert, i.status, i.first_activity, i.last_activity \
                 FROM v CROSS JOIN incident_entities e JOIN incidents i ON i.id = e.incident_id \
                 WHERE e.entity_id = v.entity AND e.last_seen >= v.lo AND e.last_seen <= v.hi + {AHEAD} \
                 AND e.first_seen <= v.hi AND i.status <> 'redirected'",
                values(ranges)
            );
            for row in diesel::sql_query(sql).load::<SpanRow>(conn)? {
                let open = matches!(Status::parse(&row.status), Some(Status::Active | Status::InProgress));
                self.incidents.entry(row.incident_id).or_insert(Standing {
                    open,
                    first: row.first_activity,
                    last: row.last_activity,
                    stage: None,
                });
                self.spans.entry(row.entity_id).or_default().push(Span {
                    incident: row.incident_id,
                    first: row.first_seen,
                    last: row.last_seen,
                    link: row.link_first.zip(row.link_last),
                    ends: [row.first_alert, row.last_alert],
                });
            }
        }
        Ok(())
    }

    fn load_ends(&mut self, conn: &mut AnyConnection) -> Result<()> {
        let ids: HashSet<i64> =
            self.spans.values().flatten().flat_map(|span| span.ends.into_iter().flatten()).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        for ids in ids.chunks(LISTED) {
            let rows: Vec<(i64, String, i64, i64)> = alerts::table
                .filter(alerts::id.eq_any(ids))
                .select((alerts::id, alerts::title, alerts::first_activity, alerts::last_activity))
                .load(conn)?;
            self.ends.extend(rows.into_iter().map(|(id, title, first, last)| (id, End { title, first, last })));
        }
        Ok(())
    }

    fn load_apart(&mut self, conn: &mut AnyConnection) -> Result<()> {
        let ids: Vec<i64> = self.incidents.keys().copied().collect();
        for ids in ids.chunks(LISTED) {
            let pairs: Vec<(i64, i64)> = incidents_apart::table
                .filter(incidents_apart::one.eq_any(ids))
                .select((incidents_apart::one, incidents_apart::other))
                .load(conn)?;
            self.apart.extend(pairs);
        }
        Ok(())
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
        let days = self.seen.get(&entity);
        days.map_or(0, |days| days.range(day - MEMORY_DAYS..=day + MEMORY_DAYS).map(|(_, alerts)| alerts).sum())
    }

    /// Whether the alert's detection is routine on one of its assets.
    pub fn is_routine(&self, arriving: &Arriving<'_>) -> bool {
        let assets = arriving.things.iter().filter(|thing| reach::is_asset(thing.kind));
        let hours = assets.map(|thing| self.other_hours(thing.id, arriving.detection, arriving.first)).max();
        reach::is_routine(arriving.severity, hours.unwrap_or(0))
    }

    fn other_hours(&self, entity: i64, detection: &str, at: i64) -> u32 {
        let Some(days) = self.detections.get(&(entity, detection.to_owned())) else { return 0 };
        let (day, own) = (at / DAY, 1_i64 << (at % DAY / HOUR));
        days.range(day - MEMORY_DAYS..=day + MEMORY_DAYS)
            .map(|(known, hours)| if *known == day { (hours & !own).count_ones() } else { hours.count_ones() })
            .sum()
    }

    /// The incidents that share something with the alert.
    pub fn candidates(&self, arriving: &Arriving<'_>, routine: bool) -> Vec<Candidate> {
        let stage = naming::stage_order(arriving.category);
        let mut found: BTreeMap<i64, Candidate> = BTreeMap::new();
        for thing in arriving.things {
            let seen = self.seen(thing.id, arriving.first);
            let reach = reach::reach(thing.kind, seen);
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
            // A flood of one detection does not make an asset busy: each counts once an hour.
            let mut fresh = true;
            if reach::is_asset(thing.kind) {
                let key = (thing.id, arriving.detection.to_owned());
                let hours = self.detections.entry(key).or_default().entry(day).or_default();
                fresh = *hours & (1 << hour) == 0;
                if fresh {
                    *hours |= 1 << hour;
                    self.dirty_detections.insert((thing.id, arriving.detection.to_owned(), day));
                }
            }
            if fresh && !routine {
                *self.seen.entry(thing.id).or_default().entry(day).or_default() += 1;
                self.dirty_days.insert((thing.id, day));
            }
        }
    }

    /// Two incidents became one: everything of `gone` is in `kept`.
    pub fn merged(&mut self, kept: i64, gone: i64) {
        self.incidents.remove(&gone);
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

    /// What changed since the last call: alerts of an entity's day ...
    pub fn take_days(&mut self) -> Vec<(i64, i64, i64)> {
        let dirty = std::mem::take(&mut self.dirty_days);
        let alerts = |entity: &i64, day: &i64| self.seen.get(entity).and_then(|days| days.get(day)).copied();
        dirty.iter().filter_map(|(entity, day)| Some((*entity, *day, alerts(entity, day)?))).collect()
    }

    /// ... and the hours of a detection's day on an entity.
    pub fn take_detections(&mut self) -> Vec<(i64, String, i64, i64)> {
        let dirty = std::mem::take(&mut self.dirty_detections);
        dirty
            .into_iter()
            .filter_map(|(entity, detection, day)| {
                let hours = *self.detections.get(&(entity, detection.clone()))?.get(&day)?;
                Some((entity, detection, day, hours))
            })
            .collect()
    }
}

#[derive(Insertable)]
#[diesel(table_name = entity_days, treat_none_as_default_value = false)]
struct DayEntry {
    entity_id: i64,
    day: i64,
    alerts: i64,
}

#[derive(Insertable)]
#[diesel(table_name = detection_days, treat_none_as_default_value = false)]
struct HoursEntry {
    entity_id: i64,
    detection: String,
    day: i64,
    hours: i64,
}

/// Stores what [`World::take_days`] and [`World::take_detections`] give.
pub fn store(tx: &mut Tx<'_>, days: &[(i64, i64, i64)], detections: &[(i64, String, i64, i64)]) -> Result<()> {
    use {detection_days as h, entity_days as d};
    let days: Vec<DayEntry> =
        days.iter().map(|&(entity_id, day, alerts)| DayEntry { entity_id, day, alerts }).collect();
    for rows in days.chunks(LISTED) {
        each!(tx.conn, inner => diesel::insert_into(d::table)
            .values(rows)
            .on_conflict((d::entity_id, d::day))
            .do_update()
            .set(d::alerts.eq(excluded(d::alerts)))
            .execute(inner))?;
    }
    let detections: Vec<HoursEntry> = detections
        .iter()
        .map(|(entity_id, detection, day, hours)| HoursEntry {
            entity_id: *entity_id,
            detection: detection.clone(),
            day: *day,
            hours: *hours,
        })
        .collect();
    for rows in detections.chunks(LISTED) {
        each!(tx.conn, inner => diesel::insert_into(h::table)
            .values(rows)
            .on_conflict((h::entity_id, h::detection, h::day))
            .do_update()
            .set(h::hours.eq(excluded(h::hours)))
            .execute(inner))?;
    }
    Ok(())
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

/// "VALUES (1,2,3),(4,5,6)", typed by its first row.
fn values(rows: &[(i64, i64, i64)]) -> String {
    let mut text = String::from("VALUES ");
    for (index, (id, lo, hi)) in rows.iter().enumerate() {
        let _ = match index {
            0 => write!(text, "(CAST({id} AS bigint),CAST({lo} AS bigint),CAST({hi} AS bigint))"),
            _ => write!(text, ",({id},{lo},{hi})"),
        };
    }
    text
}
