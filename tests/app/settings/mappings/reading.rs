//! What a saved mapping makes of the records that a product sends.

use serde_json::json;

use super::{SAMPLE, saved, send};
use crate::support::page::{fact, queue_names, text, texts};
use crate::support::product::{CONSOLE, Scope, tokens};
use crate::support::{alert, world};

#[test]
fn a_saved_mapping_puts_a_vendors_json_on_the_queue_with_device_user_and_severity() {
    let world = world();
    let ada = saved(&world);
    let token = world.token("acme sensor", Scope::Ingest);
    let answer = send(&world, "/api/v1/alerts?format=Acme", &token, SAMPLE);
    assert_eq!((answer.status, &answer.json()["created"]), (200, &json!(1)), "{}", answer.body);
    let page = ada.page("/incidents");
    assert_eq!(queue_names(&page), ["Cookie theft on one endpoint"]);
    assert_eq!(text(&page, ".queue tbody .severity"), "High");
    let assets = texts(&page, ".queue tbody .asset").join(" ");
    assert!(assets.contains("ws-14") && assets.contains("ana"), "{assets}");
    let alert = ada.page("/alerts/1");
    assert_eq!(fact(&alert, "Service source"), "Acme Sensor");
    assert_eq!(fact(&alert, "Category"), "Credential access");
    assert_eq!(fact(&alert, "Priority"), "P1");
    assert_eq!(fact(&alert, "Provider's alert ID"), "ev-1");
    let again = send(&world, "/api/v1/alerts?format=acme", &token, SAMPLE).json();
    assert_eq!((&again["created"], &again["updated"]), (&json!(0), &json!(1)));
}

#[test]
fn a_token_with_a_mapping_needs_no_format_and_may_still_name_one() {
    let world = world();
    saved(&world);
    let token = world.token("sensor", Scope::Ingest);
    world.db.write_now(|tx| tokens::set_mapping(tx, &CONSOLE, "sensor", 1)).unwrap();
    assert_eq!(send(&world, "/api/v1/alerts", &token, SAMPLE).json()["created"], 1);
    let graph = alert("Other").id("g-1").json().to_string();
    assert_eq!(send(&world, "/api/v1/alerts", &token, &graph).json()["created"], 0);
    assert_eq!(send(&world, "/api/v1/alerts?format=graph", &token, &graph).json()["created"], 1);
    let list = world.browser("vic").page("/settings/mappings");
    assert_eq!(texts(&list, "table tbody td")[..2], ["acme", "sensor"], "the list names the token");
}

#[test]
fn records_that_do_not_fit_are_rejected_and_those_the_condition_excludes_are_skipped() {
    let world = world();
    let ada = saved(&world);
    let token = world.token("sensor", Scope::Ingest);
    let body = r#"{"event":{"kind":"alert","at":"soon"},"rule":{"label":"x"}}"#;
    let answer = send(&world, "/api/v1/alerts?format=acme", &token, body);
    assert!(answer.body.contains("\\\"soon\\\" at /event/at is not a time"), "{}", answer.body);
    let answer = send(&world, "/api/v1/alerts?format=acme", &token, r#"{"event":{"kind":"flow"}}"#);
    assert_eq!(answer.json()["rejected"], 0, "{}", answer.body);
    assert_eq!(answer.json()["results"][0]["status"], "skipped");
    assert!(ada.incidents().is_empty());
    let answer = send(&world, "/api/v1/alerts?format=acmee", &token, body);
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("sentinel") && answer.body.contains("acme"), "{}", answer.body);
}

#[test]
fn the_sample_of_a_mapping_is_for_administrators() {
    let world = world();
    let ada = saved(&world);
    assert!(ada.get("/settings/mappings/1").body.contains("ws-14.contoso.test"));
    for who in ["vic", "dana"] {
        let answer = world.browser(who).get("/settings/mappings/1");
        assert_eq!(answer.status, 200, "{who}");
        assert!(!answer.body.contains("ws-14.contoso.test") && answer.body.contains("/rule/label"), "{who}");
    }
}
