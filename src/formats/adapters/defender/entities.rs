//! Entities as Defender's own APIs and its streams tell them: one flat object with members for
//! every type, most of them empty.

use serde_json::Value;

use crate::formats::building::clean_text::LONG_MAX;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds::{self, File};
use crate::formats::building::facts::{Row, add_fact, add_facts_at};
use crate::formats::building::other_evidence;
use crate::formats::building::path::{say, say_max, words};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::terms::{camel, folded, says_nothing};
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// Adds one entity of an alert in the API's spelling.
pub(super) fn add(draft: &mut Draft, value: &Value) {
    let kind = folded(&say(value, &["entityType"]));
    let image = file_of(value);
    let made = match kind.as_str() {
        "user" => account(value).build(),
        "mailbox" => {
            let addresses = ["mailboxAddress", "userPrincipalName"].map(|key| say(value, &[key]));
            evidence_kinds::mailbox(&addresses, &say(value, &["mailboxDisplayName"]))
        }
        "ip" => evidence_kinds::ip(&say(value, &["ipAddress"])),
        "url" => evidence_kinds::url(&say(value, &["url"])),
        "file" => image.build(),
        "process" => process(value, &image),
        "mailmessage" => {
            let sender = say(value, &["sender"]);
            evidence_kinds::message(
                &say(value, &["subject"]),
                &sender,
                &[say(value, &["networkMessageId", "internetMessageId"])],
            )
        }
        "mailcluster" => evidence_kinds::mail_cluster(&say(value, &["emailCount"]), &say(value, &["clusterBy"])),
        "registry" | "registrykey" | "registryvalue" => {
            let [hive, key, name] = ["registryHive", "registryKey", "registryValueName"].map(|key| say(value, &[key]));
            evidence_kinds::registry(&hive, &key, &name)
        }
        "machine" | "device" => device(value),
        _ => other_evidence::build(&say(value, &["entityType"]), value),
    };
    let Some(mut made) = made else { return };
    complete(&mut made, value);
    draft.add(Some(made), &[]);
    if kind == "process" {
        draft.add(file_of(value).build(), &[]);
        let named = account(value).build();
        draft.add(named, &[]);
    }
    if kind == "mailmessage" {
        for address in words(value, "recipient") {
            draft.add(evidence_kinds::mailbox(&[address], ""), &[]);
        }
    }
}

fn complete(made: &mut IncomingEvidence, value: &Value) {
    add_facts_at(&mut made.facts, value, FACTS);
    let verdict = camel(&say(value, &["verdict"]));
    if matches!(verdict.as_str(), "suspicious" | "malicious" | "noThreatsFound") {
        made.verdict = verdict;
    }
    let remediation = camel(&say(value, &["remediationStatus", "detectionStatus"]));
    if !says_nothing(&remediation) && remediation != "detected" {
        made.remediation = remediation;
    }
    for role in words(value, "roles") {
        crate::formats::building::evidence::add_role(made, &role);
    }
}

/// A device in the spellings of the incidents API and of Defender for Endpoint.
pub(super) fn device(value: &Value) -> Option<IncomingEvidence> {
    let names = ["deviceDnsName", "computerDnsName", "hostName"].map(|key| say(value, &[key])).to_vec();
    let mde = say(value, &["mdatpDeviceId", "machineId", "mdeDeviceId"]);
    let aad = say(value, &["aadDeviceId", "azureAdDeviceId"]);
    let mut made = Device { mde, aad, names, domain: String::new() }.build()?;
    add_facts_at(&mut made.facts, value, crate::formats::adapters::graph::facts::DEVICE);
    for user in crate::formats::building::path::objects_at(value, "loggedOnUsers") {
        let user = account(user).build().map(|user| user.name);
        add_fact(&mut made.facts, "Logged-on user", &user.unwrap_or_default());
    }
    Some(made)
}

pub(super) fn account(value: &Value) -> Account {
    Account {
        upn: say(value, &["userPrincipalName"]),
        name: say(value, &["accountName", "userName"]),
        domain: say(value, &["domainName", "accountDomain"]),
        aad: say(value, &["aadUserId"]),
        sid: say(value, &["userSid"]),
        display: String::new(),
    }
}

fn file_of(value: &Value) -> File {
    let [name, path, sha256, sha1] = ["fileName", "filePath", "sha256", "sha1"].map(|key| say(value, &[key]));
    File { name, path, sha256, sha1, md5: String::new() }
}

fn process(value: &Value, image: &File) -> Option<IncomingEvidence> {
    let command = say_max(value, &["processCommandLine"], LONG_MAX);
    evidence_kinds::process(&command, image, &say(value, &["processId"]))
}

/// Adds the entity of a row of the AlertEvidence table, and the device and account it happened on.
pub(super) fn add_row(draft: &mut Draft, row: &Value) {
    let kind = folded(&say(row, &["EntityType"]));
    let say = |keys: &[&str]| say_max(row, keys, LONG_MAX);
    let file = || File {
        name: say(&["FileName"]),
        path: say(&["FolderPath"]),
        sha256: say(&["SHA256"]),
        sha1: say(&["SHA1"]),
        md5: String::new(),
    };
    let role = camel(&say(&["EvidenceDirection"]));
    let made = match kind.as_str() {
        "file" => file().build(),
        "process" => evidence_kinds::process(&say(&["ProcessCommandLine"]), &file(), &say(&["ProcessId"])),
        "ip" => evidence_kinds::ip(&say(&["RemoteIP", "LocalIP"])),
        "url" => evidence_kinds::url(&say(&["RemoteUrl"])),
        "mailbox" => evidence_kinds::mailbox(&[say(&["AccountUpn", "AccountName"])], ""),
        "mailmessage" => evidence_kinds::message(&say(&["EmailSubject"]), "", &[say(&["NetworkMessageId"])]),
        "registrykey" | "registryvalue" => {
            evidence_kinds::registry("", &say(&["RegistryKey"]), &say(&["RegistryValueName"]))
        }
        "cloudapplication" | "oauthapplication" => {
            let ids = [say(&["ApplicationId"]), say(&["OAuthApplicationId"])];
            evidence_kinds::named(EvidenceKind::CloudApplication, &say(&["Application"]), &ids)
        }
        "cloudresource" | "azureresource" => evidence_kinds::named(
            EvidenceKind::CloudResource,
            &say(&["CloudResource"]),
            &[say(&["ResourceID", "ResourceId"])],
        ),
        _ => None,
    };
    let made = made.map(|mut made| {
        add_fact(&mut made.facts, "Evidence role", &say(&["EvidenceRole"]));
        add_fact(&mut made.facts, "Size", &say(&["FileSize"]));
        made
    });
    draft.add(made, &[&role]);
    let device = Device { mde: say(&["DeviceId"]), names: vec![say(&["DeviceName"])], ..Device::default() };
    draft.add(device.build(), &[]);
    let directory = say(&["AccountObjectId"]);
    let account = Account {
        upn: say(&["AccountUpn"]),
        name: say(&["AccountName"]),
        domain: say(&["AccountDomain"]),
        aad: if directory.starts_with("S-1-") { String::new() } else { directory },
        sid: say(&["AccountSid"]),
        display: String::new(),
    };
    draft.add(account.build(), &[]);
}

const FACTS: &[Row] = &[
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
