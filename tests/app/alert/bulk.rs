//! POST /alerts/bulk: changing the selected alerts, of whatever incidents.

use crate::support::bulk::{hidden_fields, incidents_on_hosts, when_done};
use crate::support::page::{attribute, entry_sentences, select, text, texts};
use crate::support::{Answer, Browser, World, alert, world};

const BULK: &str = "/alerts/bulk";

/// Posts a form about alerts.
fn change(browser: &Browser, alerts: &[i64], fields: &[(&str, &str)]) -> Answer {
    let ids: Vec<String> = alerts.iter().map(ToString::to_string).collect();
    let mut all: Vec<(&str, &str)> = ids.iter().map(|id| ("alerts", id.as_str())).collect();
    all.extend(fields);
    browser.post(BULK, &all)
}

/// Posts a form with its hidden fields.
fn send(browser: &Browser, page: &Answer, more: &[(&str, &str)]) -> Answer {
    let fields = hidden_fields(page, "main form[action='/alerts/bulk']");
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.retain(|(name, _)| *name != "csrf");
    all.extend(more);
    browser.post(BULK, &all)
}

/// Status, classification and owner of an alert.
fn shown(browser: &Browser, alert: i64) -> [String; 3] {
    let page = browser.page(&format!("/alerts/{alert}"));
    [".head-facts .status", "[data-live=classification]", ".head-facts [data-live=owner]"].map(|at| text(&page, at))
}

fn active_alerts(browser: &Browser, incident: i64) -> String {
    text(&browser.page(&format!("/incidents/{incident}")), ".big")
}

/// Two incidents of three alerts each.
fn two_incidents() -> World {
    let world = world();
    incidents_on_hosts(&world, 2, 3);
    world
}

#[test]
fn r20_alerts_of_several_incidents_are_changed_together_by_one_entry_in_each() {
    let world = two_incidents();
    let dana = world.browser("dana");
    let fields = [
        ("status", "resolved"),
        ("classification", "falsePositive:notMalicious"),
        ("assigned_to", "omar"),
        ("comment", "Known **scanner**"),
    ];
    let answer = change(&dana, &[1, 2, 4], &fields);
    assert_eq!(answer.location, "/alerts");
    assert_eq!(dana.message_after(&answer), "3 alerts resolved as False positive - Not malicious.");
    for id in [1, 2, 4] {
        assert_eq!(shown(&dana, id), ["Resolved", "False positive - Not malicious", "Omar Haddad"], "alert {id}");
        let own = dana.alert_history(id);
        assert!(own.iter().any(|entry| entry.contains("Alert status: New → Resolved")), "{own:?}");
    }
    assert_eq!(shown(&dana, 3), ["New", "Not set", "Unassigned"]);
    assert_eq!([1, 2].map(|id| active_alerts(&dana, id)), ["1/3 active alerts", "2/3 active alerts"]);
    let act = "2 alerts: status set to Resolved, classified as False positive - Not malicious, assigned to Omar Haddad";
    let sentences = |id: i64| entry_sentences(&dana.page(&format!("/incidents/{id}/history")));
    assert!(sentences(1)[1].ends_with(act), "{:?}", sentences(1));
    assert!(!sentences(2).iter().any(|sentence| sentence.contains("alerts:")), "a single alert needs no list");
    let page = dana.page("/incidents/1/history");
    let parts = texts(&page, ".entry-parts li");
    assert_eq!(parts.len(), 2, "{parts:?}");
    assert!(parts[0].contains("Alert status: New → Resolved"), "{parts:?}");
    for id in [1, 2] {
        let comments = dana.comments(id);
        assert!(comments.len() == 1 && comments[0].contains("Known scanner"), "{comments:?}");
    }
    let only_alerts = texts(&dana.page("/incidents/1/history?show=alerts"), ".entry");
    assert!(only_alerts.iter().any(|entry| entry.contains(act)), "{only_alerts:?}");
}

