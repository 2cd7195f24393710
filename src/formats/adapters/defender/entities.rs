//! Entities of Defender's own APIs and streams: flat objects that have the members of all types, most
//! of them empty.

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::other_evidence;
use crate::formats::building::path::{long_name_at, name_at, names_at, text_at, texts_at};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::terms::{camel_case, is_unknown, normalized};
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// Adds one entity of an alert of the APIs.
pub(super) fn add_entity(draft: &mut Draft, value: &Value) {
    let kind = normalized(&text_at(value, &["entityType"]));
    let image = file_of(value);
    let evidence = match kind.as_str() {
        "user" => account(value).build(),
        "mailbox" => {
            let addresses = ["mailboxAddress", "userPrincipalName"].map(|key| name_at(value, &[key]));
            evidence_kinds::mailbox(&addresses, &name_at(value, &["mailboxDisplayName"]))
        }
        "ip" => evidence_kinds::ip(&name_at(value, &["ipAddress"])),
        "url" => evidence_kinds::url(&name_at(value, &["url"])),
        "file" => image.build(),
        "process" => process(value, &image),
        "mailmessage" => {
            let sender = text_at(value, &["sender"]);
            evidence_kinds::message(
                &text_at(value, &["subject"]),
                &sender,
                &[text_at(value, &["networkMessageId", "internetMessageId"])],
            )
        }
        "mailcluster" => {
            evidence_kinds::mail_cluster(&text_at(value, &["emailCount"]), &text_at(value, &["clusterBy"]))
        }
        "registry" | "registrykey" | "registryvalue" => {
            let [hive, key, name] =
                ["registryHive", "registryKey", "registryValueName"].map(|key| text_at(value, &[key]));
            evidence_kinds::registry(&hive, &key, &name)
        }
        "machine" | "device" => device(value),
        _ => other_evidence::build(&text_at(value, &["entityType"]), value),
    };
    let Some(mut evidence) = evidence else { return };
    add_common_fields(&mut evidence, value);
    draft.add_evidence(Some(evidence), &[]);
    if kind == "process" {
        draft.add_evidence(file_of(value).build(), &[]);
        let named = account(value).build();
        draft.add_evidence(named, &[]);
    }
    if kind == "mailmessage" {
        for address in names_at(value, "recipient") {
            draft.add_evidence(evidence_kinds::mailbox(&[address], ""), &[]);
        }
    }
}

fn add_common_fields(evidence: &mut IncomingEvidence, value: &Value) {
    add_path_facts(&mut evidence.facts, value, FACTS);
    let verdict = camel_case(&text_at(value, &["verdict"]));
    if matches!(verdict.as_str(), "suspicious" | "malicious" | "noThreatsFound") {
        evidence.verdict = verdict;
    }
    let remediation = camel_case(&text_at(value, &["remediationStatus", "detectionStatus"]));
    if !is_unknown(&remediation) && remediation != "detected" {
        evidence.remediation = remediation;
    }
    for role in texts_at(value, "roles") {
        crate::formats::building::evidence::add_role(evidence, &role);
    }
}

/// A device of the incidents API or of Defender for Endpoint.
pub(super) fn device(value: &Value) -> Option<IncomingEvidence> {
    let names = ["deviceDnsName", "computerDnsName", "hostName"].map(|key| name_at(value, &[key])).to_vec();
    let mde = text_at(value, &["mdatpDeviceId", "machineId", "mdeDeviceId"]);
    let aad = text_at(value, &["aadDeviceId", "azureAdDeviceId"]);
    let mut evidence = Device { mde, aad, names, domain: String::new() }.build()?;
    add_path_facts(&mut evidence.facts, value, crate::formats::adapters::graph::facts::DEVICE);
    for user in crate::formats::building::path::objects_at(value, "loggedOnUsers") {
        let user = account(user).build().map(|user| user.name);
        add_fact(&mut evidence.facts, "Logged-on user", &user.unwrap_or_default());
    }
    Some(evidence)
}

pub(super) fn account(value: &Value) -> Account {
    Account {
        upn: name_at(value, &["userPrincipalName"]),
        name: name_at(value, &["accountName", "userName"]),
        domain: text_at(value, &["domainName", "accountDomain"]),
        aad: text_at(value, &["aadUserId"]),
        sid: text_at(value, &["userSid"]),
        display: String::new(),
    }
}

