//! The evidence of an alert: several pieces that are the same entity become one, and one that names several
//! entities becomes several.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub(crate) use crate::formats::building::evidence_item::{add_key, add_role, new_evidence};

use crate::formats::building::evidence_item::push_new;
use crate::formats::building::facts::add_fact;
use crate::formats::building::several_names::one_each;
use crate::model::entity::{EvidenceKind, is_weak};
use crate::model::incoming::IncomingEvidence;

/// Most evidence that one alert keeps.
pub(crate) const EVIDENCE_MAX: usize = 1_000;
/// Most pieces of evidence of an alert that are compared with those that are kept.
const OFFERED_MAX: usize = 20 * EVIDENCE_MAX;

/// Types of keys, strongest first: pieces of evidence are compared by the strongest type that both have.
const KEY_TYPES: [&str; 17] = [
    "mde", "aad", "fqdn", "host", "sid", "upn", "sam", "name", "addr", "ip", "sha256", "sha1", "md5", "path", "cmd",
    "url", "id",
];

/// Kinds whose names become keys unless they mean nothing: without a key they are placeholders.
const NAMED_BY_KEYS: [EvidenceKind; 5] =
    [EvidenceKind::Device, EvidenceKind::User, EvidenceKind::Mailbox, EvidenceKind::Ip, EvidenceKind::Url];

/// The evidence of one alert, with one entry for each entity.
#[derive(Debug, Default)]
pub(crate) struct EvidenceSet {
    slots: Vec<Option<IncomingEvidence>>,
    by_key: HashMap<(EvidenceKind, String), Vec<usize>>,
    kept: usize,
    /// Pieces that were added so far.
    offered: usize,
}

impl EvidenceSet {
    /// Adds an entity, or merges it into the same one that is there. A name that is a list adds each of its
    /// entries.
    pub fn add(&mut self, evidence: IncomingEvidence) {
        for one in one_each(evidence) {
            self.add_one(one);
        }
    }

    fn add_one(&mut self, mut evidence: IncomingEvidence) {
        self.offered += 1;
        if self.offered > OFFERED_MAX {
            return;
        }
        if evidence.keys.is_empty() && !NAMED_BY_KEYS.contains(&evidence.kind) {
            let name = evidence.name.clone();
            add_key(&mut evidence, "id", &name);
        }
        sort_keys(&mut evidence.keys);
        let same =
            if evidence.keys.is_empty() { self.slots_named_as(&evidence) } else { self.slots_with_a_key_of(&evidence) };
        let mut same = same.into_iter();
        match same.next() {
            Some(slot) => {
                self.merge_into(slot, evidence);
                same.for_each(|other| self.merge_slots(slot, other));
            }
            None if self.kept < EVIDENCE_MAX && !evidence.name.is_empty() => {
                self.slots.push(None);
                self.kept += 1;
                self.put(self.slots.len() - 1, evidence);
            }
            None => {}
        }
    }

    /// All entities, in the order in which they were added.
    pub fn finish(self) -> Vec<IncomingEvidence> {
        self.slots.into_iter().flatten().collect()
    }

    /// Evidence without a key is the same within an alert when it has the same kind and name.
    fn slots_named_as(&self, evidence: &IncomingEvidence) -> Vec<usize> {
        let is_that = |known: &IncomingEvidence| {
            known.keys.is_empty() && known.kind == evidence.kind && known.name == evidence.name
        };
        self.slots.iter().position(|slot| slot.as_ref().is_some_and(is_that)).into_iter().collect()
    }

    fn slots_with_a_key_of(&self, evidence: &IncomingEvidence) -> Vec<usize> {
        let mut slots: Vec<usize> = evidence
            .keys
            .iter()
            .filter_map(|key| self.by_key.get(&(evidence.kind, key.clone())))
            .flatten()
            .copied()
            .filter(|&slot| self.get(slot).is_some_and(|known| is_same(known, evidence)))
            .collect();
        slots.sort_unstable();
        slots.dedup();
        // A short name that fits two entities is neither of them.
        if slots.len() > 1 && evidence.keys.iter().all(|key| is_weak(key)) {
            slots.clear();
        }
        slots
    }

    fn get(&self, slot: usize) -> Option<&IncomingEvidence> {
        self.slots.get(slot)?.as_ref()
    }

    fn take(&mut self, slot: usize) -> Option<IncomingEvidence> {
        self.slots.get_mut(slot)?.take()
    }

    fn put(&mut self, slot: usize, evidence: IncomingEvidence) {
        for key in &evidence.keys {
            let slots = self.by_key.entry((evidence.kind, key.clone())).or_default();
            if !slots.contains(&slot) {
                slots.push(slot);
            }
        }
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(evidence);
        }
    }

    fn merge_into(&mut self, slot: usize, evidence: IncomingEvidence) {
        if let Some(mut known) = self.take(slot) {
            merge_evidence(&mut known, evidence);
            self.put(slot, known);
        }
    }

    /// Merges two entries that a third one shows to be the same entity.
    fn merge_slots(&mut self, slot: usize, other: usize) {
        let same = match (self.get(slot), self.get(other)) {
            (Some(known), Some(found)) => is_same(known, found),
            _ => false,
        };
        if same && let Some(found) = self.take(other) {
            self.kept -= 1;
            self.merge_into(slot, found);
        }
    }
}

/// Compares by the strongest type of key that both have: two hosts "web-01" of different domains
/// share their short name and are two hosts.
fn is_same(one: &IncomingEvidence, other: &IncomingEvidence) -> bool {
    let of_type = |evidence: &IncomingEvidence, key_type: &str| -> Vec<String> {
        let keys = evidence.keys.iter();
        keys.filter(|key| key_type_of(key) == key_type).cloned().collect()
    };
    KEY_TYPES
        .iter()
        .map(|key_type| (of_type(one, key_type), of_type(other, key_type)))
        .find(|(left, right)| !left.is_empty() && !right.is_empty())
        .is_some_and(|(left, right)| left.iter().any(|key| right.contains(key)))
}

fn key_type_of(key: &str) -> &str {
    key.split(':').next().unwrap_or_default()
}

fn sort_keys(keys: &mut [String]) {
    keys.sort_by_key(|key| KEY_TYPES.iter().position(|known| *known == key_type_of(key)));
}

fn merge_evidence(known: &mut IncomingEvidence, found: IncomingEvidence) {
    for key in found.keys {
        push_new(&mut known.keys, key);
    }
    sort_keys(&mut known.keys);
    for role in found.roles {
        push_new(&mut known.roles, role);
    }
    for (label, value) in &found.facts {
        add_fact(&mut known.facts, label, value);
    }
    if verdict_rank(&found.verdict) > verdict_rank(&known.verdict) {
        known.verdict = found.verdict;
    }
    if known.remediation == "none" {
        known.remediation = found.remediation;
    }
}

fn verdict_rank(verdict: &str) -> u8 {
    match verdict {
        "malicious" => 3,
        "suspicious" => 2,
        "noThreatsFound" => 1,
        _ => 0,
    }
}
