//! SentinelOne: alerts of custom rules and threats.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::path::{
    has_any, long_name_at, long_text_at, name_at, number_at, objects_at, text_at, texts_at, time_at,
};
use crate::formats::building::principals::Device;
use crate::formats::building::severity_words;
use crate::formats::building::terms::{self, normalized};
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingEvidence};
use crate::model::severity::Severity;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "sentinelOne",
    label: "SentinelOne alerts and threats",
    detect: |value| {
        has_any(value, &["alertInfo"]) && has_any(value, &["ruleInfo", "agentDetectionInfo"])
            || has_any(value, &["threatInfo"]) && has_any(value, &["agentRealtimeInfo", "agentDetectionInfo"])
    },
    parse: parse_record,
    documentation: "SentinelOne Management Console API, \"Get alerts\" (cloud detection) and \"Get threats\"",
    fields: Fields {
        title: "ruleInfo.name, threatInfo.threatName",
        id: "alertInfo.alertId, threatInfo.threatId",
        severity: "ruleInfo.severity, threatInfo.confidenceLevel",
        times: "alertInfo.createdAt, threatInfo.identifiedAt, alertInfo.reportedAt",
        device: "agentRealtimeInfo.agentComputerName, agentDetectionInfo.name",
        user: "sourceProcessInfo.user, threatInfo.processUser, alertInfo.loginsUserName",
        address: "alertInfo.srcIp, srcMachineIp, dstIp",
        file: "sourceProcessInfo.filePath, targetProcessInfo.tgtFilePath, threatInfo.filePath",
        hash: "fileHashSha256, fileHashSha1, fileHashMd5, threatInfo.sha256, sha1, md5",
        process: "sourceProcessInfo.commandline, targetProcessInfo.tgtProcCmdLine, threatInfo.maliciousProcessArguments",
        url: "alertInfo.dnsRequest",
        technique: "indicators.tactics.techniques.name",
        category: "indicators.tactics.name",
        status: "alertInfo.incidentStatus, threatInfo.incidentStatus",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("sentinelOne", "SentinelOne");
    draft.set_title(value, &["ruleInfo.name", "threatInfo.threatName"]);
    draft.set_id(value, &["alertInfo.alertId", "threatInfo.threatId", "id"]);
    draft.alert.description = long_text_at(value, &["ruleInfo.description", "threatInfo.classification"]);
    set_severity_status_and_tactics(&mut draft, value);
    let first = time_at(value, &["alertInfo.createdAt", "threatInfo.identifiedAt", "threatInfo.createdAt"]);
    draft.set_times(first, first, time_at(value, &["alertInfo.reportedAt", "threatInfo.createdAt"]));
    draft.alert.provider_updated_at = time_at(value, &["alertInfo.updatedAt", "threatInfo.updatedAt"]);
    draft.add_facts(value, FACTS);
    draft.add_evidence(device(value), &[]);
    add_processes(&mut draft, value);
    add_other_evidence(&mut draft, value);
    draft.into_incoming(value)
}

/// Sets severity, status, classification and tactics. A threat has no severity: malicious is high, suspicious
/// is medium.
fn set_severity_status_and_tactics(draft: &mut Draft, value: &Value) {
    let word = text_at(value, &["ruleInfo.severity"]);
    let confidence = normalized(&text_at(value, &["threatInfo.confidenceLevel"]));
    match (severity_words::severity_of(&word), confidence.as_str()) {
        (None, "malicious") => draft.set_severity(Some(Severity::High), &confidence),
        (None, "suspicious") => draft.set_severity(Some(Severity::Medium), &confidence),
        (known, _) => draft.set_severity(known, &word),
    }
    let status = text_at(value, &["alertInfo.incidentStatus", "threatInfo.incidentStatus"]);
    terms::alert_status(&status.replace('_', "")).clone_into(&mut draft.alert.status);
    let verdict = text_at(value, &["alertInfo.analystVerdict", "threatInfo.analystVerdict"]);
    terms::parse_assessment(&verdict, "").classification.clone_into(&mut draft.alert.classification);
    for indicator in objects_at(value, "indicators") {
        for tactic in objects_at(indicator, "tactics") {
            draft.set_tactics(&texts_at(tactic, "name"));
            for technique in objects_at(tactic, "techniques") {
                draft.add_techniques(&texts_at(technique, "name"));
            }
        }
    }
    let is_threat = has_any(value, &["threatInfo"]);
    draft.set_category_if_empty(if is_threat { "Malware" } else { "SuspiciousActivity" });
}

