//! Undoing an edit of many incidents.

use crate::support::bulk::incidents_on_hosts;
use crate::support::page::{attribute, text};
use crate::support::world;

#[test]
fn an_undo_that_succeeds_in_part_names_the_incidents_it_left_and_why() {
    let world = world();
    incidents_on_hosts(&world, 2, 1);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let answer = dana.post("/incidents/bulk", &[("ids", "1"), ("ids", "2"), ("status", "inProgress")]);
    let undo = attribute(&dana.page(&answer.location), "[data-flash] form", "action");
    omar.post("/incidents/2", &[("status", "resolved")]);
    let answer = dana.post(&undo, &[]);
    let page = dana.page(&answer.location);
    let said = text(&page, "[data-flash] p");
    assert_eq!(said, "Undone in 1 incident. Incident 2: Status stays Resolved: Omar Haddad changed it since.");
    assert!(text(&page, "main").contains("1 Status stays Resolved: Omar Haddad changed it since."));
}

#[test]
fn what_an_undo_left_can_be_undone_later() {
    let world = world();
    incidents_on_hosts(&world, 2, 1);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let answer = dana.post("/incidents/bulk", &[("ids", "1"), ("ids", "2"), ("status", "inProgress")]);
    let undo = attribute(&dana.page(&answer.location), "[data-flash] form", "action");
    let answer = omar.post("/incidents/2", &[("status", "resolved")]);
    let his = attribute(&omar.page(&answer.location), "[data-flash] form", "action");
    assert_eq!(dana.post(&undo, &[]).status, 303);
    assert_eq!(dana.post(&undo, &[]).status, 422, "it still stands in the way");
    assert_eq!(omar.post(&his, &[]).status, 303);
    let answer = dana.post(&undo, &[]);
    assert_eq!(dana.message_after(&answer), "Undone in 1 incident.");
    assert_eq!(dana.export("status=active").len(), 2);
    assert_eq!(dana.post(&undo, &[]).status, 422, "and then it is undone");
}
