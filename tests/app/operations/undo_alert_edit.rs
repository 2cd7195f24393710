//! Undoing an edit of an alert.

use super::undo_offered;
use crate::support::page::{attribute, text};
use crate::support::{alert, world};

#[test]
fn an_edit_of_an_alert_is_undone_and_its_source_may_update_it_again() {
    let world = world();
    let id = world.ingest(&[alert("One").id("a-1").json()])[0];
    let dana = world.browser("dana");
    let edit = [("status", "resolved"), ("classification", "falsePositive:notMalicious")];
    let (_, action) = undo_offered(&dana, &dana.post("/alerts/1", &edit));
    assert_eq!(text(&dana.page(&format!("/incidents/{id}")), ".big"), "0/1 active alerts");
    let there = attribute(&dana.page("/alerts/1"), ".entry form.undo", "action");
    assert_eq!(there, action, "the alert's history offers it too");
    dana.post(&action, &[]);
    assert_eq!(text(&dana.page(&format!("/incidents/{id}")), ".big"), "1/1 active alerts");
    let update = alert("One").id("a-1").with("status", "resolved").with("classification", "truePositive");
    world.ingest(&[update.json()]);
    let page = dana.page("/alerts/1");
    assert_eq!(text(&page, ".head-facts .status"), "Resolved");
    assert_eq!(text(&page, "[data-live=classification]"), "True positive");
}

#[test]
fn r14_undoing_an_edit_of_an_alert_keeps_another_persons_decision() {
    let world = world();
    // Later activity would begin a new episode (R16).
    let one = || alert("One").id("a-1").at(1_795_000_000_000_000);
    world.ingest(&[one().json()]);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let edit = [("status", "inProgress"), ("classification", "falsePositive:notMalicious")];
    let (_, action) = undo_offered(&dana, &dana.post("/alerts/1", &edit));
    omar.post("/alerts/1", &[("status", "resolved")]);
    assert_eq!(dana.post(&action, &[]).status, 303);
    let shown = |place: &str| text(&dana.page("/alerts/1"), place);
    assert_eq!(shown(".head-facts .status"), "Resolved");
    let update = one().with("status", "inProgress").with("classification", "truePositive");
    world.ingest(&[update.json()]);
    assert_eq!(shown(".head-facts .status"), "Resolved", "Omar decided it");
    assert_eq!(shown("[data-live=classification]"), "True positive", "nobody decided it any more");
}

#[test]
fn undoing_an_edit_of_an_alert_does_not_reopen_it_in_a_resolved_incident() {
    let world = world();
    let on = |title: &str| alert(title).device("a.contoso.test").json();
    let id = world.ingest(&[on("One"), on("Two")])[0];
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let (_, action) = undo_offered(&dana, &dana.post("/alerts/1", &[("status", "resolved")]));
    omar.post(&format!("/incidents/{id}"), &[("status", "resolved")]);
    let refused = dana.post(&action, &[]);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("the incident is resolved. Reopen it first"), "{}", refused.text());
    omar.post(&format!("/incidents/{id}"), &[("status", "active")]);
    assert_eq!(dana.post(&action, &[]).status, 303);
    assert_eq!(text(&dana.page(&format!("/incidents/{id}")), ".big"), "2/2 active alerts");
}
