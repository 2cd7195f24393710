//! Detections of ThreatDown (Malwarebytes Nebula).

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::path::{has_any, name_at, text_at, time_at};
use crate::formats::building::principals::Device;
use crate::formats::building::process::ProcessPaths;
use crate::formats::building::terms::normalized;
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "threatDown",
    label: "ThreatDown (Malwarebytes Nebula) detections",
    detect: |value| {
        has_any(value, &["threat_name"])
            && has_any(value, &["machine_id", "machine_name"])
            && has_any(value, &["scanned_at", "account_id", "is_root_detection"])
    },
    parse: parse_record,
    documentation: "https://api.malwarebytes.com/nebula/v1/docs, detections",
    fields: Fields {
        title: "threat_name",
        id: "detection_id, id",
        severity: "",
        times: "scanned_at, reported_at; changed: cleaned_at",
        device: "machine_name, host_name, fully_qualified_host_name",
        user: "last_user, user",
        address: "ip_address of an outside host",
        file: "path of a detection of type file",
        hash: "sha256, md5",
        process: "process_name, process_path",
        url: "path of a detection of a web address, domain",
        technique: "",
        category: "category",
        status: "",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("threatDown", "ThreatDown");
    draft.set_title(value, &["threat_name"]);
    draft.set_id(value, &["detection_id", "id"]);
    draft.set_severity_from_word("");
    draft.set_category_if_empty(match normalized(&text_at(value, &["category"])).as_str() {
        "pup" | "pum" | "potentiallyunwantedprogram" | "potentiallyunwantedmodification" => "UnwantedSoftware",
        "exploit" => "Exploit",
        "ransomware" => "Ransomware",
        "maliciouswebsite" | "website" | "mwac" => "CommandAndControl",
        _ => "Malware",
    });
    let at_time = time_at(value, &["scanned_at", "reported_at"]);
    draft.set_times(at_time, at_time, time_at(value, &["reported_at"]).or(at_time));
    draft.alert.provider_updated_at = time_at(value, &["cleaned_at"]);
    draft.add_facts(value, FACTS);
    let device = Device {
        names: vec![name_at(value, &["machine_name", "host_name"]), name_at(value, &["fully_qualified_host_name"])],
        ..Device::default()
    };
    let device = device.build().map(|mut device| {
        add_path_facts(&mut device.facts, value, DEVICE);
        device
    });
    draft.add_evidence(device, &[]);
    draft.add_evidence(windows::account(&name_at(value, &["user", "last_user"]), "", ""), &[]);
    let done = match text_at(value, &["status"]).to_lowercase().as_str() {
        "quarantined" | "deleted" | "cleaned" => "remediated",
        "blocked" => "prevented",
        _ => "none",
    };
    PROCESS.add(&mut draft, value, done);
    add_object(&mut draft, value, done);
    draft.add_ips_at(value, "ip_address", &["destination"]);
    draft.into_incoming(value)
}

/// Adds what was found at the path: a web address, a registry key, or a file.
fn add_object(draft: &mut Draft, value: &Value, done: &str) {
    let path = name_at(value, &["path"]);
    let kind = normalized(&text_at(value, &["type"]));
    draft.add_evidence(evidence_kinds::url(&name_at(value, &["domain"])), &[]);
    let evidence = if path.starts_with("http") || kind.contains("website") {
        evidence_kinds::url(&path)
    } else if kind.starts_with("reg") {
        evidence_kinds::registry("", &path, "")
    } else {
        let [sha256, md5] = ["sha256", "md5"].map(|key| name_at(value, &[key]).to_lowercase());
        File { path, sha256, md5, ..File::default() }.build()
    };
    draft.add_evidence(
        evidence.map(|mut evidence| {
            done.clone_into(&mut evidence.remediation);
            evidence
        }),
        &[],
    );
}

const PROCESS: ProcessPaths = ProcessPaths { name: &["process_name"], path: &["process_path"], ..ProcessPaths::NONE };

const DEVICE: &[FactField] = &[
    ("OS", &["os_info.os_release_name", "os_release_name"]),
    ("IP address", &["nics.ips"]),
    ("Machine ID", &["machine_id"]),
];

const FACTS: &[FactField] = &[
    ("Category in the source", &["category"]),
    ("Type", &["type"]),
    ("Action", &["status"]),
    ("Application", &["affected_application"]),
];
