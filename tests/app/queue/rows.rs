//! GET /incidents/rows: rows of the queue without the page around them.

use super::lone_incidents;
use crate::support::page::{attribute, text, texts};

#[test]
fn the_rows_of_a_page_come_as_a_fragment_with_total_and_next_page() {
    let world = lone_incidents(30);
    let dana = world.browser("dana");
    let answer = dana.get("/incidents/rows?sort=id&limit=25");
    assert!(!answer.body.contains("<html") && !answer.body.contains("<aside"), "it is no page");
    let rows = answer.html();
    assert_eq!(texts(&rows, "[data-rows] .col-id").len(), 25);
    assert_eq!(text(&rows, "[data-total]"), "30 incidents");
    let next = attribute(&rows, "a[rel=next]", "href");
    let (_, query) = next.split_once('?').unwrap();
    let last = dana.page(&format!("/incidents/rows?{query}"));
    assert_eq!(texts(&last, "[data-rows] .col-id"), ["26", "27", "28", "29", "30"]);
    assert_eq!(attribute(&last, "a[rel=prev]", "href"), "/incidents?sort=id&limit=25");
}

#[test]
fn single_rows_come_by_id_and_those_outside_the_filter_apart() {
    let world = lone_incidents(5);
    let dana = world.browser("dana");
    dana.post("/incidents/2", &[("status", "resolved")]);
    dana.post("/incidents/3", &[("status", "inProgress")]);
    let rows = dana.page("/incidents/rows?only=2,3,99,x");
    assert_eq!(texts(&rows, "[data-rows] .col-id"), ["3"]);
    assert_eq!(text(&rows, "[data-rows] .col-status"), "In progress");
    assert_eq!(texts(&rows, "[data-gone] .col-id"), ["2"]);
    assert_eq!(text(&rows, "[data-gone] .col-status"), "Resolved");
    assert_eq!(text(&rows, "[data-total]"), "4 incidents");
}
