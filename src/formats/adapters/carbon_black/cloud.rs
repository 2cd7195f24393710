//! Carbon Black Cloud alerts of the Alerts API v7 and of the older v6.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::path::{has_any, long_text_at, name_at, objects_at, text_at, texts_at, time_at};
use crate::formats::building::principals::Device;
use crate::formats::building::process::ProcessPaths;
use crate::formats::building::{severity_scales, terms, windows};
use crate::formats::not_taken::NotTaken;
use crate::model::builtin_account;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "carbonBlackCloud",
    label: "Carbon Black Cloud alerts",
    detect: |value| {
        has_any(value, &["org_key"])
            && has_any(value, &["alert_url", "threat_id", "primary_event_id", "legacy_alert_id", "backend_timestamp"])
    },
    parse: parse_record,
    documentation: "https://developer.carbonblack.com/reference/carbon-black-cloud/platform/latest/alerts-api/",
    fields: Fields {
        title: "report_name, reason, reason_code",
        id: "id",
        severity: "severity (1 to 10)",
        times: "first_event_timestamp, last_event_timestamp, backend_timestamp, in v6 first_event_time, last_event_time, create_time; changed: backend_update_timestamp, last_update_time",
        device: "device_name",
        user: "process_username, else device_username",
        address: "netconn_remote_ip, remote_ip",
        file: "process_path, process_name, blocked_name, childproc_name, threat_indicators[]",
        hash: "process_sha256, process_md5, blocked_sha256, childproc_sha256, threat_cause_actor_sha256",
        process: "process_cmdline, process_pid, childproc_cmdline; the parent as facts",
        url: "netconn_remote_domain, remote_domain",
        technique: "attack_technique, ttps, threat_indicators[].ttps",
        category: "attack_tactic; malware by threat_category, reputation and ttps",
        status: "workflow.status, workflow.state",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("carbonBlackCloud", "Carbon Black Cloud");
    draft.set_title(value, &["report_name", "reason", "reason_code"]);
    draft.set_id(value, &["id", "legacy_alert_id"]);
    draft.alert.description = long_text_at(value, &["report_description", "reason", "reason_code"]);
    draft.set_severity_at(value, &[], &["severity"], severity_scales::ZERO_TO_TEN);
    set_attack(&mut draft, value);
    terms::alert_status(&text_at(value, &["workflow.status", "workflow.state"])).clone_into(&mut draft.alert.status);
    let determination = terms::parse_assessment(&text_at(value, &["determination.value"]), "");
    determination.classification.clone_into(&mut draft.alert.classification);
    draft.set_times(
        time_at(value, &["first_event_timestamp", "first_event_time", "detection_timestamp"]),
        time_at(value, &["last_event_timestamp", "last_event_time", "detection_timestamp"]),
        time_at(value, &["backend_timestamp", "create_time", "detection_timestamp"]),
    );
    draft.alert.provider_updated_at =
        time_at(value, &["backend_update_timestamp", "last_update_time", "user_update_timestamp"]);
    draft.add_facts(value, FACTS);
    draft.add_evidence(device(value), &[]);
    add_users(&mut draft, value);
    add_processes(&mut draft, value);
    for path in ["netconn_remote_ip", "remote_ip"] {
        draft.add_ips_at(value, path, &["destination"]);
    }
    draft.add_evidence(
        evidence_kinds::url(&name_at(value, &["netconn_remote_domain", "remote_domain", "netconn_remote_url"])),
        &[],
    );
    let [namespace, pod] = ["k8s_namespace", "k8s_pod_name"].map(|path| text_at(value, &[path]));
    let pod = if pod.is_empty() || namespace.is_empty() { pod } else { format!("{namespace}/{pod}") };
    draft.add_evidence(evidence_kinds::other("Pod", &pod, ""), &[]);
    draft.into_incoming(value)
}

/// Adds the user of the process, and where that is an account of the system the user of the device.
fn add_users(draft: &mut Draft, value: &Value) {
    let user = windows::account(&name_at(value, &["process_username", "actor_username"]), "", "");
    if user.as_ref().is_none_or(|user| builtin_account::name_of(&user.keys).is_some()) {
        draft.add_evidence(windows::account(&name_at(value, &["device_username"]), "", ""), &[]);
    }
    draft.add_evidence(user, &[]);
}

