//! R12: one alert that fits many incidents. As many as a person may merge become one at once; more are left alone.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::page::{attribute, entry_sentences, select, text, texts};
use crate::support::{Browser, World, alert, world};

fn on(id: &str, devices: &[String], minutes: i64) -> Value {
    let alert = alert(&format!("On {id}")).id(id).minutes_ago(minutes);
    devices.iter().fold(alert, |alert, device| alert.device(device)).json()
}

fn devices(count: usize) -> Vec<String> {
    (1..=count).map(|n| format!("d{n}.contoso.example")).collect()
}

/// As many incidents of one alert, each on a device of its own.
fn lone_incidents(world: &World, devices: &[String]) -> Vec<i64> {
    let alerts: Vec<Value> = devices.iter().map(|device| on(device, std::slice::from_ref(device), 30)).collect();
    world.ingest(&alerts)
}

fn redirected(browser: &Browser) -> usize {
    browser.incidents().iter().filter(|incident| incident["status"] == "redirected").count()
}

#[test]
fn r12_the_25_incidents_that_an_alert_fits_are_one_entry_and_one_undo() {
    let world = world();
    let devices = devices(25);
    let incidents = lone_incidents(&world, &devices);
    let kept = world.ingest(&[on("all", &devices, 20)])[0];
    let dana = world.browser("dana");
    assert_eq!((dana.incidents_with_alerts(), redirected(&dana)), (1, 24));
    assert_eq!(text(&dana.page(&format!("/incidents/{kept}")), ".big"), "26/26 active alerts");
    let history = dana.page(&format!("/incidents/{kept}/history"));
    let merges: Vec<String> = entry_sentences(&history).into_iter().filter(|said| said.contains("merged")).collect();
    assert_eq!(merges.len(), 1, "{merges:?}");
    let said = "and 19 more incidents merged into this one with 24 alerts. \"On all\" links them.";
    assert!(merges[0].ends_with(said), "{merges:?}");
    assert_eq!(select(&history, ".entry form.undo").len(), 1);
    let gone = incidents.iter().find(|id| **id != kept).unwrap();
    let there = dana.history(*gone).join(" | ");
    assert!(there.contains(&format!("Merged into incident {kept} with 1 alert. \"On all\" links them: ")), "{there}");

    let answer = dana.post(&attribute(&history, ".entry form.undo", "action"), &[]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!((dana.incidents_with_alerts(), redirected(&dana)), (25, 0));
    assert_eq!(text(&dana.page(&format!("/incidents/{kept}")), ".big"), "2/2 active alerts");
    world.ingest(&[on("all again", &devices, 19)]);
    assert_eq!(dana.incidents_with_alerts(), 25, "what a person took apart is not merged again");
}

#[test]
fn r12_an_alert_that_fits_more_than_25_incidents_joins_one_of_them_and_merges_none() {
    let world = world();
    let devices = devices(250);
    let incidents: BTreeSet<i64> = lone_incidents(&world, &devices).into_iter().collect();
    let joined = world.ingest(&[on("all", &devices, 20)])[0];
    assert!(incidents.contains(&joined));
    let dana = world.browser("dana");
    assert_eq!((dana.incidents_with_alerts(), redirected(&dana)), (250, 0));
    let linked = text(&dana.page("/alerts/251"), "[data-live=linkedBy]");
    let said = "It also matches 249 other incidents. They were not merged: what so many incidents share is unlikely to \
                be one attack.";
    assert!(linked.contains(said), "{linked}");
}

#[test]
fn r12_the_same_holds_for_incidents_and_alerts_of_one_batch() {
    let world = world();
    let few = devices(25);
    let mut alerts: Vec<Value> = few.iter().map(|device| on(device, std::slice::from_ref(device), 30)).collect();
    alerts.push(on("all", &few, 20));
    assert_eq!(world.ingest(&alerts).into_iter().collect::<BTreeSet<i64>>().len(), 1);
    let many: Vec<String> = (1..=26).map(|n| format!("e{n}.contoso.example")).collect();
    let mut alerts: Vec<Value> = many.iter().map(|device| on(device, std::slice::from_ref(device), 30)).collect();
    alerts.push(on("many", &many, 20));
    assert_eq!(world.ingest(&alerts).into_iter().collect::<BTreeSet<i64>>().len(), 26);
}

#[test]
fn what_merges_leave_of_a_body_is_stored_in_the_next_transactions() {
    let world = world();
    let devices = devices(200);
    lone_incidents(&world, &devices);
    // Each of the first ones ties 20 incidents together, which takes its time.
    let mut alerts: Vec<Value> =
        devices.chunks(20).enumerate().map(|(n, devices)| on(&format!("tie {n}"), devices, 20)).collect();
    alerts.extend((1..=50).map(|n| on(&format!("other {n}"), &[format!("o{n}.contoso.example")], 10)));
    let placed = world.ingest(&alerts);
    assert_eq!(placed.iter().collect::<BTreeSet<_>>().len(), 60);
    let dana = world.browser("dana");
    assert_eq!(dana.incidents_with_alerts(), 60);
    let sources = texts(&world.browser("ada").page("/settings/sources"), ".sources tbody tr").join(" | ");
    assert!(sources.contains("260"), "{sources}");
}
