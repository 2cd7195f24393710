//! Times are stored in UTC and shown in the viewer's zone with UTC beside (R15).

use crate::support::page::{attribute, fact, text};
use crate::support::{alert, world};

#[test]
fn r15_times_are_shown_in_the_viewers_zone_with_utc_on_hover() {
    let world = world();
    let at = |field: &str, time: &str, alert: crate::support::AlertBuilder| alert.with(field, time);
    let one = at("firstActivityDateTime", "2024-07-01T22:30:15.1234567Z", alert("One"));
    let one = at("lastActivityDateTime", "2024-07-01T23:30:15Z", one);
    world.ingest(&[at("createdDateTime", "2024-07-02T00:10:00+02:00", one).json()]);
    let dana = world.browser("dana");
    assert_eq!(fact(&dana.page("/alerts/1"), "First activity"), "Jul 1, 2024 22:30:15");
    dana.set_cookie("tz", "Europe%2FBerlin");
    let page = dana.page("/alerts/1");
    assert_eq!(fact(&page, "First activity"), "Jul 2, 2024 00:30:15");
    assert_eq!(fact(&page, "Created by the source"), "Jul 2, 2024 00:10:00");
    let queue = dana.page("/incidents?columns=name,id,firstActivity");
    assert_eq!(text(&queue, "tbody .col-first time"), "Jul 2, 2024 00:30");
    assert_eq!(attribute(&queue, "tbody .col-first time", "datetime"), "2024-07-01T22:30:15Z");
    assert_eq!(attribute(&queue, "tbody .col-first time", "title"), "2024-07-01 22:30:15 UTC");
}

#[test]
fn r15_source_time_and_received_time_are_both_kept() {
    let world = world();
    world.ingest(&[alert("One").minutes_ago(600).json()]);
    let page = world.browser("dana").page("/alerts/1");
    assert_ne!(fact(&page, "Created by the source"), fact(&page, "Received"));
}

#[test]
fn an_unknown_zone_is_utc() {
    let world = world();
    world.ingest(&[alert("One").json()]);
    let dana = world.browser("dana");
    for zone in ["Mars%2FOlympus", "..%2F..%2Fetc%2Fpasswd", ""] {
        dana.set_cookie("tz", zone);
        assert_eq!(dana.get("/incidents").status, 200);
    }
}
