//! The evidence of a Graph alert, by `@odata.type`, or by its members when that is missing.

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use serde_json::Value;

use crate::formats::adapters::graph::facts as rows;
use crate::formats::building::clean_text::LONG_MAX;
use crate::formats::building::evidence::{EVIDENCE_MAX, EvidenceSet, add_role};
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{add_fact, add_list_fact, add_member_facts};
use crate::formats::building::file::File;
use crate::formats::building::json::{member, objects_of, text_of, text_of_max, texts_of};
use crate::formats::building::other_evidence;
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::terms::{camel_case, is_unknown, normalized};
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// Evidence inside of evidence is read to this depth.
const DEPTH_MAX: usize = 3;

/// The type of evidence without one: that of the first of these members that it has.
const TYPE_BY_MEMBER: [(&str, &str); 11] = [
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

/// Reads all evidence of an alert, with one entry for each entity.
pub(super) fn parse_evidence(alert: &Value) -> Vec<IncomingEvidence> {
    let mut found = EvidenceSet::default();
    for value in objects_of(alert, "evidence").into_iter().take(EVIDENCE_MAX * 4) {
        add_item(value, 0, &mut found);
    }
    // Some exports have one member for each type ("deviceEvidence") instead of the list.
    let members = alert.as_object().into_iter().flatten();
    for (_, value) in members.filter(|(key, value)| key.ends_with("Evidence") && value.is_object()) {
        add_item(value, 0, &mut found);
    }
    found.finish()
}

fn add_item(value: &Value, depth: usize, found: &mut EvidenceSet) {
    if depth > DEPTH_MAX {
        return;
    }
    let type_name = type_of(value);
    if let Some(mut evidence) = build(&type_name, value) {
        add_common_fields(&mut evidence, value);
        found.add(evidence);
    }
    add_related(&type_name, value, found);
    for key in ["files", "processes", "sourceAddress", "destinationAddress"] {
        for inner in objects_of(value, key) {
            add_item(inner, depth + 1, found);
        }
    }
}

/// "#microsoft.graph.security.deviceEvidence" as "device".
fn type_of(value: &Value) -> String {
    let given = text_of(value, &["@odata.type"]);
    let last = given.rsplit('.').next().unwrap_or_default();
    let known = last.trim_start_matches('#').trim_end_matches("Evidence");
    if !known.is_empty() {
        return known.to_owned();
    }
    let known_member = TYPE_BY_MEMBER.iter().find(|(key, _)| member(value, key).is_some());
    known_member.map_or("entity", |(_, name)| name).to_owned()
}

fn build(type_name: &str, value: &Value) -> Option<IncomingEvidence> {
    match normalized(type_name).as_str() {
        "device" => device(value),
        "user" => account(member(value, "userAccount").unwrap_or(value)).build(),
        "mailbox" => mailbox(value),
        "ip" => ip(value),
        "file" => file(member(value, "fileDetails").unwrap_or(value)),
        "filehash" => file_hash(value),
        "process" => process(value),
        "url" => evidence_kinds::url(&text_of(value, &["url"])),
        "analyzedmessage" => message(value),
        "registrykey" | "registryvalue" => registry(value),
        "cloudapplication" | "oauthapplication" => {
            let ids = [text_of(value, &["appId"]), text_of(value, &["objectId"])];
            resource(EvidenceKind::CloudApplication, value, &["displayName"], &ids)
        }
        "azureresource" | "amazonresource" | "googlecloudresource" => {
            let ids = [text_of(value, &["resourceId", "amazonResourceId", "fullResourceName"])];
            resource(EvidenceKind::CloudResource, value, &["resourceName"], &ids)
        }
        "mailcluster" => mail_cluster(value),
        _ => other_evidence::build(type_name, value),
    }
}

/// Adds entities that are part of another one: a process's image and user, a message's recipients.
fn add_related(type_name: &str, value: &Value, found: &mut EvidenceSet) {
    let related = match normalized(type_name).as_str() {
        "process" => vec![
            member(value, "imageFile").and_then(file),
            member(value, "userAccount").and_then(|user| account(user).build()),
        ],
        "analyzedmessage" => texts_of(value, "recipientEmailAddress")
            .into_iter()
            .map(|address| evidence_kinds::mailbox(&[address], ""))
            .collect(),
        _ => Vec::new(),
    };
    related.into_iter().flatten().for_each(|evidence| found.add(evidence));
}

fn add_common_fields(evidence: &mut IncomingEvidence, value: &Value) {
    for role in texts_of(value, "roles") {
        add_role(evidence, &role);
    }
    let verdict = camel_case(&text_of(value, &["verdict"]));
    if matches!(verdict.as_str(), "suspicious" | "malicious" | "noThreatsFound") {
        evidence.verdict = verdict;
    }
    let remediation = camel_case(&text_of(value, &["remediationStatus"]));
    if !is_unknown(&remediation) {
        evidence.remediation = remediation;
    }
    add_list_fact(&mut evidence.facts, value, "Tags", "tags");
}

fn device(value: &Value) -> Option<IncomingEvidence> {
    let keys = ["hostName", "deviceDnsName", "computerDnsName"];
    let mut evidence = Device {
        mde: text_of(value, &["mdeDeviceId"]),
        aad: text_of(value, &["azureAdDeviceId"]),
        names: keys.iter().map(|key| text_of(value, &[key])).collect(),
        domain: text_of(value, &["dnsDomain"]),
    }
    .build()?;
    add_member_facts(&mut evidence.facts, value, rows::DEVICE);
    let users = objects_of(value, "loggedOnUsers").into_iter();
    for user in users.filter_map(|user| account(user).build()) {
        add_fact(&mut evidence.facts, "Logged-on user", &user.name);
    }
    if let Some(machine) = member(value, "vmMetadata") {
        add_fact(&mut evidence.facts, "Virtual machine", &text_of(machine, &["resourceId", "vmId"]));
    }
    Some(evidence)
}

fn account(value: &Value) -> Account {
    Account {
        upn: text_of(value, &["userPrincipalName"]),
        name: text_of(value, &["accountName"]),
        domain: text_of(value, &["domainName"]),
        aad: text_of(value, &["azureAdUserId"]),
        sid: text_of(value, &["userSid"]),
        display: text_of(value, &["displayName"]),
    }
}

fn mailbox(value: &Value) -> Option<IncomingEvidence> {
    let addresses = ["primaryAddress", "upn"].map(|key| text_of(value, &[key]));
    let mut evidence = evidence_kinds::mailbox(&addresses, &text_of(value, &["displayName"]))?;
    if let Some(owner) = member(value, "userAccount").and_then(|user| account(user).build()) {
        for (label, found) in &owner.facts {
            add_fact(&mut evidence.facts, label, found);
        }
    }
    Some(evidence)
}

fn ip(value: &Value) -> Option<IncomingEvidence> {
    let mut evidence = evidence_kinds::ip(&text_of(value, &["ipAddress"]))?;
    let place = member(value, "location").unwrap_or(value);
    let country = text_of(place, &["countryName", "countryLetterCode"]);
    let letters = text_of(value, &["countryLetterCode"]);
    let country = if country.is_empty() { letters } else { country };
    for (label, found) in
        [("Country", country), ("State", text_of(place, &["state"])), ("City", text_of(place, &["city"]))]
    {
        add_fact(&mut evidence.facts, label, &found);
    }
    Some(evidence)
}

fn file_of(value: &Value) -> File {
    File {
        name: text_of(value, &["fileName"]),
        path: text_of(value, &["filePath"]),
        sha256: text_of(value, &["sha256"]),
        sha1: text_of(value, &["sha1"]),
        md5: text_of(value, &["md5"]),
    }
}

fn file(value: &Value) -> Option<IncomingEvidence> {
    let mut evidence = file_of(value).build()?;
    add_member_facts(&mut evidence.facts, value, rows::FILE);
    Some(evidence)
}

fn file_hash(value: &Value) -> Option<IncomingEvidence> {
    File::of_hash(&text_of(value, &["algorithm"]), &text_of(value, &["value"])).build()
}

fn process(value: &Value) -> Option<IncomingEvidence> {
    let image = member(value, "imageFile").map(file_of).unwrap_or_default();
    // Not shortened, because long commands may differ only at the end.
    let command = text_of_max(value, &["processCommandLine"], LONG_MAX);
    let mut evidence = evidence_kinds::process(&command, &image, &text_of(value, &["processId"]))?;
    if let Some(parent) = member(value, "parentProcessImageFile").map(file_of) {
        add_fact(&mut evidence.facts, "Parent", &parent.full_path());
    }
    if let Some(user) = member(value, "userAccount").and_then(|user| account(user).build()) {
        add_fact(&mut evidence.facts, "User", &user.name);
    }
    add_member_facts(&mut evidence.facts, value, rows::PROCESS);
    Some(evidence)
}

fn message(value: &Value) -> Option<IncomingEvidence> {
    let sender = ["p2Sender", "p1Sender"]
        .iter()
        .filter_map(|key| member(value, key))
        .map(|sender| text_of(sender, &["emailAddress", "displayName"]))
        .find(|sender| !sender.is_empty())
        .unwrap_or_default();
    let ids = ["networkMessageId", "internetMessageId"].map(|key| text_of(value, &[key]));
    let mut evidence = evidence_kinds::message(&text_of(value, &["subject"]), &sender, &ids)?;
    add_fact(&mut evidence.facts, "Sender", &sender);
    add_member_facts(&mut evidence.facts, value, rows::MESSAGE);
    add_list_fact(&mut evidence.facts, value, "Threats", "threats");
    add_list_fact(&mut evidence.facts, value, "Detected by", "threatDetectionMethods");
    add_list_fact(&mut evidence.facts, value, "URLs", "urls");
    Some(evidence)
}

fn registry(value: &Value) -> Option<IncomingEvidence> {
    let [hive, key, name] = ["registryHive", "registryKey", "registryValueName"].map(|key| text_of(value, &[key]));
    let mut evidence = evidence_kinds::registry(&hive, &key, &name)?;
    add_member_facts(&mut evidence.facts, value, rows::OBJECT);
    Some(evidence)
}

fn resource(kind: EvidenceKind, value: &Value, names: &[&str], ids: &[String]) -> Option<IncomingEvidence> {
    let mut evidence = evidence_kinds::named_resource(kind, &text_of(value, names), ids)?;
    add_member_facts(&mut evidence.facts, value, rows::OBJECT);
    Some(evidence)
}

fn mail_cluster(value: &Value) -> Option<IncomingEvidence> {
    let id = text_of(value, &["urn", "clusterByValue", "query"]);
    let mut evidence = evidence_kinds::mail_cluster(&text_of(value, &["emailCount"]), &id)?;
    other_evidence::add_rest(&mut evidence, value);
    Some(evidence)
}
