//! CrowdStrike Falcon alerts of the Alerts API v2: endpoint, identity, OverWatch, XDR, mobile, NG SIEM.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::crowdstrike::{new_draft, remediation, set_category, set_severity, set_status};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::path::{
    has_any, long_text_at, name_at, names_at, objects_at, text_at, texts_at, time_at,
};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::process::ProcessPaths;
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "crowdStrikeFalcon",
    label: "CrowdStrike Falcon alerts",
    detect: |value| {
        has_any(value, &["composite_id"]) && has_any(value, &["cid", "aggregate_id", "falcon_host_link", "pattern_id"])
    },
    parse: parse_record,
    documentation: "CrowdStrike Falcon Alerts API v2, https://www.falconpy.io/Service-Collections/Alerts.html",
    fields: Fields {
        title: "display_name, name, description",
        id: "composite_id, id",
        severity: "severity_name, severity (1 to 100)",
        times: "context_timestamp, start_time, end_time, timestamp, created_timestamp; changed: updated_timestamp",
        device: "device.hostname, host_names, source_endpoint_host_name, target_endpoint_host_name, threatgraph_indicators[].hostname",
        user: "user_name with logon_domain and user_id, user_principal, source_account_*, target_account_*, user_names",
        address: "network_accesses[], source_endpoint_ip_address, source_ips, destination_ips",
        file: "filename with filepath, files_written[], quarantined_files[]",
        hash: "sha256, sha1, md5, quarantined_files[].sha256",
        process: "cmdline, local_process_id; parent_details and grandparent_details as facts",
        url: "dns_requests[].domain_name",
        technique: "technique_id, technique_ids, mitre_attack[].technique_id",
        category: "tactic_id, tactic, mitre_attack[].tactic",
        status: "status",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = new_draft();
    draft.set_title(value, &["display_name", "name", "description"]);
    draft.set_id(value, &["composite_id", "id"]);
    draft.alert.description = long_text_at(value, &["description"]);
    set_severity(&mut draft, value, &["severity_name"], &["severity"]);
    set_attack(&mut draft, value);
    set_status(&mut draft, &text_at(value, &["status"]));
    draft.alert.assigned_to = text_at(value, &["assigned_to_name", "assigned_to_uid"]);
    draft.set_times(
        time_at(value, &["start_time", "signal_start_timestamp", "context_timestamp", "timestamp"]),
        time_at(value, &["end_time", "signal_end_timestamp", "context_timestamp", "timestamp"]),
        time_at(value, &["created_timestamp"]),
    );
    draft.alert.provider_updated_at = time_at(value, &["updated_timestamp"]);
    draft.add_facts(value, FACTS);
    draft.add_list_fact(value, "Tags", "tags");
    draft.add_list_fact(value, "Hosts in the logs", "source_hosts");
    add_devices(&mut draft, value);
    add_accounts(&mut draft, value);
    let done = remediation(&text_at(value, &["pattern_disposition_description"]));
    PROCESS.add(&mut draft, value, done);
    add_files(&mut draft, value, done);
    add_network(&mut draft, value);
    draft.into_incoming(value)
}

fn set_attack(draft: &mut Draft, value: &Value) {
    let (mut tactics, mut techniques) = (Vec::new(), Vec::new());
    for path in ["tactic_id", "tactic_ids", "tactic", "tactics"] {
        tactics.extend(texts_at(value, path));
    }
    for path in ["technique_id", "technique_ids"] {
        techniques.extend(texts_at(value, path));
    }
    for attack in objects_at(value, "mitre_attack") {
        tactics.extend(texts_at(attack, "tactic"));
        techniques.extend(texts_at(attack, "technique_id"));
    }
    set_category(draft, &tactics);
    draft.add_techniques(&techniques);
}

/// Adds the host of the sensor; of an identity alert both ends of the sign-in. The domain controller only
/// answered, and the hosts of third-party logs may be anybody's: both are facts.
fn add_devices(draft: &mut Draft, value: &Value) {
    let device = Device {
        names: vec![name_at(value, &["device.hostname", "threatgraph_indicators.hostname", "computer_name"])],
        domain: text_at(value, &["device.machine_domain", "device.hostinfo.domain"]),
        ..Device::default()
    };
    let device = device.build().map(|mut device| {
        add_path_facts(&mut device.facts, value, DEVICE);
        device
    });
    draft.add_evidence(device, &[]);
    for (path, role) in [("source_endpoint_host_name", "source"), ("target_endpoint_host_name", "destination")] {
        let names = vec![name_at(value, &[path])];
        draft.add_evidence(Device { names, ..Device::default() }.build(), &[role]);
    }
    for name in names_at(value, "host_names") {
        draft.add_evidence(Device { names: vec![name], ..Device::default() }.build(), &[]);
    }
}

