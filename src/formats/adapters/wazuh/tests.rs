//! What the alert page shows of Wazuh's families beside the evidence.

use serde_json::{Value, json};

use crate::formats::format::Format;
use crate::formats::record::read_record;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingAlert};
use crate::model::severity::Severity;

fn read(groups: &[&str], more: &Value) -> IncomingAlert {
    let mut value = json!({"id": "1", "timestamp": "2025-03-01T10:00:00.000+0000", "agent": {"id": "007", "name": "web-01"},
        "rule": {"level": 3, "description": "Odd ()", "groups": groups}});
    for (key, found) in more.as_object().unwrap() {
        value[key] = found.clone();
    }
    match read_record(&Format::Auto, &value) {
        Ok(Incoming::Alert(alert, _)) => *alert,
        other => panic!("{other:?}"),
    }
}

fn fact<'a>(alert: &'a IncomingAlert, label: &str) -> &'a str {
    let of_evidence = alert.evidence.iter().flat_map(|item| &item.facts);
    alert.facts.iter().chain(of_evidence).find(|(name, _)| name == label).map_or("", |(_, value)| value)
}

fn devices(alert: &IncomingAlert) -> Vec<&str> {
    let devices = alert.evidence.iter().filter(|item| item.kind == EvidenceKind::Device);
    devices.map(|item| item.name.as_str()).collect()
}

#[test]
fn a_vulnerability_shows_what_to_update() {
    let package = json!({"name": "libodd", "version": "1.2", "condition": "Package less than 1.3"});
    let found = json!({"cve": "CVE-2025-0001", "severity": "Critical", "status": "Solved", "package": package, "cvss": {"cvss3": {"base_score": "9.8"}}});
    let alert = read(&["vulnerability-detector"], &json!({"data": {"vulnerability": found}}));
    for (label, value) in
        [("CVE", "CVE-2025-0001"), ("Package", "libodd"), ("Version", "1.2"), ("Fixed in", "1.3"), ("CVSS", "9.8")]
    {
        assert_eq!(fact(&alert, label), value, "{label}");
    }
    // The level of the rule is the same for all weaknesses; their own severity is higher.
    assert_eq!((alert.severity, alert.status.as_str()), (Some(Severity::High), "resolved"));
}

#[test]
fn a_changed_file_shows_what_it_was_and_who_changed_it() {
    let [before, after] = ["ab", "cd"].map(|part| part.repeat(32));
    let audit = json!({"user": {"name": "ana"}, "process": {"name": "/usr/bin/vim", "cwd": "/home/ana"}});
    let change = json!({"path": "/etc/passwd", "event": "modified", "sha256_before": before, "sha256_after": after, "changed_attributes": ["sha256"], "audit": audit});
    let alert = read(&["syscheck"], &json!({"syscheck": change}));
    assert_eq!(fact(&alert, "SHA256 before"), before);
    assert_eq!((fact(&alert, "Change"), fact(&alert, "Changed attributes")), ("modified", "sha256"));
    assert_eq!((fact(&alert, "Image"), fact(&alert, "Folder")), ("/usr/bin/vim", "/home/ana"));
}

#[test]
fn the_severity_of_every_service_and_sensor_counts_when_it_is_higher() {
    for data in [
        json!({"ms-graph": {"severity": "high"}}),
        json!({"gcp": {"severity": "CRITICAL"}}),
        json!({"gcp": {"jsonPayload": {"alert_severity": "HIGH"}}}),
        json!({"devname": "fw-1", "logid": "0101", "level": "alert"}),
        json!({"devid": "FG1", "severity": "critical", "level": "notice"}),
        json!({"aws": {"source": "guardduty", "severity": "8"}}),
        json!({"aws": {"source": "macie", "severity": {"description": "High", "score": 3}}}),
        json!({"aws": {"source": "securityhub", "finding": {"Severity": {"Label": "HIGH"}}}}),
        json!({"output_fields": {}, "priority": "Critical"}),
        json!({"event": {"SeverityName": "High"}}),
    ] {
        assert_eq!(read(&["x"], &json!({"data": data})).severity, Some(Severity::High), "{data}");
    }
}