fn file_of(value: &Value) -> File {
    let [name, path, sha256, sha1] = ["fileName", "filePath", "sha256", "sha1"].map(|key| name_at(value, &[key]));
    File { name, path, sha256, sha1, md5: String::new() }
}

fn process(value: &Value, image: &File) -> Option<IncomingEvidence> {
    let command = long_name_at(value, &["processCommandLine"]);
    evidence_kinds::process(&command, image, &text_at(value, &["processId"]))
}

/// Adds the entity of a row of the AlertEvidence table, and the device and the account of that row.
pub(super) fn add_evidence_row(draft: &mut Draft, row: &Value) {
    let evidence = entity_of_row(row).map(|mut evidence| {
        add_fact(&mut evidence.facts, "Evidence role", &column(row, &["EvidenceRole"]));
        add_fact(&mut evidence.facts, "Size", &column(row, &["FileSize"]));
        evidence
    });
    draft.add_evidence(evidence, &[&camel_case(&column(row, &["EvidenceDirection"]))]);
    let names = vec![column(row, &["DeviceName"])];
    let device = Device { mde: column(row, &["DeviceId"]), names, ..Device::default() };
    draft.add_evidence(device.build(), &[]);
    draft.add_evidence(account_of_row(row).build(), &[]);
}

fn column(row: &Value, columns: &[&str]) -> String {
    long_name_at(row, columns)
}

fn entity_of_row(row: &Value) -> Option<IncomingEvidence> {
    let column = |columns: &[&str]| column(row, columns);
    let file = || File {
        name: column(&["FileName"]),
        path: column(&["FolderPath"]),
        sha256: column(&["SHA256"]),
        sha1: column(&["SHA1"]),
        md5: String::new(),
    };
    match normalized(&text_at(row, &["EntityType"])).as_str() {
        "file" => file().build(),
        "process" => evidence_kinds::process(&column(&["ProcessCommandLine"]), &file(), &column(&["ProcessId"])),
        "ip" => evidence_kinds::ip(&column(&["RemoteIP", "LocalIP"])),
        "url" => evidence_kinds::url(&column(&["RemoteUrl"])),
        "mailbox" => evidence_kinds::mailbox(&[column(&["AccountUpn", "AccountName"])], ""),
        "mailmessage" => evidence_kinds::message(&column(&["EmailSubject"]), "", &[column(&["NetworkMessageId"])]),
        "registrykey" | "registryvalue" => {
            evidence_kinds::registry("", &column(&["RegistryKey"]), &column(&["RegistryValueName"]))
        }
        "cloudapplication" | "oauthapplication" => {
            let ids = [column(&["ApplicationId"]), column(&["OAuthApplicationId"])];
            evidence_kinds::named_resource(EvidenceKind::CloudApplication, &column(&["Application"]), &ids)
        }
        "cloudresource" | "azureresource" => {
            let ids = [column(&["ResourceID", "ResourceId"])];
            evidence_kinds::named_resource(EvidenceKind::CloudResource, &column(&["CloudResource"]), &ids)
        }
        _ => None,
    }
}

fn account_of_row(row: &Value) -> Account {
    let object_id = column(row, &["AccountObjectId"]);
    Account {
        upn: column(row, &["AccountUpn"]),
        name: column(row, &["AccountName"]),
        domain: column(row, &["AccountDomain"]),
        aad: if object_id.starts_with("S-1-") { String::new() } else { object_id },
        sid: column(row, &["AccountSid"]),
        display: String::new(),
    }
}

const FACTS: &[FactField] = &[
    ("Process started", &["processCreationTime"]),
    ("Parent process ID", &["parentProcessId"]),
    ("Parent", &["parentProcessFileName"]),
    ("Detection", &["detectionStatus"]),
    ("Sender", &["sender"]),
    ("Recipient", &["recipient"]),
    ("Delivery", &["deliveryAction"]),
    ("Value", &["registryValue"]),
    ("Evidence added", &["evidenceCreationTime"]),
];
