//! Rules that resolve alerts, set their severity, or tag their incidents.

use super::{fields, save};
use crate::support::page::{fact, text};
use crate::support::product::clock;
use crate::support::{World, alert, world};

const RESOLVING: [(&str, &str); 3] =
    [("effect", "resolve"), ("classification", "falsePositive:notMalicious"), ("note", "Tested every night.")];

fn on(title: &str) -> serde_json::Value {
    alert(title).device("web-01.contoso.test").json()
}

fn incident_status(world: &World, id: i64) -> String {
    text(&world.browser("dana").page(&format!("/incidents/{id}")), "[data-live=status]")
}

#[test]
fn a_rule_resolves_the_next_alert_and_its_untouched_incident_and_the_history_names_it() {
    let world = world();
    let ada = save(&world, &RESOLVING);
    let id = world.ingest(&[on("Backup failed")])[0];
    let page = ada.page("/alerts/1");
    assert_eq!(text(&page, "[data-live=status]"), "Resolved");
    assert_eq!(fact(&page, "Classification"), "False positive - Not malicious");
    let history = ada.alert_history(1).join("\n");
    for told in ["Rule \"Backup noise\"", "Resolved", "Not malicious", "Tested every night."] {
        assert!(history.contains(told), "{told}: {history}");
    }
    assert_eq!(incident_status(&world, id), "Resolved");
    let history = ada.history(id).join("\n");
    assert!(history.contains("Rule \"Backup noise\"") && history.contains("Tested every night."), "{history}");
    assert!(ada.page("/incidents").html().contains("No incidents"), "it is not in the queue");
}

#[test]
fn an_incident_with_other_alerts_or_that_somebody_owns_stays_open() {
    let world = world();
    save(&world, &RESOLVING);
    let ids = world.ingest(&[on("Odd process"), on("Backup failed")]);
    assert_eq!(ids[0], ids[1]);
    assert_eq!(incident_status(&world, ids[0]), "Active");
    let dana = world.browser("dana");
    assert_eq!(text(&dana.page("/alerts/2"), "[data-live=status]"), "Resolved");
    // Once somebody has touched it, it is theirs to resolve.
    let own = world.ingest(&[alert("Other").device("db-01.contoso.test").json()])[0];
    dana.post(&format!("/incidents/{own}/assign-to-me"), &[]);
    dana.post("/alerts/3", &[("status", "resolved")]);
    assert_eq!(world.ingest(&[alert("Backup failed").device("db-01.contoso.test").json()])[0], own);
    assert_eq!(incident_status(&world, own), "Active");
}

#[test]
fn a_source_that_repeats_an_alert_does_not_take_back_what_a_rule_did() {
    let world = world();
    save(&world, &RESOLVING);
    let begun = clock::now() - 5 * clock::MINUTE;
    let sent = |text: &str, at: i64| {
        alert("Backup failed").id("one").device("web-01.contoso.test").with("description", text).at(at).json()
    };
    let id = world.ingest(&[sent("first", begun)])[0];
    assert_eq!(world.ingest(&[sent("second", begun)])[0], id);
    assert_eq!(incident_status(&world, id), "Resolved");
    let next = world.ingest(&[sent("third", clock::now())])[0];
    assert_ne!(next, id, "the finding goes on: its next episode");
    assert_eq!(incident_status(&world, next), "Resolved", "and the rule applies to it");
}

#[test]
fn a_resolution_by_a_rule_can_be_undone() {
    let world = world();
    save(&world, &RESOLVING);
    let id = world.ingest(&[on("Backup failed")])[0];
    let dana = world.browser("dana");
    assert_eq!(dana.post("/operations/1/undo", &[]).status, 303);
    assert_eq!(incident_status(&world, id), "Active");
}

#[test]
fn a_rule_sets_the_severity_and_its_source_does_not_set_it_back() {
    let world = world();
    let ada = save(&world, &[("effect", "setSeverity"), ("severity", "low")]);
    let sent = |text: &str| {
        let alert = alert("Backup failed").id("one").device("web-01.contoso.test").with("description", text);
        alert.severity("high").json()
    };
    let id = world.ingest(&[sent("first")])[0];
    let severity = || text(&ada.page("/alerts/1"), "[data-live-severity]");
    assert!(severity().contains("Low"), "{}", severity());
    world.ingest(&[sent("second")]);
    assert!(severity().contains("Low"), "{}", severity());
    let history = ada.alert_history(1).join("\n");
    assert!(history.contains("Rule \"Backup noise\""), "{history}");
    assert!(text(&ada.page(&format!("/incidents/{id}")), "[data-live-severity]").contains("Low"));
}

#[test]
fn a_rule_tags_the_incident_once_and_not_after_somebody_has_taken_the_tag_off() {
    let world = world();
    let ada = save(&world, &[("effect", "addTag"), ("tag", "Backups")]);
    let id = world.ingest(&[on("Backup failed"), on("Backup late")])[0];
    let tags = || text(&ada.page(&format!("/incidents/{id}")), "[data-live-tags]");
    assert_eq!(tags(), "Backups");
    let tagged = ada.history(id).iter().filter(|entry| entry.contains("Rule \"Backup noise\"")).count();
    assert_eq!(tagged, 1, "{:?}", ada.history(id));
    ada.post(&format!("/incidents/{id}"), &[("tags", "")]);
    world.ingest(&[on("Backup later")]);
    assert_eq!(tags(), "");
}

#[test]
fn the_first_rule_of_each_effect_applies_beside_the_one_that_places() {
    let world = world();
    save(&world, &[("effect", "neverCorrelate"), ("name", "Alone")]);
    let ada = save(&world, &[("effect", "setSeverity"), ("severity", "low"), ("name", "Lower")]);
    save(&world, &[("effect", "setSeverity"), ("severity", "high"), ("name", "Higher")]);
    let ids = world.ingest(&[on("Backup failed"), on("Odd process")]);
    assert_ne!(ids[0], ids[1]);
    assert!(text(&ada.page("/alerts/1"), "[data-live-severity]").contains("Low"));
    let refused = ada.post("/settings/rules/new", &fields(&[("effect", "resolve"), ("name", "x"), ("note", "")]));
    assert!(!text(&refused.html(), "#note-error").is_empty());
}
