//! Compares two results of ingesting the same alerts: which are divided differently, which are hidden.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::ingest::rule_trial::rebuild::Record;
use crate::ingest::rule_trial::report::{Hidden, LISTED, Regrouped, Report, StoredIncident};
use crate::schema::{alerts, incidents};

/// The trial's incident of each stored alert.
pub type Groups = HashMap<i64, i64>;

/// Stored incidents that a change names.
const NAMED: usize = 5;

/// The incident of each alert, by the alert's stored id.
pub fn groups(conn: &mut AnyConnection) -> Result<Groups> {
    let rows: Vec<(String, i64)> = alerts::table.select((alerts::provider_alert_id, alerts::incident_id)).load(conn)?;
    Ok(rows.into_iter().filter_map(|(id, incident)| Some((id.parse().ok()?, incident))).collect())
}

pub fn compare(records: &[Record], without: &Groups, with: &Groups) -> Report {
    let count = |groups: &Groups| groups.values().collect::<BTreeSet<_>>().len();
    let mut report = Report { before: count(without), after: count(with), ..Report::default() };
    let mut titles: BTreeMap<&str, usize> = BTreeMap::new();
    // Each alert connects its incident of one result to its incident of the other.
    let mut links: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    let mut back: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    let mut members: BTreeMap<i64, Vec<&Record>> = BTreeMap::new();
    for record in records {
        let (one, other) = match (without.get(&record.id), with.get(&record.id)) {
            (Some(one), Some(other)) => (one, other),
            (Some(_), None) => {
                *titles.entry(record.alert().title.trim()).or_default() += 1;
                report.hidden += 1;
                continue;
            }
            (None, Some(_)) => {
                report.shown_again += 1;
                continue;
            }
            (None, None) => {
                report.hidden_anyway += 1;
                continue;
            }
        };
        links.entry(*one).or_default().insert(*other);
        back.entry(*other).or_default().insert(*one);
        members.entry(*one).or_default().push(record);
    }
    let mut titles: Vec<Hidden> =
        titles.into_iter().map(|(title, alerts)| Hidden { title: title.to_owned(), alerts }).collect();
    titles.sort_by(|a, b| b.alerts.cmp(&a.alerts).then_with(|| a.title.cmp(&b.title)));
    report.hidden_titles = titles.len();
    titles.truncate(LISTED);
    report.titles = titles;
    let mut changes = regrouped(&links, &back, &members);
    changes.sort_by_key(|change| std::cmp::Reverse(change.alerts));
    report.regrouped = changes.len();
    changes.truncate(LISTED);
    report.changes = changes;
    report
}

type Links = BTreeMap<i64, BTreeSet<i64>>;

/// The connected groups of incidents that are not one incident on both sides.
fn regrouped(links: &Links, back: &Links, members: &BTreeMap<i64, Vec<&Record>>) -> Vec<Regrouped> {
    let mut visited: BTreeSet<i64> = BTreeSet::new();
    let mut changes = Vec::new();
    for start in links.keys() {
        if visited.contains(start) {
            continue;
        }
        let (mut ones, mut others) = (BTreeSet::from([*start]), BTreeSet::new());
        let mut waiting = vec![*start];
        while let Some(one) = waiting.pop() {
            for other in links.get(&one).into_iter().flatten() {
                if others.insert(*other) {
                    waiting.extend(back.get(other).into_iter().flatten().filter(|one| ones.insert(**one)));
                }
            }
        }
        if ones.len() > 1 || others.len() > 1 {
            changes.push(change(&ones, others.len(), members));
        }
        visited.append(&mut ones);
    }
    changes
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
