//! Undoing a resolve or a reopening, with the alerts that followed (R3).

use super::{fields, undo_offered};
use crate::support::page::text;
use crate::support::{alert, world};

#[test]
fn r3_undoing_a_resolve_reopens_exactly_the_alerts_it_closed() {
    let world = world();
    let on = |title: &str| alert(title).device("a.contoso.test").json();
    let id = world.ingest(&[on("One"), on("Two"), on("Three")])[0];
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("status", "resolved")]);
    dana.post("/alerts/2", &[("status", "inProgress")]);
    let path = format!("/incidents/{id}");
    let resolved = dana.post(&path, &[("status", "resolved"), ("resolving_note", "Exercise")]);
    let (_, action) = undo_offered(&dana, &resolved);
    assert_eq!(text(&dana.page(&path), ".big"), "0/3 active alerts");
    assert_eq!(dana.post(&action, &[]).status, 303);
    let status = |alert: i64| text(&dana.page(&format!("/alerts/{alert}")), ".head-facts .status");
    assert_eq!([status(1), status(2), status(3)], ["Resolved", "In progress", "New"]);
    assert_eq!(text(&dana.page(&path), ".big"), "2/3 active alerts");
    let incident = &dana.incidents()[0];
    assert!(incident["resolvingComment"].is_null() && incident["resolvedDateTime"].is_null(), "{incident}");
}

#[test]
fn undoing_a_reopening_restores_note_and_time_of_resolving() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("status", "resolved"), ("resolving_note", "Exercise")]);
    let at = || dana.incidents()[0]["resolvedDateTime"].clone();
    // No page shows when an alert was resolved.
    let alert_at = || world.count("SELECT coalesce(resolved_at, 0) AS n FROM alerts WHERE closed_with = 1");
    let before = (at(), alert_at());
    let (_, action) = undo_offered(&dana, &dana.post(&path, &[("status", "active")]));
    assert!(at().is_null());
    dana.post(&action, &[]);
    assert_eq!((at(), alert_at()), before);
    assert!(before.0.is_string() && before.1 > 0);
    assert!(dana.get(&path).text().contains("Exercise"));
    dana.post(&path, &[("status", "active")]);
    assert_eq!(text(&dana.page(&path), ".big"), "1/1 active alerts", "it still reopens what it had closed");
}

#[test]
fn a_reopening_is_not_undone_once_alerts_came_in() {
    let world = world();
    let on = |title: &str| alert(title).device("a.contoso.test").json();
    let id = world.ingest(&[on("One")])[0];
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("status", "resolved")]);
    let (_, action) = undo_offered(&dana, &dana.post(&path, &[("status", "active")]));
    assert_eq!(world.ingest(&[on("Two")]), [id]);
    let answer = dana.post(&action, &[]);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Status stays Active: alerts were added since."), "{}", answer.text());
    assert_eq!(text(&dana.page(&path), ".big"), "2/2 active alerts");
    // Once what came in is resolved, nothing open would be left.
    dana.post("/alerts/2", &[("status", "resolved")]);
    assert_eq!(dana.post(&action, &[]).status, 303);
    assert_eq!(
        (fields(&dana, id)[1].as_str(), text(&dana.page(&path), ".big").as_str()),
        ("Resolved", "0/2 active alerts")
    );
}

#[test]
fn undoing_a_resolve_also_removes_a_note_written_since() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let path = format!("/incidents/{id}");
    let (_, action) = undo_offered(&dana, &dana.post(&path, &[("status", "resolved"), ("resolving_note", "Exercise")]));
    omar.post(&path, &[("status", "resolved"), ("resolving_note", "A drill of the red team")]);
    let answer = dana.post(&action, &[]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = dana.page(&answer.location);
    assert_eq!(
        text(&page, "[data-flash] p"),
        "Undone. The resolution note that Omar Haddad has written since is removed with the status."
    );
    assert_eq!((fields(&dana, id)[1].as_str(), text(&page, ".big").as_str()), ("Active", "1/1 active alerts"));
}
