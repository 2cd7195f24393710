//! Tags that people give entities, by the rules of the tags of incidents. A tag is the same one wherever it is given.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::db::{AnyConnection, LISTED, Tx};
use crate::each;
use crate::entities::entries::{self, EntityChange};
use crate::error::{Error, Result};
use crate::history::tag_ids;
use crate::model::actor::Actor;
use crate::model::tag::{self, COUNT_LIMIT, key};
use crate::permissions::{Action, require};
use crate::schema::{entity_tags, incident_tags, tags};

/// Most tags that are suggested.
const SUGGESTED: i64 = 500;

/// What a form says of tags: those that it showed, and those that it has now. What others changed meanwhile stays.
#[derive(Debug, Clone, Default)]
pub struct TagEdit {
    pub shown: Vec<String>,
    /// As typed: commas separate.
    pub wanted: Vec<String>,
}

/// Gives an entity tags and takes tags from it; returns its name. What changes nothing records nothing.
pub fn edit(tx: &mut Tx<'_>, actor: &Actor, entity: i64, edit: &TagEdit) -> Result<String> {
    require(actor, Action::Work)?;
    let refused = |why: String| Error::at_field("tags", why);
    let wanted = tag::clean(edit.wanted.iter().map(String::as_str), "An entity").map_err(refused)?;
    let entity = entries::hold(tx, entity)?;
    let has = |names: &[String], name: &str| names.iter().any(|known| key(known) == key(name));
    let current = of(tx.conn, &[entity.id])?.remove(&entity.id).unwrap_or_default();
    let added: Vec<&String> = wanted.iter().filter(|name| !has(&edit.shown, name) && !has(&current, name)).collect();
    let removed: Vec<&String> = current.iter().filter(|name| has(&edit.shown, name) && !has(&wanted, name)).collect();
    if current.len() + added.len() - removed.len() > COUNT_LIMIT {
        return Err(refused(format!("An entity can have at most {COUNT_LIMIT} tags.")));
    }
    let mut changes = Vec::new();
    for name in added {
        tag::not_system(name).map_err(refused)?;
        add(tx, entity.id, name)?;
        changes.push(EntityChange::Tagged(name.clone()));
    }
    for name in removed {
        remove(tx, entity.id, name)?;
        changes.push(EntityChange::Untagged(name.clone()));
    }
    entries::record(tx, actor, entity.id, &changes)?;
    Ok(entity.name)
}

fn add(tx: &mut Tx<'_>, entity: i64, name: &str) -> Result<()> {
    let tag = tag_ids::id_of(tx, name, false)?;
    let row = (entity_tags::entity_id.eq(entity), entity_tags::tag_id.eq(tag));
    each!(tx.conn, inner => diesel::insert_into(entity_tags::table).values(row).on_conflict_do_nothing().execute(inner))?;
    Ok(())
}

fn remove(tx: &mut Tx<'_>, entity: i64, name: &str) -> Result<()> {
    let tag = tag_ids::id_of(tx, name, false)?;
    diesel::delete(entity_tags::table.find((entity, tag))).execute(tx.conn)?;
    Ok(())
}

/// The tags of some entities by name, by the entities' ids.
pub fn of(conn: &mut AnyConnection, entities: &[i64]) -> Result<HashMap<i64, Vec<String>>> {
    let mut found: HashMap<i64, Vec<String>> = HashMap::new();
    for entities in entities.chunks(LISTED) {
        let rows: Vec<(i64, String)> = entity_tags::table
            .inner_join(tags::table)
            .filter(entity_tags::entity_id.eq_any(entities))
            .order(tags::name_key)
            .select((entity_tags::entity_id, tags::name))
            .load(conn)?;
        for (entity, name) in rows {
            found.entry(entity).or_default().push(name);
        }
    }
    Ok(found)
}

/// The tags that entities or incidents have, for suggestions, by name.
pub fn in_use(conn: &mut AnyConnection) -> Result<Vec<String>> {
    let of_entities = exists(entity_tags::table.filter(entity_tags::tag_id.eq(tags::id)));
    let of_incidents = exists(incident_tags::table.filter(incident_tags::tag_id.eq(tags::id)));
    Ok(tags::table
        .filter(tags::system.eq(false))
        .filter(of_entities.or(of_incidents))
        .order(tags::name_key)
        .limit(SUGGESTED)
        .select(tags::name)
        .load(conn)?)
}

/// Two entities turned out to be one: `keep` has the tags of both.
pub(crate) fn merge(tx: &mut Tx<'_>, keep: i64, gone: i64) -> Result<()> {
    let of = |id: i64| entity_tags::table.filter(entity_tags::entity_id.eq(id));
    let kept: Vec<i64> = of(keep).select(entity_tags::tag_id).load(tx.conn)?;
    diesel::delete(of(gone).filter(entity_tags::tag_id.eq_any(kept))).execute(tx.conn)?;
    diesel::update(of(gone)).set(entity_tags::entity_id.eq(keep)).execute(tx.conn)?;
    Ok(())
}
