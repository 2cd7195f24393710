//! POST /api/v1/alerts: idempotent, partial, in every shape, and never over a person's word (R14).

use crate::support::product::Scope;
use serde_json::json;

use crate::support::page::{fact, text, texts};
use crate::support::{AlertBuilder, Browser, alert, world};

#[test]
fn r14_the_same_alert_again_updates_and_never_duplicates() {
    let world = world();
    let one = alert("One").id("a-1").device("web-01.contoso.example").json();
    assert_eq!(world.post_alerts(&one.to_string()).json()["created"], 1);
    let again = world.post_alerts(&one.to_string()).json();
    assert_eq!((&again["created"], &again["updated"]), (&json!(0), &json!(1)));
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts"), 1);
    let dana = world.browser("dana");
    assert_eq!(dana.history(1).len(), 2, "an identical repeat is no event");
}

#[test]
fn r14_a_changed_repeat_brings_its_news_in() {
    let world = world();
    world.ingest(&[alert("One").id("a-1").device("a.contoso.example").minutes_ago(30).json()]);
    let more = resolved(alert("One").id("a-1").device("a.contoso.example").device("b.contoso.example"));
    world.ingest(&[more]);
    let dana = world.browser("dana");
    let page = dana.page("/incidents/1");
    assert_eq!(texts(&page, ".scope li")[0], "2 impacted devices");
    assert_eq!(text(&page, ".big"), "0/1 active alerts");
    assert!(text(&dana.page("/alerts/1"), "[aria-labelledby=a-repeats] p").starts_with("Seen 2 times, first "));
    assert!(dana.history(1).join(" | ").contains("Updated by its source: 1 new piece of evidence, later activity"));
}

#[test]
fn r14_a_persons_decisions_survive_the_update() {
    let world = world();
    world.ingest(&[alert("One").id("a-1").json()]);
    let dana = world.browser("dana");
    dana.post(
        "/alerts/1",
        &[("status", "inProgress"), ("classification", "falsePositive:notMalicious"), ("assigned_to", "omar")],
    );
    let update = alert("One").id("a-1").with("classification", "truePositive").with("determination", "malware");
    world.ingest(&[resolved(update)]);
    let page = dana.page("/alerts/1");
    assert_eq!(text(&page, ".head-facts .status"), "In progress");
    assert_eq!(text(&page, ".head-facts [data-live=owner]"), "Omar Haddad");
    assert_eq!(fact(&page, "Classification"), "False positive - Not malicious");
}

#[test]
fn an_older_snapshot_does_not_overwrite_a_newer_one() {
    let world = world();
    let at = |title: &str, when: &str| alert(title).id("a-1").with("lastUpdateDateTime", when).json();
    world.ingest(&[at("Newer", "2026-05-02T00:00:00Z"), at("Older", "2026-05-01T00:00:00Z")]);
    assert_eq!(text(&world.browser("dana").page("/alerts/1"), "h1"), "Newer");
}

