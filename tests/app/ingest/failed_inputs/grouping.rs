//! Alerts that were tied together, or kept apart, wrongly.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::ingest::failed_inputs::replay;
use crate::support::page::{fact, text};
use crate::support::real_data::real_data;

pub const FILES: &[&str] = &[
    "attack-not-split-in-file-order.ndjson",
    "attack-split-by-41-minute-pause.ndjson",
    "long-alert-ties-all.ndjson",
    "newest-first.ndjson",
    "nmap-scan-named-impact.ndjson",
    "placeholder-names-link.json",
    "repeat-second-attacker.ndjson",
    "repeat-wazuh-ids-event-two-signatures.ndjson",
    "same-hash-other-name.json",
    "scan-of-30-hosts.ndjson",
    "sentinel-host-is-an-object-in-text.json",
    "short-name-with-two-candidates.json",
    "url-path-case.json",
    "wazuh-eventdata-doubled-backslash.json",
    "wazuh-manager-ties-cloud-alerts.json",
];

#[test]
fn values_that_mean_nothing_link_nothing() {
    let Some(replay) = replay("placeholder-names-link.json") else { return };
    assert_eq!(replay.distinct_incidents(), 32);
}

#[test]
fn what_a_manager_only_collected_is_not_on_one_endpoint() {
    let Some(replay) = replay("wazuh-manager-ties-cloud-alerts.json") else { return };
    assert_eq!(replay.distinct_incidents(), 3);
}

#[test]
fn json_in_a_field_is_no_device() {
    let Some(replay) = replay("sentinel-host-is-an-object-in-text.json") else { return };
    let page = replay.alert_page(replay.alerts()[0]);
    assert!(!page.contains("operatingSystem"), "{page}");
    for name in ["PC-A1", "PC-B2", "198.51.100.12", "198.51.100.13"] {
        assert!(page.contains(name), "{name}: {page}");
    }
}

#[test]
fn a_short_name_of_two_devices_is_neither() {
    let Some(replay) = replay("short-name-with-two-candidates.json") else { return };
    assert_eq!(replay.distinct_incidents(), 3);
    let page = replay.alert_page(replay.alerts()[2]);
    assert!(page.contains("SERVER01") && !page.contains("customer-a"), "{page}");
}

#[test]
fn two_urls_that_differ_in_the_case_of_their_path_are_two() {
    let Some(replay) = replay("url-path-case.json") else { return };
    assert_eq!(replay.distinct_incidents(), 2);
    assert!(replay.alert_page(replay.alerts()[1]).contains("hxxps://short[.]example/aBc"));
}

#[test]
fn each_alert_shows_the_name_that_it_reported_and_each_name_finds_the_file() {
    let Some(replay) = replay("same-hash-other-name.json") else { return };
    let page = replay.alert_page(replay.alerts()[1]);
    assert!(page.contains("renamed.exe") && !page.contains("fresh.bin"), "{page}");
    let dana = replay.world.browser("dana");
    for name in ["renamed.exe", "fresh.bin", "9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c"] {
        assert_eq!(dana.export(&format!("range=all&entity={name}")).len(), 2, "{name}");
    }
}

#[test]
fn the_doubled_backslashes_of_windows_events_are_undone() {
    let Some(replay) = replay("wazuh-eventdata-doubled-backslash.json") else { return };
    assert_eq!(replay.distinct_incidents(), 1);
    let page = replay.world.browser("dana").page(&format!("/alerts/{}", replay.alerts()[0]));
    assert!(!text(&page, "main").contains("\\\\"), "{}", text(&page, "main"));
}

#[test]
fn a_scan_may_be_reconnaissance_and_names_no_stage() {
    let Some(replay) = replay("nmap-scan-named-impact.ndjson") else { return };
    let dana = replay.world.browser("dana");
    for incident in dana.export("range=all&severity=all") {
        let name = incident["displayName"].as_str().unwrap_or_else(|| panic!("{incident}"));
        assert!(!["Initial access", "Impact", "Multi-stage"].iter().any(|stage| name.contains(stage)), "{name}");
    }
    let page = dana.page(&format!("/alerts/{}", replay.alerts()[0]));
    assert_eq!(
        (fact(&page, "Category"), fact(&page, "Possible tactic")),
        ("Suspicious activity".into(), "Reconnaissance".into())
    );
}

/// The incidents of those alerts of the attack's hour whose detections are seen on no other day.
fn incidents_of_the_attack(file: &str) -> Option<BTreeSet<i64>> {
    let text = String::from_utf8(real_data(&format!("cases/{file}"))?).unwrap();
    let replay = replay(file)?;
    let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let is_of_attack = |record: &Value| record["first_activity"].as_str().unwrap().starts_with("2022-01-23T12:");
    let before: BTreeSet<&str> =
        records.iter().filter(|record| !is_of_attack(record)).map(|record| record["title"].as_str().unwrap()).collect();
    let new = |record: &Value| is_of_attack(record) && !before.contains(record["title"].as_str().unwrap());
    let placed = records.iter().zip(replay.incidents()).filter(|(record, _)| new(record));
    let incidents: Vec<i64> = placed.map(|(_, incident)| incident).collect();
    assert!(incidents.len() > 10, "{incidents:?}");
    Some(incidents.into_iter().collect())
}

#[test]
fn an_attack_is_whole_over_a_pause_of_41_minutes_in_either_order() {
    for file in ["attack-split-by-41-minute-pause.ndjson", "attack-not-split-in-file-order.ndjson"] {
        let Some(incidents) = incidents_of_the_attack(file) else { return };
        assert_eq!(incidents.len(), 1, "{file}: {incidents:?}");
    }
}

#[test]
fn an_alert_that_lasts_two_days_ties_nothing_in_its_span() {
    let Some(replay) = replay("long-alert-ties-all.ndjson") else { return };
    let [long, first, second, third] = replay.incidents()[..] else { panic!("four alerts") };
    assert!(first != long && first != second && first != third, "it is 11 hours after its begin");
}

#[test]
fn repeats_that_come_newest_first_are_one_counted_alert() {
    let Some(replay) = replay("newest-first.ndjson") else { return };
    let alerts: BTreeSet<i64> = replay.alerts().into_iter().collect();
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    let page = replay.alert_page(*alerts.first().unwrap());
    assert!(page.contains("Seen 7 times"), "{page}");
}

#[test]
fn the_second_attacker_of_a_counted_repeat_is_evidence_and_is_found() {
    let Some(replay) = replay("repeat-second-attacker.ndjson") else { return };
    assert_eq!(replay.alerts()[0], replay.alerts()[1]);
    let page = replay.alert_page(replay.alerts()[0]);
    let dana = replay.world.browser("dana");
    for address in ["93.184.216.10", "93.184.216.99"] {
        assert!(page.contains(address), "{page}");
        assert_eq!(dana.export(&format!("range=all&entity={address}")).len(), 1, "{address}");
    }
}

#[test]
fn two_signatures_of_a_rule_for_all_signatures_are_two_alerts() {
    let Some(replay) = replay("repeat-wazuh-ids-event-two-signatures.ndjson") else { return };
    assert_ne!(replay.alerts()[0], replay.alerts()[1]);
}

#[test]
fn a_scan_of_thirty_hosts_from_one_address_is_one_incident() {
    let Some(replay) = replay("scan-of-30-hosts.ndjson") else { return };
    assert_eq!(replay.distinct_incidents(), 1);
}
