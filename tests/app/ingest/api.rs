//! POST /api/v1/alerts: tokens, the shapes of a body, and the answers.

use serde_json::json;

use crate::support::page::text;
use crate::support::product::Scope;
use crate::support::{Browser, alert, world};

#[test]
fn a_single_alert_a_list_an_envelope_and_lines_are_all_accepted() {
    let world = world();
    let a = |title: &str| alert(title).json();
    assert_eq!(world.post_alerts(&a("One").to_string()).json()["created"], 1);
    assert_eq!(world.post_alerts(&json!([a("Two"), a("Three")]).to_string()).json()["created"], 2);
    assert_eq!(world.post_alerts(&json!({"value": [a("Four")]}).to_string()).json()["created"], 1);
    assert_eq!(world.post_alerts(&format!("\u{feff}{}\r\n\n{}\n", a("Five"), a("Six"))).json()["created"], 2);
    assert_eq!(world.post_alerts(r#"{"value":[]}"#).status, 200);
}

#[test]
fn rejected_items_are_reported_with_their_line_and_nothing_else_is_lost() {
    let world = world();
    let body = format!("{}\nnot json\n{{\"colour\":\"red\"}}\n{}", alert("One").json(), alert("Two").json());
    let answer = world.post_alerts(&body);
    assert_eq!(answer.status, 207);
    let report = answer.json();
    assert_eq!((&report["created"], &report["rejected"]), (&json!(2), &json!(2)));
    assert_eq!(report["results"][0]["status"], "created");
    assert!(report["results"][0]["alertId"].is_string() && report["results"][0]["incidentId"].is_string());
    assert_eq!((&report["results"][1]["index"], &report["results"][1]["line"]), (&json!(1), &json!(2)));
    assert!(report["results"][2]["error"].as_str().unwrap().len() > 10);
    let world_again = world.token("errors", Scope::Ingest);
    let only = Browser::new(&world.base).post_json("/api/v1/alerts?results=errors", &body, Some(&world_again)).json();
    assert_eq!(only["results"].as_array().unwrap().len(), 2);
}

#[test]
fn r18_the_status_says_whether_anything_was_taken() {
    let world = world();
    let (good, bad) = (alert("One").json(), json!({"colour": "red"}));
    let skipped = json!({"event_type": "dns", "timestamp": "2026-11-21T10:00:00.000000+0000", "flow_id": 1});
    for (body, status, counts) in [
        (json!([good, skipped]), 200, [1, 0, 1, 0]),
        (json!([skipped]), 200, [0, 0, 1, 0]),
        (json!([good, bad, skipped]), 207, [0, 1, 1, 1]),
        (json!([bad, bad]), 422, [0, 0, 0, 2]),
        (json!([bad, skipped]), 422, [0, 0, 1, 1]),
    ] {
        let answer = world.post_alerts(&body.to_string());
        let report = answer.json();
        let counted = ["created", "updated", "skipped", "rejected"].map(|name| report[name].as_i64().unwrap());
        assert_eq!((answer.status, counted), (status, counts), "{body}");
        assert!(report["results"].is_array());
    }
}

#[test]
fn without_a_valid_token_nothing_is_stored() {
    let world = world();
    let body = alert("One").json().to_string();
    let anybody = Browser::new(&world.base);
    for token in [None, Some("wd_wrong"), Some("")] {
        let answer = anybody.post_json("/api/v1/alerts", &body, token);
        assert_eq!(answer.status, 401);
        assert_eq!(answer.json()["error"]["code"], "Unauthorized");
        assert!(answer.json()["error"]["innerError"]["request-id"].is_string());
        let asked = answer.headers.iter().filter(|(name, _)| name == "www-authenticate");
        let asked: Vec<&str> = asked.map(|(_, value)| value.as_str()).collect();
        assert_eq!(asked, ["Bearer", "Basic realm=\"Watchdesk\""], "Basic clients wait to be asked");
    }
    let reader = world.token("reader", Scope::Read);
    assert_eq!(anybody.post_json("/api/v1/alerts", &body, Some(&reader)).status, 403);
    assert!(world.browser("dana").incidents().is_empty());
}

#[test]
fn a_revoked_token_is_refused() {
    let world = world();
    let token = world.token("old", Scope::Ingest);
    world.revoke_token("old");
    let answer = Browser::new(&world.base).post_json("/api/v1/alerts", "{}", Some(&token));
    assert_eq!(answer.status, 401);
}

#[test]
fn errors_of_the_api_are_json_and_reveal_no_internals() {
    let world = world();
    let token = world.token("t", Scope::Ingest);
    let browser = Browser::new(&world.base);
    assert_eq!(browser.post_json("/api/v1/alerts?format=klingon", "{}", Some(&token)).status, 400);
    assert_eq!(browser.post_json("/api/v1/alerts", " ", Some(&token)).json()["error"]["code"], "InvalidRequestBody");
    assert_eq!(browser.post_json("/api/v1/nothing", "{}", Some(&token)).json()["error"]["code"], "NotFound");
}

#[test]
fn malformed_bodies_are_answered_clearly_and_nothing_crashes() {
    let world = world();
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for body in [deep.as_str(), "\u{0}", "{\"title\":", "[1, 2, \"x\", null]", "true"] {
        let answer = world.post_alerts(body);
        assert!(matches!(answer.status, 422 | 400), "{} for {:?}", answer.status, &body[..body.len().min(20)]);
    }
    let many: serde_json::Map<String, serde_json::Value> = (0..600).map(|n| (format!("field{n}"), json!(n))).collect();
    let mut wide = alert("Wide").with("additionalData", many).json();
    wide["title"] = json!("Wide\u{0}\u{200b} title ");
    assert_eq!(world.post_alerts(&wide.to_string()).status, 200);
    assert_eq!(text(&world.browser("dana").page("/alerts/1"), "h1"), "Wide title");
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
    let report = world.post_alerts(&body);
    assert_eq!(report.status, 200, "{}", report.body);
    assert_eq!(world.post_alerts(&body).json()["created"], 0);
}

#[test]
fn a_comment_in_a_record_is_marked_as_imported() {
    let world = world();
    let comments = json!([{"comment": "Benign, close it", "createdByDisplayName": "Dana Reyes", "createdDateTime": "2026-01-01T00:00:00Z"}]);
    world.ingest(&[alert("One").with("comments", comments).json()]);
    assert!(world.browser("omar").alert_history(1)[0].contains("Dana Reyes (imported)"));
}
