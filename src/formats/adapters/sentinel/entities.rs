//! The entities of a Sentinel alert, as evidence.

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use serde_json::Value;

use crate::formats::adapters::sentinel::facts as rows;
use crate::formats::adapters::sentinel::principals::{host, user};
use crate::formats::adapters::sentinel::references::References;
use crate::formats::building::clean_text::LONG_MAX;
use crate::formats::building::evidence::{Collection, EVIDENCE_MAX, add_role};
use crate::formats::building::evidence_kinds::{self, File};
use crate::formats::building::facts::{add_fact, add_list, add_rows};
use crate::formats::building::json::{list, member, text, text_max};
use crate::formats::building::other_evidence;
use crate::formats::building::terms::{camel, folded, says_nothing};
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// Entities inside entities are read this far; circles end here.
const DEPTH_MAX: usize = 3;

/// Members by which an entity without a type is recognised, in this order.
const TELLING: [(&str, &str); 9] = [
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

/// Reads the entities and merges what is the same. Bare hashes come last, so that a file is named
/// by its name and not by its hash.
pub(super) fn read(entities: &Value) -> Vec<IncomingEvidence> {
    let references = References::new(entities);
    let reader = Reader { references: &references };
    let one = std::slice::from_ref(entities);
    let given = entities.as_array().map_or(one, Vec::as_slice).iter();
    let (hashes, others): (Vec<_>, Vec<_>) = given
        .take(EVIDENCE_MAX * 4)
        .filter_map(|value| references.resolve(value))
        .filter(|value| value.is_object())
        .partition(|value| type_of(value) == "filehash");
    let mut found = Collection::default();
    for value in others.into_iter().chain(hashes) {
        reader.read_one(value, 0, &mut found);
    }
    found.finish()
}

fn type_of(value: &Value) -> String {
    let given = folded(&text(value, &["Type", "type"]));
    if !given.is_empty() {
        return given;
    }
    let telling = TELLING.iter().find(|(key, _)| member(value, key).is_some());
    telling.map_or_else(String::new, |(_, name)| (*name).to_owned())
}

struct Reader<'a> {
    references: &'a References<'a>,
}

