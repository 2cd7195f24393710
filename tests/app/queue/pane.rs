//! The pane's arrows walk the filtered list, also across pages; single rows and pages of rows come
//! without the page around them.

use crate::support::page::{attribute, select, text, texts, value};
use crate::support::{Browser, World, alert, world};

/// A world of lone incidents 1..=n, each on a device of its own.
fn many(n: i64) -> World {
    let world = world();
    let alerts: Vec<_> =
        (1..=n).map(|at| alert(&format!("Alert {at}")).device(&format!("ws-{at}.contoso.example")).json()).collect();
    world.ingest(&alerts);
    world
}

fn arrow(page: &scraper::Html, name: &str) -> Option<String> {
    let link = &select(page, &format!("[data-pane-{name}]"))[0];
    link.value().attr("href").map(str::to_owned)
}

/// The arrows of an incident, as the queue beside it gives them.
fn arrows(browser: &Browser, query: &str) -> (Option<String>, Option<String>) {
    let page = browser.page(&format!("/incidents?{query}"));
    (arrow(&page, "previous"), arrow(&page, "next"))
}

#[test]
fn next_walks_every_incident_once_across_pages_and_previous_walks_back() {
    let world = many(60);
    let dana = world.browser("dana");
    for sort in ["id", "-lastUpdate"] {
        let first = texts(&dana.page(&format!("/incidents?limit=25&sort={sort}")), "tbody .col-id")[0].clone();
        let mut href = format!("/incidents?limit=25&sort={sort}&pane={first}");
        let (mut forth, mut back) = (Vec::new(), Vec::new());
        loop {
            let page = dana.page(&href);
            let id = attribute(&page, "aside[data-pane]", "data-pane");
            assert_eq!(attribute(&page, "tbody tr[aria-current]", "data-row"), id, "its row is beside it");
            forth.push(id);
            match arrow(&page, "next") {
                Some(next) => href = next,
                None => break,
            }
        }
        loop {
            let page = dana.page(&href);
            back.push(attribute(&page, "aside[data-pane]", "data-pane"));
            assert_eq!(select(&page, "tbody tr[aria-current]").len(), 1, "its row is beside it");
            match arrow(&page, "previous") {
                Some(previous) => href = previous,
                None => break,
            }
        }
        assert_eq!(forth.len(), 60, "{sort}");
        back.reverse();
        assert_eq!(forth, back, "{sort}");
        assert!(!href.contains("after="), "the first page again: {href}");
    }
}

#[test]
fn the_arrows_keep_to_the_filter() {
    let world = many(6);
    let dana = world.browser("dana");
    for id in [2, 4, 5] {
        dana.post(&format!("/incidents/{id}"), &[("severity", "high")]);
    }
    let (previous, next) = arrows(&dana, "sort=id&severity=high&pane=4");
    assert_eq!(previous.as_deref(), Some("/incidents?severity=high&sort=id&pane=2"));
    assert_eq!(next.as_deref(), Some("/incidents?severity=high&sort=id&pane=5"));
    // An incident that left the list still stands where it stood.
    dana.post("/incidents/4", &[("severity", "low")]);
    let (previous, next) = arrows(&dana, "sort=id&severity=high&pane=4");
    assert!(previous.unwrap().ends_with("pane=2") && next.unwrap().ends_with("pane=5"));
}

#[test]
fn the_fragment_of_the_pane_knows_the_list_it_belongs_to() {
    let world = many(60);
    let dana = world.browser("dana");
    let fragment = dana.get("/incidents/25/pane?sort=id&limit=25");
    assert!(!fragment.body.contains("<html"), "it is no page");
    let pane = fragment.html();
    assert_eq!(arrow(&pane, "previous").as_deref(), Some("/incidents?sort=id&limit=25&pane=24"));
    let next = arrow(&pane, "next").unwrap();
    assert!(next.contains("after=") && next.ends_with("pane=26"), "{next}");
    assert_eq!(value(&pane, "form[data-manage] input[name=return_to]"), "/incidents?sort=id&limit=25&pane=25");
    assert_eq!(value(&pane, "form[data-pane-close] input[name=sort]"), "id");
    assert_eq!(dana.get("/incidents/99/pane").status, 404);
}

#[test]
fn the_rows_of_a_page_come_alone_with_the_total_and_the_way_on() {
    let world = many(30);
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
fn single_rows_come_by_their_ids_apart_when_the_filter_lost_them() {
    let world = many(5);
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
