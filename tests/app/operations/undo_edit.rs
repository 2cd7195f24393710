//! Undoing an edit of an incident.

use super::{fields, undo_offered};
use crate::support::page::{attribute, fact, select, text};
use crate::support::{alert, world};

#[test]
fn an_edit_is_undone_in_every_field_and_recorded_as_an_undo() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let before = fields(&dana, id);
    let path = format!("/incidents/{id}");
    let edit = [
        ("name", "Payroll"),
        ("severity", "high"),
        ("status", "inProgress"),
        ("classification", "truePositive:malware"),
        ("assigned_to", "omar"),
        ("tags", "VIP, Q4"),
    ];
    let (said, action) = undo_offered(&dana, &dana.post(&path, &edit));
    assert_eq!(said, "Saved.");
    assert_ne!(fields(&dana, id), before);
    assert_eq!(dana.alert_owner(1), "Omar Haddad");
    let answer = dana.post(&action, &[("return_to", "/incidents?pane=1")]);
    assert_eq!(answer.location, "/incidents?pane=1");
    assert_eq!(dana.message_after(&answer), "Undone.");
    assert_eq!(fields(&dana, id), before);
    assert_eq!(dana.alert_owner(1), "Unassigned");
    assert_eq!(text(&dana.page("/alerts/1"), "[data-live=classification]"), "Not set");
    let history = dana.history(id).join(" | ");
    assert!(history.contains("Undo. Name: \"Payroll\" → \"One involving one user\" (automatic)"), "{history}");
    assert!(history.contains("Undo. Status: In progress → Active"), "{history}");
    let again = dana.post(&action, &[]);
    assert_eq!(again.status, 422);
    assert!(again.text().contains("This was already undone."));
}

#[test]
fn what_somebody_changed_since_stays_and_the_message_names_them() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let path = format!("/incidents/{id}");
    let (_, action) =
        undo_offered(&dana, &dana.post(&path, &[("severity", "high"), ("status", "inProgress"), ("tags", "VIP")]));
    omar.post(&path, &[("status", "active")]);
    omar.post(&path, &[("status", "resolved")]);
    omar.post(&path, &[("tags", "")]);
    let answer = dana.post(&action, &[]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let said = dana.message_after(&answer);
    assert_eq!(said, "Undone. Status stays Resolved: Omar Haddad changed it since.");
    let now = fields(&dana, id);
    assert_eq!((now[0].as_str(), now[1].as_str(), now.len()), ("Medium", "Resolved", 5));
}

#[test]
fn an_undo_that_would_change_nothing_is_refused_and_still_offered() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let path = format!("/incidents/{id}");
    let (_, action) = undo_offered(&dana, &dana.post(&path, &[("severity", "high")]));
    omar.post(&path, &[("severity", "low")]);
    let answer = dana.post(&action, &[]);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Severity stays Low: Omar Haddad changed it since."), "{}", answer.text());
    // Once the later change is undone, so can be the earlier one.
    let later = attribute(&omar.page(&format!("{path}/history")), ".entry form.undo", "action");
    assert_ne!(later, action);
    assert_eq!(omar.post(&later, &[]).status, 303);
    assert_eq!(dana.post(&action, &[]).status, 303);
    assert_eq!(fields(&dana, id)[0], "Medium");
}

#[test]
fn undoing_an_assignment_restores_the_owner_of_each_alert() {
    let world = world();
    let on = |title: &str| alert(title).device("a.contoso.test").json();
    let id = world.ingest(&[on("One"), on("Two")])[0];
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    omar.post("/alerts/1/assign-to-me", &[]);
    let (said, action) = undo_offered(&dana, &dana.post(&format!("/incidents/{id}/assign-to-me"), &[]));
    assert_eq!(said, "Assigned to you. Its alerts were assigned too.");
    world.ingest(&[on("Three")]);
    assert_eq!([1, 2, 3].map(|alert| dana.alert_owner(alert)), ["Dana Reyes", "Dana Reyes", "Dana Reyes"]);
    dana.post(&action, &[]);
    assert_eq!([1, 2, 3].map(|alert| dana.alert_owner(alert)), ["Omar Haddad", "Unassigned", "Unassigned"]);
}

#[test]
fn viewers_are_neither_offered_nor_allowed_an_undo() {
    let world = world();
    let id = world.incident("One");
    let (dana, vic) = (world.browser("dana"), world.browser("vic"));
    let (_, action) = undo_offered(&dana, &dana.post(&format!("/incidents/{id}"), &[("severity", "high")]));
    assert!(select(&vic.page(&format!("/incidents/{id}/history")), "form.undo").is_empty());
    assert_eq!(vic.post(&action, &[]).status, 403);
    assert_eq!(fields(&dana, id)[0], "High");
}

#[test]
fn a_save_that_changes_nothing_offers_no_undo() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let answer = dana.post(&format!("/incidents/{id}"), &[("status", "active")]);
    assert!(select(&dana.page(&answer.location), "[data-flash] form").is_empty());
    assert_eq!(dana.get("/operations/1").status, 404, "there is nothing to undo");
}

#[test]
fn a_change_that_an_undo_left_still_blocks_an_earlier_undo() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let path = format!("/incidents/{id}");
    let (_, first) = undo_offered(&dana, &dana.post(&path, &[("severity", "high")]));
    let (_, second) = undo_offered(&omar, &omar.post(&path, &[("severity", "low"), ("tags", "VIP")]));
    let (_, third) = undo_offered(&dana, &dana.post(&path, &[("severity", "informational")]));
    assert_eq!(omar.post(&second, &[]).status, 303, "the tag goes, the severity stays");
    assert_eq!(dana.post(&third, &[]).status, 303);
    assert_eq!(fields(&dana, id)[0], "Low");
    let answer = dana.post(&first, &[]);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Severity stays Low: Omar Haddad changed it since."), "{}", answer.text());
    assert_eq!(fields(&dana, id)[0], "Low");
}

#[test]
fn r2_an_undo_assigns_nothing_to_a_disabled_user() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    omar.post(&format!("/incidents/{id}/assign-to-me"), &[]);
    let (_, action) = undo_offered(&dana, &dana.post(&format!("/incidents/{id}/assign-to-me"), &[]));
    world.disable("omar");
    let answer = dana.post(&action, &[]);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Assigned to stays Dana Reyes: Omar Haddad can no longer be assigned."));
    assert_eq!((fields(&dana, id)[2].as_str(), dana.alert_owner(1).as_str()), ("Dana Reyes", "Dana Reyes"));
}

#[test]
fn going_back_to_the_automatic_name_is_undone_even_if_it_reads_the_same() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("name", "Something else")]);
    dana.post(&path, &[("name", "One")]);
    let named = || fact(&dana.page(&format!("{path}/summary")), "Name");
    assert_eq!(named(), "Set manually");
    let answer = dana.post(&path, &[("name", "")]);
    let (_, action) = undo_offered(&dana, &answer);
    assert_eq!(named(), "Automatic");
    assert_eq!(dana.post(&action, &[]).status, 303);
    assert_eq!(named(), "Set manually");
}
