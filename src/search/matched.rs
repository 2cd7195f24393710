//! What of an entity matches where its name does not: a further name, an identifier, or what an alert told of it.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::entity_texts::LABELS;
use crate::model::entity::key_type;
use crate::schema::{entity_keys, entity_names, evidence};
use crate::search::found::Matched;
use crate::search_text::searchable;

/// Pieces of evidence of an entity whose facts are read: the newest.
const READ: i64 = 50;

/// What of these entities matches a text in lower case.
pub(super) fn of_entities(conn: &mut AnyConnection, entities: &[i64], typed: &str) -> Result<HashMap<i64, Matched>> {
    let mut found = HashMap::new();
    for entity in entities {
        if let Some(matched) = of_entity(conn, *entity, typed)? {
            found.insert(*entity, matched);
        }
    }
    Ok(found)
}

/// What tells these entities from others of the same name: the command line of a process, the path or hash of a file.
pub(super) fn telling(conn: &mut AnyConnection, entities: &[i64]) -> Result<HashMap<i64, Matched>> {
    let mut found = HashMap::new();
    for entity in entities {
        let facts: Option<String> = evidence::table
            .filter(evidence::entity_id.eq(entity))
            .order(evidence::alert_id.desc())
            .select(evidence::facts)
            .first(conn)
            .optional()?;
        let facts: Vec<(String, String)> = serde_json::from_str(&facts.unwrap_or_default()).unwrap_or_default();
        let telling = LABELS.iter().find_map(|label| facts.iter().find(|(known, _)| known == label));
        found.extend(telling.map(|(label, text)| (*entity, Matched { label: label.clone(), text: text.clone() })));
    }
    Ok(found)
}

fn of_entity(conn: &mut AnyConnection, entity: i64, typed: &str) -> Result<Option<Matched>> {
    let names: Vec<(String, String)> = entity_names::table
        .filter(entity_names::entity_id.eq(entity))
        .select((entity_names::name, entity_names::name_key))
        .load(conn)?;
    let mut named = names.into_iter().filter(|(_, key)| key.contains(typed));
    if let Some((name, _)) = named.next() {
        return Ok(Some(Matched { label: "Also known as".to_owned(), text: name }));
    }
    let keys: Vec<String> =
        entity_keys::table.filter(entity_keys::entity_id.eq(entity)).select(entity_keys::key).load(conn)?;
    let identified = keys.iter().find_map(|key| {
        let (_, value) = key.split_once(':').filter(|(_, value)| *value == typed)?;
        Some(Matched { label: key_type(key).to_uppercase(), text: value.to_owned() })
    });
    if identified.is_some() {
        return Ok(identified);
    }
    let told: Vec<String> = evidence::table
        .filter(evidence::entity_id.eq(entity))
        .order(evidence::alert_id.desc())
        .limit(READ)
        .select(evidence::facts)
        .load(conn)?;
    let facts = told.iter().flat_map(|facts| serde_json::from_str::<Vec<(String, String)>>(facts).unwrap_or_default());
    let mut matching =
        facts.filter(|(label, value)| LABELS.contains(&label.as_str()) && searchable(value).contains(typed));
    Ok(matching.next().map(|(label, text)| Matched { label, text }))
}
