//! Okta System Log events, also those of event hooks, ThreatInsight and Identity Threat Protection.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::category_reading::CategoryReading::{self, Clear, Hint};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact, add_path_facts};
use crate::formats::building::path::{has_any, name_at, objects_at, text_at, time_at};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::terms::is_unknown;
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingEvidence};
use crate::model::severity::Severity;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "okta",
    label: "Okta System Log events",
    detect: |value| {
        has_any(value, &["eventType"])
            && has_any(value, &["published", "uuid", "displayMessage"])
            && has_any(value, &["actor", "debugContext", "securityContext", "legacyEventType"])
    },
    parse: parse_record,
    documentation: "https://developer.okta.com/docs/reference/api/system-log/",
    fields: Fields {
        title: "displayMessage, eventType",
        id: "uuid",
        severity: "severity, or the level in debugContext.debugData.risk where it is higher",
        times: "published",
        device: "device.name",
        user: "actor and target of type User",
        address: "client.ipAddress, request.ipChain.ip",
        file: "",
        hash: "",
        process: "",
        url: "",
        technique: "eventType, debugContext.debugData.threatDetections",
        category: "eventType, debugContext.debugData.threatDetections",
        status: "",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("okta", "Okta");
    draft.set_title(value, &["displayMessage", "eventType"]);
    draft.set_id(value, &["uuid"]);
    draft.set_severity_from_word(&text_at(value, &["severity"]));
    draft.raise_severity(severity_of_risk(value));
    if let Some((_, tactic, techniques)) = meaning(value) {
        let techniques: Vec<String> = techniques.iter().map(|id| (*id).to_owned()).collect();
        draft.read_category(tactic);
        match tactic {
            Clear(_) => draft.add_techniques(&techniques),
            Hint(_) => draft.add_possible_techniques(&techniques),
        }
    }
    draft.set_category_if_empty("SuspiciousActivity");
    let published = time_at(value, &["published"]);
    draft.set_times(published, published, published);
    draft.add_facts(value, FACTS);
    draft.add_evidence(device(value), &[]);
    add_people_and_applications(&mut draft, value);
    draft.add_ips_at(value, "client.ipAddress", &["source"]);
    for hop in objects_at(value, "request.ipChain") {
        draft.add_ips_at(hop, "ip", &["source"]);
    }
    draft.into_incoming(value)
}

/// The severity by Okta's risk of the sign-in or of the user, which counts where it is higher than the event's own.
fn severity_of_risk(value: &Value) -> Option<Severity> {
    let risk = text_at(value, &["debugContext.debugData.risk.level", "debugContext.debugData.risk"]).to_uppercase();
    // The risk is a text such as "{reasons=Anomalous Device, level=HIGH}".
    let level = risk.rsplit("LEVEL=").next().unwrap_or_default();
    match level {
        _ if level.starts_with("HIGH") => Some(Severity::High),
        _ if level.starts_with("MEDIUM") => Some(Severity::Medium),
        _ => None,
    }
}

