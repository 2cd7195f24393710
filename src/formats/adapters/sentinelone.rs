//! SentinelOne: alerts of custom rules and threats.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::building::clean_text::LONG_MAX;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds::{self, File};
use crate::formats::building::facts::{Row, add_facts_at};
use crate::formats::building::path::{has, number, objects_at, prose, say, say_max, when, words};
use crate::formats::building::principals::Device;
use crate::formats::building::terms::{self, folded};
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "sentinelOne",
    label: "SentinelOne alerts and threats",
    detect: |value| {
        has(value, &["alertInfo"]) && has(value, &["ruleInfo", "agentDetectionInfo"])
            || has(value, &["threatInfo"]) && has(value, &["agentRealtimeInfo", "agentDetectionInfo"])
    },
    read,
};

fn read(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("sentinelOne", "SentinelOne");
    draft.title(value, &["ruleInfo.name", "threatInfo.threatName"]);
    draft.identify(value, &["alertInfo.alertId", "threatInfo.threatId", "id"]);
    draft.alert.description = prose(value, &["ruleInfo.description", "threatInfo.classification"]);
    grade(&mut draft, value);
    let first = when(value, &["alertInfo.createdAt", "threatInfo.identifiedAt", "threatInfo.createdAt"]);
    draft.seen(first, first, when(value, &["alertInfo.reportedAt", "threatInfo.createdAt"]));
    draft.alert.provider_updated_at = when(value, &["alertInfo.updatedAt", "threatInfo.updatedAt"]);
    draft.rows(value, FACTS);
    draft.add(device(value), &[]);
    add_processes(&mut draft, value);
    add_rest(&mut draft, value);
    draft.finish(value)
}

/// Threats have no severity: what is surely malicious is high.
fn grade(draft: &mut Draft, value: &Value) {
    let word = say(value, &["ruleInfo.severity"]);
    let confidence = folded(&say(value, &["threatInfo.confidenceLevel"]));
    draft.severity_word(match (word.as_str(), confidence.as_str()) {
        ("", "malicious") => "High",
        ("", "suspicious") => "Medium",
        (word, _) => word,
    });
    let status = say(value, &["alertInfo.incidentStatus", "threatInfo.incidentStatus"]);
    terms::alert_status(&status.replace('_', "")).clone_into(&mut draft.alert.status);
    let verdict = say(value, &["alertInfo.analystVerdict", "threatInfo.analystVerdict"]);
    terms::verdict(&verdict, "").classification.clone_into(&mut draft.alert.classification);
    for indicator in objects_at(value, "indicators") {
        for tactic in objects_at(indicator, "tactics") {
            draft.tactics(&words(tactic, "name"));
            for technique in objects_at(tactic, "techniques") {
                draft.techniques(&words(technique, "name"));
            }
        }
    }
    let is_threat = has(value, &["threatInfo"]);
    draft.category_else(if is_threat { "Malware" } else { "SuspiciousActivity" });
}

fn device(value: &Value) -> Option<IncomingEvidence> {
    let names = vec![say(
        value,
        &["agentRealtimeInfo.agentComputerName", "agentDetectionInfo.name", "agentDetectionInfo.agentComputerName"],
    )];
    let domain = say(value, &["agentRealtimeInfo.agentDomain", "agentDetectionInfo.agentDomain"]);
    let mut made = Device { names, domain, ..Device::default() }.build()?;
    add_facts_at(&mut made.facts, value, AGENT);
    Some(made)
}

fn add_processes(draft: &mut Draft, value: &Value) {
    for part in ["sourceProcessInfo", "sourceParentProcessInfo"] {
        let of = |key: &str| say_max(value, &[&format!("{part}.{key}")], LONG_MAX);
        let image = File {
            path: of("filePath"),
            sha256: of("fileHashSha256"),
            sha1: of("fileHashSha1"),
            md5: of("fileHashMd5"),
            name: String::new(),
        };
        draft.add(evidence_kinds::process(&of("commandline"), &image, &of("pid")), &[]);
        draft.add(image.build(), &[]);
        draft.add(windows::user(&of("user"), "", ""), &[]);
    }
    let of = |key: &str| say_max(value, &[&format!("targetProcessInfo.{key}")], LONG_MAX);
    let image = File { path: of("tgtProcImagePath"), ..File::default() };
    draft.add(evidence_kinds::process(&of("tgtProcCmdLine"), &image, &of("tgtProcPid")), &[]);
    let file = File {
        path: of("tgtFilePath"),
        sha256: of("tgtFileHashSha256"),
        sha1: of("tgtFileHashSha1"),
        ..File::default()
    };
    draft.add(file.build(), &[]);
}

fn add_rest(draft: &mut Draft, value: &Value) {
    let of = |key: &str| say_max(value, &[&format!("threatInfo.{key}")], LONG_MAX);
    let file =
        File { path: of("filePath"), sha256: of("sha256"), sha1: of("sha1"), md5: of("md5"), name: String::new() };
    let mut file = file.build();
    if let Some(file) = file.as_mut().filter(|_| of("mitigationStatus") == "mitigated") {
        "remediated".clone_into(&mut file.remediation);
    }
    draft.add(file, &[]);
    draft.add(evidence_kinds::process(&of("maliciousProcessArguments"), &File::default(), ""), &[]);
    draft.add(windows::user(&of("processUser"), "", ""), &[]);
    let [name, domain, sid] = ["loginsUserName", "loginAccountDomain", "loginAccountSid"]
        .map(|key| say(value, &[&format!("alertInfo.{key}")]));
    draft.add(windows::user(&name, &domain, &sid), &[]);
    draft.add_ips(value, "alertInfo.srcIp", &["source"]);
    draft.add_ips(value, "alertInfo.srcMachineIp", &["source"]);
    draft.add_ips(value, "alertInfo.dstIp", &["destination"]);
    draft.add(evidence_kinds::url(&say(value, &["alertInfo.dnsRequest"])), &[]);
    draft.add(
        evidence_kinds::registry("", &say(value, &["alertInfo.registryKeyPath", "alertInfo.registryPath"]), ""),
        &[],
    );
    draft.add(
        evidence_kinds::other("Container", &say(value, &["containerInfo.name"]), &say(value, &["containerInfo.id"])),
        &[],
    );
    draft.alert.occurrences = number(value, &["alertInfo.count"]).unwrap_or_default();
}

const AGENT: &[Row] = &[
    ("OS", &["agentRealtimeInfo.agentOsName", "agentDetectionInfo.osName", "agentDetectionInfo.agentOsName"]),
    ("Agent ID", &["agentRealtimeInfo.agentUuid", "agentDetectionInfo.uuid"]),
    ("Site", &["agentRealtimeInfo.siteName", "agentDetectionInfo.siteName"]),
    ("IP address", &["agentDetectionInfo.agentIpV4"]),
];

const FACTS: &[Row] = &[
    ("Event type", &["alertInfo.eventType"]),
    ("Indicator", &["alertInfo.indicatorName"]),
    ("Rule ID", &["ruleInfo.id"]),
    ("Classification in the source", &["threatInfo.classification"]),
    ("Mitigation", &["threatInfo.mitigationStatus"]),
    ("Storyline", &["sourceProcessInfo.storyline", "threatInfo.storyline"]),
    ("Verdict in the source", &["alertInfo.analystVerdict", "threatInfo.analystVerdict"]),
];
