//! Mappings: any other JSON becomes alerts without code, tried before it is saved.

use crate::support::product::{CONSOLE, Document, Draft, Scope, save_mapping, tokens};
use serde_json::json;

use crate::support::page::{fact, queue_names, select, text, texts, value};
use crate::support::{Answer, Browser, World, world};

/// What a product that Watchdesk has never heard of might send.
const SAMPLE: &str = r#"{"event": {"uuid": "ev-1", "kind": "alert", "at": 1778925600, "prio": "P1"},
 "rule": {"label": "Cookie theft", "tactic": "CredentialAccess"},
 "machine": {"fqdn": "ws-14.contoso.test"}, "who": "CONTOSO\\ana", "peers": ["203.0.113.40"]}"#;

fn fields() -> Vec<(&'static str, &'static str)> {
    vec![
        ("name", "acme"),
        ("sample", SAMPLE),
        ("title", "/rule/label\nUnnamed"),
        ("severity", "/event/prio"),
        ("severity.table", "P1 = high\nP2 = medium\n* = low"),
        ("id", "/event/uuid"),
        ("serviceSource", "Acme Sensor"),
        ("firstActivity", "/event/at"),
        ("category", "/rule/tactic"),
        ("when", "/event/kind = alert"),
        ("facts", "Priority = /event/prio"),
        ("evidence.0.kind", "device"),
        ("evidence.0.name", "/machine/fqdn"),
        ("evidence.1.kind", "user"),
        ("evidence.1.name", "/who"),
        ("evidence.2.kind", "ip"),
        ("evidence.2.address", "/peers"),
        ("evidence.2.roles", "source"),
    ]
}

/// The fields with some of them replaced or added.
fn with(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut all = fields();
    for change in changes {
        match all.iter_mut().find(|(name, _)| *name == change.0) {
            Some(field) => field.1 = change.1,
            None => all.push(*change),
        }
    }
    all
}

fn saved(world: &World) -> Browser {
    let ada = world.browser("ada");
    let answer = ada.post("/settings/mappings/new", &with(&[("act", "save")]));
    assert_eq!((answer.status, answer.location.as_str()), (303, "/settings/mappings/1"), "{}", answer.text());
    ada
}

fn send(world: &World, path: &str, token: &str, body: &str) -> Answer {
    Browser::new(&world.base).post_json(path, body, Some(token))
}

/// The value of a textarea.
fn typed(answer: &Answer, name: &str) -> String {
    let page = answer.html();
    let found = select(&page, &format!("textarea[name='{name}']"));
    found.first().unwrap_or_else(|| panic!("no field {name}")).text().collect()
}

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
    assert!(assets.contains("ws-14.contoso.test") && assets.contains("ana"), "{assets}");
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
    let graph = crate::support::alert("Other").id("g-1").json().to_string();
    assert_eq!(send(&world, "/api/v1/alerts", &token, &graph).json()["created"], 0);
    assert_eq!(send(&world, "/api/v1/alerts?format=graph", &token, &graph).json()["created"], 1);
    let list = world.browser("vic").page("/settings/mappings");
    assert_eq!(texts(&list, "table tbody td")[..2], ["acme", "sensor"], "the list names the token");
}

#[test]
fn trying_shows_the_alert_and_saves_nothing() {
    let world = world();
    let ada = world.browser("ada");
    let answer = ada.post("/settings/mappings/new", &with(&[("act", "try"), ("name", "")]));
    assert_eq!(answer.status, 200);
    let page = answer.html();
    assert_eq!(text(&page, "#result summary"), "Cookie theft");
    assert_eq!(text(&page, "#result .severity"), "High");
    assert_eq!(texts(&page, "#result .trial-assets li"), ["device ws-14.contoso.test", "user CONTOSO\\ana"]);
    assert_eq!(fact(&page, "First activity"), "May 16, 2026 10:00:00");
    assert!(text(&page, "#result .mini").contains("203.0.113.40"));
    assert_eq!(typed(&answer, "severity.table"), "P1 = high\nP2 = medium\n* = low");
    assert_eq!(world.count("SELECT count(*) AS n FROM mappings"), 0);
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts"), 0);
}

