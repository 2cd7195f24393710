//! Why an alert is in its incident, and which other incidents were considered.

use crate::support::page::{attribute, text, texts};
use crate::support::{alert, world};

#[test]
fn an_alert_says_why_it_was_linked_in_a_sentence_and_by_graphs_reasons() {
    let world = world();
    let on = |title: &str, category: &str, minutes| {
        alert(title).category(category).device("web-01.contoso.test").ip("203.0.113.7").minutes_ago(minutes).json()
    };
    let id = world.ingest(&[on("One", "InitialAccess", 20), on("Two", "Execution", 6)])[0];
    let dana = world.browser("dana");
    let page = dana.page("/alerts/2");
    assert!(text(&page, "[data-live=linkedBy]").contains("14 minutes after \"One\""));
    assert_eq!(texts(&page, ".reasons li"), ["Same asset", "Shared indicators", "Close in time", "Event sequence"]);
    assert!(texts(&dana.page("/alerts/1"), ".reasons li").is_empty(), "it opened the incident");
    assert_eq!(texts(&dana.page("/alerts/2/pane"), ".reasons li").len(), 4);
    let list = dana.page(&format!("/incidents/{id}/alerts?sort=firstActivity"));
    assert!(attribute(&list, "td.col-linked", "title").starts_with("Opened this incident"));
    dana.post("/alerts/move", &[("alerts", "2"), ("new_incident", "1")]);
    assert_eq!(texts(&dana.page("/alerts/2"), ".reasons li"), ["Moved manually"]);
}

#[test]
fn other_incidents_that_were_considered_are_listed_with_links() {
    let world = world();
    let on = |title: &str, minutes| alert(title).device("web-01.contoso.test").minutes_ago(minutes).json();
    let dana = world.browser("dana");
    let closed = world.ingest(&[on("First", 30)])[0];
    dana.post(&format!("/incidents/{closed}"), &[("status", "resolved")]);
    let open = world.ingest(&[on("Second", 20)])[0];
    assert_eq!(world.ingest(&[on("Third", 10)]), [open]);
    let page = dana.page("/alerts/3");
    assert_eq!(
        texts(&page, ".considered li"),
        [format!("Incident {closed}: same device web-01.contoso.test, but it takes no more alerts.")]
    );
    assert_eq!(attribute(&page, ".considered a", "href"), format!("/incidents/{closed}"));
    assert_eq!(text(&page, "details[data-considered] summary"), "Also considered (1)");
    let list = dana.page(&format!("/incidents/{open}/alerts?pane=3"));
    assert_eq!(attribute(&list, ".considered a", "href"), format!("/incidents/{closed}"));
}
