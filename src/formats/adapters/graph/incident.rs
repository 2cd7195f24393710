//! Microsoft Graph `security/incidents`, with its alerts expanded.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::graph::alert;
use crate::formats::building::clean_text::ID_MAX;
use crate::formats::building::json::{
    kind_of, long_text_of, parse_embedded_json, text_of, text_of_max, texts_of, time_of, title_of,
};
use crate::formats::building::record_id::id_of;
use crate::formats::building::severity_words;
use crate::formats::building::terms;
use crate::model::incoming::{Incoming, IncomingAlert, IncomingIncident};

/// Most tags that one incident brings along.
const TAGS_MAX: usize = 100;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "graphIncident",
    label: "Microsoft Graph security/incidents",
    detect: |value| {
        let has = |name: &str| value.get(name).is_some();
        let incident_type = text_of(value, &["@odata.type"]).ends_with(".incident");
        has("alerts") || incident_type || (has("displayName") && !has("title"))
    },
    parse: |value| Ok(parse_record(value)?),
    documentation: "https://learn.microsoft.com/graph/api/resources/security-incident",
    fields: Fields {
        title: "displayName; of its alerts: title",
        id: "id with tenantId; of its alerts: providerAlertId, else id",
        times: "createdDateTime, lastUpdateDateTime; of its alerts also firstActivityDateTime, lastActivityDateTime",
        ..alert::ADAPTER.fields
    },
};

/// Reads one incident with its alerts. Alerts that cannot be read are listed with the reason;
/// when none can be read, the incident is refused.
fn parse_record(value: &Value) -> Result<Incoming, String> {
    let (good, refused) = parse_alerts(value, alert::parse_alert)?;
    let incident = parse_incident(value, good.first().map(|(alert, _)| alert))?;
    Ok(Incoming::Incident(Box::new(incident), good, refused))
}

/// An incident's alerts with their raw text, and why others could not be read.
pub(super) type ParsedAlerts = (Vec<(IncomingAlert, String)>, Vec<String>);

/// Most alerts of an incident of which it is told one by one why they cannot be read.
const REFUSED_LISTED: usize = 1_000;

/// Reads the alerts of an incident; an error when it has alerts and none can be read.
pub(crate) fn parse_alerts(
    value: &Value,
    parse: impl Fn(&Value) -> Result<IncomingAlert, String>,
) -> Result<ParsedAlerts, String> {
    let given = given_alerts(value)?;
    let (mut good, mut refused, mut more) = (Vec::new(), Vec::new(), 0_usize);
    for (index, alert) in given.iter().enumerate() {
        let parsed = match alert {
            Value::Object(_) => parse(alert),
            other => Err(format!("this is {}, not an alert", kind_of(other))),
        };
        match parsed {
            Ok(parsed) => good.push((parsed, alert.to_string())),
            Err(error) if refused.len() < REFUSED_LISTED => {
                refused.push(format!("Alert {} of the incident: {error}", index + 1));
            }
            Err(_) => more += 1,
        }
    }
    if more > 0 {
        refused.push(format!("{more} more alerts of the incident cannot be read."));
    }
    match refused.first() {
        Some(error) if good.is_empty() => {
            Err(format!("None of the incident's alerts can be read ({} given); the first: {error}", given.len()))
        }
        _ => Ok((good, refused)),
    }
}

/// What an incident lists as its alerts; a single alert may stand there without a list. Tables have an empty text
/// where there are none.
fn given_alerts(value: &Value) -> Result<Vec<Value>, String> {
    let Some(given) = value.get("alerts") else { return Ok(Vec::new()) };
    match parse_embedded_json(given).into_owned() {
        Value::Null => Ok(Vec::new()),
        Value::String(text) if text.trim().is_empty() => Ok(Vec::new()),
        Value::Array(alerts) => Ok(alerts),
        one if one.is_object() => Ok(vec![one]),
        other => Err(format!("alerts is {}, not a list of alerts", kind_of(&other))),
    }
}

fn parse_incident(value: &Value, first: Option<&IncomingAlert>) -> Result<IncomingIncident, String> {
    let id = id_of(value, &["id", "incidentId"]);
    if id.is_empty() {
        return Err("id is missing: neither id nor incidentId has one".to_owned());
    }
    let tenant = text_of_max(value, &["tenantId"], ID_MAX);
    let tenant = if tenant.is_empty() { "-" } else { &tenant };
    let given_name = title_of(value, &["displayName"]);
    let name = match (given_name.is_empty(), first) {
        (false, _) => given_name,
        (true, Some(alert)) => alert.title.clone(),
        (true, None) => return Err("displayName is missing, and so are alerts".to_owned()),
    };
    let created_at = time_of(value, &["createdDateTime"]);
    let updated_at = time_of(value, &["lastUpdateDateTime", "lastUpdatedDateTime"]);
    let assessment = terms::parse_assessment(&text_of(value, &["classification"]), &text_of(value, &["determination"]));
    let comment_time = created_at.or(first.map(|alert| alert.created_at));
    Ok(IncomingIncident {
        alert_ids: Vec::new(),
        provider_key: format!("graph:{tenant}:{id}"),
        name,
        status: terms::incident_status(&text_of(value, &["status"])).to_owned(),
        severity: severity_words::severity_of(&text_of(value, &["severity"])),
        classification: assessment.classification.to_owned(),
        determination: assessment.determination.to_owned(),
        assigned_to: text_of(value, &["assignedTo"]),
        resolving_note: long_text_of(value, &["resolvingComment"]),
        tags: parse_tags(value),
        comments: alert::parse_comments(value, comment_time.or(updated_at).unwrap_or_default()),
        created_at,
        updated_at,
    })
}

