//! Incidents that a provider sends keep their names (R5) and get their alerts.

use serde_json::{Value, json};

use crate::support::page::{fact, queue_names, text, texts};
use crate::support::{alert, world};

fn graph_incident() -> Value {
    json!({
        "@odata.type": "#microsoft.graph.security.incident",
        "id": "4711",
        "tenantId": "t-1",
        "displayName": "Provider's own name",
        "status": "inProgress",
        "severity": "high",
        "classification": "truePositive",
        "determination": "malware",
        "assignedTo": "kai@contoso.example",
        "customTags": ["Demo"],
        "comments": [{"comment": "From there", "createdByDisplayName": "Kai", "createdDateTime": "2026-05-01T10:00:00Z"}],
        "createdDateTime": "2026-05-01T09:00:00Z",
        "lastUpdateDateTime": "2026-05-01T11:00:00Z",
        "alerts": [
            alert("One").id("g-1").severity("low").device("a.contoso.example").json(),
            alert("Two").id("g-2").user("ana@contoso.example").json(),
        ],
    })
}

#[test]
fn r5_an_imported_incident_keeps_its_name_its_alerts_and_its_comments() {
    let world = world();
    assert_eq!(world.post_alerts(&graph_incident().to_string()).json()["created"], 2);
    let dana = world.browser("dana");
    let page = dana.page("/incidents/1/summary");
    assert_eq!(text(&page, "h1"), "Provider's own name");
    assert_eq!(fact(&page, "Name"), "Imported");
    assert_eq!(fact(&page, "Classification"), "True positive - Malware");
    assert_eq!(text(&page, ".head-facts .status"), "In progress");
    assert_eq!(texts(&page, ".head-facts .tag"), ["Demo"]);
    assert_eq!(text(&page, ".big"), "2/2 active alerts");
    let history = dana.history(1).join(" | ");
    assert!(history.contains("Kai") && history.contains("From there"), "{history}");
    assert!(history.contains("The provider had assigned it to kai@contoso.example."), "{history}");
    world.ingest(&[alert("Three").category("Impact").device("a.contoso.example").json()]);
    assert_eq!(text(&dana.page("/incidents/1"), "h1"), "Provider's own name");
}

#[test]
fn importing_an_incident_again_creates_nothing() {
    let world = world();
    let body = graph_incident().to_string();
    world.post_alerts(&body);
    let dana = world.browser("dana");
    let before = dana.histories();
    let again = world.post_alerts(&body).json();
    assert_eq!((&again["created"], &again["updated"]), (&json!(0), &json!(2)));
    assert_eq!(dana.histories(), before);
    assert_eq!(before.len(), 1);
}

#[test]
fn an_unreadable_alert_of_an_incident_is_reported_and_the_rest_is_stored() {
    let world = world();
    let incident = json!({"id": "1", "displayName": "Half", "alerts": [alert("Good").json(), {"severity": "low"}]});
    let answer = world.post_alerts(&incident.to_string());
    assert_eq!(answer.status, 207);
    let report = answer.json();
    assert_eq!((&report["created"], &report["rejected"]), (&json!(1), &json!(1)));
    assert!(report["results"][1]["error"].as_str().unwrap().starts_with("Alert 2 of the incident"), "{report}");
}

#[test]
fn r9_an_imported_tag_cannot_look_like_a_system_tag() {
    let world = world();
    let incident = json!({"id": "1", "displayName": "Tagged", "customTags": ["Redirected", "a, b"], "alerts": [alert("One").json()]});
    world.post_alerts(&incident.to_string());
    let dana = world.browser("dana");
    assert_eq!(texts(&dana.page("/incidents/1"), ".head-facts .tag"), ["a", "b"]);
    world.incident("Two");
    dana.post("/alerts/move", &[("alerts", "1"), ("target", "2")]);
    assert_eq!(texts(&dana.page("/incidents?status=redirected"), "tbody .tag-system"), ["Redirected"]);
}

