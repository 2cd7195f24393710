//! Amazon GuardDuty findings: exported, from its API, and as EventBridge events.

use serde_json::{Map, Value};

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::attack;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence::add_key;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::path::{
    has_any, long_text_at, name_at, number_at, objects_at, text_at, texts_at, time_at, value_at,
};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::terms::camel_case;
use crate::formats::building::{kubernetes, severity_scales};
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "guardDuty",
    label: "Amazon GuardDuty findings",
    detect: |value| {
        let typed = |paths: &[&str]| text_at(value, paths).contains('/') && text_at(value, paths).contains(':');
        let bare = has_any(value, &["service", "Service"]) && has_any(value, &["resource", "Resource"]);
        (bare && typed(&["type", "Type"])) || text_at(value, &["detail-type"]).starts_with("GuardDuty")
    },
    parse: parse_record,
    documentation: "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings.html and https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html",
    fields: Fields {
        title: "title, type",
        id: "id, arn",
        severity: "severity",
        times: "service.eventFirstSeen, service.eventLastSeen, createdAt",
        device: "resource.instanceDetails",
        user: "resource.accessKeyDetails, kubernetesUserDetails, rdsDbUserDetails",
        address: "service.action: remoteIpDetails, sourceIPs",
        file: "service.runtimeDetails.process.executablePath, threatNames.filePaths",
        hash: "service.runtimeDetails.process.executableSha256, filePaths.hash",
        process: "service.runtimeDetails.process",
        url: "service.action: domain",
        technique: "service.detection.sequence.sequenceIndicators",
        category: "type",
        status: "service.archived",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let inner = value_at(value, "detail").unwrap_or(value);
    let finding = &camel_keys(inner);
    let mut draft = Draft::new("guardDuty", "Amazon GuardDuty");
    draft.set_title(finding, &["title", "type"]);
    draft.set_id(finding, &["id", "arn"]);
    draft.alert.description = long_text_at(finding, &["description"]);
    draft.set_severity_at(finding, &[], &["severity"], severity_scales::GUARD_DUTY);
    draft.set_category_if_empty(category(finding));
    let created = time_at(finding, &["createdAt"]);
    draft.set_times(
        time_at(finding, &["service.eventFirstSeen"]),
        time_at(finding, &["service.eventLastSeen"]),
        created,
    );
    draft.alert.provider_updated_at = time_at(finding, &["updatedAt"]);
    draft.alert.occurrences = number_at(finding, &["service.count"]).unwrap_or_default();
    if text_at(finding, &["service.archived"]) == "true" {
        "resolved".clone_into(&mut draft.alert.status);
    }
    add_what_happened(&mut draft, finding);
    draft.into_incoming(value)
}

/// Adds a finding that another product has fetched, with its severity and category.
pub(crate) fn add_finding(draft: &mut Draft, finding: &Value) {
    let finding = &camel_keys(finding);
    let severity = text_at(finding, &["severity"]);
    let of_number = |number| severity_scales::severity_of(number, severity_scales::GUARD_DUTY);
    draft.raise_severity(severity_scales::severity_of_text(&severity, of_number));
    draft.add_fact("Severity in GuardDuty", &severity);
    draft.set_category_if_empty(category(finding));
    draft.alert.occurrences = number_at(finding, &["service.count"]).unwrap_or_default();
    add_what_happened(draft, finding);
}

fn add_what_happened(draft: &mut Draft, finding: &Value) {
    draft.add_facts(finding, FACTS);
    // Attack sequences name their techniques.
    for indicator in objects_at(finding, "service.detection.sequence.sequenceIndicators") {
        if text_at(indicator, &["key"]) == "ATTACK_TECHNIQUE" {
            draft.add_techniques(&texts_at(indicator, "values"));
        }
    }
    add_resources(draft, finding);
    add_accounts(draft, finding);
    add_action(draft, finding);
    add_runtime(draft, finding);
}

