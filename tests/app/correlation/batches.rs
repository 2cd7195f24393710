//! The order and the batches in which alerts arrive do not change how they are grouped.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::consistency::assert_consistent;
use crate::support::page::{fact, texts};
use crate::support::{Browser, alert, world};

/// Three stories, each held together by things that only some of its alerts share.
fn stories() -> Vec<Value> {
    let mut alerts = Vec::new();
    for (number, (host, user, other)) in
        [("web-01", "ana", "db-01"), ("mail-02", "ben", "file-02"), ("lap-03", "eva", "lap-04")].iter().enumerate()
    {
        let at = 600 - 180 * i64::try_from(number).unwrap();
        let device = format!("{host}.contoso.example");
        let user = format!("{user}@contoso.example");
        let other = format!("{other}.contoso.example");
        let steps = [
            alert("Suspicious attachment").category("InitialAccess").user(&user),
            alert("Suspicious PowerShell").category("Execution").device(&device).user(&user),
            alert("Credentials dumped").category("CredentialAccess").severity("high").device(&device),
            alert("Remote service used").category("LateralMovement").device(&device).device(&other),
            alert("Files collected").category("Collection").device(&other),
        ];
        for (step, alert) in steps.into_iter().enumerate() {
            let minutes = at - 20 * i64::try_from(step).unwrap();
            alerts.push(alert.id(&format!("{number}-{step}")).minutes_ago(minutes).json());
        }
    }
    alerts
}

/// The provider's IDs of the alerts of each incident, whatever the incidents' numbers.
fn groups(browser: &Browser) -> BTreeSet<BTreeSet<String>> {
    let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for alert in browser.alerts() {
        let page = browser.page(&format!("/alerts/{alert}"));
        groups.entry(fact(&page, "Incident")).or_default().insert(fact(&page, "Provider's alert ID"));
    }
    groups.into_values().collect()
}

#[test]
fn neither_the_order_of_arrival_nor_the_batch_size_changes_the_grouping() {
    let expected: BTreeSet<BTreeSet<String>> =
        (0..3).map(|story| (0..5).map(|step| format!("{story}-{step}")).collect()).collect();
    for (seed, batch) in [(0, 100), (1, 1), (2, 1), (3, 4), (4, 100)] {
        let world = world();
        let mut alerts = stories();
        if seed > 0 {
            fastrand::Rng::with_seed(seed).shuffle(&mut alerts);
        }
        for batch in alerts.chunks(batch) {
            world.ingest(batch);
        }
        assert_eq!(groups(&world.browser("dana")), expected, "seed {seed}, batches of {batch}");
        assert_consistent(&world);
    }
}

#[test]
fn an_alert_sent_several_times_in_a_batch_is_one_alert_with_its_last_values() {
    let world = world();
    let sent = |id: &str, severity: &str| alert("Odd login").id(id).severity(severity).device("web-01").json();
    let batch = [sent("x", "low"), sent("y", "low"), sent("x", "medium"), sent("y", "high"), sent("x", "high")];
    let answer = world.post_alerts(&Value::from(batch.to_vec()).to_string());
    assert_eq!(answer.status, 200, "{}", answer.body);
    let high = || texts(&world.browser("dana").page("/alerts?severity=high"), ".alert-queue tbody .col-name a").len();
    assert_eq!(high(), 2);
    let incident = json!({
        "@odata.type": "#microsoft.graph.security.incident",
        "id": "77", "tenantId": "t", "displayName": "Sent twice", "status": "active", "severity": "medium",
        "createdDateTime": "2025-03-01T10:00:00Z", "lastUpdateDateTime": "2025-03-01T10:00:00Z",
        "alerts": [sent("p", "low"), sent("q", "low"), sent("p", "high"), sent("q", "high")],
    });
    assert_eq!(world.post_alerts(&incident.to_string()).status, 200);
    assert_eq!(high(), 4);
}

#[test]
fn an_old_alert_in_a_batch_does_not_weaken_the_links_of_new_ones() {
    let world = world();
    let from = |id: &str, device: &str, minutes: i64| {
        alert(&format!("Seen {id}"))
            .id(id)
            .device(&format!("{device}.contoso.example"))
            .ip("203.0.113.7")
            .minutes_ago(minutes)
    };
    let weeks = 60 * 24 * 56;
    let busy: Vec<Value> =
        (0..130).map(|number| from(&format!("old-{number}"), &format!("host-{number}"), weeks).json()).collect();
    world.ingest(&busy);
    let first = world.ingest(&[from("now-1", "lap-01", 30).json()])[0];
    let both = world.ingest(&[from("late", "lap-03", weeks).json(), from("now-2", "lap-02", 20).json()]);
    assert_eq!(both[1], first);
}
