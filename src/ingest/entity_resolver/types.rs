//! The entities around a batch, in memory.

use std::collections::{BTreeSet, HashMap};

use crate::model::entity::{EvidenceKind, bounded, is_weak};
use crate::model::importance::Importance;
use crate::model::incoming::IncomingEvidence;

/// Most values in one statement.
pub(super) const CHUNK: usize = 500;

/// Keys that name the same person: the address of a mailbox is its owner's user principal name.
const COUNTERPARTS: [(EvidenceKind, &str, EvidenceKind, &str); 2] = [
    (EvidenceKind::Mailbox, "addr:", EvidenceKind::User, "upn:"),
    (EvidenceKind::User, "upn:", EvidenceKind::Mailbox, "addr:"),
];

#[derive(Debug, Clone)]
pub(super) struct KnownEntity {
    pub(super) kind: EvidenceKind,
    pub(super) name: String,
    pub(super) links: bool,
    pub(super) importance: Importance,
    pub(super) keys: BTreeSet<String>,
    /// The keys of its names beside `name`.
    pub(super) names: BTreeSet<String>,
    pub(super) new: bool,
    pub(super) renamed: bool,
}

/// The stored and new entities that the evidence of a batch may be.
#[derive(Debug, Default)]
pub struct EntityResolver {
    pub(super) by_key: HashMap<(EvidenceKind, String), i64>,
    pub(super) known: HashMap<i64, KnownEntity>,
    pub(super) merged: HashMap<i64, i64>,
    pub(super) new_keys: Vec<(EvidenceKind, String)>,
    /// Further names that are not stored yet.
    pub(super) new_names: Vec<(i64, String)>,
    /// Weak keys that fit several entities and so identify none of them.
    pub(super) shared: BTreeSet<(EvidenceKind, String)>,
    pub(super) ids: std::ops::Range<i64>,
    /// Incidents whose entities were merged, so that their counts must be computed again.
    pub affected: BTreeSet<i64>,
}

/// The key that is stored when a weak key turns out to fit several entities.
pub(super) fn shared_key(weak: &str) -> String {
    bounded(&format!("shared:{weak}"))
}

/// The key of an entity of which nothing but such a weak key is known.
pub(super) fn bare_key(weak: &str) -> String {
    bounded(&format!("bare:{weak}"))
}

/// Whether a key tells the entity from others of the same short name.
pub(super) fn is_full(key: &str) -> bool {
    !is_weak(key) && !key.starts_with("shared:") && !key.starts_with("bare:")
}

/// The keys under which the same person is known as a user or as a mailbox.
pub(super) fn counterpart_keys(item: &IncomingEvidence) -> Vec<(EvidenceKind, String)> {
    COUNTERPARTS
        .iter()
        .filter(|(from_kind, ..)| *from_kind == item.kind)
        .flat_map(|(_, from, to_kind, to)| {
            let values = item.keys.iter().filter_map(move |key| key.strip_prefix(from));
            values.map(move |value| (*to_kind, bounded(&format!("{to}{value}"))))
        })
        .collect()
}
