//! POST /incidents/bulk over selected incidents.

use crate::support::bulk::{edit_many, hidden_fields, incidents_on_hosts, unresolved};
use crate::support::page::{attribute, select, text, texts};
use crate::support::product::{BulkEdit, OperationKind, job_worker, jobs};
use crate::support::{alert, world};

#[test]
fn selected_incidents_are_assigned_together() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    let (first, second) = (one.to_string(), two.to_string());
    let answer = dana.post("/incidents/bulk", &[("act", "assign-to-me"), ("ids", &first), ("ids", &second)]);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/incidents"));
    assert_eq!(texts(&dana.page("/incidents?assignedTo=me"), "tbody .col-owner"), ["Dana Reyes", "Dana Reyes"]);
}

#[test]
fn selected_incidents_are_resolved_together_with_one_note() {
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
    assert!(dana.history(1).iter().any(|entry| entry.contains("Resolution note: Exercise")));
}

#[test]
fn a_bulk_edit_says_how_many_incidents_it_left_alone() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    dana.post("/alerts/move", &[("alerts", "1"), ("target", &two.to_string())]);
    let (first, second) = (one.to_string(), two.to_string());
    dana.post("/incidents/bulk", &[("ids", &first), ("ids", &second), ("status", "resolved")]);
    let said = texts(&dana.page("/incidents"), "[data-flash] p");
    assert_eq!(said, ["1 incident resolved, no classification. 2 open alerts resolved too. 1 skipped: redirected."]);
}

#[test]
fn every_field_of_the_form_changes_every_incident_and_is_undone() {
    let world = world();
    incidents_on_hosts(&world, 3, 2);
    let dana = world.browser("dana");
    dana.post("/incidents/1", &[("tags", "Old, Keep")]);
    let priority = || dana.incidents()[0]["priorityScore"].as_i64().unwrap();
    let before = priority();
    let fields = [
        ("ids", "1"),
        ("ids", "2"),
        ("ids", "3"),
        ("severity", "high"),
        ("status", "inProgress"),
        ("classification", "truePositive:malware"),
        ("assigned_to", "omar"),
        ("add_tags", "New"),
        ("remove_tags", "old"),
        ("comment", "Same **campaign**"),
    ];
    let answer = dana.post("/incidents/bulk", &fields);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = dana.page(&answer.location);
    assert_eq!(text(&page, "[data-flash] p"), "3 incidents changed.");
    let one = dana.page("/incidents/1");
    assert_eq!(texts(&one, ".head-facts .tag"), ["Keep", "New"]);
    assert_eq!(text(&one, ".head-facts [data-live=owner]"), "Omar Haddad");
    assert_eq!(text(&one, ".head-facts .severity"), "High");
    assert!(priority() > before, "its priority follows");
    assert_eq!(text(&one, "[data-live=classification]"), "True positive - Malware");
    assert!(dana.history(3).iter().any(|entry| entry.contains("Same campaign")));
    let answer = dana.post(&attribute(&page, "[data-flash] form", "action"), &[("return_to", "/incidents")]);
    let said = dana.message_after(&answer);
    assert_eq!(said, "Undone in 3 incidents. The comment is kept.");
    let one = dana.page("/incidents/1");
    assert_eq!(texts(&one, ".head-facts .tag"), ["Keep", "Old"]);
    assert_eq!(text(&one, ".head-facts .severity"), "Medium");
    assert_eq!(priority(), before);
    for alert in 1..=6 {
        let page = dana.page(&format!("/alerts/{alert}"));
        assert_eq!(text(&page, ".head-facts [data-live=owner]"), "Unassigned", "alert {alert}");
        assert_eq!(text(&page, "[data-live=classification]"), "Not set", "alert {alert}");
    }
    assert_eq!([1, 2, 3].map(|id| dana.comments(id).len()), [1, 1, 1]);
}

#[test]
fn incidents_changed_by_others_meanwhile_are_left_alone_and_reported() {
    let world = world();
    incidents_on_hosts(&world, 4, 1);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let ids = [("ids", "1"), ("ids", "2"), ("ids", "3"), ("act", "manage")];
    let manage = dana.post("/incidents/bulk", &ids);
    omar.post("/incidents/2", &[("severity", "high")]);
    world.ingest(&[alert("Fresh").device("host-2.contoso.test").json()]);
    let answer = edit_many(&dana, &hidden_fields(&manage, "section form"), &[("status", "resolved"), ("act", "save")]);
    let said = dana.message_after(&answer);
    assert_eq!(
        said,
        "1 incident resolved, no classification. 1 open alert resolved too. \
         1 skipped: Changed by Omar Haddad since you opened the list. \
         1 skipped: New alerts since you opened the list."
    );
}

