//! Microsoft Sentinel's `SecurityIncident`: the table, which lists the ids of alerts that are sent as separate
//! records, and the shape of the REST API and Logic Apps, which may bring the alerts along.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::defender::incident::provider_key;
use crate::formats::adapters::graph::incident::parse_alerts;
use crate::formats::adapters::sentinel::alert::{self, INCIDENTS};
use crate::formats::adapters::sentinel::columns;
use crate::formats::adapters::sentinel::entities::parse_entities;
use crate::formats::building::assessment::set_techniques;
use crate::formats::building::clean_text::TITLE_MAX;
use crate::formats::building::facts::add_fact;
use crate::formats::building::json::parse_embedded_json;
use crate::formats::building::path::{has_any, long_text_at, objects_at, text_at, text_at_max, texts_at, time_at};
use crate::formats::building::record_id::{first_id, id_at};
use crate::formats::building::severity_words;
use crate::formats::building::terms::{self, normalized};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingAlert, IncomingComment, IncomingIncident};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "sentinelIncident",
    label: "Microsoft Sentinel SecurityIncident",
    detect: |value| {
        let rest = ["properties.incidentNumber", "incidentUrl", "relatedAnalyticRuleIds", "alertProductNames"];
        columns::resource_type(value) == INCIDENTS
            || has_any(value, &["incidentNumber", "properties.incidentNumber"]) && has_any(value, &rest)
            || has_any(value, &["IncidentNumber", "AlertIds"]) && has_any(value, &["Title", "AlertIds", "IncidentName"])
    },
    parse: parse_record,
    documentation: "https://learn.microsoft.com/azure/azure-monitor/reference/tables/securityincident and the Security Insights REST API",
    fields: Fields {
        title: "Title; of its alerts: DisplayName, AlertDisplayName, AlertName",
        id: "IncidentName, name, IncidentNumber; for Defender XDR's: ProviderIncidentId; of its alerts: SystemAlertId",
        severity: "Severity; of its alerts: AlertSeverity, Severity",
        times: "CreatedTime, LastModifiedTime, and the same with Utc; of its alerts: StartTime, EndTime, TimeGenerated",
        ..alert::ADAPTER.fields
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let name_in_azure = text_at(value, &["name"]);
    let value = &parse_json_columns(&columns::row(value));
    let name = text_at_max(value, &["Title"], TITLE_MAX);
    if name.is_empty() {
        return Err(NotTaken::Refused("title is missing: Title is not given".to_owned()));
    }
    let id = [text_at(value, &["IncidentName"]), name_in_azure, text_at(value, &["IncidentNumber"])];
    let id = first_id(id);
    if id.is_empty() {
        return Err(NotTaken::Refused("id is missing: neither IncidentName nor IncidentNumber has one".to_owned()));
    }
    let reason = text_at(value, &["ClassificationReason"]);
    let classification = text_at(value, &["Classification"]);
    let assessment = terms::parse_assessment(&classification, graph_determination(&reason));
    let created_at = time_at(value, &["CreatedTime", "FirstActivityTime", "TimeGenerated"]);
    let mut incident = IncomingIncident {
        provider_key: provider_key_of(value, &id),
        name,
        status: terms::incident_status(&text_at(value, &["Status"])).to_owned(),
        severity: severity_words::severity_of(&text_at(value, &["Severity"])),
        classification: assessment.classification.to_owned(),
        determination: assessment.determination.to_owned(),
        assigned_to: text_at(value, &["Owner.userPrincipalName", "Owner.email", "Owner.assignedTo"]),
        resolving_note: long_text_at(value, &["ClassificationComment"]),
        tags: objects_at(value, "Labels")
            .into_iter()
            .map(|label| text_at(label, &["labelName"]))
            .filter(|tag| !tag.is_empty())
            .collect(),
        comments: parse_comments(value, created_at.unwrap_or_default()),
        created_at,
        updated_at: time_at(value, &["LastModifiedTime", "TimeGenerated"]),
        alert_ids: texts_at(value, "AlertIds"),
    };
    let (mut alerts, refused) = parse_alerts(&json!({ "alerts": value.get("Alerts") }), alert::parse_alert)?;
    add_incident_entities(&mut alerts, value);
    if alerts.is_empty() && incident.alert_ids.is_empty() {
        incident.comments.extend(comment_without_alerts(value, created_at.or(incident.updated_at)));
    }
    add_incident_techniques(&mut alerts, value);
    Ok(Incoming::Incident(Box::new(incident), alerts, refused))
}

