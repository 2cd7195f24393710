//! Every name of a list is an entity, in whatever spelling the list comes (R17).

use serde_json::{Value, json};

use crate::formats::format::Format;
use crate::formats::readers::body_reader::read_body;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingAlert};

fn alert(record: &str) -> IncomingAlert {
    match read_body(&Format::Auto, record.as_bytes()).remove(0).record {
        Ok(Incoming::Alert(alert, _)) => *alert,
        other => panic!("{record}: {other:?}"),
    }
}

fn names(record: &Value, kind: EvidenceKind) -> Vec<String> {
    names_of(&alert(&record.to_string()), kind)
}

fn names_of(alert: &IncomingAlert, kind: EvidenceKind) -> Vec<String> {
    let evidence = alert.evidence.iter().filter(|item| item.kind == kind);
    evidence.map(|item| item.name.clone()).collect()
}

fn splunk(fields: Value) -> Value {
    let mut result = json!({"_time": "2026-11-26T20:00:00Z", "severity": "medium"});
    if let (Some(result), Some(fields)) = (result.as_object_mut(), fields.as_object()) {
        result.extend(fields.clone());
    }
    json!({"sid": "s1", "search_name": "Odd", "result": result})
}

fn wazuh(data: Value) -> Value {
    json!({"id": "1.1", "timestamp": "2026-11-26T20:00:00.000+0000", "location": "l", "data": data,
        "rule": {"level": 10, "description": "Odd", "id": "1", "groups": ["x"]},
        "agent": {"id": "001", "name": "pc-1"}, "manager": {"name": "wz"}})
}

#[test]
fn a_field_of_a_search_may_hold_several_devices() {
    for list in [json!("[\"LA-1\",\"LA-2\"]"), json!("LA-1,LA-2"), json!("LA-1\nLA-2"), json!(["LA-1", "LA-2"])] {
        assert_eq!(names(&splunk(json!({"dest": list})), EvidenceKind::Device), ["LA-1", "LA-2"], "{list}");
    }
}

#[test]
fn a_field_of_a_search_may_hold_several_addresses_users_files_and_commands() {
    let addresses = ["203.0.113.1", "203.0.113.2"];
    for list in [json!("203.0.113.1\n203.0.113.2"), json!("203.0.113.1, 203.0.113.2"), json!(addresses)] {
        assert_eq!(names(&splunk(json!({"src": list})), EvidenceKind::Ip), addresses, "{list}");
    }
    for list in [json!("uc\nud"), json!(["uc", "ud"])] {
        assert_eq!(names(&splunk(json!({"user": list})), EvidenceKind::User), ["uc", "ud"], "{list}");
    }
    assert_eq!(names(&splunk(json!({"user": "Doe, Jane"})), EvidenceKind::User), ["Doe, Jane"]);
    let (one, two) = ("1a".repeat(32), "2b".repeat(32));
    let files = alert(&splunk(json!({"file_name": ["a.exe", "b.exe"], "sha256": [one, two]})).to_string()).evidence;
    let keys: Vec<&str> = files.iter().flat_map(|file| &file.keys).map(String::as_str).collect();
    assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["a.exe", "b.exe"]);
    assert_eq!(keys, [format!("sha256:{one}"), format!("sha256:{two}")]);
    assert_eq!(names(&splunk(json!({"process": ["a.exe -x", "b.exe -y"]})), EvidenceKind::Process), ["a.exe", "b.exe"]);
}

#[test]
fn documents_of_elastic_and_alerts_of_wazuh_may_hold_lists() {
    let elastic = json!({"@timestamp": "2026-11-26T20:00:00Z", "kibana.alert.uuid": "e1",
        "kibana.alert.rule.name": "Odd", "host": {"name": ["LE-1", "LE-2"], "hostname": "LE-1"},
        "user": {"name": ["uk", "ul"], "domain": "CONTOSO"}, "url": {"full": ["http://a.example/", "http://b.example/"]},
        "process": {"args": ["cmd.exe", "/c", "x"], "executable": "C:\\cmd.exe"}});
    assert_eq!(names(&elastic, EvidenceKind::Device), ["LE-1", "LE-2"]);
    assert_eq!(names(&elastic, EvidenceKind::User), ["CONTOSO\\uk", "CONTOSO\\ul"]);
    assert_eq!(names(&elastic, EvidenceKind::Url), ["http://a.example/", "http://b.example/"]);
    assert_eq!(names(&elastic, EvidenceKind::Process), ["cmd.exe"]);
    assert_eq!(names(&wazuh(json!({"dstuser": ["ue", "uf"]})), EvidenceKind::User), ["ue", "uf"]);
}

#[test]
fn an_object_in_a_text_is_the_account_that_it_describes() {
    let found = alert(&wazuh(json!({"srcuser": "{\"name\":\"ug\",\"id\":3}"})).to_string());
    assert_eq!(names_of(&found, EvidenceKind::User), ["ug"]);
    let facts = found.evidence.iter().flat_map(|item| &item.facts).chain(&found.facts);
    assert!(facts.into_iter().all(|(_, value)| !value.contains('{')));
    let inner = "{\"userPrincipalName\":\"uj@x.example\",\"displayName\":\"UJ\"}";
    let sentinel = json!({"SystemAlertId": "s1", "DisplayName": "Odd", "AlertSeverity": "Medium",
        "TimeGenerated": "2026-11-26T20:00:00Z", "ProviderName": "ASI Scheduled Alerts",
        "Entities": json!([{"$id": "2", "Type": "account", "Name": inner}]).to_string()});
    let found = alert(&sentinel.to_string());
    let user = found.evidence.first().map(|user| (user.name.as_str(), user.keys.join(" ")));
    assert_eq!(user, Some(("uj@x.example", "upn:uj@x.example".to_owned())));
}

#[test]
fn the_compromised_entity_may_be_a_list() {
    let sentinel = json!({"SystemAlertId": "s1", "DisplayName": "Odd", "AlertSeverity": "Medium",
        "TimeGenerated": "2026-11-26T20:00:00Z", "CompromisedEntity": "[\"VM-A\",\"VM-B\"]", "Entities": "[]"});
    assert_eq!(names(&sentinel, EvidenceKind::Device), ["VM-A", "VM-B"]);
}

#[test]
fn lines_in_the_common_event_format_may_hold_lists() {
    let found = alert(
        "CEF:0|Vend|Prod|1|7|Odd|5|externalId=1 duser=[\"uo\",\"up\"] dhost=[\"C-1\",\"C-2\"] rt=1795723200000\n",
    );
    assert_eq!(names_of(&found, EvidenceKind::User), ["uo", "up"]);
    assert_eq!(names_of(&found, EvidenceKind::Device), ["C-1", "C-2"]);
}
