//! Detections of Sophos XDR.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::FactField;
use crate::formats::building::path::{has_any, long_text_at, objects_at, text_at, texts_at, time_at};
use crate::formats::building::principals::Device;
use crate::formats::building::process::ProcessPaths;
use crate::formats::building::{severity_scales, windows};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "sophosXdr",
    label: "Sophos XDR detections",
    detect: |value| {
        has_any(value, &["detectionRule"])
            && has_any(value, &["sensorGeneratedAt", "detectionAttack", "attackType", "mitreAttacks", "sensor"])
    },
    parse: parse_record,
    documentation: "https://developer.sophos.com/docs/detections-v1/1/overview",
    fields: Fields {
        title: "detectionDescription, detectionRule",
        id: "id",
        severity: "severity (0 to 10)",
        times: "sensorGeneratedAt, time",
        device: "device.entity, rawData.meta_hostname",
        user: "rawData.meta_username, rawData.username",
        address: "rawData.remote_ip, rawData.destination_ip",
        file: "rawData.path",
        hash: "rawData.sha256, rawData.sha1",
        process: "rawData.cmdline, rawData.pid; the parent as facts",
        url: "rawData.url, rawData.domain",
        technique: "mitreAttacks[].tactic.techniques[].id",
        category: "mitreAttacks[].tactic.id, attackType",
        status: "",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("sophosXdr", "Sophos XDR");
    draft.set_title(value, &["detectionDescription", "detectionRule"]);
    draft.set_id(value, &["id"]);
    draft.alert.description = long_text_at(value, &["detectionDescription"]);
    draft.set_severity_at(value, &[], &["severity"], severity_scales::ZERO_TO_TEN);
    let (mut tactics, mut techniques) = (Vec::new(), Vec::new());
    for attack in objects_at(value, "mitreAttacks") {
        tactics.extend(texts_at(attack, "tactic.id"));
        for technique in objects_at(attack, "tactic.techniques") {
            techniques.extend(texts_at(technique, "id"));
        }
    }
    tactics.extend(texts_at(value, "attackType"));
    draft.set_tactics(&tactics);
    draft.set_category_if_empty("SuspiciousActivity");
    draft.add_techniques(&techniques);
    let at_time = time_at(value, &["sensorGeneratedAt", "time"]);
    draft.set_times(at_time, at_time, time_at(value, &["time"]).or(at_time));
    draft.add_facts(value, FACTS);
    let device =
        Device { names: vec![text_at(value, &["device.entity", "rawData.meta_hostname"])], ..Device::default() };
    draft.add_evidence(device.build(), &[]);
    let of = |paths: &[&str]| text_at(value, paths);
    let user = of(&["rawData.meta_username", "rawData.username"]);
    draft.add_evidence(windows::account(&user, &of(&["rawData.meta_domain"]), &of(&["rawData.sid"])), &[]);
    PROCESS.add(&mut draft, value, "none");
    draft.add_ips_at(value, "rawData.remote_ip", &["destination"]);
    draft.add_ips_at(value, "rawData.destination_ip", &["destination"]);
    draft.add_evidence(evidence_kinds::url(&of(&["rawData.url", "rawData.domain"])), &[]);
    draft.into_incoming(value)
}

const PROCESS: ProcessPaths = ProcessPaths {
    command: &["rawData.cmdline", "rawData.cmd_line"],
    name: &["rawData.name"],
    path: &["rawData.path"],
    sha256: &["rawData.sha256"],
    sha1: &["rawData.sha1"],
    pid: &["rawData.pid"],
    facts: &[
        ("Parent", &["rawData.parent_path", "rawData.parent_name"]),
        ("Parent command line", &["rawData.parent_cmdline"]),
    ],
    ..ProcessPaths::NONE
};

const FACTS: &[FactField] = &[
    ("Rule", &["detectionRule"]),
    ("Attack type", &["attackType", "detectionAttack"]),
    ("Sensor", &["sensor.type"]),
    ("Kind", &["device.type"]),
    ("Device ID", &["device.id"]),
    ("IP address", &["rawData.meta_ip_address"]),
];
