//! R14: an alert that its source sends again is updated, never duplicated, and people's decisions stay.

use serde_json::json;

use crate::support::page::{fact, text, texts};
use crate::support::{AlertBuilder, alert, world};

fn resolved(alert: AlertBuilder) -> serde_json::Value {
    alert.with("status", "resolved").json()
}

#[test]
fn r14_the_same_alert_again_updates_and_never_duplicates() {
    let world = world();
    let one = alert("One").id("a-1").device("web-01.contoso.example").json();
    assert_eq!(world.post_alerts(&one.to_string()).json()["created"], 1);
    let again = world.post_alerts(&one.to_string()).json();
    assert_eq!((&again["created"], &again["updated"]), (&json!(0), &json!(1)));
    let dana = world.browser("dana");
    assert_eq!(dana.alerts(), [1]);
    assert_eq!(dana.history(1).len(), 2, "an identical repeat is no event");
}

#[test]
fn r14_an_alert_sent_again_with_changes_updates_its_incident() {
    let world = world();
    world.ingest(&[alert("One").id("a-1").device("a.contoso.example").minutes_ago(30).json()]);
    let more = resolved(alert("One").id("a-1").device("a.contoso.example").device("b.contoso.example"));
    world.ingest(&[more]);
    let dana = world.browser("dana");
    let page = dana.page("/incidents/1/summary");
    assert_eq!(texts(&page, ".scope li")[0], "2 impacted devices");
    assert_eq!(text(&page, ".big"), "0/1 active alerts");
    assert!(texts(&dana.page("/alerts/1"), "[aria-labelledby=a-repeats]").is_empty(), "sent twice is not seen twice");
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
fn r14_a_classification_removed_by_a_person_stays_removed() {
    let world = world();
    let sent = |n: i64| alert("One").id("a-1").with("classification", "truePositive").with("extra", n).json();
    world.ingest(&[sent(1)]);
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("classification", "unknown")]);
    world.ingest(&[sent(2)]);
    assert_eq!(fact(&dana.page("/alerts/1"), "Classification"), "Not set");
}

#[test]
fn what_the_source_said_of_the_severity_stays_as_long_as_the_severity() {
    let world = world();
    let sent = |severity: &str, n: i64| alert("One").id("a-1").severity(severity).with("extra", n).json();
    let dana = world.browser("dana");
    let shown = || fact(&dana.page("/alerts/1"), "Severity in the source");
    world.ingest(&[sent("Critical", 1)]);
    assert_eq!(shown(), "Critical");
    world.ingest(&[sent("", 2)]);
    assert_eq!(shown(), "Critical", "a severity that is missing this time says nothing");
    world.ingest(&[sent("Minor", 3)]);
    assert_eq!(shown(), "Minor");
}

#[test]
fn r14_an_alert_several_times_in_one_body_ends_with_its_last_values() {
    let world = world();
    let sent = |status: &str, severity: &str, n: i64| {
        alert("One").id("a-1").with("status", status).severity(severity).with("extra", n).json()
    };
    world.ingest(&[sent("new", "medium", 1), sent("resolved", "high", 2), sent("new", "low", 3)]);
    let page = world.browser("dana").page("/alerts/1");
    assert_eq!(text(&page, ".head-facts .status"), "New");
    assert_eq!(text(&page, ".head-facts .severity"), "Low");
    world.ingest(&[sent("resolved", "low", 4), sent("resolved", "low", 5)]);
    let resolved =
        world.browser("dana").alert_history(1).iter().filter(|entry| entry.contains("New → Resolved")).count();
    assert_eq!(resolved, 2, "one for each time it happened");
}

#[test]
fn an_older_snapshot_does_not_overwrite_a_newer_one() {
    let world = world();
    let at = |title: &str, when: &str| alert(title).id("a-1").with("lastUpdateDateTime", when).json();
    world.ingest(&[at("Newer", "2026-05-02T00:00:00Z"), at("Older", "2026-05-01T00:00:00Z")]);
    assert_eq!(text(&world.browser("dana").page("/alerts/1"), "h1"), "Newer");
}

#[test]
fn a_later_verdict_of_the_source_is_shown() {
    let world = world();
    let sent = |verdict: &str| {
        let file = json!({
            "@odata.type": "#microsoft.graph.security.fileEvidence",
            "fileDetails": {"fileName": "a.exe", "sha256": "ab".repeat(32)},
            "verdict": verdict,
        });
        alert("One").id("a-1").evidence(file).json()
    };
    world.ingest(&[sent("unknown")]);
    world.ingest(&[sent("malicious")]);
    let page = world.browser("dana").page("/alerts/1");
    assert_eq!(texts(&page, "table[aria-label=Evidence] tbody td")[2], "Malicious");
}
