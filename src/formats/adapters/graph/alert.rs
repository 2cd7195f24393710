//! Microsoft Graph `security/alerts_v2`.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::graph::evidence;
use crate::formats::adapters::graph::facts::{ALERT, add_custom};
use crate::formats::building::activity_times::ActivityTimes;
use crate::formats::building::assessment::{set_assessment, set_techniques};
use crate::formats::building::clean_text::ID_MAX;
use crate::formats::building::facts::{add_list_fact, add_member_facts};
use crate::formats::building::json::{long_text_of, objects_of, text_of, text_of_max, texts_of, time_of, title_of};
use crate::formats::building::record_id::id_of;
use crate::formats::building::terms;
use crate::model::incoming::{Incoming, IncomingAlert, IncomingComment};

/// Most comments that one record keeps.
const COMMENTS_MAX: usize = 1_000;

const NO_TIME: &str = "no time: none of firstActivityDateTime, lastActivityDateTime and \
                       createdDateTime is a time";

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "graph",
    label: "Microsoft Graph security/alerts_v2",
    detect: |value| value.get("title").is_some(),
    parse: |value| Ok(parse_record(value)?),
    documentation: "https://learn.microsoft.com/graph/api/resources/security-alert",
    fields: Fields {
        title: "title",
        id: "providerAlertId, else id",
        severity: "severity",
        times: "firstActivityDateTime, lastActivityDateTime, createdDateTime, lastUpdateDateTime",
        device: "evidence: deviceEvidence",
        user: "evidence: userEvidence, mailboxEvidence, processEvidence.userAccount",
        address: "evidence: ipEvidence",
        file: "evidence: fileEvidence, processEvidence.imageFile",
        hash: "fileDetails: sha256, sha1, md5",
        process: "evidence: processEvidence",
        url: "evidence: urlEvidence",
        technique: "mitreTechniques",
        category: "category, else categories",
        status: "status",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, String> {
    let alert = parse_alert(value)?;
    Ok(Incoming::Alert(Box::new(alert), value.to_string()))
}

/// Reads one alert, alone or inside of an incident.
pub(super) fn parse_alert(value: &Value) -> Result<IncomingAlert, String> {
    let title = title_of(value, &["title"]);
    if title.is_empty() {
        return Err("title is missing".to_owned());
    }
    let provider_alert_id = id_of(value, &["providerAlertId", "id", "alertId"]);
    if provider_alert_id.is_empty() {
        return Err("id is missing: none of providerAlertId, id and alertId has one".to_owned());
    }
    let times = ActivityTimes::new(
        time_of(value, &["firstActivityDateTime"]),
        time_of(value, &["lastActivityDateTime"]),
        time_of(value, &["createdDateTime"]),
    )
    .ok_or(NO_TIME)?;
    let source = source_of(value);
    let detection = text_of(value, &["detectionSource"]);
    let mut alert = IncomingAlert {
        provider_alert_id,
        title,
        description: long_text_of(value, &["description"]),
        recommended_actions: long_text_of(value, &["recommendedActions"]),
        status: terms::alert_status(&text_of(value, &["status"])).to_owned(),
        assigned_to: text_of(value, &["assignedTo"]),
        category: category_of(value),
        service_source: source.clone(),
        detection_source: detection_source(&detection, &source),
        product: text_of(value, &["productName"]),
        first_activity: times.first,
        last_activity: times.last,
        created_at: times.created,
        provider_updated_at: time_of(value, &["lastUpdateDateTime", "lastUpdatedDateTime"]),
        comments: parse_comments(value, times.created),
        evidence: evidence::parse_evidence(value),
        source,
        ..IncomingAlert::default()
    };
    set_assessment_and_techniques(&mut alert, &text_of(value, &["severity"]), value);
    add_member_facts(&mut alert.facts, value, ALERT);
    add_list_fact(&mut alert.facts, value, "Tags in the source", "systemTags");
    add_custom(&mut alert.facts, value, "customDetails");
    alert.aliases = other_ids(value, &["id", "alertId"], &alert.provider_alert_id);
    Ok(alert)
}

/// The ids in these members that differ from the alert's own.
pub(crate) fn other_ids(value: &Value, keys: &[&str], own: &str) -> Vec<String> {
    let ids = keys.iter().map(|key| id_of(value, &[key]));
    ids.filter(|id| !id.is_empty() && id != own).collect()
}

/// Sets severity, classification, determination and techniques; unknown words become facts.
fn set_assessment_and_techniques(alert: &mut IncomingAlert, severity: &str, value: &Value) {
    let classification = text_of(value, &["classification"]);
    let determination = text_of(value, &["determination"]);
    set_assessment(alert, severity, &classification, &determination);
    set_techniques(alert, &texts_of(value, "mitreTechniques"));
}

fn source_of(value: &Value) -> String {
    let service = text_of_max(value, &["serviceSource"], ID_MAX);
    let detection = text_of_max(value, &["detectionSource"], ID_MAX);
    [service, detection]
        .into_iter()
        .find(|name| !terms::is_unknown(name))
        .map_or_else(|| "unknown".to_owned(), |name| known_source(&name))
}

fn known_source(name: &str) -> String {
    terms::service_source(name).map_or_else(|| terms::camel_case(name), str::to_owned)
}

/// The detection source in Graph's words; the alert's source when none is given.
pub(crate) fn detection_source(name: &str, source: &str) -> String {
    if terms::is_unknown(name) {
        return source.to_owned();
    }
    terms::detection_source(name).map_or_else(|| terms::camel_case(name), str::to_owned)
}

fn category_of(value: &Value) -> String {
    let single = terms::category_name(&text_of(value, &["category"]));
    if !single.is_empty() {
        return single;
    }
    let several = texts_of(value, "categories");
    let mut several = several.iter().map(|name| terms::category_name(name));
    several.find(|name| !name.is_empty()).unwrap_or_default()
}

/// The comments of an alert or incident, in both spellings; those without a time get the time `created`.
pub(crate) fn parse_comments(value: &Value, created: i64) -> Vec<IncomingComment> {
    objects_of(value, "comments")
        .into_iter()
        .map(|comment| IncomingComment {
            author: text_of(comment, &["createdByDisplayName", "createdBy"]),
            body: long_text_of(comment, &["comment"]),
            at: time_of(comment, &["createdDateTime", "createdTime"]).unwrap_or(created),
        })
        .filter(|comment| !comment.body.is_empty())
        .take(COMMENTS_MAX)
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn minimal() -> Value {
        json!({"id": "a1", "title": "Odd login\u{200b}", "createdDateTime": "2025-03-01T10:00:00Z"})
    }

    fn with(extra: Value) -> IncomingAlert {
        let mut value = minimal();
        if let (Some(target), Value::Object(extra)) = (value.as_object_mut(), extra) {
            target.extend(extra);
        }
        parse_alert(&value).unwrap()
    }

    #[test]
    fn an_alert_with_only_the_required_members_is_read() {
        let alert = with(json!({}));
        assert_eq!((alert.source.as_str(), alert.title.as_str()), ("unknown", "Odd login"));
        assert_eq!((alert.status.as_str(), alert.determination.as_str()), ("new", "unknown"));
        assert_eq!(alert.severity, None);
        assert!(alert.facts.contains(&("Severity in the source".into(), "not given".into())));
        assert_eq!(alert.first_activity, alert.created_at);
        assert_eq!(alert.last_activity, alert.created_at);
    }

    #[test]
    fn an_id_or_title_that_means_nothing_is_none() {
        assert_eq!(with(json!({"providerAlertId": "-", "id": "a2"})).provider_alert_id, "a2");
        assert!(with(json!({"providerAlertId": "p1", "id": "N/A", "alertId": "-"})).aliases.is_empty());
        for nothing in ["-", "N/A", "null", "00000000-0000-0000-0000-000000000000"] {
            let mut value = minimal();
            value["id"] = json!(nothing);
            assert!(parse_alert(&value).unwrap_err().contains("id is missing"), "{nothing}");
        }
        let mut value = minimal();
        value["title"] = json!("-");
        assert_eq!(parse_alert(&value).unwrap_err(), "title is missing");
    }

    #[test]
    fn what_is_missing_is_named() {
        let without = |key: &str| {
            let mut value = minimal();
            value.as_object_mut().unwrap().remove(key);
            parse_alert(&value).unwrap_err()
        };
        assert_eq!(without("title"), "title is missing");
        assert!(without("id").contains("providerAlertId, id and alertId"));
        assert!(without("createdDateTime").starts_with("no time"));
    }

    #[test]
    fn the_provider_id_and_the_service_source_are_the_identity() {
        let alert = with(json!({
            "providerAlertId": "p1", "detectionSource": "WindowsDefenderAv",
            "serviceSource": "microsoftDefenderForEndpoint",
        }));
        assert_eq!(alert.provider_alert_id, "p1");
        assert_eq!(alert.source, "microsoftDefenderForEndpoint");
        assert_eq!(alert.detection_source, "antivirus");
    }

    #[test]
    fn times_out_of_order_are_swapped() {
        let alert = with(json!({
            "firstActivityDateTime": "2025-03-02T10:00:00Z",
            "lastActivityDateTime": "2025-03-01T10:00:00Z",
        }));
        assert!(alert.first_activity < alert.last_activity);
    }

    #[test]
    fn a_determination_that_does_not_fit_is_kept_as_a_fact() {
        let alert = with(json!({"classification": "FalsePositive", "determination": "Malware"}));
        assert_eq!(alert.classification, "falsePositive");
        assert_eq!(alert.determination, "unknown");
        assert!(alert.facts.contains(&("Determination in the source".into(), "Malware".into())));
    }

    #[test]
    fn categories_comments_and_custom_details_are_read() {
        let alert = with(json!({
            "categories": ["Initial access", "Execution"], "mitreTechniques": ["T1566.002"],
            "comments": [{"comment": "seen", "createdByDisplayName": "Ana"}, {"comment": " "}],
            "customDetails": {"Ticket": "42", "Hosts": ["a", "b"]},
        }));
        assert_eq!(alert.category, "InitialAccess");
        assert_eq!(alert.techniques, ["T1566.002"]);
        assert_eq!(alert.comments.len(), 1);
        assert!(alert.facts.contains(&("Hosts".into(), "a, b".into())));
    }
}
