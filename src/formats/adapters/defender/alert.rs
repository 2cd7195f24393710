//! Alerts of Defender's own APIs: Defender XDR's `api/incidents` and Defender for Endpoint's
//! `api/alerts`, which share most of their spelling, and the streams of advanced hunting.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::defender::entities;
use crate::formats::adapters::graph::alert::{detection_source, parse_comments};
use crate::formats::building::assessment::set_assessment;
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::FactField;
use crate::formats::building::path::{has_any, long_text_at, objects_at, text_at, texts_at, time_at, value_at};
use crate::formats::building::record_id::id_at;
use crate::formats::building::terms;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingAlert};

pub(crate) const ENDPOINT: Adapter = Adapter {
    name: "defenderEndpoint",
    label: "Defender for Endpoint alerts",
    detect: |value| {
        has_any(value, &["alertCreationTime"])
            || has_any(value, &["machineId", "computerDnsName"])
                && has_any(
                    value,
                    &["reportId", "detectionSource", "detectorId", "firstEventTime", "mitreTechniques", "evidence"],
                )
    },
    parse: |value| Ok(Incoming::Alert(Box::new(parse_alert(value)?), value.to_string())),
    documentation: "https://learn.microsoft.com/defender-endpoint/api/alerts",
    fields: Fields {
        title: "title",
        id: "id",
        severity: "severity",
        times: "firstEventTime, lastEventTime, alertCreationTime, lastUpdateTime",
        device: "machineId, computerDnsName",
        user: "evidence: User; relatedUser",
        address: "evidence: Ip",
        file: "evidence: File, Process",
        hash: "evidence: sha256, sha1",
        process: "evidence: Process",
        url: "evidence: Url",
        technique: "mitreTechniques",
        category: "category",
        status: "status",
    },
};

pub(crate) const STREAMING: Adapter = Adapter {
    name: "defenderStreaming",
    label: "Defender streaming AlertInfo and AlertEvidence",
    detect: |value| {
        let table = text_at(value, &["category"]);
        table.starts_with("AdvancedHunting-") && has_any(value, &["properties"])
            || has_any(value, &["AlertId"])
                && has_any(value, &["ServiceSource"])
                && has_any(value, &["Timestamp", "DetectionSource", "EntityType", "AttackTechniques"])
    },
    parse: parse_table_row,
    documentation: "https://learn.microsoft.com/azure/azure-monitor/reference/tables/alertinfo and alertevidence",
    fields: Fields {
        title: "Title",
        id: "AlertId",
        severity: "Severity",
        times: "Timestamp, else time",
        device: "DeviceId, DeviceName",
        user: "AccountUpn, AccountDomain, AccountName, AccountSid, AccountObjectId",
        address: "EntityType Ip: RemoteIP, LocalIP",
        file: "EntityType File: FileName, FolderPath",
        hash: "EntityType File: SHA256, SHA1",
        process: "EntityType Process: ProcessCommandLine, ProcessId",
        url: "EntityType Url: RemoteUrl",
        technique: "AttackTechniques",
        category: "Category, Categories",
        status: "",
    },
};

/// Reads an alert of either API, alone or inside of an incident.
pub(super) fn parse_alert(value: &Value) -> Result<IncomingAlert, NotTaken> {
    let service = text_at(value, &["serviceSource"]);
    let endpoint = terms::is_unknown(&service) && has_any(value, &["alertCreationTime", "machineId"]);
    let source = match terms::service_source(&service) {
        Some(known) => known.to_owned(),
        None if endpoint => "microsoftDefenderForEndpoint".to_owned(),
        None if service.is_empty() => "microsoft365Defender".to_owned(),
        None => terms::camel_case(&service),
    };
    let mut draft = Draft::new(&source, &text_at(value, &["productName"]));
    draft.set_title(value, &["title"]);
    let given = own_id(value);
    if given.is_empty() {
        return Err(NotTaken::Refused("id is missing: neither alertId nor id has one".to_owned()));
    }
    let native = id_at(value, &["providerAlertId"]);
    draft.alert.provider_alert_id = if native.is_empty() { product_alert_id(&given).to_owned() } else { native };
    add_alias(&mut draft, given);
    draft.alert.description = long_text_at(value, &["description"]);
    draft.alert.recommended_actions = long_text_at(value, &["recommendedAction"]);
    draft.alert.assigned_to = text_at(value, &["assignedTo"]);
    terms::alert_status(&text_at(value, &["status"])).clone_into(&mut draft.alert.status);
    let [severity, classification, determination] =
        ["severity", "classification", "determination"].map(|key| text_at(value, &[key]));
    set_assessment(&mut draft.alert, &severity, &classification, &determination);
    draft.alert.category = terms::category_name(&text_at(value, &["category"]));
    draft.add_techniques(&texts_at(value, "mitreTechniques"));
    draft.alert.detection_source = detection_source(&text_at(value, &["detectionSource"]), &source);
    let created = time_at(value, &["creationTime", "alertCreationTime"]);
    draft.set_times(
        time_at(value, &["firstActivity", "firstEventTime", "eventTime"]),
        time_at(value, &["lastActivity", "lastEventTime"]),
        created,
    );
    draft.alert.provider_updated_at = time_at(value, &["lastUpdatedTime", "lastUpdateTime"]);
    draft.alert.comments = parse_comments(value, draft.alert.created_at);
    draft.add_facts(value, FACTS);
    add_evidence(&mut draft, value);
    draft.into_alert()
}

