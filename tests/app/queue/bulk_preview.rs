//! POST /incidents/bulk with act=preview: what an edit of many incidents will change.

use crate::support::bulk::{edit_many, hidden_fields, incidents_on_hosts};
use crate::support::page::{text, texts};
use crate::support::world;

#[test]
fn a_preview_names_the_incidents_that_will_not_change_and_why() {
    let world = world();
    incidents_on_hosts(&world, 3, 1);
    let dana = world.browser("dana");
    dana.post("/alerts/move", &[("alerts", "1"), ("target", "2")]);
    dana.post("/incidents/3", &[("status", "inProgress")]);
    let ids = [("ids", "1"), ("ids", "2"), ("ids", "3"), ("status", "inProgress"), ("act", "preview")];
    let preview = dana.post("/incidents/bulk", &ids);
    let said = preview.text();
    assert!(said.contains("1 incident will change"), "{said}");
    assert!(said.contains("2 incidents will not change"), "{said}");
    assert!(said.contains("1 Redirected to another incident: 1") && said.contains("1 Already set: 3"), "{said}");
    let back = edit_many(&dana, &hidden_fields(&preview, "main form"), &[("act", "manage")]);
    assert_eq!(texts(&back.html(), "#b-status option[selected]"), ["In progress"], "what was typed is kept");
}

#[test]
fn a_preview_shows_what_applying_it_will_do_after_others_changed_incidents() {
    let world = world();
    incidents_on_hosts(&world, 3, 1);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    dana.post("/incidents/1", &[("severity", "high")]);
    dana.post("/incidents/3", &[("assigned_to", "dana")]);
    omar.post("/alerts/3", &[("assigned_to", "omar")]);
    let ids = [("ids", "1"), ("ids", "2"), ("ids", "3"), ("act", "manage")];
    let manage = dana.post("/incidents/bulk", &ids);
    omar.post("/incidents/2", &[("severity", "low")]);
    // A comment on an incident does not count as a change of it.
    omar.post("/incidents/1/comments", &[("body", "Look at this")]);
    let typed = [("severity", "automatic"), ("assigned_to", "dana"), ("act", "preview")];
    let preview = edit_many(&dana, &hidden_fields(&manage, "section form"), &typed);
    let said = text(&preview.html(), "main");
    assert!(said.contains("2 incidents will change"), "{said}");
    assert!(said.contains("Severity: High → Medium"), "{said}");
    assert!(said.contains("1 Alerts assigned too: 3"), "{said}");
    assert!(said.contains("1 Changed by Omar Haddad since you opened the list: 2"), "{said}");
    let applied = edit_many(&dana, &hidden_fields(&preview, "main form"), &[("act", "apply")]);
    let message = dana.message_after(&applied);
    assert_eq!(message, "2 incidents changed. 1 skipped: Changed by Omar Haddad since you opened the list.");
}
