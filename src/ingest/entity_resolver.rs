//! Finding the entities of a whole batch: what is stored is read once, decided in memory, and what
//! is new is written at the end, in a few statements.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::db::Tx;
use crate::each;
use crate::entities::importance;
use crate::error::Result;
use crate::model::entity::{EvidenceKind, Resolved, bounded, is_weak};
use crate::model::importance::Importance;
use crate::model::incoming::IncomingEvidence;
use crate::model::linking;
use crate::schema::{entities, entity_keys, evidence, incident_entities};

/// Values listed in a statement.
const LISTED: usize = 500;

/// The two sides of a person and their mailbox: an address that is both is one person.
const SIDES: [(EvidenceKind, &str, EvidenceKind, &str); 2] = [
    (EvidenceKind::Mailbox, "addr:", EvidenceKind::User, "upn:"),
    (EvidenceKind::User, "upn:", EvidenceKind::Mailbox, "addr:"),
];

#[derive(Debug, Clone)]
struct KnownEntity {
    kind: EvidenceKind,
    name: String,
    links: bool,
    importance: Importance,
    keys: BTreeSet<String>,
    facts: Vec<(String, String)>,
    new: bool,
    renamed: bool,
}

#[derive(Insertable)]
#[diesel(table_name = entities)]
struct EntityRow {
    id: i64,
    kind: &'static str,
    name: String,
    name_key: String,
    links: bool,
    facts: String,
}

#[derive(Insertable)]
#[diesel(table_name = entity_keys)]
struct KeyRow {
    kind: &'static str,
    key: String,
    entity_id: i64,
}

/// What is known of the entities that a batch's evidence may be.
#[derive(Debug, Default)]
pub struct EntityResolver {
    by_key: HashMap<(EvidenceKind, String), i64>,
    known: HashMap<i64, KnownEntity>,
    merged: HashMap<i64, i64>,
    new_keys: Vec<(EvidenceKind, String)>,
    ids: std::ops::Range<i64>,
    /// Incidents that lost an entity to a merge of two spellings and need their counts anew.
    pub affected: BTreeSet<i64>,
}

impl EntityResolver {
    /// Reads everything stored that the evidence may be.
    pub fn load(tx: &mut Tx<'_>, items: &[&IncomingEvidence]) -> Result<Self> {
        let mut by_kind: HashMap<EvidenceKind, BTreeSet<String>> = HashMap::new();
        for item in items {
            by_kind.entry(item.kind).or_default().extend(item.keys.iter().map(|key| bounded(key)));
            for (to, key) in counterpart_keys(item) {
                by_kind.entry(to).or_default().insert(key);
            }
        }
        let mut resolver = Self::default();
        for (kind, keys) in by_kind {
            let keys: Vec<String> = keys.into_iter().collect();
            for keys in keys.chunks(LISTED) {
                let rows: Vec<(String, i64)> = entity_keys::table
                    .filter(entity_keys::kind.eq(kind.as_str()))
                    .filter(entity_keys::key.eq_any(keys))
                    .select((entity_keys::key, entity_keys::entity_id))
                    .load(tx.conn)?;
                resolver.by_key.extend(rows.into_iter().map(|(key, id)| ((kind, key), id)));
            }
        }
        resolver.load_known(tx)?;
        let unknown = items
            .iter()
            .filter(|item| !item.keys.iter().any(|key| resolver.by_key.contains_key(&(item.kind, bounded(key)))))
            .count();
        // Bare names that turn out to be somebody else's need one too; they are rare and take their own.
        let count = i64::try_from(unknown).unwrap_or(i64::MAX);
        let first = tx.take_ids("entity", count)?;
        resolver.ids = first..first + count;
        Ok(resolver)
    }

