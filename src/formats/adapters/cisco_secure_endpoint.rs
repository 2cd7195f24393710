//! Events of Cisco Secure Endpoint (AMP for Endpoints), alone or as one answer of the API; events about the
//! management of connectors are skipped.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::clean_text::{TITLE_MAX, clean_line};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::path::{
    has_any, long_text_at, name_at, number_at, objects_at, text_at, texts_at, time_at, value_at,
};
use crate::formats::building::principals::Device;
use crate::formats::building::record_id::id_at;
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "ciscoSecureEndpoint",
    label: "Cisco Secure Endpoint events",
    detect: |value| {
        let event = event_of(value);
        has_any(event, &["event_type"])
            && has_any(event, &["computer.hostname", "computer.connector_guid", "connector_guid", "event_type_id"])
    },
    parse: parse_record,
    documentation: "https://developer.cisco.com/docs/secure-endpoint/, events",
    fields: Fields {
        title: "event_type with cloud_ioc.short_description or detection",
        id: "detection_id, id",
        severity: "severity",
        times: "timestamp with timestamp_nanoseconds, date, start_timestamp",
        device: "computer.hostname",
        user: "computer.user",
        address: "network_info.remote_ip",
        file: "file.file_name with file.file_path",
        hash: "file.identity.sha256, sha1, md5",
        process: "command_line.arguments; file.parent as facts",
        url: "network_info.dirty_url",
        technique: "techniques",
        category: "tactics, event_type",
        status: "",
    },
};

/// The event, which is `data` in an answer of the API.
fn event_of(value: &Value) -> &Value {
    value.get("data").filter(|data| data.is_object()).unwrap_or(value)
}

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let event = event_of(value);
    let kind = text_at(event, &["event_type"]);
    if !has_any(event, &["severity", "detection", "cloud_ioc", "file", "network_info", "vulnerabilities"]) {
        return Err(NotTaken::Skipped(format!("This is Secure Endpoint's event {kind}, not a detection.")));
    }
    let mut draft = Draft::new("ciscoSecureEndpoint", "Cisco Secure Endpoint");
    draft.set_title(event, &["event_type"]);
    let detection = text_at(event, &["cloud_ioc.short_description", "detection"]);
    if !detection.is_empty() {
        draft.alert.title = clean_line(&format!("{kind}: {detection}"), TITLE_MAX);
    }
    set_id(&mut draft, event, &kind);
    draft.alert.description = long_text_at(event, &["cloud_ioc.description", "threat_hunting.incident_summary"]);
    draft.set_severity_from_word(&text_at(event, &["severity"]));
    set_attack(&mut draft, event, &kind);
    let happened = happened_at(event);
    draft.set_times(time_at(event, &["start_timestamp", "start_date"]).or(happened), happened, happened);
    draft.add_facts(event, FACTS);
    draft.add_evidence(device(event), &[]);
    draft.add_evidence(windows::account(&name_at(event, &["computer.user"]), "", ""), &[]);
    add_file_and_process(&mut draft, event, &kind);
    draft.add_ips_at(event, "network_info.remote_ip", &["destination"]);
    draft.add_evidence(evidence_kinds::url(&name_at(event, &["network_info.dirty_url"])), &[]);
    draft.into_incoming(value)
}

/// Sets the id. What later happened to a detection, such as its quarantine, is an event of its own with the
/// same detection id, and sometimes the same id.
fn set_id(draft: &mut Draft, event: &Value, kind: &str) {
    draft.set_id(event, &["detection_id", "id"]);
    if !id_at(event, &["detection_id"]).is_empty() && !kind.contains("Detect") {
        let id = format!("{}:{kind}", draft.alert.provider_alert_id);
        draft.alert.provider_alert_id = id;
    }
}

