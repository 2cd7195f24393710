//! Compares two results of ingesting the same alerts: which are divided differently, which are hidden, and how many
//! incidents the queue would show. What is divided as before stays in the incidents that are stored, as people have
//! moved, merged and resolved them, so that the count without the change is the queue's own.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::ingest::rule_trial::rebuild::Record;
use crate::ingest::rule_trial::report::{Hidden, LISTED, Regrouped, Report, StoredIncident};
use crate::model::incident::{QUEUE_SEVERITIES, QUEUE_STATUSES, Status};
use crate::model::severity::Severity;
use crate::schema::{alert_occurrences, alerts, incidents};

/// How a trial divided the stored alerts.
#[derive(Debug, Default)]
pub struct Groups {
    /// The trial's incident of each stored alert, also where it was counted as a repeat of another.
    incidents: HashMap<i64, i64>,
    /// Those incidents that the queue would show.
    in_queue: HashSet<i64>,
}

impl Groups {
    /// The trial's incident of a stored alert; none where the alert is hidden.
    pub fn incident_of(&self, alert: i64) -> Option<i64> {
        self.incidents.get(&alert).copied()
    }

    /// How many alerts each incident has.
    pub fn sizes(&self) -> HashMap<i64, usize> {
        let mut sizes = HashMap::new();
        for incident in self.incidents.values() {
            *sizes.entry(*incident).or_default() += 1;
        }
        sizes
    }
}

/// Stored incidents that a change names.
const NAMED: usize = 5;

/// The incident of each alert, by the alert's stored id.
pub fn groups(conn: &mut AnyConnection) -> Result<Groups> {
    let mut rows: Vec<(String, i64)> =
        alerts::table.select((alerts::provider_alert_id, alerts::incident_id)).load(conn)?;
    let repeats = alert_occurrences::table.inner_join(alerts::table);
    let repeats: Vec<(String, i64)> =
        repeats.select((alert_occurrences::provider_alert_id, alerts::incident_id)).load(conn)?;
    rows.extend(repeats);
    let in_queue: Vec<i64> = incidents::table
        .filter(incidents::status.eq_any(QUEUE_STATUSES.map(Status::as_str)))
        .filter(incidents::severity.eq_any(QUEUE_SEVERITIES.map(Severity::as_str)))
        .select(incidents::id)
        .load(conn)?;
    let found = rows.into_iter().filter_map(|(id, incident)| Some((id.parse().ok()?, incident)));
    Ok(Groups { incidents: found.collect(), in_queue: in_queue.into_iter().collect() })
}

/// Compares them. Where the rules do not `regroup`, no regrouping is reported: the trials may differ only because an
/// incident was resolved.
pub fn compare(records: &[Record], without: &Groups, with: &Groups, regroups: bool) -> Report {
    let mut report = Report { regroups, ..Report::default() };
    let mut titles: BTreeMap<&str, usize> = BTreeMap::new();
    let mut divided = Divided::default();
    for record in records {
        match (without.incidents.get(&record.id), with.incidents.get(&record.id)) {
            (Some(one), Some(other)) => divided.add(record, *one, *other),
            (Some(_), None) => {
                *titles.entry(record.alert().title.trim()).or_default() += 1;
                report.hidden += 1;
            }
            (None, Some(_)) => report.shown_again += 1,
            (None, None) => report.hidden_anyway += 1,
        }
    }
    let mut titles: Vec<Hidden> =
        titles.into_iter().map(|(title, alerts)| Hidden { title: title.to_owned(), alerts }).collect();
    titles.sort_by(|a, b| b.alerts.cmp(&a.alerts).then_with(|| a.title.cmp(&b.title)));
    report.hidden_titles = titles.len();
    titles.truncate(LISTED);
    report.titles = titles;
    let parts = divided.parts();
    let regrouped = parts.iter().filter(|(ones, others)| regroups && (ones.len() > 1 || others.len() > 1));
    let mut changes: Vec<Regrouped> =
        regrouped.map(|(ones, others)| change(ones, others.len(), &divided.members)).collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.alerts));
    report.regrouped = changes.len();
    changes.truncate(LISTED);
    report.changes = changes;
    (report.before, report.after) = in_queue(records, &parts, without, with);
    report
}

/// An incident as it would be with the change.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Home {
    Stored(i64),
    OfTrial(i64),
}

