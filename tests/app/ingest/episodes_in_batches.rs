//! R16 in one body, with moves and undo, and with incidents of providers.

use serde_json::{Value, json};

use crate::ingest::episodes::Finding;
use crate::support::page::{fact, text};
use crate::support::{Browser, alert, world};

fn finding(last_hour: u32) -> Value {
    Finding { id: "finding-1", last_hour, count: i64::from(last_hour), severity: 5.0 }.json()
}

fn resolve(person: &Browser, incident: i64) {
    let fields = [("status", "resolved"), ("classification", "falsePositive:notMalicious")];
    assert_eq!(person.post(&format!("/incidents/{incident}"), &fields).status, 303);
}

#[test]
fn r16_one_body_may_hold_an_old_snapshot_and_several_of_the_next_episode() {
    let world = world();
    world.ingest(&[finding(9)]);
    let dana = world.browser("dana");
    resolve(&dana, 1);
    let body = json!([finding(9), finding(15), finding(16), finding(15), finding(17)]);
    let answer = world.post_alerts(&body.to_string()).json();
    assert_eq!((&answer["created"], &answer["updated"]), (&json!(1), &json!(4)), "{answer}");
    assert_eq!(dana.alert_count(), 2);
    assert!(text(&dana.page("/alerts/2"), "[aria-labelledby=a-repeats] p").starts_with("Seen 17 times"));
}

#[test]
fn r16_an_alert_that_was_moved_after_its_resolve_goes_on_as_a_new_one() {
    let world = world();
    world.ingest(&[finding(9), alert("Other").id("b-1").device("other.contoso.example").json()]);
    let dana = world.browser("dana");
    resolve(&dana, 1);
    let fields = [("alerts", "1"), ("target", "2"), ("reason", "Same attack"), ("comment", "")];
    let answer = dana.post("/alerts/move", &fields);
    assert_eq!(answer.status, 303, "{}", answer.text());
    world.ingest(&[finding(12)]);
    assert_eq!(dana.alert_count(), 3);
    assert!(text(&dana.page("/alerts/3"), ".notice").contains("alert 1 in incident 2: "));
}

#[test]
fn r16_undoing_the_resolve_leaves_both_episodes_and_updates_go_to_the_later() {
    let world = world();
    world.ingest(&[finding(9)]);
    let dana = world.browser("dana");
    resolve(&dana, 1);
    world.ingest(&[finding(12)]);
    let operation = world.count("SELECT max(id) AS n FROM operations");
    assert_eq!(dana.post(&format!("/operations/{operation}/undo"), &[]).status, 303);
    assert_eq!(text(&dana.page("/alerts/1"), ".head-facts .status"), "New");
    world.ingest(&[finding(14)]);
    assert_eq!(dana.alert_count(), 2);
    assert!(text(&dana.page("/alerts/2"), "[aria-labelledby=a-repeats] p").starts_with("Seen 14 times"));
}

#[test]
fn r16_a_provider_that_reopens_its_own_incident_opens_it_here() {
    let world = world();
    let incident = |status: &str, alert_status: &str, hour: u32| {
        let at = format!("2026-11-20T{hour:02}:00:00Z");
        json!({
            "@odata.type": "#microsoft.graph.security.incident", "id": "i-9", "tenantId": "t-1",
            "displayName": "Sign-ins of a leaver", "status": status, "severity": "medium",
            "createdDateTime": "2026-11-20T08:00:00Z", "lastUpdateDateTime": at,
            "alerts": [alert("Sign-in").id("a-9").with("status", alert_status)
                .with("createdDateTime", "2026-11-20T08:00:00Z").with("firstActivityDateTime", "2026-11-20T08:00:00Z")
                .with("lastActivityDateTime", at).json()],
        })
    };
    for (status, alert_status, hour) in
        [("active", "new", 9), ("resolved", "resolved", 10), ("active", "new", 11), ("resolved", "resolved", 12)]
    {
        world.ingest(&[incident(status, alert_status, hour)]);
    }
    let dana = world.browser("dana");
    assert_eq!(text(&dana.page("/incidents/1"), ".head-facts .status"), "Resolved");
    world.ingest(&[incident("active", "new", 13)]);
    assert_eq!(text(&dana.page("/incidents/1"), ".head-facts .status"), "Active");
    assert_eq!((dana.alert_count(), fact(&dana.page("/alerts/1"), "Classification")), (1, "Not set".into()));
}
