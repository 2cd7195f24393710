//! GET /incidents/updates: what others changed in a list since it was read.

use serde_json::{Value, json};

use crate::support::page::attribute;
use crate::support::{Browser, World, alert, world};

/// Somebody with the queue open.
struct Reader {
    browser: Browser,
    query: String,
    since: String,
}

impl Reader {
    fn open(world: &World, name: &str, query: &str) -> Self {
        let browser = world.browser(name);
        let since = attribute(&browser.page(&format!("/incidents?{query}")), "[data-updates]", "data-since");
        Self { browser, query: query.to_owned(), since }
    }

    /// What is new and what was changed since the last look, with some rows in sight.
    fn look(&mut self, visible: &str) -> (Value, Value) {
        let path = format!("/incidents/updates?{}&since={}&visible={visible}", self.query, self.since);
        let answer = self.browser.get(&path);
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
        let news = answer.json();
        news["since"].as_str().unwrap().clone_into(&mut self.since);
        (news["new"].clone(), news["changed"].clone())
    }
}

#[test]
fn new_and_changed_incidents_of_others_are_reported_once() {
    let world = world();
    let id = world.incident("One");
    let mut dana = Reader::open(&world, "dana", "");
    assert_eq!(dana.look(""), (json!([]), json!([])), "nothing happened since the page");
    let fresh = world.incident("Two");
    world.browser("omar").post(&format!("/incidents/{id}/comments"), &[("body", "Looked at it")]);
    assert_eq!(dana.look(""), (json!([fresh]), json!([id])));
    assert_eq!(dana.look(""), (json!([]), json!([])), "it was reported");
}

#[test]
fn ones_own_changes_and_what_follows_from_them_are_not_reported() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let mut dana = Reader::open(&world, "dana", "");
    let mut omar = Reader::open(&world, "omar", "");
    dana.browser.post(&format!("/incidents/{one}/comments"), &[("body", "Mine")]);
    // Moving its alert also changes names and severities automatically.
    dana.browser.post("/alerts/move", &[("alerts", "1"), ("target", &two.to_string())]);
    assert_eq!(dana.look(&format!("{one},{two}")), (json!([]), json!([])));
    assert_eq!(omar.look(&format!("{one},{two}")), (json!([]), json!([one, two])));
    world.browser("omar").post(&format!("/incidents/{two}/comments"), &[("body", "And mine")]);
    assert_eq!(dana.look(""), (json!([]), json!([two])), "what others add to it is");
}

#[test]
fn only_incidents_of_the_filter_count_but_visible_rows_are_reported_when_they_leave_it() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let mut dana = Reader::open(&world, "dana", "severity=medium");
    let omar = world.browser("omar");
    world.ingest(&[alert("Quiet").severity("low").json()]);
    for id in [one, two] {
        omar.post(&format!("/incidents/{id}"), &[("status", "resolved")]);
    }
    assert_eq!(dana.look(&two.to_string()), (json!([]), json!([two])));
    omar.post(&format!("/incidents/{one}"), &[("status", "active")]);
    assert_eq!(dana.look(""), (json!([]), json!([one])), "what comes back is reported");
}

#[test]
fn me_in_the_filter_is_the_person_who_asks() {
    let world = world();
    let id = world.incident("One");
    let mut dana = Reader::open(&world, "dana", "assignedTo=me");
    let mut vic = Reader::open(&world, "vic", "assignedTo=me");
    world.browser("omar").post(&format!("/incidents/{id}"), &[("assigned_to", "dana")]);
    assert_eq!(dana.look(""), (json!([]), json!([id])));
    assert_eq!(vic.look(""), (json!([]), json!([])));
}

#[test]
fn many_new_incidents_are_counted_up_to_a_limit_and_visible_rows_are_still_reported() {
    let world = world();
    let seen = world.incident("Seen");
    let mut dana = Reader::open(&world, "dana", "");
    let alerts: Vec<_> =
        (0..240).map(|n| alert(&format!("Alert {n}")).device(&format!("ws-{n}.contoso.example")).json()).collect();
    world.ingest(&alerts);
    world.browser("omar").post(&format!("/incidents/{seen}/comments"), &[("body", "In the crowd")]);
    let (new, changed) = dana.look(&seen.to_string());
    assert_eq!((new.as_array().unwrap().len(), changed), (101, json!([seen])));
}

#[test]
fn after_a_long_absence_more_is_reported_with_the_visible_rows_that_changed() {
    let world = world();
    let (quiet, busy) = (world.incident("Quiet"), world.incident("Busy"));
    let dana = Reader::open(&world, "dana", "");
    let alerts: Vec<_> =
        (0..1_100).map(|n| alert(&format!("Alert {n}")).device(&format!("ws-{n}.contoso.example")).json()).collect();
    world.ingest(&alerts);
    world.browser("omar").post(&format!("/incidents/{busy}/comments"), &[("body", "In the crowd")]);
    let path = format!("/incidents/updates?since={}&visible={quiet},{busy}", dana.since);
    let news = dana.browser.get(&path).json();
    assert_eq!((&news["more"], &news["changed"]), (&json!(true), &json!([busy])));
}

#[test]
fn odd_parameters_are_no_error_and_a_session_is_needed() {
    let world = world();
    world.incident("One");
    let dana = world.browser("dana");
    for query in ["", "since=", "since=x", "since=-1&visible=a,,2", "since=99999999999", "after=zz&since=0"] {
        assert_eq!(dana.get(&format!("/incidents/updates?{query}")).status, 200, "{query}");
    }
    let news = dana.get("/incidents/updates?since=99999999999").json();
    assert!(news["since"].as_str().unwrap().parse::<i64>().unwrap() < 1_000, "an earlier database counts from there");
    let stranger = Browser::new(&world.base).get("/incidents/updates?since=0");
    assert_eq!(stranger.status, 303);
}

#[test]
fn a_change_of_ones_own_is_not_reported_however_large() {
    let world = world();
    let many: Vec<_> = (0..120).map(|n| alert(&format!("Seen {n}")).device("one.contoso.test").json()).collect();
    let id = world.ingest(&many)[0];
    let other = world.incident("Other");
    let mut dana = Reader::open(&world, "dana", "");
    dana.browser.post(&format!("/incidents/{id}"), &[("status", "resolved")]);
    let path = format!("/incidents/updates?since={}&visible={id},{other}", dana.since);
    let news = dana.browser.get(&path).json();
    assert_eq!((&news["new"], &news["changed"], &news["more"]), (&json!([]), &json!([]), &json!(false)));
    assert_eq!(news["mine"], json!([id]), "rows that one changed oneself, maybe in another tab, follow");
    assert_eq!(dana.look(&id.to_string()), (json!([]), json!([])));
}