#[test]
fn a_sample_of_several_records_shows_what_becomes_of_each() {
    let world = world();
    let sample = r#"{"rule":{"label":"One"},"event":{"kind":"alert","at":1778925600,"prio":"P1"}}
{"rule":{"label":"Two"},"event":{"kind":"flow"}}
{"rule":{"label":"Three"},"event":{"kind":"alert","at":"soon"}}
oops"#;
    let answer = world.browser("ada").post("/settings/mappings/new", &with(&[("act", "try"), ("sample", sample)]));
    let page = answer.html();
    assert_eq!(text(&page, "#result h2"), "Resulting alerts (1 of 4)");
    let refused = texts(&page, "#result .trial-refused");
    assert!(refused[0].starts_with("Line 2: skipped.") && refused[0].contains("/event/kind = alert"), "{refused:?}");
    assert!(refused[1].contains("First activity: \"soon\" at /event/at is no time"), "{refused:?}");
    assert!(refused[2].starts_with("Line 4: no alert.") && refused[2].contains("not JSON"), "{refused:?}");
    let notes = text(&page, "#result .trial-notes");
    assert!(notes.contains("Device: nothing was found at /machine/fqdn."), "{notes}");
}

#[test]
fn what_cannot_be_right_is_told_at_its_field_and_everything_typed_is_kept() {
    let world = world();
    let ada = world.browser("ada");
    for (field, wrong, told) in [
        ("title", "", "Say where the title stands"),
        ("name", "graph", "reads by itself"),
        ("id", "same", "makes them one"),
        ("severity", "/a~b", "~ is written ~0"),
        ("severity.table", "P1 = urgentest", "none of the words"),
        ("firstActivity.time", "%H", "needs year"),
        ("firstActivity.zone", "Mars", "no time zone"),
        ("when", "kind = alert", "begins with a slash"),
        ("facts", "Priority", "Label = /pointer"),
        ("evidence.0.name", "", "Say where the name of the device stands"),
        ("evidence.2.each", "peers", "begins with a slash"),
    ] {
        let answer = ada.post("/settings/mappings/new", &with(&[("act", "save"), (field, wrong)]));
        assert_eq!(answer.status, 422, "{field}");
        let id = field.replace('.', "-");
        let at_field = texts(&answer.html(), &format!("#{id}-error"));
        assert!(at_field.first().is_some_and(|said| said.contains(told)), "{field}: {at_field:?}");
        assert_eq!(typed(&answer, "sample"), SAMPLE);
        assert_eq!(typed(&answer, "evidence.1.name"), "/who");
    }
    assert_eq!(world.count("SELECT count(*) AS n FROM mappings"), 0);
}

#[test]
fn fields_are_suggested_and_typed_ones_stay() {
    let world = world();
    let sample = r#"{"alerts": [{"id": 7, "severity": "critical", "rule": {"name": "Beacon"},
        "timestamp": "2026-05-01T10:00:00Z", "host": {"hostname": "web-01"}, "username": "ana"}]}"#;
    let form = [("act", "suggest"), ("sample", sample), ("id", "/mine")];
    let answer = world.browser("ada").post("/settings/mappings/new", &form);
    for (name, expected) in [
        ("records", "/alerts"),
        ("title", "/rule/name"),
        ("severity", "/severity"),
        ("id", "/mine"),
        ("firstActivity", "/timestamp"),
        ("evidence.0.name", "/host/hostname"),
        ("evidence.1.name", "/username"),
    ] {
        assert_eq!(typed(&answer, name), expected, "{name}");
    }
    assert_eq!(text(&answer.html(), "#result summary"), "Beacon", "and it is tried at once");
    let answer = world.browser("ada").post("/settings/mappings/new", &[("act", "suggest"), ("sample", "hello")]);
    assert!(text(&answer.html(), "#sample-error").contains("No title was found"));
}

