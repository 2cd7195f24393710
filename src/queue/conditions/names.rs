//! Conditions on names: of entities by any of their names and identifiers, and of the incident itself.

use crate::db::AnyConnection;
use crate::db::text_index::{Searched, beginning, contains, has_trigram};
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
/// The kinds that people call assets.
const ASSETS: [&str; 5] = ["device", "user", "mailbox", "cloudApplication", "cloudResource"];
/// All kinds of entities that are found by an identifier.
const IDENTIFIED: [&str; 8] = ["device", "user", "mailbox", "ip", "file", "url", "cloudApplication", "cloudResource"];
/// Types of keys by which an entity is found when the whole of it is typed.
const KEY_TYPES: [&str; 13] =
    ["sha256", "sha1", "md5", "mde", "aad", "sid", "upn", "sam", "name", "addr", "ip", "fqdn", "host"];

/// How a text is looked for, so that it is found by an index however short it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// In the names that contain it, further names of entities among them.
    Contained,
    /// In the names that begin with it: one or two letters.
    Beginning,
    /// In the names that are it: nothing but signs.
    Whole,
}

impl Way {
    fn of(typed: &str) -> Self {
        if has_trigram(typed) {
            Self::Contained
        } else if typed.chars().any(char::is_alphanumeric) {
            Self::Beginning
        } else {
            Self::Whole
        }
    }

    /// The condition on a name, for when too many names meet it.
    fn condition(self, column: &str, typed: &str) -> Sql {
        match self {
            Self::Contained => Sql::of(format!("{column} LIKE {{}} ESCAPE '\\'"), [Value::Text(contains(typed))]),
            Self::Beginning => Sql::of(format!("{column} LIKE {{}} ESCAPE '\\'"), [Value::Text(beginning(typed))]),
            Self::Whole => Sql::of(format!("{column} = {{}}"), [Value::Text(folded(typed))]),
        }
    }

    /// The statement that finds names by index, ending in a condition.
    fn statement(self, conn: &AnyConnection, searched: Searched, typed: &str) -> Sql {
        let (text, [one, other]) = match self {
            Self::Contained => (conn.names_like(searched), conn.patterns(typed)),
            Self::Beginning => conn.names_beginning(searched, typed),
            Self::Whole => {
                let found = match searched {
                    Searched::IncidentNames => "SELECT n.name_key AS word FROM incident_names n WHERE ",
                    _ => "SELECT n.id AS id FROM entities n WHERE ",
                };
                return Sql::new(found).and_then(self.condition("n.name_key", typed));
            }
        };
        Sql::of(text, [Value::Text(one), Value::Text(other)])
    }
}

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
    let way = Way::of(typed);
    let by_text = || {
        let mut named = Sql::new(" AND (").and_then(way.condition("n.name_key", typed));
        if way == Way::Contained {
            named = named
                .text(" OR EXISTS (SELECT 1 FROM entity_names f WHERE f.entity_id = n.id AND ")
                .and_then(way.condition("f.name_key", typed))
                .text(")");
        }
        Sql::has(
            Sql::new("incident_entities x JOIN entities n ON n.id = x.entity_id WHERE x.incident_id = i.id")
                .and_then(of_kinds("x.kind"))
                .and_then(named.text(")")),
        )
    };
    // Without a kind, entities that are no assets are searched, too.
    let searched: &[Searched] = match (kinds, way) {
        ([], Way::Contained) => &[Searched::Assets, Searched::OtherEntities, Searched::FurtherNames],
        (_, Way::Contained) => &[Searched::Assets, Searched::FurtherNames],
        ([], Way::Beginning) => &[Searched::Assets, Searched::OtherEntities],
        (_, Way::Beginning | Way::Whole) => &[Searched::Assets],
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

/// The names that have what was typed; none when they are too many.
fn names<T>(
    conn: &mut AnyConnection,
    searched: &[Searched],
    further: &Sql,
    typed: &str,
    load: impl Fn(&Sql, &mut AnyConnection) -> Result<Vec<T>>,
) -> Result<Option<Vec<T>>> {
    let mut found = Vec::new();
    for searched in searched {
        let statement = Way::of(typed)
            .statement(conn, *searched, typed)
            .and_then(further.clone())
            .text(&format!(" LIMIT {}", MOST_NAMES + 1 - found.len()));
        found.extend(load(&statement, conn)?);
        if found.len() > MOST_NAMES {
            return Ok(None);
        }
    }
    Ok(Some(found))
}

/// Has a name that has what was typed.
fn by_name(conn: &mut AnyConnection, typed: &str) -> Result<Finder> {
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
    let condition = Way::of(typed).condition("i.name_key", typed);
    Ok(Finder { finds, condition, by_text: true })
}

/// Name, ID, or anything in it by any of its names and identifiers.
pub(super) fn by_search(conn: &mut AnyConnection, typed: &str) -> Result<Finder> {
    let id = typed.trim_start_matches('#').parse::<i64>();
    // A number is part of nearly every address, and many names begin with any one letter: assets only.
    let kinds: &[&str] = if id.is_ok() || Way::of(typed) != Way::Contained { &ASSETS } else { &[] };
    let mut ways = vec![by_name(conn, typed)?, by_entity(conn, kinds, typed)?];
    if let Ok(id) = id {
        let id = [Value::Number(id)];
        let finds = vec![Sql::of("SELECT id FROM incidents WHERE id = {}{open}", id.clone())];
        ways.push(Finder { finds, condition: Sql::of("i.id = {}", id), by_text: false });
    }
    Ok(either(ways).unwrap_or_else(Finder::nothing))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use diesel::prelude::*;
    use diesel::sql_types::Text;

    use super::*;
    use crate::db::{DatabaseUrl, Db};
    use crate::live::Hub;

    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }

    #[test]
    fn texts_of_any_length_are_looked_up_by_index() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&DatabaseUrl::throw_away(folder.path().join("names.db")), Hub::default()).unwrap();
        db.migrate().unwrap();
        for typed in ["a", "zq", "~", "%%%%%%", "a%b_", "web"] {
            for searched in [Searched::Assets, Searched::OtherEntities, Searched::IncidentNames] {
                let plan = db.read_now(|conn| {
                    let asked = Way::of(typed).statement(conn, searched, typed);
                    let steps: Vec<Step> = Sql::new("EXPLAIN QUERY PLAN ").and_then(asked).load(conn)?;
                    Ok(steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("; "))
                });
                let plan = plan.unwrap();
                let by_index = plan.contains("USING COVERING INDEX") || plan.contains("USING INDEX");
                let scans = plan.contains("SCAN n") || plan.contains("SCAN i");
                assert!(!scans && (by_index || plan.contains("VIRTUAL TABLE INDEX")), "{typed} {searched:?}: {plan}");
            }
        }
    }
}
