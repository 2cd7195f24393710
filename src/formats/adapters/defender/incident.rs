//! Incidents of Defender XDR's `api/incidents`, with their alerts.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::adapters::defender::alert;
use crate::formats::adapters::graph::alert::comments;
use crate::formats::adapters::graph::incident::{gather, tags};
use crate::formats::building::clean_text::TITLE_MAX;
use crate::formats::building::path::{has, say, say_max, when};
use crate::formats::building::terms;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingAlert, IncomingIncident};
use crate::model::severity::Severity;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "defenderXdr",
    label: "Defender XDR api/incidents",
    detect: |value| {
        has(value, &["incidentName"])
            || has(value, &["creationTime"]) && has(value, &["entities", "alertId", "devices"])
    },
    read,
};

pub(crate) fn read(value: &Value) -> Result<Incoming, NotTaken> {
    if !has(value, &["incidentName", "alerts"]) {
        return Ok(Incoming::Alert(Box::new(alert::alert(value)?), value.to_string()));
    }
    let (good, refused) = gather(value, |alert| alert::alert(alert).map_err(|why| why.sentence().to_owned()))?;
    let incident = incident(value, good.first().map(|(alert, _)| alert))?;
    Ok(Incoming::Incident(Box::new(incident), good, refused))
}

fn incident(value: &Value, first: Option<&IncomingAlert>) -> Result<IncomingIncident, NotTaken> {
    let id = say(value, &["incidentId"]);
    if id.is_empty() {
        return Err(NotTaken::Refused("id is missing: incidentId is not given".to_owned()));
    }
    // An incident that nobody named is called by its number, which is no name.
    let name = Some(say_max(value, &["incidentName"], TITLE_MAX)).filter(|name| *name != id).unwrap_or_default();
    let [classification, determination] = ["classification", "determination"].map(|key| say(value, &[key]));
    let verdict = terms::verdict(&classification, &determination);
    let created_at = when(value, &["createdTime"]);
    let comment_time = created_at.or(first.map(|alert| alert.created_at)).unwrap_or_default();
    Ok(IncomingIncident {
        provider_key: provider_key(&say(value, &["tenantId"]), &say(value, &["incidentUri", "incidentWebUrl"]), &id),
        name,
        status: terms::incident_status(&say(value, &["status"])).to_owned(),
        severity: Severity::parse(&say(value, &["severity"])),
        classification: verdict.classification.to_owned(),
        determination: verdict.determination.to_owned(),
        assigned_to: say(value, &["assignedTo"]),
        tags: tags(value),
        comments: comments(value, comment_time),
        created_at,
        updated_at: when(value, &["lastUpdateTime"]),
        ..IncomingIncident::default()
    })
}

/// Graph's key for the incident: its tenant is given, or part of the incident's address.
pub(crate) fn provider_key(tenant: &str, address: &str, id: &str) -> String {
    let linked = address.split_once("tid=").map(|(_, rest)| rest.split('&').next().unwrap_or_default());
    let tenant = [tenant, linked.unwrap_or_default(), "-"].into_iter().find(|tenant| !tenant.is_empty());
    format!("graph:{}:{id}", tenant.unwrap_or("-"))
}