fn device(value: &Value) -> Option<IncomingEvidence> {
    let names = vec![name_at(
        value,
        &["agentRealtimeInfo.agentComputerName", "agentDetectionInfo.name", "agentDetectionInfo.agentComputerName"],
    )];
    let domain = text_at(value, &["agentRealtimeInfo.agentDomain", "agentDetectionInfo.agentDomain"]);
    let mut evidence = Device { names, domain, ..Device::default() }.build()?;
    add_path_facts(&mut evidence.facts, value, AGENT);
    Some(evidence)
}

fn add_processes(draft: &mut Draft, value: &Value) {
    for part in ["sourceProcessInfo", "sourceParentProcessInfo"] {
        let of = |key: &str| long_name_at(value, &[&format!("{part}.{key}")]);
        let image = File {
            path: of("filePath"),
            sha256: of("fileHashSha256"),
            sha1: of("fileHashSha1"),
            md5: of("fileHashMd5"),
            name: String::new(),
        };
        draft.add_evidence(evidence_kinds::process(&of("commandline"), &image, &of("pid")), &[]);
        draft.add_evidence(image.build(), &[]);
        draft.add_evidence(windows::account(&of("user"), "", ""), &[]);
    }
    let of = |key: &str| long_name_at(value, &[&format!("targetProcessInfo.{key}")]);
    let image = File { path: of("tgtProcImagePath"), ..File::default() };
    draft.add_evidence(evidence_kinds::process(&of("tgtProcCmdLine"), &image, &of("tgtProcPid")), &[]);
    let file = File {
        path: of("tgtFilePath"),
        sha256: of("tgtFileHashSha256"),
        sha1: of("tgtFileHashSha1"),
        ..File::default()
    };
    draft.add_evidence(file.build(), &[]);
}

fn add_other_evidence(draft: &mut Draft, value: &Value) {
    let of = |key: &str| long_name_at(value, &[&format!("threatInfo.{key}")]);
    let file =
        File { path: of("filePath"), sha256: of("sha256"), sha1: of("sha1"), md5: of("md5"), name: String::new() };
    let mut file = file.build();
    if let Some(file) = file.as_mut().filter(|_| of("mitigationStatus") == "mitigated") {
        "remediated".clone_into(&mut file.remediation);
    }
    draft.add_evidence(file, &[]);
    draft.add_evidence(evidence_kinds::process(&of("maliciousProcessArguments"), &File::default(), ""), &[]);
    draft.add_evidence(windows::account(&of("processUser"), "", ""), &[]);
    let [name, domain, sid] = ["loginsUserName", "loginAccountDomain", "loginAccountSid"]
        .map(|key| name_at(value, &[&format!("alertInfo.{key}")]));
    draft.add_evidence(windows::account(&name, &domain, &sid), &[]);
    draft.add_ips_at(value, "alertInfo.srcIp", &["source"]);
    draft.add_ips_at(value, "alertInfo.srcMachineIp", &["source"]);
    draft.add_ips_at(value, "alertInfo.dstIp", &["destination"]);
    draft.add_evidence(evidence_kinds::url(&name_at(value, &["alertInfo.dnsRequest"])), &[]);
    draft.add_evidence(
        evidence_kinds::registry("", &text_at(value, &["alertInfo.registryKeyPath", "alertInfo.registryPath"]), ""),
        &[],
    );
    draft.add_evidence(
        evidence_kinds::other(
            "Container",
            &text_at(value, &["containerInfo.name"]),
            &text_at(value, &["containerInfo.id"]),
        ),
        &[],
    );
    draft.alert.occurrences = number_at(value, &["alertInfo.count"]).unwrap_or_default();
}

const AGENT: &[FactField] = &[
    ("OS", &["agentRealtimeInfo.agentOsName", "agentDetectionInfo.osName", "agentDetectionInfo.agentOsName"]),
    ("Agent ID", &["agentRealtimeInfo.agentUuid", "agentDetectionInfo.uuid"]),
    ("Site", &["agentRealtimeInfo.siteName", "agentDetectionInfo.siteName"]),
    ("IP address", &["agentDetectionInfo.agentIpV4"]),
];

const FACTS: &[FactField] = &[
    ("Event type", &["alertInfo.eventType"]),
    ("Indicator", &["alertInfo.indicatorName"]),
    ("Rule ID", &["ruleInfo.id"]),
    ("Classification in the source", &["threatInfo.classification"]),
    ("Mitigation", &["threatInfo.mitigationStatus"]),
    ("Storyline", &["sourceProcessInfo.storyline", "threatInfo.storyline"]),
    ("Verdict in the source", &["alertInfo.analystVerdict", "threatInfo.analystVerdict"]),
];
