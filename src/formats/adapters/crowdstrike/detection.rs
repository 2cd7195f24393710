//! CrowdStrike Falcon detections of the older Detects API: one detection with its behaviors.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::crowdstrike::{new_draft, remediation, set_category, set_severity, set_status};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::path::{has_any, long_text_at, name_at, objects_at, text_at, texts_at, time_at};
use crate::formats::building::principals::Device;
use crate::formats::building::process::ProcessPaths;
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "crowdStrikeDetections",
    label: "CrowdStrike Falcon detections",
    detect: |value| {
        has_any(value, &["detection_id"])
            && has_any(value, &["behaviors", "max_severity", "first_behavior"])
            && !has_any(value, &["composite_id"])
    },
    parse: parse_record,
    documentation: "CrowdStrike Falcon Detects API, https://www.falconpy.io/Service-Collections/Detects.html",
    fields: Fields {
        title: "behaviors[].display_name, behaviors[].description, behaviors[].scenario",
        id: "detection_id",
        severity: "max_severity_displayname, max_severity (1 to 100)",
        times: "first_behavior, last_behavior, created_timestamp; changed: date_updated",
        device: "device.hostname with device.machine_domain",
        user: "behaviors[].user_name with user_id",
        address: "",
        file: "behaviors[].filename with filepath, quarantined_files[]",
        hash: "behaviors[].sha256, behaviors[].md5",
        process: "behaviors[].cmdline; parent_details as a fact",
        url: "behaviors[].ioc_value of a domain",
        technique: "behaviors[].technique_id",
        category: "behaviors[].tactic_id, behaviors[].tactic",
        status: "status",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = new_draft();
    draft.set_title(value, &["behaviors.display_name", "behaviors.description", "behaviors.scenario"]);
    draft.set_id(value, &["detection_id"]);
    draft.alert.description = long_text_at(value, &["behaviors.description"]);
    set_severity(&mut draft, value, &["max_severity_displayname"], &["max_severity"]);
    set_status(&mut draft, &text_at(value, &["status"]));
    draft.alert.assigned_to = text_at(value, &["assigned_to_name", "assigned_to_uid"]);
    draft.set_times(
        time_at(value, &["first_behavior", "behaviors.timestamp"]),
        time_at(value, &["last_behavior", "behaviors.timestamp"]),
        time_at(value, &["created_timestamp"]),
    );
    draft.alert.provider_updated_at = time_at(value, &["date_updated"]);
    draft.add_facts(value, FACTS);
    let device = Device {
        names: vec![name_at(value, &["device.hostname"])],
        domain: text_at(value, &["device.machine_domain", "hostinfo.domain"]),
        ..Device::default()
    };
    let device = device.build().map(|mut device| {
        add_path_facts(&mut device.facts, value, DEVICE);
        device
    });
    draft.add_evidence(device, &[]);
    add_behaviors(&mut draft, value);
    for file in objects_at(value, "quarantined_files") {
        let [path, sha256] = ["filename", "sha256"].map(|key| name_at(file, &[key]));
        draft.add_evidence(File { path, sha256, ..File::default() }.build(), &[]);
    }
    draft.into_incoming(value)
}

fn add_behaviors(draft: &mut Draft, value: &Value) {
    let (mut tactics, mut techniques) = (Vec::new(), Vec::new());
    for behavior in objects_at(value, "behaviors") {
        tactics.extend(texts_at(behavior, "tactic_id"));
        tactics.extend(texts_at(behavior, "tactic"));
        techniques.extend(texts_at(behavior, "technique_id"));
        let of = |key: &str| name_at(behavior, &[key]);
        draft.add_evidence(windows::account(&of("user_name"), "", &of("user_id")), &[]);
        PROCESS.add(draft, behavior, remediation(&of("pattern_disposition_description")));
        if of("ioc_type") == "domain" {
            draft.add_evidence(evidence_kinds::url(&of("ioc_value")), &[]);
        }
        draft.add_facts(behavior, BEHAVIOR);
    }
    set_category(draft, &tactics);
    draft.add_techniques(&techniques);
}

const PROCESS: ProcessPaths = ProcessPaths {
    command: &["cmdline"],
    name: &["filename"],
    path: &["filepath"],
    sha256: &["sha256"],
    md5: &["md5"],
    facts: &[("Parent command line", &["parent_details.parent_cmdline"])],
    ..ProcessPaths::NONE
};

const DEVICE: &[FactField] = &[
    ("OS", &["device.os_version", "device.platform_name"]),
    ("IP address", &["device.local_ip"]),
    ("External IP address", &["device.external_ip"]),
    ("MAC address", &["device.mac_address"]),
    ("Agent ID", &["device.device_id"]),
];

const BEHAVIOR: &[FactField] = &[
    ("Objective", &["objective"]),
    ("Scenario", &["scenario"]),
    ("Technique in the source", &["technique"]),
    ("IOC type", &["ioc_type"]),
    ("IOC value", &["ioc_value"]),
];

const FACTS: &[FactField] = &[("Confidence", &["max_confidence"])];
