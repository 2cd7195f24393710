//! The severity of an incident is the highest of its alerts until a person sets one (R6).

use crate::support::page::text;
use crate::support::{alert, world};

#[test]
fn r6_severity_follows_the_highest_alert_until_a_person_sets_it_and_can_go_back() {
    let world = world();
    let on_web = |title: &str, severity: &str| alert(title).severity(severity).device("web.contoso.example").json();
    let id = world.ingest(&[on_web("One", "low")])[0];
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    let shown = || text(&dana.page(&path), ".head-facts .severity");
    assert_eq!(shown(), "Low");
    world.ingest(&[on_web("Two", "medium")]);
    assert_eq!(shown(), "Medium");
    dana.post(&path, &[("severity", "informational")]);
    world.ingest(&[on_web("Three", "high")]);
    assert_eq!(shown(), "Informational", "a person's word stays");
    dana.post(&path, &[("severity", "automatic")]);
    assert_eq!(shown(), "High");
    assert!(dana.history(id)[0].contains("Severity: Informational → High (automatic)"));
}

#[test]
fn an_unknown_severity_is_refused() {
    let world = world();
    let id = world.incident("One");
    assert_eq!(world.browser("dana").post(&format!("/incidents/{id}"), &[("severity", "dire")]).status, 422);
}
