//! Microsoft Sentinel's `SecurityIncident` table: incidents that list the ids of their alerts, which are
//! sent as separate records.

use std::borrow::Cow;

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::defender::incident::provider_key;
use crate::formats::building::clean_text::TITLE_MAX;
use crate::formats::building::json::parse_embedded_json;
use crate::formats::building::path::{
    has_any, long_text_at, objects_at, text_at, text_at_max, texts_at, time_at, value_at,
};
use crate::formats::building::terms::{self, normalized};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingComment, IncomingIncident};
use crate::model::severity::Severity;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "sentinelIncident",
    label: "Microsoft Sentinel SecurityIncident",
    detect: |value| {
        has_any(value, &["IncidentNumber", "AlertIds"]) && has_any(value, &["Title", "AlertIds", "IncidentName"])
    },
    parse: parse_record,
    documentation: "",
    fields: Fields::NONE,
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let value = &parse_json_columns(value);
    let name = text_at_max(value, &["Title"], TITLE_MAX);
    if name.is_empty() {
        return Err(NotTaken::Refused("title is missing: Title is not given".to_owned()));
    }
    let id = text_at(value, &["IncidentName", "IncidentNumber"]);
    if id.is_empty() {
        return Err(NotTaken::Refused("id is missing: neither IncidentName nor IncidentNumber is given".to_owned()));
    }
    let reason = text_at(value, &["ClassificationReason"]);
    let classification = text_at(value, &["Classification"]);
    let assessment = terms::parse_assessment(&classification, graph_determination(&reason));
    let created_at = time_at(value, &["CreatedTime", "FirstActivityTime", "TimeGenerated"]);
    let incident = IncomingIncident {
        provider_key: provider_key_of(value, &id),
        name,
        status: terms::incident_status(&text_at(value, &["Status"])).to_owned(),
        severity: Severity::parse(&text_at(value, &["Severity"])),
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
    Ok(Incoming::Incident(Box::new(incident), Vec::new(), Vec::new()))
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
    let own = text_at(value, &["ProviderIncidentId"]);
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
        author: text_at(comment, &["author.name", "author.email", "author.userPrincipalName"]),
        body: long_text_at(comment, &["message"]),
        at: value_at(comment, "createdTimeUtc").and_then(|_| time_at(comment, &["createdTimeUtc"])).unwrap_or(created),
    });
    comments.filter(|comment| !comment.body.is_empty()).take(1_000).collect()
}
