//! Push events of Bitdefender GravityZone: detections are read, events about the management of endpoints are
//! skipped.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact};
use crate::formats::building::file::File;
use crate::formats::building::path::{has_any, long_text_at, name_at, names_at, number_at, text_at, texts_at, time_at};
use crate::formats::building::principals::Device;
use crate::formats::building::process::ProcessPaths;
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "bitdefenderGravityZone",
    label: "Bitdefender GravityZone push events",
    detect: |value| {
        has_any(value, &["module"])
            && has_any(value, &["companyId", "product_installed"])
            && has_any(value, &["computer_id", "computer_name", "computerName", "endpointId", "syncerId"])
    },
    parse: parse_record,
    documentation: "https://www.bitdefender.com/business/support/en/77209-135319-event-types.html",
    fields: Fields {
        title: "malware_name, detection_name, detection_threatName, attack_type, exploit_type, aph_type, threatType, status",
        id: "incident_id",
        severity: "severity, severity_score, severityScore (0 to 100)",
        times: "created, timestamp, last_blocked, detection_time, detectionTime, detected_on, date",
        device: "computer_name and computer_fqdn, computerName",
        user: "user.name with user.sid, username, detection_username",
        address: "source_ip, attack_source, victim_ip",
        file: "file_path, detection_path, exploit_path, filePaths",
        hash: "hash, file_hash, file_hash_sha256, file_hash_md5",
        process: "process_command_line, process_path, process_info_command_line, process_info_path",
        url: "url",
        technique: "att_ck_id",
        category: "module, detection_attackTechnique, attack_types",
        status: "",
    },
};

/// The modules whose events are detections, with their category.
const MODULES: [(&str, &str); 15] = [
    ("av", "Malware"),
    ("hd", "Malware"),
    ("avc", "Malware"),
    ("network-sandboxing", "Malware"),
    ("storage-antimalware", "Malware"),
    ("exchange-malware", "Malware"),
    ("ransomware-mitigation", "Ransomware"),
    ("antiexploit", "Exploit"),
    ("aph", "InitialAccess"),
    ("new-incident", "SuspiciousActivity"),
    ("new-extended-incident", "SuspiciousActivity"),
    ("network-monitor", "SuspiciousActivity"),
    ("fw", "SuspiciousActivity"),
    ("dp", "SuspiciousActivity"),
    ("device-control", "SuspiciousActivity"),
];

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let module = text_at(value, &["module"]);
    let Some((_, category)) = MODULES.iter().find(|(known, _)| *known == module) else {
        return Err(NotTaken::Skipped(format!("This is GravityZone's event {module}, not a detection.")));
    };
    let mut draft = Draft::new("bitdefenderGravityZone", "Bitdefender GravityZone");
    draft.set_title(value, TITLE);
    draft.set_id(value, &["incident_id"]);
    draft.alert.description = long_text_at(value, &["detection_description", "incident_description"]);
    draft.set_severity_at(value, &["severity"], &["severity_score", "severityScore"], [60, 30, 1]);
    draft.set_tactics(&texts_at(value, "detection_attackTechnique"));
    let malware = texts_at(value, "attack_types").iter().any(|kind| kind == "Malware");
    draft.set_category_if_empty(if malware { "Malware" } else { category });
    draft.add_techniques(&texts_at(value, "att_ck_id"));
    let at_time = time_at(value, TIMES);
    draft.set_times(at_time, at_time, at_time);
    draft.alert.occurrences = number_at(value, &["count"]).unwrap_or_default();
    draft.add_facts(value, FACTS);
    draft.add_list_fact(value, "Attack types", "attack_types");
    draft.add_evidence(device(value), &[]);
    let name = name_at(value, &["user.name", "user.userName", "username", "detection_username"]);
    let sid = text_at(value, &["user.sid", "user.userSid", "user.id", "user_sid"]);
    draft.add_evidence(windows::account(&name, "", if sid.starts_with("S-1-") { &sid } else { "" }), &[]);
    add_files(&mut draft, value);
    for path in ["source_ip", "attack_source"] {
        draft.add_ips_at(value, path, &["source"]);
    }
    draft.add_ips_at(value, "victim_ip", &["destination"]);
    draft.add_evidence(evidence_kinds::url(&name_at(value, &["url"])), &[]);
    draft.into_incoming(value)
}