fn add_accounts(draft: &mut Draft, value: &Value) {
    let of = |path: &str| name_at(value, &[path]);
    for (side, role) in [("source", "source"), ("target", "destination")] {
        let part = |end: &str| of(&format!("{side}_account_{end}"));
        let name = name_at(value, &[&format!("{side}_account_sam_account_name"), &format!("{side}_account_name")]);
        if !name.ends_with('$') {
            let account = Account {
                upn: part("upn"),
                name,
                domain: part("domain"),
                aad: part("azure_id"),
                sid: part("object_sid"),
                ..Account::default()
            };
            draft.add_evidence(account.build(), &[role]);
        }
    }
    if has_any(value, &["source_account_name", "source_account_upn", "source_account_object_sid"]) {
        return;
    }
    let [name, domain, sid, upn] = ["user_name", "logon_domain", "user_id", "user_principal"].map(of);
    let account = if upn.contains('@') && !name.ends_with('$') {
        Account { upn, name, domain, sid, ..Account::default() }.build()
    } else {
        windows::account(&name, &domain, &sid)
    };
    draft.add_evidence(account, &[]);
    for name in names_at(value, "user_names").into_iter().filter(|name| *name != of("user_name")) {
        draft.add_evidence(windows::account(&name, "", ""), &[]);
    }
}

fn add_files(draft: &mut Draft, value: &Value, done: &str) {
    for file in objects_at(value, "quarantined_files") {
        let quarantined =
            File { path: name_at(file, &["filename"]), sha256: name_at(file, &["sha256"]), ..File::default() };
        let state = if text_at(file, &["state"]) == "quarantined" { "remediated" } else { done };
        draft.add_evidence(
            quarantined.build().map(|mut evidence| {
                state.clone_into(&mut evidence.remediation);
                evidence
            }),
            &[],
        );
    }
    for file in objects_at(value, "files_written") {
        let [name, path] = ["filename", "filepath"].map(|key| name_at(file, &[key]));
        draft.add_evidence(File { name, path, ..File::default() }.build(), &[]);
    }
}

fn add_network(draft: &mut Draft, value: &Value) {
    for access in objects_at(value, "network_accesses") {
        draft.add_ip(&name_at(access, &["remote_address"]), &["destination"]);
    }
    for (path, role) in [
        ("source_endpoint_ip_address", "source"),
        ("source_endpoint_address_ip4", "source"),
        ("source_ips", "source"),
        ("destination_ips", "destination"),
    ] {
        draft.add_ips_at(value, path, &[role]);
    }
    for request in objects_at(value, "dns_requests") {
        draft.add_evidence(evidence_kinds::url(&name_at(request, &["domain_name"])), &[]);
    }
}

const PROCESS: ProcessPaths = ProcessPaths {
    command: &["cmdline"],
    name: &["filename"],
    path: &["filepath"],
    sha256: &["sha256"],
    sha1: &["sha1"],
    md5: &["md5"],
    pid: &["local_process_id"],
    facts: &[
        ("Parent", &["parent_details.filepath", "parent_details.filename"]),
        ("Parent command line", &["parent_details.cmdline"]),
        ("Parent user", &["parent_details.user_name"]),
        ("Grandparent", &["grandparent_details.filepath", "grandparent_details.filename"]),
        ("Grandparent command line", &["grandparent_details.cmdline"]),
    ],
};

const DEVICE: &[FactField] = &[
    ("OS", &["device.os_version", "device.platform_name"]),
    ("Kind", &["device.product_type_desc"]),
    ("IP address", &["device.local_ip"]),
    ("External IP address", &["device.external_ip"]),
    ("MAC address", &["device.mac_address"]),
    ("Agent ID", &["device.device_id", "agent_id"]),
    ("Agent version", &["device.agent_version"]),
];

const FACTS: &[FactField] = &[
    ("Action", &["pattern_disposition_description"]),
    ("Objective", &["objective"]),
    ("Scenario", &["scenario"]),
    ("Technique in the source", &["technique"]),
    ("Confidence", &["confidence"]),
    ("Score", &["score"]),
    ("Falcon product", &["product"]),
    ("Source products", &["source_products"]),
    ("IOC type", &["ioc_type", "ioc_context.ioc_type"]),
    ("IOC value", &["ioc_value", "ioc_context.ioc_value"]),
    ("Rule", &["idp_policy_rule_name"]),
    ("Correlation rule", &["correlation_rule_id"]),
    ("Domain controller", &["target_domain_controller_host_name"]),
    ("Service", &["target_service_access_identifier"]),
    ("Country", &["location_country_code"]),
    ("Comment in the source", &["comment"]),
    ("Alert link", &["falcon_host_link"]),
];
