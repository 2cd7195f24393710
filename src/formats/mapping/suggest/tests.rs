//! Suggestions for samples of several shapes.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use crate::formats::mapping::compile::Mapping;
use crate::formats::mapping::document::Document;
use crate::formats::mapping::document_field::Field;
use crate::formats::mapping::suggest::guess::fill_from_sample;
use crate::formats::mapping_trial;
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