/// Sets category and techniques. Names of techniques and of behavior are both in `ttps`.
fn set_attack(draft: &mut Draft, value: &Value) {
    let mut ttps = texts_at(value, "ttps");
    for indicator in objects_at(value, "threat_indicators") {
        ttps.extend(texts_at(indicator, "ttps"));
    }
    draft.set_tactics(&texts_at(value, "attack_tactic"));
    let reputation = text_at(
        value,
        &["threat_category", "threat_cause_threat_category", "process_reputation", "threat_cause_reputation"],
    );
    let malware = (reputation.contains("MALWARE") && reputation != "NON_MALWARE")
        || ttps.iter().any(|ttp| ttp.contains("MALWARE_APP") || ttp == "KNOWN_APT");
    draft.set_category_if_empty(if malware { "Malware" } else { "SuspiciousActivity" });
    draft.add_techniques(&texts_at(value, "attack_technique"));
    draft.add_techniques(&ttps.iter().filter_map(|ttp| technique(ttp)).collect::<Vec<_>>());
    let others: Vec<&str> = ttps.iter().filter(|ttp| technique(ttp).is_none()).map(String::as_str).collect();
    draft.add_fact("TTPs", &others.join(", "));
}

/// The technique of "MITRE_T1059_001_POWERSHELL".
fn technique(ttp: &str) -> Option<String> {
    let mut parts = ttp.strip_prefix("MITRE_")?.split('_');
    let main = parts.next()?;
    let sub = parts.next().filter(|sub| sub.len() == 3 && sub.bytes().all(|byte| byte.is_ascii_digit()));
    Some(sub.map_or_else(|| main.to_owned(), |sub| format!("{main}.{sub}")))
}

/// The device.
fn device(value: &Value) -> Option<IncomingEvidence> {
    let names = vec![name_at(value, &["device_name"])];
    let mut device = Device { names, ..Device::default() }.build()?;
    add_path_facts(&mut device.facts, value, DEVICE);
    Some(device)
}

fn add_processes(draft: &mut Draft, value: &Value) {
    let stopped = matches!(text_at(value, &["sensor_action"]).as_str(), "DENY" | "TERMINATE" | "BLOCK")
        || text_at(value, &["policy_applied"]) == "APPLIED";
    let done = if stopped { "prevented" } else { "none" };
    PROCESS.add(draft, value, done);
    CHILD.add(draft, value, done);
    let blocked = File {
        path: name_at(value, &["blocked_name"]),
        sha256: name_at(value, &["blocked_sha256"]),
        md5: name_at(value, &["blocked_md5"]),
        ..File::default()
    };
    draft.add_evidence(
        blocked.build().map(|mut evidence| {
            done.clone_into(&mut evidence.remediation);
            evidence
        }),
        &[],
    );
    for indicator in objects_at(value, "threat_indicators") {
        let [name, sha256] = ["process_name", "sha256"].map(|key| name_at(indicator, &[key]));
        if !sha256.is_empty() {
            draft.add_evidence(File { name, sha256, ..File::default() }.build(), &[]);
        }
    }
}

const PROCESS: ProcessPaths = ProcessPaths {
    command: &["process_cmdline"],
    path: &["process_path", "process_name", "threat_cause_actor_name"],
    sha256: &["process_sha256", "threat_cause_actor_sha256"],
    md5: &["process_md5", "threat_cause_actor_md5"],
    pid: &["process_pid"],
    facts: &[
        ("Parent", &["parent_name"]),
        ("Parent command line", &["parent_cmdline"]),
        ("Parent user", &["parent_username"]),
        ("Reputation", &["process_reputation", "threat_cause_reputation"]),
    ],
    ..ProcessPaths::NONE
};

const CHILD: ProcessPaths = ProcessPaths {
    command: &["childproc_cmdline"],
    path: &["childproc_name"],
    sha256: &["childproc_sha256"],
    md5: &["childproc_md5"],
    ..ProcessPaths::NONE
};

const DEVICE: &[FactField] = &[
    ("OS", &["device_os_version", "device_os"]),
    ("IP address", &["device_internal_ip"]),
    ("External IP address", &["device_external_ip"]),
    ("Device ID", &["device_id"]),
    ("User", &["device_username"]),
    ("Importance in the source", &["device_target_value", "target_value"]),
    ("Sensor policy", &["device_policy", "policy_name"]),
];

const FACTS: &[FactField] = &[
    ("Alert type", &["type"]),
    ("Action", &["sensor_action"]),
    ("Run state", &["run_state"]),
    ("Threat ID", &["threat_id"]),
    ("Watchlist", &["watchlists.name"]),
    ("Indicator", &["ioc_hit", "ioc_id"]),
    ("Rule", &["rule_name", "tms_rule_id"]),
    ("Closure reason", &["workflow.closure_reason"]),
    ("Comment in the source", &["workflow.comment"]),
    ("External device", &["external_device_friendly_name", "product_name"]),
    ("Serial number", &["serial_number"]),
    ("Remote port", &["netconn_remote_port", "remote_port"]),
    ("Protocol", &["netconn_protocol", "protocol"]),
    ("Cluster", &["k8s_cluster"]),
    ("Alert link", &["alert_url"]),
];
