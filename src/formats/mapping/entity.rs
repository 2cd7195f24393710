//! Evidence from a mapping's fields, through the builders that adapters use, so that a device from a
//! mapping is the device that an adapter knows.

use crate::formats::building::evidence::{EVIDENCE_MAX, EvidenceSet, add_role};
use crate::formats::building::evidence_kinds::{self, File};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::terms;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// Roles in Graph's spelling, and the verdict where it is one.
pub(super) fn set_roles_and_verdict(evidence: &mut IncomingEvidence, roles: &[String], verdict: &str) {
    for role in roles {
        add_role(evidence, role);
    }
    let verdict = terms::camel_case(verdict);
    if matches!(verdict.as_str(), "suspicious" | "malicious" | "noThreatsFound") {
        evidence.verdict = verdict;
    }
}

/// Merges what is the same entity; at most as much as an alert keeps.
pub(super) fn merged(found: Vec<IncomingEvidence>) -> Vec<IncomingEvidence> {
    let mut collection = EvidenceSet::default();
    for evidence in found.into_iter().take(EVIDENCE_MAX * 4) {
        collection.add(evidence);
    }
    collection.finish()
}

/// One entity from its fields, which `get` gives cleaned by name; `None` when nothing names it.
/// The names are those of `mapping::fields`.
pub(super) fn entity(
    kind: EvidenceKind,
    get: &dyn Fn(&str) -> String,
    all: &dyn Fn(&str) -> Vec<String>,
) -> Option<IncomingEvidence> {
    match kind {
        EvidenceKind::Device => {
            Device { mde: get("defenderId"), aad: get("entraId"), names: vec![get("name")], domain: get("domain") }
                .build()
        }
        EvidenceKind::User => Account {
            upn: get("upn"),
            name: get("name"),
            domain: get("domain"),
            aad: get("objectId"),
            sid: get("sid"),
            display: get("displayName"),
        }
        .build(),
        EvidenceKind::Mailbox => evidence_kinds::mailbox(&[get("address")], &get("displayName")),
        EvidenceKind::Ip => evidence_kinds::ip(&get("address")),
        EvidenceKind::File => file(get).build(),
        EvidenceKind::Process => {
            let image = File { name: get("imageName"), path: get("imagePath"), ..File::default() };
            evidence_kinds::process(&get("commandLine"), &image, &get("processId"))
        }
        EvidenceKind::Url => evidence_kinds::url(&get("url")),
        EvidenceKind::MailMessage => evidence_kinds::message(&get("subject"), &get("sender"), &all("id")),
        EvidenceKind::RegistryKey => evidence_kinds::registry(&get("hive"), &get("key"), &get("valueName")),
        EvidenceKind::CloudApplication | EvidenceKind::CloudResource => {
            evidence_kinds::named_resource(kind, &get("name"), &all("id"))
        }
        EvidenceKind::Other => {
            let label = get("type");
            let label = if label.is_empty() { "Entity" } else { &label };
            evidence_kinds::other(label, &get("name"), &get("id"))
        }
    }
}

/// A hash without its algorithm is told by its length.
fn file(get: &dyn Fn(&str) -> String) -> File {
    let mut file =
        File { name: get("name"), path: get("path"), sha256: get("sha256"), sha1: get("sha1"), md5: get("md5") };
    let hash = get("hash");
    let place = match hash.len() {
        64 => &mut file.sha256,
        40 => &mut file.sha1,
        32 => &mut file.md5,
        _ => return file,
    };
    if place.is_empty() {
        *place = hash;
    }
    file
}
