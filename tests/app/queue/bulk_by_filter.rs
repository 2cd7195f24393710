//! POST /incidents/bulk over everything that a filter finds.

use serde_json::Value;

use crate::support::bulk::{edit_many, hidden_fields, incidents_on_hosts, unresolved, when_done};
use crate::support::page::{attribute, text, texts};
use crate::support::{Browser, world};

/// Every host.
const FILTER: &str = "/incidents?range=all&device=host";

#[test]
fn all_incidents_of_a_filter_are_resolved_with_one_note_and_undone_by_one_click() {
    let world = world();
    incidents_on_hosts(&world, 500, 4);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    omar.post("/alerts/1", &[("status", "resolved")]);
    omar.post("/incidents/7", &[("status", "resolved"), ("resolving_note", "Known")]);
    let before = open_alerts(&dana);
    let every = format!("{FILTER}&status=all");
    let page = dana.page(&every);
    assert_eq!(texts(&page, "[data-manage-all]"), ["Manage all 500 that match"]);
    let manage = dana.post("/incidents/bulk", &[("act", "manage-all"), ("filter", &every), ("return_to", &every)]);
    assert_eq!(texts(&manage.html(), "h1"), ["Manage 500 incidents"], "{}", manage.text());
    let typed = [("status", "resolved"), ("resolving_note", "Exercise is over"), ("act", "preview")];
    let preview = edit_many(&dana, &hidden_fields(&manage, "section form"), &typed);
    assert_eq!(text(&preview.html(), "h1"), "499 incidents will change");
    let said = preview.text();
    assert!(said.contains(&format!("{before} open alerts will be resolved with them.")), "{said}");
    assert!(said.contains("499 Status: Active → Resolved. Resolution note: Exercise is over"), "{said}");
    assert_eq!(unresolved(&dana), 499, "nothing was written yet");
    let started = edit_many(&dana, &hidden_fields(&preview, "main form"), &[("act", "apply")]);
    assert_eq!(started.status, 303, "{}", started.text());
    let page = when_done(&dana, &started.location);
    assert_eq!(text(&page, "h1"), "499 incidents changed");
    assert_eq!((unresolved(&dana), open_alerts(&dana)), (0, 0));
    assert!(dana.history(1)[0].contains("Status: Active → Resolved. Resolution note: Exercise is over"));
    assert!(dana.history(1)[0].contains("3 alerts resolved too"), "{:?}", dana.history(1)[0]);
    let noted = |incident: &&Value| incident["resolvingComment"] == "Exercise is over";
    assert_eq!(dana.incidents().iter().filter(noted).count(), 499);

    let undo = attribute(&page, "main form", "action");
    let undoing = dana.post(&undo, &[]);
    assert_eq!(undoing.status, 303, "{}", undoing.text());
    let page = when_done(&dana, &undoing.location);
    assert_eq!(text(&page, "h1"), "Undone in 499 incidents");
    assert_eq!(unresolved(&dana), 499);
    assert_eq!(open_alerts(&dana), before);
    assert!(dana.history(1)[0].contains("Undo. Status: Resolved → Active"), "{:?}", dana.history(1)[0]);
    assert!(dana.history(7)[0].contains("Known"), "what was not part of it was left alone");
    // No page shows revisions; a wrong one would show only as a false conflict.
    assert_eq!(world.count("SELECT count(*) AS n FROM incidents i WHERE revision <> (SELECT count(*) FROM history h WHERE h.incident_id = i.id)"), 0);
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts a WHERE revision <> (SELECT count(*) FROM history h WHERE h.alert_id = a.id)"), 0);
    assert_eq!(dana.post(&undo, &[]).status, 422);
}

fn open_alerts(browser: &Browser) -> i64 {
    browser.incidents().iter().map(|incident| incident["activeAlertCount"].as_i64().unwrap()).sum()
}

#[test]
fn an_unknown_filter_changes_nothing() {
    let world = world();
    incidents_on_hosts(&world, 2, 1);
    let dana = world.browser("dana");
    for filter in ["/incidents?assignedTo=ghost", "/incidents?asignedTo=me", "/incidents?status=bogus", "garbage", ""] {
        for act in ["manage", "preview", "apply"] {
            let fields = [("scope", "filter"), ("filter", filter), ("act", act), ("status", "resolved")];
            let answer = dana.post("/incidents/bulk", &fields);
            assert_eq!(answer.status, 422, "{filter} {act}");
            assert!(answer.text().contains("Nothing was changed"), "{}", answer.text());
        }
    }
    assert_eq!(unresolved(&dana), 2);
}
