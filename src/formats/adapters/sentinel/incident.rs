//! Microsoft Sentinel's `SecurityIncident` table: incidents whose alerts come as records of their
//! own, named here by their ids.

use std::borrow::Cow;

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::adapters::defender::incident::provider_key;
use crate::formats::building::clean_text::TITLE_MAX;
use crate::formats::building::json::unpacked;
use crate::formats::building::path::{at, has, objects_at, prose, say, say_max, when, words};
use crate::formats::building::terms::{self, folded};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingComment, IncomingIncident};
use crate::model::severity::Severity;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "sentinelIncident",
    label: "Microsoft Sentinel SecurityIncident",
    detect: |value| has(value, &["IncidentNumber", "AlertIds"]) && has(value, &["Title", "AlertIds", "IncidentName"]),
    read,
};

fn read(value: &Value) -> Result<Incoming, NotTaken> {
    let value = &open(value);
    let name = say_max(value, &["Title"], TITLE_MAX);
    if name.is_empty() {
        return Err(NotTaken::Refused("title is missing: Title is not given".to_owned()));
    }
    let id = say(value, &["IncidentName", "IncidentNumber"]);
    if id.is_empty() {
        return Err(NotTaken::Refused("id is missing: neither IncidentName nor IncidentNumber is given".to_owned()));
    }
    let reason = say(value, &["ClassificationReason"]);
    let classification = say(value, &["Classification"]);
    let verdict = terms::verdict(&classification, determination(&reason));
    let created_at = when(value, &["CreatedTime", "FirstActivityTime", "TimeGenerated"]);
    let incident = IncomingIncident {
        provider_key: key(value, &id),
        name,
        status: terms::incident_status(&say(value, &["Status"])).to_owned(),
        severity: Severity::parse(&say(value, &["Severity"])),
        classification: verdict.classification.to_owned(),
        determination: verdict.determination.to_owned(),
        assigned_to: say(value, &["Owner.userPrincipalName", "Owner.email", "Owner.assignedTo"]),
        resolving_note: prose(value, &["ClassificationComment"]),
        tags: objects_at(value, "Labels")
            .into_iter()
            .map(|label| say(label, &["labelName"]))
            .filter(|tag| !tag.is_empty())
            .collect(),
        comments: comments(value, created_at.unwrap_or_default()),
        created_at,
        updated_at: when(value, &["LastModifiedTime", "TimeGenerated"]),
        alert_ids: words(value, "AlertIds"),
    };
    Ok(Incoming::Incident(Box::new(incident), Vec::new(), Vec::new()))
}

/// Queries and exports give some columns as JSON in a text.
fn open(value: &Value) -> Value {
    let members = value.as_object().into_iter().flatten();
    let open = |found: &Value| match unpacked(found) {
        Cow::Owned(opened) => opened,
        Cow::Borrowed(same) => same.clone(),
    };
    Value::Object(members.map(|(key, found)| (key.clone(), open(found))).collect())
}

/// An incident of Defender XDR is the one that Graph tells of.
fn key(value: &Value, id: &str) -> String {
    let own = say(value, &["ProviderIncidentId"]);
    let provider = folded(&say(value, &["ProviderName"]));
    let address = say(value, &["AdditionalData.providerIncidentUrl"]);
    if !own.is_empty()
        && matches!(provider.as_str(), "microsoftxdr" | "microsoft365defender")
        && address.contains("tid=")
    {
        return provider_key("", &address, &own);
    }
    format!("sentinel:{}:{id}", say(value, &["TenantId"]))
}

fn determination(reason: &str) -> &'static str {
    match folded(reason).as_str() {
        "suspiciousactivity" => "Other",
        "suspiciousbutexpected" => "ConfirmedActivity",
        "incorrectalertlogic" => "NotMalicious",
        "inaccuratedata" => "NotEnoughDataToValidate",
        _ => "",
    }
}

fn comments(value: &Value, created: i64) -> Vec<IncomingComment> {
    let comments = objects_at(value, "Comments").into_iter().map(|comment| IncomingComment {
        author: say(comment, &["author.name", "author.email", "author.userPrincipalName"]),
        body: prose(comment, &["message"]),
        at: at(comment, "createdTimeUtc").and_then(|_| when(comment, &["createdTimeUtc"])).unwrap_or(created),
    });
    comments.filter(|comment| !comment.body.is_empty()).take(1_000).collect()
}
