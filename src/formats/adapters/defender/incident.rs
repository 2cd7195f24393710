//! Incidents of Defender XDR's `api/incidents`, with their alerts.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::defender::alert;
use crate::formats::adapters::graph::alert::parse_comments;
use crate::formats::adapters::graph::incident::{parse_alerts, parse_tags};
use crate::formats::building::clean_text::TITLE_MAX;
use crate::formats::building::path::{has_any, text_at, text_at_max, time_at};
use crate::formats::building::record_id::id_at;
use crate::formats::building::severity_words;
use crate::formats::building::terms;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingAlert, IncomingIncident};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "defenderXdr",
    label: "Defender XDR api/incidents",
    detect: |value| {
        has_any(value, &["incidentName"])
            || has_any(value, &["creationTime"]) && has_any(value, &["entities", "alertId", "devices"])
            || has_any(value, &["alertId"]) && has_any(value, &["entities", "devices"])
    },
    parse: parse_record,
    documentation: "https://learn.microsoft.com/defender-xdr/api-list-incidents",
    fields: Fields {
        title: "title",
        id: "providerAlertId, else alertId",
        severity: "severity",
        times: "firstActivity, lastActivity, creationTime, lastUpdatedTime",
        device: "devices",
        user: "entities: User, MailBox",
        address: "entities: Ip",
        file: "entities: File, Process",
        hash: "entities: sha256, sha1",
        process: "entities: Process",
        url: "entities: Url",
        technique: "mitreTechniques",
        category: "category",
        status: "status",
    },
};

pub(crate) fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    if !has_any(value, &["incidentName", "alerts"]) {
        return Ok(Incoming::Alert(Box::new(alert::parse_alert(value)?), value.to_string()));
    }
    let (good, refused) =
        parse_alerts(value, |alert| alert::parse_alert(alert).map_err(|why| why.sentence().to_owned()))?;
    let incident = parse_incident(value, good.first().map(|(alert, _)| alert))?;
    Ok(Incoming::Incident(Box::new(incident), good, refused))
}

fn parse_incident(value: &Value, first: Option<&IncomingAlert>) -> Result<IncomingIncident, NotTaken> {
    let id = id_at(value, &["incidentId"]);
    if id.is_empty() {
        return Err(NotTaken::Refused("id is missing: incidentId has none".to_owned()));
    }
    // An incident without a name has its number as incidentName.
    let name = Some(text_at_max(value, &["incidentName"], TITLE_MAX)).filter(|name| *name != id).unwrap_or_default();
    let [classification, determination] = ["classification", "determination"].map(|key| text_at(value, &[key]));
    let assessment = terms::parse_assessment(&classification, &determination);
    let created_at = time_at(value, &["createdTime"]);
    let comment_time = created_at.or(first.map(|alert| alert.created_at)).unwrap_or_default();
    Ok(IncomingIncident {
        provider_key: provider_key(
            &text_at(value, &["tenantId"]),
            &text_at(value, &["incidentUri", "incidentWebUrl"]),
            &id,
        ),
        name,
        status: terms::incident_status(&text_at(value, &["status"])).to_owned(),
        severity: severity_words::severity_of(&text_at(value, &["severity"])),
        classification: assessment.classification.to_owned(),
        determination: assessment.determination.to_owned(),
        assigned_to: text_at(value, &["assignedTo"]),
        tags: parse_tags(value),
        comments: parse_comments(value, comment_time),
        created_at,
        updated_at: time_at(value, &["lastUpdateTime"]),
        ..IncomingIncident::default()
    })
}

/// The key of Graph's incident; the tenant is given, or part of the incident's address.
pub(crate) fn provider_key(tenant: &str, address: &str, id: &str) -> String {
    let linked = address.split_once("tid=").map(|(_, rest)| rest.split('&').next().unwrap_or_default());
    let tenant = [tenant, linked.unwrap_or_default(), "-"].into_iter().find(|tenant| !tenant.is_empty());
    format!("graph:{}:{id}", tenant.unwrap_or("-"))
}
