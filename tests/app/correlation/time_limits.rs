//! How far apart in time alerts may be and still be linked.

use serde_json::Value;

use super::consistency::assert_consistent;
use crate::support::page::texts;
use crate::support::{alert, world};

#[test]
fn alerts_days_apart_are_not_one_incident() {
    let world = world();
    let on = |title: &str, minutes| alert(title).device("web-01.contoso.example").minutes_ago(minutes).json();
    let ids = world.ingest(&[on("Old", 3 * 24 * 60), on("New", 1)]);
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_busy_device_links_over_a_shorter_time_than_a_rare_one() {
    let world = world();
    let busy =
        |title: String, minutes: i64| alert(&title).device("build-01.contoso.example").minutes_ago(minutes).json();
    let usual: Vec<Value> = (0..60).map(|number| busy(format!("Detection {number}"), 4 * 24 * 60)).collect();
    world.ingest(&usual);
    let ids = world.ingest(&[busy("Something".into(), 600), busy("Something else".into(), 200)]);
    assert_ne!(ids[0], ids[1], "six hours apart on a host with sixty detections in the week");
    let rare = |title: &str, minutes| alert(title).device("safe-01.contoso.example").minutes_ago(minutes).json();
    let ids = world.ingest(&[rare("First", 600), rare("Second", 200)]);
    assert_eq!(ids[0], ids[1], "six hours after the only one on a quiet host");
}

#[test]
fn hourly_noise_does_not_join_an_attack() {
    let world = world();
    let noise = |hour: i64| {
        alert("Antivirus signature database update")
            .severity("low")
            .category("SuspiciousActivity")
            .device("web-01.contoso.example")
            .minutes_ago(60 * hour)
            .json()
    };
    for hour in (5..29).rev() {
        world.ingest(&[noise(hour)]);
    }
    let attack = world.ingest(&[
        alert("Web shell").severity("high").device("web-01.contoso.example").minutes_ago(200).json(),
        alert("Privilege escalation").severity("high").device("web-01.contoso.example").minutes_ago(195).json(),
    ]);
    assert_eq!(attack[0], attack[1]);
    let page = world.browser("dana").page(&format!("/incidents/{}/alerts", attack[0]));
    let low = texts(&page, ".alert-queue tbody .severity").into_iter().filter(|severity| severity == "Low").count();
    assert_eq!(low, 0, "what came before it was known to be routine is no longer with it");
    let late = world.ingest(&[noise(0)])[0];
    assert_ne!(late, attack[0], "a routine detection does not stretch the attack");
    assert_consistent(&world);
}
