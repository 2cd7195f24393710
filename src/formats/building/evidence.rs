//! Evidence under construction: keys and facts, and one entry for what is one entity.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::formats::building::clean_text::{ID_MAX, clean_line};
use crate::formats::building::facts::add_fact;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// Most evidence that one alert keeps.
pub(crate) const EVIDENCE_MAX: usize = 1_000;
/// Most spellings or roles that one entity keeps.
const KEYS_MAX: usize = 64;

/// Strongest first; the product compares evidence in this order.
const KEY_TYPES: [&str; 17] = [
    "mde", "aad", "fqdn", "host", "sid", "upn", "sam", "name", "addr", "ip", "sha256", "sha1", "md5", "path", "cmd",
    "url", "id",
];

/// Evidence without keys, with Graph's words for "nothing is known".
pub(crate) fn new_evidence(kind: EvidenceKind, name: &str) -> IncomingEvidence {
    IncomingEvidence {
        kind,
        name: clean_line(name, ID_MAX),
        verdict: "unknown".to_owned(),
        remediation: "none".to_owned(),
        ..IncomingEvidence::default()
    }
}

/// Adds a key, lower case; empty values and the GUID of zeros identify nothing.
pub(crate) fn add_key(evidence: &mut IncomingEvidence, key_type: &str, value: &str) {
    let value = clean_line(value, usize::MAX).to_lowercase();
    if value.is_empty() || value == "00000000-0000-0000-0000-000000000000" {
        return;
    }
    push_new(&mut evidence.keys, format!("{key_type}:{}", shorten_key(&value)));
}

/// Adds a role in Graph's spelling.
pub(crate) fn add_role(evidence: &mut IncomingEvidence, role: &str) {
    push_new(&mut evidence.roles, crate::formats::building::terms::camel_case(&clean_line(role, ID_MAX)));
}

fn push_new(list: &mut Vec<String>, text: String) {
    if !text.is_empty() && list.len() < KEYS_MAX && !list.contains(&text) {
        list.push(text);
    }
}

/// A long value keeps a hash of its rest, because encoded commands start alike and are not.
fn shorten_key(value: &str) -> String {
    let Some((cut, _)) = value.char_indices().nth(ID_MAX) else {
        return value.to_owned();
    };
    let start = value.get(..cut).unwrap_or_default();
    let hash = value
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{start}~{hash:016x}")
}

/// Gathers the evidence of one alert and merges what is the same entity.
#[derive(Debug, Default)]
pub(crate) struct EvidenceSet {
    slots: Vec<Option<IncomingEvidence>>,
    by_key: HashMap<(EvidenceKind, String), Vec<usize>>,
    kept: usize,
}

impl EvidenceSet {
    /// Adds one entity, or merges it into the one that it is.
    pub fn add(&mut self, mut evidence: IncomingEvidence) {
        if evidence.keys.is_empty() {
            let name = evidence.name.clone();
            add_key(&mut evidence, "id", &name);
        }
        sort_keys(&mut evidence.keys);
        let mut same = self.slots_with_a_key_of(&evidence).into_iter();
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

    /// Everything gathered, in the order of arrival.
    pub fn finish(self) -> Vec<IncomingEvidence> {
        self.slots.into_iter().flatten().collect()
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

    /// A third entry may show that two earlier ones are the same.
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

/// The strongest type of key that both carry decides: two hosts "web-01" of different domains
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
