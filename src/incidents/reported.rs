//! What the alerts of an incident say of its entities: names and facts as these alerts reported them (R17),
//! not what the same entity was called elsewhere.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::importance::is_asset;
use crate::schema::{alerts, evidence};

/// Facts and further names that an entity shows.
const SHOWN: usize = 12;

/// Label and value of each fact.
type Facts = Vec<(String, String)>;

/// What one alert says of an entity and others do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertFacts {
    pub alert: i64,
    pub at: i64,
    pub facts: Facts,
}

/// What alerts say of one entity.
#[derive(Debug, Default)]
pub(super) struct Reported {
    names: Vec<String>,
    by_alert: Vec<AlertFacts>,
}

/// What some pieces of evidence say of their entities, in the order of their alerts.
pub(super) fn by_entity(conn: &mut AnyConnection, pieces: &[i64]) -> Result<HashMap<i64, Reported>> {
    let rows: Vec<(i64, i64, i64, String, String)> = evidence::table
        .inner_join(alerts::table)
        .filter(evidence::id.eq_any(pieces))
        .order((alerts::first_activity, alerts::id, evidence::id))
        .select((evidence::entity_id, evidence::alert_id, evidence::first_seen, evidence::name, evidence::facts))
        .load(conn)?;
    let mut found: HashMap<i64, Reported> = HashMap::new();
    for (entity, alert, at, name, facts) in rows {
        let reported = found.entry(entity).or_default();
        add(&mut reported.names, name);
        reported.by_alert.push(AlertFacts { alert, at, facts: serde_json::from_str(&facts).unwrap_or_default() });
    }
    Ok(found)
}

fn add<T: PartialEq>(list: &mut Vec<T>, one: T) {
    if list.len() < SHOWN && !list.contains(&one) {
        list.push(one);
    }
}

impl Reported {
    /// The name under which the incident shows it: of an asset its best name, of anything else one that was
    /// reported here.
    pub fn shown_name(&self, kind: &str, best: &str) -> String {
        let is_asset = is_asset(kind);
        let known = is_asset || self.names.iter().any(|name| name == best);
        self.names.first().filter(|_| !known).map_or_else(|| best.to_owned(), Clone::clone)
    }

    /// The facts, with the further names that were reported here, and those that differ by alert.
    pub fn take_facts(&mut self, kind: &str, best: &str) -> (Facts, Vec<AlertFacts>) {
        let by_alert = std::mem::take(&mut self.by_alert);
        let (mut facts, by_alert) = if kind == "process" { shared(by_alert) } else { (all(by_alert), Vec::new()) };
        let shown = self.shown_name(kind, best);
        let others = self.names.iter().filter(|name| !name.eq_ignore_ascii_case(&shown));
        facts.extend(others.map(|name| ("Also reported as".to_owned(), name.clone())));
        (facts, by_alert)
    }
}

fn all(by_alert: Vec<AlertFacts>) -> Facts {
    let mut facts = Facts::new();
    for fact in by_alert.into_iter().flat_map(|one| one.facts) {
        add(&mut facts, fact);
    }
    facts
}

/// What all alerts say of a process, and what each says alone. The same command may run several times: the number
/// of one run and the parent of another are no process.
fn shared(mut by_alert: Vec<AlertFacts>) -> (Facts, Vec<AlertFacts>) {
    let Some((first, others)) = by_alert.split_first() else { return Default::default() };
    let everywhere = |fact: &&(String, String)| others.iter().all(|other| other.facts.contains(fact));
    let facts: Facts = first.facts.iter().filter(everywhere).cloned().collect();
    for one in &mut by_alert {
        one.facts.retain(|fact| !facts.contains(fact));
    }
    by_alert.retain(|one| !one.facts.is_empty());
    (facts, by_alert)
}

#[cfg(test)]
mod tests {
    use super::{AlertFacts, Facts, Reported};

    fn facts(list: &[(&str, &str)]) -> Facts {
        list.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect()
    }

    fn reported(each: &[&[(&str, &str)]]) -> Reported {
        let by_alert = (1..).zip(each).map(|(alert, list)| AlertFacts { alert, at: alert, facts: facts(list) });
        Reported { names: vec!["a.exe".to_owned()], by_alert: by_alert.collect() }
    }

    #[test]
    fn the_facts_of_two_runs_of_a_process_are_not_mixed() {
        let runs: [&[(&str, &str)]; 2] = [
            &[("Command line", "a.exe /x"), ("Process ID", "7"), ("Parent", "b.exe")],
            &[("Command line", "a.exe /x"), ("Process ID", "8"), ("Parent", "c.exe")],
        ];
        let (shared, by_alert) = reported(&runs).take_facts("process", "a.exe");
        assert_eq!(shared, facts(&[("Command line", "a.exe /x")]));
        let differing: Vec<(i64, Facts)> = by_alert.into_iter().map(|one| (one.alert, one.facts)).collect();
        assert_eq!(differing, [(1, facts(&runs[0][1..])), (2, facts(&runs[1][1..]))]);
    }

    #[test]
    fn what_every_alert_says_of_a_process_is_said_once() {
        let run: &[(&str, &str)] = &[("Process ID", "7")];
        assert_eq!(reported(&[run, run]).take_facts("process", "a.exe"), (facts(run), Vec::new()));
    }

    #[test]
    fn facts_of_anything_else_are_those_of_all_alerts() {
        let (all, by_alert) = reported(&[&[("OS", "11")], &[("OS", "11"), ("Risk", "high")]]).take_facts("device", "a");
        assert_eq!(all, facts(&[("OS", "11"), ("Risk", "high"), ("Also reported as", "a.exe")]));
        assert!(by_alert.is_empty());
    }
}
