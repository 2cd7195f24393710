//! GET /settings/sources: which sources still send and by which token, which have fallen silent, what was rejected or
//! skipped.

use std::process::Command;

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

/// The row of a token that sends alerts: its name, what it has sent, its state, its latest alert, and the counts.
fn sender(world: &World, who: &str, name: &str) -> Vec<String> {
    let page = world.browser(who).page("/settings/sources");
    let rows = select(&page, ".senders tbody tr").into_iter().map(|row| {
        row.child_elements().map(|cell| cell.text().collect::<String>().trim().to_owned()).collect::<Vec<_>>()
    });
    rows.into_iter().find(|cells| cells[0] == name).unwrap_or_else(|| panic!("no token {name}"))
}

/// Runs `watchdesk import` on a file.
fn import(world: &World, body: &str) {
    let file = world.database.folder.path().join("alerts.json");
    std::fs::write(&file, body).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_watchdesk"));
    let status = command.arg("import").arg(&file).args(["--database-url", &world.database.text()]).status();
    assert!(status.unwrap().success());
}

/// Makes the sources look as if they had sent in several hours already.
fn make_regular(world: &World) {
    world.execute("UPDATE sources SET busy_hours = 4");
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
    assert_eq!(&cells[1..7], ["tests", "Receiving", "just now", "3", "3", "3"], "{cells:?}");
    assert_eq!(row(&world, "dana", "Falco")[6], "1");
    let page = world.browser("dana").page("/settings/sources");
    assert!(attribute(&page, ".trend", "aria-label").starts_with("Alerts over the last 7 days: at most"));
    assert!(attribute(&page, ".sources time", "title").ends_with("UTC"), "UTC on hover");
}

#[test]
fn a_silent_source_stands_out_on_top_and_in_the_navigation() {
    let mut world = world();
    world.ingest(&[alert("One").source("wazuh").json()]);
    make_regular(&world);
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
fn rejected_items_count_for_the_source_they_came_with_or_for_their_token() {
    let world = world();
    world.post_alerts("nonsense");
    let state = |who: &str| sender(&world, who, "tests");
    assert_eq!(state("ada")[1..6], ["nothing yet", "⚠ No alerts yet", "never", "0", "1"]);
    assert!(select(&world.browser("ada").page("/settings/sources"), ".sources").is_empty(), "a token is no source");
    world.post_alerts(&format!("{}\nnonsense\n", alert("One").source("wazuh").json()));
    let ada = world.browser("ada");
    assert_eq!(row(&world, "ada", "Wazuh")[9], "1");
    world.ingest(&[alert("Two").source("falco").json()]);
    assert_eq!(state("dana")[1..6], ["Falco, Wazuh", "In use", "just now", "0", "1"], "alerts of it are accepted");
    let page = ada.page("/settings/sources");
    assert_eq!(attribute(&page, ".sources td a", "href"), "/settings/refused");
    assert!(select(&world.browser("dana").page("/settings/sources"), ".sources a").is_empty());
    assert!(text(&page, "nav[aria-label=Main]").contains("sources need attention"));
}

#[test]
fn each_token_is_listed_with_what_it_has_sent() {
    let world = world();
    world.ingest(&[alert("One").source("wazuh").json(), alert("Two").source("falco").json()]);
    let token = world.any_token("edge");
    world.any_token("spare");
    let body = alert("Three").source("falco").json().to_string();
    assert_eq!(world.browser("dana").post_json("/api/v1/alerts", &body, Some(&token)).status, 200);
    assert_eq!(row(&world, "dana", "Falco")[1], "tests, edge");
    assert_eq!(sender(&world, "dana", "edge")[1..4], ["Falco", "In use", "just now"]);
    assert_eq!(sender(&world, "dana", "spare")[1..4], ["nothing yet", "Not used yet", "never"]);
    world.revoke_token("edge");
    assert_eq!(row(&world, "dana", "Falco")[1], "tests, edge", "it came by it");
    assert!(!texts(&world.browser("dana").page("/settings/sources"), ".senders th").contains(&"edge".to_owned()));
}

#[test]
fn a_single_delivery_and_an_import_never_warn() {
    let mut world = world();
    world.ingest(&[alert("One").source("wazuh").json(), alert("Two").source("wazuh").json()]);
    import(&world, &alert("Three").source("falco").json().to_string());
    age(&world, 9 * DAY);
    assert_eq!(row(&world, "dana", "Wazuh")[2..4], ["No recent alerts", "9 days ago"]);
    assert_eq!(row(&world, "dana", "Falco")[1..3], ["no token", "Imported"]);
    world.stop();
    world.start();
    let page = world.browser("dana").page("/settings/sources");
    assert!(texts(&page, ".warns").is_empty());
    assert_eq!(text(&page, "nav[aria-label=Main] a[href='/settings/sources']"), "Settings");
}

#[test]
fn old_counts_are_deleted() {
    let world = world();
    world.ingest(&[alert("One").source("wazuh").json()]);
    make_regular(&world);
    age(&world, 40 * DAY);
    world.ingest(&[alert("Two").source("falco").json()]);
    // Pages show sums of the last days only, whether older hours are kept or not.
    assert_eq!(world.count("SELECT count(*) AS n FROM source_hours"), 1);
    assert!(row(&world, "dana", "Wazuh")[2].contains("Silent for 40 days"));
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
