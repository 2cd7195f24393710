//! Undoing a move of alerts.

use super::{fields, undo_offered};
use crate::support::page::{text, texts};
use crate::support::{alert, world};

#[test]
fn r10_undoing_a_move_restores_both_incidents_and_the_links() {
    let world = world();
    let ids = world.ingest(&[
        alert("One").device("a.contoso.test").category("InitialAccess").json(),
        alert("Two").device("b.contoso.test").severity("high").json(),
    ]);
    let (from, to) = (ids[0], ids[1]);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    omar.post(&format!("/incidents/{to}/assign-to-me"), &[]);
    let (before, linked) =
        ((fields(&dana, from), fields(&dana, to)), text(&dana.page("/alerts/1"), "[data-live=linkedBy]"));
    let moved = dana.post("/alerts/move", &[("alerts", "1"), ("target", &to.to_string()), ("reason", "Same attack")]);
    let (said, action) = undo_offered(&dana, &moved);
    assert_eq!(said, format!("1 alert moved to incident {to} and assigned to Omar Haddad."));
    assert_eq!(dana.get(&format!("/incidents/{from}")).status, 303);
    // No page shows which incidents people took apart; only the next alert on both would.
    let apart = || world.count("SELECT count(*) AS n FROM incidents_apart");
    assert_eq!(apart(), 1);
    let answer = dana.post(&action, &[]);
    assert_eq!(
        (answer.status, answer.location.clone()),
        (303, format!("/incidents/{from}/alerts")),
        "{}",
        answer.text()
    );
    let page = dana.page(&answer.location);
    assert_eq!(text(&page, "[data-flash] p"), format!("The move was undone. 1 alert moved back to incident {from}."));
    assert_eq!(texts(&page, "[data-flash] p a"), [format!("incident {from}")]);
    assert_eq!((fields(&dana, from), fields(&dana, to)), before);
    assert_eq!(text(&dana.page("/alerts/1"), "[data-live=linkedBy]"), linked);
    assert_eq!(dana.alert_owner(1), "Unassigned");
    assert_eq!(apart(), 0);
    assert!(dana.history(from).join(" | ").contains(&format!("Undo. Alert moved here from incident {to}")));
}

#[test]
fn undoing_a_move_leaves_alerts_that_were_moved_on_and_says_so() {
    let world = world();
    let on = |title: &str| alert(title).device("a.contoso.test").json();
    let id = world.ingest(&[on("One"), on("Two"), on("Three")])[0];
    let dana = world.browser("dana");
    let (_, action) =
        undo_offered(&dana, &dana.post("/alerts/move", &[("alerts", "1"), ("alerts", "2"), ("new_incident", "1")]));
    dana.post("/alerts/move", &[("alerts", "2"), ("new_incident", "1")]);
    let answer = dana.post(&action, &[]);
    let said = dana.message_after(&answer);
    assert_eq!(
        said,
        "The move was undone. 1 alert moved back to incident 1. 1 of 2 alerts were moved again and stay where they are."
    );
    assert_eq!(text(&dana.page(&format!("/incidents/{id}")), ".big"), "2/2 active alerts");
    assert_eq!(dana.get(&format!("/incidents/{}", id + 1)).location, format!("/incidents/{id}"), "emptied");
}

#[test]
fn undoing_a_move_returns_no_open_alerts_to_a_resolved_incident() {
    let world = world();
    let on = |title: &str| alert(title).device("a.contoso.test").json();
    let id = world.ingest(&[on("One"), on("Two")])[0];
    let dana = world.browser("dana");
    let (_, action) = undo_offered(&dana, &dana.post("/alerts/move", &[("alerts", "2"), ("new_incident", "1")]));
    dana.post(&format!("/incidents/{id}"), &[("status", "resolved")]);
    let answer = dana.post(&action, &[]);
    assert_eq!(answer.status, 422);
    let why = format!("Incident {id} is resolved, but alerts that would move back to it are open. Resolve them first.");
    assert!(answer.text().contains(&why), "{}", answer.text());
    dana.post("/alerts/2", &[("status", "resolved")]);
    assert_eq!(dana.post(&action, &[]).status, 303);
    assert_eq!(text(&dana.page(&format!("/incidents/{id}")), ".big"), "0/2 active alerts");
}

#[test]
fn undoing_a_move_leads_back_to_where_it_was_pressed() {
    let world = world();
    let on = |title: &str, device: &str| alert(title).device(device).json();
    let ids = world.ingest(&[on("One", "a"), on("Two", "a"), on("Three", "b"), on("Four", "c")]);
    let (first, target) = (ids[0], ids[3]);
    let dana = world.browser("dana");
    let history = format!("/incidents/{target}/history");
    let undone = |alerts: &[&str], return_to: &str, referrer: &str| {
        let target = target.to_string();
        let alerts = alerts.iter().map(|alert| ("alerts", *alert));
        let moved: Vec<(&str, &str)> = alerts.chain([("target", target.as_str()), ("reason", "Same attack")]).collect();
        let (_, action) = undo_offered(&dana, &dana.post("/alerts/move", &moved));
        let headers = [("sec-fetch-site", "same-origin"), ("referer", referrer)];
        dana.post_with(&action, &[("return_to", return_to)], &headers)
    };
    let named = undone(&["1"], "/incidents?pane=4", "");
    assert_eq!(named.location, "/incidents?pane=4");
    let before = undone(&["1"], "", &format!("{}{history}", dana.base()));
    assert_eq!(before.location, history, "the history's button has no address without scripts");
    for elsewhere in ["https://evil.example/incidents/4/history".to_owned(), format!("{}/incidents/merge", dana.base())]
    {
        assert_eq!(undone(&["1"], "", &elsewhere).location, format!("/incidents/{first}/alerts"), "{elsewhere}");
    }
    let several = undone(&["1", "3"], &history, "");
    assert_eq!(dana.message_after(&several), "The move was undone. 2 alerts moved back to 2 incidents.");
}
