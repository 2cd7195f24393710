//! Assigning an incident: its owner also owns its alerts (R2).

use crate::support::page::{fact, select, texts};
use crate::support::{alert, world};

#[test]
fn r2_assign_to_me_takes_the_incident_and_all_its_alerts() {
    let world = world();
    let ids = world.ingest(&[
        alert("One").device("web-01.contoso.example").json(),
        alert("Two").device("web-01.contoso.example").json(),
    ]);
    assert_eq!(ids[0], ids[1]);
    let dana = world.browser("dana");
    let answer = dana.post(&format!("/incidents/{}/assign-to-me", ids[0]), &[]);
    assert_eq!((answer.status, answer.location), (303, format!("/incidents/{}", ids[0])));
    let owners = texts(&dana.page(&format!("/incidents/{}/alerts", ids[0])), ".alert-queue tbody .col-owner");
    assert_eq!(owners, ["Dana Reyes", "Dana Reyes"]);
    assert!(dana.history(ids[0])[0].contains("Assigned to: Unassigned → Dana Reyes 2 alerts assigned too"));
}

#[test]
fn r2_assigning_and_unassigning_an_incident_changes_its_alerts_too() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("assigned_to", "omar")]);
    assert_eq!(fact(&dana.page(&format!("{path}/summary")), "Assigned to"), "Omar Haddad");
    assert_eq!(texts(&dana.page("/alerts/1"), ".head-facts [data-live=owner]"), ["Omar Haddad"]);
    dana.post(&path, &[("assigned_to", "")]);
    assert_eq!(fact(&dana.page(&format!("{path}/summary")), "Assigned to"), "Unassigned");
    assert_eq!(texts(&dana.page("/alerts/1"), ".head-facts [data-live=owner]"), ["Unassigned"]);
}

#[test]
fn r2_assign_to_me_is_offered_wherever_the_incident_is_not_mine() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let offered = |page: &scraper::Html| !select(page, "form[action$=assign-to-me]").is_empty();
    assert!(offered(&dana.page(&format!("/incidents/{id}/pane"))));
    dana.post(&format!("/incidents/{id}/assign-to-me"), &[]);
    assert!(!offered(&dana.page(&format!("/incidents/{id}/pane"))));
    assert!(offered(&omar.page(&format!("/incidents/{id}"))), "it is Dana's, not Omar's");
}

#[test]
fn r2_an_alert_that_joins_an_owned_incident_takes_its_owner() {
    let world = world();
    let id = world.ingest(&[alert("One").device("web-01.contoso.example").json()])[0];
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{id}/assign-to-me"), &[]);
    assert_eq!(world.ingest(&[alert("Two").device("web-01.contoso.example").json()]), [id]);
    let owners = texts(&dana.page(&format!("/incidents/{id}/alerts")), ".alert-queue tbody .col-owner");
    assert_eq!(owners, ["Dana Reyes", "Dana Reyes"]);
}

#[test]
fn r7_assigning_to_the_present_owner_records_nothing() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{id}/assign-to-me"), &[]);
    let before = dana.history(id);
    dana.post(&format!("/incidents/{id}/assign-to-me"), &[]);
    dana.post(&format!("/incidents/{id}"), &[("assigned_to", "dana")]);
    assert_eq!(dana.history(id), before);
}

#[test]
fn an_unknown_owner_is_refused_at_the_field_with_everything_typed_kept() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let answer = dana.post(&format!("/incidents/{id}"), &[("assigned_to", "nobody"), ("name", "Typed name")]);
    assert_eq!(answer.status, 422);
    let page = answer.html();
    assert_eq!(texts(&page, "#m-owner-error"), ["There is no user with this name."]);
    assert_eq!(crate::support::page::value(&page, "#m-name"), "Typed name");
    assert_eq!(dana.history(id).len(), 2, "nothing was changed");
}

#[test]
fn a_viewer_cannot_be_assigned() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    assert_eq!(dana.post(&format!("/incidents/{id}"), &[("assigned_to", "vic")]).status, 422);
    let offered = texts(&dana.page(&format!("/incidents/{id}")), "#m-owner option");
    assert_eq!(offered, ["Unassigned", "Ada Novak", "Dana Reyes", "Omar Haddad"]);
}
