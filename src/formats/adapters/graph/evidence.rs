//! The evidence of a Graph alert, by `@odata.type`, or by its members when that is missing.

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use serde_json::Value;

use crate::formats::adapters::graph::facts as rows;
use crate::formats::building::clean_text::LONG_MAX;
use crate::formats::building::evidence::{Collection, EVIDENCE_MAX, add_role};
use crate::formats::building::evidence_kinds::{self, File};
use crate::formats::building::facts::{add_fact, add_list, add_rows};
use crate::formats::building::json::{list, member, objects, text, text_max};
use crate::formats::building::other_evidence;
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::terms::{camel, folded, says_nothing};
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// Evidence inside evidence is read this far.
const DEPTH_MAX: usize = 3;

/// Members by which evidence without a type is recognised, in this order.
const TELLING: [(&str, &str); 11] = [
    ("fileDetails", "file"),
    ("processCommandLine", "process"),
    ("imageFile", "process"),
    ("deviceDnsName", "device"),
    ("hostName", "device"),
    ("primaryAddress", "mailbox"),
    ("recipientEmailAddress", "analyzedMessage"),
    ("ipAddress", "ip"),
    ("registryKey", "registryKey"),
    ("userAccount", "user"),
    ("url", "url"),
];

/// Reads all evidence of an alert and merges what is the same entity.
pub(super) fn read(alert: &Value) -> Vec<IncomingEvidence> {
    let mut found = Collection::default();
    for value in objects(alert, "evidence").into_iter().take(EVIDENCE_MAX * 4) {
        read_one(value, 0, &mut found);
    }
    // Some exports have a member a type ("deviceEvidence") in the place of the list.
    let members = alert.as_object().into_iter().flatten();
    for (_, value) in members.filter(|(key, value)| key.ends_with("Evidence") && value.is_object()) {
        read_one(value, 0, &mut found);
    }
    found.finish()
}

fn read_one(value: &Value, depth: usize, found: &mut Collection) {
    if depth > DEPTH_MAX {
        return;
    }
    let type_name = type_of(value);
    if let Some(mut made) = build(&type_name, value) {
        apply_base(&mut made, value);
        found.add(made);
    }
    add_related(&type_name, value, found);
    for key in ["files", "processes", "sourceAddress", "destinationAddress"] {
        for inner in objects(value, key) {
            read_one(inner, depth + 1, found);
        }
    }
}

/// "#microsoft.graph.security.deviceEvidence" as "device".
fn type_of(value: &Value) -> String {
    let given = text(value, &["@odata.type"]);
    let last = given.rsplit('.').next().unwrap_or_default();
    let known = last.trim_start_matches('#').trim_end_matches("Evidence");
    if !known.is_empty() {
        return known.to_owned();
    }
    let telling = TELLING.iter().find(|(key, _)| member(value, key).is_some());
    telling.map_or("entity", |(_, name)| name).to_owned()
}

fn build(type_name: &str, value: &Value) -> Option<IncomingEvidence> {
    match folded(type_name).as_str() {
        "device" => device(value),
        "user" => account(member(value, "userAccount").unwrap_or(value)).build(),
        "mailbox" => mailbox(value),
        "ip" => ip(value),
        "file" => file(member(value, "fileDetails").unwrap_or(value)),
        "filehash" => file_hash(value),
        "process" => process(value),
        "url" => evidence_kinds::url(&text(value, &["url"])),
        "analyzedmessage" => message(value),
        "registrykey" | "registryvalue" => registry(value),
        "cloudapplication" | "oauthapplication" => {
            let ids = [text(value, &["appId"]), text(value, &["objectId"])];
            named(EvidenceKind::CloudApplication, value, &["displayName"], &ids)
        }
        "azureresource" | "amazonresource" | "googlecloudresource" => {
            let ids = [text(value, &["resourceId", "amazonResourceId", "fullResourceName"])];
            named(EvidenceKind::CloudResource, value, &["resourceName"], &ids)
        }
        "mailcluster" => mail_cluster(value),
        _ => other_evidence::build(type_name, value),
    }
}

/// Entities that stand inside another one and matter on their own.
fn add_related(type_name: &str, value: &Value, found: &mut Collection) {
    let related = match folded(type_name).as_str() {
        "process" => vec![
            member(value, "imageFile").and_then(file),
            member(value, "userAccount").and_then(|user| account(user).build()),
        ],
        "analyzedmessage" => list(value, "recipientEmailAddress")
            .into_iter()
            .map(|address| evidence_kinds::mailbox(&[address], ""))
            .collect(),
        _ => Vec::new(),
    };
    related.into_iter().flatten().for_each(|made| found.add(made));
}

fn apply_base(made: &mut IncomingEvidence, value: &Value) {
    for role in list(value, "roles") {
        add_role(made, &role);
    }
    let verdict = camel(&text(value, &["verdict"]));
    if matches!(verdict.as_str(), "suspicious" | "malicious" | "noThreatsFound") {
        made.verdict = verdict;
    }
    let remediation = camel(&text(value, &["remediationStatus"]));
    if !says_nothing(&remediation) {
        made.remediation = remediation;
    }
    add_list(&mut made.facts, value, "Tags", "tags");
}

