//! The entities of a Sentinel alert, as evidence.

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use serde_json::Value;

use crate::formats::adapters::sentinel::columns;
use crate::formats::adapters::sentinel::facts as rows;
use crate::formats::adapters::sentinel::given_texts::looked_into;
use crate::formats::adapters::sentinel::principals::{host, user};
use crate::formats::adapters::sentinel::references::References;
use crate::formats::building::clean_text::LONG_MAX;
use crate::formats::building::evidence::{EVIDENCE_MAX, EvidenceSet, add_role};
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{add_fact, add_list_fact, add_member_facts};
use crate::formats::building::file::File;
use crate::formats::building::json::{member, text_of, text_of_max, texts_of};
use crate::formats::building::other_evidence;
use crate::formats::building::terms::{camel_case, is_unknown, normalized};
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// Entities inside of entities are read to this depth, also when they refer to each other in a circle.
const DEPTH_MAX: usize = 3;

/// The type of an entity without one: that of the first of these members that it has.
const TYPE_BY_MEMBER: [(&str, &str); 9] = [
    ("HostName", "host"),
    ("Address", "ip"),
    ("Url", "url"),
    ("MailboxPrimaryAddress", "mailbox"),
    ("NetworkMessageId", "mailmessage"),
    ("CommandLine", "process"),
    ("FileHashes", "file"),
    ("UPNSuffix", "account"),
    ("AadUserId", "account"),
];

/// Objects of the incident that are no entities of an attack.
const NO_ENTITIES: [&str; 2] = ["bookmark", "securityalert"];

/// Reads the entities, with one entry for each. Hashes without a file are read last, so that a file is shown
/// by its name and not by its hash.
pub(super) fn parse_entities(given: &Value) -> Vec<IncomingEvidence> {
    let entities = &looked_into(&columns::entities(given));
    let references = References::new(entities);
    let reader = EntityReader { references: &references };
    let one = std::slice::from_ref(entities);
    let given = entities.as_array().map_or(one, Vec::as_slice).iter();
    let (hashes, others): (Vec<_>, Vec<_>) = given
        .take(EVIDENCE_MAX * 4)
        .filter_map(|value| references.resolve(value))
        .filter(|value| value.is_object() && !NO_ENTITIES.contains(&type_of(value).as_str()))
        .partition(|value| type_of(value) == "filehash");
    let mut found = EvidenceSet::default();
    for value in others.into_iter().chain(hashes) {
        reader.add_entity(value, 0, &mut found);
    }
    found.finish()
}

fn type_of(value: &Value) -> String {
    let given = normalized(&text_of(value, &["Type", "type"]));
    if !given.is_empty() {
        return given;
    }
    let known_member = TYPE_BY_MEMBER.iter().find(|(key, _)| member(value, key).is_some());
    known_member.map_or_else(String::new, |(_, name)| (*name).to_owned())
}

struct EntityReader<'a> {
    references: &'a References<'a>,
}

impl<'a> EntityReader<'a> {
    fn add_entity(&self, value: &'a Value, depth: usize, found: &mut EvidenceSet) {
        if depth > DEPTH_MAX {
            return;
        }
        if let Some(mut evidence) = self.build(value) {
            add_common_fields(&mut evidence, value);
            found.add(evidence);
        }
        if type_of(value) == "mailmessage" {
            let mailboxes = texts_of(value, "Recipient").into_iter();
            let mailboxes = mailboxes.filter_map(|address| evidence_kinds::mailbox(&[address], ""));
            mailboxes.for_each(|evidence| found.add(evidence));
        }
        for key in ["ImageFile", "Account", "Host"] {
            if let Some(inner) = self.references.inner(value, key) {
                self.add_entity(inner, depth + 1, found);
            }
        }
    }

    fn build(&self, value: &'a Value) -> Option<IncomingEvidence> {
        match type_of(value).as_str() {
            "host" => host(value),
            "account" => user(value),
            "mailbox" => mailbox(value),
            "ip" => ip(value),
            "file" => self.file(value).build(),
            "filehash" => hash(value).build(),
            "process" => self.process(value),
            "url" => evidence_kinds::url(&text_of(value, &["Url"])),
            "mailmessage" => message(value),
            "mailcluster" => mail_cluster(value),
            "registrykey" => registry(value, ""),
            "registryvalue" => self.registry_value(value),
            "cloudapplication" => {
                let ids = [text_of(value, &["AppId", "SaasId"])];
                resource(EvidenceKind::CloudApplication, value, &["Name"], &ids)
            }
            "azureresource" | "amazonresource" | "gcpresource" => {
                let ids = [text_of(value, &["ResourceId", "AmazonResourceId"])];
                resource(EvidenceKind::CloudResource, value, &["ResourceName"], &ids)
            }
            _ => other_evidence::build(&text_of(value, &["Type", "type"]), value),
        }
    }

