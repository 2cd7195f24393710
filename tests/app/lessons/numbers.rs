//! The numbers are those of counting every alert and incident one by one.

use std::collections::BTreeMap;

use serde_json::Value;

use super::world::{act, alerts, counts_of, day, incidents, ingest, lessons, told};
use crate::support::product::clock;
use crate::support::{Browser, world};

const FILTERS: [&str; 9] = [
    "",
    "severity=high",
    "severity=low&severity=medium",
    "serviceSource=microsoftSentinel",
    "category=Execution",
    "assignedTo=omar",
    "assignedTo=none",
    "device=host-1",
    "user=user2&severity=high",
];

/// The days of some past, as dates.
fn dates(random: &mut fastrand::Rng) -> (String, String) {
    let (first, length) = (random.i64(0..40), random.i64(0..20));
    let date = |back: i64| {
        let at = jiff::Timestamp::from_microsecond(clock::now() - back * clock::DAY).unwrap();
        at.strftime("%Y-%m-%d").to_string()
    };
    (date(first), date((first - length).max(0)))
}

fn assert_counted(browser: &Browser, filter: &str, (from, to): &(String, String)) {
    let said = lessons(browser, &format!("from={from}&to={to}&{filter}"));
    let is_within = |row: &&Value| day(row) >= *from && day(row) <= *to;
    let (alerts, incidents) = (alerts(browser, filter), incidents(browser, filter));
    let of_alerts: Vec<&Value> = alerts.iter().filter(is_within).collect();
    let of_incidents: Vec<&Value> = incidents.iter().filter(is_within).collect();
    let what = format!("{filter} {from} to {to}");
    assert_eq!(told(&said["alerts"]), counts_of(of_alerts.iter().copied()), "alerts {what}");
    assert_eq!(told(&said["incidents"]), counts_of(of_incidents.iter().copied()), "incidents {what}");
    assert_eq!(by_name(&said["detections"], "title"), grouped(&of_alerts, |row| vec![text(row, "title")]), "{what}");
    let days =
        by_name(&said["days"], "day").into_iter().filter(|(_, counts)| counts[0] > 0).collect::<BTreeMap<_, _>>();
    assert_eq!(days, grouped(&of_alerts, |row| vec![day(row)]), "{what}");
    assert_eq!(
        by_name(&said["tactics"], "name"),
        grouped(&of_alerts, |row| vec![text(row, "category").to_lowercase()]),
        "{what}"
    );
    let assets = |row: &Value| {
        row["impactedAssets"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(by_name(&said["assets"], "name"), grouped(&of_alerts, assets), "{what}");
    let owner = |row: &Value| {
        vec![match row["assignedTo"].as_str() {
            Some("omar") => "Omar Haddad".to_owned(),
            Some("dana") => "Dana Reyes".to_owned(),
            _ => "Unassigned".to_owned(),
        }]
    };
    assert_eq!(by_name(&said["analysts"], "name"), grouped(&of_incidents, owner), "{what}");
}

fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap().to_owned()
}

fn by_name(rows: &Value, field: &str) -> BTreeMap<String, [i64; 5]> {
    let mut all: BTreeMap<String, [i64; 5]> = BTreeMap::new();
    for row in rows.as_array().unwrap() {
        let counts = all.entry(text(row, field)).or_default();
        for (sum, count) in counts.iter_mut().zip(told(row)) {
            *sum += count;
        }
    }
    all
}

fn grouped(rows: &[&Value], names: impl Fn(&Value) -> Vec<String>) -> BTreeMap<String, [i64; 5]> {
    let mut groups: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for row in rows {
        for name in names(row).into_iter().filter(|name| !name.is_empty()) {
            groups.entry(name).or_default().push(row);
        }
    }
    groups.into_iter().map(|(name, rows)| (name, counts_of(rows.iter().copied()))).collect()
}

#[test]
fn numbers_are_those_of_counting_one_by_one_for_any_days_and_filter() {
    let world = world();
    let dana = world.browser("dana");
    let mut random = fastrand::Rng::with_seed(14);
    ingest(&world, &mut random, 120);
    for _ in 0..40 {
        act(&dana, &mut random);
    }
    for filter in FILTERS {
        for _ in 0..3 {
            assert_counted(&dana, filter, &dates(&mut random));
        }
    }
}

#[test]
fn kept_sums_and_counting_one_by_one_say_the_same() {
    let world = world();
    let dana = world.browser("dana");
    let mut random = fastrand::Rng::with_seed(15);
    ingest(&world, &mut random, 80);
    for _ in 0..40 {
        act(&dana, &mut random);
    }
    // A filter that everything meets is counted one by one; without a filter, what is kept by day is added up.
    let everything = "severity=high&severity=medium&severity=low&severity=informational";
    for range in ["range=7d", "range=30d", "range=90d"] {
        let mut one_by_one = lessons(&dana, &format!("{range}&{everything}"));
        let mut kept = lessons(&dana, range);
        assert!(kept["alerts"]["total"].as_i64().unwrap() > 0);
        for said in [&mut one_by_one, &mut kept] {
            said["filter"] = Value::Null;
        }
        assert_eq!(one_by_one, kept, "{range}");
    }
}
