//! Sophos Central: alerts and events of the SIEM integration API and alerts of the Common API.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::path::{has_any, long_text_at, name_at, objects_at, text_at, time_at};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::process::ProcessPaths;
use crate::formats::building::severity_words;
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;
use crate::model::severity::Severity;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "sophosCentral",
    label: "Sophos Central alerts and events",
    detect: |value| {
        text_at(value, &["type"]).starts_with("Event::")
            && has_any(value, &["customer_id", "endpoint_id", "managedAgent", "raisedAt", "tenant", "when"])
    },
    parse: parse_record,
    documentation: "https://developer.sophos.com/docs/siem-v1/1/overview and https://developer.sophos.com/docs/common-v1/1/overview",
    fields: Fields {
        title: "description, name",
        id: "id",
        severity: "severity",
        times: "when, raisedAt, created_at",
        device: "location, managedAgent.name",
        user: "source",
        address: "ips_threat_data.remoteIp, data.ips_threat.remote_ip",
        file: "the path in description or name, core_remedy_items.items[].descriptor",
        hash: "appSha256",
        process: "amsi_threat_data.processPath, ips_threat_data.executablePath, data.hmpa_exploit.process_path",
        url: "",
        technique: "",
        category: "type",
        status: "",
    },
};

/// Ends of the types of events about the management of endpoints.
const ADMINISTRATIVE: [&str; 12] = [
    "::UserAutoCreated",
    "::UserCreated",
    "::Registered",
    "::ReRegistered",
    "::UpdateSuccess",
    "::UpdateRebootRequired",
    "::SavScanComplete",
    "::ScanComplete",
    "::SavEnabled",
    "::Compliant",
    "::ServiceRestored",
    "::LicenseRenewed",
];

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let kind = text_at(value, &["type"]);
    if ADMINISTRATIVE.iter().any(|end| kind.ends_with(end)) {
        return Err(NotTaken::Skipped(format!("This is Sophos Central's {kind}, not an alert.")));
    }
    let mut draft = Draft::new("sophosCentral", "Sophos Central");
    draft.set_title(value, &["description", "name", "threat"]);
    draft.set_id(value, &["id", "event_service_event_id"]);
    draft.alert.description = long_text_at(value, &["description", "name"]);
    let severity = text_at(value, &["severity"]);
    // "none" is the lowest severity of Sophos, not a missing one.
    let known = if severity.eq_ignore_ascii_case("none") {
        Some(Severity::Informational)
    } else {
        severity_words::severity_of(&severity)
    };
    draft.set_severity(known, &severity);
    draft.set_category_if_empty(category(&kind));
    draft.set_times(
        time_at(value, &["when", "raisedAt", "created_at"]),
        time_at(value, &["when", "raisedAt", "created_at"]),
        time_at(value, &["created_at", "raisedAt"]),
    );
    draft.add_facts(value, FACTS);
    let device = Device { names: vec![name_at(value, &["location", "managedAgent.name"])], ..Device::default() };
    let device = device.build().map(|mut device| {
        add_path_facts(&mut device.facts, value, DEVICE);
        device
    });
    draft.add_evidence(device, &[]);
    add_user(&mut draft, value);
    add_files(&mut draft, value);
    for process in PROCESSES {
        process.add(&mut draft, value, "none");
    }
    draft.add_ips_at(value, "ips_threat_data.remoteIp", &["source"]);
    draft.add_ips_at(value, "data.ips_threat.remote_ip", &["source"]);
    draft.into_incoming(value)
}

/// The category of a type such as "Event::Endpoint::Threat::PuaDetected".
fn category(kind: &str) -> &'static str {
    const PARTS: [(&str, &str); 9] = [
        ("CryptoGuard", "Ransomware"),
        ("Pua", "UnwantedSoftware"),
        ("Exploit", "Exploit"),
        ("CommandAndControl", "CommandAndControl"),
        ("CoreDetection", "Malware"),
        ("CoreClean", "Malware"),
        ("::Threat::", "Malware"),
        ("Malware", "Malware"),
        ("NonCompliant", "Compliance"),
    ];
    PARTS.iter().find(|(part, _)| kind.contains(part)).map_or("SuspiciousActivity", |(_, category)| category)
}

/// Adds the user: an account, or the name of a person.
fn add_user(draft: &mut Draft, value: &Value) {
    let source = name_at(value, &["source"]);
    let person = source.contains(' ') && !source.contains('\\');
    draft.add_evidence(
        if person {
            Account { display: source, ..Account::default() }.build()
        } else {
            windows::account(&source, "", "")
        },
        &[],
    );
}

/// Adds the file at the end of a sentence such as "Malware detected: 'Troj' at 'C:\a.exe'", and the files
/// that were cleaned up.
fn add_files(draft: &mut Draft, value: &Value) {
    let sentence = text_at(value, &["description", "name"]);
    let path = sentence.split_once("' at '").and_then(|(_, rest)| rest.split('\'').next()).unwrap_or_default();
    let file = File { path: path.to_owned(), sha256: name_at(value, &["appSha256"]), ..File::default() };
    draft.add_evidence(file.build(), &[]);
    for list in ["core_remedy_items.items", "data.core_remedy_items.items"] {
        for item in objects_at(value, list).into_iter().filter(|item| text_at(item, &["type"]) == "file") {
            let file = File { path: name_at(item, &["descriptor"]), ..File::default() }.build();
            let done = text_at(item, &["result"]) == "SUCCESS";
            draft.add_evidence(
                file.map(|mut file| {
                    if done { "remediated" } else { "none" }.clone_into(&mut file.remediation);
                    file
                }),
                &[],
            );
        }
    }
}

const PROCESSES: [ProcessPaths; 3] = [
    ProcessPaths {
        path: &["amsi_threat_data.processPath", "data.amsi_threat.process_path"],
        pid: &["amsi_threat_data.processId"],
        facts: &[("Parent", &["amsi_threat_data.parentProcessPath"])],
        ..ProcessPaths::NONE
    },
    ProcessPaths {
        path: &["ips_threat_data.executablePath", "data.ips_threat.executable_path"],
        pid: &["ips_threat_data.executablePid", "data.ips_threat.executable_pid"],
        ..ProcessPaths::NONE
    },
    ProcessPaths {
        path: &["data.hmpa_exploit.process_path", "hmpa_exploit.process_path"],
        pid: &["data.hmpa_exploit.process_pid"],
        ..ProcessPaths::NONE
    },
];

const DEVICE: &[FactField] = &[
    ("IP address", &["source_info.ip", "data.source_info.ip"]),
    ("Kind", &["endpoint_type", "data.endpoint_type", "managedAgent.type"]),
    ("Endpoint ID", &["endpoint_id", "data.endpoint_id", "managedAgent.id"]),
];

const FACTS: &[FactField] = &[
    ("Event type", &["type"]),
    ("Group", &["group", "category"]),
    ("Threat", &["threat"]),
    ("Product in the source", &["product"]),
    ("Detection", &["ips_threat_data.rawData", "data.ips_threat.raw_data"]),
];
