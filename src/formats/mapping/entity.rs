//! Builds evidence from a mapping's fields, with the same builders as adapters, so that the keys are
//! the same.

use crate::formats::building::evidence::{EVIDENCE_MAX, EvidenceSet, add_role};
use crate::formats::building::evidence_kinds;
use crate::formats::building::file::File;
use crate::formats::building::names_in_text::all_names;
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::terms;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// Adds roles in Graph's spelling, and sets the verdict when it is one of Graph's.
pub(super) fn set_roles_and_verdict(evidence: &mut IncomingEvidence, roles: &[String], verdict: &str) {
    for role in roles {
        add_role(evidence, role);
    }
    let verdict = terms::camel_case(verdict);
    if matches!(verdict.as_str(), "suspicious" | "malicious" | "noThreatsFound") {
        evidence.verdict = verdict;
    }
}

/// Merges evidence of the same entity; keeps at most as many as an alert does.
pub(super) fn merge_evidence(found: Vec<IncomingEvidence>) -> Vec<IncomingEvidence> {
    let mut collection = EvidenceSet::default();
    for evidence in found.into_iter().take(EVIDENCE_MAX * 4) {
        collection.add(evidence);
    }
    collection.finish()
}

/// Builds one entity; `None` without a name. `get` returns the cleaned text of a field of
/// `mapping::fields`, `all` all its texts.
pub(super) fn build(
    kind: EvidenceKind,
    get: &dyn Fn(&str) -> String,
    all: &dyn Fn(&str) -> Vec<String>,
) -> Option<IncomingEvidence> {
    match kind {
        EvidenceKind::Device => {
            let names = vec![device_name(&get("name")).to_owned()];
            Device { mde: get("defenderId"), aad: get("entraId"), names, domain: get("domain") }.build()
        }
        EvidenceKind::User => Account {
            upn: get("upn"),
            name: account_name(get("name")),
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

/// A backslash is doubled where a sender has escaped it twice.
fn account_name(given: String) -> String {
    if given.starts_with('{') { given } else { given.replace("\\\\", "\\") }
}

/// Whether a text is the path of a virtual machine, whose last part is its name.
pub(super) fn is_instance_path(text: &str) -> bool {
    let text = text.to_lowercase();
    [":instance/", "/instances/", "/virtualmachines/"].iter().any(|part| text.contains(part))
}

/// A device's name without its domain ("CONTOSO\WEB-01") and its port ("web-01:9100"), or the last part of the path of
/// an instance ("arn:aws:ec2:eu-central-1:1:instance/i-0a1").
fn device_name(given: &str) -> &str {
    if given.starts_with(['[', '{']) {
        return given;
    }
    let given = given.rsplit('\\').next().filter(|name| !name.is_empty()).unwrap_or(given);
    if is_instance_path(given) {
        return given.rsplit('/').next().unwrap_or(given);
    }
    match given.rsplit_once(':') {
        Some((name, port))
            if !name.is_empty()
                && !name.contains(':')
                && !port.is_empty()
                && port.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            name
        }
        _ => given,
    }
}

/// The algorithm of a hash is known by its length.
fn file(get: &dyn Fn(&str) -> String) -> File {
    File { name: get("name"), path: get("path"), sha256: get("sha256"), sha1: get("sha1"), md5: get("md5") }
        .with_hashes(&all_names(EvidenceKind::File, &get("hash")))
}

#[cfg(test)]
mod tests {
    use super::device_name;

    #[test]
    fn a_device_is_named_without_port_and_path() {
        for (given, name) in [
            ("bastion-1.contoso.test:9100", "bastion-1.contoso.test"),
            ("10.0.0.5:9100", "10.0.0.5"),
            ("fe80::1:22", "fe80::1:22"),
            ("arn:aws:ec2:eu-central-1:1:instance/i-0a1", "i-0a1"),
            ("//compute.example/projects/p/zones/z/instances/web-7", "web-7"),
            ("/subscriptions/s/providers/microsoft.compute/virtualmachines/vm-1", "vm-1"),
            ("web-01", "web-01"),
            ("CONTOSO\\WEB-01", "WEB-01"),
        ] {
            assert_eq!(device_name(given), name, "{given}");
        }
    }
}
