//! R16: a finding that goes on after a person resolved it is a new alert; one that only its source resolved is
//! opened again.

use serde_json::{Value, json};

use crate::support::page::{attribute, fact, text, texts};
use crate::support::product::clock;
use crate::support::{Browser, alert, world};

/// A finding of a source that counts, as of an hour of the same day.
pub(super) struct Finding {
    pub id: &'static str,
    pub last_hour: u32,
    pub count: i64,
    pub severity: f64,
}

impl Finding {
    pub fn json(&self) -> Value {
        json!({
            "schemaVersion": "2.0", "accountId": "111122223333", "region": "eu-central-1", "id": self.id,
            "type": "UnauthorizedAccess:EC2/SSHBruteForce", "title": "Password guessing against bastion-7",
            "description": "Many attempts", "severity": self.severity,
            "createdAt": "2026-11-20T08:00:00Z",
            "updatedAt": format!("2026-11-20T{:02}:30:00Z", self.last_hour),
            "resource": {"resourceType": "Instance", "instanceDetails": {"instanceId": "i-0bastion7"}},
            "service": {
                "serviceName": "guardduty", "archived": false, "count": self.count, "resourceRole": "TARGET",
                "eventFirstSeen": "2026-11-20T08:00:00Z",
                "eventLastSeen": format!("2026-11-20T{:02}:00:00Z", self.last_hour),
            },
        })
    }
}

const EARLY: Finding = Finding { id: "finding-1", last_hour: 9, count: 2, severity: 5.0 };
const LATER: Finding = Finding { last_hour: 20, count: 57, severity: 8.0, ..EARLY };

fn resolve_as_false_positive(person: &Browser, incident: i64) {
    let fields = [("status", "resolved"), ("classification", "falsePositive:notMalicious")];
    assert_eq!(person.post(&format!("/incidents/{incident}"), &fields).status, 303);
}

/// Status and severity of an incident, as its page says them.
fn head(person: &Browser, incident: i64) -> [String; 2] {
    let page = person.page(&format!("/incidents/{incident}"));
    [text(&page, ".head-facts .status"), text(&page, ".head-facts .severity")]
}

fn alert_status(person: &Browser, alert: i64) -> String {
    text(&person.page(&format!("/alerts/{alert}")), ".head-facts .status")
}

/// An alert of fixed times, so that it can be sent again without later activity.
fn known() -> impl Fn(&str, i64, i64) -> Value {
    let now = clock::now();
    move |status, minutes_ago, n| {
        let at = now - minutes_ago * clock::MINUTE;
        alert("Disk encryption started").id("a-1").at(at).with("status", status).with("extra", n).json()
    }
}

#[test]
fn r16_later_activity_updates_the_alert_while_its_incident_is_open() {
    let world = world();
    world.ingest(&[EARLY.json()]);
    world.ingest(&[LATER.json()]);
    let dana = world.browser("dana");
    assert_eq!(dana.alerts(), [1]);
    assert_eq!(head(&dana, 1), ["Active", "High"]);
    let repeats = text(&dana.page("/alerts/1"), "[aria-labelledby=a-repeats] p");
    assert!(repeats.starts_with("Seen 57 times, counted by the source, first "), "{repeats}");
}

#[test]
fn r16_after_a_person_resolved_it_later_activity_is_a_new_alert_that_names_the_earlier_one() {
    let world = world();
    world.ingest(&[EARLY.json()]);
    let dana = world.browser("dana");
    resolve_as_false_positive(&dana, 1);
    let answer = world.post_alerts(&LATER.json().to_string()).json();
    assert_eq!((&answer["created"], &answer["updated"]), (&json!(1), &json!(0)));
    assert_eq!(
        (head(&dana, 1), head(&dana, 2)),
        (["Resolved".into(), "Medium".into()], ["Active".into(), "High".into()])
    );
    assert_eq!(alert_status(&dana, 1), "Resolved");
    let later = dana.page("/alerts/2");
    assert!(text(&later, ".notice").starts_with("Continues alert 1 in incident 1: "), "{}", text(&later, ".notice"));
    assert!(text(&later, ".notice").ends_with("classified False positive - Not malicious."));
    assert_eq!((fact(&later, "Episode"), fact(&later, "Classification")), ("2".into(), "Not set".into()));
    assert!(text(&later, "[aria-labelledby=a-repeats] p").starts_with("Seen 57 times, counted by the source"));
    let earlier = dana.page("/alerts/1");
    assert!(text(&earlier, ".notice").starts_with("Continued by alert 2 in incident 2: "));
    assert_eq!(attribute(&earlier, ".notice a", "href"), "/alerts/2");
    assert!(text(&dana.page("/incidents/2"), ".notice").starts_with("Continues incident 1: "));
    assert!(dana.history(1).join(" | ").contains("Continued by alert 2 in incident 2."));
    let why = "It continues alert 1 in incident 1, classified False positive - Not malicious.";
    assert!(dana.history(2).join(" | ").contains(why));
    assert!(dana.alert_history(1).join(" | ").contains("Continued by alert 2"));
    assert!(dana.alert_history(2).join(" | ").contains(why));
}

