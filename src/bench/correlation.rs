//! Measures correlation against labels: the alerts of a file are ingested into a throw-away
//! database, in several orders and batch sizes, and the incidents are compared with the labels.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use serde_json::Value;

use crate::bench::score::{Score, score};
use crate::bench::scratch;
use crate::clock::{DAY, HOUR};
use crate::db::Db;
use crate::error::Result;
use crate::formats::format::Format;
use crate::formats::readers::body_reader::read_body;
use crate::ingest::pipeline::ingest;
use crate::model::actor::Actor;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingAlert};
use crate::schema::{alert_redirects, alerts, incidents};

/// The alerts of a file with their labels.
pub struct Labelled {
    records: Vec<Incoming>,
    /// By position; `None` is noise, which belongs to no attack.
    labels: Vec<Option<String>>,
    /// The same by the stricter labels, where the file has them.
    strict: Option<Vec<Option<String>>>,
    /// Records that were no alerts, or had no label.
    pub left_out: usize,
}

/// Where labels come from.
#[derive(Debug, Clone)]
pub enum Truth {
    /// Alert id (the provider's, or an alias) to group.
    Table(HashMap<String, String>),
    /// JSON Pointers into each record: to its label, and to the stricter one where it has one; null is noise.
    Pointers { label: String, strict: String },
}

/// The order in which alerts are ingested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    File,
    /// By first activity.
    Time,
    /// Random, from this seed.
    Shuffled(u64),
}

impl std::fmt::Display for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File => f.write_str("file"),
            Self::Time => f.write_str("time"),
            Self::Shuffled(seed) => write!(f, "shuffled {seed}"),
        }
    }
}

/// The result of a run.
#[derive(Debug, Clone)]
pub struct Figures {
    pub score: Score,
    /// Only where the file has noise.
    pub noise: Option<Noise>,
    /// By the stricter labels, where the file has them.
    pub strict: Option<(Score, Option<Noise>)>,
    pub incidents: usize,
    /// By position of the record, sorted.
    grouped: Vec<(usize, i64)>,
    /// Of incidents of more than one title, in order of their id.
    pub names: Vec<String>,
}

impl Figures {
    /// How far two runs agree: pairwise F1 of one grouping by the other.
    pub fn agreement(&self, other: &Self) -> f64 {
        let of_other: HashMap<usize, i64> = other.grouped.iter().copied().collect();
        let both: Vec<(i64, i64)> =
            self.grouped.iter().filter_map(|(index, group)| Some((*group, *of_other.get(index)?))).collect();
        score(&both).f1
    }
}

/// The result for noise.
#[derive(Debug, Clone, Copy)]
pub struct Noise {
    pub alerts: usize,
    /// Share of it that ended in incidents with attack alerts.
    pub swept: f64,
    pub incidents_a_day: f64,
    pub most_a_day: usize,
}

