//! Records that were refused, misread or shown without what they said.

use crate::ingest::failed_inputs::replay;

pub const FILES: &[&str] = &[
    "alertmanager-firing-then-resolved.json",
    "crowdstrike-epp-suggestion.json",
    "csv-log-analytics-export.csv",
    "google-scc-notification-suggestion.json",
    "graylog-empty-backlog.json",
    "kibana-alerts-in-an-envelope.json",
    "kibana-bad-escape.txt",
    "securityhub-eventbridge-suggestion.json",
    "sentinel-compromised-entity.json",
    "sentinel-rest-incidents.json",
    "sentinel-rest-securityalert.json",
    "severity-missing-or-unknown.json",
    "splunk-webhook-suggestion.json",
    "suggest-inner-list-as-records.json",
    "wazuh-active-response.json",
    "wazuh-suricata-severity.json",
    "wazuh-vulnerability.json",
    "wazuh-windows-defender-keys-with-spaces.json",
    // The mapping's own tests hold this one.
    "mapping-time-without-year.json",
];

/// Each file with how many alerts it makes, and what the page of its first alert says.
const READ: &[(&str, i64, &[&str])] = &[
    ("alertmanager-firing-then-resolved.json", 2, &["SshBruteForce", "bastion-1.nordwind.example", "High", "Resolved"]),
    ("crowdstrike-epp-suggestion.json", 1, &["RundllAbuse", "NW-LT-0142", "p.kaya", "High", "10.20.4.17"]),
    ("csv-log-analytics-export.csv", 1, &["Suspicious sign-in", "High", "ws-1"]),
    ("google-scc-notification-suggestion.json", 1, &["Malware: Bad Domain", "High", "198.51.100.7", "web-eu-7"]),
    ("graylog-empty-backlog.json", 1, &["Logon outside of hours", "j.ortega", "10.9.8.7", "fs-03"]),
    ("kibana-alerts-in-an-envelope.json", 1, &["Suspicious encoded PowerShell", "NW-LT-0142", "p.kaya", "High"]),
    ("securityhub-eventbridge-suggestion.json", 2, &["EC2 instance i-0abc12", "High", "198.51.100.200"]),
    ("sentinel-compromised-entity.json", 1, &["Multiple Domain Accounts Queried", "vm1", "Low"]),
    ("sentinel-rest-securityalert.json", 1, &["Mailbox rule forwards to outside", "High", "Collection"]),
    ("splunk-webhook-suggestion.json", 1, &["Encoded PowerShell", "NW-LT-0142", "p.kaya", "T1059.001", "High"]),
    ("suggest-inner-list-as-records.json", 1, &["W32.Example", "ws-1", "High"]),
    ("wazuh-active-response.json", 1, &["NW-LT-0077", "inv.exe", "T1203"]),
    ("wazuh-suricata-severity.json", 1, &["High", "T1071", "Command and control"]),
    ("wazuh-vulnerability.json", 1, &["CVE-2026-1111", "openssl", "3.0.2", "3.0.9"]),
    ("wazuh-windows-defender-keys-with-spaces.json", 1, &["HackTool:Win32/Mimikatz.E", "mz.exe", "m.lind", "High"]),
];

#[test]
fn what_was_not_read_is_read() {
    let mut wrong = Vec::new();
    for (file, count, shown) in READ {
        let Some(replay) = replay(file) else { return };
        if replay.sum("created") != *count {
            wrong.push(format!("{file}: {:?}", replay.answers));
            continue;
        }
        let page = replay.alert_page(replay.alerts()[0]);
        let missing: Vec<&&str> = shown.iter().filter(|text| !page.contains(**text)).collect();
        if !missing.is_empty() {
            wrong.push(format!("{file}: {missing:?} is not on the page: {page}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn an_incident_of_sentinel_s_api_is_an_incident() {
    let Some(replay) = replay("sentinel-rest-incidents.json") else { return };
    assert_eq!(replay.sum("rejected"), 0, "{:?}", replay.answers);
}

#[test]
fn a_bad_escape_is_refused_with_its_place() {
    let Some(replay) = replay("kibana-bad-escape.txt") else { return };
    assert_eq!(replay.sum("rejected"), 1);
    let error = replay.answers[0]["results"][0]["error"].as_str().unwrap().to_owned();
    assert!(error.contains("line 1") && error.contains("column"), "{error}");
}

#[test]
fn a_severity_that_is_not_given_is_medium_and_says_so() {
    let Some(replay) = replay("severity-missing-or-unknown.json") else { return };
    let queue = replay.world.browser("dana").get("/incidents?range=all&severity=medium").text();
    for (alert, title) in replay.alerts().into_iter().zip(["No severity", "Severity unknown"]) {
        assert!(queue.contains(title), "{title}");
        assert!(replay.alert_page(alert).contains("not given by the source"), "{title}");
    }
}
