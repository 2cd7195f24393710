//! Alerts of Defender's own APIs: Defender XDR's `api/incidents` and Defender for Endpoint's
//! `api/alerts`, which share most of their spelling, and the streams of advanced hunting.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::adapters::defender::entities;
use crate::formats::adapters::graph::alert::{comments, detection_source};
use crate::formats::building::assessment::apply_grade;
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::Row;
use crate::formats::building::path::{has, objects_at, prose, say, when, words};
use crate::formats::building::terms;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingAlert};

pub(crate) const ENDPOINT: Adapter = Adapter {
    name: "defenderEndpoint",
    label: "Defender for Endpoint alerts",
    detect: |value| has(value, &["alertCreationTime"]) || has(value, &["machineId"]) && has(value, &["reportId"]),
    read: |value| Ok(Incoming::Alert(Box::new(alert(value)?), value.to_string())),
};

pub(crate) const STREAMING: Adapter = Adapter {
    name: "defenderStreaming",
    label: "Defender streaming AlertInfo and AlertEvidence",
    detect: |value| {
        let table = say(value, &["category"]);
        table.starts_with("AdvancedHunting-") && has(value, &["properties"])
            || has(value, &["AlertId"]) && has(value, &["ServiceSource"]) && has(value, &["Timestamp"])
    },
    read: row,
};

/// Reads an alert of either API.
pub(super) fn alert(value: &Value) -> Result<IncomingAlert, NotTaken> {
    let told = say(value, &["serviceSource"]);
    let endpoint = terms::says_nothing(&told) && has(value, &["alertCreationTime", "machineId"]);
    let source = match terms::service_source(&told) {
        Some(known) => known.to_owned(),
        None if endpoint => "microsoftDefenderForEndpoint".to_owned(),
        None if told.is_empty() => "microsoft365Defender".to_owned(),
        None => terms::camel(&told),
    };
    let mut draft = Draft::new(&source, &say(value, &["productName"]));
    draft.title(value, &["title"]);
    let given = own_id(value);
    if given.is_empty() {
        return Err(NotTaken::Refused("id is missing: neither alertId nor id is given".to_owned()));
    }
    let native = say(value, &["providerAlertId"]);
    draft.alert.provider_alert_id = if native.is_empty() { provider_id(&given).to_owned() } else { native };
    name_also(&mut draft, given);
    draft.alert.description = prose(value, &["description"]);
    draft.alert.recommended_actions = prose(value, &["recommendedAction"]);
    draft.alert.assigned_to = say(value, &["assignedTo"]);
    terms::alert_status(&say(value, &["status"])).clone_into(&mut draft.alert.status);
    let [severity, classification, determination] =
        ["severity", "classification", "determination"].map(|key| say(value, &[key]));
    apply_grade(&mut draft.alert, &severity, &classification, &determination);
    draft.alert.category = terms::category(&say(value, &["category"]));
    draft.techniques(&words(value, "mitreTechniques"));
    draft.alert.detection_source = detection_source(&say(value, &["detectionSource"]), &source);
    let created = when(value, &["creationTime", "alertCreationTime"]);
    draft.seen(
        when(value, &["firstActivity", "firstEventTime", "eventTime"]),
        when(value, &["lastActivity", "lastEventTime"]),
        created,
    );
    draft.alert.provider_updated_at = when(value, &["lastUpdatedTime", "lastUpdateTime"]);
    draft.alert.comments = comments(value, draft.alert.created_at);
    draft.rows(value, FACTS);
    add_evidence(&mut draft, value);
    draft.alert()
}

fn name_also(draft: &mut Draft, id: String) {
    if id != draft.alert.provider_alert_id {
        draft.alert.aliases.push(id);
    }
}

/// What asks Defender for Endpoint to make an alert has no id yet, but names the event's report.
fn own_id(value: &Value) -> String {
    let given = say(value, &["alertId", "id"]);
    let [machine, report] = ["machineId", "reportId"].map(|key| say(value, &[key]));
    if given.is_empty() && !machine.is_empty() && !report.is_empty() { format!("{machine}:{report}") } else { given }
}

