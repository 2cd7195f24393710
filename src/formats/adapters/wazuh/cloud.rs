//! Records of cloud services, which an agent or the manager only fetches: Office 365, AWS, Azure, Google
//! Cloud, GitHub, Microsoft Graph.

use serde_json::Value;

use crate::formats::adapters::wazuh::network::account;
use crate::formats::adapters::wazuh::severity;
use crate::formats::adapters::{graph, guardduty};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact};
use crate::formats::building::names_in_text::all_names;
use crate::formats::building::path::{has_any, name_at, text_at, value_at};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::severity_words;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingEvidence};

/// Members that hold the record of a service.
const FETCHED: [&str; 8] = [
    "data.office365",
    "data.aws",
    "data.gcp",
    "data.github",
    "data.ms-graph",
    "data.azure",
    "data.azure_tag",
    "data.azure_aad_tag",
];

/// Integrations that fetch the records of a service, by the start of their names.
const SERVICES: [&str; 14] = [
    "azure",
    "office365",
    "o365",
    "aws",
    "gcp",
    "google",
    "gworkspace",
    "github",
    "ms-graph",
    "okta",
    "duo",
    "cloudflare",
    "crowdstrike",
    "mimecast",
];

/// Whether the alert is about the record of a service, and not about a host of the agent.
pub(super) fn is_fetched(value: &Value) -> bool {
    let integration = text_at(value, &["data.integration"]).to_lowercase();
    has_any(value, &FETCHED) || SERVICES.iter().any(|name| integration.starts_with(name))
}

pub(super) fn add(draft: &mut Draft, value: &Value) {
    for (path, add) in [
        ("data.office365", add_office as fn(&mut Draft, &Value)),
        ("data.aws", add_aws),
        ("data.gcp", add_google),
        ("data.github", add_github),
    ] {
        if let Some(record) = value_at(value, path) {
            add(draft, record);
        }
    }
    if let Some(record) = value_at(value, "data.ms-graph") {
        add_graph(draft, record, text_at(value, &["timestamp", "@timestamp"]));
    }
    if is_fetched(value) {
        add_azure(draft, value);
    }
}

fn add_office(draft: &mut Draft, record: &Value) {
    for path in ["ClientIP", "ClientIPAddress", "ActorIpAddress"] {
        draft.add_ip(&name_at(record, &[path]), &["source"]);
    }
    let user = name_at(record, &["UserId"]);
    // Services stand here too, as "SecurityComplianceAlerts".
    if user.contains('@') {
        draft.add_evidence(account(&user), &[]);
    } else {
        draft.add_fact("Done by", &user);
    }
    let owner = name_at(record, &["MailboxOwnerUPN"]);
    draft.add_evidence(evidence_kinds::mailbox(&[owner], ""), &[]);
    let object = text_at(record, &["ObjectId"]);
    if object.starts_with("http") {
        draft.add_evidence(evidence_kinds::url(&object), &[]);
    } else {
        draft.add_fact("Object", &object);
    }
    // An alert of Microsoft Purview or Defender for Office 365 has a severity of its own.
    let word = text_at(record, &["Severity"]);
    draft.raise_severity(severity_words::severity_of(&word));
    draft.add_fact("Alert severity", &word);
    let entity = text_at(record, &["AlertEntityId"]);
    if entity.contains('@') {
        draft.add_evidence(account(&entity), &[]);
    } else {
        draft.add_fact("Alert about", &entity);
    }
    draft.add_facts(record, OFFICE);
}

fn add_aws(draft: &mut Draft, record: &Value) {
    if text_at(record, &["source"]) == "guardduty"
        || has_any(record, &["service.serviceName", "service.eventFirstSeen"])
    {
        guardduty::add_finding(draft, record);
        return;
    }
    for path in ["sourceIPAddress", "source_ip_address", "httpRequest.clientIp", "client_ip"] {
        draft.add_ip(&name_at(record, &[path]), &["source"]);
    }
    let owner = text_at(record, &["userIdentity.accountId", "recipientAccountId", "aws_account_id"]);
    let root = text_at(record, &["userIdentity.type"]) == "Root";
    let name = name_at(record, &["userIdentity.userName", "userIdentity.sessionContext.sessionIssuer.userName"]);
    let name = if root && name.is_empty() { "root".to_owned() } else { name };
    let target = name_at(record, &["requestParameters.userName"]);
    for name in [name, target].iter().flat_map(|name| all_names(EvidenceKind::User, name)) {
        draft.add_evidence(aws_account(&name, &owner), &[]);
    }
    let instance = name_at(record, &["requestParameters.instanceId", "instanceId", "detail.instance-id"]);
    draft.add_evidence(Device { names: vec![instance], ..Device::default() }.build(), &[]);
    let bucket = text_at(record, &["requestParameters.bucketName", "s3.bucket.name", "bucket"]);
    draft.add_evidence(evidence_kinds::named_resource(EvidenceKind::CloudResource, &bucket, &[]), &[]);
    if matches!(text_at(record, &["source"]).as_str(), "config" | "trustedadvisor") {
        draft.add_fact("Severity in AWS", &text_at(record, &["severity.description", "severity"]));
    } else {
        severity::raise_from_aws(draft, record);
    }
    draft.add_facts(record, AWS);
}

/// An account of AWS: the AWS account is part of its key, because every one may have an "Admin".
fn aws_account(name: &str, owner: &str) -> Option<IncomingEvidence> {
    let mut evidence = Account { name: name.to_owned(), domain: owner.to_owned(), ..Account::default() }.build()?;
    name.clone_into(&mut evidence.name);
    add_fact(&mut evidence.facts, "AWS account", owner);
    Some(evidence).filter(|_| !name.is_empty())
}