    fn file(&self, value: &'a Value) -> File {
        let mut file =
            File { name: text_of(value, &["Name"]), path: text_of(value, &["Directory"]), ..File::default() };
        for found in self.references.inner_list(value, "FileHashes").into_iter().map(hash) {
            for (place, hash) in
                [(&mut file.sha256, found.sha256), (&mut file.sha1, found.sha1), (&mut file.md5, found.md5)]
            {
                if place.is_empty() {
                    *place = hash;
                }
            }
        }
        file
    }

    fn process(&self, value: &'a Value) -> Option<IncomingEvidence> {
        let image = self.references.inner(value, "ImageFile");
        let image = image.map(|image| self.file(image)).unwrap_or_default();
        // Not shortened, because long commands may differ only at the end.
        let command = text_of_max(value, &["CommandLine"], LONG_MAX);
        let mut evidence = evidence_kinds::process(&command, &image, &text_of(value, &["ProcessId"]))?;
        if let Some(parent) = self.references.inner(value, "ParentProcess") {
            let image = self.references.inner(parent, "ImageFile");
            let image = image.map(|image| self.file(image)).unwrap_or_default();
            let path = image.full_path();
            let parent = if path.is_empty() { text_of(parent, &["CommandLine"]) } else { path };
            add_fact(&mut evidence.facts, "Parent", &parent);
        }
        let account = self.references.inner(value, "Account");
        if let Some(user) = account.and_then(user) {
            add_fact(&mut evidence.facts, "User", &user.name);
        }
        add_member_facts(&mut evidence.facts, value, rows::PROCESS);
        Some(evidence)
    }

    fn registry_value(&self, value: &'a Value) -> Option<IncomingEvidence> {
        let key = self.references.inner(value, "Key").unwrap_or(value);
        let mut evidence = registry(key, &text_of(value, &["Name"]))?;
        add_member_facts(&mut evidence.facts, value, rows::REGISTRY_VALUE);
        Some(evidence)
    }
}

fn add_common_fields(evidence: &mut IncomingEvidence, value: &Value) {
    for role in texts_of(value, "Roles") {
        add_role(evidence, &role);
    }
    let verdict = camel_case(&text_of(value, &["LastVerdict", "Verdict"]));
    if matches!(verdict.as_str(), "suspicious" | "malicious" | "noThreatsFound") {
        evidence.verdict = verdict;
    }
    let remediation = camel_case(&text_of(value, &["LastRemediationState", "RemediationState"]));
    if !is_unknown(&remediation) {
        evidence.remediation = remediation;
    }
    add_list_fact(&mut evidence.facts, value, "Tags", "Tags");
}

fn mailbox(value: &Value) -> Option<IncomingEvidence> {
    let addresses = ["MailboxPrimaryAddress", "Upn"].map(|key| text_of(value, &[key]));
    let mut evidence = evidence_kinds::mailbox(&addresses, &text_of(value, &["DisplayName"]))?;
    add_member_facts(&mut evidence.facts, value, rows::MAILBOX);
    Some(evidence)
}

fn ip(value: &Value) -> Option<IncomingEvidence> {
    let mut evidence = evidence_kinds::ip(&text_of(value, &["Address"]))?;
    if let Some(place) = member(value, "Location") {
        add_member_facts(&mut evidence.facts, place, rows::LOCATION);
    }
    Some(evidence)
}

fn hash(value: &Value) -> File {
    File::of_hash(&text_of(value, &["Algorithm"]), &text_of(value, &["Value"]))
}

fn message(value: &Value) -> Option<IncomingEvidence> {
    let sender = text_of(value, &["Sender", "P2Sender", "P1Sender"]);
    let ids = ["NetworkMessageId", "InternetMessageId"].map(|key| text_of(value, &[key]));
    let mut evidence = evidence_kinds::message(&text_of(value, &["Subject"]), &sender, &ids)?;
    add_fact(&mut evidence.facts, "Sender", &sender);
    add_member_facts(&mut evidence.facts, value, rows::MESSAGE);
    add_list_fact(&mut evidence.facts, value, "Threats", "Threats");
    add_list_fact(&mut evidence.facts, value, "Detected by", "ThreatDetectionMethods");
    add_list_fact(&mut evidence.facts, value, "URLs", "Urls");
    Some(evidence)
}

fn mail_cluster(value: &Value) -> Option<IncomingEvidence> {
    let id = text_of(value, &["Urn", "ClusterByValue", "Query"]);
    let mut evidence = evidence_kinds::mail_cluster(&text_of(value, &["MailCount"]), &id)?;
    other_evidence::add_rest(&mut evidence, value);
    Some(evidence)
}

fn registry(key: &Value, value_name: &str) -> Option<IncomingEvidence> {
    evidence_kinds::registry(&text_of(key, &["Hive"]), &text_of(key, &["Key"]), value_name)
}

fn resource(kind: EvidenceKind, value: &Value, names: &[&str], ids: &[String]) -> Option<IncomingEvidence> {
    let mut evidence = evidence_kinds::named_resource(kind, &text_of(value, names), ids)?;
    add_member_facts(&mut evidence.facts, value, rows::OBJECT);
    Some(evidence)
}
