//! The message after incidents or alerts are resolved says what happened (R3).

use crate::support::bulk::incidents_on_hosts;
use crate::support::{World, world};

/// Three incidents of two alerts each.
fn three_incidents() -> World {
    let world = world();
    incidents_on_hosts(&world, 3, 2);
    world
}

#[test]
fn r3_the_message_names_the_classification_and_the_alerts_that_were_resolved_too() {
    let world = three_incidents();
    let dana = world.browser("dana");
    let save = |path: &str, fields: &[(&str, &str)]| dana.message_after(&dana.post(path, fields));
    assert_eq!(
        save("/incidents/1", &[("status", "resolved")]),
        "Resolved, no classification. 2 open alerts resolved too."
    );
    assert_eq!(save("/incidents/1", &[("status", "active")]), "Saved.");
    dana.post("/alerts/1", &[("status", "resolved")]);
    let both = [("status", "resolved"), ("classification", "truePositive:malware")];
    assert_eq!(save("/incidents/1", &both), "Resolved as True positive - Malware. 1 open alert resolved too.");
    assert_eq!(save("/incidents/1", &[("classification", "truePositive:phishing")]), "Saved.");
    let next = [("act", "resolve-and-next"), ("next", "/incidents"), ("classification", "falsePositive:notMalicious")];
    assert_eq!(
        save("/incidents/2", &next),
        "Incident 2 resolved as False positive - Not malicious. 2 open alerts resolved too."
    );
}

#[test]
fn the_message_of_an_alert_names_its_classification() {
    let world = three_incidents();
    let dana = world.browser("dana");
    let save = |path: &str, fields: &[(&str, &str)]| dana.message_after(&dana.post(path, fields));
    assert_eq!(save("/alerts/1", &[("status", "resolved")]), "Resolved, no classification.");
    assert_eq!(save("/alerts/1", &[("status", "inProgress")]), "Saved.");
    let both = [("status", "resolved"), ("classification", "falsePositive:other")];
    assert_eq!(save("/alerts/1", &both), "Resolved as False positive - Other.");
    let next = [("act", "resolve-and-next"), ("next", "/alerts")];
    assert_eq!(save("/alerts/2", &next), "Alert 2 resolved, no classification.");
}

#[test]
fn the_message_after_resolving_many_tells_classified_and_others_apart() {
    let world = three_incidents();
    let dana = world.browser("dana");
    let all = |path: &str, fields: &[(&str, &str)]| {
        let name = if path == "/alerts/bulk" { "alerts" } else { "ids" };
        let mut form = vec![(name, "1"), (name, "2"), (name, "3")];
        form.extend(fields);
        dana.message_after(&dana.post(path, &form))
    };
    dana.post("/incidents/1", &[("classification", "truePositive:malware")]);
    assert_eq!(
        all("/incidents/bulk", &[("status", "resolved")]),
        "3 incidents resolved, 2 without classification. 6 open alerts resolved too."
    );
    dana.post("/incidents/bulk", &[("ids", "2"), ("ids", "3"), ("status", "active")]);
    assert_eq!(
        all("/incidents/bulk", &[("status", "resolved"), ("classification", "falsePositive:notMalicious")]),
        "2 incidents resolved as False positive - Not malicious. 4 open alerts resolved too. 1 other incident changed."
    );
    dana.post("/incidents/bulk", &[("ids", "1"), ("ids", "2"), ("status", "active")]);
    dana.post("/alerts/1", &[("classification", "unknown")]);
    dana.post("/alerts/2", &[("classification", "truePositive:malware")]);
    dana.post("/alerts/3", &[("classification", "truePositive:malware")]);
    assert_eq!(all("/alerts/bulk", &[("status", "resolved")]), "3 alerts resolved, 1 without classification.");
}