#[test]
fn the_severity_of_a_signature_of_fortigate_counts_before_the_level_of_its_log() {
    let data = json!({"devid": "FG1", "severity": "info", "level": "alert"});
    assert_ne!(read(&["x"], &json!({"data": data})).severity, Some(Severity::High));
}

#[test]
fn an_alert_without_a_level_is_read() {
    let alert = read(&["x"], &json!({"rule": {"id": "5", "description": "Odd", "groups": ["x"]}}));
    assert_eq!((alert.title.as_str(), alert.severity), ("Odd", None));
}

#[test]
fn a_severity_inside_counts_when_it_is_higher_and_never_lowers() {
    let severity = |data: Value| read(&["x"], &json!({"data": data})).severity;
    assert_eq!(severity(json!({"alert": {"signature": "x", "severity": 1}})), Some(Severity::High));
    assert_eq!(severity(json!({"alert": {"signature": "x", "severity": "2"}})), Some(Severity::Medium));
    assert_eq!(severity(json!({"office365": {"Severity": "High"}})), Some(Severity::High));
    assert_eq!(severity(json!({"virustotal": {"malicious": "1", "positives": "2"}})), Some(Severity::Medium));
    assert_eq!(severity(json!({"virustotal": {"malicious": "0", "positives": "0"}})), Some(Severity::Informational));
    assert_eq!(
        severity(json!({"aws": {"source": "macie", "severity": {"description": "High"}}})),
        Some(Severity::High)
    );
    assert_eq!(severity(json!({"attack": "Odd.Request", "severity": "critical"})), Some(Severity::High));
    let high = json!({"rule": {"level": 12, "description": "x"}, "data": {"alert": {"signature": "x", "severity": 3}}});
    assert_eq!(read(&[], &high).severity, Some(Severity::High));
}

#[test]
fn what_a_title_or_a_group_only_suggests_is_a_fact_and_no_category() {
    for (groups, description, tactic) in [
        (&["attack"][..], "Nmap scan found", "Reconnaissance"),
        (&["sshd", "recon"], "insecure connection attempt", "Reconnaissance"),
        (&["pam", "authentication_failed"], "User login failed", "Credential access"),
        (&["web", "accesslog"], "Web server 400 error code", "Initial access"),
    ] {
        let alert = read(&[], &json!({"rule": {"level": 6, "description": description, "groups": groups}}));
        assert_eq!((alert.category.as_str(), fact(&alert, "Possible tactic")), ("SuspiciousActivity", tactic));
    }
    let several = json!({"rule": {"level": 10, "description": "Failed logins", "groups": ["authentication_failures"]}});
    let alert = read(&[], &several);
    assert_eq!((alert.category.as_str(), fact(&alert, "Possible tactic")), ("CredentialAccess", ""));
}

#[test]
fn the_rules_own_tactic_counts_before_what_its_groups_and_signature_suggest() {
    let attack = json!({"rule": {"level": 5, "description": "Odd request", "groups": ["web", "attack"],
        "mitre": {"id": ["T1059"], "tactic": ["Execution"]}}});
    assert_eq!(read(&[], &attack).category, "Execution");
    let scan = json!({"rule": {"level": 5, "description": "Odd", "mitre": {"id": ["T1046"]}},
        "data": {"alert": {"signature": "ET SCAN Odd agent"}}});
    assert_eq!(read(&[], &scan).category, "Discovery");
}

#[test]
fn the_tactic_of_a_rule_for_a_single_login_is_only_possible() {
    let login = |level: u32, group: &str, tactics: &[&str]| {
        let rule = json!({"level": level, "description": "Login", "groups": ["sshd", group],
            "mitre": {"id": ["T1078"], "tactic": tactics}});
        let alert = read(&[], &json!({"rule": rule}));
        let possible = fact(&alert, "Possible tactic").to_owned();
        (alert.category, possible, alert.techniques.join(" "))
    };
    for (group, tactic, possible) in [
        ("authentication_failed", "Credential Access", "Credential access"),
        ("authentication_success", "Initial Access", "Initial access"),
    ] {
        let expected = ("SuspiciousActivity".to_owned(), possible.to_owned(), "T1078".to_owned());
        assert_eq!(login(5, group, &[tactic]), expected);
        let by_level = (tactic.replace(' ', ""), String::new(), "T1078".to_owned());
        assert_eq!(login(8, group, &[tactic]), by_level);
    }
    let many = login(5, "authentication_failures", &["Credential Access"]);
    assert_eq!(many.0, "CredentialAccess");
}

