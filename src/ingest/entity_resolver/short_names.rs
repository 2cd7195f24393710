//! Short names that fit several entities: they identify none of them (R17). Evidence of which nothing else is
//! known is an entity of its own.

use std::collections::{BTreeMap, BTreeSet};

use crate::ingest::entity_resolver::types::{EntityResolver, bare_key, is_full, shared_key};
use crate::model::entity::{EvidenceKind, bounded, is_weak, key_type};
use crate::model::incoming::IncomingEvidence;

impl EntityResolver {
    /// Notes the weak keys that are stored as shared, and those that the batch shows to be: so the order within
    /// it does not matter.
    pub(super) fn note_shared(&mut self, items: &[&IncomingEvidence]) {
        let mut first: BTreeMap<(EvidenceKind, String), BTreeSet<String>> = BTreeMap::new();
        for item in items {
            let full: BTreeSet<String> = item.keys.iter().map(|key| bounded(key)).filter(|key| is_full(key)).collect();
            for weak in item.keys.iter().map(|key| bounded(key)).filter(|key| is_weak(key)) {
                let place = (item.kind, weak);
                if self.by_key.contains_key(&(item.kind, shared_key(&place.1))) {
                    self.shared.insert(place.clone());
                }
                if full.is_empty() {
                    continue;
                }
                let known = first.entry(place.clone()).or_insert_with(|| self.full_keys_of(&place));
                if known.is_disjoint(&full) && contradict(known, &full) {
                    self.shared.insert(place);
                } else {
                    known.extend(full.iter().cloned());
                }
            }
        }
    }

    fn full_keys_of(&self, place: &(EvidenceKind, String)) -> BTreeSet<String> {
        let known = self.by_key.get(place).and_then(|id| self.known.get(id));
        known.map(|known| known.keys.iter().filter(|key| is_full(key)).cloned().collect()).unwrap_or_default()
    }

    /// The keys by which evidence is looked up and under which it is stored: without weak keys that are shared,
    /// or, when it has no others, as an entity of its own.
    pub(super) fn usable_keys(&self, item: &IncomingEvidence) -> Vec<String> {
        let keys: Vec<String> = item.keys.iter().map(|key| bounded(key)).collect();
        let (shared, mut usable): (Vec<String>, Vec<String>) =
            keys.into_iter().partition(|key| self.shared.contains(&(item.kind, key.clone())));
        if usable.is_empty() {
            usable.extend(shared.iter().map(|key| self.own_key(item.kind, key)));
        }
        usable
    }

    /// The weak key itself where its entity was never known by more than that.
    fn own_key(&self, kind: EvidenceKind, weak: &str) -> String {
        let holder = self.by_key.get(&(kind, weak.to_owned())).and_then(|id| self.known.get(id));
        let is_bare = holder.is_some_and(|known| !known.keys.iter().any(|key| is_full(key)));
        if is_bare { weak.to_owned() } else { bare_key(weak) }
    }

    /// Notes that a weak key of an entity is another's, too, when both are known by more than it.
    pub(super) fn note_second(&mut self, id: i64, kind: EvidenceKind, weak: &str) {
        let place = (kind, weak.to_owned());
        let full = |id: i64| self.known.get(&id).is_some_and(|known| known.keys.iter().any(|key| is_full(key)));
        let other = self.by_key.get(&place).copied().filter(|other| *other != id);
        if other.is_some_and(|other| full(other) && full(id)) {
            self.shared.insert(place);
            self.store_shared(id, kind, weak);
        }
    }

    /// Stores that a weak key is shared, once.
    pub(super) fn store_shared(&mut self, id: i64, kind: EvidenceKind, weak: &str) {
        let key = (kind, shared_key(weak));
        if !self.by_key.contains_key(&key) {
            self.by_key.insert(key.clone(), id);
            self.new_keys.push(key);
        }
    }
}

/// Whether two sets of keys have different values of one type.
pub(super) fn contradict(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    other.iter().any(|key| {
        let mut same_type = one.iter().filter(|known| key_type(known) == key_type(key)).peekable();
        same_type.peek().is_some() && !same_type.any(|known| known == key)
    })
}
