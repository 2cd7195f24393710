//! Writing new entities, keys and names, and merging two stored entities.

use diesel::prelude::*;

use crate::correlation;
use crate::db::Tx;
use crate::each;
use crate::entities::{entries, notes, tags};
use crate::error::Result;
use crate::history::entity_texts;
use crate::history::lessons;
use crate::history::lessons::facts;
use crate::history::lessons::tally::Tally;
use crate::ingest::entity_resolver::types::{CHUNK, EntityResolver};
use crate::schema::{entities, entity_keys, entity_names, entity_redirects, evidence, incident_entities};
use crate::text::folded;

#[derive(Insertable)]
#[diesel(table_name = entities)]
struct EntityRow {
    id: i64,
    kind: &'static str,
    name: String,
    name_key: String,
    links: bool,
}

#[derive(Insertable)]
#[diesel(table_name = entity_keys)]
struct KeyRow {
    kind: &'static str,
    key: String,
    entity_id: i64,
}

#[derive(Insertable)]
#[diesel(table_name = entity_names, treat_none_as_default_value = false)]
struct NameRow {
    id: i64,
    entity_id: i64,
    kind: &'static str,
    name: String,
    name_key: String,
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
                    name_key: folded(&known.name),
                    links: known.links,
                });
            } else if known.renamed {
                diesel::update(entities::table.find(id))
                    .set((entities::name.eq(&known.name), entities::name_key.eq(folded(&known.name))))
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
        self.store_names(tx)
    }

    fn store_names(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let names = std::mem::take(&mut self.new_names);
        let mut rows: Vec<NameRow> = names
            .into_iter()
            .filter_map(|(id, name)| {
                let entity = self.resolved(id)?;
                let name_key = folded(&name);
                Some(NameRow { id: 0, entity_id: entity.id, kind: entity.kind.as_str(), name, name_key })
            })
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let first = tx.take_ids("entity_name", i64::try_from(rows.len()).unwrap_or(i64::MAX))?;
        for (row, id) in rows.iter_mut().zip(first..) {
            row.id = id;
        }
        for rows in rows.chunks(CHUNK) {
            // Two entities that were merged may have had the same name.
            each!(tx.conn, inner => diesel::insert_into(entity_names::table)
                .values(rows)
                .on_conflict_do_nothing()
                .execute(inner))?;
        }
        Ok(())
    }

    fn merge_names(tx: &mut Tx<'_>, keep: i64, gone: i64) -> Result<()> {
        let of = |id: i64| entity_names::table.filter(entity_names::entity_id.eq(id));
        let both: Vec<String> = of(keep).select(entity_names::name_key).load(tx.conn)?;
        diesel::delete(of(gone).filter(entity_names::name_key.eq_any(both))).execute(tx.conn)?;
        diesel::update(of(gone)).set(entity_names::entity_id.eq(keep)).execute(tx.conn)?;
        Ok(())
    }

    /// Makes the address of `gone` lead to `keep`.
    fn redirect(tx: &mut Tx<'_>, keep: i64, gone: i64) -> Result<()> {
        use entity_redirects as r;
        diesel::update(r::table.filter(r::to_entity.eq(gone))).set(r::to_entity.eq(keep)).execute(tx.conn)?;
        diesel::insert_into(r::table).values((r::entity_id.eq(gone), r::to_entity.eq(keep))).execute(tx.conn)?;
        Ok(())
    }

    pub(super) fn merge_stored(tx: &mut Tx<'_>, keep: i64, gone: i64) -> Result<()> {
        let both = |tx: &mut Tx<'_>| {
            let mut tally = Tally::default();
            facts::of_assets(tx.conn, (keep, gone), &mut tally)?;
            Ok(tally)
        };
        lessons::follow(tx, both, |tx| Self::merge_rows(tx, keep, gone))
    }

    fn merge_rows(tx: &mut Tx<'_>, keep: i64, gone: i64) -> Result<()> {
        diesel::update(entity_keys::table.filter(entity_keys::entity_id.eq(gone)))
            .set(entity_keys::entity_id.eq(keep))
            .execute(tx.conn)?;
        Self::merge_names(tx, keep, gone)?;
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
        correlation::index::store::merge_keys(tx, keep, gone)?;
        entity_texts::merge(tx, keep, gone)?;
        notes::merge(tx, keep, gone)?;
        tags::merge(tx, keep, gone)?;
        entries::merge(tx, keep, gone)?;
        Self::redirect(tx, keep, gone)?;
        diesel::delete(entities::table.find(gone)).execute(tx.conn)?;
        Ok(())
    }
}