/// The tags that people added, without repeats.
pub(crate) fn parse_tags(value: &Value) -> Vec<String> {
    let mut tags = texts_of(value, "customTags");
    if tags.is_empty() {
        tags = texts_of(value, "tags");
    }
    let mut kept: Vec<String> = Vec::new();
    for tag in tags {
        if !kept.contains(&tag) && kept.len() < TAGS_MAX {
            kept.push(tag);
        }
    }
    kept
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn good() -> Value {
        json!({"id": "a1", "title": "Odd login", "createdDateTime": "2025-03-01T10:00:00Z"})
    }

    fn parts(value: &Value) -> (IncomingIncident, Vec<(IncomingAlert, String)>) {
        match parse_record(value).unwrap() {
            Incoming::Incident(incident, alerts, _) => (*incident, alerts),
            Incoming::Alert(..) => panic!("an alert"),
        }
    }

    #[test]
    fn alerts_may_be_a_list_or_one_object() {
        for alerts in [good(), json!([good()])] {
            let value = json!({"id": 7, "tenantId": "t", "displayName": "n", "alerts": alerts});
            let (incident, alerts) = parts(&value);
            assert_eq!(incident.provider_key, "graph:t:7");
            assert_eq!(alerts.len(), 1);
            assert!(alerts.iter().all(|(_, raw)| raw.contains("Odd login")));
        }
    }

    #[test]
    fn a_broken_alert_does_not_cost_the_good_ones() {
        let (incident, alerts) = parts(&json!({"id": "7", "alerts": [{"title": "x"}, good()]}));
        assert_eq!(incident.provider_key, "graph:-:7");
        assert_eq!(incident.name, "Odd login");
        assert_eq!(alerts.len(), 1);
    }

    #[test]
    fn what_is_no_alert_is_refused_with_its_place_in_the_list() {
        let value = json!({"id": "7", "displayName": "n", "alerts": [5, good(), "x", [], null, {}]});
        let Incoming::Incident(_, alerts, refused) = parse_record(&value).unwrap() else { panic!("an alert") };
        assert_eq!((alerts.len(), refused.len()), (1, 5));
        assert_eq!(refused[0], "Alert 1 of the incident: this is a number, not an alert");
        assert!(refused[3].starts_with("Alert 5 of the incident: this is null"), "{refused:?}");
        for none in [json!([null]), json!("x"), json!(5)] {
            assert!(parse_record(&json!({"id": "7", "displayName": "n", "alerts": none})).is_err(), "{none}");
        }
        for none in [json!(null), json!(""), json!("[]"), json!([])] {
            assert!(parse_record(&json!({"id": "7", "displayName": "n", "alerts": none})).is_ok(), "{none}");
        }
    }

    #[test]
    fn an_incident_without_any_good_alert_is_refused() {
        let value = json!({"id": "7", "displayName": "n", "alerts": [{"title": "x"}]});
        assert!(parse_record(&value).unwrap_err().contains("id is missing"));
    }

    #[test]
    fn an_incident_needs_a_name_or_alerts() {
        assert!(parse_record(&json!({"id": "7", "alerts": []})).is_err());
        assert!(parts(&json!({"id": "7", "displayName": "n"})).1.is_empty());
    }

    #[test]
    fn both_spellings_of_tags_and_comments_are_read() {
        let (incident, _) = parts(&json!({
            "id": "7", "displayName": "n", "status": "awaitingAction", "tags": ["Demo", "Demo"],
            "comments": [
                {"comment": "a", "createdBy": "Ana", "createdTime": "2025-03-01T10:00:00Z"},
                {"comment": "b", "createdByDisplayName": "Ben",
                 "createdDateTime": "2025-03-01T11:00:00Z"},
            ],
        }));
        assert_eq!(incident.status, "inProgress");
        assert_eq!(incident.tags, ["Demo"]);
        let authors: Vec<_> = incident.comments.iter().map(|c| c.author.as_str()).collect();
        assert_eq!(authors, ["Ana", "Ben"]);
    }
}