/// Changes member names to camel case: only the API has them in Pascal case.
fn camel_keys(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(camel_keys).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| (camel_case(key), camel_keys(value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// The category of a finding's type, "PURPOSE:RESOURCE/NAME".
fn category(finding: &Value) -> &'static str {
    let kind = text_at(finding, &["type"]);
    let (purpose, name) = kind.split_once(':').unwrap_or((&kind, ""));
    match purpose {
        "Recon" => "Reconnaissance",
        // The instance connects to Tor, or is a part of it; a caller from Tor is "TorIPCaller".
        "UnauthorizedAccess" if name.ends_with("/TorClient") || name.ends_with("/TorRelay") => "CommandAndControl",
        // Whoever attacks others from here gets no access here by it.
        "UnauthorizedAccess" if is_done_to_others(finding) => "SuspiciousActivity",
        "UnauthorizedAccess" => "InitialAccess",
        "Backdoor" => "CommandAndControl",
        "Trojan" | "Execution.Malware" | "Object" => "Malware",
        "CryptoCurrency" => "Impact",
        "Stealth" => "DefenseEvasion",
        _ => attack::tactic(purpose).unwrap_or("SuspiciousActivity"),
    }
}

/// Whether the resource is the one that acts, over the network.
fn is_done_to_others(finding: &Value) -> bool {
    let connection = "service.action.networkConnectionAction.connectionDirection";
    text_at(finding, &["service.resourceRole"]) == "ACTOR" || text_at(finding, &[connection]) == "OUTBOUND"
}

fn add_resources(draft: &mut Draft, finding: &Value) {
    if let Some(instance) = value_at(finding, "resource.instanceDetails") {
        let interfaces = objects_at(instance, "networkInterfaces");
        let mut names = vec![text_at(instance, &["instanceId"])];
        names.extend(interfaces.iter().map(|interface| text_at(interface, &["privateDnsName"])));
        let mut evidence = Device { names, ..Device::default() }.build();
        if let Some(evidence) = &mut evidence {
            for interface in interfaces {
                add_path_facts(&mut evidence.facts, interface, INTERFACE);
            }
            add_path_facts(&mut evidence.facts, instance, INSTANCE);
        }
        draft.add_evidence(evidence, &[]);
    }
    for (path, name, id) in [
        ("resource.eksClusterDetails", "name", "arn"),
        ("resource.ecsClusterDetails", "name", "arn"),
        ("resource.s3BucketDetails", "name", "arn"),
        ("resource.rdsDbInstanceDetails", "dbInstanceIdentifier", "dbInstanceArn"),
        ("resource.lambdaDetails", "functionName", "functionArn"),
        ("resource.containerDetails", "name", "id"),
    ] {
        for resource in objects_at(finding, path) {
            let mut evidence = evidence_kinds::named_resource(
                EvidenceKind::CloudResource,
                &text_at(resource, &[name]),
                &[text_at(resource, &[id])],
            );
            if let Some(evidence) = &mut evidence {
                add_fact(&mut evidence.facts, "Resource ID", &text_at(resource, &[id]));
            }
            draft.add_evidence(evidence, &[]);
        }
    }
}

fn add_accounts(draft: &mut Draft, finding: &Value) {
    draft.add_evidence(access_key_owner(finding), &[]);
    let names = ["resource.kubernetesDetails.kubernetesUserDetails.username", "resource.rdsDbUserDetails.user"];
    for path in names {
        draft.add_evidence(kubernetes::account(&name_at(finding, &[path])), &[]);
    }
}

/// The owner of an access key. The AWS account is part of its key, because every account may have an
/// "Admin".
fn access_key_owner(finding: &Value) -> Option<IncomingEvidence> {
    let details = value_at(finding, "resource.accessKeyDetails")?;
    let name = text_at(details, &["userName", "principalId"]);
    let account = text_at(finding, &["accountId"]);
    let mut evidence = Account { name: name.clone(), domain: account.clone(), ..Account::default() }.build()?;
    evidence.name = name;
    evidence.facts.clear();
    add_key(&mut evidence, "aad", &text_at(details, &["principalId"]));
    add_path_facts(&mut evidence.facts, details, ACCESS_KEY);
    add_fact(&mut evidence.facts, "AWS account", &account);
    Some(evidence)
}

fn add_action(draft: &mut Draft, finding: &Value) {
    let Some(actions) = value_at(finding, "service.action").and_then(Value::as_object) else { return };
    for action in actions.values().filter(|action| action.is_object()) {
        let outbound = text_at(action, &["connectionDirection"]) == "OUTBOUND";
        let role = if outbound { "destination" } else { "source" };
        let mut remotes = vec![action];
        remotes.extend(objects_at(action, "portProbeDetails"));
        for remote in remotes {
            for path in ["remoteIpDetails.ipAddressV4", "remoteIpDetails.ipAddressV6"] {
                draft.add_ips_at(remote, path, &[role]);
            }
        }
        draft.add_ips_at(action, "sourceIPs", &["source"]);
        draft.add_evidence(evidence_kinds::url(&name_at(action, &["domain"])), &[]);
        draft.add_facts(action, ACTION);
    }
}

fn add_runtime(draft: &mut Draft, finding: &Value) {
    if let Some(process) = value_at(finding, "service.runtimeDetails.process") {
        let image = File {
            path: name_at(process, &["executablePath", "name"]),
            sha256: name_at(process, &["executableSha256"]),
            ..File::default()
        };
        draft.add_evidence(
            evidence_kinds::process(&text_at(process, &["cmdLine"]), &image, &text_at(process, &["pid"])),
            &[],
        );
        draft.add_evidence(image.build(), &[]);
    }
    let scan = "service.ebsVolumeScanDetails.scanDetections.threatDetectedByName.threatNames";
    for threat in objects_at(finding, scan) {
        draft.add_fact("Threat", &text_at(threat, &["name"]));
        for file in objects_at(threat, "filePaths") {
            let [path, sha256] = ["filePath", "hash"].map(|key| name_at(file, &[key]));
            draft.add_evidence(File { path, sha256, ..File::default() }.build(), &[]);
        }
    }
    for evidence in objects_at(finding, "service.evidence.threatIntelligenceDetails") {
        draft.add_fact("Threat list", &text_at(evidence, &["threatListName"]));
        draft.add_fact("Threat", &texts_at(evidence, "threatNames").join(", "));
    }
}

const INTERFACE: &[FactField] = &[
    ("Private IP", &["privateIpAddress"]),
    ("Public IP", &["publicIp"]),
    ("Public name", &["publicDnsName"]),
    ("VPC", &["vpcId"]),
];

const INSTANCE: &[FactField] =
    &[("Instance ID", &["instanceId"]), ("Instance type", &["instanceType"]), ("Image", &["imageId"])];

const ACCESS_KEY: &[FactField] =
    &[("Access key", &["accessKeyId"]), ("Principal ID", &["principalId"]), ("User type", &["userType"])];

const ACTION: &[FactField] = &[
    ("API call", &["api"]),
    ("AWS service", &["serviceName"]),
    ("Request URI", &["requestUri"]),
    ("Direction", &["connectionDirection"]),
    ("Country", &["remoteIpDetails.country.countryName"]),
    ("Organization", &["remoteIpDetails.organization.org"]),
];

const FACTS: &[FactField] = &[
    ("Finding type", &["type"]),
    ("AWS account", &["accountId"]),
    ("Region", &["region"]),
    ("Resource type", &["resource.resourceType"]),
    ("Resource role", &["service.resourceRole"]),
    ("Action", &["service.action.actionType"]),
    ("Sample finding", &["service.additionalInfo.sample"]),
    ("Finding ARN", &["arn"]),
];
