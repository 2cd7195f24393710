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
