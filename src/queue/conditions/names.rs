//! Conditions on names: of entities by any of their names and identifiers, and of the incident itself.

use crate::db::AnyConnection;
use crate::db::text_index::{Searched, contains};
use crate::error::Result;
use crate::model::entity::bounded;
use crate::queue::conditions::finder::{Finder, either, nothing};
use crate::queue::sort::Value;
use crate::queue::sql::Sql;
use crate::text::folded;

/// A text that matches more names than this is compared in each incident instead.
const MOST_NAMES: usize = 2_000;
/// Names that are each looked up in an incident.
const FEW_NAMES: usize = 20;
/// Letters that the index of names is made of.
const LETTERS: usize = 3;
/// The kinds that people call assets.
const ASSETS: [&str; 5] = ["device", "user", "mailbox", "cloudApplication", "cloudResource"];
/// All kinds of entities that are found by an identifier.
const IDENTIFIED: [&str; 8] = ["device", "user", "mailbox", "ip", "file", "url", "cloudApplication", "cloudResource"];
/// Types of keys by which an entity is found when the whole of it is typed.
const KEY_TYPES: [&str; 13] =
    ["sha256", "sha1", "md5", "mde", "aad", "sid", "upn", "sam", "name", "addr", "ip", "fqdn", "host"];

/// Has an entity of some kinds, one of whose names contains one of the texts, or of which one is an identifier.
pub(super) fn by_entities(conn: &mut AnyConnection, kinds: &[&str], texts: &[String]) -> Result<Option<Finder>> {
    let ways = texts.iter().map(|typed| by_entity(conn, kinds, typed)).collect::<Result<Vec<_>>>()?;
    Ok(either(ways))
}

/// Has an entity of some kinds (any, when none are given) with a name that contains what was typed, or an
/// identifier that it is.
fn by_entity(conn: &mut AnyConnection, kinds: &[&str], typed: &str) -> Result<Finder> {
    let of_kinds = |column: &str| match kinds {
        [] => Sql::default(),
        kinds => Sql::new(" AND ").and_then(Sql::is_any(column, kinds.iter().map(|&kind| kind.to_owned()))),
    };
    let by_text = || {
        Sql::has(
            Sql::new("incident_entities x JOIN entities n ON n.id = x.entity_id WHERE x.incident_id = i.id")
                .and_then(of_kinds("x.kind"))
                .and_then(Sql::of(
                    " AND (n.name_key LIKE {} ESCAPE '\\' OR EXISTS (SELECT 1 FROM entity_names f \
                     WHERE f.entity_id = n.id AND f.name_key LIKE {} ESCAPE '\\'))",
                    [Value::Text(contains(typed)), Value::Text(contains(typed))],
                )),
        )
    };
    // Without a kind, entities that are no assets are searched, too.
    let searched: &[Searched] = match kinds {
        [] => &[Searched::Assets, Searched::OtherEntities, Searched::FurtherNames],
        _ => &[Searched::Assets, Searched::FurtherNames],
    };
    let Some(mut names) = names(conn, searched, &of_kinds("n.kind"), typed, Sql::ids)? else {
        return Ok(Finder { finds: Vec::new(), condition: by_text(), by_text: true });
    };
    names.extend(identified(conn, if kinds.is_empty() { &IDENTIFIED } else { kinds }, typed)?);
    Ok(has_one_of(&names, &of_kinds("x.kind")))
}

/// The entities of some kinds that have what was typed as an identifier: a hash, a SID, an address.
fn identified(conn: &mut AnyConnection, kinds: &[&str], typed: &str) -> Result<Vec<i64>> {
    let whole = folded(typed.trim());
    let mut keys: Vec<String> = KEY_TYPES.iter().map(|key_type| bounded(&format!("{key_type}:{whole}"))).collect();
    keys.push(bounded(&format!("url:{}", typed.trim())));
    Sql::new("SELECT entity_id AS id FROM entity_keys WHERE ")
        .and_then(Sql::is_any("kind", kinds.iter().map(|&kind| kind.to_owned())))
        .text(" AND ")
        .and_then(Sql::is_any("key", keys))
        .ids(conn)
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
        format!("SELECT DISTINCT incident_id AS id FROM incident_entities WHERE entity_id IN ({listed}){{open}}");
    Finder { finds: vec![Sql::new(finds)], condition, by_text: true }
}

/// The names that contain what was typed; none when they are too many, or it is too short to say.
fn names<T>(
    conn: &mut AnyConnection,
    searched: &[Searched],
    further: &Sql,
    typed: &str,
    load: impl Fn(&Sql, &mut AnyConnection) -> Result<Vec<T>>,
) -> Result<Option<Vec<T>>> {
    if typed.chars().count() < LETTERS {
        return Ok(None);
    }
    let mut found = Vec::new();
    for searched in searched {
        let [rough, exact] = conn.patterns(typed);
        let statement = Sql::of(conn.names_like(*searched), [Value::Text(rough), Value::Text(exact)])
            .and_then(further.clone())
            .text(&format!(" LIMIT {}", MOST_NAMES + 1 - found.len()));
        found.extend(load(&statement, conn)?);
        if found.len() > MOST_NAMES {
            return Ok(None);
        }
    }
    Ok(Some(found))
}

/// Has a name that contains what was typed.
pub(in crate::queue) fn by_name(conn: &mut AnyConnection, typed: &str) -> Result<Finder> {
    let names = names(conn, &[Searched::IncidentNames], &Sql::default(), typed, Sql::words)?;
    let finds = match names {
        None => Vec::new(),
        Some(names) if names.is_empty() => vec![nothing()],
        // Both values of `is_open` are named because the index begins with it.
        Some(names) => vec![
            Sql::new("SELECT id FROM incidents WHERE is_open IN (true, false) AND ")
                .and_then(Sql::is_any("name_key", names))
                .text("{open}"),
        ],
    };
    let condition = Sql::of("i.name_key LIKE {} ESCAPE '\\'", [Value::Text(contains(typed))]);
    Ok(Finder { finds, condition, by_text: true })
}

/// Name, ID, or anything in it by any of its names and identifiers.
pub(super) fn by_search(conn: &mut AnyConnection, typed: &str) -> Result<Finder> {
    let id = typed.trim_start_matches('#').parse::<i64>();
    // A number, or a text too short for the index, is part of nearly every address: assets only.
    let kinds: &[&str] = if id.is_ok() || typed.chars().count() < LETTERS { &ASSETS } else { &[] };
    let mut ways = vec![by_name(conn, typed)?, by_entity(conn, kinds, typed)?];
    if let Ok(id) = id {
        let id = [Value::Number(id)];
        let finds = vec![Sql::of("SELECT id FROM incidents WHERE id = {}{open}", id.clone())];
        ways.push(Finder { finds, condition: Sql::of("i.id = {}", id), by_text: false });
    }
    Ok(either(ways).unwrap_or_else(Finder::nothing))
}
