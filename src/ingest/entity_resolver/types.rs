//! The entities around a batch, in memory.

use std::collections::{BTreeSet, HashMap};

use crate::model::entity::{EvidenceKind, bounded};
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
    pub(super) facts: Vec<(String, String)>,
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
    pub(super) ids: std::ops::Range<i64>,
    /// Incidents whose entities were merged, so that their counts must be computed again.
    pub affected: BTreeSet<i64>,
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
