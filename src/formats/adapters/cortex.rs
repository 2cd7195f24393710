//! Palo Alto Cortex XDR alerts.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::address::parse_address;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::network::is_internal;
use crate::formats::building::path::{
    has_any, long_name_at, long_text_at, name_at, names_at, objects_at, text_at, texts_at, time_at,
};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::terms::{self, normalized};
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "cortexXdr",
    label: "Cortex XDR alerts",
    detect: |value| {
        (has_any(value, &["detection_timestamp"]) && !has_any(value, &["org_key", "backend_timestamp"]))
            || (has_any(value, &["external_id", "alert_id"])
                && has_any(
                    value,
                    &[
                        "matching_status",
                        "local_insert_ts",
                        "is_whitelisted",
                        "mitre_tactic_id_and_name",
                        "mitre_technique_id_and_name",
                        "resolution_status",
                    ],
                ))
    },
    parse: parse_record,
    documentation: "Cortex XDR REST API, \"Get Alerts Multi-Events\", https://docs-cortex.paloaltonetworks.com/",
    fields: Fields {
        title: "name, description",
        id: "external_id, alert_id",
        severity: "severity",
        times: "events.event_timestamp, detection_timestamp, local_insert_ts",
        device: "host_name, host_fqdn, agent_fqdn, host_ip",
        user: "user_name",
        address: "action_local_ip, action_remote_ip",
        file: "action_file_path, actor_process_image_path, action_process_image_path",
        hash: "action_file_sha256, action_file_md5, image_sha256, image_md5",
        process: "action_process, actor_process and causality_actor_process: command_line, image_path, os_pid",
        url: "action_external_hostname, dns_query_name",
        technique: "mitre_technique_id_and_name",
        category: "mitre_tactic_id_and_name, category",
        status: "resolution_status",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("cortexXdr", "Cortex XDR");
    draft.set_title(value, &["name", "description"]);
    draft.set_id(value, &["external_id", "alert_id"]);
    draft.alert.description = long_text_at(value, &["description"]);
    // Exports have "SEV_040_HIGH" where the API has "high".
    draft.set_severity_from_word(&text_at(value, &["severity"]));
    draft.set_tactics(&comma_separated(value, "mitre_tactic_id_and_name"));
    draft.set_tactics(&if draft.alert.category.is_empty() { texts_at(value, "category") } else { Vec::new() });
    draft.set_category_if_empty(if text_at(value, &["category"]) == "Malware" {
        "Malware"
    } else {
        "SuspiciousActivity"
    });
    draft.add_techniques(&comma_separated(value, "mitre_technique_id_and_name"));
    draft.add_fact("Found by", &text_at(value, &["source"]));
    set_status_and_classification(&mut draft, &text_at(value, &["resolution_status"]));
    let detected = time_at(value, &["detection_timestamp", "event_timestamp", "events.event_timestamp"]);
    let events = objects_at(value, "events");
    let times: Vec<i64> = events.iter().filter_map(|event| time_at(event, &["event_timestamp"])).collect();
    let first = times.iter().min().copied().or(detected);
    draft.set_times(
        first,
        times.iter().max().copied().or(first).max(detected),
        time_at(value, &["local_insert_ts"]).or(detected),
    );
    draft.alert.provider_updated_at = time_at(value, &["last_modified_ts", "local_insert_ts"]);
    draft.add_facts(value, FACTS);
    draft.add_evidence(device(value), &[]);
    let prevented = text_at(value, &["action"]).starts_with("BLOCKED")
        || text_at(value, &["action_pretty"]).starts_with("Prevented");
    for scope in std::iter::once(value).chain(events) {
        add_event(&mut draft, scope, prevented);
    }
    draft.into_incoming(value)
}

/// The texts of a list, which may also be one text with commas.
fn comma_separated(value: &Value, path: &str) -> Vec<String> {
    texts_at(value, path).iter().flat_map(|text| text.split(',')).map(|part| part.trim().to_owned()).collect()
}

fn set_status_and_classification(draft: &mut Draft, status: &str) {
    let status_word = normalized(status);
    let known = if status_word.contains("resolved") {
        "resolved"
    } else if status_word.contains("investigation") {
        "inProgress"
    } else {
        "new"
    };
    known.clone_into(&mut draft.alert.status);
    let classification = ["falsepositive", "truepositive"].into_iter().find(|word| status_word.contains(word));
    let assessment = terms::parse_assessment(classification.unwrap_or_default(), "");
    assessment.classification.clone_into(&mut draft.alert.classification);
    draft.add_fact("Resolution in the source", status);
}

