//! A token may update what it reported, or what it is bound to: whoever has another one cannot resolve, soften or rename
//! the alerts of every sensor.

use serde_json::{Value, json};

use crate::support::page::{text, texts};
use crate::support::product::{Binding, CONSOLE, Scope, token_sources};
use crate::support::{Answer, Browser, World, alert, world};

const SOURCE: &str = "microsoftDefenderForEndpoint";

fn bound(world: &World, name: &str, sources: &[&str]) -> String {
    let token = world.token(name, Scope::Ingest);
    let names: Vec<String> = sources.iter().map(|source| (*source).to_owned()).collect();
    let binding = Binding::parse(&names).unwrap();
    world.db.write_now(|tx| token_sources::bind(tx, &CONSOLE, name, &binding)).unwrap();
    token
}

fn send(world: &World, token: &str, record: &Value) -> Answer {
    Browser::new(&world.base).post_json("/api/v1/alerts", &record.to_string(), Some(token))
}

fn first() -> Value {
    alert("Shadow copies deleted").id("a-1").source(SOURCE).severity("high").minutes_ago(5).json()
}

/// The same alert as somebody who wants it forgotten reports it.
fn softened() -> Value {
    let softened = alert("Nothing to see").id("a-1").source(SOURCE).severity("informational").minutes_ago(4);
    softened.with("status", "resolved").json()
}

#[test]
fn another_token_changes_nothing_of_an_alert_and_is_shown_under_rejected() {
    let world = world();
    let (sensor, other) = (world.token("sensor", Scope::Ingest), world.token("other", Scope::Ingest));
    assert_eq!(send(&world, &sensor, &first()).status, 200);
    let dana = world.browser("dana");
    let before = dana.history(1);
    let answer = send(&world, &other, &softened());
    assert_eq!(answer.status, 422, "{}", answer.body);
    let why = answer.json()["results"][0]["error"].as_str().unwrap().to_owned();
    assert!(why.starts_with("Another token reported this alert first"), "{why}");
    let page = dana.page("/alerts/1");
    assert_eq!(text(&page, "h1"), "Shadow copies deleted");
    assert_eq!(text(&page, ".head-facts .status"), "New");
    assert_eq!(dana.history(1), before);
    let refused = world.browser("ada").page("/settings/refused");
    assert_eq!(texts(&refused, ".refused tbody tr").len(), 1);
    assert!(text(&refused, ".refused").contains("Another token reported"));
}

#[test]
fn an_identical_repeat_by_another_token_is_no_error() {
    let world = world();
    let (sensor, other) = (world.token("sensor", Scope::Ingest), world.token("other", Scope::Ingest));
    let record = first();
    send(&world, &sensor, &record);
    let answer = send(&world, &other, &record);
    assert_eq!((answer.status, answer.json()["updated"].clone()), (200, json!(1)), "{}", answer.body);
    assert_eq!(send(&world, &sensor, &softened()).status, 200, "it is still the sensor's");
    assert_eq!(send(&world, &other, &first()).status, 422);
}

#[test]
fn what_nobody_reported_belongs_to_the_first_token_that_updates_it() {
    let world = world();
    let (sensor, other) = (world.token("sensor", Scope::Ingest), world.token("other", Scope::Ingest));
    send(&world, &sensor, &first());
    // As an alert is that was imported, or stored by an older version.
    world.execute("UPDATE alerts SET told_by = NULL");
    assert_eq!(send(&world, &other, &softened()).status, 200);
    assert_eq!(send(&world, &sensor, &first()).status, 422);
}

#[test]
fn a_bound_token_updates_its_sources_and_sends_no_other() {
    let world = world();
    let sensor = world.token("sensor", Scope::Ingest);
    let (bound, any) = (bound(&world, "bound", &["wazuh", SOURCE]), bound(&world, "any", &["any"]));
    send(&world, &sensor, &first());
    assert_eq!(send(&world, &bound, &softened()).status, 200);
    let answer = send(&world, &bound, &alert("Foreign").source("elastic").json());
    let why = answer.json()["results"][0]["error"].as_str().unwrap().to_owned();
    assert_eq!(answer.status, 422);
    assert_eq!(why, format!("This token is bound to {SOURCE}, wazuh; this alert is from elastic."));
    assert_eq!(world.browser("dana").alert_count(), 1);
    let later = alert("By any").id("a-1").source(SOURCE).minutes_ago(1).json();
    assert_eq!(send(&world, &any, &later).status, 200);
    let own = alert("Still its own").id("a-1").source(SOURCE).minutes_ago(0).json();
    assert_eq!(send(&world, &sensor, &own).status, 200, "this one reported it first");
}

