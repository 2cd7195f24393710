//! Writing new entities and keys, and merging two stored entities.

use diesel::prelude::*;

use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::ingest::entity_resolver::types::{CHUNK, EntityResolver};
use crate::schema::{entities, entity_keys, evidence, incident_entities};

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

impl EntityResolver {
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
        for rows in rows.chunks(CHUNK) {
            each!(tx.conn, inner => diesel::insert_into(entities::table).values(rows).execute(inner))?;
        }
        let keys: Vec<KeyRow> = std::mem::take(&mut self.new_keys)
            .into_iter()
            .filter_map(|(kind, key)| {
                let entity_id = *self.by_key.get(&(kind, key.clone()))?;
                Some(KeyRow { kind: kind.as_str(), key, entity_id })
            })
            .collect();
        for keys in keys.chunks(CHUNK) {
            each!(tx.conn, inner => diesel::insert_into(entity_keys::table).values(keys).execute(inner))?;
        }
        Ok(())
    }

    pub(super) fn merge_stored(tx: &mut Tx<'_>, keep: i64, gone: i64) -> Result<()> {
        diesel::update(entity_keys::table.filter(entity_keys::entity_id.eq(gone)))
            .set(entity_keys::entity_id.eq(keep))
            .execute(tx.conn)?;
        let both: Vec<i64> =
            evidence::table.filter(evidence::entity_id.eq(keep)).select(evidence::alert_id).load(tx.conn)?;
        for alerts in both.chunks(CHUNK) {
            diesel::delete(
                evidence::table.filter(evidence::entity_id.eq(gone)).filter(evidence::alert_id.eq_any(alerts)),
            )
            .execute(tx.conn)?;
        }
        diesel::update(evidence::table.filter(evidence::entity_id.eq(gone)))
            .set(evidence::entity_id.eq(keep))
            .execute(tx.conn)?;
        diesel::delete(incident_entities::table.filter(incident_entities::entity_id.eq(gone))).execute(tx.conn)?;
        diesel::delete(entities::table.find(gone)).execute(tx.conn)?;
        Ok(())
    }
}