/// Gives the entities of the incident to its alerts that have none of their own: the API gives them for the
/// incident as a whole, without the alerts that they are of.
fn add_incident_entities(alerts: &mut [(IncomingAlert, String)], value: &Value) {
    let Some(related) = value.get("RelatedEntities") else { return };
    let several = alerts.len() > 1;
    for (alert, _) in alerts.iter_mut().filter(|(alert, _)| alert.evidence.is_empty()) {
        alert.evidence = parse_entities(related);
        if several {
            add_fact(&mut alert.facts, "Entities in the source", "given for the incident as a whole");
        }
    }
}

/// What only alerts have a place for, as a comment: the API gives tactics, techniques and description of the incident,
/// and its alerts by another request.
fn comment_without_alerts(value: &Value, at: Option<i64>) -> Option<IncomingComment> {
    let listed = |label: &str, path: &str| {
        let texts = texts_at(value, path).join(", ");
        if texts.is_empty() { texts } else { format!("{label}: {texts}") }
    };
    let parts = [
        listed("Tactics", "AdditionalData.tactics"),
        listed("Techniques", "AdditionalData.techniques"),
        long_text_at(value, &["Description"]),
    ];
    let body = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    let author = "Microsoft Sentinel".to_owned();
    (!body.is_empty()).then(|| IncomingComment { author, body, at: at.unwrap_or_default() })
}

/// Gives the techniques of the incident to its only alert. Of several, any may have them: there they are a fact.
fn add_incident_techniques(alerts: &mut [(IncomingAlert, String)], value: &Value) {
    let given = texts_at(value, "AdditionalData.techniques");
    let named: Vec<String> = alerts.iter().flat_map(|(alert, _)| alert.techniques.clone()).collect();
    let lost: Vec<String> = given.into_iter().filter(|technique| !named.contains(technique)).collect();
    if let [(alert, _)] = alerts {
        let all = [named, lost].concat();
        set_techniques(alert, &all);
        return;
    }
    for (alert, _) in alerts {
        add_fact(&mut alert.facts, "Techniques of the incident", &lost.join(", "));
    }
}

/// Parses columns that queries and exports write as JSON in a text.
fn parse_json_columns(value: &Value) -> Value {
    let members = value.as_object().into_iter().flatten();
    let parse = |found: &Value| match parse_embedded_json(found) {
        Cow::Owned(opened) => opened,
        Cow::Borrowed(same) => same.clone(),
    };
    Value::Object(members.map(|(key, found)| (key.clone(), parse(found))).collect())
}

/// The key of the incident. For an incident of Defender XDR it is the key that Graph's incident has.
fn provider_key_of(value: &Value, id: &str) -> String {
    let own = id_at(value, &["ProviderIncidentId"]);
    let provider = normalized(&text_at(value, &["ProviderName"]));
    let address = text_at(value, &["AdditionalData.providerIncidentUrl"]);
    if !own.is_empty()
        && matches!(provider.as_str(), "microsoftxdr" | "microsoft365defender")
        && address.contains("tid=")
    {
        return provider_key("", &address, &own);
    }
    format!("sentinel:{}:{id}", text_at(value, &["TenantId"]))
}

fn graph_determination(reason: &str) -> &'static str {
    match normalized(reason).as_str() {
        "suspiciousactivity" => "Other",
        "suspiciousbutexpected" => "ConfirmedActivity",
        "incorrectalertlogic" => "NotMalicious",
        "inaccuratedata" => "NotEnoughDataToValidate",
        _ => "",
    }
}