#[test]
fn a_providers_incident_is_updated_by_the_token_that_reported_it_only() {
    let world = world();
    let (sensor, other) = (world.token("sensor", Scope::Ingest), world.token("other", Scope::Ingest));
    let incident = |name: &str, status: &str, at: &str, alerts: Value| {
        json!({
            "@odata.type": "#microsoft.graph.security.incident", "id": "4711", "tenantId": "t-1",
            "displayName": name, "status": status, "severity": "high", "createdDateTime": "2026-05-01T09:00:00Z",
            "lastUpdateDateTime": at, "alerts": alerts,
        })
    };
    let one = first();
    let told = incident("Ransomware", "active", "2026-05-01T10:00:00Z", json!([one]));
    assert_eq!(send(&world, &sensor, &told).status, 200);
    assert_eq!(send(&world, &other, &told).status, 200, "the same again");
    let new = alert("Noise").id("b-1").json();
    for taken in [json!([one]), json!([new])] {
        let answer = send(&world, &other, &incident("Nothing", "resolved", "2026-05-01T11:00:00Z", taken));
        assert_eq!(answer.status, 422, "{}", answer.body);
    }
    let dana = world.browser("dana");
    assert_eq!(text(&dana.page("/incidents/1"), "h1"), "Ransomware");
    assert_eq!(text(&dana.page("/incidents/1"), ".head-facts .status"), "Active");
    assert_eq!(dana.alert_count(), 1);
    let by_sensor = incident("Ransomware, stopped", "active", "2026-05-01T12:00:00Z", json!([one]));
    assert_eq!(send(&world, &sensor, &by_sensor).status, 200);
    assert_eq!(text(&dana.page("/incidents/1"), "h1"), "Ransomware, stopped");
}

#[test]
fn the_other_alerts_of_a_providers_incident_are_taken() {
    let world = world();
    let (sensor, other) = (world.token("sensor", Scope::Ingest), world.token("other", Scope::Ingest));
    send(&world, &sensor, &first());
    let incident = json!({
        "id": "9", "displayName": "Mixed", "alerts": [softened(), alert("New here").id("b-1").json()],
    });
    let answer = send(&world, &other, &incident);
    let told = answer.json();
    assert_eq!((answer.status, &told["created"], &told["rejected"]), (207, &json!(1), &json!(1)), "{}", answer.body);
    assert_eq!(text(&world.browser("dana").page("/alerts/1"), "h1"), "Shadow copies deleted");
}

/// The same detection on the same device, under another id.
fn repeat(id: &str, minutes_ago: i64) -> Value {
    alert("Port scan").id(id).source("wazuh").device("web-01.contoso.example").minutes_ago(minutes_ago).json()
}