#[test]
fn bad_input_is_refused_with_everything_typed_kept_and_nothing_changed() {
    let world = world();
    incidents_on_hosts(&world, 2, 1);
    let dana = world.browser("dana");
    let both = [("ids", "1"), ("ids", "2"), ("add_tags", "VIP"), ("remove_tags", "vip"), ("status", "resolved")];
    let answer = dana.post("/incidents/bulk", &both);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("is both added and removed"), "{}", answer.text());
    assert_eq!(attribute(&answer.html(), "#b-tags", "value"), "VIP");
    assert_eq!(dana.post("/incidents/bulk", &[("ids", "1"), ("assigned_to", "vic")]).status, 422);
    assert_eq!(dana.post("/incidents/bulk", &[("ids", "1"), ("ids", "99"), ("status", "resolved")]).status, 404);
    assert_eq!(dana.get("/operations/1").status, 404, "nothing was done");
    assert_eq!(unresolved(&dana), 2);
}

#[test]
fn viewers_are_refused_by_the_form_and_by_a_running_job() {
    let world = world();
    incidents_on_hosts(&world, 2, 1);
    let vic = world.browser("vic");
    assert_eq!(vic.post("/incidents/bulk", &[("ids", "1"), ("status", "resolved")]).status, 403);
    assert_eq!(vic.post("/incidents/merge", &[("ids", "1"), ("ids", "2")]).status, 403);
    let actor = world.actor("vic");
    let edit = BulkEdit { status: Some("resolved".into()), ..BulkEdit::default() };
    let id = world.db.write_now(|tx| jobs::start(tx, &actor, OperationKind::Bulk, &edit, &[1, 2])).unwrap();
    while job_worker::step(&world.db, id).unwrap() {}
    assert_eq!(unresolved(&vic), 2);
    let page = vic.page(&format!("/operations/{id}"));
    assert!(text(&page, "main").contains("2 Vic Moreau can no longer change incidents"), "{}", text(&page, "main"));
    assert!(select(&page, "main form").is_empty(), "and is offered no undo");
}

#[test]
fn a_form_sent_twice_is_applied_once() {
    let world = world();
    incidents_on_hosts(&world, 2, 1);
    let dana = world.browser("dana");
    let manage = dana.post("/incidents/bulk", &[("act", "manage"), ("ids", "1"), ("ids", "2")]);
    let fields = hidden_fields(&manage, "section form");
    let first = edit_many(&dana, &fields, &[("comment", "Seen before"), ("act", "save")]);
    let again = edit_many(&dana, &fields, &[("comment", "Seen before"), ("act", "save")]);
    assert_eq!((first.status, again.status), (303, 303), "{}", again.text());
    assert!(again.location.starts_with("/operations/"), "{}", again.location);
    assert_eq!(text(&dana.page(&again.location), "h1"), "2 incidents changed");
    assert_eq!([1, 2].map(|id| dana.comments(id).len()), [1, 1]);
    // Sent from the same page with something else typed, it is another edit.
    assert_eq!(edit_many(&dana, &fields, &[("comment", "Seen again"), ("act", "save")]).status, 303);
    assert_eq!([1, 2].map(|id| dana.comments(id).len()), [2, 2]);
}

#[test]
fn the_fields_of_the_manage_form_mean_the_same_in_a_bulk_edit() {
    let world = world();
    incidents_on_hosts(&world, 2, 1);
    let dana = world.browser("dana");
    let both = [("ids", "1"), ("ids", "2")];
    let act = |more: &[(&str, &str)]| dana.post("/incidents/bulk", &[&both, more].concat());
    let shown = |place: &str| text(&dana.page("/incidents/1"), place);
    let fields = [
        ("classification", "falsePositive"),
        ("determination", "notMalicious"),
        ("tags", "VIP"),
        ("assigned_to", "omar"),
    ];
    assert_eq!(act(&fields).status, 303);
    assert_eq!(shown("[data-live=classification]"), "False positive - Not malicious");
    assert_eq!(
        (shown(".head-facts .tag"), shown(".head-facts [data-live=owner]")),
        ("VIP".into(), "Omar Haddad".into())
    );
    assert_eq!(act(&[("classification", "falsePositive")]).status, 303);
    assert_eq!(
        shown("[data-live=classification]"),
        "False positive - Not malicious",
        "a determination that fits stays"
    );
    assert_eq!(act(&[("determination", "phishing")]).status, 422, "it goes with a classification");
    assert_eq!(act(&[("classification", "falsePositive"), ("determination", "phishing")]).status, 422);
    assert_eq!(act(&[("assigned_to", "*"), ("status", "inProgress")]).status, 303);
    assert_eq!(shown(".head-facts [data-live=owner]"), "Omar Haddad");
    assert_eq!(act(&[("assigned_to", "")]).status, 303);
    assert_eq!(shown(".head-facts [data-live=owner]"), "Unassigned", "empty is cleared");
}
