//! Records in the wrappers of clouds and their services.

use serde_json::{Value, json};

use crate::formats::format::Format;
use crate::formats::readers::body_reader::read_body;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingAlert};

fn alerts(body: &Value) -> Vec<IncomingAlert> {
    let items = read_body(&Format::Auto, body.to_string().as_bytes());
    let read = items.into_iter().map(|item| match item.record {
        Ok(Incoming::Alert(alert, _)) => vec![*alert],
        Ok(Incoming::Incident(_, alerts, _)) => alerts.into_iter().map(|(alert, _)| alert).collect(),
        Err(why) => panic!("{}: {body}", why.sentence()),
    });
    read.flatten().collect()
}

fn names(alert: &IncomingAlert, kind: EvidenceKind) -> Vec<&str> {
    alert.evidence.iter().filter(|item| item.kind == kind).map(|item| item.name.as_str()).collect()
}

fn guard_duty() -> Value {
    json!({"schemaVersion": "2.0", "accountId": "1", "region": "eu", "id": "g1", "type": "Trojan:EC2/Odd", "severity": 8,
        "title": "Odd", "createdAt": "2026-11-26T13:00:00Z", "updatedAt": "2026-11-26T13:00:00Z",
        "resource": {"resourceType": "Instance", "instanceDetails": {"instanceId": "i-0a1"}},
        "service": {"eventFirstSeen": "2026-11-26T13:00:00Z", "eventLastSeen": "2026-11-26T13:00:00Z", "count": 2}})
}

#[test]
fn an_event_whose_detail_is_a_text_is_read_wherever_it_is_sent() {
    let event =
        json!({"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": guard_duty().to_string()});
    let topic = json!({"Type": "Notification", "TopicArn": "arn", "Message": event.to_string()});
    for body in [
        event.clone(),
        json!({"Records": [{"EventSource": "aws:sns", "Sns": topic}]}),
        json!({"Records": [{"messageId": "1", "eventSource": "aws:sqs", "body": event.to_string()}]}),
        json!({"Records": [{"messageId": "1", "eventSource": "aws:sqs", "body": topic.to_string()}]}),
    ] {
        let found = alerts(&body);
        assert_eq!(found.len(), 1, "{body}");
        assert_eq!(
            (found[0].provider_alert_id.as_str(), names(&found[0], EvidenceKind::Device)),
            ("g1", vec!["i-0a1"])
        );
    }
}

#[test]
fn an_event_of_inspector_is_a_weakness_of_its_instance() {
    let detail = json!({"findingArn": "arn:aws:inspector2:eu:1:finding/f1", "title": "CVE-2026-1 - openssl",
        "severity": "HIGH", "status": "ACTIVE", "firstObservedAt": "2026-11-26T13:00:00Z",
        "lastObservedAt": "2026-11-26T14:00:00Z", "type": "PACKAGE_VULNERABILITY",
        "resources": [{"id": "i-0a1", "type": "AWS_EC2_INSTANCE"}]});
    let found = alerts(&json!({"version": "0", "source": "aws.inspector2", "detail-type": "Inspector2 Finding",
        "detail": detail}));
    assert_eq!((found[0].category.as_str(), names(&found[0], EvidenceKind::Device)), ("Vulnerability", vec!["i-0a1"]));
}

#[test]
fn the_answer_of_security_command_center_is_opened() {
    let finding = json!({"name": "organizations/1/sources/2/findings/l1", "parent": "organizations/1/sources/2",
        "category": "Persistence: IAM Anomalous Grant", "eventTime": "2026-11-26T11:10:00Z", "severity": "HIGH",
        "createTime": "2026-11-26T11:10:00Z", "state": "ACTIVE", "findingClass": "THREAT"});
    let body = json!({"listFindingsResults": [{"finding": finding, "resource": {"name": "//x/p"}, "stateChange": "UNUSED"}],
        "readTime": "2026-11-26T11:11:00Z", "totalSize": 1});
    assert_eq!(alerts(&body)[0].title, "Persistence: IAM Anomalous Grant");
}