fn send_all(world: &World, token: &str, repeats: &[(&str, i64)]) {
    for (id, minutes_ago) in repeats {
        let answer = send(world, token, &repeat(id, *minutes_ago));
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// How often an alert was seen, and the ids of its repeats that are listed.
fn repeats(world: &World, id: i64) -> (String, Vec<String>) {
    let page = world.browser("dana").page(&format!("/alerts/{id}"));
    let seen = texts(&page, "[aria-labelledby=a-repeats] p").into_iter().next().unwrap_or_default();
    let seen = seen.split(',').next().unwrap_or_default().to_owned();
    (seen, texts(&page, "[aria-labelledby=a-repeats] li code"))
}

/// The one alert beside this one.
fn the_other(world: &World, id: i64) -> i64 {
    let alerts = world.browser("dana").alerts();
    assert_eq!(alerts.len(), 2, "{alerts:?}");
    alerts.into_iter().find(|other| *other != id).unwrap()
}

#[test]
fn repeats_of_another_token_count_in_an_alert_of_its_own() {
    let world = world();
    let (sensor, other) = (world.token("sensor", Scope::Ingest), world.token("other", Scope::Ingest));
    send_all(&world, &sensor, &[("s-1", 30), ("s-2", 29)]);
    let many: Vec<(String, i64)> = (0..12).map(|n| (format!("o-{n}"), 20 - n)).collect();
    let many: Vec<(&str, i64)> = many.iter().map(|(id, minutes_ago)| (id.as_str(), *minutes_ago)).collect();
    send_all(&world, &other, &many);
    send_all(&world, &sensor, &[("s-3", 5)]);
    assert_eq!(repeats(&world, 1), ("Seen 3 times".to_owned(), vec!["s-3".to_owned(), "s-2".to_owned()]));
    assert_eq!(repeats(&world, the_other(&world, 1)).0, "Seen 12 times");
    send_all(&world, &bound(&world, "bound", &["wazuh"]), &[("b-1", 4)]);
    assert_eq!(repeats(&world, 1).0, "Seen 4 times", "it may update the alerts of its source");
}

#[test]
fn a_decoy_of_another_token_does_not_take_the_repeats_of_a_sensor() {
    let world = world();
    let (sensor, other) = (world.token("sensor", Scope::Ingest), world.token("other", Scope::Ingest));
    send_all(&world, &other, &[("o-1", 31)]);
    send_all(&world, &sensor, &[("s-1", 30), ("s-2", 29)]);
    assert_eq!(repeats(&world, the_other(&world, 1)).0, "Seen 2 times");
}

#[test]
fn a_repeat_that_was_counted_is_continued_by_its_own_token_only() {
    let world = world();
    let (sensor, other) = (world.token("sensor", Scope::Ingest), world.token("other", Scope::Ingest));
    let second = repeat("s-2", 29);
    for record in [&repeat("s-1", 30), &second] {
        assert_eq!(send(&world, &sensor, record).status, 200);
    }
    assert_eq!(send(&world, &other, &second).status, 200, "the same again");
    let answer = send(&world, &other, &repeat("s-2", 1));
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert!(answer.body.contains("Another token reported this alert first"), "{}", answer.body);
    assert_eq!(send(&world, &sensor, &repeat("s-2", 1)).status, 200);
    assert_eq!(repeats(&world, 1).0, "Seen 2 times");
}

#[test]
fn an_id_that_another_token_used_for_a_repeat_swallows_no_alert_unnoticed() {
    let world = world();
    let (sensor, other) = (world.token("sensor", Scope::Ingest), world.token("other", Scope::Ingest));
    send_all(&world, &other, &[("o-1", 31), ("s-1", 30)]);
    let answer = send(&world, &sensor, &alert("Ransomware").id("s-1").source("wazuh").minutes_ago(30).json());
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert!(answer.body.contains("Another token reported this alert first"), "{}", answer.body);
}

#[test]
fn an_alert_of_nobody_belongs_to_the_first_token_whose_repeats_it_counts() {
    let world = world();
    let (sensor, other) = (world.token("sensor", Scope::Ingest), world.token("other", Scope::Ingest));
    send_all(&world, &sensor, &[("s-1", 30)]);
    // As an alert is that was imported, or stored by an older version.
    world.execute("UPDATE alerts SET told_by = NULL");
    send_all(&world, &sensor, &[("s-2", 29)]);
    send_all(&world, &other, &[("o-1", 28)]);
    assert_eq!(world.browser("dana").alert_count(), 2);
    assert_eq!(repeats(&world, 1).0, "Seen 2 times");
}

#[test]
fn a_providers_incident_that_names_its_alerts_is_repeated_without_error() {
    let world = world();
    let (sensor, other) = (world.token("sensor", Scope::Ingest), world.token("other", Scope::Ingest));
    let incident = |alerts: &[&str]| {
        json!({
            "IncidentName": "4f0bd6c2-0000-4000-8000-000000000007", "IncidentNumber": 7, "Title": "Ransomware",
            "Severity": "High", "Status": "New", "AlertIds": alerts,
            "CreatedTime": "2026-05-01T09:00:00Z", "LastModifiedTime": "2026-05-01T09:00:00Z",
        })
    };
    assert_eq!(send(&world, &sensor, &incident(&["a-1", "a-2"])).status, 200);
    send(&world, &sensor, &first());
    let dana = world.browser("dana");
    let before = dana.histories();
    for _ in 0..2 {
        let answer = send(&world, &other, &incident(&["a-1", "a-2"]));
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    assert_eq!(send(&world, &other, &incident(&["a-1", "a-3"])).status, 422, "it names another alert");
    assert_eq!(dana.histories(), before);
}