#[test]
fn alerts_are_assigned_to_oneself_without_a_form() {
    let world = two_incidents();
    let dana = world.browser("dana");
    let answer = change(&dana, &[1, 4, 4], &[("act", "assign-to-me"), ("return_to", "/incidents/1/alerts")]);
    assert_eq!(answer.location, "/incidents/1/alerts");
    assert_eq!(dana.message_after(&answer), "2 alerts assigned to you.");
    assert_eq!([1, 2, 4].map(|id| dana.alert_owner(id)), ["Dana Reyes", "Unassigned", "Dana Reyes"]);
    assert_eq!(dana.message_after(&change(&dana, &[1, 4], &[("act", "assign-to-me")])), "Nothing was changed.");
    assert_eq!(dana.get("/operations/2").status, 404, "and is no operation");
    let answer = change(&dana, &[1, 2], &[("act", "assign-to-me")]);
    assert_eq!(dana.message_after(&answer), "1 alert assigned to you. 1 already had these values.");
    assert_eq!(dana.message_after(&change(&dana, &[], &[("status", "resolved")])), "Select at least one alert first.");
}

#[test]
fn the_form_lists_the_first_alerts_and_changes_nothing_that_is_not_chosen() {
    let world = world();
    incidents_on_hosts(&world, 1, 12);
    let dana = world.browser("dana");
    let ids: Vec<i64> = (1..=12).collect();
    let form = change(&dana, &ids, &[("act", "manage"), ("return_to", "/alerts?severity=high")]);
    let page = form.html();
    assert_eq!((form.status, text(&page, "h1")), (200, "Manage 12 alerts".to_owned()));
    assert_eq!(select(&page, "[data-bulk-form] .mini li").len(), 11);
    assert!(text(&page, ".mini li").starts_with("1 Seen 0") && text(&page, ".mini li").contains("host-0"));
    assert_eq!(text(&page, ".mini li:last-child"), "and 2 more");
    let nothing = send(&dana, &form, &[("status", ""), ("classification", ""), ("assigned_to", "*"), ("comment", " ")]);
    assert_eq!(nothing.location, "/alerts?severity=high");
    assert_eq!(dana.message_after(&nothing), "Nothing was changed.");
    assert_eq!(
        dana.message_after(&send(&dana, &form, &[("assigned_to", "*"), ("status", "inProgress")])),
        "12 alerts changed."
    );
    assert_eq!(dana.message_after(&change(&dana, &[1, 2], &[("assigned_to", "omar")])), "2 alerts changed.");
    assert_eq!(dana.message_after(&change(&dana, &[1, 2], &[("assigned_to", "")])), "2 alerts changed.");
    assert!(dana.history(1)[0].contains("2 alerts: unassigned"), "{:?}", dana.history(1));
}

#[test]
fn a_comment_alone_is_added_once_to_each_incident() {
    let world = two_incidents();
    let dana = world.browser("dana");
    let answer = change(&dana, &[1, 2, 4], &[("comment", "Under review")]);
    assert_eq!(dana.message_after(&answer), "Comment added to 2 incidents.");
    assert_eq!([1, 2].map(|id| dana.comments(id).len()), [1, 1]);
    assert!(select(&dana.page("/incidents/1/history"), ".entry form.undo").is_empty(), "an undo would keep it");
    change(&dana, &[1, 2], &[("status", "resolved")]);
    change(&dana, &[1, 4], &[("status", "resolved"), ("comment", "Also here")]);
    assert_eq!([1, 2].map(|id| dana.comments(id).len()), [1, 2], "none where nothing changes");
}

#[test]
fn r13_alerts_that_others_changed_since_the_list_was_made_are_left_alone() {
    let world = world();
    let on = |id: &str| alert(id).id(id).at(1_795_000_000_000_000).device("a.contoso.test");
    world.ingest(&[on("1").json(), on("2").json(), on("3").json(), on("4").json()]);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let form = change(&dana, &[1, 2, 3, 4], &[("act", "manage")]);
    omar.post("/alerts/2", &[("assigned_to", "omar")]);
    omar.post("/alerts/4", &[("status", "resolved")]);
    // What a source changes only matters where the edit sets the same.
    world.ingest(&[on("1").with("severity", "high").json(), on("3").with("status", "inProgress").json()]);
    let answer = send(&dana, &form, &[("status", "resolved"), ("assigned_to", "*")]);
    let said = dana.message_after(&answer);
    assert!(said.starts_with("1 alert resolved, no classification."), "{said}");
    assert!(said.contains("1 skipped: Changed by Omar Haddad since you opened the list."), "{said}");
    assert!(said.contains("1 already had these values."), "{said}");
    assert!(said.matches("skipped").count() == 2, "the source set the status of one: {said}");
    assert_eq!([1, 2, 3, 4].map(|id| shown(&dana, id)[0].clone()), ["Resolved", "New", "In progress", "Resolved"]);
    let again = send(&dana, &form, &[("classification", "truePositive:malware"), ("assigned_to", "*")]);
    let said = dana.message_after(&again);
    assert!(said.starts_with("2 alerts changed. 2 skipped: Changed by Omar"), "{said}");
}

