//! The evidence of a finding.

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::kubernetes;
use crate::formats::building::path::{name_at, names_at, objects_at, text_at, texts_at, value_at};
use crate::formats::building::principals::Device;
use crate::model::entity::EvidenceKind;

pub(super) fn add(draft: &mut Draft, value: &Value, finding: &Value) {
    add_resource(draft, value, finding);
    for path in ["access.principalEmail", "access.userName", "database.userName"] {
        draft.add_evidence(kubernetes::account(&name_at(finding, &[path])), &[]);
    }
    draft.add_ips_at(finding, "access.callerIp", &["source"]);
    for connection in objects_at(finding, "connections") {
        draft.add_ips_at(connection, "sourceIp", &["source"]);
        draft.add_ips_at(connection, "destinationIp", &["destination"]);
        draft.add_facts(connection, CONNECTION);
    }
    // Event Threat Detection has them here.
    draft.add_ips_at(finding, "sourceProperties.properties.ipConnection.srcIp", &["source"]);
    draft.add_ips_at(finding, "sourceProperties.properties.ipConnection.destIp", &["destination"]);
    add_indicator(draft, finding);
    for process in objects_at(finding, "processes") {
        add_process(draft, process);
    }
    for found in objects_at(finding, "files") {
        draft.add_evidence(file(found).build(), &[]);
    }
    add_kubernetes(draft, finding);
    for binding in objects_at(finding, "iamBindings") {
        let [action, role, member] = ["action", "role", "member"].map(|key| text_at(binding, &[key]));
        draft.add_fact("IAM binding", &format!("{action} {role} {member}"));
    }
    for target in objects_at(finding, "exfiltration.targets") {
        draft.add_fact("Exfiltrated to", &text_at(target, &["name"]));
    }
}

/// A virtual machine is the device by its display name, which is its host name; without one, and for every
/// other resource, it is a cloud resource.
fn add_resource(draft: &mut Draft, value: &Value, finding: &Value) {
    let empty = Value::Null;
    let resource = value_at(value, "resource").unwrap_or(&empty);
    let full = match text_at(resource, &["name"]) {
        name if name.is_empty() => text_at(finding, &["resourceName"]),
        name => name,
    };
    let display = name_at(resource, &["displayName"]);
    // The kind is "google.compute.Instance"; the member is called "resourceType" in lists of findings.
    let is_machine = text_at(resource, &["type", "resourceType"]).to_lowercase().ends_with("compute.instance");
    let mut evidence = if is_machine && !display.is_empty() {
        Device { names: vec![display], ..Device::default() }.build()
    } else {
        evidence_kinds::named_resource(EvidenceKind::CloudResource, &display, std::slice::from_ref(&full))
    };
    if let Some(evidence) = &mut evidence {
        add_fact(&mut evidence.facts, "Resource ID", &full);
        add_path_facts(&mut evidence.facts, resource, RESOURCE);
    }
    draft.add_evidence(evidence, &[]);
}

fn add_indicator(draft: &mut Draft, finding: &Value) {
    draft.add_ips_at(finding, "indicator.ipAddresses", &[]);
    for path in ["indicator.domains", "indicator.uris"] {
        for text in names_at(finding, path) {
            draft.add_evidence(evidence_kinds::url(&text), &[]);
        }
    }
    for signature in objects_at(finding, "indicator.signatures") {
        draft.add_fact(
            "Signature",
            &text_at(signature, &["memoryHashSignature.binaryFamily", "yaraRuleSignature.yaraRule"]),
        );
    }
}

fn add_process(draft: &mut Draft, process: &Value) {
    let image = match value_at(process, "binary") {
        Some(binary) => file(binary),
        None => File { path: name_at(process, &["name"]), ..File::default() },
    };
    let args = texts_at(process, "args").join(" ");
    let mut evidence = evidence_kinds::process(&args, &image, &text_at(process, &["pid"]));
    if let Some(evidence) = &mut evidence {
        add_fact(&mut evidence.facts, "Parent process ID", &text_at(process, &["parentPid"]));
    }
    draft.add_evidence(evidence, &[]);
    for path in ["binary", "script"] {
        draft.add_evidence(value_at(process, path).and_then(|found| file(found).build()), &[]);
    }
    for library in objects_at(process, "libraries") {
        draft.add_evidence(file(library).build(), &[]);
    }
}

/// Only a hash over the whole file identifies it.
fn file(value: &Value) -> File {
    let partial = text_at(value, &["partiallyHashed"]) == "true";
    let sha256 = if partial { String::new() } else { name_at(value, &["sha256"]) };
    File { path: name_at(value, &["path"]), sha256, ..File::default() }
}

fn add_kubernetes(draft: &mut Draft, finding: &Value) {
    for pod in objects_at(finding, "kubernetes.pods") {
        let name = text_at(pod, &["name"]);
        let shown = match text_at(pod, &["ns"]) {
            namespace if namespace.is_empty() || name.is_empty() => name,
            namespace => format!("{namespace}/{name}"),
        };
        draft.add_evidence(evidence_kinds::other("Pod", &shown, ""), &[]);
    }
    for container in objects_at(finding, "containers") {
        let [name, image, id] = ["name", "uri", "imageId"].map(|key| text_at(container, &[key]));
        draft.add_evidence(evidence_kinds::other("Container", &name, ""), &[]);
        draft.add_fact("Container image", &image);
        draft.add_fact("Image ID", &id);
    }
    draft.add_list_fact(finding, "Kubernetes node", "kubernetes.nodes.name");
}

const CONNECTION: &[FactField] =
    &[("Protocol", &["protocol"]), ("Source port", &["sourcePort"]), ("Destination port", &["destinationPort"])];

const RESOURCE: &[FactField] = &[
    ("Type", &["type", "resourceType"]),
    ("Project", &["gcpMetadata.projectDisplayName", "projectDisplayName"]),
    ("Location", &["location"]),
];