fn add_evidence(draft: &mut Draft, value: &Value) {
    for device in objects_at(value, "devices") {
        draft.add(entities::device(device), &[]);
    }
    if has(value, &["machineId", "computerDnsName"]) {
        draft.add(entities::device(value), &[]);
    }
    for path in ["relatedUser", "actor"] {
        for user in objects_at(value, path) {
            draft.add(entities::account(user).build(), &[]);
        }
    }
    for path in ["entities", "evidence"] {
        for entity in objects_at(value, path) {
            entities::add(draft, entity);
        }
    }
}

/// The id as the product itself gives it, which is what Sentinel and Graph know it by: Defender XDR
/// puts two letters before it, unless they belong to it ("da637...", a product's count).
fn provider_id(id: &str) -> &str {
    let Some((start, rest)) = id.split_at_checked(2) else { return id };
    let main = rest.split('_').next().unwrap_or_default();
    let hex = main.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let whole = matches!(main.len(), 24 | 36 | 64) && hex;
    if whole && start.bytes().all(|byte| byte.is_ascii_lowercase()) { rest } else { id }
}

/// A row of AlertInfo or AlertEvidence, in the envelope of the stream or bare.
fn row(value: &Value) -> Result<Incoming, NotTaken> {
    let table = say(value, &["category"]);
    let row = crate::formats::building::path::at(value, "properties").unwrap_or(value);
    let is_evidence = table.ends_with("AlertEvidence") || (has(row, &["EntityType"]) && !table.ends_with("AlertInfo"));
    if table.starts_with("AdvancedHunting-") && !table.starts_with("AdvancedHunting-Alert") {
        return Err(NotTaken::Skipped(format!(
            "This is a row of the table {}, not of an alert.",
            table.trim_start_matches("AdvancedHunting-")
        )));
    }
    let told = say(row, &["ServiceSource"]);
    let source = terms::service_source(&told).map_or_else(|| terms::camel(&told), str::to_owned);
    let mut draft = Draft::new(if source.is_empty() { "microsoft365Defender" } else { &source }, "");
    let given = say(row, &["AlertId"]);
    if given.is_empty() {
        return Err(NotTaken::Refused("id is missing: AlertId is not given".to_owned()));
    }
    provider_id(&given).clone_into(&mut draft.alert.provider_alert_id);
    name_also(&mut draft, given);
    draft.alert.partial = is_evidence;
    draft.title(row, &["Title"]);
    if is_evidence {
        draft.alert.status.clear();
        draft.alert.classification.clear();
        draft.alert.determination.clear();
    }
    let severity = say(row, &["Severity"]);
    if !is_evidence || !severity.is_empty() {
        draft.severity_word(&severity);
    }
    draft.alert.category = terms::category(&say(row, &["Category", "Categories"]));
    draft.techniques(&[say(row, &["AttackTechniques"])]);
    draft.alert.detection_source = detection_source(&say(row, &["DetectionSource"]), &source);
    let at_time = when(row, &["Timestamp"]).or_else(|| when(value, &["time"]));
    draft.seen(at_time, at_time, at_time);
    draft.rows(value, &[("Tenant ID", &["tenantId"])]);
    draft.rows(row, &[("Machine group", &["MachineGroup"]), ("Threat family", &["ThreatFamily"])]);
    if is_evidence {
        entities::add_row(&mut draft, row);
    }
    draft.finish(value)
}

const FACTS: &[Row] = &[
    ("Threat", &["threatName"]),
    ("Threat family", &["threatFamilyName"]),
    ("Actor", &["actorName"]),
    ("Assigned in the source", &["assignedTo"]),
    ("Investigation state", &["investigationState"]),
    ("Provider's incident", &["incidentId"]),
    ("Detector ID", &["detectorId"]),
    ("Resolved in the source", &["resolvedTime"]),
    ("Tenant ID", &["aadTenantId", "tenantId"]),
    ("Device group", &["rbacGroupName"]),
];

#[cfg(test)]
mod tests {
    use super::provider_id;

    #[test]
    fn an_alert_has_the_id_that_its_product_gave_it() {
        assert_eq!(provider_id("da8acc61bf-ade2-41c7-8810-1c7e3d164170_1"), "8acc61bf-ade2-41c7-8810-1c7e3d164170_1");
        assert_eq!(provider_id("ca64601e94b240211e51b1af6c"), "64601e94b240211e51b1af6c");
        for own in ["da637551227677560813_-961444813", "8acc61bf-ade2-41c7-8810-1c7e3d164170_1", "1234", "ä", ""] {
            assert_eq!(provider_id(own), own);
        }
    }
}
