//! Suggestions for samples of several shapes.

#![allow(clippy::unwrap_used)]

mod places;

use serde_json::{Value, json};

use crate::formats::mapping::compile::Mapping;
use crate::formats::mapping::document::Document;
use crate::formats::mapping::document_field::Field;
use crate::formats::mapping::suggest::guess::fill_from_sample;
use crate::formats::mapping_trial;
use crate::formats::readers::sample_json::json_of;
use crate::model::incoming::IncomingAlert;
use crate::model::severity::Severity;

fn guess(sample: &Value) -> Document {
    let mut document = Document::default();
    fill_from_sample(&mut document, &sample.to_string());
    document
}

fn from<'a>(document: &'a Document, key: &str) -> Vec<&'a str> {
    document.fields.get(key).map(|field| field.from.0.iter().map(String::as_str).collect()).unwrap_or_default()
}

#[test]
fn a_sample_with_usual_names_needs_nothing_more() {
    let document = guess(&json!({
        "detections": [{
            "uuid": "d-1", "rule": {"name": "Beacon", "level": "critical"}, "@timestamp": "2026-05-01T10:00:00Z",
            "host": {"hostname": "web-01", "ip": "10.0.0.5"}, "user": {"name": "ana"}, "src_ip": "203.0.113.9",
            "tactic": "Execution",
        }],
        "next": "abc",
    }));
    assert_eq!(document.records, "/detections");
    assert_eq!(from(&document, "title"), ["/rule/name"]);
    assert_eq!(from(&document, "severity"), ["/rule/level"]);
    assert_eq!(from(&document, "firstActivity"), ["/@timestamp"]);
    assert_eq!(from(&document, "id"), ["/uuid"]);
    let kinds: Vec<&str> = document.evidence.iter().map(|rule| rule.kind.as_str()).collect();
    assert_eq!(kinds, ["device", "user", "ip", "ip"]);
    let sample = json!({"detections": [{
        "uuid": "d-1", "rule": {"name": "Beacon", "level": "critical"}, "@timestamp": "2026-05-01T10:00:00Z",
        "host": {"hostname": "web-01"}, "user": {"name": "ana"},
    }]});
    let (trials, count) = mapping_trial::run(Mapping::compile_to_try(&document).unwrap(), &sample.to_string());
    let alert = trials[0].outcome.as_ref().unwrap();
    assert_eq!((count, alert.title.as_str(), alert.severity), (1, "Beacon", Some(Severity::High)));
    assert_eq!(alert.evidence.len(), 2);
}

#[test]
fn entities_in_a_list_become_one_rule_over_it() {
    let document = guess(&json!({"name": "Odd", "assets": [{"hostname": "a"}, {"hostname": "b"}]}));
    assert_eq!(document.records, "");
    assert_eq!(document.evidence.len(), 1);
    assert_eq!(document.evidence[0].each, "/assets");
    assert_eq!(document.evidence[0].fields["name"].from.0, ["/hostname"]);
}

#[test]
fn a_time_is_known_by_its_look_where_its_name_says_nothing() {
    assert_eq!(
        from(&guess(&json!({"title": "x", "count": 1_500, "raised": 1_778_925_600})), "firstActivity"),
        ["/raised"]
    );
    assert_eq!(from(&guess(&json!({"title": "x", "on": "2026-05-01T10:00:00Z"})), "firstActivity"), ["/on"]);
    assert!(from(&guess(&json!({"title": "x", "count": 7, "at": "noon"})), "firstActivity").is_empty());
}

#[test]
fn what_several_records_share_is_no_id() {
    let id = |sample: Value| from(&guess(&sample), "id").join(" ");
    assert_eq!(id(json!([{"title": "x", "id": 1}, {"title": "y", "id": 2}])), "/id");
    assert_eq!(id(json!([{"title": "x", "id": 1}, {"title": "y", "id": 1}])), "");
    assert_eq!(id(json!({"title": "x", "agent": {"id": "001"}, "EventID": 4625})), "");
}

