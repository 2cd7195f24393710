//! Amazon GuardDuty findings: bare, as its API spells them, and as EventBridge events.

use serde_json::{Map, Value};

use crate::formats::adapter::Adapter;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence::add_key;
use crate::formats::building::evidence_kinds::{self, File};
use crate::formats::building::facts::{Row, add_fact, add_facts_at};
use crate::formats::building::kubernetes;
use crate::formats::building::path::{at, has, number, objects_at, prose, say, when, words};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::terms::camel;
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "guardDuty",
    label: "Amazon GuardDuty findings",
    detect: |value| {
        let typed = |paths: &[&str]| say(value, paths).contains('/') && say(value, paths).contains(':');
        let bare = has(value, &["service", "Service"]) && has(value, &["resource", "Resource"]);
        (bare && typed(&["type", "Type"])) || say(value, &["detail-type"]).starts_with("GuardDuty")
    },
    read,
};

fn read(value: &Value) -> Result<Incoming, NotTaken> {
    let inner = at(value, "detail").unwrap_or(value);
    let finding = &camel_keys(inner);
    let kind = say(finding, &["type"]);
    let mut draft = Draft::new("guardDuty", "Amazon GuardDuty");
    draft.title(finding, &["title", "type"]);
    draft.identify(finding, &["id", "arn"]);
    draft.alert.description = prose(finding, &["description"]);
    draft.severity_steps(number(finding, &["severity"]), [7, 4, 1]);
    draft.category_else(category(kind.split(':').next().unwrap_or_default()));
    let created = when(finding, &["createdAt"]);
    draft.seen(when(finding, &["service.eventFirstSeen"]), when(finding, &["service.eventLastSeen"]), created);
    draft.alert.provider_updated_at = when(finding, &["updatedAt"]);
    draft.alert.occurrences = number(finding, &["service.count"]).unwrap_or_default();
    if say(finding, &["service.archived"]) == "true" {
        "resolved".clone_into(&mut draft.alert.status);
    }
    draft.rows(finding, FACTS);
    add_resources(&mut draft, finding);
    add_people(&mut draft, finding);
    add_action(&mut draft, finding);
    add_runtime(&mut draft, finding);
    draft.finish(value)
}