#[test]
fn one_an_array_an_envelope_and_lines_are_all_taken() {
    let world = world();
    let a = |title: &str| alert(title).json();
    assert_eq!(world.post_alerts(&a("One").to_string()).json()["created"], 1);
    assert_eq!(world.post_alerts(&json!([a("Two"), a("Three")]).to_string()).json()["created"], 2);
    assert_eq!(world.post_alerts(&json!({"value": [a("Four")]}).to_string()).json()["created"], 1);
    assert_eq!(world.post_alerts(&format!("\u{feff}{}\r\n\n{}\n", a("Five"), a("Six"))).json()["created"], 2);
    assert_eq!(world.post_alerts(r#"{"value":[]}"#).status, 200);
}

#[test]
fn what_cannot_be_taken_is_told_with_its_line_and_nothing_else_is_lost() {
    let world = world();
    let body = format!("{}\nnot json\n{{\"colour\":\"red\"}}\n{}", alert("One").json(), alert("Two").json());
    let answer = world.post_alerts(&body);
    assert_eq!(answer.status, 207);
    let told = answer.json();
    assert_eq!((&told["created"], &told["rejected"]), (&json!(2), &json!(2)));
    assert_eq!(told["results"][0]["status"], "created");
    assert!(told["results"][0]["alertId"].is_string() && told["results"][0]["incidentId"].is_string());
    assert_eq!((&told["results"][1]["index"], &told["results"][1]["line"]), (&json!(1), &json!(2)));
    assert!(told["results"][2]["error"].as_str().unwrap().len() > 10);
    let world_again = world.token("errors", Scope::Ingest);
    let only = Browser::new(&world.base).post_json("/api/v1/alerts?results=errors", &body, Some(&world_again)).json();
    assert_eq!(only["results"].as_array().unwrap().len(), 2);
}

#[test]
fn without_a_good_token_nothing_is_taken() {
    let world = world();
    let body = alert("One").json().to_string();
    let anybody = Browser::new(&world.base);
    for token in [None, Some("wd_wrong"), Some("")] {
        let answer = anybody.post_json("/api/v1/alerts", &body, token);
        assert_eq!(answer.status, 401);
        assert_eq!(answer.json()["error"]["code"], "Unauthorized");
        assert!(answer.json()["error"]["innerError"]["request-id"].is_string());
    }
    let reader = world.token("reader", Scope::Read);
    assert_eq!(anybody.post_json("/api/v1/alerts", &body, Some(&reader)).status, 403);
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts"), 0);
}

#[test]
fn a_revoked_token_is_dead() {
    let world = world();
    let token = world.token("old", Scope::Ingest);
    world.revoke_token("old");
    let answer = Browser::new(&world.base).post_json("/api/v1/alerts", "{}", Some(&token));
    assert_eq!(answer.status, 401);
}

#[test]
fn errors_of_the_api_are_json_and_tell_nothing_of_the_inside() {
    let world = world();
    let token = world.token("t", Scope::Ingest);
    let browser = Browser::new(&world.base);
    assert_eq!(browser.post_json("/api/v1/alerts?format=klingon", "{}", Some(&token)).status, 400);
    assert_eq!(browser.post_json("/api/v1/alerts", " ", Some(&token)).json()["error"]["code"], "InvalidRequestBody");
    assert_eq!(browser.post_json("/api/v1/nothing", "{}", Some(&token)).json()["error"]["code"], "NotFound");
}

#[test]
fn odd_input_is_answered_clearly_and_nothing_crashes() {
    let world = world();
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for body in [deep.as_str(), "\u{0}", "{\"title\":", "[1, 2, \"x\", null]", "true"] {
        let answer = world.post_alerts(body);
        assert!(matches!(answer.status, 207 | 400), "{} for {:?}", answer.status, &body[..body.len().min(20)]);
    }
    let many: serde_json::Map<String, serde_json::Value> = (0..600).map(|n| (format!("field{n}"), json!(n))).collect();
    let mut wide = alert("Wide").with("additionalData", many).json();
    wide["title"] = json!("Wide\u{0}\u{200b} title ");
    assert_eq!(world.post_alerts(&wide.to_string()).status, 200);
    assert_eq!(text(&world.browser("dana").page("/alerts/1"), "h1"), "Wide title");
}

#[test]
fn r14_several_tellings_of_one_alert_in_one_body_end_as_the_last_one() {
    let world = world();
    let told = |status: &str, severity: &str, n: i64| {
        alert("One").id("a-1").with("status", status).severity(severity).with("extra", n).json()
    };
    world.ingest(&[told("new", "medium", 1), told("resolved", "high", 2), told("new", "low", 3)]);
    let page = world.browser("dana").page("/alerts/1");
    assert_eq!(text(&page, ".head-facts .status"), "New");
    assert_eq!(text(&page, ".head-facts .severity"), "Low");
    world.ingest(&[told("resolved", "low", 4), told("resolved", "low", 5)]);
    let resolved =
        world.browser("dana").alert_history(1).iter().filter(|entry| entry.contains("New → Resolved")).count();
    assert_eq!(resolved, 2, "one for each time it happened");
}

#[test]
fn r14_that_a_person_took_a_classification_away_survives_the_update_too() {
    let world = world();
    let told = |n: i64| alert("One").id("a-1").with("classification", "truePositive").with("extra", n).json();
    world.ingest(&[told(1)]);
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("classification", "unknown")]);
    world.ingest(&[told(2)]);
    assert_eq!(fact(&dana.page("/alerts/1"), "Classification"), "Not set");
}

#[test]
fn what_a_source_says_later_of_its_evidence_is_shown() {
    let world = world();
    let told = |verdict: &str| {
        let file = json!({
            "@odata.type": "#microsoft.graph.security.fileEvidence",
            "fileDetails": {"fileName": "a.exe", "sha256": "ab".repeat(32)},
            "verdict": verdict,
        });
        alert("One").id("a-1").evidence(file).json()
    };
    world.ingest(&[told("unknown")]);
    world.ingest(&[told("malicious")]);
    let page = world.browser("dana").page("/alerts/1");
    assert_eq!(texts(&page, "table[aria-label=Evidence] tbody td")[2], "Malicious");
}

#[test]
fn the_longest_texts_in_every_field_are_stored_on_either_database() {
    let world = world();
    let long = "\u{1f600}".repeat(2_000);
    let wide = alert(&long)
        .id(&long)
        .category(&long)
        .source(&long)
        .with("productName", long.as_str())
        .device(&long)
        .user(&long)
        .mailbox(&long)
        .ip(&long);
    let incident = json!({
        "id": long, "tenantId": long, "displayName": long, "customTags": [long],
        "alerts": [alert(&long).id("in-incident").json()],
    });
    let body = format!("{}\n{incident}\n{}", wide.json(), alert("Short").json());
    let told = world.post_alerts(&body);
    assert_eq!(told.status, 200, "{}", told.body);
    assert_eq!(world.post_alerts(&body).json()["created"], 0);
}

#[test]
fn a_comment_in_a_record_cannot_pass_for_a_colleagues() {
    let world = world();
    let comments = json!([{"comment": "Benign, close it", "createdByDisplayName": "Dana Reyes", "createdDateTime": "2026-01-01T00:00:00Z"}]);
    world.ingest(&[alert("One").with("comments", comments).json()]);
    assert!(world.browser("omar").alert_history(1)[0].contains("Dana Reyes (imported)"));
}

fn resolved(alert: AlertBuilder) -> serde_json::Value {
    alert.with("status", "resolved").json()
}
