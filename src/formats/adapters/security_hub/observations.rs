//! What a finding observed: connections, API calls, processes, malware, indicators and vulnerabilities.

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::FactField;
use crate::formats::building::file::File;
use crate::formats::building::path::{name_at, objects_at, text_at, value_at};

pub(super) fn add(draft: &mut Draft, finding: &Value) {
    add_network(draft, finding);
    add_action(draft, finding);
    add_process(draft, finding);
    add_malware(draft, finding);
    for indicator in objects_at(finding, "ThreatIntelIndicators") {
        add_indicator(draft, indicator);
    }
    for weakness in objects_at(finding, "Vulnerabilities") {
        draft.add_fact("Vulnerability", &text_at(weakness, &["Id"]));
        draft.add_fact("CVSS score", &text_at(weakness, &["Cvss.BaseScore"]));
        draft.add_fact("Fix available", &text_at(weakness, &["FixAvailable"]));
        for package in objects_at(weakness, "VulnerablePackages") {
            let [name, version] = ["Name", "Version"].map(|key| text_at(package, &[key]));
            draft.add_fact("Vulnerable package", &format!("{name} {version}"));
        }
    }
}

fn add_network(draft: &mut Draft, finding: &Value) {
    if let Some(network) = value_at(finding, "Network") {
        for (paths, role) in
            [(["SourceIpV4", "SourceIpV6"], "source"), (["DestinationIpV4", "DestinationIpV6"], "destination")]
        {
            for path in paths {
                draft.add_ips_at(network, path, &[role]);
            }
        }
        draft.add_evidence(evidence_kinds::url(&name_at(network, &["DestinationDomain"])), &[]);
        draft.add_facts(network, NETWORK);
    }
    for component in objects_at(finding, "NetworkPath") {
        for path in ["Ingress", "Egress"] {
            draft.add_ips_at(component, &format!("{path}.Source.Address"), &["source"]);
            draft.add_ips_at(component, &format!("{path}.Destination.Address"), &["destination"]);
        }
    }
}

fn add_action(draft: &mut Draft, finding: &Value) {
    draft.add_fact("Action", &text_at(finding, &["Action.ActionType"]));
    for path in ["AwsApiCallAction", "NetworkConnectionAction", "PortProbeAction", "DnsRequestAction"] {
        let Some(action) = value_at(finding, &format!("Action.{path}")) else { continue };
        let outbound = text_at(action, &["ConnectionDirection"]) == "OUTBOUND";
        let role = if outbound { "destination" } else { "source" };
        let mut remotes = vec![action];
        remotes.extend(objects_at(action, "PortProbeDetails"));
        for remote in remotes {
            draft.add_ips_at(remote, "RemoteIpDetails.IpAddressV4", &[role]);
        }
        draft.add_evidence(evidence_kinds::url(&name_at(action, &["Domain"])), &[]);
        draft.add_facts(action, ACTION);
    }
    let asked = text_at(finding, &["ProductFields.aws/guardduty/service/action/dnsRequestAction/domain"]);
    draft.add_evidence(evidence_kinds::url(&asked), &[]);
}

fn add_process(draft: &mut Draft, finding: &Value) {
    let Some(process) = value_at(finding, "Process") else { return };
    let image = File { path: name_at(process, &["Path", "Name"]), ..File::default() };
    draft.add_evidence(evidence_kinds::process("", &image, &text_at(process, &["Pid"])), &[]);
    let path = text_at(process, &["Path"]);
    draft.add_evidence(File { path, ..File::default() }.build(), &[]);
    draft.add_fact("Parent process ID", &text_at(process, &["ParentPid"]));
}

fn add_malware(draft: &mut Draft, finding: &Value) {
    for malware in objects_at(finding, "Malware") {
        draft.add_fact("Threat", &text_at(malware, &["Name"]));
        draft.add_fact("Type of malware", &text_at(malware, &["Type"]));
        draft.add_fact("State of malware", &text_at(malware, &["State"]));
        let path = text_at(malware, &["Path"]);
        draft.add_evidence(File { path, ..File::default() }.build(), &[]);
    }
    for threat in objects_at(finding, "Threats") {
        draft.add_fact("Threat", &text_at(threat, &["Name"]));
        for file in objects_at(threat, "FilePaths") {
            let [path, name, hash] = ["FilePath", "FileName", "Hash"].map(|key| name_at(file, &[key]));
            draft.add_evidence(File { name, path, ..File::default() }.with_hash_text(&hash).build(), &[]);
        }
    }
}

fn add_indicator(draft: &mut Draft, indicator: &Value) {
    let value = name_at(indicator, &["Value"]);
    let kind = text_at(indicator, &["Type"]);
    draft.add_list_fact(indicator, "Threat intelligence", "Source");
    match kind.as_str() {
        "IPV4_ADDRESS" | "IPV6_ADDRESS" => draft.add_ip(&value, &[]),
        "DOMAIN" | "URL" => draft.add_evidence(evidence_kinds::url(&value), &[]),
        "EMAIL_ADDRESS" => draft.add_evidence(evidence_kinds::mailbox(&[value], ""), &[]),
        "PROCESS" => {
            let image = File { path: value, ..File::default() };
            draft.add_evidence(evidence_kinds::process("", &image, ""), &[]);
        }
        hash if hash.starts_with("HASH_") => {
            let file = File::of_hash(hash.trim_start_matches("HASH_"), &value);
            draft.add_evidence(file.build(), &[]);
        }
        _ => draft.add_fact("Indicator", &value),
    }
}

const NETWORK: &[FactField] = &[
    ("Direction", &["Direction"]),
    ("Protocol", &["Protocol"]),
    ("Source port", &["SourcePort"]),
    ("Destination port", &["DestinationPort"]),
    ("Source domain", &["SourceDomain"]),
];

const ACTION: &[FactField] = &[
    ("API call", &["Api"]),
    ("AWS service", &["ServiceName"]),
    ("Caller", &["CallerType"]),
    ("Country", &["RemoteIpDetails.Country.CountryName"]),
    ("Organization", &["RemoteIpDetails.Organization.Org"]),
    ("Protocol", &["Protocol"]),
];