#[test]
fn evidence_rules_are_added_and_removed_without_javascript() {
    let world = world();
    let ada = world.browser("ada");
    let answer = ada.post("/settings/mappings/new", &with(&[("act", "add"), ("add_kind", "file")]));
    assert_eq!(texts(&answer.html(), ".rule legend"), ["Device", "User", "IP address", "File"]);
    let answer = ada.post("/settings/mappings/new", &with(&[("act", "remove.0")]));
    assert_eq!(texts(&answer.html(), ".rule legend"), ["User", "IP address"]);
    assert_eq!(typed(&answer, "evidence.0.name"), "/who");
}

#[test]
fn a_mapping_goes_out_as_a_file_and_comes_back() {
    let world = world();
    let ada = saved(&world);
    let file = ada.get("/settings/mappings/1.json");
    assert!(file.header("content-disposition").contains("acme.json"));
    let document = Document::from_json(&file.body).unwrap();
    assert_eq!(document.to_json(), file.body);
    let answer = ada.post("/settings/mappings/new", &[("act", "json"), ("json", &file.body)]);
    assert_eq!(typed(&answer, "title"), "/rule/label\nUnnamed");
    assert_eq!(texts(&answer.html(), ".rule legend").len(), 3);
    for (wrong, told) in [("{", "no mapping"), (r#"{"title": "/t", "titel": "/t"}"#, "There is no field")] {
        let answer = ada.post("/settings/mappings/new", &with(&[("act", "json"), ("json", wrong)]));
        assert!(text(&answer.html(), "#json-error").contains(told), "{wrong}");
        assert_eq!(typed(&answer, "json"), wrong);
        assert_eq!(typed(&answer, "title"), "/rule/label\nUnnamed", "the form is as it was");
    }
}

#[test]
fn only_administrators_change_mappings_and_everybody_sees_them() {
    let world = world();
    saved(&world);
    for name in ["vic", "dana"] {
        let browser = world.browser(name);
        assert_eq!(browser.get("/settings/mappings/new").status, 403);
        for path in ["/settings/mappings/new", "/settings/mappings/1", "/settings/mappings/1/delete"] {
            for act in ["save", "try", "suggest"] {
                assert_eq!(browser.post(path, &with(&[("act", act)])).status, 403, "{name} {path} {act}");
            }
        }
        let page = browser.page("/settings/mappings/1");
        assert_eq!(text(&page, "#result summary"), "Cookie theft");
        assert!(texts(&page, "main button").is_empty(), "no button is offered");
        assert!(select(&page, "main textarea").iter().all(|field| field.value().attr("readonly").is_some()));
        assert!(texts(&browser.page("/settings/mappings"), "main a.button").is_empty());
    }
    assert_eq!(world.count("SELECT count(*) AS n FROM mappings"), 1);
}

#[test]
fn every_change_says_who_made_it_and_what_it_changed() {
    let world = world();
    let ada = saved(&world);
    let path = "/settings/mappings/1";
    assert_eq!(ada.post(path, &with(&[("act", "save"), ("revision", "1")])).status, 303);
    assert_eq!(
        texts(&ada.page(path), "[aria-labelledby=m-changes] li").len(),
        1,
        "nothing changed, nothing is recorded"
    );
    assert_eq!(ada.post(path, &with(&[("act", "save"), ("revision", "1"), ("id", "/event/id")])).status, 303);
    let changes = texts(&ada.page(path), "[aria-labelledby=m-changes] li");
    assert!(changes[0].starts_with("Ada Novak changed this mapping"), "{changes:?}");
    assert!(changes[0].contains("− \"id\": \"/event/uuid\"") && changes[0].contains("+ \"id\": \"/event/id\""));
    assert!(changes[1].starts_with("Ada Novak made this mapping"), "{changes:?}");
}

#[test]
fn a_stale_save_is_told_and_the_next_one_is_meant() {
    let world = world();
    let ada = saved(&world);
    let path = "/settings/mappings/1";
    assert_eq!(ada.post(path, &with(&[("act", "save"), ("revision", "1"), ("id", "/a")])).status, 303);
    let answer = ada.post(path, &with(&[("act", "save"), ("revision", "1"), ("id", "/b")]));
    assert_eq!(answer.status, 409);
    assert!(answer.text().contains("saved this mapping while you were at it"));
    assert_eq!(typed(&answer, "id"), "/b");
    let revision = value(&answer.html(), "input[name=revision]");
    let mut again = vec![("act", "save"), ("revision", revision.as_str()), ("id", "/b")];
    again.extend(fields().into_iter().filter(|(name, _)| *name != "id"));
    assert_eq!(ada.post(path, &again).status, 303);
}

#[test]
fn two_mappings_have_two_names() {
    let world = world();
    let ada = saved(&world);
    let answer = ada.post("/settings/mappings/new", &with(&[("act", "save"), ("name", "ACME")]));
    assert_eq!(answer.status, 422);
    assert_eq!(text(&answer.html(), "#name-error"), "There is already a mapping of this name.");
}

#[test]
fn a_mapping_in_use_is_not_deleted_and_an_unused_one_is() {
    let world = world();
    let ada = saved(&world);
    world.token("sensor", Scope::Ingest);
    world.db.write_now(|tx| tokens::set_mapping(tx, &CONSOLE, "sensor", 1)).unwrap();
    let answer = ada.post("/settings/mappings/1/delete", &[]);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Tokens send by this mapping: sensor."), "{}", answer.text());
    world.revoke_token("sensor");
    assert_eq!(ada.post("/settings/mappings/1/delete", &[]).status, 303);
    let list = ada.page("/settings/mappings");
    assert!(texts(&list, "[aria-labelledby=m-changes] li")[0].starts_with("Ada Novak deleted acme"));
    assert_eq!(ada.get("/settings/mappings/1").status, 404);
}

#[test]
fn what_does_not_fit_is_refused_by_name_and_what_is_not_meant_is_left_alone() {
    let world = world();
    saved(&world);
    let token = world.token("sensor", Scope::Ingest);
    let body = r#"{"event":{"kind":"alert","at":"soon"},"rule":{"label":"x"}}"#;
    let answer = send(&world, "/api/v1/alerts?format=acme", &token, body);
    assert!(answer.body.contains("\\\"soon\\\" at /event/at is no time"), "{}", answer.body);
    let answer = send(&world, "/api/v1/alerts?format=acme", &token, r#"{"event":{"kind":"flow"}}"#);
    assert_eq!(answer.json()["rejected"], 0, "{}", answer.body);
    assert_eq!(answer.json()["results"][0]["status"], "skipped");
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts"), 0);
    let answer = send(&world, "/api/v1/alerts?format=acmee", &token, body);
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("sentinel") && answer.body.contains("acme"), "{}", answer.body);
}

#[test]
fn a_hostile_sample_shows_as_text() {
    let world = world();
    let sample = r#"{"rule":{"label":"</textarea><script>alert(1)</script>"},"event":{"kind":"alert"}}"#;
    let form = with(&[("act", "try"), ("sample", sample), ("firstActivity", "")]);
    let answer = world.browser("ada").post("/settings/mappings/new", &form);
    assert_eq!(text(&answer.html(), "#result summary"), "</textarea><script>alert(1)</script>");
    assert!(!answer.body.contains("<script>"));
}

#[test]
fn a_mapping_saved_from_a_file_is_the_same_as_from_the_form() {
    let world = world();
    let ada = saved(&world);
    let document = Document::from_json(&ada.get("/settings/mappings/1.json").body).unwrap();
    let draft = Draft { document: Document { name: "copy".into(), ..document }, sample: String::new() };
    let id = world.db.write_now(|tx| save_mapping(tx, &CONSOLE, None, None, &draft)).unwrap();
    let page = ada.page(&format!("/settings/mappings/{id}"));
    assert_eq!(texts(&page, ".rule legend"), ["Device", "User", "IP address"]);
}
