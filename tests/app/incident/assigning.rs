//! R2: who owns an incident owns its alerts.

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
    let owners = texts(&dana.page(&format!("/incidents/{}/alerts", ids[0])), "table.alerts tbody td:last-child");
    assert_eq!(owners, ["Dana Reyes", "Dana Reyes"]);
    assert!(dana.history(ids[0])[0].contains("Assigned to: Unassigned → Dana Reyes 2 alerts came along"));
}

#[test]
fn r2_assigning_to_somebody_else_and_taking_away_again_brings_the_alerts_along() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("assigned_to", "omar")]);
    assert_eq!(fact(&dana.page(&path), "Assigned to"), "Omar Haddad");
    assert_eq!(texts(&dana.page("/alerts/1"), ".head-facts [data-live=owner]"), ["Omar Haddad"]);
    dana.post(&path, &[("assigned_to", "")]);
    assert_eq!(fact(&dana.page(&path), "Assigned to"), "Unassigned");
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
    let owners = texts(&dana.page(&format!("/incidents/{id}/alerts")), "table.alerts tbody td:last-child");
    assert_eq!(owners, ["Dana Reyes", "Dana Reyes"]);
}

#[test]
fn r7_assigning_to_whom_it_is_assigned_already_records_nothing() {
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
    assert_eq!(texts(&page, "#m-owner-error"), ["There is nobody of this user name."]);
    assert_eq!(crate::support::page::value(&page, "#m-name"), "Typed name");
    assert_eq!(dana.history(id).len(), 2, "nothing was changed");
}

#[test]
fn selected_rows_are_assigned_at_once() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    let (first, second) = (one.to_string(), two.to_string());
    let answer = dana.post("/incidents/bulk", &[("act", "assign-to-me"), ("ids", &first), ("ids", &second)]);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/incidents"));
    assert_eq!(texts(&dana.page("/incidents?assignedTo=me"), "tbody .col-owner"), ["Dana Reyes", "Dana Reyes"]);
}

#[test]
fn selected_rows_are_managed_at_once_with_one_note() {
    let world = world();
    let ids = [world.incident("One").to_string(), world.incident("Two").to_string()];
    let dana = world.browser("dana");
    let form = dana.post("/incidents/bulk", &[("act", "manage"), ("ids", &ids[0]), ("ids", &ids[1])]);
    assert_eq!(form.status, 200);
    assert_eq!(texts(&form.html(), "h1"), ["Manage 2 incidents"]);
    let answer = dana.post(
        "/incidents/bulk",
        &[
            ("ids", &ids[0]),
            ("ids", &ids[1]),
            ("status", "resolved"),
            ("resolving_note", "Exercise"),
            ("classification", "informationalExpectedActivity:securityTesting"),
            ("add_tags", "Red team"),
            ("severity", ""),
            ("assigned_to", ""),
        ],
    );
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = dana.page("/incidents?status=resolved&tag=red%20team");
    assert_eq!(texts(&page, "tbody .col-classification").len(), 2);
    assert!(dana.history(1).iter().any(|entry| entry.contains("Resolving note: Exercise")));
}

#[test]
fn managing_many_says_which_were_left_alone() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    dana.post("/alerts/move", &[("alerts", "1"), ("target", &two.to_string())]);
    let (first, second) = (one.to_string(), two.to_string());
    dana.post("/incidents/bulk", &[("ids", &first), ("ids", &second), ("status", "resolved")]);
    let said = texts(&dana.page("/incidents"), "[data-flash] p");
    assert_eq!(said, ["1 incident changed. 1 redirected left alone."]);
}

#[test]
fn work_is_not_given_to_who_can_only_look() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    assert_eq!(dana.post(&format!("/incidents/{id}"), &[("assigned_to", "vic")]).status, 422);
    let offered = texts(&dana.page(&format!("/incidents/{id}")), "#m-owner option");
    assert_eq!(offered, ["Unassigned", "Ada Novak", "Dana Reyes", "Omar Haddad"]);
}