    fn load_known(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let ids: BTreeSet<i64> = self.by_key.values().copied().collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        for ids in ids.chunks(LISTED) {
            let rows: Vec<(i64, String, String, bool, String)> = entities::table
                .filter(entities::id.eq_any(ids))
                .select((entities::id, entities::kind, entities::name, entities::links, entities::importance))
                .load(tx.conn)?;
            for (id, kind, name, links, importance) in rows {
                let kind = EvidenceKind::parse(&kind);
                let importance = Importance::parse(&importance).unwrap_or_default();
                let (keys, facts) = (BTreeSet::new(), Vec::new());
                let known = KnownEntity { kind, name, links, importance, keys, facts, new: false, renamed: false };
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
        }
        Ok(())
    }

    /// Finds or makes the entity of a piece of evidence.
    pub fn resolve(&mut self, tx: &mut Tx<'_>, item: &IncomingEvidence) -> Result<i64> {
        let kind = item.kind;
        let keys: Vec<String> = item.keys.iter().map(|key| bounded(key)).collect();
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
        self.improve_name(id, item);
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

    /// The entities on the other side of the person-and-mailbox pair.
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
        let Some(known) = self.known.get(&id) else { return false };
        let kind = |key: &str| key.split(':').next().unwrap_or_default().to_owned();
        keys.iter().filter(|key| !is_weak(key)).any(|key| {
            let mut same_type = known.keys.iter().filter(|known| kind(known) == kind(key)).peekable();
            same_type.peek().is_some() && !same_type.any(|known| known == key)
        })
    }

    fn create(&mut self, tx: &mut Tx<'_>, item: &IncomingEvidence, keys: Vec<String>) -> Result<i64> {
        let id = match self.ids.next() {
            Some(id) => id,
            None => tx.take_ids("entity", 1)?,
        };
        let known = KnownEntity {
            kind: item.kind,
            name: item.name.clone(),
            links: linking::links(item),
            importance: Importance::default(),
            keys: BTreeSet::new(),
            facts: item.facts.clone(),
            new: true,
            renamed: false,
        };
        self.known.insert(id, known);
        self.add_keys(id, item.kind, keys);
        Ok(id)
    }

    fn add_keys(&mut self, id: i64, kind: EvidenceKind, keys: Vec<String>) {
        for key in keys {
            if self.by_key.contains_key(&(kind, key.clone())) {
                continue;
            }
            if let Some(known) = self.known.get_mut(&id) {
                known.keys.insert(key.clone());
            }
            self.by_key.insert((kind, key.clone()), id);
            self.new_keys.push((kind, key));
        }
    }

    /// A full name says more than a short one, whichever came first.
    fn improve_name(&mut self, id: i64, item: &IncomingEvidence) {
        let Some(known) = self.known.get_mut(&id) else { return };
        let fuller = match item.kind {
            EvidenceKind::Device => item.name.contains('.') && !known.name.contains('.'),
            EvidenceKind::User => item.name.contains('@') && !known.name.contains('@'),
            _ => false,
        };
        if fuller {
            known.name.clone_from(&item.name);
            known.renamed = true;
        }
    }

    /// Two entities turn out to be one: the older takes over the other's keys and evidence.
    fn merge_entities(&mut self, tx: &mut Tx<'_>, keep: i64, gone: i64) -> Result<()> {
        let Some(lost) = self.known.remove(&gone) else { return Ok(()) };
        for id in self.by_key.values_mut().filter(|id| **id == gone) {
            *id = keep;
        }
        self.merged.insert(gone, keep);
        if let Some(kept) = self.known.get_mut(&keep) {
            kept.keys.extend(lost.keys);
        }
        if lost.new {
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
        merge_stored(tx, keep, gone)
    }

    /// Writes what is new.
    pub fn store(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let mut rows = Vec::new();
        for (id, known) in &mut self.known {
            if known.new {
                rows.push(EntityRow {
                    id: *id,
                    kind: known.kind.as_str(),
                    name: known.name.clone(),
                    name_key: known.name.to_lowercase(),
                    links: known.links,
                    facts: serde_json::to_string(&known.facts)?,
                });
            } else if known.renamed {
                diesel::update(entities::table.find(id))
                    .set((entities::name.eq(&known.name), entities::name_key.eq(known.name.to_lowercase())))
                    .execute(tx.conn)?;
            }
            (known.new, known.renamed) = (false, false);
        }
        for rows in rows.chunks(LISTED) {
            each!(tx.conn, inner => diesel::insert_into(entities::table).values(rows).execute(inner))?;
        }
        let keys: Vec<KeyRow> = std::mem::take(&mut self.new_keys)
            .into_iter()
            .filter_map(|(kind, key)| {
                let entity_id = *self.by_key.get(&(kind, key.clone()))?;
                Some(KeyRow { kind: kind.as_str(), key, entity_id })
            })
            .collect();
        for keys in keys.chunks(LISTED) {
            each!(tx.conn, inner => diesel::insert_into(entity_keys::table).values(keys).execute(inner))?;
        }
        Ok(())
    }
}

fn counterpart_keys(item: &IncomingEvidence) -> Vec<(EvidenceKind, String)> {
    SIDES
        .iter()
        .filter(|(from_kind, ..)| *from_kind == item.kind)
        .flat_map(|(_, from, to_kind, to)| {
            let values = item.keys.iter().filter_map(move |key| key.strip_prefix(from));
            values.map(move |value| (*to_kind, bounded(&format!("{to}{value}"))))
        })
        .collect()
}

fn merge_stored(tx: &mut Tx<'_>, keep: i64, gone: i64) -> Result<()> {
    diesel::update(entity_keys::table.filter(entity_keys::entity_id.eq(gone)))
        .set(entity_keys::entity_id.eq(keep))
        .execute(tx.conn)?;
    let both: Vec<i64> =
        evidence::table.filter(evidence::entity_id.eq(keep)).select(evidence::alert_id).load(tx.conn)?;
    for alerts in both.chunks(LISTED) {
        diesel::delete(evidence::table.filter(evidence::entity_id.eq(gone)).filter(evidence::alert_id.eq_any(alerts)))
            .execute(tx.conn)?;
    }
    diesel::update(evidence::table.filter(evidence::entity_id.eq(gone)))
        .set(evidence::entity_id.eq(keep))
        .execute(tx.conn)?;
    diesel::delete(incident_entities::table.filter(incident_entities::entity_id.eq(gone))).execute(tx.conn)?;
    diesel::delete(entities::table.find(gone)).execute(tx.conn)?;
    Ok(())
}
