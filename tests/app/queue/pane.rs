//! The pane beside the queue, and its arrows to the incidents before and after.

use super::lone_incidents;
use crate::support::page::{attribute, queue_names, select, text, texts, value};
use crate::support::{Browser, world};

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
fn the_pane_opens_by_url_beside_the_queue_with_its_neighbours() {
    let world = world();
    for title in ["One", "Two", "Three"] {
        world.incident(title);
    }
    let dana = world.browser("dana");
    let page = dana.page("/incidents?sort=id&pane=2");
    assert_eq!(text(&page, "aside[aria-label='Incident management pane'] h2"), "Two involving one user");
    assert_eq!(queue_names(&page).len(), 3, "the queue stays");
    assert_eq!(attribute(&page, "a[aria-label='Previous incident']", "href"), "/incidents?sort=id&pane=1");
    assert_eq!(attribute(&page, "a[aria-label='Next incident']", "href"), "/incidents?sort=id&pane=3");
    assert_eq!(attribute(&page, "tbody tr[aria-current]", "id"), "row-2");
    assert_eq!(text(&page, ".pane-actions a"), "Open incident page");
    assert_eq!(value(&page, "form[data-pane-close] input[name=sort]"), "id", "closing keeps the view");
    assert_eq!(value(&page, "form[data-manage] input[name=return_to]"), "/incidents?sort=id&pane=2");
}

#[test]
fn saving_in_the_pane_comes_back_to_the_same_view_with_a_message() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let view = format!("/incidents?sort=id&pane={id}");
    let answer = dana.post(&format!("/incidents/{id}"), &[("status", "inProgress"), ("return_to", &view)]);
    assert_eq!((answer.status, answer.location.as_str()), (303, view.as_str()));
    assert_eq!(text(&dana.page(&view), "[data-flash] p"), "Saved.");
    assert!(texts(&dana.page(&view), "[data-flash] p").is_empty(), "said once");
    let evil = dana.post(&format!("/incidents/{id}"), &[("status", "active"), ("return_to", "//evil.example")]);
    assert_eq!(evil.location, format!("/incidents/{id}"));
}

#[test]
fn a_pane_of_a_missing_incident_says_so_beside_the_queue() {
    let world = world();
    world.incident("One");
    let page = world.browser("dana").page("/incidents?pane=99");
    assert!(text(&page, ".notice").contains("There is no incident 99"));
    assert_eq!(queue_names(&page).len(), 1);
}

#[test]
fn next_visits_every_incident_once_across_pages_and_previous_goes_back() {
    let world = lone_incidents(60);
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
    let world = lone_incidents(6);
    let dana = world.browser("dana");
    for id in [2, 4, 5] {
        dana.post(&format!("/incidents/{id}"), &[("severity", "high")]);
    }
    let (previous, next) = arrows(&dana, "sort=id&severity=high&pane=4");
    assert_eq!(previous.as_deref(), Some("/incidents?severity=high&sort=id&pane=2"));
    assert_eq!(next.as_deref(), Some("/incidents?severity=high&sort=id&pane=5"));
    // An incident that no longer fits the filter keeps its place between its neighbours.
    dana.post("/incidents/4", &[("severity", "low")]);
    let (previous, next) = arrows(&dana, "sort=id&severity=high&pane=4");
    assert!(previous.unwrap().ends_with("pane=2") && next.unwrap().ends_with("pane=5"));
}

#[test]
fn the_pane_fragment_links_to_its_neighbours_in_the_list() {
    let world = lone_incidents(60);
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