fn add_alias(draft: &mut Draft, id: String) {
    if id != draft.alert.provider_alert_id {
        draft.alert.aliases.push(id);
    }
}

/// The alert's id. A request to create an alert has none; its machine and report identify it.
fn own_id(value: &Value) -> String {
    let given = id_at(value, &["alertId", "id"]);
    let [machine, report] = ["machineId", "reportId"].map(|key| id_at(value, &[key]));
    if given.is_empty() && !machine.is_empty() && !report.is_empty() { format!("{machine}:{report}") } else { given }
}

fn add_evidence(draft: &mut Draft, value: &Value) {
    for device in objects_at(value, "devices") {
        draft.add_evidence(entities::device(device), &[]);
    }
    if has_any(value, &["machineId", "computerDnsName"]) {
        draft.add_evidence(entities::device(value), &[]);
    }
    for path in ["relatedUser", "actor"] {
        for user in objects_at(value, path) {
            draft.add_evidence(entities::account(user).build(), &[]);
        }
    }
    for path in ["entities", "evidence"] {
        for entity in objects_at(value, path) {
            entities::add_entity(draft, entity);
        }
    }
}

/// The id that the product itself gave, by which Sentinel and Graph know the alert: Defender XDR puts two
/// letters before it. In "da637..." they are part of the product's own id.
fn product_alert_id(id: &str) -> &str {
    let Some((start, rest)) = id.split_at_checked(2) else { return id };
    let main = rest.split('_').next().unwrap_or_default();
    let hex = main.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let is_prefixed = matches!(main.len(), 24 | 36 | 64) && hex;
    if is_prefixed && start.bytes().all(|byte| byte.is_ascii_lowercase()) { rest } else { id }
}

/// Reads a row of AlertInfo or AlertEvidence, with or without the stream's envelope.
fn parse_table_row(value: &Value) -> Result<Incoming, NotTaken> {
    let table = text_at(value, &["category"]);
    let row = value_at(value, "properties").unwrap_or(value);
    let is_evidence =
        table.ends_with("AlertEvidence") || (has_any(row, &["EntityType"]) && !table.ends_with("AlertInfo"));
    if table.starts_with("AdvancedHunting-") && !table.starts_with("AdvancedHunting-Alert") {
        return Err(NotTaken::Skipped(format!(
            "This is a row of the table {}, not of an alert.",
            table.trim_start_matches("AdvancedHunting-")
        )));
    }
    let service = text_at(row, &["ServiceSource"]);
    let source = terms::service_source(&service).map_or_else(|| terms::camel_case(&service), str::to_owned);
    let mut draft = Draft::new(if source.is_empty() { "microsoft365Defender" } else { &source }, "");
    let given = id_at(row, &["AlertId"]);
    if given.is_empty() {
        return Err(NotTaken::Refused("id is missing: AlertId has none".to_owned()));
    }
    product_alert_id(&given).clone_into(&mut draft.alert.provider_alert_id);
    add_alias(&mut draft, given);
    draft.alert.partial = is_evidence;
    draft.set_title(row, &["Title"]);
    if is_evidence {
        draft.alert.status.clear();
        draft.alert.classification.clear();
        draft.alert.determination.clear();
    }
    let severity = text_at(row, &["Severity"]);
    if !is_evidence || !severity.is_empty() {
        draft.set_severity_from_word(&severity);
    }
    draft.alert.category = terms::category_name(&text_at(row, &["Category", "Categories"]));
    draft.add_techniques(&[text_at(row, &["AttackTechniques"])]);
    draft.alert.detection_source = detection_source(&text_at(row, &["DetectionSource"]), &source);
    let at_time = time_at(row, &["Timestamp"]).or_else(|| time_at(value, &["time"]));
    draft.set_times(at_time, at_time, at_time);
    draft.add_facts(value, &[("Tenant ID", &["tenantId"])]);
    draft.add_facts(row, &[("Machine group", &["MachineGroup"]), ("Threat family", &["ThreatFamily"])]);
    if is_evidence {
        entities::add_evidence_row(&mut draft, row);
    }
    draft.into_incoming(value)
}

const FACTS: &[FactField] = &[
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
    use super::product_alert_id;

    #[test]
    fn an_alert_has_the_id_that_its_product_gave_it() {
        assert_eq!(
            product_alert_id("da8acc61bf-ade2-41c7-8810-1c7e3d164170_1"),
            "8acc61bf-ade2-41c7-8810-1c7e3d164170_1"
        );
        assert_eq!(product_alert_id("ca64601e94b240211e51b1af6c"), "64601e94b240211e51b1af6c");
        for own in ["da637551227677560813_-961444813", "8acc61bf-ade2-41c7-8810-1c7e3d164170_1", "1234", "ä", ""] {
            assert_eq!(product_alert_id(own), own);
        }
    }
}