fn parse_comments(value: &Value, created: i64) -> Vec<IncomingComment> {
    let comments = objects_at(value, "Comments").into_iter().map(|comment| IncomingComment {
        author: text_at(
            comment,
            &["author.name", "author.email", "author.userPrincipalName", "properties.author.name"],
        ),
        body: long_text_at(comment, &["message", "properties.message"]),
        at: time_at(comment, &["createdTimeUtc", "properties.createdTimeUtc"]).unwrap_or(created),
    });
    comments.filter(|comment| !comment.body.is_empty()).take(1_000).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::model::severity::Severity;

    fn rest(more: &Value) -> Value {
        let mut properties = json!({"title": "Mail leaves", "severity": "High", "status": "Closed", "incidentNumber": 31,
            "owner": {"assignedTo": "Ana", "userPrincipalName": "ana@contoso.test"}, "labels": [{"labelName": "vip"}],
            "classification": "TruePositive", "classificationReason": "SuspiciousActivity",
            "createdTimeUtc": "2025-03-01T10:00:00Z", "lastModifiedTimeUtc": "2025-03-01T12:00:00Z"});
        properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"id": "/subscriptions/s1/providers/Microsoft.SecurityInsights/Incidents/n-1", "name": "n-1", "etag": "\"1\"",
            "type": "Microsoft.SecurityInsights/Incidents", "properties": properties})
    }

    fn alert(id: &str) -> Value {
        json!({"id": format!("/e/{id}"), "kind": "SecurityAlert", "type": "Microsoft.SecurityInsights/Entities",
            "properties": {"systemAlertId": id, "alertDisplayName": "Rule sends mail out", "severity": "High",
                "startTimeUtc": "2025-03-01T09:00:00Z", "productName": "Azure Sentinel"}})
    }

    fn parts(value: &Value) -> (IncomingIncident, Vec<IncomingAlert>, Vec<String>) {
        assert!((ADAPTER.detect)(value), "{value}");
        match parse_record(value).unwrap() {
            Incoming::Incident(incident, alerts, refused) => {
                (*incident, alerts.into_iter().map(|(alert, _)| alert).collect(), refused)
            }
            Incoming::Alert(..) => panic!("an alert"),
        }
    }

    #[test]
    fn an_incident_of_the_rest_api_is_read_like_a_row_of_the_table() {
        let (incident, alerts, _) = parts(&rest(&json!({})));
        assert_eq!((incident.provider_key.as_str(), incident.name.as_str()), ("sentinel::n-1", "Mail leaves"));
        assert_eq!((incident.status.as_str(), incident.severity), ("resolved", Some(Severity::High)));
        assert_eq!(incident.classification, "truePositive");
        assert_eq!((incident.assigned_to.as_str(), incident.tags.join(" ").as_str()), ("ana@contoso.test", "vip"));
        assert!(incident.created_at.is_some() && incident.created_at < incident.updated_at);
        assert!(alerts.is_empty());
    }

    #[test]
    fn tactics_and_description_of_an_incident_without_alerts_are_a_comment() {
        let additional = json!({"tactics": ["Collection", "Exfiltration"], "techniques": ["T1114"], "alertsCount": 1});
        let more = json!({"additionalData": additional, "description": "A rule sends mail out."});
        let (incident, _, _) = parts(&rest(&more));
        let [comment] = incident.comments.as_slice() else { panic!("{:?}", incident.comments) };
        assert_eq!(comment.author, "Microsoft Sentinel");
        assert_eq!(comment.body, "Tactics: Collection, Exfiltration\n\nTechniques: T1114\n\nA rule sends mail out.");
        assert_eq!(Some(comment.at), incident.created_at);
        let with_alerts = json!({"additionalData": additional, "alerts": [alert("5a1")]});
        assert!(parts(&rest(&with_alerts)).0.comments.is_empty());
        assert!(parts(&rest(&json!({}))).0.comments.is_empty());
    }

    #[test]
    fn a_logic_app_brings_the_alerts_and_the_entities_of_the_incident() {
        let related = json!([{"id": "/e/h", "kind": "Host", "properties": {"hostName": "web-01"}}]);
        let (_, alerts, refused) =
            parts(&rest(&json!({"alerts": [alert("5a1"), {"kind": "SecurityAlert"}], "relatedEntities": related})));
        assert_eq!((alerts.len(), refused.len()), (1, 1));
        assert!(alerts.iter().all(|alert| alert.provider_alert_id == "5a1" && alert.evidence.len() == 1));
        let (_, alerts, _) = parts(&rest(&json!({"alerts": [alert("5a1"), alert("5a2")], "relatedEntities": related})));
        assert!(alerts.iter().all(|alert| alert.facts.iter().any(|(label, _)| label == "Entities in the source")));
    }

    #[test]
    fn what_hangs_on_an_incident_is_no_alert() {
        for kind in ["Bookmarks", "Incidents/Comments"] {
            let value = json!({"name": "b-1", "type": format!("Microsoft.SecurityInsights/{kind}"),
                "properties": {"displayName": "Seen", "message": "Seen"}});
            assert!(!(ADAPTER.detect)(&value));
            assert!(matches!((alert::ADAPTER.parse)(&value), Err(NotTaken::Skipped(_))), "{value}");
        }
    }
}
