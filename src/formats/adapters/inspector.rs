//! Amazon Inspector findings: of its API and its reports, and as EventBridge events. They say what is weak, not
//! what anybody did.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact, add_path_facts};
use crate::formats::building::path::{long_text_at, objects_at, text_at, texts_at, time_at, value_at};
use crate::formats::building::principals::Device;
use crate::formats::building::terms::normalized;
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "inspector",
    label: "Amazon Inspector findings",
    detect: |value| text_at(value, &["findingArn"]).contains(":inspector2:"),
    parse: parse_record,
    documentation: "https://docs.aws.amazon.com/inspector/v2/APIReference/API_Finding.html",
    fields: Fields {
        title: "title, packageVulnerabilityDetails.vulnerabilityId",
        id: "findingArn",
        severity: "severity",
        times: "firstObservedAt, lastObservedAt, updatedAt",
        device: "resources of type AWS_EC2_INSTANCE",
        user: "",
        address: "",
        file: "",
        hash: "",
        process: "",
        url: "",
        technique: "",
        category: "every finding is a vulnerability",
        status: "status",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("amazonInspector", "Amazon Inspector");
    draft.set_title(value, &["title", "packageVulnerabilityDetails.vulnerabilityId"]);
    draft.set_id(value, &["findingArn"]);
    draft.alert.description = long_text_at(value, &["description"]);
    draft.alert.recommended_actions = long_text_at(value, &["remediation.recommendation.text"]);
    draft.set_severity_from_word(&text_at(value, &["severity"]));
    draft.set_category_if_empty("Vulnerability");
    let updated = time_at(value, &["updatedAt"]);
    let first = time_at(value, &["firstObservedAt"]);
    draft.set_times(first.or(updated), time_at(value, &["lastObservedAt"]), first);
    draft.alert.provider_updated_at = updated;
    if matches!(normalized(&text_at(value, &["status"])).as_str(), "closed" | "suppressed") {
        "resolved".clone_into(&mut draft.alert.status);
    }
    for resource in objects_at(value, "resources") {
        draft.add_evidence(resource_evidence(resource), &[]);
    }
    draft.add_facts(value, FACTS);
    for package in objects_at(value, "packageVulnerabilityDetails.vulnerablePackages") {
        draft.add_facts(package, PACKAGE);
    }
    draft.into_incoming(value)
}

/// An instance is a device; images, functions and repositories are cloud resources.
fn resource_evidence(resource: &Value) -> Option<IncomingEvidence> {
    let id = text_at(resource, &["id"]);
    let mut evidence = if normalized(&text_at(resource, &["type"])) == "awsec2instance" {
        let name = id.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
        Device { names: vec![name], ..Device::default() }.build()?
    } else {
        evidence_kinds::named_resource(EvidenceKind::CloudResource, "", std::slice::from_ref(&id))?
    };
    if let Some(instance) = value_at(resource, "details.awsEc2Instance") {
        for path in ["ipV4Addresses", "ipV6Addresses"] {
            add_fact(&mut evidence.facts, "IP addresses", &texts_at(instance, path).join(", "));
        }
        add_path_facts(&mut evidence.facts, instance, INSTANCE);
    }
    add_path_facts(&mut evidence.facts, resource, RESOURCE);
    Some(evidence)
}

const FACTS: &[FactField] = &[
    ("CVE", &["packageVulnerabilityDetails.vulnerabilityId"]),
    ("CVSS", &["inspectorScore", "packageVulnerabilityDetails.cvss.baseScore"]),
    ("Vendor severity", &["packageVulnerabilityDetails.vendorSeverity"]),
    ("Exploit available", &["exploitAvailable"]),
    ("Fix available", &["fixAvailable"]),
    ("Finding type", &["type"]),
    ("AWS account", &["awsAccountId"]),
    ("Reference", &["packageVulnerabilityDetails.sourceUrl"]),
    ("Open ports", &["networkReachabilityDetails.openPortRange.begin"]),
];

const PACKAGE: &[FactField] = &[("Package", &["name"]), ("Version", &["version"]), ("Fixed in", &["fixedInVersion"])];

const RESOURCE: &[FactField] =
    &[("Type", &["type"]), ("Region", &["region"]), ("Name tag", &["tags.Name"]), ("Resource ID", &["id"])];

const INSTANCE: &[FactField] = &[
    ("OS", &["platform"]),
    ("VPC", &["vpcId"]),
    ("Subnet", &["subnetId"]),
    ("Instance type", &["type"]),
    ("Image", &["imageId"]),
    ("Started", &["launchedAt"]),
];
