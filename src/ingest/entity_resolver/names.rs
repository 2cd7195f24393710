//! The names of an entity: the best one is shown, and it is found by all of them.

use std::net::IpAddr;

use crate::ingest::entity_resolver::types::EntityResolver;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;
use crate::model::meaningless::is_meaningless_name;
use crate::text::folded;

/// Most names that an entity keeps beside its best.
const NAMES_MAX: usize = 64;
/// Types of keys whose value is shown only until there is a name.
const IDS: [&str; 6] = ["mde", "aad", "sid", "sha256", "sha1", "md5"];

impl EntityResolver {
    /// Notes the name that evidence gives to its entity. A name replaces an id or a hash, and a full name a
    /// short one, whichever came first.
    pub(super) fn note_name(&mut self, id: i64, item: &IncomingEvidence) {
        let Some(known) = self.known.get_mut(&id) else { return };
        let better = rank(item.kind, &item.name, &item.keys) > rank(known.kind, &known.name, &known.keys);
        let mut name = item.name.clone();
        if better {
            name = std::mem::replace(&mut known.name, name);
            known.renamed = true;
        }
        self.add_name(id, &name);
    }

    /// Adds a further name, unless it is an id or means nothing.
    pub(super) fn add_name(&mut self, id: i64, name: &str) {
        let Some(known) = self.known.get_mut(&id) else { return };
        let key = folded(name);
        if key == folded(&known.name) || rank(known.kind, name, &known.keys) == 0 || known.names.len() >= NAMES_MAX {
            return;
        }
        if known.names.insert(key) {
            self.new_names.push((id, name.to_owned()));
        }
    }
}

/// The name of a new entity: what its alert calls it, or its id where that means nothing.
pub(super) fn first_name(item: &IncomingEvidence) -> String {
    if !is_meaningless_name(item.kind, &item.name) {
        return item.name.clone();
    }
    let parts = item.keys.iter().filter_map(|key| key.split_once(':'));
    let id = parts.into_iter().find(|(key_type, _)| IDS.contains(key_type)).map(|(_, id)| id);
    id.unwrap_or(&item.name).to_owned()
}

/// How much a name says: nothing (a placeholder, or one of the entity's ids), a name, a full name.
fn rank<'k>(kind: EvidenceKind, name: &str, keys: impl IntoIterator<Item = &'k String>) -> u8 {
    let lower = folded(name);
    let is_id = keys
        .into_iter()
        .filter_map(|key| key.split_once(':'))
        .any(|(key_type, id)| IDS.contains(&key_type) && id == lower);
    let is_full = match kind {
        EvidenceKind::Device => name.contains('.') && name.parse::<IpAddr>().is_err(),
        EvidenceKind::User => name.contains('@'),
        _ => false,
    };
    if is_id || is_meaningless_name(kind, name) { 0 } else { 1 + u8::from(is_full) }
}
