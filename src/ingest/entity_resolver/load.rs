//! Loading the stored entities that a batch may name.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Result;
use crate::ingest::entity_resolver::types::{
    CHUNK, EntityResolver, KnownEntity, bare_key, counterpart_keys, shared_key,
};
use crate::model::entity::{EvidenceKind, bounded, is_weak};
use crate::model::importance::Importance;
use crate::model::incoming::IncomingEvidence;
use crate::schema::{entities, entity_keys, entity_names};

impl EntityResolver {
    /// Reads everything stored that the evidence may be.
    pub fn load(tx: &mut Tx<'_>, items: &[&IncomingEvidence]) -> Result<Self> {
        let mut by_kind: HashMap<EvidenceKind, BTreeSet<String>> = HashMap::new();
        for item in items {
            let wanted = by_kind.entry(item.kind).or_default();
            for key in item.keys.iter().map(|key| bounded(key)) {
                if is_weak(&key) {
                    wanted.extend([shared_key(&key), bare_key(&key)]);
                }
                wanted.insert(key);
            }
            for (to, key) in counterpart_keys(item) {
                by_kind.entry(to).or_default().insert(key);
            }
        }
        let mut resolver = Self::default();
        for (kind, keys) in by_kind {
            let keys: Vec<String> = keys.into_iter().collect();
            for keys in keys.chunks(CHUNK) {
                let rows: Vec<(String, i64)> = entity_keys::table
                    .filter(entity_keys::kind.eq(kind.as_str()))
                    .filter(entity_keys::key.eq_any(keys))
                    .select((entity_keys::key, entity_keys::entity_id))
                    .load(tx.conn)?;
                resolver.by_key.extend(rows.into_iter().map(|(key, id)| ((kind, key), id)));
            }
        }
        resolver.load_known(tx)?;
        resolver.note_shared(items);
        let unknown = items
            .iter()
            .filter(|item| !item.keys.iter().any(|key| resolver.by_key.contains_key(&(item.kind, bounded(key)))))
            .count();
        // A weak key can still turn out to be of another entity; that is rare, and `create` takes an id for it.
        let count = i64::try_from(unknown).unwrap_or(i64::MAX);
        let first = tx.take_ids("entity", count)?;
        resolver.ids = first..first + count;
        Ok(resolver)
    }

    fn load_known(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let ids: BTreeSet<i64> = self.by_key.values().copied().collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        for ids in ids.chunks(CHUNK) {
            let rows: Vec<(i64, String, String, bool, String)> = entities::table
                .filter(entities::id.eq_any(ids))
                .select((entities::id, entities::kind, entities::name, entities::links, entities::importance))
                .load(tx.conn)?;
            for (id, kind, name, links, importance) in rows {
                let kind = EvidenceKind::parse(&kind);
                let importance = Importance::parse(&importance).unwrap_or_default();
                let (keys, names) = (BTreeSet::new(), BTreeSet::new());
                let known = KnownEntity { kind, name, links, importance, keys, names, new: false, renamed: false };
                self.known.insert(id, known);
            }
            let keys: Vec<(i64, String)> = entity_keys::table
                .filter(entity_keys::entity_id.eq_any(ids))
                .select((entity_keys::entity_id, entity_keys::key))
                .load(tx.conn)?;
            for (id, key) in keys {
                if let Some(known) = self.known.get_mut(&id) {
                    known.keys.insert(key);
                }
            }
            let names: Vec<(i64, String)> = entity_names::table
                .filter(entity_names::entity_id.eq_any(ids))
                .select((entity_names::entity_id, entity_names::name_key))
                .load(tx.conn)?;
            for (id, name) in names {
                if let Some(known) = self.known.get_mut(&id) {
                    known.names.insert(name);
                }
            }
        }
        Ok(())
    }
}
