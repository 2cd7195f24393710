//! What stored alerts that are grouped otherwise keep: what people and house rules decided, and what repeats say.

use serde_json::{Value, json};

use super::order::record;
use crate::settings::rules::save;
use crate::support::page::text;
use crate::support::{World, alert, minutes_ago, world};

/// Sends records of a sensor in one body; returns the incident of each.
fn sent(world: &World, records: &[Value]) -> Vec<i64> {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    let answer = world.post_alerts(&lines.join("\n"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer: Value = serde_json::from_str(&answer.body).unwrap();
    let incident = |item: &Value| item["incidentId"].as_str().unwrap().parse().unwrap();
    answer["results"].as_array().unwrap().iter().map(incident).collect()
}

/// The incidents of the alerts with a title, in the order of the alerts' ids.
fn incidents_of(world: &World, title: &str) -> Vec<String> {
    world.texts(&format!("SELECT incident_id || '' AS text FROM alerts WHERE title = '{title}' ORDER BY id"))
}

fn on_web(title: &str, id: &str, minutes: i64) -> Value {
    alert(title).id(id).device("web-01.contoso.test").minutes_ago(minutes).json()
}

#[test]
fn what_a_rule_links_stays_linked_when_an_alert_goes_on() {
    let world = world();
    save(&world, &[("effect", "window"), ("amount", "3"), ("unit", "days")]);
    world.ingest(&[on_web("Old", "old", 60 * 60), on_web("Backup failed", "late", 1)]);
    world.ingest(&[on_web("Old", "old", 59 * 60)]);
    assert_eq!(incidents_of(&world, "Old"), incidents_of(&world, "Backup failed"));
}

#[test]
fn what_a_rule_keeps_apart_stays_apart_when_an_alert_goes_on() {
    let world = world();
    save(&world, &[("effect", "window"), ("amount", "5"), ("unit", "minutes")]);
    world.ingest(&[on_web("Odd", "odd", 40), on_web("Backup failed", "late", 1)]);
    world.ingest(&[on_web("Odd", "odd", 20)]);
    assert_ne!(incidents_of(&world, "Odd"), incidents_of(&world, "Backup failed"));
}

#[test]
fn a_repeat_does_not_raise_a_severity_that_a_rule_set() {
    let world = world();
    let ada = save(&world, &[("effect", "setSeverity"), ("severity", "low")]);
    sent(&world, &[record(0, 600, (1, "192.0.2.1"), "Backup failed", 12)]);
    sent(&world, &[record(1, 601, (1, "192.0.2.1"), "Backup failed", 13)]);
    let page = ada.page("/alerts/1");
    assert!(text(&page, "[data-live-severity]").contains("Low"));
    assert_eq!(world.count("SELECT occurrences AS n FROM alerts"), 2);
}

#[test]
fn a_flood_that_a_rule_resolves_is_one_alert_in_any_bodies_until_a_person_takes_it_up() {
    let world = world();
    let outcome = [("classification", "falsePositive:notMalicious"), ("note", "Tested every night.")];
    let ada = save(&world, &[("effect", "resolve"), outcome[0], outcome[1]]);
    let repeat = |number: usize, minute: i64| record(number, minute, (1, "192.0.2.1"), "Backup failed", 7);
    for (number, minute) in (600..604).enumerate() {
        sent(&world, &[repeat(number, minute)]);
    }
    assert_eq!(world.count("SELECT occurrences AS n FROM alerts"), 4);
    assert_eq!(text(&ada.page("/alerts/1"), "[data-live=status]"), "Resolved");
    ada.post("/alerts/1/comments", &[("body", "Is it the backup?")]);
    sent(&world, &[repeat(5, 605)]);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM alerts"), 2, "what comes after is another matter");
}

#[test]
fn an_incident_that_a_person_commented_on_keeps_its_alert_when_a_late_record_makes_it_a_repeat() {
    let world = world();
    // With this many detections on other days, alerts on the device link for half an hour.
    let busy: Vec<Value> = (5_000..5_130)
        .enumerate()
        .map(|(number, minute)| record(number, minute, (1, "192.0.2.1"), &format!("Other {number}"), 5))
        .collect();
    sent(&world, &busy);
    // Each is from another address, since one address would make them one incident.
    let series = |number: usize, minute: i64| {
        record(1_000 + number, minute, (1, &format!("203.0.113.{number}")), "Odd look-up", 7)
    };
    let ids = sent(&world, &[series(0, 600), series(1, 690)]);
    assert_ne!(ids[0], ids[1]);
    let dana = world.browser("dana");
    let answer = dana.post(&format!("/incidents/{}/comments", ids[1]), &[("body", "Asked the owner of the host.")]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    for number in 2..5 {
        sent(&world, &[series(number, 645)]);
    }
    assert_eq!(incidents_of(&world, "Odd look-up"), ids.iter().map(i64::to_string).collect::<Vec<_>>());
    assert_eq!(dana.comments(ids[1]).len(), 1);
    assert_eq!(world.count("SELECT CAST(SUM(occurrences) AS bigint) AS n FROM alerts WHERE title = 'Odd look-up'"), 5);
}

#[test]
fn an_alert_of_centuries_links_at_its_ends_only_and_is_soon_taken() {
    let world = world();
    let long = |title: &str| {
        let alert = alert(title).device("web-01.contoso.test").device("web-02.contoso.test");
        alert
            .with("firstActivityDateTime", "1970-01-02T00:00:00Z")
            .with("lastActivityDateTime", "9999-12-30T00:00:00Z")
            .json()
    };
    let (first, between) = (world.ingest(&[long("Clock is wrong")])[0], world.ingest(&[on_web("Odd", "odd", 40)])[0]);
    assert_ne!(first, between);
    assert_eq!(world.ingest(&[long("Clock is still wrong")]), [first]);
}

#[test]
fn alerts_of_an_incident_that_a_person_worked_on_are_not_gathered_after_it_was_merged() {
    let world = world();
    let on = |title: &str, device: &str, minutes| alert(title).device(device).minutes_ago(minutes).json();
    let first = world.ingest(&[on("Odd", "web-01.contoso.test", 100)])[0];
    let second = world.ingest(&[on("Port scan", "web-02.contoso.test", 99)])[0];
    world.browser("dana").post(&format!("/incidents/{second}/comments"), &[("body", "Mine.")]);
    let both = alert("Tie").device("web-01.contoso.test").device("web-02.contoso.test").minutes_ago(98).json();
    assert_eq!(world.ingest(&[both]), [first]);
    let routine: Vec<Value> = (4..40).map(|hour| on("Port scan", "web-02.contoso.test", hour * 60)).collect();
    world.ingest(&routine);
    assert_eq!(incidents_of(&world, "Port scan")[0], first.to_string(), "the machine leaves it");
}

#[test]
fn a_late_repeat_links_what_its_alert_did_not_reach() {
    let first = record(0, 30, (1, "192.0.2.1"), "Odd look-up", 7);
    let other = record(1, 540, (1, "192.0.2.2"), "Odd sign-in", 7);
    let repeat = record(2, 70, (1, "192.0.2.1"), "Odd look-up", 7);
    for order in [[&first, &repeat, &other], [&first, &other, &repeat], [&other, &repeat, &first]] {
        let world = world();
        for record in order {
            sent(&world, std::slice::from_ref(record));
        }
        assert_eq!(incidents_of(&world, "Odd look-up"), incidents_of(&world, "Odd sign-in"), "{order:?}");
    }
}

#[test]
fn a_repeat_raises_the_severity_though_its_new_incident_is_merged_in_the_same_body() {
    let world = world();
    let home = sent(&world, &[record(0, 600, (2, "203.0.113.9"), "Odd sign-in", 7)])[0];
    let body = [
        record(1, 605, (1, "203.0.113.5"), "Odd look-up", 3),
        record(2, 606, (1, "203.0.113.5"), "Odd look-up", 13),
        record(3, 607, (1, "203.0.113.9"), "Odd process", 7),
    ];
    assert_eq!(sent(&world, &body), [home; 3]);
    assert_eq!(world.texts("SELECT severity AS text FROM alerts WHERE title = 'Odd look-up'"), ["high"]);
}

#[test]
fn an_occurrence_that_goes_on_gives_its_alert_what_it_says_now() {
    let world = world();
    sent(&world, &[record(0, 600, (1, "203.0.113.5"), "Odd look-up", 3)]);
    sent(&world, &[record(1, 610, (1, "203.0.113.6"), "Odd look-up", 3)]);
    sent(&world, &[record(1, 620, (1, "203.0.113.7"), "Odd look-up", 13)]);
    let page = world.browser("dana").page("/alerts/1").html();
    for address in ["203.0.113.5", "203.0.113.6", "203.0.113.7"] {
        assert!(page.contains(address), "{address}");
    }
    assert_eq!(world.texts("SELECT severity AS text FROM alerts"), ["high"]);
    assert_eq!(world.count("SELECT occurrences AS n FROM alerts"), 2, "it is counted once");
    let ends = "SELECT COUNT(*) AS n FROM link_points p JOIN alerts a ON a.id = p.alert_id \
                WHERE p.at NOT IN (a.first_activity, a.last_activity)";
    assert_eq!(world.count(ends), 0, "it links at its ends");
}

#[test]
fn an_alert_that_goes_on_all_day_links_at_its_ends_only() {
    let world = world();
    for minutes in [600, 500, 400, 300] {
        let span = json!({"firstActivityDateTime": minutes_ago(600), "lastActivityDateTime": minutes_ago(minutes)});
        let mut sent = on_web("Long", "long", minutes);
        sent.as_object_mut().unwrap().extend(span.as_object().unwrap().clone());
        world.ingest(&[sent]);
    }
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM link_points WHERE key > 0"), 2);
}