/// The agent's host; an alert of a firewall has only an address.
fn device(value: &Value) -> Option<IncomingEvidence> {
    let mut names = vec![name_at(value, &["host_name"]), name_at(value, &["host_fqdn", "agent_fqdn"])];
    if names.iter().all(String::is_empty) {
        let addresses = texts_at(value, "host_ip");
        let home = addresses.iter().filter_map(|text| parse_address(text)).find(|found| is_internal(*found));
        names = home.map(|found| found.to_string()).into_iter().collect();
    }
    let mut evidence = Device { names, ..Device::default() }.build()?;
    add_path_facts(&mut evidence.facts, value, HOST);
    add_fact(&mut evidence.facts, "IP addresses", &texts_at(value, "host_ip").join(", "));
    Some(evidence)
}

fn add_event(draft: &mut Draft, scope: &Value, prevented: bool) {
    for name in names_at(scope, "user_name") {
        let account = || Account { upn: name.clone(), ..Account::default() }.build();
        draft.add_evidence(if name.contains('@') { account() } else { windows::account(&name, "", "") }, &[]);
    }
    for start in ["action_process", "actor_process", "causality_actor_process"] {
        add_process(draft, scope, start, prevented);
    }
    let [path, sha256, md5] =
        ["action_file_path", "action_file_sha256", "action_file_md5"].map(|key| name_at(scope, &[key]));
    let mut file = File { path, sha256, md5, ..File::default() }.build();
    mark_prevented(&mut file, prevented);
    draft.add_evidence(file, &[]);
    draft.add_ips_at(scope, "action_local_ip", &["source"]);
    draft.add_ips_at(scope, "action_remote_ip", &["destination"]);
    for host in ["action_external_hostname", "dns_query_name"] {
        let host = name_at(scope, &[host]);
        draft.add_evidence(evidence_kinds::url(&host).filter(|_| parse_address(&host).is_none()), &[]);
    }
    draft.add_evidence(
        evidence_kinds::registry("", &text_at(scope, &["action_registry_full_key", "action_registry_key_name"]), ""),
        &[],
    );
    draft.add_facts(scope, EVENT);
}

fn add_process(draft: &mut Draft, scope: &Value, start: &str, prevented: bool) {
    let part = |end: &str| long_name_at(scope, &[&format!("{start}_{end}")]);
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
    let mut evidence = evidence_kinds::process(&command, &image, &part("os_pid"));
    if let Some(evidence) = &mut evidence {
        add_fact(&mut evidence.facts, "Signature", &part("signature_status"));
        add_fact(&mut evidence.facts, "Signer", &part("signature_vendor"));
    }
    let mut file = image.build();
    if start != "causality_actor_process" {
        mark_prevented(&mut evidence, prevented);
        mark_prevented(&mut file, prevented);
    }
    draft.add_evidence(evidence, &[]);
    draft.add_evidence(file, &[]);
}

fn mark_prevented(evidence: &mut Option<IncomingEvidence>, prevented: bool) {
    if let Some(evidence) = evidence.as_mut().filter(|_| prevented) {
        "prevented".clone_into(&mut evidence.remediation);
    }
}

const HOST: &[FactField] = &[
    ("OS", &["agent_os_sub_type", "agent_os_type"]),
    ("Endpoint ID", &["endpoint_id"]),
    ("Agent version", &["agent_version"]),
];

const EVENT: &[FactField] = &[
    ("Firewall rule", &["fw_rule"]),
    ("Firewall", &["fw_device_name"]),
    ("Application", &["fw_app_id"]),
    ("Country", &["action_country"]),
    ("Event type", &["event_type"]),
    ("Remote port", &["action_remote_port"]),
];

const FACTS: &[FactField] = &[
    ("Action", &["action_pretty", "action"]),
    ("Alert ID", &["alert_id"]),
    ("Provider's incident", &["case_id", "incident_id"]),
    ("Rule ID", &["matching_service_rule_id"]),
    ("Category in the source", &["category"]),
];