#[test]
fn r7_an_imported_incident_saved_unchanged_records_nothing() {
    let world = world();
    let mut incident = graph_incident();
    incident["displayName"] = json!("Two  blanks\u{a0}and more ");
    incident["status"] = json!("resolved");
    incident["resolvingComment"] = json!("line\nline");
    world.post_alerts(&incident.to_string());
    let dana = world.browser("dana");
    let page = dana.page("/incidents/1");
    let name = crate::support::page::value(&page, "#m-name");
    let before = dana.history(1).len();
    let form = [
        ("name", name.as_str()),
        ("status", "resolved"),
        ("resolving_note", "line\r\nline"),
        ("tags", ""),
        ("tags", "Demo"),
    ];
    assert_eq!(dana.post("/incidents/1", &form).status, 303);
    assert_eq!(dana.history(1).len(), before, "{:?}", dana.history(1));
}

#[test]
fn a_providers_incident_sent_again_updates_what_no_person_decided() {
    let world = world();
    let mut incident = graph_incident();
    world.post_alerts(&incident.to_string());
    let dana = world.browser("dana");
    dana.post("/incidents/1", &[("classification", "falsePositive:other")]);
    incident["status"] = json!("resolved");
    incident["determination"] = json!("phishing");
    incident["displayName"] = json!("Provider's newer name");
    incident["lastUpdateDateTime"] = json!("2026-05-02T11:00:00Z");
    world.post_alerts(&incident.to_string());
    let page = dana.page("/incidents/1/summary");
    assert_eq!(text(&page, "h1"), "Provider's newer name");
    assert_eq!(text(&page, ".head-facts .status"), "Resolved");
    assert_eq!(fact(&page, "Classification"), "False positive - Other", "a person's word stays");
}

#[test]
fn r18_a_providers_incident_without_severity_and_alerts_is_medium() {
    let world = world();
    let incident = |id: &str, severity: Value| {
        json!({"id": id, "displayName": format!("Odd {id}"), "status": "active", "severity": severity,
            "createdDateTime": "2026-05-02T10:00:00Z", "lastUpdateDateTime": "2026-05-02T10:00:00Z", "alerts": []})
    };
    let bodies = [incident("801", Value::Null), incident("802", json!("unknown"))];
    for body in bodies {
        assert_eq!(world.post_alerts(&body.to_string()).json()["created"], 1, "{body}");
    }
    let dana = world.browser("dana");
    assert_eq!(queue_names(&dana.page("/incidents?severity=medium&range=all")).len(), 2);
}

fn security_incident() -> Value {
    json!({
        "IncidentName": "5f1c7a9e-0000-4000-8000-000000000001",
        "IncidentNumber": "77",
        "ProviderName": "Azure Sentinel",
        "Title": "Phishing against the board",
        "Severity": "High",
        "Status": "New",
        "Classification": "Undetermined",
        "CreatedTime": "2025-03-01T12:00:00Z",
        "LastModifiedTime": "2025-03-01T12:30:00Z",
        "AlertIds": ["aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"],
        "Comments": [],
    })
}

fn security_alert(number: i64, host: &str) -> Value {
    json!({
        "SystemAlertId": format!("aaaaaaaa-0000-4000-8000-{number:012}"),
        "VendorOriginalId": format!("vendor-{number}"),
        "DisplayName": format!("Detection {number}"),
        "AlertSeverity": "Medium",
        "ProductName": "Azure Sentinel",
        "ProviderName": "ASI Scheduled Alerts",
        "StartTime": "2025-03-01T11:00:00Z",
        "EndTime": "2025-03-01T11:00:00Z",
        "TimeGenerated": "2025-03-01T11:01:00Z",
        "Entities": json!([{"$id": "1", "Type": "host", "HostName": host}]).to_string(),
    })
}

#[test]
fn a_providers_incident_gets_its_alerts_whichever_arrives_first() {
    for incident_first in [true, false] {
        let world = world();
        let alerts = [security_alert(1, "lap-01"), security_alert(2, "lap-02")];
        if incident_first {
            world.ingest(&[security_incident()]);
            world.ingest(&alerts);
        } else {
            world.ingest(&alerts);
            world.ingest(&[security_incident()]);
        }
        assert_eq!(world.browser("dana").incidents_with_alerts(), 1, "incident first: {incident_first}");
        let queue = world.browser("dana").page("/incidents?range=all&status=all&severity=all");
        let rows = crate::support::page::texts(&queue, "tbody tr");
        assert!(rows.iter().any(|row| row.contains("Phishing against the board")), "{rows:?}");
    }
}