impl Labelled {
    /// Reads a body; a record counts when it is a lone alert.
    pub fn parse(body: &[u8], truth: &Truth) -> Self {
        let (mut records, mut labels, mut strict, mut left_out) = (Vec::new(), Vec::new(), Vec::new(), 0);
        let mut has_strict = false;
        for item in read_body(&Format::Auto, body) {
            let Ok(Incoming::Alert(alert, payload)) = item.record else {
                left_out += 1;
                continue;
            };
            let label = match truth {
                Truth::Table(table) => {
                    let mut known = std::iter::once(&alert.provider_alert_id).chain(&alert.aliases);
                    let Some(label) = known.find_map(|id| table.get(&id.to_lowercase())) else {
                        left_out += 1;
                        continue;
                    };
                    Some(label.clone())
                }
                Truth::Pointers { label, strict: stricter } => {
                    let record: Value = serde_json::from_str(&payload).unwrap_or_default();
                    let at = |pointer: &str| record.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
                    has_strict |= record.pointer(stricter).is_some();
                    strict.push(at(stricter));
                    at(label)
                }
            };
            labels.push(label);
            records.push(Incoming::Alert(alert, payload));
        }
        Self { records, labels, strict: has_strict.then_some(strict), left_out }
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    fn alert(&self, index: usize) -> Option<&IncomingAlert> {
        match self.records.get(index) {
            Some(Incoming::Alert(alert, _)) => Some(alert),
            _ => None,
        }
    }

    fn ordered(&self, order: Order) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.records.len()).collect();
        match order {
            Order::File => {}
            Order::Time => places.sort_by_key(|index| self.alert(*index).map(|alert| alert.first_activity)),
            Order::Shuffled(seed) => fastrand::Rng::with_seed(seed).shuffle(&mut places),
        }
        places
    }

    /// Runs the engine over the alerts.
    pub fn run(&self, order: Order, batch: usize) -> Result<Figures> {
        let (db, _folder) = scratch()?;
        let places = self.ordered(order);
        let mut stored: HashMap<usize, i64> = HashMap::with_capacity(places.len());
        for places in places.chunks(batch.max(1)) {
            let records: Vec<Incoming> = places.iter().filter_map(|index| self.records.get(*index).cloned()).collect();
            let results = db.write_now(|tx| ingest(tx, &Actor::System("Bench"), &records))?;
            stored.extend(places.iter().zip(results).filter_map(|(index, result)| Some((*index, result.alert_id?))));
        }
        let incidents = incidents_of_alerts(&db)?;
        let mut grouped: Vec<(usize, i64)> =
            stored.iter().filter_map(|(index, alert)| Some((*index, *incidents.get(alert)?))).collect();
        grouped.sort_unstable();
        Ok(self.figures(grouped, names(&db)?))
    }

    /// The result of linking by device within an hour, for comparison.
    pub fn by_device_within_an_hour(&self) -> Figures {
        let mut last: HashMap<String, (i64, i64)> = HashMap::new();
        let mut grouped = Vec::with_capacity(self.records.len());
        for index in self.ordered(Order::Time) {
            let Some(alert) = self.alert(index) else { continue };
            let device = alert.evidence.iter().find(|item| item.kind == EvidenceKind::Device);
            let key = device.map(|item| item.name.to_lowercase()).unwrap_or_default();
            let fresh = i64::try_from(index).unwrap_or(i64::MAX);
            let (group, until) = last.entry(key).or_insert((fresh, alert.last_activity));
            if alert.first_activity - *until > HOUR {
                *group = fresh;
            }
            *until = (*until).max(alert.last_activity);
            grouped.push((index, *group));
        }
        self.figures(grouped, Vec::new())
    }

    fn figures(&self, grouped: Vec<(usize, i64)>, names: Vec<String>) -> Figures {
        Figures {
            score: score_by(&self.labels, &grouped),
            noise: self.noise(&self.labels, &grouped),
            strict: self.strict.as_ref().map(|labels| (score_by(labels, &grouped), self.noise(labels, &grouped))),
            incidents: grouped.iter().map(|(_, incident)| incident).collect::<HashSet<_>>().len(),
            grouped,
            names,
        }
    }

    fn noise(&self, labels: &[Option<String>], grouped: &[(usize, i64)]) -> Option<Noise> {
        let label = |index: usize| labels.get(index).and_then(Option::as_ref);
        let alerts = grouped.iter().filter(|(index, _)| label(*index).is_none()).count();
        if alerts == 0 {
            return None;
        }
        let attacks: HashSet<i64> =
            grouped.iter().filter(|(index, _)| label(*index).is_some()).map(|(_, group)| *group).collect();
        let swept = grouped.iter().filter(|(index, group)| label(*index).is_none() && attacks.contains(group));
        let mut began: HashMap<i64, i64> = HashMap::new();
        let mut active: HashSet<i64> = HashSet::new();
        for (index, group) in grouped {
            let Some(alert) = self.alert(*index) else { continue };
            let first = began.entry(*group).or_insert(alert.first_activity);
            *first = (*first).min(alert.first_activity);
            active.insert(alert.first_activity / DAY);
        }
        let mut days: BTreeMap<i64, usize> = BTreeMap::new();
        for first in began.values() {
            *days.entry(first / DAY).or_default() += 1;
        }
        Some(Noise {
            alerts,
            swept: swept.count() as f64 / alerts as f64,
            incidents_a_day: began.len() as f64 / active.len().max(1) as f64,
            most_a_day: days.values().copied().max().unwrap_or(0),
        })
    }
}

fn score_by(labels: &[Option<String>], grouped: &[(usize, i64)]) -> Score {
    let label = |index: usize| labels.get(index).and_then(Option::as_ref);
    let labelled: Vec<(i64, &String)> =
        grouped.iter().filter_map(|(index, group)| Some((*group, label(*index)?))).collect();
    score(&labelled)
}

/// The incident of each alert, and of each that was folded into another.
fn incidents_of_alerts(db: &Db) -> Result<HashMap<i64, i64>> {
    db.read_now(|conn| {
        let rows: Vec<(i64, i64)> = alerts::table.select((alerts::id, alerts::incident_id)).load(conn)?;
        let mut incidents: HashMap<i64, i64> = rows.into_iter().collect();
        let folded: Vec<(i64, i64)> =
            alert_redirects::table.select((alert_redirects::alert_id, alert_redirects::to_alert)).load(conn)?;
        for (alert, into) in folded {
            if let Some(incident) = incidents.get(&into).copied() {
                incidents.insert(alert, incident);
            }
        }
        Ok(incidents)
    })
}

fn names(db: &Db) -> Result<Vec<String>> {
    db.read_now(|conn| {
        Ok(incidents::table
            .filter(incidents::status.ne("redirected"))
            .filter(incidents::alert_count.gt(1))
            .order(incidents::id)
            .select(incidents::name)
            .load(conn)?)
    })
}
