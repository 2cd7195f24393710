//! Resolving an incident resolves its open alerts, and reopening it reopens exactly those (R3).

use crate::support::page::{fact, texts};
use crate::support::{World, alert, world};

fn two_alerts(world: &World) -> i64 {
    world.ingest(&[
        alert("One").device("web-01.contoso.example").json(),
        alert("Two").device("web-01.contoso.example").json(),
    ])[0]
}

fn statuses(browser: &crate::support::Browser, id: i64) -> Vec<String> {
    texts(&browser.page(&format!("/incidents/{id}/alerts?sort=firstActivity")), ".alert-queue tbody .status")
}

#[test]
fn r3_resolving_closes_alerts_that_are_still_open_and_keeps_the_note() {
    let world = world();
    let id = two_alerts(&world);
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    let answer = dana.post(&path, &[("status", "resolved"), ("resolving_note", "Reimaged the host")]);
    assert_eq!(answer.status, 303);
    assert_eq!(statuses(&dana, id), ["Resolved", "Resolved"]);
    let page = dana.page(&format!("{path}/summary"));
    assert_eq!(fact(&page, "Resolution note"), "Reimaged the host");
    assert_eq!(texts(&page, ".big"), ["0/2 active alerts"]);
    let newest = &dana.history(id)[0];
    assert!(newest.contains("Status: Active → Resolved. Resolution note: Reimaged the host"), "{newest}");
    assert!(newest.contains("2 alerts resolved too"), "{newest}");
    assert!(dana.alert_history(1)[0].contains("New → Resolved with its incident"));
}

#[test]
fn r3_going_back_reopens_exactly_the_alerts_that_this_resolve_closed() {
    let world = world();
    let id = two_alerts(&world);
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("status", "resolved")]);
    dana.post("/alerts/2", &[("status", "inProgress")]);
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("status", "resolved")]);
    assert_eq!(statuses(&dana, id), ["Resolved", "Resolved"]);
    dana.post(&path, &[("status", "active")]);
    assert_eq!(statuses(&dana, id), ["Resolved", "In progress"], "a person had closed the first one before");
}

#[test]
fn r3_an_alert_closed_by_a_person_after_the_resolve_stays_closed() {
    let world = world();
    let id = two_alerts(&world);
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("status", "resolved")]);
    dana.post("/alerts/1", &[("status", "new")]);
    dana.post("/alerts/1", &[("status", "resolved")]);
    dana.post(&path, &[("status", "inProgress")]);
    assert_eq!(statuses(&dana, id), ["Resolved", "New"]);
}

#[test]
fn r7_resolving_a_resolved_incident_records_nothing_but_a_new_note_is_recorded() {
    let world = world();
    let id = two_alerts(&world);
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("status", "resolved"), ("resolving_note", "First")]);
    let before = dana.history(id).len();
    dana.post(&path, &[("status", "resolved"), ("resolving_note", "First")]);
    assert_eq!(dana.history(id).len(), before);
    dana.post(&path, &[("status", "resolved"), ("resolving_note", "Second")]);
    assert!(dana.history(id)[0].contains("Resolution note: First → Second"));
}

#[test]
fn an_unknown_status_is_refused_and_changes_nothing() {
    let world = world();
    let id = two_alerts(&world);
    let dana = world.browser("dana");
    for status in ["closed", "redirected", ""] {
        let answer = dana.post(&format!("/incidents/{id}"), &[("status", status), ("name", "Other")]);
        assert_eq!(answer.status, 422, "{status}");
        assert!(!texts(&answer.html(), "#m-status-error").is_empty());
    }
    assert!(!texts(&dana.page("/incidents"), ".col-name > a").contains(&"Other".to_owned()));
}

#[test]
fn a_note_that_is_too_long_is_refused_with_the_text_kept() {
    let world = world();
    let id = two_alerts(&world);
    let dana = world.browser("dana");
    let long = "x".repeat(4_001);
    let answer = dana.post(&format!("/incidents/{id}"), &[("status", "resolved"), ("resolving_note", &long)]);
    assert_eq!(answer.status, 422);
    assert_eq!(texts(&answer.html(), "#m-note"), [long]);
    assert_eq!(statuses(&dana, id), ["New", "New"]);
}
