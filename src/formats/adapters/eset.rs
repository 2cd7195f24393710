//! Events of ESET PROTECT and ESET Inspect, as they are exported to syslog in JSON.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::category_reading::CategoryReading::{self, Clear, Hint};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::path::{has_any, long_text_at, name_at, number_at, text_at, time_at};
use crate::formats::building::principals::Device;
use crate::formats::building::process::ProcessPaths;
use crate::formats::building::terms::normalized;
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "esetProtect",
    label: "ESET PROTECT events",
    // "occured" is ESET's own spelling.
    detect: |value| has_any(value, &["event_type"]) && has_any(value, &["source_uuid"]) && has_any(value, &["occured"]),
    parse: parse_record,
    documentation: "https://help.eset.com/protect_admin/latest/en-US/events-exported-to-json-format.html",
    fields: Fields {
        title: "threat_name, rulename, event, operation, cause",
        id: "detection_uuid, eialarmid",
        severity: "severity",
        times: "occured",
        device: "hostname",
        user: "username, account, user",
        address: "source_address, target_address",
        file: "object_uri, target",
        hash: "hash",
        process: "processname, process_name, application, command_line",
        url: "object_uri of a web address",
        technique: "",
        category: "event_type, threat_type, event",
        status: "resolved",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let kind = text_at(value, &["event_type"]);
    if kind.starts_with("Audit") {
        return Err(NotTaken::Skipped(format!("This is ESET's {kind}, not a detection.")));
    }
    let mut draft = Draft::new("esetProtect", "ESET PROTECT");
    draft.set_title(value, &["threat_name", "rulename", "event", "operation", "cause", "rule_id"]);
    draft.set_id(value, &["detection_uuid", "eialarmid"]);
    draft.alert.description = long_text_at(value, &["circumstances", "description", "event"]);
    draft.set_severity_from_word(&text_at(value, &["severity"]));
    draft.read_category(category(value, &kind));
    draft.set_category_if_empty("SuspiciousActivity");
    if text_at(value, &["resolved"]) == "true" {
        "resolved".clone_into(&mut draft.alert.status);
    }
    let occurred = time_at(value, &["occured"]);
    draft.set_times(occurred, occurred, occurred);
    draft.alert.occurrences = number_at(value, &["aggregate_count", "count"]).unwrap_or_default();
    draft.add_facts(value, FACTS);
    let device = Device { names: vec![name_at(value, &["hostname"])], ..Device::default() };
    let device = device.build().map(|mut device| {
        add_path_facts(&mut device.facts, value, DEVICE);
        device
    });
    draft.add_evidence(device, &[]);
    draft.add_evidence(windows::account(&name_at(value, &["username", "account", "user"]), "", ""), &[]);
    draft.add_ips_at(value, "source_address", &["source"]);
    draft.add_ips_at(value, "target_address", &["destination"]);
    let of_process = kind.starts_with("EnterpriseInspector");
    let process = if of_process { HASHED_PROCESS } else { PROCESS };
    process.add(&mut draft, value, "none");
    if !of_process {
        add_object(&mut draft, value, &kind);
    }
    draft.into_incoming(value)
}

fn category(value: &Value, kind: &str) -> CategoryReading {
    const PARTS: [(&str, CategoryReading); 5] = [
        ("vulnerability exploitation", Clear("Exploit")),
        ("botnet", Clear("CommandAndControl")),
        ("scanning", Hint("Reconnaissance")),
        ("denial of service", Hint("Impact")),
        ("poisoning", Hint("CredentialAccess")),
    ];
    let event = text_at(value, &["event"]).to_lowercase();
    if kind.starts_with("Threat") {
        let unwanted = normalized(&text_at(value, &["threat_type"])).contains("unwanted");
        return Clear(if unwanted { "UnwantedSoftware" } else { "Malware" });
    }
    let found = PARTS.iter().find(|(part, _)| event.contains(part));
    found.map_or(Clear("SuspiciousActivity"), |(_, category)| *category)
}

/// Adds the object of the detection: a web address, or a file with its SHA-1.
fn add_object(draft: &mut Draft, value: &Value, kind: &str) {
    let object = name_at(value, &["object_uri"]);
    let sha1 = name_at(value, &["hash"]).to_lowercase();
    if object.starts_with("http") {
        draft.add_evidence(evidence_kinds::url(&object), &[]);
        draft.add_evidence(File { sha1, ..File::default() }.build(), &[]);
        return;
    }
    let target = if kind.starts_with("Hips") { name_at(value, &["target"]) } else { String::new() };
    let path = if object.is_empty() { target } else { windows::plain_path(&object) };
    let file = File { path, sha1, ..File::default() }.build();
    let cleaned = text_at(value, &["threat_handled", "handled"]) == "true";
    draft.add_evidence(
        file.map(|mut file| {
            if cleaned { "remediated" } else { "none" }.clone_into(&mut file.remediation);
            file
        }),
        &[],
    );
}

const PROCESS: ProcessPaths = ProcessPaths {
    command: &["command_line"],
    path: &["processname", "process_name", "application"],
    facts: &[("Trigger", &["trigger_event"])],
    ..ProcessPaths::NONE
};

/// The process of ESET Inspect, whose hash is that of the process.
const HASHED_PROCESS: ProcessPaths = ProcessPaths { sha1: &["hash"], ..PROCESS };

const DEVICE: &[FactField] = &[
    ("OS", &["os_name"]),
    ("IP address", &["ipv4", "ipv6"]),
    ("Group", &["group_name"]),
    ("Agent ID", &["source_uuid"]),
];

const FACTS: &[FactField] = &[
    ("Event type", &["event_type"]),
    ("Threat type", &["threat_type"]),
    ("Event", &["event"]),
    ("Action", &["action_taken", "action"]),
    ("Handled", &["threat_handled", "handled"]),
    ("Scanner", &["scanner_id"]),
    ("First seen", &["firstseen"]),
    ("Rule", &["rule_id"]),
    ("Operation", &["operation"]),
    ("Protocol", &["protocol"]),
    ("Port", &["target_port"]),
    ("Score", &["severity_score"]),
    ("Alert link", &["eiconsolelink"]),
];