impl<'a> Reader<'a> {
    fn read_one(&self, value: &'a Value, depth: usize, found: &mut Collection) {
        if depth > DEPTH_MAX {
            return;
        }
        if let Some(mut made) = self.build(value) {
            apply_base(&mut made, value);
            found.add(made);
        }
        if type_of(value) == "mailmessage" {
            let mailboxes = list(value, "Recipient").into_iter();
            let mailboxes = mailboxes.filter_map(|address| evidence_kinds::mailbox(&[address], ""));
            mailboxes.for_each(|made| found.add(made));
        }
        for key in ["ImageFile", "Account", "Host"] {
            if let Some(inner) = self.references.inner(value, key) {
                self.read_one(inner, depth + 1, found);
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
            "url" => evidence_kinds::url(&text(value, &["Url"])),
            "mailmessage" => message(value),
            "mailcluster" => mail_cluster(value),
            "registrykey" => registry(value, ""),
            "registryvalue" => self.registry_value(value),
            "cloudapplication" => {
                let ids = [text(value, &["AppId", "SaasId"])];
                named(EvidenceKind::CloudApplication, value, &["Name"], &ids)
            }
            "azureresource" | "amazonresource" | "gcpresource" => {
                let ids = [text(value, &["ResourceId", "AmazonResourceId"])];
                named(EvidenceKind::CloudResource, value, &["ResourceName"], &ids)
            }
            _ => other_evidence::build(&text(value, &["Type", "type"]), value),
        }
    }

    fn file(&self, value: &'a Value) -> File {
        let mut file = File { name: text(value, &["Name"]), path: text(value, &["Directory"]), ..File::default() };
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
        // Whole, because the end of a long command tells it from others.
        let command = text_max(value, &["CommandLine"], LONG_MAX);
        let mut made = evidence_kinds::process(&command, &image, &text(value, &["ProcessId"]))?;
        if let Some(parent) = self.references.inner(value, "ParentProcess") {
            let image = self.references.inner(parent, "ImageFile");
            let image = image.map(|image| self.file(image)).unwrap_or_default();
            let path = image.full_path();
            let parent = if path.is_empty() { text(parent, &["CommandLine"]) } else { path };
            add_fact(&mut made.facts, "Parent", &parent);
        }
        let account = self.references.inner(value, "Account");
        if let Some(user) = account.and_then(user) {
            add_fact(&mut made.facts, "User", &user.name);
        }
        add_rows(&mut made.facts, value, rows::PROCESS);
        Some(made)
    }

    fn registry_value(&self, value: &'a Value) -> Option<IncomingEvidence> {
        let key = self.references.inner(value, "Key").unwrap_or(value);
        let mut made = registry(key, &text(value, &["Name"]))?;
        add_rows(&mut made.facts, value, rows::REGISTRY_VALUE);
        Some(made)
    }
}

fn apply_base(made: &mut IncomingEvidence, value: &Value) {
    for role in list(value, "Roles") {
        add_role(made, &role);
    }
    let verdict = camel(&text(value, &["LastVerdict", "Verdict"]));
    if matches!(verdict.as_str(), "suspicious" | "malicious" | "noThreatsFound") {
        made.verdict = verdict;
    }
    let remediation = camel(&text(value, &["LastRemediationState", "RemediationState"]));
    if !says_nothing(&remediation) {
        made.remediation = remediation;
    }
    add_list(&mut made.facts, value, "Tags", "Tags");
}

fn mailbox(value: &Value) -> Option<IncomingEvidence> {
    let addresses = ["MailboxPrimaryAddress", "Upn"].map(|key| text(value, &[key]));
    let mut made = evidence_kinds::mailbox(&addresses, &text(value, &["DisplayName"]))?;
    add_rows(&mut made.facts, value, rows::MAILBOX);
    Some(made)
}

fn ip(value: &Value) -> Option<IncomingEvidence> {
    let mut made = evidence_kinds::ip(&text(value, &["Address"]))?;
    if let Some(place) = member(value, "Location") {
        add_rows(&mut made.facts, place, rows::LOCATION);
    }
    Some(made)
}

fn hash(value: &Value) -> File {
    File::of_hash(&text(value, &["Algorithm"]), &text(value, &["Value"]))
}

fn message(value: &Value) -> Option<IncomingEvidence> {
    let sender = text(value, &["Sender", "P2Sender", "P1Sender"]);
    let ids = ["NetworkMessageId", "InternetMessageId"].map(|key| text(value, &[key]));
    let mut made = evidence_kinds::message(&text(value, &["Subject"]), &sender, &ids)?;
    add_fact(&mut made.facts, "Sender", &sender);
    add_rows(&mut made.facts, value, rows::MESSAGE);
    add_list(&mut made.facts, value, "Threats", "Threats");
    add_list(&mut made.facts, value, "Detected by", "ThreatDetectionMethods");
    add_list(&mut made.facts, value, "URLs", "Urls");
    Some(made)
}

fn mail_cluster(value: &Value) -> Option<IncomingEvidence> {
    let id = text(value, &["Urn", "ClusterByValue", "Query"]);
    let mut made = evidence_kinds::mail_cluster(&text(value, &["MailCount"]), &id)?;
    other_evidence::add_rest(&mut made, value);
    Some(made)
}

fn registry(key: &Value, value_name: &str) -> Option<IncomingEvidence> {
    evidence_kinds::registry(&text(key, &["Hive"]), &text(key, &["Key"]), value_name)
}

fn named(kind: EvidenceKind, value: &Value, names: &[&str], ids: &[String]) -> Option<IncomingEvidence> {
    let mut made = evidence_kinds::named(kind, &text(value, names), ids)?;
    add_rows(&mut made.facts, value, rows::OBJECT);
    Some(made)
}