/// Tactics and techniques are ids, or objects with ids.
fn set_attack(draft: &mut Draft, event: &Value, kind: &str) {
    let ids = |path: &str| -> Vec<String> {
        let objects = objects_at(event, path).into_iter().map(|item| text_at(item, &["external_id", "id"]));
        texts_at(event, path).into_iter().chain(objects).collect()
    };
    draft.set_tactics(&ids("tactics"));
    let vulnerable = kind.starts_with("Vulnerable") || has_any(event, &["vulnerabilities"]);
    let malware = kind.contains("Threat") || kind.contains("Malware") || kind.contains("Retrospective");
    draft.set_category_if_empty(match (vulnerable, malware, kind.contains("Exploit")) {
        (true, ..) => "Vulnerability",
        (_, true, _) => "Malware",
        (.., true) => "Exploit",
        _ => "SuspiciousActivity",
    });
    draft.add_techniques(&ids("techniques"));
}

/// The time in microseconds: seconds, and the nanoseconds of that second.
fn happened_at(event: &Value) -> Option<i64> {
    let Some(seconds) = time_at(event, &["timestamp"]) else { return time_at(event, &["date"]) };
    let nanoseconds = number_at(event, &["timestamp_nanoseconds"]).filter(|part| (0..1_000_000_000).contains(part));
    seconds.checked_add(nanoseconds.unwrap_or_default() / 1_000)
}

fn device(event: &Value) -> Option<IncomingEvidence> {
    let mut device = Device { names: vec![name_at(event, &["computer.hostname"])], ..Device::default() }.build()?;
    let addresses = objects_at(event, "computer.network_addresses");
    let addresses: Vec<String> = addresses.iter().map(|address| text_at(address, &["ip"])).collect();
    add_fact(&mut device.facts, "IP addresses", &addresses.join(", "));
    add_path_facts(&mut device.facts, event, DEVICE);
    Some(device)
}

fn add_file_and_process(draft: &mut Draft, event: &Value, kind: &str) {
    let of = |path: &str| name_at(event, &[path]);
    let file = File {
        name: of("file.file_name"),
        path: windows::plain_path(&of("file.file_path")),
        sha256: of("file.identity.sha256"),
        sha1: of("file.identity.sha1"),
        md5: of("file.identity.md5"),
    };
    let arguments =
        value_at(event, "command_line.arguments").map(|_| texts_at(event, "command_line.arguments").join(" "));
    if let Some(command) = arguments {
        let mut process = evidence_kinds::process(&command, &file, "");
        if let Some(process) = &mut process {
            add_path_facts(&mut process.facts, event, PARENT);
        }
        draft.add_evidence(process, &[]);
    }
    let Some(mut file) = file.build() else { return };
    add_path_facts(&mut file.facts, event, PARENT);
    let verdict = match of("file.disposition").as_str() {
        "Malicious" | "Blacklisted" => "malicious",
        "Clean" => "noThreatsFound",
        _ => "unknown",
    };
    verdict.clone_into(&mut file.verdict);
    if kind.contains("Quarantined") {
        "remediated".clone_into(&mut file.remediation);
    } else if kind.contains("Blocked") || kind.contains("Prevented") {
        "prevented".clone_into(&mut file.remediation);
    }
    draft.add_evidence(Some(file), &[]);
}

const PARENT: &[FactField] = &[
    ("Parent", &["file.parent.file_name"]),
    ("Parent SHA256", &["file.parent.identity.sha256"]),
    ("Disposition", &["file.disposition"]),
];

const DEVICE: &[FactField] = &[
    ("External IP address", &["computer.external_ip"]),
    ("Connector ID", &["connector_guid", "computer.connector_guid"]),
];

const FACTS: &[FactField] = &[
    ("Event type", &["event_type"]),
    ("Detection", &["detection"]),
    ("Detection ID", &["detection_id"]),
    ("Error", &["error.description"]),
    ("Remote port", &["network_info.remote_port"]),
    ("Vulnerability", &["vulnerabilities.cve"]),
    ("Score of the vulnerability", &["vulnerabilities.score"]),
    ("Trajectory", &["computer.links.trajectory"]),
];