#[test]
fn who_only_collects_is_not_the_device() {
    let manager = json!({"id": "000", "name": "siem"});
    let collected = |more: Value| {
        let mut value = json!({"agent": manager, "manager": {"name": "siem"}});
        for (key, found) in more.as_object().unwrap() {
            value[key] = found.clone();
        }
        value
    };
    let alert = read(&["json"], &collected(json!({"data": {"action": "odd"}})));
    assert_eq!((devices(&alert).len(), fact(&alert, "Collected by")), (0, "siem"));
    let alert = read(&["sshd"], &collected(json!({"predecoder": {"hostname": "mail"}})));
    assert_eq!(devices(&alert), ["mail"]);
    let alert = read(&["syscheck"], &collected(json!({"syscheck": {"path": "/etc/passwd"}})));
    assert_eq!(devices(&alert), ["siem"]);
    let alert = read(&["windows"], &json!({"data": {"win": {"system": {"computer": "dc-1.contoso.test"}}}}));
    assert_eq!((devices(&alert), fact(&alert, "Agent")), (vec!["dc-1.contoso.test"], "web-01"));
    let alert = read(&["aws"], &json!({"data": {"aws": {"eventName": "Odd"}}}));
    assert_eq!((devices(&alert).len(), fact(&alert, "Collected by")), (0, "web-01"));
}

#[test]
fn the_keys_of_defender_are_found_however_they_are_spelled() {
    for (threat, user) in
        [("threat Name", "detection User"), ("Threat Name", "Detection User"), ("threatName", "detectionUser")]
    {
        let mut data = json!({"path": "file:_C:\\x.exe"});
        data[threat] = json!("Tool:Win32/Odd");
        data[user] = json!("CONTOSO\\ana");
        let alert = read(&["windows_defender"], &json!({"data": {"win": {"eventdata": data}}}));
        assert_eq!(alert.title, "Odd (Tool:Win32/Odd)", "{threat}");
        assert_eq!(fact(&alert, "Account"), "CONTOSO\\ana", "{user}");
    }
}

#[test]
fn windows_events_are_read_as_windows_wrote_them() {
    let alert = read(
        &["sysmon"],
        &json!({"data": {"win": {
            "system": {"message": "\"Process Create:\r\nImage: C:\\Users\\x\\drop.exe\""},
            "eventdata": {
                "image": r"C:\\Users\\x\\drop.exe",
                "commandLine": r#"\"C:\\Users\\x\\drop.exe\" -s"#,
                "user": r"NT AUTHORITY\\SYSTEM",
                "targetFilename": r"\\\\fs01\\share\\Drop.exe",
            },
        }}}),
    );
    assert_eq!(fact(&alert, "Image"), r"C:\Users\x\drop.exe");
    assert_eq!(fact(&alert, "Command line"), r#""C:\Users\x\drop.exe" -s"#);
    assert_eq!(fact(&alert, "Account"), r"NT AUTHORITY\SYSTEM");
    assert!(alert.evidence.iter().any(|item| item.keys == [r"path:\\fs01\share\drop.exe"]), "{:?}", alert.evidence);
    assert_eq!(alert.description, "Process Create:\nImage: C:\\Users\\x\\drop.exe");
}

#[test]
fn findings_are_read_as_windows_wrote_them() {
    let value = json!({"wazuh": {"rule": {"title": "Odd process", "level": "low"}}, "event": {"id": "1"},
        "process": {"executable": r"C:\\Windows\\rundll32.exe", "parent": {"executable": r"C:\\Windows\\explorer.exe"}}});
    let Ok(Incoming::Alert(alert, _)) = read_record(&Format::Auto, &value) else { panic!() };
    assert_eq!(fact(&alert, "Image"), r"C:\Windows\rundll32.exe");
    assert_eq!(fact(&alert, "Parent"), r"C:\Windows\explorer.exe");
    assert_eq!(fact(&alert, "Path"), r"C:\Windows\rundll32.exe");
}
