//! Finding one entity: by its id, or by a name.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::{AnyConnection, LISTED};
use crate::error::{Error, Result};
use crate::model::importance::Importance;
use crate::schema::{entities, entity_keys, entity_names, entity_redirects};
use crate::text::folded;

/// An entity as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    pub id: i64,
    pub kind: String,
    /// The best of its names.
    pub name: String,
    /// Whether sharing it means anything: not of built-in accounts or private addresses.
    pub links: bool,
    pub importance: Importance,
}

type Row = (i64, String, String, bool, String);

fn entity((id, kind, name, links, importance): Row) -> Entity {
    Entity { id, kind, name, links, importance: Importance::parse(&importance).unwrap_or_default() }
}

/// The entity with an id, or the one that it turned out to be.
pub fn find(conn: &mut AnyConnection, id: i64) -> Result<Entity> {
    let of = |id: i64| {
        let columns = (entities::id, entities::kind, entities::name, entities::links, entities::importance);
        entities::table.find(id).select(columns)
    };
    let found: Option<Row> = of(id).first(conn).optional()?;
    if let Some(row) = found {
        return Ok(entity(row));
    }
    let other: Option<i64> =
        entity_redirects::table.find(id).select(entity_redirects::to_entity).first(conn).optional()?;
    Ok(entity(of(other.ok_or(Error::NotFound)?).first(conn)?))
}

/// The entities of a kind with a name, at most `limit`: those that are shown by it, then those that also have it.
pub fn named(conn: &mut AnyConnection, kind: &str, name: &str, limit: i64) -> Result<Vec<i64>> {
    let key = folded(name);
    let mut found: Vec<i64> = entities::table
        .filter(entities::kind.eq(kind).and(entities::name_key.eq(&key)))
        .order(entities::id)
        .limit(limit)
        .select(entities::id)
        .load(conn)?;
    if found.is_empty() {
        found = entity_names::table
            .inner_join(entities::table.on(entities::id.eq(entity_names::entity_id)))
            .filter(entity_names::name_key.eq(&key).and(entities::kind.eq(kind)))
            .order(entities::id)
            .limit(limit)
            .select(entities::id)
            .load(conn)?;
    }
    Ok(found)
}

/// The files that alerts name by these SHA-256, in lower case, by the hash.
pub fn files_by_sha256(conn: &mut AnyConnection, hashes: &[&str]) -> Result<HashMap<String, Entity>> {
    let keys: Vec<String> = hashes.iter().map(|hash| format!("sha256:{hash}")).collect();
    let mut found = HashMap::new();
    for keys in keys.chunks(LISTED) {
        let rows: Vec<(String, Row)> = entity_keys::table
            .inner_join(entities::table.on(entities::id.eq(entity_keys::entity_id)))
            .filter(entity_keys::kind.eq("file").and(entity_keys::key.eq_any(keys)))
            .select((
                entity_keys::key,
                (entities::id, entities::kind, entities::name, entities::links, entities::importance),
            ))
            .load(conn)?;
        let by_hash = |(key, row): (String, Row)| Some((key.strip_prefix("sha256:")?.to_owned(), entity(row)));
        found.extend(rows.into_iter().filter_map(by_hash));
    }
    Ok(found)
}
