//! Events of CrowdStrike's Event Streams API and SIEM connector: detections are read, records of audits and
//! of the network are skipped.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::crowdstrike::{new_draft, remediation, set_category, set_severity, set_status};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::path::{
    has_any, long_text_at, name_at, names_at, objects_at, text_at, texts_at, time_at, value_at,
};
use crate::formats::building::principals::Device;
use crate::formats::building::process::ProcessPaths;
use crate::formats::building::record_id::id_at;
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "crowdStrikeStream",
    label: "CrowdStrike Falcon event stream",
    detect: |value| {
        has_any(value, &["metadata.eventType"])
            && has_any(value, &["metadata.customerIDString", "metadata.eventCreationTime"])
            && has_any(value, &["event"])
    },
    parse: parse_record,
    documentation: "CrowdStrike Falcon Event Streams API, https://www.falconpy.io/Service-Collections/Event-Streams.html",
    fields: Fields {
        title: "event.DetectName, DisplayName, Name, PolicyStatement, IncidentType",
        id: "event.CompositeId, DetectId, IdentityProtectionIncidentId",
        severity: "event.SeverityName, Severity",
        times: "event.ContextTimeStamp, StartTime, EndTime, metadata.eventCreationTime",
        device: "event.Hostname, ComputerName, HostNames, EndpointName, SourceEndpointHostName, TargetEndpointHostName",
        user: "event.UserName with LogonDomain and UserSid, SourceAccountName, TargetAccountName",
        address: "event.NetworkAccesses[].RemoteAddress, SourceEndpointIpAddress, EndpointIp, UserSourceIp",
        file: "event.FileName with FilePath, FilesWritten[]",
        hash: "event.SHA256String, SHA1String, MD5String",
        process: "event.CommandLine; parent and grandparent as facts",
        url: "event.DnsRequests[].DomainName",
        technique: "event.TechniqueId, TechniqueIds, MitreAttack[].TechniqueID",
        category: "event.Tactic, Tactics, TacticIds",
        status: "event.State",
    },
};

/// Detections whose event type does not say so.
const DETECTIONS: [&str; 3] = ["IdentityProtectionEvent", "CustomerIOCEvent", "CSPMIOAStreamingEvent"];

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let kind = text_at(value, &["metadata.eventType"]);
    let known = DETECTIONS.iter().any(|known| known.eq_ignore_ascii_case(&kind));
    if !known && !kind.contains("Detection") {
        return Err(NotTaken::Skipped(format!("This is Falcon's {kind}, not a detection.")));
    }
    let Some(event) = value_at(value, "event") else {
        return Err(NotTaken::Refused("event is missing: it has the detection.".to_owned()));
    };
    let mut draft = new_draft();
    draft.set_title(event, &["DetectName", "DisplayName", "Name", "PolicyStatement", "IncidentType"]);
    draft.set_id(event, &["CompositeId", "DetectId", "IdentityProtectionIncidentId"]);
    if id_at(event, &["CompositeId", "DetectId", "IdentityProtectionIncidentId"]).is_empty() {
        draft.set_id(value, &[]);
    }
    draft.alert.description = long_text_at(event, &["DetectDescription", "Description", "IncidentDescription"]);
    set_event_severity(&mut draft, event, &kind);
    set_attack(&mut draft, event);
    set_status(&mut draft, &text_at(event, &["State", "Status"]));
    let created = time_at(value, &["metadata.eventCreationTime"]);
    let first = time_at(event, &["StartTime", "StartTimeEpoch", "ContextTimeStamp", "EventCreatedTimestamp"]);
    draft.set_times(
        first.or(created),
        time_at(event, &["EndTime", "EndTimeEpoch", "ContextTimeStamp"]).or(first).or(created),
        created,
    );
    draft.add_facts(event, FACTS);
    add_devices(&mut draft, event);
    add_accounts_and_addresses(&mut draft, event);
    PROCESS.add(&mut draft, event, remediation(&text_at(event, &["PatternDispositionDescription"])));
    for file in objects_at(event, "FilesWritten") {
        let [name, path] = ["FileName", "FilePath"].map(|key| name_at(file, &[key]));
        draft.add_evidence(File { name, path, ..File::default() }.build(), &[]);
    }
    for request in objects_at(event, "DnsRequests") {
        draft.add_evidence(evidence_kinds::url(&name_at(request, &["DomainName"])), &[]);
    }
    draft.into_incoming(value)
}

