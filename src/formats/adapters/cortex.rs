//! Palo Alto Cortex XDR alerts.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::building::clean_text::LONG_MAX;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds::{self, File};
use crate::formats::building::facts::{Row, add_fact, add_facts_at};
use crate::formats::building::network::{address, is_internal};
use crate::formats::building::path::{has, objects_at, prose, say, say_max, when, words};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::terms::{self, folded};
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "cortexXdr",
    label: "Cortex XDR alerts",
    detect: |value| {
        has(value, &["detection_timestamp"])
            || (has(value, &["matching_status"]) && has(value, &["external_id", "alert_id"]))
    },
    read,
};

fn read(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("cortexXdr", "Cortex XDR");
    draft.title(value, &["name", "description"]);
    draft.identify(value, &["external_id", "alert_id"]);
    draft.alert.description = prose(value, &["description"]);
    let severity = say(value, &["severity"]);
    // Exports say "SEV_040_HIGH" where the API says "high".
    draft.severity_word(if severity.starts_with("SEV_") {
        severity.rsplit('_').next().unwrap_or_default()
    } else {
        &severity
    });
    draft.tactics(&several(value, "mitre_tactic_id_and_name"));
    draft.tactics(&if draft.alert.category.is_empty() { words(value, "category") } else { Vec::new() });
    draft.category_else(if say(value, &["category"]) == "Malware" { "Malware" } else { "SuspiciousActivity" });
    draft.techniques(&several(value, "mitre_technique_id_and_name"));
    draft.fact("Found by", &say(value, &["source"]));
    decide(&mut draft, &say(value, &["resolution_status"]));
    let detected = when(value, &["detection_timestamp", "event_timestamp", "events.event_timestamp"]);
    let events = objects_at(value, "events");
    let times: Vec<i64> = events.iter().filter_map(|event| when(event, &["event_timestamp"])).collect();
    let first = times.iter().min().copied().or(detected);
    draft.seen(
        first,
        times.iter().max().copied().or(first).max(detected),
        when(value, &["local_insert_ts"]).or(detected),
    );
    draft.alert.provider_updated_at = when(value, &["last_modified_ts", "local_insert_ts"]);
    draft.rows(value, FACTS);
    draft.add(device(value), &[]);
    let prevented =
        say(value, &["action"]).starts_with("BLOCKED") || say(value, &["action_pretty"]).starts_with("Prevented");
    for scope in std::iter::once(value).chain(events) {
        add_scope(&mut draft, scope, prevented);
    }
    draft.finish(value)
}

/// A list, or names in one text set apart by commas.
fn several(value: &Value, path: &str) -> Vec<String> {
    words(value, path).iter().flat_map(|text| text.split(',')).map(|part| part.trim().to_owned()).collect()
}

fn decide(draft: &mut Draft, status: &str) {
    let status_word = folded(status);
    let known = if status_word.contains("resolved") {
        "resolved"
    } else if status_word.contains("investigation") {
        "inProgress"
    } else {
        "new"
    };
    known.clone_into(&mut draft.alert.status);
    let classification = ["falsepositive", "truepositive"].into_iter().find(|word| status_word.contains(word));
    let verdict = terms::verdict(classification.unwrap_or_default(), "");
    verdict.classification.clone_into(&mut draft.alert.classification);
    draft.fact("Resolution in the source", status);
}

/// The agent's host; a firewall knows an address alone.
fn device(value: &Value) -> Option<IncomingEvidence> {
    let mut names = vec![say(value, &["host_name"]), say(value, &["host_fqdn", "agent_fqdn"])];
    if names.iter().all(String::is_empty) {
        let addresses = words(value, "host_ip");
        let home = addresses.iter().filter_map(|text| address(text)).find(|found| is_internal(*found));
        names = home.map(|found| found.to_string()).into_iter().collect();
    }
    let mut made = Device { names, ..Device::default() }.build()?;
    add_facts_at(&mut made.facts, value, HOST);
    add_fact(&mut made.facts, "IP addresses", &words(value, "host_ip").join(", "));
    Some(made)
}

fn add_scope(draft: &mut Draft, scope: &Value, prevented: bool) {
    for name in words(scope, "user_name") {
        let account = || Account { upn: name.clone(), ..Account::default() }.build();
        draft.add(if name.contains('@') { account() } else { windows::user(&name, "", "") }, &[]);
    }
    for start in ["action_process", "actor_process", "causality_actor_process"] {
        add_process(draft, scope, start, prevented);
    }
    let [path, sha256, md5] =
        ["action_file_path", "action_file_sha256", "action_file_md5"].map(|key| say(scope, &[key]));
    let mut file = File { path, sha256, md5, ..File::default() }.build();
    settle(&mut file, prevented);
    draft.add(file, &[]);
    draft.add_ips(scope, "action_local_ip", &["source"]);
    draft.add_ips(scope, "action_remote_ip", &["destination"]);
    for host in ["action_external_hostname", "dns_query_name"] {
        let host = say(scope, &[host]);
        draft.add(evidence_kinds::url(&host).filter(|_| address(&host).is_none()), &[]);
    }
    draft.add(
        evidence_kinds::registry("", &say(scope, &["action_registry_full_key", "action_registry_key_name"]), ""),
        &[],
    );
    draft.rows(scope, EVENT);
}

fn add_process(draft: &mut Draft, scope: &Value, start: &str, prevented: bool) {
    let part = |end: &str| say_max(scope, &[&format!("{start}_{end}")], LONG_MAX);
    let [path, name, sha256, md5] = [part("image_path"), part("image_name"), part("image_sha256"), part("image_md5")];
    let path = if path.is_empty() { name } else { path };
    let command = [part("command_line"), part("image_command_line")]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default();
    let image = File { path, sha256, md5, ..File::default() };
    if image.path.is_empty() && command.is_empty() {
        return;
    }
    let mut made = evidence_kinds::process(&command, &image, &part("os_pid"));
    if let Some(made) = &mut made {
        add_fact(&mut made.facts, "Signature", &part("signature_status"));
        add_fact(&mut made.facts, "Signer", &part("signature_vendor"));
    }
    let mut file = image.build();
    if start != "causality_actor_process" {
        settle(&mut made, prevented);
        settle(&mut file, prevented);
    }
    draft.add(made, &[]);
    draft.add(file, &[]);
}

fn settle(made: &mut Option<IncomingEvidence>, prevented: bool) {
    if let Some(made) = made.as_mut().filter(|_| prevented) {
        "prevented".clone_into(&mut made.remediation);
    }
}

const HOST: &[Row] = &[
    ("OS", &["agent_os_sub_type", "agent_os_type"]),
    ("Endpoint ID", &["endpoint_id"]),
    ("Agent version", &["agent_version"]),
];

const EVENT: &[Row] = &[
    ("Firewall rule", &["fw_rule"]),
    ("Firewall", &["fw_device_name"]),
    ("Application", &["fw_app_id"]),
    ("Country", &["action_country"]),
    ("Event type", &["event_type"]),
    ("Remote port", &["action_remote_port"]),
];

const FACTS: &[Row] = &[
    ("Action", &["action_pretty", "action"]),
    ("Alert ID", &["alert_id"]),
    ("Provider's incident", &["case_id", "incident_id"]),
    ("Rule ID", &["matching_service_rule_id"]),
    ("Category in the source", &["category"]),
];
