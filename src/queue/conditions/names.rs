//! Conditions on the names of an incident and of the entities in it.

use crate::db::AnyConnection;
use crate::db::text_index::Searched;
use crate::error::Result;
use crate::queue::conditions::finder::{Finder, either, nothing};
use crate::queue::conditions::name_search::{self, Way, kinds_searched, of_kinds};
use crate::queue::sort::Value;
use crate::queue::sql::Sql;

/// Names that are each looked up in an incident.
const FEW_NAMES: usize = 20;

/// Has an entity of some kinds, one of whose names contains one of the texts, or of which one is an identifier.
pub(super) fn by_entities(conn: &mut AnyConnection, kinds: &[&str], texts: &[String]) -> Result<Option<Finder>> {
    let ways = texts.iter().map(|typed| by_entity(conn, kinds, typed)).collect::<Result<Vec<_>>>()?;
    Ok(either(ways))
}

fn by_entity(conn: &mut AnyConnection, kinds: &[&str], typed: &str) -> Result<Finder> {
    let of_kinds = of_kinds("x.kind", kinds);
    Ok(match name_search::entities(conn, kinds, typed)? {
        Some(names) => has_one_of(&names, &of_kinds),
        None => name_search::compared_in_each_row("incident_entities", "incident_id", of_kinds, typed),
    })
}

/// Has one of some entities.
fn has_one_of(names: &[i64], of_kinds: &Sql) -> Finder {
    if names.is_empty() {
        return Finder::nothing();
    }
    let listed = names.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    // Few names: search each in the incident's entities. Many: search the incident's entities in the list;
    // the `+` keeps SQLite from using the index of entity_id.
    let entity = if names.len() <= FEW_NAMES { "x.entity_id" } else { "+x.entity_id" };
    let condition = Sql::new("incident_entities x WHERE x.incident_id = i.id")
        .and_then(of_kinds.clone())
        .text(&format!(" AND {entity} IN ({listed})"));
    let condition = Sql::has(condition);
    let finds =
        format!("SELECT DISTINCT incident_id AS id FROM incident_entities WHERE entity_id IN ({listed}){{start}}");
    Finder { finds: vec![Sql::new(finds)], condition, by_text: true }
}

/// Has this asset.
pub(super) fn by_asset(entity: i64) -> Finder {
    has_one_of(&[entity], &of_kinds("x.kind", &[]))
}

/// Has a name that has what was typed.
fn by_name(conn: &mut AnyConnection, typed: &str) -> Result<Finder> {
    let finds = match name_search::words(conn, Searched::IncidentNames, typed)? {
        None => Vec::new(),
        Some(names) if names.is_empty() => vec![nothing()],
        Some(names) => {
            let find = Sql::new("SELECT id FROM incidents WHERE ").and_then(Sql::is_any("name_key", names));
            vec![find.text("{named start}")]
        }
    };
    let condition = Way::of(typed).condition("i.name_key", typed);
    Ok(Finder { finds, condition, by_text: true })
}

/// Name, ID, or anything in it by any of its names and identifiers.
pub(super) fn by_search(conn: &mut AnyConnection, typed: &str) -> Result<Finder> {
    let mut ways = vec![by_name(conn, typed)?, by_entity(conn, kinds_searched(typed), typed)?];
    if let Some(id) = name_search::id(typed) {
        let id = [Value::Number(id)];
        let finds = vec![Sql::of("SELECT id FROM incidents WHERE id = {}{start}", id.clone())];
        ways.push(Finder { finds, condition: Sql::of("i.id = {}", id), by_text: false });
    }
    Ok(either(ways).unwrap_or_else(Finder::nothing))
}
