//! Undoing an edit of many alerts.

use super::undo_offered;
use crate::support::bulk::{incidents_on_hosts, when_done};
use crate::support::page::{attribute, select, text};
use crate::support::product::{AlertsEdit, bulk_alerts, job_worker};
use crate::support::{Answer, Browser, alert, world};

fn change(browser: &Browser, alerts: &[i64], fields: &[(&str, &str)]) -> Answer {
    let ids: Vec<String> = alerts.iter().map(ToString::to_string).collect();
    let mut all: Vec<(&str, &str)> = ids.iter().map(|id| ("alerts", id.as_str())).collect();
    all.extend(fields);
    browser.post("/alerts/bulk", &all)
}

fn status(browser: &Browser, alert: i64) -> String {
    text(&browser.page(&format!("/alerts/{alert}")), ".head-facts .status")
}

fn classification(browser: &Browser, alert: i64) -> String {
    text(&browser.page(&format!("/alerts/{alert}")), "[data-live=classification]")
}

#[test]
fn r20_an_edit_of_many_alerts_is_undone_by_one_act_with_one_entry_in_each_incident() {
    let world = world();
    incidents_on_hosts(&world, 2, 3);
    let dana = world.browser("dana");
    let fields = [("status", "resolved"), ("assigned_to", "omar"), ("comment", "Known")];
    let (_, action) = undo_offered(&dana, &change(&dana, &[1, 2, 4, 5], &fields));
    let history = dana.page("/incidents/1/history");
    let there = attribute(&history, ".entry form.undo", "action");
    assert_eq!(there, action, "the incident's history offers it too");
    let offers: Vec<_> = select(&history, ".entry").iter().map(|entry| entry.html().contains("form")).collect();
    assert_eq!(offers[..2], [false, true], "at what was changed, not at the comment, which stays");
    let undone = dana.post(&action, &[("return_to", "/alerts")]);
    assert_eq!(dana.message_after(&undone), "4 alerts restored in 2 incidents. The comment is kept.");
    for id in [1, 2, 4, 5] {
        assert_eq!((status(&dana, id), dana.alert_owner(id)), ("New".into(), "Unassigned".into()), "alert {id}");
    }
    for id in [1, 2] {
        let newest = dana.history(id)[0].clone();
        assert!(newest.contains("Undo. 2 alerts: earlier values restored"), "{newest}");
    }
    assert_eq!(text(&dana.page("/incidents/1"), ".big"), "3/3 active alerts");
    assert_eq!(dana.post(&action, &[]).status, 422, "once");
}

#[test]
fn r14_sources_do_not_override_what_was_decided_for_many_alerts_and_do_so_again_after_the_undo() {
    let world = world();
    // Later activity would begin a new episode (R16).
    let one = |id: &str| alert(id).id(id).at(1_795_000_000_000_000).device("a.contoso.test");
    world.ingest(&[one("1").json(), one("2").json(), one("3").json()]);
    let dana = world.browser("dana");
    dana.post("/alerts/3", &[("status", "inProgress")]);
    let edit = [("status", "resolved"), ("classification", "falsePositive:notMalicious")];
    let (_, action) = undo_offered(&dana, &change(&dana, &[1, 2, 3], &edit));
    let report = |status: &str| {
        let update = |id: &str| one(id).with("status", status).with("classification", "truePositive").json();
        world.ingest(&[update("1"), update("2"), update("3")]);
    };
    report("inProgress");
    for id in [1, 2, 3] {
        assert_eq!(
            (status(&dana, id), classification(&dana, id)),
            ("Resolved".into(), "False positive - Not malicious".into())
        );
    }
    assert_eq!(dana.post(&action, &[]).status, 303);
    assert_eq!([1, 2, 3].map(|id| status(&dana, id)), ["New", "New", "In progress"]);
    report("resolved");
    assert_eq!([1, 2, 3].map(|id| status(&dana, id)), ["Resolved", "Resolved", "In progress"], "Dana had decided one");
    assert_eq!([1, 2, 3].map(|id| classification(&dana, id)), ["True positive"; 3]);
}

#[test]
fn what_somebody_changed_later_stays_and_is_named() {
    let world = world();
    incidents_on_hosts(&world, 2, 2);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let (_, action) = undo_offered(&dana, &change(&dana, &[1, 2, 3, 4], &[("status", "inProgress")]));
    let (_, his) = undo_offered(&omar, &omar.post("/alerts/3", &[("status", "resolved")]));
    let undone = dana.post(&action, &[]);
    let said_first = dana.message_after(&undone);
    assert!(
        said_first.starts_with("3 alerts restored in 2 incidents. Incident 2: 1 alert stays as it is"),
        "{said_first}"
    );
    assert_eq!([1, 2, 3, 4].map(|id| status(&dana, id)), ["New", "New", "Resolved", "New"]);
    omar.post(&his, &[]);
    assert_eq!(dana.post(&action, &[]).status, 303, "once nothing stands in the way, the rest is undone");
    assert_eq!(status(&dana, 3), "New");
}

#[test]
fn a_job_on_alerts_that_a_restart_interrupted_continues_and_is_undone_as_a_job() {
    let mut world = world();
    incidents_on_hosts(&world, 220, 1);
    world.browser("omar").post("/alerts/5", &[("status", "inProgress")]);
    let ids: Vec<i64> = (1..=220).collect();
    let edit = AlertsEdit { status: Some("resolved".into()), ..AlertsEdit::default() };
    let actor = world.actor("dana");
    let id = world.db.write_now(|tx| bulk_alerts::start(tx, &actor, &ids, &edit)).unwrap();
    assert!(job_worker::step(&world.db, id).unwrap());
    let dana = world.browser("dana");
    let page = dana.page(&format!("/operations/{id}"));
    assert_eq!((text(&page, "h1"), attribute(&page, "progress", "value")), ("Managing alerts".into(), "10".into()));
    // Alerts that are moved while it runs are where somebody put them.
    assert_eq!(dana.post("/alerts/move", &[("alerts", "220"), ("target", "1")]).status, 303);
    world.stop();
    world.start();
    let dana = world.browser("dana");
    let page = when_done(&dana, &format!("/operations/{id}"));
    assert_eq!(text(&page, "h1"), "219 alerts changed");
    let told = text(&page, "main");
    assert!(told.contains("Moved to another incident in the meantime (1 incident: 220)"), "{told}");
    assert_eq!([1, 5, 219, 220].map(|id| status(&dana, id)), ["Resolved", "Resolved", "Resolved", "New"]);
    let undoing = dana.post(&attribute(&page, "main form", "action"), &[]);
    assert_eq!(text(&when_done(&dana, &undoing.location), "h1"), "Undone in 219 incidents");
    assert_eq!([1, 5, 219].map(|id| status(&dana, id)), ["New", "In progress", "New"]);
    // No page shows who decides a status.
    let decided = world.count("SELECT count(*) AS n FROM alerts WHERE status_by_person");
    assert_eq!(decided, 1, "Omar's decision alone");
}