fn add_google(draft: &mut Draft, record: &Value) {
    draft.add_evidence(account(&name_at(record, &["protoPayload.authenticationInfo.principalEmail"])), &[]);
    draft.add_ip(&name_at(record, &["protoPayload.requestMetadata.callerIp", "jsonPayload.sourceIP"]), &["source"]);
    let name = text_at(record, &["protoPayload.resourceName"]);
    draft.add_evidence(evidence_kinds::named_resource(EvidenceKind::CloudResource, "", &[name]), &[]);
    draft.add_facts(record, GOOGLE);
}

fn add_github(draft: &mut Draft, record: &Value) {
    draft.add_evidence(account(&name_at(record, &["actor"])), &[]);
    draft.add_ip(&name_at(record, &["actor_ip"]), &["source"]);
    draft.add_facts(record, GITHUB);
}

/// Adds an alert of Microsoft Graph that is inside, which may lack what Wazuh's alert has; of other resources the
/// user and the address.
fn add_graph(draft: &mut Draft, record: &Value, timestamp: String) {
    add_principals(draft, record, &["userPrincipalName"], &["ipAddress"]);
    draft.add_facts(record, GRAPH);
    if !has_any(record, &["evidence", "serviceSource", "detectionSource", "severity"]) {
        return;
    }
    let mut whole = record.clone();
    let lacking =
        [("title", &draft.alert.title), ("id", &draft.alert.provider_alert_id), ("createdDateTime", &timestamp)];
    for (name, value) in lacking {
        if let (false, Some(members)) = (has_any(record, &[name]), whole.as_object_mut()) {
            members.insert(name.to_owned(), Value::String(value.clone()));
        }
    }
    let Ok(Incoming::Alert(alert, _)) = (graph::alert::ADAPTER.parse)(&whole) else { return };
    draft.raise_severity(alert.severity);
    draft.set_category_if_empty(&alert.category);
    draft.add_techniques(&alert.techniques);
    for evidence in alert.evidence {
        draft.add_evidence(Some(evidence), &[]);
    }
    draft.add_facts(record, &[("Alert", &["title"]), ("Alert ID", &["providerAlertId", "id"])]);
}

/// Azure's activity and sign-in logs stand in `data` itself.
fn add_azure(draft: &mut Draft, value: &Value) {
    add_principals(draft, value, &AZURE_USERS, &AZURE_ADDRESSES);
    let resource = text_at(value, &["data.resourceId"]);
    draft.add_evidence(evidence_kinds::named_resource(EvidenceKind::CloudResource, "", &[resource]), &[]);
    draft.add_facts(value, &[("Operation", &["data.operationName"]), ("Result", &["data.resultType"])]);
}

/// Adds the users that have a user principal name, and the addresses from which they acted.
fn add_principals(draft: &mut Draft, value: &Value, users: &[&str], addresses: &[&str]) {
    for path in users {
        let user = name_at(value, &[path]);
        draft.add_evidence(account(&user).filter(|_| user.contains('@')), &[]);
    }
    for path in addresses {
        draft.add_ips_at(value, path, &["source"]);
    }
}

const AZURE_USERS: [&str; 8] = [
    "data.properties.userPrincipalName",
    "data.userPrincipalName",
    "data.properties.initiatedBy.user.userPrincipalName",
    "data.initiatedBy.user.userPrincipalName",
    "data.actor.userPrincipalName",
    "data.actorUserPrincipalName",
    "data.caller",
    "data.identity.claims.upn",
];

const AZURE_ADDRESSES: [&str; 6] = [
    "data.callerIpAddress",
    "data.properties.ipAddress",
    "data.ipAddress",
    "data.properties.initiatedBy.user.ipAddress",
    "data.initiatedBy.user.ipAddress",
    "data.clientIP",
];

const GRAPH: &[FactField] = &[("Graph resource", &["resource"]), ("Graph relationship", &["relationship"])];

const OFFICE: &[FactField] = &[
    ("Operation", &["Operation"]),
    ("Workload", &["Workload"]),
    ("Result", &["ResultStatus"]),
    ("Alert", &["Name"]),
    ("Alert category", &["Category"]),
    ("Alert ID", &["AlertId"]),
    ("File", &["SourceFileName"]),
    ("User agent", &["UserAgent"]),
    ("Record ID", &["Id"]),
];

const AWS: &[FactField] = &[
    ("AWS source", &["source"]),
    ("API call", &["eventName"]),
    ("AWS service", &["eventSource"]),
    ("AWS account", &["userIdentity.accountId", "recipientAccountId", "aws_account_id"]),
    ("Region", &["awsRegion", "region"]),
    ("User type", &["userIdentity.type"]),
    ("Principal", &["userIdentity.arn", "userIdentity.principalId"]),
    ("Error", &["errorCode"]),
    ("User agent", &["userAgent"]),
    ("Action", &["action"]),
    ("Finding", &["title", "alert-name", "summary"]),
    ("Event ID", &["eventID"]),
];

const GOOGLE: &[FactField] = &[
    ("Operation", &["protoPayload.methodName"]),
    ("Service", &["protoPayload.serviceName"]),
    ("Project", &["resource.labels.project_id"]),
    ("Log severity", &["severity"]),
];

const GITHUB: &[FactField] =
    &[("Operation", &["action"]), ("Organization", &["org"]), ("Repository", &["repo"]), ("User", &["user"])];