/// Beginnings of event types and detections of ThreatInsight, with what they mean in ATT&CK. A
/// locked account and a sign-in by a second factor happen on any day.
type Meaning = (&'static str, CategoryReading, &'static [&'static str]);

const MEANINGS: [Meaning; 16] = [
    ("password spray", Clear("CredentialAccess"), &["T1110.003"]),
    ("brute force", Clear("CredentialAccess"), &["T1110"]),
    ("login failures", Clear("CredentialAccess"), &["T1110"]),
    ("user.account.lock", Hint("CredentialAccess"), &["T1110"]),
    ("user.mfa.okta_verify.deny_push", Clear("CredentialAccess"), &["T1621"]),
    ("user.authentication.auth_via_mfa", Hint("CredentialAccess"), &[]),
    ("user.session.context.change", Clear("CredentialAccess"), &["T1539"]),
    ("security.threat.detected", Clear("CredentialAccess"), &[]),
    ("security.attack", Clear("CredentialAccess"), &[]),
    ("user.session.impersonation", Clear("PrivilegeEscalation"), &[]),
    ("user.account.privilege.grant", Clear("PrivilegeEscalation"), &["T1098"]),
    ("group.privilege.grant", Clear("PrivilegeEscalation"), &["T1098"]),
    ("user.mfa.factor", Clear("Persistence"), &["T1556.006"]),
    ("system.api_token.create", Clear("Persistence"), &["T1098.001"]),
    ("policy.", Clear("DefenseEvasion"), &["T1556.009"]),
    ("zone.", Clear("DefenseEvasion"), &["T1556.009"]),
];

fn meaning(value: &Value) -> Option<Meaning> {
    let kind = text_at(value, &["eventType"]).to_lowercase();
    let detections = value.pointer("/debugContext/debugData/threatDetections");
    let detections = detections.map(Value::to_string).unwrap_or_default().to_lowercase();
    // Evaluating a policy is no change of it.
    let is_change = !kind.starts_with("policy.evaluate") && !kind.starts_with("policy.entity_risk");
    let fits = |start: &str| detections.contains(start) || (kind.starts_with(start) && is_change);
    MEANINGS.into_iter().find(|(start, ..)| fits(start))
}

fn device(value: &Value) -> Option<IncomingEvidence> {
    let device = value.get("device").filter(|device| device.is_object())?;
    let mut evidence = Device { names: vec![name_at(device, &["name"])], ..Device::default() }.build()?;
    add_path_facts(&mut evidence.facts, device, DEVICE);
    Some(evidence)
}

fn add_people_and_applications(draft: &mut Draft, value: &Value) {
    for entity in objects_at(value, "actor").into_iter().chain(objects_at(value, "target")) {
        let [id, name, shown] = ["id", "alternateId", "displayName"].map(|key| name_at(entity, &[key]));
        let name = if is_unknown(&name) { String::new() } else { name };
        let evidence = match text_at(entity, &["type"]).as_str() {
            "User" => user(&name, &shown, &id),
            "AppInstance" | "PublicClientApp" => {
                evidence_kinds::named_resource(EvidenceKind::CloudApplication, &shown, &[id])
            }
            "UserGroup" => evidence_kinds::other("Group", &shown, &id),
            "" => None,
            other => {
                draft.add_fact(other, if shown.is_empty() { &name } else { &shown });
                None
            }
        };
        draft.add_evidence(evidence, &[]);
    }
}

fn user(name: &str, shown: &str, id: &str) -> Option<IncomingEvidence> {
    let account = Account { name: name.to_owned(), display: shown.to_owned(), ..Account::default() };
    let mut evidence = account.build()?;
    add_fact(&mut evidence.facts, "User ID", id);
    Some(evidence)
}

const DEVICE: &[FactField] = &[
    ("Device ID", &["id"]),
    ("OS", &["os_platform"]),
    ("OS version", &["os_version"]),
    ("Managed", &["managed"]),
    ("Registered", &["registered"]),
];

const FACTS: &[FactField] = &[
    ("Event type", &["eventType"]),
    ("Outcome", &["outcome.result"]),
    ("Reason", &["outcome.reason"]),
    ("Threat suspected", &["debugContext.debugData.threatSuspected"]),
    ("Risk", &["debugContext.debugData.risk"]),
    ("Behaviors", &["debugContext.debugData.behaviors"]),
    ("Previous risk level", &["debugContext.debugData.previousRiskLevel"]),
    ("Request", &["debugContext.debugData.requestUri"]),
    ("User agent", &["client.userAgent.rawUserAgent"]),
    ("Type of device", &["client.device"]),
    ("Network zone", &["client.zone"]),
    ("City", &["client.geographicalContext.city"]),
    ("Country", &["client.geographicalContext.country"]),
    ("Proxy", &["securityContext.isProxy"]),
    ("Provider", &["securityContext.isp", "securityContext.asOrg"]),
    ("Session", &["authenticationContext.externalSessionId"]),
    ("Transaction", &["transaction.id"]),
];
