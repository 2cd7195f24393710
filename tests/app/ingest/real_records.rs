//! Real exports are stored whole, where the data is there (always in CI).

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::support::page::{fact, queue_names, text};
use crate::support::real_data::real_data;
use crate::support::{World, world};

#[test]
fn real_sentinel_alerts_are_grouped_and_named_as_their_analysts_did() {
    let Some(body) = real_data("sentinel/alerts.jsonl") else { return };
    let world = world();
    let body = String::from_utf8(body).unwrap();
    let report = world.post_alerts(&body).json();
    assert_eq!((&report["created"], &report["rejected"]), (&json!(33), &json!(0)));
    let again = world.post_alerts(&body).json();
    assert_eq!((&again["created"], &again["updated"]), (&json!(0), &json!(33)));
    let names = queue_names(&world.browser("dana").page("/incidents?sort=id&severity=all"));
    assert_eq!(
        names,
        [
            "Multi-stage incident involving Execution & Discovery on one endpoint",
            "Multi-stage incident involving Defense evasion & Discovery on one endpoint",
            "Multi-stage incident involving Initial access & Collection involving one user reported by multiple sources",
            "Multi-stage incident involving Initial access & Collection on multiple endpoints reported by multiple sources",
        ]
    );
    assert_matches_truth(&world);
}

/// The labelled grouping, pair by pair: none missing, none too many.
fn assert_matches_truth(world: &World) {
    let truth = String::from_utf8(real_data("sentinel/ground_truth.csv").unwrap()).unwrap();
    let dana = world.browser("dana");
    let mut incidents: HashMap<String, String> = HashMap::new();
    for alert in dana.alerts() {
        let page = dana.page(&format!("/alerts/{alert}?raw=1"));
        let payload: Value = serde_json::from_str(&text(&page, ".raw")).unwrap();
        incidents.insert(payload["SystemAlertId"].as_str().unwrap().to_owned(), fact(&page, "Incident"));
    }
    let labelled: Vec<(&String, &str)> = truth
        .lines()
        .skip(1)
        .filter_map(|line| line.trim().split_once(','))
        .map(|(id, label)| (&incidents[id], label))
        .collect();
    for (index, one) in labelled.iter().enumerate() {
        for other in &labelled[index + 1..] {
            assert_eq!(one.0 == other.0, one.1 == other.1, "{one:?} {other:?}");
        }
    }
}

#[test]
fn real_graph_incidents_keep_their_names_and_the_empty_line_is_skipped() {
    let Some(body) = real_data("defender/graph-incident-with-alert.ndjson") else { return };
    let world = world();
    let body = String::from_utf8(body).unwrap();
    let answer = world.post_alerts(&body);
    assert_eq!(answer.status, 200);
    let report = answer.json();
    assert_eq!((&report["rejected"], &report["skipped"]), (&json!(0), &json!(1)));
    assert_eq!(report["results"].as_array().unwrap().last().unwrap()["line"], 10);
    let dana = world.browser("dana");
    let before = dana.histories();
    assert_eq!(world.post_alerts(&body).json()["created"], 0);
    assert_eq!(dana.histories(), before);
    let names = queue_names(&dana.page("/incidents?status=all&severity=all&sort=id"));
    assert!(names.contains(&"'Malgent' malware was detected on a Microsoft SQL server on one endpoint".to_owned()));
    assert!(names.contains(&"Email reported by user as junk involving one user".to_owned()));
}