#[test]
fn what_was_typed_stays() {
    let mut document = Document::default();
    document.fields.insert("title".into(), Field::of(&["/mine"]));
    fill_from_sample(&mut document, r#"{"title": "x", "severity": "low"}"#);
    assert_eq!(from(&document, "title"), ["/mine"]);
    assert_eq!(from(&document, "severity"), ["/severity"]);
}

#[test]
fn a_sample_that_is_no_json_suggests_nothing() {
    let mut document = Document::default();
    fill_from_sample(&mut document, "hello");
    assert_eq!(document, Document::default());
}

#[test]
fn a_list_inside_of_a_record_is_not_the_place_of_the_records() {
    let graylog = json!({"event_definition_title": "Odd login", "event": {"id": "e1", "timestamp": "2026-05-01T10:00:00Z",
        "priority": 3, "message": "Odd login: ana", "fields": {"user": "ana"}}, "backlog": [{"id": "m1", "message": "x"}]});
    let cisco = json!({"version": "1", "data": {"id": 7, "date": "2026-05-01T10:00:00Z", "event_type": "Threat Detected",
        "severity": "High", "computer": {"hostname": "web-01", "user": "ana@contoso.test", "network_addresses": [{"ip": "10.0.0.5"}]},
        "file": {"file_name": "a.exe"}}});
    for (sample, title, id) in
        [(graylog, "/event_definition_title", "/event/id"), (cisco, "/data/event_type", "/data/id")]
    {
        let document = guess(&sample);
        assert_eq!(document.records, "", "{sample}");
        assert_eq!((from(&document, "title"), from(&document, "id")), (vec![title], vec![id]));
    }
}

#[test]
fn a_list_of_records_beside_what_describes_it_is_their_place() {
    let record = |id: &str| {
        json!({"id": id, "title": "Odd login", "severity": "high", "created_at": "2026-05-01T10:00:00Z",
            "tags": [{"name": "a"}]})
    };
    let records = json!([record("1"), record("2")]);
    for (body, place) in [
        (json!({"meta": {"trace_id": "t"}, "errors": [], "resources": records}), "/resources"),
        (
            json!({"id": "e", "source": "x", "time": "2026-05-01T10:00:00Z", "detail": {"findings": records}}),
            "/detail/findings",
        ),
        (json!({"took": 3, "hits": {"total": 2, "hits": [{"_id": "x", "_source": record("1")}]}}), "/hits/hits"),
        (json!({"value": records, "@odata.count": 2}), "/value"),
    ] {
        assert_eq!(guess(&body).records, place, "{body}");
    }
}

#[test]
fn the_alerts_own_goes_before_its_parents_and_a_word_before_a_number() {
    let document = guess(&json!({
        "name": "Odd process", "severity": 70, "severity_name": "High", "user_name": "ana", "cmdline": "x.exe -a",
        "device": {"hostname": "web-01", "local_ip": "10.0.0.5"},
        "aaa_parent": {"user_name": "SYSTEM", "cmdline": "cmd.exe"}, "status": "active",
    }));
    let rule = |kind: &str| document.evidence.iter().find(|rule| rule.kind == kind).unwrap();
    assert_eq!(from(&document, "severity"), ["/severity_name"]);
    assert_eq!(rule("user").fields["name"].from.0, ["/user_name"]);
    assert_eq!(rule("process").fields["commandLine"].from.0, ["/cmdline"]);
    assert_eq!(rule("ip").fields["address"].from.0, ["/device/local_ip"]);
    let table: Vec<&str> = document.fields["status"].table.0.iter().map(|(word, _)| word.as_str()).collect();
    assert_eq!(table, ["active", "inactive"]);
}

#[test]
fn numbers_of_severity_get_a_table() {
    let document = guess(&json!({"title": "Odd", "riskScore": 81}));
    let severity = &document.fields["severity"];
    assert_eq!(severity.from.0, ["/riskScore"]);
    assert_eq!(severity.table.0.first().unwrap(), &(">= 70".to_owned(), "high".to_owned()));
}

#[test]
fn a_name_goes_before_a_path_and_an_address_tells_its_end() {
    let document = guess(&json!({"finding": {"name": "organizations/1/findings/a", "category": "Malware: Bad Domain",
        "access": {"callerIp": "203.0.113.7"}, "connection": {"destIp": "10.0.0.5"}}}));
    assert_eq!((from(&document, "title"), from(&document, "id")), (vec!["/finding/category"], vec!["/finding/name"]));
    let roles: Vec<&str> = document
        .evidence
        .iter()
        .filter_map(|rule| rule.fields.get("roles")?.from.0.first().map(String::as_str))
        .collect();
    assert_eq!(roles.len(), 2);
    assert!(roles.contains(&"source") && roles.contains(&"destination"), "{roles:?}");
}

/// Reads a sample with the mapping that is suggested for it.
fn first_alert(sample: &str) -> IncomingAlert {
    let mut document = Document { name: "unknown-product".to_owned(), ..Document::default() };
    fill_from_sample(&mut document, &json_of(sample).0);
    let (trials, _) = mapping_trial::run(Mapping::compile_to_try(&document).unwrap(), sample);
    *trials.into_iter().next().unwrap().outcome.unwrap()
}

/// Title, id, severity, minute of 1 May 2026 after 10:00, and the key of the main device or user.
type Expected = (&'static str, &'static str, Option<Severity>, i64, &'static str);

fn assert_suggested(cases: Vec<(Value, Expected)>) {
    for (sample, (title, id, severity, minute, main)) in cases {
        let alert = first_alert(&sample.to_string());
        assert_eq!((alert.title.as_str(), alert.severity), (title, severity), "{sample}");
        assert!(id.is_empty() || alert.provider_alert_id == id, "{}: {sample}", alert.provider_alert_id);
        assert_eq!(alert.first_activity, (1_777_629_600 + 60 * minute) * 1_000_000, "{sample}");
        let keys: Vec<&String> = alert.evidence.iter().flat_map(|item| &item.keys).collect();
        assert!(keys.iter().any(|key| *key == main), "{keys:?}: {sample}");
    }
}

#[test]
fn records_of_endpoint_and_network_products_are_suggested_right() {
    let (high, low) = (Some(Severity::High), Some(Severity::Low));
    assert_suggested(vec![
        (
            json!({"caid": "7", "input": {"eventType": "Odd override", "host": {"hostname": "mac-01"},
                "match": {"uuid": "m-1", "severity": 2, "event": {"timestamp": 1_777_629_600},
                    "facts": [{"uuid": "f-1", "name": "Fact", "severity": 3}]}}}),
            ("Odd override", "m-1", low, 0, "host:mac-01"),
        ),
        (
            json!({"guid": "11.1", "displayName": "odd.exe", "severity": "High", "creationTime": 1_777_629_600_000_i64,
                "machines": [{"guid": "m", "displayName": "web-01"}], "priority": 3}),
            ("odd.exe", "11.1", high, 0, "host:web-01"),
        ),
        (
            json!({"id": 12, "detection": "Odd remote access", "category": "COMMAND", "t_score": 70, "c_score": 80,
                "first_timestamp": "2026-05-01T10:02:00Z", "last_timestamp": "2026-05-01T10:30:00Z", "src_ip": "10.0.0.5",
                "src_host": {"id": 1, "name": "web-01", "last_seen": "2026-05-01T11:00:00Z"}}),
            ("Odd remote access", "12", high, 2, "host:web-01"),
        ),
        (
            json!({"timestamp": "05/01-10:00:00.000000", "seconds": 1_777_629_600, "msg": "Odd ICMP", "priority": 1, "gid": 1,
                "sid": 1000, "rule": "1:1000:1", "src_addr": "203.0.113.9", "dst_addr": "10.0.0.5", "host": "sensor-1"}),
            ("Odd ICMP", "", high, 0, "host:10.0.0.5"),
        ),
        (
            json!({"AlertType": "CanaryIncident", "Description": "SSH login attempt", "IncidentKey": "incident:1",
                "Timestamp": "2026-05-01 10:00:00 (UTC)", "TrapName": "fs-01", "TrapIP": "10.0.0.5", "SourceIP": "203.0.113.9"}),
            ("SSH login attempt", "incident:1", None, 0, "host:fs-01"),
        ),
        (
            json!({"event_id": "1234567", "event_name": "Odd load", "event_severity": "High", "event_date": "2026.05.01",
                "event_time": "10:03:00", "host_name": "web-01"}),
            ("Odd load", "1234567", high, 3, "host:web-01"),
        ),
    ]);
}

#[test]
fn records_of_mail_cloud_and_ticket_products_are_suggested_right() {
    let (high, medium) = (Some(Severity::High), Some(Severity::Medium));
    assert_suggested(vec![
        (
            json!({"messagesBlocked": [{"GUID": "g-1", "subject": "Invoice", "impostorScore": 0, "malwareScore": 100,
                "messageTime": "2026-05-01T10:01:00Z", "recipient": ["ana@contoso.test"],
                "threatsInfoMap": [{"threatId": "t", "threatType": "ATTACHMENT", "threatTime": "2026-05-01T10:02:00Z"}]}]}),
            ("Invoice", "g-1", high, 1, "addr:ana@contoso.test"),
        ),
        (
            json!({"id": "e-1", "time": "2026-05-01T11:00:00Z", "detail-type": "Odd finding", "account": "111122223333",
                "detail": {"findingArn": "arn:aws:x:1:finding/f1", "title": "Odd library", "firstObservedAt": "2026-05-01T10:04:00Z",
                    "severity": {"score": 3, "description": "High"},
                    "resources": [{"type": "AWS_EC2_INSTANCE", "id": "i-0a1"}]}}),
            ("Odd library", "arn:aws:x:1:finding/f1", high, 4, "host:i-0a1"),
        ),
        (
            json!({"id": "in-1", "name": "Odd access", "severity": "MEDIUM", "created": "2026-05-01T10:00:00Z",
                "assignee": {"username": "bo"}, "entity": {"name": "ana", "entityType": "_username"},
                "signals": [{"id": "s-1", "name": "Odd login", "severity": 4, "timestamp": "2026-05-01T09:00:00Z"}]}),
            ("Odd access", "in-1", medium, 0, "name:ana"),
        ),
        (
            json!({"TimeGenerated": "2026-05-01T10:04:00Z", "ruleName_s": "Odd login", "severity_s": "High", "severity_d": 2,
                "alertId_g": "5b9c1d7e-0000-4000-8000-000000000001", "eventTime_t": "2026-05-01T10:01:00Z", "hostName_s": "web-01"}),
            ("Odd login", "5b9c1d7e-0000-4000-8000-000000000001", high, 1, "host:web-01"),
        ),
        (
            json!({"number": "SIR001", "sys_id": "s-1", "short_description": "Odd process", "description": "Long text",
                "severity": "1 - High", "opened_at": "2026-05-01 10:00:00", "cmdb_ci": "web-01", "assigned_to": "bo"}),
            ("Odd process", "s-1", high, 0, "host:web-01"),
        ),
        (
            json!({"version": 1, "command": "add", "parameters": {"alert": {"id": "1.7", "timestamp": "2026-05-01T10:00:00Z",
                "rule": {"description": "Odd sudo", "level": 8}, "agent": {"name": "web-01"}}}}),
            ("Odd sudo", "1.7", medium, 0, "host:web-01"),
        ),
    ]);
}

#[test]
fn a_table_lines_and_an_envelope_are_suggested_as_one_record_is() {
    let record = json!({"alert_id": "a-1", "alert_name": "Odd, very", "severity": "High", "event_time": "2026-05-01T10:00:00Z",
        "host_name": "web-01", "user_name": "ana"});
    let other = record.to_string().replace("a-1", "a-2");
    let table = "\u{feff}alert_id,alert_name,severity,event_time [UTC],host_name,user_name\n\
                 a-1,\"Odd, very\",High,2026-05-01T10:00:00Z,web-01,ana\n";
    let one = guess(&record);
    for (sample, place) in [
        (table.to_owned(), ""),
        (format!("{record}\n{other}\n"), ""),
        (format!("[{record},{other}]"), ""),
        (format!("{{\"count\": 2, \"alerts\": [{record},{other}]}}"), "/alerts"),
        (format!("{{\"alerts\": [{record}]}}"), "/alerts"),
    ] {
        let mut document = Document::default();
        fill_from_sample(&mut document, &json_of(&sample).0);
        assert_eq!(document.records, place, "{sample}");
        assert_eq!((&document.fields, &document.evidence), (&one.fields, &one.evidence), "{sample}");
        assert_eq!(first_alert(&sample).provider_alert_id, "a-1", "{sample}");
    }
}

#[test]
fn a_list_of_what_a_record_is_about_is_not_the_place_of_the_records() {
    for sample in [
        json!({"transaction": {"client_ip": "203.0.113.9", "unique_id": "t-1", "host_ip": "10.0.0.7",
            "messages": [{"message": "Odd query", "details": {"severity": "2", "ruleId": "9"}}]}}),
        json!({"timestamp": "2026-05-01T10:00:00Z", "vulnerability": {"cve": "CVE-2026-1", "cvss_score": 7.8,
            "hosts_affected": [{"id": 1, "display_name": "mac-1"}, {"id": 2, "display_name": "mac-2"}]}}),
        json!({"object": {"properties": {"title": "Odd", "severity": "Low", "firstActivityTimeUtc": "2026-05-01T10:00:00Z",
            "alerts": [{"name": "a", "properties": {"alertDisplayName": "Other", "severity": "High"}}]}}}),
    ] {
        let place = guess(&sample).records;
        assert!(!sample.pointer(&place).unwrap().is_array(), "{place}: {sample}");
    }
}
