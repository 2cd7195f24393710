//! Neither the order in which alerts come nor the bodies that they come in decide about rows and incidents (R21).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::consistency::assert_consistent;
use crate::support::{World, world};

/// Which records became one row, and which are in one incident, by their ids.
#[derive(Debug, PartialEq, Eq)]
struct Grouping {
    rows: BTreeSet<BTreeSet<String>>,
    incidents: BTreeSet<BTreeSet<String>>,
}

/// A record of a sensor. `minute` counts from the beginning of a day.
pub(super) fn record(number: usize, minute: i64, (host, source): (usize, &str), rule: &str, level: i64) -> Value {
    let (day, hour, minute) = (11 + minute / 1_440, minute % 1_440 / 60, minute % 60);
    json!({
        "timestamp": format!("2026-11-{day:02}T{hour:02}:{minute:02}:00.000+0000"),
        "id": format!("record-{number}"),
        "rule": {"level": level, "description": rule, "id": "100", "groups": ["local"]},
        "agent": {"id": host.to_string(), "name": format!("host-{host}")},
        "manager": {"name": "manager"},
        "data": {"srcip": source},
        "location": "/var/log/auth.log",
    })
}

/// Three days of a site: what is routine by the hour, a scan of many hosts, an attack with pauses, and what repeats
/// here and there.
fn records(random: &mut fastrand::Rng) -> Vec<Value> {
    let mut records = Vec::new();
    for hour in 0..60 {
        records.push(record(records.len(), hour * 60 + random.i64(0..50), (1, "192.0.2.1"), "Routine check failed", 3));
    }
    for host in 0..12 {
        records.push(record(records.len(), 1_500 + random.i64(0..30), (host, "198.51.100.9"), "Port scan", 6));
    }
    for step in 0..12 {
        let (rule, source) = (format!("Attack step {}", step % 5), format!("203.0.113.{step}"));
        records.push(record(records.len(), 1_530 + step * random.i64(5..25), (2, &source), &rule, 10));
    }
    for _ in 0..60 {
        let (rule, minute) = (format!("Detection {}", random.i64(0..15)), random.i64(0..4_300));
        records.push(record(records.len(), minute, (random.usize(0..8), "192.0.2.7"), &rule, random.i64(3..12)));
    }
    records
}

/// Sends records in this order, so many in a body.
fn sent(records: &[Value], body: usize) -> World {
    let world = world();
    for part in records.chunks(body) {
        let lines: Vec<String> = part.iter().map(Value::to_string).collect();
        assert_eq!(world.post_alerts(&lines.join("\n")).status, 200);
    }
    world
}

fn grouping(world: &World) -> Grouping {
    let all = world.texts(
        "SELECT provider_alert_id || ' ' || id || ' ' || incident_id AS text FROM alerts UNION ALL \
         SELECT o.provider_alert_id || ' ' || a.id || ' ' || a.incident_id AS text \
         FROM alert_occurrences o JOIN alerts a ON a.id = o.alert_id",
    );
    let (mut rows, mut incidents) =
        (BTreeMap::<String, BTreeSet<String>>::new(), BTreeMap::<String, BTreeSet<String>>::new());
    for line in &all {
        let [record, alert, incident] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        rows.entry(alert.to_owned()).or_default().insert(record.to_owned());
        incidents.entry(incident.to_owned()).or_default().insert(record.to_owned());
    }
    Grouping { rows: rows.into_values().collect(), incidents: incidents.into_values().collect() }
}

#[test]
fn any_order_and_any_bodies_end_in_the_same_rows_and_incidents() {
    for seed in 1..=3 {
        let mut random = fastrand::Rng::with_seed(seed);
        let records = records(&mut random);
        let mut in_time = records.clone();
        in_time.sort_by_key(|record| record["timestamp"].as_str().unwrap().to_owned());
        let expected = grouping(&sent(&in_time, 1_000));
        let told: usize = expected.rows.iter().map(BTreeSet::len).sum();
        assert_eq!(told, records.len(), "each record is in one row");
        assert!(expected.incidents.iter().any(|incident| incident.len() > 10), "{expected:?}");
        let newest_first: Vec<Value> = in_time.iter().rev().cloned().collect();
        let mut shuffled = records.clone();
        random.shuffle(&mut shuffled);
        for (what, records, body) in
            [("in time", &in_time, 7), ("newest first", &newest_first, 20), ("shuffled", &shuffled, 5)]
        {
            let world = sent(records, body);
            let found = grouping(&world);
            assert_eq!(found.rows, expected.rows, "rows of seed {seed}, {what}, {body} in a body");
            assert_eq!(found.incidents, expected.incidents, "incidents of seed {seed}, {what}, {body} in a body");
            assert_consistent(&world);
        }
    }
}