fn device(value: &Value) -> Option<IncomingEvidence> {
    let [name, fqdn] =
        [&["computer_name", "computerName"][..], &["computer_fqdn"][..]].map(|keys| name_at(value, keys));
    let mut device = Device { names: vec![name, fqdn], ..Device::default() }.build()?;
    add_fact(&mut device.facts, "IP addresses", &text_at(value, &["computer_ip", "computerIp"]));
    add_fact(&mut device.facts, "Endpoint ID", &text_at(value, &["computer_id", "endpointId"]));
    Some(device)
}

fn add_files(draft: &mut Draft, value: &Value) {
    let outcome = text_at(value, &["final_status", "detection_action", "main_action", "status"]).to_lowercase();
    let done = match outcome.as_str() {
        "deleted" | "quarantined" | "disinfected" | "cleaned" => "remediated",
        outcome if outcome.contains("block") || outcome == "kill" => "prevented",
        _ => "none",
    };
    if has_any(value, &["file_path", "file_name", "detection_path", "exploit_path"]) {
        PROCESS.add(draft, value, done);
        add_file(draft, value, done);
    } else {
        // The hashes are those of the process.
        let hashes = ProcessPaths { sha256: &["file_hash_sha256"], md5: &["file_hash_md5"], ..PROCESS };
        hashes.add(draft, value, done);
    }
    for path in names_at(value, "filePaths") {
        draft.add_evidence(File { path, ..File::default() }.build(), &[]);
    }
}

fn add_file(draft: &mut Draft, value: &Value, done: &str) {
    let hash = name_at(value, &["hash", "file_hash"]).to_lowercase();
    let mut file = File::default().with_hash_text(&hash);
    file.name = name_at(value, &["file_name"]);
    file.path = name_at(value, &["file_path", "detection_path", "exploit_path"]);
    for (place, path) in [(&mut file.sha256, "file_hash_sha256"), (&mut file.md5, "file_hash_md5")] {
        if place.is_empty() {
            *place = name_at(value, &[path]);
        }
    }
    draft.add_evidence(
        file.build().map(|mut evidence| {
            done.clone_into(&mut evidence.remediation);
            evidence
        }),
        &[],
    );
}

const TITLE: &[&str] = &[
    "malware_name",
    "malware.malwareName",
    "detection_name",
    "detection_threatName",
    "attack_type",
    "exploit_type",
    "aph_type",
    "threatType",
    "blocking_rule_name",
    "deviceName",
    "status",
    "module",
];

const TIMES: &[&str] =
    &["created", "timestamp", "last_blocked", "detection_time", "detectionTime", "detected_on", "date"];

const PROCESS: ProcessPaths = ProcessPaths {
    command: &["process_command_line", "process_info_command_line"],
    path: &["process_path", "process_info_path"],
    pid: &["process_pid", "detection_pid"],
    facts: &[("Parent", &["parent_process_path", "detection_parentPath"])],
    ..ProcessPaths::NONE
};

const FACTS: &[FactField] = &[
    ("Module", &["module"]),
    ("Action", &["final_status", "main_action", "detection_action", "actionTaken", "action", "status"]),
    ("Malware type", &["malware_type"]),
    ("Attack type", &["attack_type", "aph_type"]),
    ("Exploit technique", &["detection_exploitTechnique"]),
    ("Detection level", &["detection_level"]),
    ("Files concerned", &["item_count"]),
    ("Subject", &["subject"]),
    ("Sender", &["sender"]),
    ("External device", &["deviceName"]),
    ("Port", &["local_port"]),
];