/// How many incidents of the alerts the queue shows now, and would show with the change.
fn in_queue(records: &[Record], parts: &[Part], without: &Groups, with: &Groups) -> (usize, usize) {
    let is_same = |(ones, others): &&Part| {
        let shown = |ids: &BTreeSet<i64>, groups: &Groups| ids.iter().any(|id| groups.in_queue.contains(id));
        ones.len() == 1 && others.len() == 1 && shown(ones, without) == shown(others, with)
    };
    let same: BTreeSet<i64> = parts.iter().filter(is_same).flat_map(|(ones, _)| ones.iter().copied()).collect();
    let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
    for record in records.iter().filter(|record| record.in_queue) {
        before.insert(record.incident);
        match (without.incidents.get(&record.id), with.incidents.get(&record.id)) {
            (Some(_), None) => {}
            (Some(one), Some(other)) if !same.contains(one) => {
                if with.in_queue.contains(other) {
                    after.insert(Home::OfTrial(*other));
                }
            }
            // What is stored stays, whatever rules have hidden since.
            _ => {
                after.insert(Home::Stored(record.incident));
            }
        }
    }
    (before.len(), after.len())
}

type Links = BTreeMap<i64, BTreeSet<i64>>;
/// Incidents of one result, and those of the other that hold the same alerts.
type Part = (BTreeSet<i64>, BTreeSet<i64>);

/// How the alerts that both results hold are divided: each connects its incident of one to its incident of the other.
#[derive(Default)]
struct Divided<'r> {
    links: Links,
    back: Links,
    members: BTreeMap<i64, Vec<&'r Record>>,
}

impl<'r> Divided<'r> {
    fn add(&mut self, record: &'r Record, one: i64, other: i64) {
        self.links.entry(one).or_default().insert(other);
        self.back.entry(other).or_default().insert(one);
        self.members.entry(one).or_default().push(record);
    }

    /// The incidents that are connected, together.
    fn parts(&self) -> Vec<Part> {
        let mut visited: BTreeSet<i64> = BTreeSet::new();
        let mut parts = Vec::new();
        for start in self.links.keys() {
            if visited.contains(start) {
                continue;
            }
            let (mut ones, mut others) = (BTreeSet::from([*start]), BTreeSet::new());
            let mut waiting = vec![*start];
            while let Some(one) = waiting.pop() {
                for other in self.links.get(&one).into_iter().flatten() {
                    if others.insert(*other) {
                        let more = self.back.get(other).into_iter().flatten();
                        waiting.extend(more.filter(|one| ones.insert(**one)));
                    }
                }
            }
            visited.extend(&ones);
            parts.push((ones, others));
        }
        parts
    }
}

fn change(ones: &BTreeSet<i64>, after: usize, members: &BTreeMap<i64, Vec<&Record>>) -> Regrouped {
    let mut stored: Vec<i64> = Vec::new();
    let mut alerts = 0;
    for one in ones {
        let records = members.get(one).map(Vec::as_slice).unwrap_or_default();
        alerts += records.len();
        if let Some(id) = majority(records)
            && !stored.contains(&id)
        {
            stored.push(id);
        }
    }
    let more = stored.len().saturating_sub(NAMED);
    let stored = stored.into_iter().take(NAMED).map(|id| StoredIncident { id, name: String::new() }).collect();
    Regrouped { alerts, before: ones.len(), after, stored, more }
}

/// The stored incident that holds most of the alerts.
fn majority(records: &[&Record]) -> Option<i64> {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for record in records {
        *counts.entry(record.incident).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(id, count)| (*count, std::cmp::Reverse(*id))).map(|(id, _)| id)
}

/// Fills in the names of the stored incidents.
pub fn name_incidents(conn: &mut AnyConnection, report: &mut Report) -> Result<()> {
    let ids: Vec<i64> = report.changes.iter().flat_map(|change| &change.stored).map(|stored| stored.id).collect();
    let names: HashMap<i64, String> = incidents::table
        .filter(incidents::id.eq_any(&ids))
        .select((incidents::id, incidents::name))
        .load::<(i64, String)>(conn)?
        .into_iter()
        .collect();
    for stored in report.changes.iter_mut().flat_map(|change| &mut change.stored) {
        stored.name = names.get(&stored.id).cloned().unwrap_or_default();
    }
    Ok(())
}
