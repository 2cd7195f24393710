//! What is weak is no attack: findings about weaknesses have the category by which they are told apart.

use serde_json::{Value, json};

use crate::formats::cases::every_format::read;
use crate::formats::format::Format;
use crate::model::incoming::IncomingAlert;
use crate::model::linking::is_weakness;

fn first(record: &Value) -> IncomingAlert {
    read(&Format::Auto, record)
}

#[test]
fn a_search_and_a_document_about_a_weakness_are_no_attack() {
    let splunk = json!({"sid": "s1", "search_name": "Weak", "result": {"_time": "2026-11-26T20:00:00Z",
        "dest": "pc-1", "cve": "CVE-2026-1", "category": "vulnerability", "severity": "high"}});
    let rated = json!({"sid": "s2", "search_name": "Weak", "result": {"_time": "2026-11-26T20:00:00Z",
        "dest": "pc-1", "cve": "CVE-2026-1", "cvss": "9.8"}});
    let elastic = json!({"@timestamp": "2026-11-26T20:00:00Z", "kibana.alert.uuid": "e1",
        "kibana.alert.rule.name": "Weak", "host": {"name": "pc-1"}, "event": {"category": ["vulnerability"]},
        "vulnerability": {"id": "CVE-2026-1"}});
    for record in [splunk, rated, elastic] {
        assert!(is_weakness(&first(&record).category), "{record}");
    }
}

#[test]
fn an_attack_that_uses_a_weakness_is_an_attack() {
    let splunk = json!({"sid": "s1", "search_name": "Exploit", "result": {"_time": "2026-11-26T20:00:00Z",
        "dest": "pc-1", "cve": "CVE-2026-1", "category": "intrusion"}});
    let elastic = json!({"@timestamp": "2026-11-26T20:00:00Z", "kibana.alert.uuid": "e1",
        "kibana.alert.rule.name": "Exploit", "host": {"name": "pc-1"}, "vulnerability": {"id": "CVE-2026-1"},
        "event": {"category": ["intrusion_detection"]}});
    for record in [splunk, elastic] {
        assert!(!is_weakness(&first(&record).category), "{record}");
    }
}

#[test]
fn the_severity_of_a_weakness_counts_where_it_is_higher_than_the_rules() {
    let severity = |level: u32, word: &str| {
        let record = json!({"id": "1.1", "timestamp": "2026-11-26T20:00:00.000+0000", "location": "l",
            "rule": {"level": level, "description": "Weak", "id": "23505", "groups": ["vulnerability-detector"]},
            "agent": {"id": "001", "name": "pc-1"}, "manager": {"name": "wz"},
            "data": {"vulnerability": {"cve": "CVE-2026-1", "severity": word}}});
        first(&record).severity.map(crate::model::severity::Severity::as_str)
    };
    assert_eq!(severity(5, "Critical"), Some("high"));
    assert_eq!(severity(13, "Medium"), Some("high"));
    assert_eq!(severity(5, "-"), Some("low"));
}
