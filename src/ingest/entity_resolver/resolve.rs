//! The entity of a piece of evidence: found by its keys, merged where they name two, or new.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::db::Tx;
use crate::entities::importance;
use crate::error::Result;
use crate::ingest::entity_resolver::names::first_name;
use crate::ingest::entity_resolver::short_names::contradict;
use crate::ingest::entity_resolver::types::{EntityResolver, KnownEntity, counterpart_keys};
use crate::model::entity::{EvidenceKind, Resolved, bounded, is_weak};
use crate::model::importance::Importance;
use crate::model::incoming::IncomingEvidence;
use crate::model::linking;
use crate::schema::incident_entities;

impl EntityResolver {
    /// Finds or creates the entity of a piece of evidence; returns its id.
    pub fn resolve(&mut self, tx: &mut Tx<'_>, item: &IncomingEvidence) -> Result<i64> {
        let kind = item.kind;
        let keys = self.usable_keys(item);
        let of = |resolver: &Self, weak: bool| -> BTreeSet<i64> {
            keys.iter()
                .filter(|key| is_weak(key) == weak)
                .filter_map(|key| resolver.by_key.get(&(kind, key.clone())).copied())
                .collect()
        };
        let mut found = of(self, false);
        if found.is_empty() {
            found.extend(of(self, true).into_iter().find(|id| !self.contradicts(*id, &keys)));
        }
        let mut found = found.into_iter();
        let Some(id) = found.next() else { return self.create(tx, item, keys) };
        for other in found {
            self.merge_entities(tx, id, other)?;
        }
        self.add_keys(id, kind, keys);
        self.note_shared_keys(id, item);
        self.note_name(id, item);
        Ok(id)
    }

    /// The entity after all merges of the batch.
    pub fn resolved(&self, id: i64) -> Option<Resolved> {
        let mut id = id;
        while let Some(kept) = self.merged.get(&id) {
            id = *kept;
        }
        let known = self.known.get(&id)?;
        let KnownEntity { kind, links, importance, .. } = *known;
        Some(Resolved { id, kind, name: known.name.clone(), links, importance })
    }

    /// The mailboxes of the users among the evidence, and the users of its mailboxes.
    pub fn counterparts(&self, items: &[IncomingEvidence]) -> Vec<Resolved> {
        items
            .iter()
            .flat_map(counterpart_keys)
            .filter_map(|(kind, key)| self.by_key.get(&(kind, key)).copied())
            .filter_map(|id| self.resolved(id))
            .collect()
    }

    /// Whether the entity is known under another value of a key type that the evidence has too:
    /// web-01.a.example is not web-01.b.example.
    fn contradicts(&self, id: i64, keys: &[String]) -> bool {
        let full = keys.iter().filter(|key| !is_weak(key)).cloned().collect();
        self.known.get(&id).is_some_and(|known| contradict(&known.keys, &full))
    }

    fn create(&mut self, tx: &mut Tx<'_>, item: &IncomingEvidence, keys: Vec<String>) -> Result<i64> {
        let id = match self.ids.next() {
            Some(id) => id,
            None => tx.take_ids("entity", 1)?,
        };
        let known = KnownEntity {
            kind: item.kind,
            name: first_name(item),
            links: linking::links(item),
            importance: Importance::default(),
            keys: BTreeSet::new(),
            names: BTreeSet::new(),
            new: true,
            renamed: false,
        };
        self.known.insert(id, known);
        self.add_keys(id, item.kind, keys);
        self.note_shared_keys(id, item);
        Ok(id)
    }

    fn add_keys(&mut self, id: i64, kind: EvidenceKind, keys: Vec<String>) {
        for key in keys {
            if self.by_key.contains_key(&(kind, key.clone())) {
                if is_weak(&key) {
                    self.note_second(id, kind, &key);
                }
                continue;
            }
            if let Some(known) = self.known.get_mut(&id) {
                known.keys.insert(key.clone());
            }
            self.by_key.insert((kind, key.clone()), id);
            self.new_keys.push((kind, key));
        }
    }

    /// Stores which weak keys of the evidence are shared, for later batches.
    fn note_shared_keys(&mut self, id: i64, item: &IncomingEvidence) {
        for weak in item.keys.iter().map(|key| bounded(key)).filter(|key| is_weak(key)) {
            if self.shared.contains(&(item.kind, weak.clone())) {
                self.store_shared(id, item.kind, &weak);
            }
        }
    }

    /// Merges two entities that turn out to be one: `keep` takes over the keys and the evidence of `gone`.
    fn merge_entities(&mut self, tx: &mut Tx<'_>, keep: i64, gone: i64) -> Result<()> {
        let Some(lost) = self.known.remove(&gone) else { return Ok(()) };
        for id in self.by_key.values_mut().filter(|id| **id == gone) {
            *id = keep;
        }
        self.merged.insert(gone, keep);
        if let Some(kept) = self.known.get_mut(&keep) {
            kept.keys.extend(lost.keys);
            kept.names.extend(lost.names);
        }
        if lost.new {
            self.add_name(keep, &lost.name);
            return Ok(());
        }
        self.affected.extend(
            incident_entities::table
                .filter(incident_entities::entity_id.eq(gone))
                .select(incident_entities::incident_id)
                .load::<i64>(tx.conn)?,
        );
        // The one that stays must be stored before anything can point to it.
        self.store(tx)?;
        if let Some(kept) = self.known.get_mut(&keep) {
            kept.importance = importance::joined(tx, (keep, kept.importance), lost.importance)?;
        }
        Self::merge_stored(tx, keep, gone)?;
        self.add_name(keep, &lost.name);
        Ok(())
    }
}