#[test]
fn what_cannot_be_taken_is_refused_at_its_field_and_everything_typed_is_kept() {
    let world = two_incidents();
    let dana = world.browser("dana");
    let typed = [
        ("status", "inProgress"),
        ("classification", "falsePositive:phishing"),
        ("assigned_to", "vic"),
        ("comment", "Typed"),
    ];
    let refused = change(&dana, &[1, 4], &typed);
    assert_eq!(refused.status, 422);
    let page = refused.html();
    assert!(text(&page, "#b-classification-error").contains("does not match"), "{}", refused.text());
    assert!(text(&page, "#b-owner-error").contains("cannot be the owner"), "{}", refused.text());
    assert_eq!(text(&page, "#b-status option[selected]"), "In progress");
    assert_eq!(text(&page, "#b-comment"), "Typed");
    assert_eq!(select(&page, "input[name=alerts]").len(), 2);
    assert_eq!(change(&dana, &[1], &[("status", "redirected")]).status, 422);
    assert_eq!(change(&dana, &[1], &[("determination", "phishing")]).status, 422);
    assert_eq!(change(&dana, &[1, 99], &[("status", "resolved")]).status, 404);
    assert_eq!(dana.get("/operations/1").status, 404, "nothing was done");
    assert_eq!(active_alerts(&dana, 1), "3/3 active alerts");
}

#[test]
fn a_form_sent_twice_changes_alerts_once() {
    let world = two_incidents();
    let dana = world.browser("dana");
    let form = change(&dana, &[1, 2, 4], &[("act", "manage")]);
    let first = send(&dana, &form, &[("assigned_to", "*"), ("comment", "Once")]);
    assert_eq!(dana.message_after(&first), "Comment added to 2 incidents.");
    let again = send(&dana, &form, &[("assigned_to", "*"), ("comment", "Once")]);
    assert!(again.location.starts_with("/operations/"), "{}", again.location);
    assert_eq!([1, 2].map(|id| dana.comments(id).len()), [1, 1]);
}

#[test]
fn viewers_may_not_change_alerts() {
    let world = two_incidents();
    let vic = world.browser("vic");
    for act in ["manage", "assign-to-me", ""] {
        let refused = change(&vic, &[1, 2], &[("act", act), ("status", "resolved")]);
        assert_eq!(refused.status, 403);
        assert!(refused.text().contains("Only analysts, leads and administrators"), "{}", refused.text());
    }
    assert_eq!(vic.get("/alerts/move?alerts=1").status, 403);
    assert_eq!(shown(&vic, 1)[0], "New");
}

#[test]
fn more_than_two_hundred_alerts_are_previewed_before_they_are_changed_as_a_job() {
    let world = world();
    incidents_on_hosts(&world, 2, 300);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let ids: Vec<i64> = (1..=600).collect();
    omar.post("/alerts/1", &[("status", "resolved")]);
    let form = change(&dana, &ids, &[("act", "manage")]);
    assert!(select(&form.html(), "button[value=save]").is_empty(), "it is previewed first");
    omar.post("/alerts/2", &[("assigned_to", "omar")]);
    let preview = send(&dana, &form, &[("status", "resolved"), ("assigned_to", "*"), ("comment", "Noise")]);
    let said = text(&preview.html(), "main");
    assert_eq!(text(&preview.html(), "h1"), "598 alerts will change", "{said}");
    assert!(said.contains("598 Alert status: New → Resolved: 3, 4"), "{said}");
    assert!(said.contains("1 Changed by Omar Haddad since you opened the list: 2"), "{said}");
    assert!(said.contains("1 Already set: 1") && said.contains("The comment will be added to 2 incidents."), "{said}");
    let back = send(&dana, &preview, &[("act", "manage")]);
    assert_eq!(text(&back.html(), "#b-status option[selected]"), "Resolved", "what was typed is kept");
    let applied = send(&dana, &preview, &[("act", "apply")]);
    let page = when_done(&dana, &applied.location);
    assert_eq!(text(&page, "h1"), "598 alerts changed");
    let said = text(&page, "main");
    assert!(said.contains("1 alert: Changed by Omar Haddad since you opened the list (1 incident: 1)"), "{said}");
    assert_eq!([1, 2].map(|id| active_alerts(&dana, id)), ["1/300 active alerts", "0/300 active alerts"]);
    assert!(dana.history(2)[1].contains("300 alerts: status set to Resolved"));
    assert_eq!(attribute(&page, "main .button", "href"), "/alerts");
}

