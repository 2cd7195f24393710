//! Evidence whose name is a list or an object as text becomes evidence of each name in it (R17).

use crate::formats::building::clean_text::{ID_MAX, clean_line};
use crate::formats::building::evidence_item::add_role;
use crate::formats::building::evidence_kinds;
use crate::formats::building::file::File;
use crate::formats::building::names_in_text::{parts_in, single};
use crate::formats::building::principals::{Account, Device};
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// Types of keys that do not come from a name.
const IDS: [&str; 7] = ["mde:", "aad:", "sid:", "sha256:", "sha1:", "md5:", "alert:"];

/// One piece of evidence for each name, with the roles and the verdict of the whole. Ids belong to a single
/// name; without any name, they are the evidence.
pub(super) fn one_each(mut evidence: IncomingEvidence) -> Vec<IncomingEvidence> {
    let Some(names) = parts_in(evidence.kind, &evidence.name) else {
        evidence.name = clean_line(&evidence.name, ID_MAX);
        return vec![evidence];
    };
    let ids: Vec<String> =
        evidence.keys.iter().filter(|key| IDS.iter().any(|id| key.starts_with(id))).cloned().collect();
    let only = names.len() == 1;
    let built: Vec<IncomingEvidence> = names.iter().filter_map(|name| build(&evidence, name)).collect();
    if built.is_empty() {
        return by_id(evidence, ids).into_iter().collect();
    }
    let common = |mut one: IncomingEvidence| {
        if only {
            one.keys.splice(0..0, ids.iter().cloned());
        }
        evidence.roles.iter().for_each(|role| add_role(&mut one, role));
        one.verdict.clone_from(&evidence.verdict);
        one.remediation.clone_from(&evidence.remediation);
        one
    };
    built.into_iter().map(common).collect()
}

fn by_id(mut evidence: IncomingEvidence, ids: Vec<String>) -> Option<IncomingEvidence> {
    let (_, id) = ids.first()?.split_once(':')?;
    id.clone_into(&mut evidence.name);
    evidence.keys = ids;
    Some(evidence)
}

fn build(whole: &IncomingEvidence, name: &str) -> Option<IncomingEvidence> {
    let name = name.to_owned();
    match whole.kind {
        EvidenceKind::Device => Device { names: vec![name], ..Device::default() }.build(),
        EvidenceKind::User => Account { name, ..Account::default() }.build(),
        EvidenceKind::Mailbox => evidence_kinds::mailbox(&[single(whole.kind, &name)], ""),
        EvidenceKind::Ip => evidence_kinds::ip(&single(whole.kind, &name)),
        EvidenceKind::Url => evidence_kinds::url(&single(whole.kind, &name)),
        EvidenceKind::File => File::named(name).build(),
        EvidenceKind::Process if name.contains(char::is_whitespace) => {
            evidence_kinds::process(&name, &File::default(), "")
        }
        EvidenceKind::Process => evidence_kinds::process("", &File::named(name), ""),
        kind => {
            let name = single(kind, &name);
            let label = whole.facts.iter().find(|(label, _)| label == "Type").map_or("Entity", |(_, label)| label);
            match kind {
                EvidenceKind::Other => evidence_kinds::other(label, &name, ""),
                kind => evidence_kinds::named_resource(kind, &name, std::slice::from_ref(&name)),
            }
        }
    }
}
