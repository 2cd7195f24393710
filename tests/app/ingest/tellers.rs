//! A token may update what it told, or what it is bound to: whoever has another one cannot resolve, soften or rename
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
fn what_nobody_told_belongs_to_the_first_token_that_updates_it() {
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
    assert_eq!(why, format!("This token sends alerts of {SOURCE}, wazuh only; this one is of elastic."));
    assert_eq!(world.browser("dana").alert_count(), 1);
    let later = alert("By any").id("a-1").source(SOURCE).minutes_ago(1).json();
    assert_eq!(send(&world, &any, &later).status, 200);
    let own = alert("Still its own").id("a-1").source(SOURCE).minutes_ago(0).json();
    assert_eq!(send(&world, &sensor, &own).status, 200, "it was told by this one first");
}

#[test]
fn a_providers_incident_is_updated_by_the_token_that_told_it_only() {
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
