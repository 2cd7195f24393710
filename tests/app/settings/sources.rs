//! GET /settings/sources: which sources still send, which have fallen silent, what was refused or skipped.

use crate::support::page::{attribute, select, text, texts};
use crate::support::product::clock::{DAY, HOUR};
use crate::support::{World, alert, world};

/// The texts of a source's row, without the trend.
fn row(world: &World, who: &str, name: &str) -> Vec<String> {
    let page = world.browser(who).page("/settings/sources");
    let row = select(&page, ".sources tbody tr")
        .into_iter()
        .map(|row| {
            row.child_elements().map(|cell| cell.text().collect::<String>().trim().to_owned()).collect::<Vec<_>>()
        })
        .find(|cells| cells[0] == name);
    row.unwrap_or_else(|| panic!("no source {name}"))
}

/// Makes everything that was counted so far look as if it had happened earlier.
fn age(world: &World, by: i64) {
    world.execute(&format!("UPDATE source_hours SET hour = hour - {}", by / HOUR));
    world.execute(&format!("UPDATE sources SET last_alert = last_alert - {by}, last_seen = last_seen - {by}"));
}

#[test]
fn what_a_source_sent_is_counted_by_the_hour() {
    let world = world();
    let one = alert("One").id("a").source("wazuh").json();
    world.ingest(&[one.clone(), alert("Two").source("wazuh").json(), alert("Three").source("falco").json()]);
    world.ingest(&[one]);
    let cells = row(&world, "dana", "Wazuh");
    assert_eq!(&cells[1..6], ["Receiving", "just now", "3", "3", "3"], "{cells:?}");
    assert_eq!(row(&world, "dana", "Falco")[5], "1");
    let page = world.browser("dana").page("/settings/sources");
    assert!(attribute(&page, ".trend", "aria-label").starts_with("Alerts over the last 7 days: at most"));
    assert!(attribute(&page, ".sources time", "title").ends_with("UTC"), "UTC on hover");
}

#[test]
fn a_silent_source_stands_out_on_top_and_in_the_navigation() {
    let mut world = world();
    world.ingest(&[alert("One").source("wazuh").json()]);
    age(&world, 3 * DAY + HOUR);
    world.ingest(&[alert("Two").source("falco").json()]);
    let dana = world.browser("dana");
    let page = dana.page("/settings/sources");
    assert_eq!(texts(&page, ".sources tbody th"), ["Wazuh", "Falco"]);
    assert_eq!(text(&page, ".warns .health"), "⚠ Silent for 3 days");
    assert_eq!(texts(&page, ".warns").len(), 1);
    world.stop();
    world.start();
    let page = world.browser("dana").page("/incidents");
    assert_eq!(text(&page, "nav[aria-label=Main] a[href='/settings/sources']"), "Settings (sources need attention)");
    let ada = world.browser("ada");
    assert_eq!(dana.post("/settings/sources/forget", &[("name", "wazuh")]).status, 403);
    assert_eq!(ada.post("/settings/sources/forget", &[("name", "wazuh")]).status, 303);
    let page = ada.page("/settings/sources");
    assert_eq!(texts(&page, ".sources tbody th"), ["Falco"]);
    assert_eq!(text(&page, "nav[aria-label=Main] a[href='/settings/sources']"), "Settings");
}

#[test]
fn refused_items_count_for_the_source_they_came_with() {
    let world = world();
    let body = format!("{}\nnonsense\n", alert("One").source("wazuh").json());
    world.post_alerts(&body);
    world.post_alerts("nonsense");
    let ada = world.browser("ada");
    assert_eq!(row(&world, "ada", "Wazuh")[8], "1");
    assert_eq!(&row(&world, "ada", "Tests")[1..3], ["⚠ Nothing taken yet", "never"], "the token's own row");
    world.ingest(&[alert("Two").source("falco").json()]);
    assert_eq!(&row(&world, "ada", "Tests")[1..3], ["Receiving", "just now"], "alerts of it are taken");
    let page = ada.page("/settings/sources");
    assert_eq!(attribute(&page, ".sources td a", "href"), "/settings/refused");
    assert!(select(&world.browser("dana").page("/settings/sources"), ".sources a").is_empty());
    assert!(text(&page, "nav[aria-label=Main]").contains("sources need attention"));
}

#[test]
fn old_counts_are_deleted() {
    let world = world();
    world.ingest(&[alert("One").source("wazuh").json()]);
    age(&world, 40 * DAY);
    world.ingest(&[alert("Two").source("falco").json()]);
    // Pages show sums of the last days only, whether older hours are kept or not.
    assert_eq!(world.count("SELECT count(*) AS n FROM source_hours"), 1);
    assert!(row(&world, "dana", "Wazuh")[1].contains("Silent for 40 days"));
}

#[test]
fn one_token_brings_a_hundred_sources_into_the_list_and_the_page_has_fifty() {
    let world = world();
    world.ingest(&(0..130).map(|n| alert("Odd").source(&format!("Invented {n:03}")).json()).collect::<Vec<_>>());
    let dana = world.browser("dana");
    let page = dana.page("/settings/sources");
    assert_eq!(texts(&page, ".sources tbody tr").len(), 50);
    let next = select(&page, "a[rel=next]")[0].value().attr("href").unwrap().to_owned();
    assert_eq!(texts(&dana.page(&next), ".sources tbody tr").len(), 50);
    let found = dana.page("/settings/sources?q=invented+07");
    assert_eq!(texts(&found, ".sources tbody tr").len(), 10);
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM sources"), 101, "the others count under the token's name");
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM alerts"), 130, "nothing is lost");
}
