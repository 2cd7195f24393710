//! The order of the queue: by its headings, and in the form of the columns.

use crate::support::page::{attribute, select, texts, value};
use crate::support::world;

#[test]
fn headings_sort_by_every_sortable_column_and_say_so() {
    let world = world();
    world.incident("One");
    let dana = world.browser("dana");
    let page =
        dana.page("/incidents?columns=name,id,severity,lastUpdate,created,firstActivity,lastActivity,alerts,tags");
    for class in ["id", "severity", "updated", "created", "first", "last", "active"] {
        assert_eq!(select(&page, &format!("th.col-{class} a")).len(), 1, "{class}");
    }
    assert!(select(&page, "th.col-tags a").is_empty());
    assert_eq!(texts(&page, "th[aria-sort]"), ["Last update ↓"]);
    assert_eq!(attribute(&page, "th[aria-sort]", "aria-sort"), "descending");
    let severity = attribute(&page, "th.col-severity a", "href");
    assert!(severity.contains("sort=-severity"), "{severity}");
    let page = dana.page(&severity);
    assert_eq!(texts(&page, "th[aria-sort]"), ["Severity ↓"]);
    let again = attribute(&page, "th.col-severity a", "href");
    assert!(again.contains("sort=severity"), "{again}");
    assert_eq!(attribute(&dana.page(&again), "th[aria-sort]", "aria-sort"), "ascending");
}

#[test]
fn several_sort_keys_are_numbered_and_a_click_sorts_by_one_again() {
    let world = world();
    world.incident("One");
    let page = world.browser("dana").page("/incidents?sort=-severity,assignedTo,name");
    assert_eq!(texts(&page, "th a span"), ["\u{2191}3", "\u{2193}1", "\u{2191}2"]);
    assert_eq!(texts(&page, "th[aria-sort]"), ["Severity \u{2193}1"], "the key that decides first");
    assert_eq!(attribute(&page, "table.queue", "data-sort"), "-severity,assignedTo,name", "for the script");
    assert!(attribute(&page, "th.col-name a", "href").ends_with("sort=-name"));
    assert!(attribute(&page, "th.col-status a", "href").ends_with("sort=status"), "words begin with A");
}

#[test]
fn the_order_can_be_chosen_in_the_form_too() {
    let world = world();
    let dana = world.browser("dana");
    let order = [("query", "severity=high"), ("columns", "name"), ("sort1", "severity"), ("direction1", "up")];
    let answer = dana.post("/incidents/columns", &order);
    assert_eq!(answer.location, "/incidents?severity=high&sort=severity");
    let several = [("query", "sort=id"), ("sort1", "severity"), ("sort2", "name"), ("sort3", ""), ("direction2", "up")];
    let answer = dana.post("/incidents/columns", &several);
    assert_eq!(answer.location, "/incidents?sort=-severity%2Cname");
    let page = dana.page("/incidents/columns?sort=severity");
    assert_eq!(value(&page, "select[name=sort1] option[selected]"), "severity");
    assert_eq!(value(&page, "select[name=direction1] option[selected]"), "up");
    assert_eq!(texts(&page, ".order-line label")[..3], ["Sort by", "Direction", "Then by"]);
}
