//! Alerts of several weeks, and what Lessons says of them.

use serde_json::Value;

use crate::support::{Browser, World, alert};

pub const TITLES: [&str; 3] = ["Odd login", "Script run", "Data sent"];
pub const OUTCOMES: [&str; 3] =
    ["truePositive:malware", "informationalExpectedActivity:securityTesting", "falsePositive:notMalicious"];
const SOURCES: [&str; 2] = ["microsoftDefenderForEndpoint", "microsoftSentinel"];

/// Ingests so many alerts of the last 40 days on a few assets.
pub fn ingest(world: &World, random: &mut fastrand::Rng, count: usize) {
    let batch: Vec<Value> = (0..count)
        .map(|_| {
            let mut alert = alert(TITLES[random.usize(..TITLES.len())])
                .category(["InitialAccess", "Execution", ""][random.usize(..3)])
                .source(SOURCES[random.usize(..SOURCES.len())])
                .severity(["low", "medium", "high"][random.usize(..3)])
                .minutes_ago(random.i64(1..40 * 24 * 60));
            for _ in 0..random.usize(..3) {
                alert = alert.device(&format!("host-{}.contoso.example", random.usize(..5)));
            }
            if random.bool() {
                alert = alert.user(&format!("user{}@contoso.example", random.usize(..3)));
            }
            alert.json()
        })
        .collect();
    world.ingest(&batch);
}

/// What `/lessons.json` says.
pub fn lessons(browser: &Browser, query: &str) -> Value {
    let answer = browser.get(&format!("/lessons.json?{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

/// All alerts that a filter of the list finds, of any status and time.
pub fn alerts(browser: &Browser, filter: &str) -> Vec<Value> {
    let severity = if filter.contains("severity=") { "" } else { "&severity=all" };
    rows(browser, &format!("/alerts.jsonl?{filter}&status=all&range=all{severity}"))
}

/// The same of incidents, without those that lead to others.
pub fn incidents(browser: &Browser, filter: &str) -> Vec<Value> {
    let severity = if filter.contains("severity=") { "" } else { "&severity=all" };
    let statuses = "status=active&status=inProgress&status=resolved";
    rows(browser, &format!("/incidents.jsonl?{filter}&{statuses}&range=all{severity}"))
}

fn rows(browser: &Browser, path: &str) -> Vec<Value> {
    let answer = browser.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The day of UTC on which a row was created: "2026-11-22".
pub fn day(row: &Value) -> String {
    row["createdDateTime"].as_str().unwrap()[..10].to_owned()
}

/// Total, true positives, informational, false positives, not set.
pub fn counts_of<'r>(rows: impl Iterator<Item = &'r Value> + Clone) -> [i64; 5] {
    let of = |classification: &str| {
        i64::try_from(rows.clone().filter(|row| row["classification"] == classification).count()).unwrap()
    };
    let counts = [of("truePositive"), of("informationalExpectedActivity"), of("falsePositive"), of("unknown")];
    [counts.iter().sum(), counts[0], counts[1], counts[2], counts[3]]
}

/// The same as a file tells it.
pub fn told(value: &Value) -> [i64; 5] {
    ["total", "truePositive", "informational", "falsePositive", "notSet"].map(|name| value[name].as_i64().unwrap())
}

/// Does something by chance to some incident or alert, as people do.
pub fn act(browser: &Browser, random: &mut fastrand::Rng) {
    let incidents: Vec<String> = incidents(browser, "").iter().map(|one| one["id"].to_string()).collect();
    let alerts: Vec<String> = alerts(browser, "").iter().map(|one| one["id"].to_string()).collect();
    let incident = &incidents[random.usize(..incidents.len())];
    let other = &incidents[random.usize(..incidents.len())];
    let alert = &alerts[random.usize(..alerts.len())];
    let outcome = OUTCOMES[random.usize(..OUTCOMES.len())];
    match random.usize(..9) {
        0 => drop(browser.post(&format!("/incidents/{incident}"), &[("classification", outcome)])),
        1 => drop(browser.post(
            &format!("/incidents/{incident}"),
            &[("status", "resolved"), ("classification", outcome), ("resolving_note", "Done")],
        )),
        2 => drop(browser.post(&format!("/incidents/{incident}"), &[("status", "active")])),
        3 => drop(browser.post(&format!("/incidents/{incident}"), &[("assigned_to", "omar")])),
        4 => drop(browser.post(&format!("/incidents/{incident}/assign-to-me"), &[])),
        5 => drop(browser.post(&format!("/incidents/{incident}/comments"), &[("body", "Looking at it.")])),
        6 => drop(browser.post(&format!("/alerts/{alert}"), &[("classification", outcome)])),
        7 => drop(browser.post("/alerts/move", &[("alerts", alert), ("target", other), ("reason", "Same attack")])),
        _ => drop(browser.post(
            "/incidents/merge",
            &[
                ("act", "merge"),
                ("ids", incident),
                ("ids", other),
                ("kept", incident),
                // Where both have the same, it is no choice.
                ("owner", "omar"),
                ("classification", "unknown"),
            ],
        )),
    }
}

/// Undoes the latest act that can be undone.
pub fn undo(world: &World, browser: &Browser) {
    // No page lists all operations.
    let latest =
        world.count("SELECT COALESCE(MAX(id), 0) AS n FROM operations WHERE undone_at IS NULL AND kind <> 'undo'");
    if latest > 0 {
        browser.post(&format!("/operations/{latest}/undo"), &[]);
    }
}