/// The older DetectionSummaryEvent counts severities from 1 to 5, all others from 1 to 100.
fn set_event_severity(draft: &mut Draft, event: &Value, kind: &str) {
    if kind == "DetectionSummaryEvent" && !has_any(event, &["SeverityName"]) {
        draft.set_severity_at(event, &[], &["Severity"], [4, 3, 2]);
    } else {
        set_severity(draft, event, &["SeverityName"], &["Severity"]);
    }
}

fn set_attack(draft: &mut Draft, event: &Value) {
    let split = |path: &str| -> Vec<String> {
        let texts = texts_at(event, path);
        texts.iter().flat_map(|text| text.split(',')).map(|part| part.trim().to_owned()).collect()
    };
    let mut tactics: Vec<String> = ["TacticId", "Tactic", "TacticIds", "Tactics"].into_iter().flat_map(split).collect();
    let mut techniques: Vec<String> = ["TechniqueId", "TechniqueIds"].into_iter().flat_map(split).collect();
    for attack in objects_at(event, "MitreAttack") {
        tactics.extend(texts_at(attack, "Tactic"));
        techniques.extend(texts_at(attack, "TechniqueID"));
    }
    set_category(draft, &tactics);
    draft.add_techniques(&techniques);
}

fn add_devices(draft: &mut Draft, event: &Value) {
    let names = names_at(event, "HostNames");
    let listed = names.iter().flat_map(|text| text.split(',')).map(|name| name.trim().to_owned());
    let host = name_at(event, &["Hostname", "ComputerName", "EndpointName"]);
    for (index, name) in std::iter::once(host).chain(listed).enumerate() {
        let domain = if index == 0 { text_at(event, &["MachineDomain"]) } else { String::new() };
        let device = Device { names: vec![name], domain, ..Device::default() }.build().map(|mut device| {
            if index == 0 {
                add_path_facts(&mut device.facts, event, DEVICE);
            }
            device
        });
        draft.add_evidence(device, &[]);
    }
    for (path, role) in [("SourceEndpointHostName", "source"), ("TargetEndpointHostName", "destination")] {
        let names = vec![name_at(event, &[path])];
        draft.add_evidence(Device { names, ..Device::default() }.build(), &[role]);
    }
}

fn add_accounts_and_addresses(draft: &mut Draft, event: &Value) {
    let of = |path: &str| name_at(event, &[path]);
    draft.add_evidence(windows::account(&of("UserName"), &of("LogonDomain"), &of("UserSid")), &[]);
    for (side, role) in [("Source", "source"), ("Target", "destination")] {
        let [name, domain, sid] =
            ["Name", "Domain", "ObjectSid"].map(|end| name_at(event, &[&format!("{side}Account{end}")]));
        draft.add_evidence(windows::account(&name, &domain, &sid), &[role]);
    }
    for path in ["SourceEndpointIpAddress", "EndpointIp", "UserSourceIp"] {
        draft.add_ips_at(event, path, &["source"]);
    }
    for access in objects_at(event, "NetworkAccesses") {
        draft.add_ip(&name_at(access, &["RemoteAddress"]), &["destination"]);
    }
}

const PROCESS: ProcessPaths = ProcessPaths {
    command: &["CommandLine"],
    name: &["FileName", "Filename"],
    path: &["FilePath"],
    sha256: &["SHA256String"],
    sha1: &["SHA1String"],
    md5: &["MD5String"],
    facts: &[
        ("Parent", &["ParentImageFilePath", "ParentImageFileName"]),
        ("Parent command line", &["ParentCommandLine"]),
        ("Grandparent", &["GrandParentImageFilePath", "GrandParentImageFileName", "GrandparentImageFileName"]),
        ("Grandparent command line", &["GrandParentCommandLine", "GrandparentCommandLine"]),
    ],
    ..ProcessPaths::NONE
};

const DEVICE: &[FactField] = &[
    ("IP address", &["LocalIP", "LocalIPv6"]),
    ("MAC address", &["MACAddress"]),
    ("Agent ID", &["AgentId", "SensorId"]),
];

const FACTS: &[FactField] = &[
    ("Action", &["PatternDispositionDescription", "ResponseAction"]),
    ("Objective", &["Objective"]),
    ("Technique in the source", &["Technique", "Techniques"]),
    ("IOC type", &["IOCType"]),
    ("IOC value", &["IOCValue"]),
    ("Cloud provider", &["CloudProvider"]),
    ("Account ID", &["AccountId"]),
    ("Event action", &["EventAction"]),
    ("Policy", &["Policy.Name"]),
    ("Addresses in the source", &["IPv4Addresses"]),
    ("Alert link", &["FalconHostLink"]),
];
