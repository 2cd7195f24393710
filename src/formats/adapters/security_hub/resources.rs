//! The resources of a finding: instances are devices, IAM users are accounts, all others cloud resources.

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::evidence::add_key;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact, add_path_facts};
use crate::formats::building::path::{objects_at, text_at, texts_at, value_at};
use crate::formats::building::principals::{Account, Device};
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

pub(super) fn add(draft: &mut Draft, finding: &Value) {
    let account = text_at(finding, &["AwsAccountId"]);
    for resource in objects_at(finding, "Resources") {
        let evidence = match text_at(resource, &["Type"]).as_str() {
            // All findings of an account name it.
            "AwsAccount" => continue,
            "AwsEc2Instance" => instance(resource),
            "AwsIamUser" => iam_user(resource, &account),
            "AwsIamAccessKey" => access_key_owner(resource, &account),
            _ => other_resource(resource),
        };
        draft.add_evidence(evidence, &[]);
    }
}

/// The end of an ARN such as "arn:aws:ec2:eu-central-1:111122223333:instance/i-0abc12".
fn end_of_arn(arn: &str) -> String {
    arn.rsplit(['/', ':']).next().unwrap_or_default().to_owned()
}

fn instance(resource: &Value) -> Option<IncomingEvidence> {
    let arn = text_at(resource, &["Id"]);
    let mut evidence = Device { names: vec![end_of_arn(&arn)], ..Device::default() }.build()?;
    if let Some(details) = value_at(resource, "Details.AwsEc2Instance") {
        for path in ["IpV4Addresses", "IpV6Addresses"] {
            add_fact(&mut evidence.facts, "IP addresses", &texts_at(details, path).join(", "));
        }
        add_path_facts(&mut evidence.facts, details, INSTANCE);
    }
    add_fact(&mut evidence.facts, "Name tag", &text_at(resource, &["Tags.Name"]));
    add_fact(&mut evidence.facts, "Resource ID", &arn);
    Some(evidence)
}

fn iam_user(resource: &Value, account: &str) -> Option<IncomingEvidence> {
    let arn = text_at(resource, &["Id"]);
    let details = value_at(resource, "Details.AwsIamUser").unwrap_or(resource);
    let name = match text_at(details, &["UserName"]) {
        name if name.is_empty() => end_of_arn(&arn),
        name => name,
    };
    let mut evidence = account_evidence(&name, account, &text_at(details, &["UserId"]))?;
    add_fact(&mut evidence.facts, "Resource ID", &arn);
    Some(evidence)
}

fn access_key_owner(resource: &Value, account: &str) -> Option<IncomingEvidence> {
    let details = value_at(resource, "Details.AwsIamAccessKey")?;
    let name = text_at(details, &["PrincipalName", "UserName"]);
    let mut evidence = account_evidence(&name, account, &text_at(details, &["PrincipalId"]))?;
    add_path_facts(&mut evidence.facts, details, ACCESS_KEY);
    let key = text_at(resource, &["Id"]);
    add_fact(&mut evidence.facts, "Access key", &end_of_arn(&key));
    Some(evidence)
}

/// An account of IAM. The AWS account is part of its key, because every AWS account may have an "Admin".
fn account_evidence(name: &str, account: &str, id: &str) -> Option<IncomingEvidence> {
    let mut evidence = Account { name: name.to_owned(), domain: account.to_owned(), ..Account::default() }.build()?;
    if !name.is_empty() {
        name.clone_into(&mut evidence.name);
    }
    evidence.facts.clear();
    add_key(&mut evidence, "aad", id);
    add_fact(&mut evidence.facts, "AWS account", account);
    Some(evidence)
}

fn other_resource(resource: &Value) -> Option<IncomingEvidence> {
    let id = text_at(resource, &["Id"]);
    let mut evidence = evidence_kinds::named_resource(EvidenceKind::CloudResource, "", std::slice::from_ref(&id))?;
    add_fact(&mut evidence.facts, "Type", &text_at(resource, &["Type"]));
    add_fact(&mut evidence.facts, "Region", &text_at(resource, &["Region"]));
    add_fact(&mut evidence.facts, "Resource ID", &id);
    Some(evidence)
}

const INSTANCE: &[FactField] = &[
    ("VPC", &["VpcId"]),
    ("Subnet", &["SubnetId"]),
    ("Instance type", &["Type"]),
    ("Image", &["ImageId"]),
    ("Started", &["LaunchedAt"]),
];

const ACCESS_KEY: &[FactField] = &[("Principal ID", &["PrincipalId"]), ("User type", &["PrincipalType"])];
