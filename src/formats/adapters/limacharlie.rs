//! LimaCharlie detections.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::path::{
    has_any, long_text_at, name_at, number_at, objects_at, texts_at, time_at, value_at,
};
use crate::formats::building::principals::Device;
use crate::formats::building::process::ProcessPaths;
use crate::formats::building::{severity_scales, windows};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "limaCharlie",
    label: "LimaCharlie detections",
    detect: |value| {
        has_any(value, &["cat"])
            && has_any(value, &["detect"])
            && has_any(value, &["detect_id", "routing", "detect.routing", "detect_mtd"])
    },
    parse: parse_record,
    documentation: "https://docs.limacharlie.io, detections",
    fields: Fields {
        title: "cat",
        id: "detect_id",
        severity: "detect_mtd.level, detect_mtd.severity, priority (1 to 10)",
        times: "detect.routing.event_time, ts, gen_time",
        device: "routing.hostname of a sensor on a host",
        user: "detect.event.USER_NAME and the accounts of a Windows event",
        address: "detect.event.NETWORK_ACTIVITY[], IP_ADDRESS",
        file: "detect.event.FILE_PATH",
        hash: "detect.event.HASH",
        process: "detect.event.COMMAND_LINE, PROCESS_ID; PARENT as facts",
        url: "detect.event.DOMAIN_NAME, URL",
        technique: "detect_mtd.tags, rule_tags",
        category: "detect_mtd.tags, rule_tags",
        status: "",
    },
};

/// The lowest number of a platform that is an operating system; lower ones are adapters, which collect the
/// logs of other products.
const FIRST_OPERATING_SYSTEM: i64 = 0x1000_0000;

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("limaCharlie", "LimaCharlie");
    draft.set_title(value, &["cat"]);
    draft.set_id(value, &["detect_id"]);
    draft.alert.description = long_text_at(value, &["detect_mtd.description", "mtd.description"]);
    draft.set_severity_at(value, &[], &SEVERITIES, severity_scales::ZERO_TO_TEN);
    let tags: Vec<String> =
        ["detect_mtd.tags", "mtd.tags", "rule_tags"].into_iter().flat_map(|path| texts_at(value, path)).collect();
    draft.set_tactics(&tags);
    draft.set_category_if_empty("SuspiciousActivity");
    draft.add_techniques(&tags);
    let at_time = time_at(value, &["detect.routing.event_time", "routing.event_time", "ts", "gen_time"]);
    draft.set_times(at_time, at_time, time_at(value, &["ts", "gen_time"]));
    draft.add_facts(value, FACTS);
    draft.add_fact("Tags", &tags.join(", "));
    add_host(&mut draft, value);
    if let Some(event) = value_at(value, "detect.event").or_else(|| value_at(value, "detect")) {
        add_event(&mut draft, event);
    }
    draft.into_incoming(value)
}

/// Where a rule gives its severity, as a word or as a number of 0 to 10.
const SEVERITIES: [&str; 6] =
    ["detect_mtd.level", "mtd.level", "detect_mtd.severity", "mtd.severity", "priority", "detect.priority"];

fn add_host(draft: &mut Draft, value: &Value) {
    let host = name_at(value, &["routing.hostname", "detect.routing.hostname"]);
    let platform = number_at(value, &["routing.plat", "detect.routing.plat"]);
    if platform.is_some_and(|platform| (1..FIRST_OPERATING_SYSTEM).contains(&platform)) {
        draft.add_fact("Collected by", &host);
        return;
    }
    let device = Device { names: vec![host], ..Device::default() }.build().map(|mut device| {
        add_path_facts(&mut device.facts, value, HOST);
        device
    });
    draft.add_evidence(device, &[]);
}

fn add_event(draft: &mut Draft, event: &Value) {
    let of = |path: &str| name_at(event, &[path]);
    PROCESS.add(draft, event, "none");
    draft.add_evidence(windows::account(&of("USER_NAME"), "", ""), &[]);
    for connection in objects_at(event, "NETWORK_ACTIVITY") {
        draft.add_ip(&name_at(connection, &["SOURCE.IP_ADDRESS"]), &["source"]);
        draft.add_ip(&name_at(connection, &["DESTINATION.IP_ADDRESS"]), &["destination"]);
    }
    draft.add_ips_at(event, "IP_ADDRESS", &[]);
    draft.add_evidence(evidence_kinds::url(&name_at(event, &["URL", "DOMAIN_NAME"])), &[]);
    draft.add_evidence(evidence_kinds::registry("", &of("REGISTRY_KEY"), ""), &[]);
    if let Some(data) = value_at(event, "EVENT.EventData") {
        windows::add_event_data(draft, &[], number_at(event, &["EVENT.System.EventID"]), data);
    }
}

const PROCESS: ProcessPaths = ProcessPaths {
    command: &["COMMAND_LINE"],
    path: &["FILE_PATH"],
    sha256: &["HASH"],
    pid: &["PROCESS_ID"],
    facts: &[("Parent", &["PARENT.FILE_PATH"]), ("Parent command line", &["PARENT.COMMAND_LINE"])],
    ..ProcessPaths::NONE
};

const HOST: &[FactField] = &[
    ("IP address", &["routing.int_ip", "detect.routing.int_ip"]),
    ("External IP address", &["routing.ext_ip", "detect.routing.ext_ip"]),
    ("Sensor ID", &["routing.sid", "detect.routing.sid"]),
];

const FACTS: &[FactField] = &[
    ("Author", &["author"]),
    ("Rule", &["source_rule"]),
    ("Namespace", &["namespace"]),
    ("Event type", &["routing.event_type", "detect.routing.event_type"]),
    ("Reference", &["detect_mtd.references"]),
    ("False positives", &["detect_mtd.falsepositives"]),
    ("Alert link", &["link"]),
];
