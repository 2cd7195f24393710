//! Senders that tell the same alert again.

use crate::ingest::failed_inputs::replay;
use crate::support::page::{queue_names, text};
use crate::support::real_data::real_data;
use crate::support::world;

pub const FILES: &[&str] = &["alert-resolved-by-its-source.json", "finding-goes-on-after-resolve.json"];

#[test]
fn an_incident_that_its_sources_have_resolved_says_so_and_is_found() {
    let Some(replay) = replay("alert-resolved-by-its-source.json") else { return };
    let dana = replay.world.browser("dana");
    let found = queue_names(&dana.page("/incidents?range=all&allAlertsResolved=yes"));
    assert_eq!(found.len(), 2, "{found:?}");
    let page = dana.page(&format!("/incidents/{}", replay.incidents()[0]));
    assert!(text(&page, "main").contains("All alerts resolved at the source"), "{}", text(&page, "main"));
}

#[test]
fn a_finding_that_goes_on_after_a_person_resolved_it_is_a_new_alert() {
    let Some(file) = real_data("cases/finding-goes-on-after-resolve.json") else { return };
    let case: serde_json::Value = serde_json::from_slice(&file).unwrap();
    let bodies: Vec<&serde_json::Value> =
        case["posts"].as_array().unwrap().iter().filter_map(|post| post.get("body")).collect();
    let world = world();
    let dana = world.browser("dana");
    let first = world.ingest(&[bodies[0].clone()])[0];
    dana.post(
        &format!("/incidents/{first}"),
        &[("status", "resolved"), ("classification", "falsePositive:notMalicious")],
    );
    let second = world.ingest(&[bodies[1].clone()])[0];
    assert_ne!(first, second);
    assert_eq!(dana.alerts().len(), 2);
    let old = dana.export("range=all&status=resolved&severity=all");
    assert_eq!((old.len(), &old[0]["severity"]), (1, &serde_json::json!("medium")));
    let new = dana.get("/alerts/2").text();
    assert!(
        new.contains("57") && new.contains(&format!("incident {first}")) && new.contains("False positive"),
        "{new}"
    );
}