/// The API spells members in Pascal case, everything else in camel case.
fn camel_keys(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(camel_keys).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| (camel(key), camel_keys(value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

fn category(purpose: &str) -> &str {
    match purpose {
        "Recon" => "Reconnaissance",
        "UnauthorizedAccess" => "InitialAccess",
        "Backdoor" => "CommandAndControl",
        "Trojan" | "Execution.Malware" | "Object" => "Malware",
        "CryptoCurrency" => "Impact",
        "Stealth" => "DefenseEvasion",
        "CredentialAccess"
        | "DefenseEvasion"
        | "Discovery"
        | "Execution"
        | "Exfiltration"
        | "Impact"
        | "InitialAccess"
        | "Persistence"
        | "PrivilegeEscalation" => purpose,
        _ => "SuspiciousActivity",
    }
}

fn add_resources(draft: &mut Draft, finding: &Value) {
    if let Some(instance) = at(finding, "resource.instanceDetails") {
        let interfaces = objects_at(instance, "networkInterfaces");
        let mut names = vec![say(instance, &["instanceId"])];
        names.extend(interfaces.iter().map(|interface| say(interface, &["privateDnsName"])));
        let mut made = Device { names, ..Device::default() }.build();
        if let Some(made) = &mut made {
            for interface in interfaces {
                add_facts_at(&mut made.facts, interface, INTERFACE);
            }
            add_facts_at(&mut made.facts, instance, INSTANCE);
        }
        draft.add(made, &[]);
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
            let mut made =
                evidence_kinds::named(EvidenceKind::CloudResource, &say(resource, &[name]), &[say(resource, &[id])]);
            if let Some(made) = &mut made {
                add_fact(&mut made.facts, "Resource ID", &say(resource, &[id]));
            }
            draft.add(made, &[]);
        }
    }
}

fn add_people(draft: &mut Draft, finding: &Value) {
    draft.add(key_owner(finding), &[]);
    let names = ["resource.kubernetesDetails.kubernetesUserDetails.username", "resource.rdsDbUserDetails.user"];
    for path in names {
        draft.add(kubernetes::user(&say(finding, &[path])), &[]);
    }
}

/// "Admin" is someone else in every account, so the account belongs to the name.
fn key_owner(finding: &Value) -> Option<IncomingEvidence> {
    let details = at(finding, "resource.accessKeyDetails")?;
    let name = say(details, &["userName", "principalId"]);
    let account = say(finding, &["accountId"]);
    let mut made = Account { name: name.clone(), domain: account.clone(), ..Account::default() }.build()?;
    made.name = name;
    made.facts.clear();
    add_key(&mut made, "aad", &say(details, &["principalId"]));
    add_facts_at(&mut made.facts, details, ACCESS_KEY);
    add_fact(&mut made.facts, "AWS account", &account);
    Some(made)
}

fn add_action(draft: &mut Draft, finding: &Value) {
    let Some(actions) = at(finding, "service.action").and_then(Value::as_object) else { return };
    for action in actions.values().filter(|action| action.is_object()) {
        let outbound = say(action, &["connectionDirection"]) == "OUTBOUND";
        let role = if outbound { "destination" } else { "source" };
        let mut remotes = vec![action];
        remotes.extend(objects_at(action, "portProbeDetails"));
        for remote in remotes {
            for path in ["remoteIpDetails.ipAddressV4", "remoteIpDetails.ipAddressV6"] {
                draft.add_ips(remote, path, &[role]);
            }
        }
        draft.add_ips(action, "sourceIPs", &["source"]);
        draft.add(evidence_kinds::url(&say(action, &["domain"])), &[]);
        draft.rows(action, ACTION);
    }
}

fn add_runtime(draft: &mut Draft, finding: &Value) {
    if let Some(process) = at(finding, "service.runtimeDetails.process") {
        let image = File {
            path: say(process, &["executablePath", "name"]),
            sha256: say(process, &["executableSha256"]),
            ..File::default()
        };
        draft.add(evidence_kinds::process(&say(process, &["cmdLine"]), &image, &say(process, &["pid"])), &[]);
        draft.add(image.build(), &[]);
    }
    let scan = "service.ebsVolumeScanDetails.scanDetections.threatDetectedByName.threatNames";
    for threat in objects_at(finding, scan) {
        draft.fact("Threat", &say(threat, &["name"]));
        for file in objects_at(threat, "filePaths") {
            let [path, sha256] = ["filePath", "hash"].map(|key| say(file, &[key]));
            draft.add(File { path, sha256, ..File::default() }.build(), &[]);
        }
    }
    for evidence in objects_at(finding, "service.evidence.threatIntelligenceDetails") {
        draft.fact("Threat list", &say(evidence, &["threatListName"]));
        draft.fact("Threat", &words(evidence, "threatNames").join(", "));
    }
}

const INTERFACE: &[Row] = &[
    ("Private IP", &["privateIpAddress"]),
    ("Public IP", &["publicIp"]),
    ("Public name", &["publicDnsName"]),
    ("VPC", &["vpcId"]),
];

const INSTANCE: &[Row] =
    &[("Instance ID", &["instanceId"]), ("Instance type", &["instanceType"]), ("Image", &["imageId"])];

const ACCESS_KEY: &[Row] =
    &[("Access key", &["accessKeyId"]), ("Principal ID", &["principalId"]), ("User type", &["userType"])];

const ACTION: &[Row] = &[
    ("API call", &["api"]),
    ("AWS service", &["serviceName"]),
    ("Request URI", &["requestUri"]),
    ("Direction", &["connectionDirection"]),
    ("Country", &["remoteIpDetails.country.countryName"]),
    ("Organization", &["remoteIpDetails.organization.org"]),
];

const FACTS: &[Row] = &[
    ("Finding type", &["type"]),
    ("AWS account", &["accountId"]),
    ("Region", &["region"]),
    ("Resource type", &["resource.resourceType"]),
    ("Resource role", &["service.resourceRole"]),
    ("Action", &["service.action.actionType"]),
    ("Sample finding", &["service.additionalInfo.sample"]),
    ("Finding ARN", &["arn"]),
];