#[test]
fn alerts_of_several_incidents_are_moved_by_one_form() {
    let world = two_incidents();
    let dana = world.browser("dana");
    let back = "/alerts?status=new";
    let form = dana.get("/alerts/move?alerts=1&alerts=4&return_to=/alerts%3Fstatus%3Dnew");
    let page = form.html();
    assert_eq!((form.status, text(&page, "h1")), (200, "Move 2 alerts".to_owned()));
    assert_eq!(attribute(&page, ".crumbs a", "href"), back);
    assert_eq!(attribute(&page, "main form .buttons a", "href"), back);
    let fields = hidden_fields(&form, "main form");
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.retain(|(name, _)| *name != "csrf");
    all.push(("new_incident", "1"));
    let moved = dana.post("/alerts/move", &all);
    assert_eq!(
        (moved.location.as_str(), dana.message_after(&moved)),
        (back, "2 alerts moved to incident 3.".to_owned())
    );
    let none = dana.get("/alerts/move?return_to=/incidents/1/alerts");
    assert_eq!((none.status, none.location.as_str()), (303, "/incidents/1/alerts"));
}

#[test]
fn everything_that_a_filter_finds_is_previewed_and_changed_on_all_pages() {
    let world = world();
    let host = |title: &str| alert(title).device("web-01.contoso.example");
    let logins = (0..60).map(|n| host("Failed login").user(&format!("u{n}@contoso.example")).json());
    world.ingest(&logins.chain([host("Odd script").json()]).collect::<Vec<_>>());
    let dana = world.browser("dana");
    let filter = "/incidents/1/alerts?title=Failed+login&limit=25";
    let fields = [("filter", filter), ("scope", "filter"), ("status", "resolved"), ("return_to", filter)];
    let preview = dana.post("/alerts/bulk", &fields).html();
    assert_eq!(text(&preview, "h1"), "60 alerts will change");
    let kept: Vec<(String, String)> = select(&preview, "form.stack input[type=hidden]")
        .iter()
        .map(|input| (input.attr("name").unwrap().to_owned(), input.attr("value").unwrap().to_owned()))
        .filter(|(name, _)| name != "csrf")
        .collect();
    let fields: Vec<(&str, &str)> =
        kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain([("act", "apply")]).collect();
    assert_eq!(dana.post("/alerts/bulk", &fields).location, filter);
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts WHERE status = 'resolved'"), 60);
    let grouped = dana.post("/alerts/bulk", &[("act", "manage-all"), ("filter", "/incidents/1/alerts"), ("scope", "")]);
    assert_eq!(text(&grouped.html(), "h1"), "Manage 61 alerts", "alerts of one title are one row, and each is meant");
    for (filter, message) in [
        ("/incidents?severity=high", "This is a filter of incidents."),
        ("/alerts?colour=red", "Unknown filter colour=red."),
        ("/settings", "No filter was given."),
    ] {
        let refused = dana.post("/alerts/bulk", &[("act", "manage-all"), ("filter", filter)]);
        assert!(refused.status == 422 && refused.text().contains(message), "{}", refused.text());
    }
}

#[test]
fn moving_and_tuning_lead_to_their_forms_with_what_is_selected() {
    let world = world();
    world.incident("One");
    world.incident("Two");
    let dana = world.browser("dana");
    let act = |act: &str| {
        let fields = [("act", act), ("alerts", "1"), ("alerts", "2"), ("return_to", "/alerts?q=o")];
        dana.post("/alerts/bulk", &fields).location
    };
    assert_eq!(act("move"), "/alerts/move?alerts=1&alerts=2&return_to=%2Falerts%3Fq%3Do");
    assert_eq!(text(&dana.page(&act("move")), "h1"), "Move 2 alerts");
    assert!(act("tune").starts_with("/settings/rules/new?alerts=1&alerts=2&"));
    assert_eq!(dana.post("/alerts/bulk", &[("act", "move")]).location, "/alerts", "nothing is selected");
}
