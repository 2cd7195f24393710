//! Alerts that were tied together, or kept apart, wrongly.

use crate::ingest::failed_inputs::replay;
use crate::support::page::text;

pub const FILES: &[&str] = &[
    "nmap-scan-named-impact.ndjson",
    "placeholder-names-link.json",
    "same-hash-other-name.json",
    "sentinel-host-is-an-object-in-text.json",
    "short-name-with-two-candidates.json",
    "url-path-case.json",
    "wazuh-eventdata-doubled-backslash.json",
    "wazuh-manager-ties-cloud-alerts.json",
];

/// Inputs about repeats and the order of arrival (R21), which is planned: nothing is asserted of them yet.
pub const NOT_YET: &[&str] = &[
    "attack-not-split-in-file-order.ndjson",
    "attack-split-by-41-minute-pause.ndjson",
    "long-alert-ties-all.ndjson",
    "newest-first.ndjson",
    "repeat-second-attacker.ndjson",
    "repeat-wazuh-ids-event-two-signatures.ndjson",
    "scan-of-30-hosts.ndjson",
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
    assert!(replay.alert_page(replay.alerts()[1]).contains("https://short.example/aBc"));
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
fn a_scan_is_reconnaissance_and_no_impact() {
    let Some(replay) = replay("nmap-scan-named-impact.ndjson") else { return };
    for incident in replay.world.browser("dana").export("range=all&severity=all") {
        let name = incident["displayName"].as_str().unwrap_or_else(|| panic!("{incident}"));
        assert!(!name.contains("Initial access"), "{name}");
    }
}