fn device(value: &Value) -> Option<IncomingEvidence> {
    let keys = ["hostName", "deviceDnsName", "computerDnsName"];
    let mut made = Device {
        mde: text(value, &["mdeDeviceId"]),
        aad: text(value, &["azureAdDeviceId"]),
        names: keys.iter().map(|key| text(value, &[key])).collect(),
        domain: text(value, &["dnsDomain"]),
    }
    .build()?;
    add_rows(&mut made.facts, value, rows::DEVICE);
    let users = objects(value, "loggedOnUsers").into_iter();
    for user in users.filter_map(|user| account(user).build()) {
        add_fact(&mut made.facts, "Logged-on user", &user.name);
    }
    if let Some(machine) = member(value, "vmMetadata") {
        add_fact(&mut made.facts, "Virtual machine", &text(machine, &["resourceId", "vmId"]));
    }
    Some(made)
}

fn account(value: &Value) -> Account {
    Account {
        upn: text(value, &["userPrincipalName"]),
        name: text(value, &["accountName"]),
        domain: text(value, &["domainName"]),
        aad: text(value, &["azureAdUserId"]),
        sid: text(value, &["userSid"]),
        display: text(value, &["displayName"]),
    }
}

fn mailbox(value: &Value) -> Option<IncomingEvidence> {
    let addresses = ["primaryAddress", "upn"].map(|key| text(value, &[key]));
    let mut made = evidence_kinds::mailbox(&addresses, &text(value, &["displayName"]))?;
    if let Some(owner) = member(value, "userAccount").and_then(|user| account(user).build()) {
        for (label, found) in &owner.facts {
            add_fact(&mut made.facts, label, found);
        }
    }
    Some(made)
}

fn ip(value: &Value) -> Option<IncomingEvidence> {
    let mut made = evidence_kinds::ip(&text(value, &["ipAddress"]))?;
    let place = member(value, "location").unwrap_or(value);
    let country = text(place, &["countryName", "countryLetterCode"]);
    let letters = text(value, &["countryLetterCode"]);
    let country = if country.is_empty() { letters } else { country };
    for (label, found) in [("Country", country), ("State", text(place, &["state"])), ("City", text(place, &["city"]))] {
        add_fact(&mut made.facts, label, &found);
    }
    Some(made)
}

fn file_of(value: &Value) -> File {
    File {
        name: text(value, &["fileName"]),
        path: text(value, &["filePath"]),
        sha256: text(value, &["sha256"]),
        sha1: text(value, &["sha1"]),
        md5: text(value, &["md5"]),
    }
}

fn file(value: &Value) -> Option<IncomingEvidence> {
    let mut made = file_of(value).build()?;
    add_rows(&mut made.facts, value, rows::FILE);
    Some(made)
}

fn file_hash(value: &Value) -> Option<IncomingEvidence> {
    File::of_hash(&text(value, &["algorithm"]), &text(value, &["value"])).build()
}

fn process(value: &Value) -> Option<IncomingEvidence> {
    let image = member(value, "imageFile").map(file_of).unwrap_or_default();
    // Whole, because the end of a long command tells it from others.
    let command = text_max(value, &["processCommandLine"], LONG_MAX);
    let mut made = evidence_kinds::process(&command, &image, &text(value, &["processId"]))?;
    if let Some(parent) = member(value, "parentProcessImageFile").map(file_of) {
        add_fact(&mut made.facts, "Parent", &parent.full_path());
    }
    if let Some(user) = member(value, "userAccount").and_then(|user| account(user).build()) {
        add_fact(&mut made.facts, "User", &user.name);
    }
    add_rows(&mut made.facts, value, rows::PROCESS);
    Some(made)
}

fn message(value: &Value) -> Option<IncomingEvidence> {
    let sender = ["p2Sender", "p1Sender"]
        .iter()
        .filter_map(|key| member(value, key))
        .map(|sender| text(sender, &["emailAddress", "displayName"]))
        .find(|sender| !sender.is_empty())
        .unwrap_or_default();
    let ids = ["networkMessageId", "internetMessageId"].map(|key| text(value, &[key]));
    let mut made = evidence_kinds::message(&text(value, &["subject"]), &sender, &ids)?;
    add_fact(&mut made.facts, "Sender", &sender);
    add_rows(&mut made.facts, value, rows::MESSAGE);
    add_list(&mut made.facts, value, "Threats", "threats");
    add_list(&mut made.facts, value, "Detected by", "threatDetectionMethods");
    add_list(&mut made.facts, value, "URLs", "urls");
    Some(made)
}

fn registry(value: &Value) -> Option<IncomingEvidence> {
    let [hive, key, name] = ["registryHive", "registryKey", "registryValueName"].map(|key| text(value, &[key]));
    let mut made = evidence_kinds::registry(&hive, &key, &name)?;
    add_rows(&mut made.facts, value, rows::OBJECT);
    Some(made)
}

fn named(kind: EvidenceKind, value: &Value, names: &[&str], ids: &[String]) -> Option<IncomingEvidence> {
    let mut made = evidence_kinds::named(kind, &text(value, names), ids)?;
    add_rows(&mut made.facts, value, rows::OBJECT);
    Some(made)
}

fn mail_cluster(value: &Value) -> Option<IncomingEvidence> {
    let id = text(value, &["urn", "clusterByValue", "query"]);
    let mut made = evidence_kinds::mail_cluster(&text(value, &["emailCount"]), &id)?;
    other_evidence::add_rest(&mut made, value);
    Some(made)
}
