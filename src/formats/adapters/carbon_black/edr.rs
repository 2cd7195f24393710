//! Alerts of the Carbon Black EDR server, for hits of watchlists and feeds.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::path::{has_any, long_text_at, text_at, time_at};
use crate::formats::building::principals::Device;
use crate::formats::building::process::ProcessPaths;
use crate::formats::building::terms::normalized;
use crate::formats::building::{terms, windows};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "carbonBlackEdr",
    label: "Carbon Black EDR alerts",
    detect: |value| {
        has_any(value, &["alert_type"])
            && has_any(value, &["alert_severity", "report_score", "unique_id", "ioc_type", "created_time"])
            && has_any(value, &["watchlist_name", "feed_name", "sensor_id"])
    },
    parse: parse_record,
    documentation: "https://developer.carbonblack.com/reference/enterprise-response/, alerts",
    fields: Fields {
        title: "watchlist_name, feed_name",
        id: "unique_id",
        severity: "alert_severity (0 to 100), report_score",
        times: "created_time; changed: resolved_time",
        device: "hostname",
        user: "username",
        address: "",
        file: "process_path, process_name, observed_filename",
        hash: "sha256, md5",
        process: "process_path, process_name",
        url: "",
        technique: "",
        category: "Malware for a hit on a binary, else SuspiciousActivity",
        status: "status",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("carbonBlackEdr", "Carbon Black EDR");
    draft.set_title(value, &["watchlist_name", "feed_name"]);
    draft.set_id(value, &["unique_id"]);
    draft.alert.description = long_text_at(value, &["description"]);
    draft.set_severity_at(value, &[], &["alert_severity", "report_score"], [70, 40, 1]);
    let on_binary = text_at(value, &["alert_type"]).contains(".binary");
    draft.set_category_if_empty(if on_binary { "Malware" } else { "SuspiciousActivity" });
    let status = text_at(value, &["status"]);
    let false_positive = normalized(&status) == "falsepositive";
    let known = if false_positive { "resolved" } else { terms::alert_status(&status) };
    known.clone_into(&mut draft.alert.status);
    terms::parse_assessment(&status, "").classification.clone_into(&mut draft.alert.classification);
    let at_time = time_at(value, &["created_time"]);
    draft.set_times(at_time, at_time, at_time);
    draft.alert.provider_updated_at = time_at(value, &["resolved_time", "created_time"]);
    draft.add_facts(value, FACTS);
    let device = Device { names: vec![text_at(value, &["hostname"])], ..Device::default() };
    let device = device.build().map(|mut device| {
        add_path_facts(&mut device.facts, value, DEVICE);
        device
    });
    draft.add_evidence(device, &[]);
    draft.add_evidence(windows::account(&text_at(value, &["username"]), "", ""), &[]);
    let paths = if on_binary { BINARY } else { PROCESS };
    if on_binary {
        draft.add_evidence(paths.file(value).build(), &[]);
    } else {
        paths.add(&mut draft, value, "none");
    }
    draft.into_incoming(value)
}

const PROCESS: ProcessPaths = ProcessPaths {
    name: &["process_name"],
    path: &["process_path"],
    sha256: &["sha256", "process_sha256"],
    md5: &["md5", "process_md5"],
    ..ProcessPaths::NONE
};

const BINARY: ProcessPaths =
    ProcessPaths { path: &["observed_filename"], sha256: &["sha256"], md5: &["md5"], ..ProcessPaths::NONE };

const DEVICE: &[FactField] =
    &[("OS", &["os_type"]), ("IP address", &["interface_ip"]), ("Sensor ID", &["sensor_id"]), ("Group", &["group"])];

const FACTS: &[FactField] = &[
    ("Alert type", &["alert_type"]),
    ("Feed", &["feed_name"]),
    ("Indicator", &["ioc_value", "ioc_type"]),
    ("Confidence", &["ioc_confidence"]),
    ("Report", &["report_id"]),
    ("Number of hits", &["hit_count"]),
];