#[test]
fn a_workbench_alert_is_known_by_its_model_and_its_number() {
    let alert = json!({"id": "WB-2", "status": "Closed", "model": "M2", "severity": "low",
        "createdDateTime": "2026-11-26T12:00:00Z", "impactScope": {"entities": [
        {"entityType": "emailAddress", "entityValue": "tv@x.example"}]}});
    assert_eq!(alerts(&alert)[0].source, "trendVisionOne");
}

#[test]
fn the_hash_of_eset_inspect_is_that_of_the_process() {
    let sha1 = "69".repeat(20);
    let alert = json!({"event_type": "EnterpriseInspectorAlert_Event", "hostname": "pc-1", "source_uuid": "u", "eialarmid": "55",
        "occured": "26-Nov-2026 13:11:00", "severity": "Notice", "processname": "C:\\W\\ps.exe", "rulename": "Odd",
        "hash": sha1});
    let found = alerts(&alert);
    assert_eq!(found[0].provider_alert_id, "55");
    assert_eq!(names(&found[0], EvidenceKind::File), ["ps.exe"]);
    let web = json!({"event_type": "FilteredWebsites_Event", "hostname": "pc-1", "source_uuid": "u", "occured": "26-Nov-2026 13:12:00",
        "severity": "Warning", "event": "An attempt to connect to URL", "hash": sha1,
        "object_uri": "https://odd.example/p"});
    assert_eq!(names(&alerts(&web)[0], EvidenceKind::File), [sha1]);
}

#[test]
fn a_technique_that_only_the_additional_data_names_is_kept() {
    let body = |data: Value, of_incident: Value| {
        json!({"object": {"id": "/x/Incidents/i1", "name": "i1", "type": "Microsoft.SecurityInsights/Incidents",
            "properties": {"title": "Odd", "severity": "High", "status": "New", "incidentNumber": 7,
            "createdTimeUtc": "2026-11-26T10:24:00Z", "additionalData": of_incident,
            "alerts": [{"name": "a1", "kind": "SecurityAlert", "properties": {"systemAlertId": "a1",
            "alertDisplayName": "Odd", "severity": "High", "startTimeUtc": "2026-11-26T10:00:00Z",
            "timeGenerated": "2026-11-26T10:22:00Z", "additionalData": data}}]}}})
    };
    let of_alert = body(json!({"Techniques": "[\"T1078\"]"}), json!({}));
    let of_incident = body(json!({}), json!({"techniques": ["T1078"]}));
    for body in [of_alert, of_incident] {
        assert_eq!(alerts(&body)[0].techniques, ["T1078"], "{body}");
    }
}

#[test]
fn the_user_of_the_device_is_shown_where_the_system_ran_the_process() {
    let alert = json!({"id": "cb6", "org_key": "O", "severity": 3, "type": "CB_ANALYTICS", "reason": "Odd",
        "backend_timestamp": "2026-11-26T12:31:00Z", "device_name": "pc-1", "device_id": 9,
        "process_username": "NT AUTHORITY\\SYSTEM", "device_username": "CONTOSO\\ana"});
    assert!(names(&alerts(&alert)[0], EvidenceKind::User).contains(&"CONTOSO\\ana"));
}

#[test]
fn evidence_of_graph_inside_of_wazuh_needs_no_time_of_its_own() {
    let wazuh = |data: Value| {
        json!({"id": "1.1", "timestamp": "2026-11-26T20:00:00.000+0000", "location": "l", "data": data,
            "rule": {"level": 10, "description": "Odd", "id": "1", "groups": ["x"]},
            "agent": {"id": "000", "name": "wz"}, "manager": {"name": "wz"}})
    };
    let graph = json!({"integration": "ms-graph", "ms-graph": {"id": "g1", "title": "Odd", "severity": "high",
        "evidence": [{"@odata.type": "#microsoft.graph.security.deviceEvidence", "deviceDnsName": "mg-1"}],
        "resource": "security", "relationship": "alerts_v2"}});
    assert_eq!(names(&alerts(&wazuh(graph))[0], EvidenceKind::Device), ["mg-1"]);
    let azure = json!({"integration": "azure", "azure_tag": "azure-AD-graph", "userPrincipalName": "ana@x.example"});
    assert_eq!(names(&alerts(&wazuh(azure))[0], EvidenceKind::User), ["ana@x.example"]);
}