#[test]
fn r16_updates_go_to_the_latest_episode() {
    let world = world();
    world.ingest(&[EARLY.json()]);
    let dana = world.browser("dana");
    resolve_as_false_positive(&dana, 1);
    world.ingest(&[LATER.json()]);
    world.ingest(&[Finding { last_hour: 21, count: 60, ..LATER }.json()]);
    assert_eq!(dana.alert_count(), 2);
    assert!(text(&dana.page("/alerts/2"), "[aria-labelledby=a-repeats] p").starts_with("Seen 60 times"));
    resolve_as_false_positive(&dana, 2);
    world.ingest(&[Finding { last_hour: 22, count: 61, ..LATER }.json()]);
    assert_eq!(fact(&dana.page("/alerts/3"), "Episode"), "3");
    assert!(texts(&dana.page("/alerts/2"), ".notice")[1].contains("alert 3"));
}

#[test]
fn r16_an_alert_that_a_person_resolved_alone_goes_on_as_a_new_one_as_well() {
    let world = world();
    let sent = known();
    world.ingest(&[sent("new", 90, 1)]);
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("status", "resolved"), ("classification", "falsePositive:notMalicious")]);
    world.ingest(&[sent("new", 30, 2)]);
    assert_eq!(dana.alert_count(), 2);
    assert_eq!((alert_status(&dana, 1), alert_status(&dana, 2)), ("Resolved".into(), "New".into()));
}

#[test]
fn r16_a_repeat_without_later_activity_changes_nothing_that_a_person_decided() {
    let world = world();
    let at = |severity: &str, status: &str, when: &str| {
        let alert = alert("Odd sign-in").id("a-1").at(1_795_000_000_000_000).severity(severity).with("status", status);
        alert.with("lastUpdateDateTime", when).json()
    };
    world.ingest(&[at("medium", "new", "2026-11-21T00:00:00Z")]);
    let dana = world.browser("dana");
    resolve_as_false_positive(&dana, 1);
    world.ingest(&[at("high", "inProgress", "2026-11-22T00:00:00Z")]);
    assert_eq!(dana.alert_count(), 1);
    assert_eq!(head(&dana, 1), ["Resolved", "Medium"]);
    assert_eq!(alert_status(&dana, 1), "Resolved");
    assert!(dana.alert_history(1).join(" | ").contains("Updated by its source: details"));
}

#[test]
fn r16_a_snapshot_of_earlier_activity_that_comes_late_changes_nothing() {
    let world = world();
    let sent = known();
    world.ingest(&[sent("new", 30, 1)]);
    let dana = world.browser("dana");
    resolve_as_false_positive(&dana, 1);
    let before = (dana.history(1), dana.alert_history(1));
    world.ingest(&[sent("new", 60, 2)]);
    assert_eq!((dana.history(1), dana.alert_history(1)), before);
    assert_eq!(dana.alert_count(), 1);
}

#[test]
fn r16_a_notice_that_the_finding_is_over_begins_no_episode() {
    let world = world();
    let sent = known();
    world.ingest(&[sent("new", 60, 1)]);
    let dana = world.browser("dana");
    resolve_as_false_positive(&dana, 1);
    world.ingest(&[sent("resolved", 30, 2)]);
    assert_eq!((dana.alert_count(), head(&dana, 1)), (1, ["Resolved".into(), "Medium".into()]));
}

#[test]
fn r16_what_only_its_source_resolved_is_opened_again_however_often_it_flaps() {
    let world = world();
    let sent = known();
    for flap in 0..3 {
        world.ingest(&[sent("new", 60 - 2 * flap, flap)]);
        world.ingest(&[sent("resolved", 59 - 2 * flap, flap)]);
    }
    let dana = world.browser("dana");
    assert_eq!(alert_status(&dana, 1), "Resolved");
    world.ingest(&[sent("new", 10, 9)]);
    assert_eq!((dana.alert_count(), alert_status(&dana, 1)), (1, "New".into()));
}

#[test]
fn r16_a_record_without_a_time_does_not_go_on_by_being_sent_again() {
    let world = world();
    let event = |n: i64| {
        json!({"detection": {"title": "Odd"}, "rule": "Shell in container", "priority": "Notice",
        "output": format!("A shell {n}"), "uuid": "event-1", "output_fields": {}, "source": "syscall",
        "hostname": "node-1"})
    };
    let answer = world.post_alerts(&event(1).to_string()).json();
    assert_eq!(answer["created"], 1, "{answer}");
    let dana = world.browser("dana");
    resolve_as_false_positive(&dana, 1);
    world.post_alerts(&event(2).to_string());
    assert_eq!(dana.alert_count(), 1);
}

#[test]
fn r16_counts_are_those_of_the_source_and_not_of_how_often_it_was_sent() {
    let world = world();
    for hour in 9..14 {
        world.ingest(&[Finding { last_hour: hour, ..EARLY }.json()]);
    }
    let repeats = text(&world.browser("dana").page("/alerts/1"), "[aria-labelledby=a-repeats] p");
    assert!(repeats.starts_with("Seen 2 times, counted by the source"), "{repeats}");
}
