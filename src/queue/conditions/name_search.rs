//! Looking up names by index: of entities by any of their names and identifiers, of incidents, and titles of alerts.

use crate::db::AnyConnection;
use crate::db::text_index::{Searched, beginning, contains, has_trigram};
use crate::error::Result;
use crate::model::entity::bounded;
use crate::queue::conditions::finder::Finder;
use crate::queue::sort::Value;
use crate::queue::sql::Sql;
use crate::text::folded;

/// A text that matches more names than this is compared in each row instead.
pub(crate) const MOST_NAMES: usize = 2_000;
/// The kinds that people call assets.
const ASSETS: [&str; 5] = ["device", "user", "mailbox", "cloudApplication", "cloudResource"];
/// All kinds of entities that are found by an identifier.
pub(crate) const IDENTIFIED: [&str; 8] =
    ["device", "user", "mailbox", "ip", "file", "url", "cloudApplication", "cloudResource"];
/// Types of keys by which an entity is found when the whole of it is typed.
const KEY_TYPES: [&str; 13] =
    ["sha256", "sha1", "md5", "mde", "aad", "sid", "upn", "sam", "name", "addr", "ip", "fqdn", "host"];

/// How a text is looked for, so that it is found by an index however short it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// In the names that contain it, further names of entities among them.
    Contained,
    /// In the names that begin with it: one or two letters.
    Beginning,
    /// In the names that are it: nothing but signs.
    Whole,
}

impl Way {
    pub fn of(typed: &str) -> Self {
        if has_trigram(typed) {
            Self::Contained
        } else if typed.chars().any(char::is_alphanumeric) {
            Self::Beginning
        } else {
            Self::Whole
        }
    }

    /// The condition on a name, for when too many names meet it.
    pub fn condition(self, column: &str, typed: &str) -> Sql {
        match self {
            Self::Contained => Sql::of(format!("{column} LIKE {{}} ESCAPE '\\'"), [Value::Text(contains(typed))]),
            Self::Beginning => Sql::of(format!("{column} LIKE {{}} ESCAPE '\\'"), [Value::Text(beginning(typed))]),
            Self::Whole => Sql::of(format!("{column} = {{}}"), [Value::Text(folded(typed))]),
        }
    }

    /// The statement that finds names by index, ending in a condition.
    pub fn statement(self, conn: &AnyConnection, searched: Searched, typed: &str) -> Sql {
        let (text, [one, other]) = match self {
            Self::Contained => (conn.names_like(searched), conn.patterns(typed)),
            Self::Beginning => conn.names_beginning(searched, typed),
            Self::Whole => {
                let found = match searched {
                    Searched::IncidentNames => "SELECT n.name_key AS word FROM incident_names n WHERE ",
                    Searched::AlertTitles => "SELECT n.title_key AS word FROM alert_titles n WHERE ",
                    Searched::AttachmentNames => "SELECT n.id AS id FROM attachments n WHERE ",
                    _ => "SELECT n.id AS id FROM entities n WHERE ",
                };
                let column = if searched == Searched::AlertTitles { "n.title_key" } else { "n.name_key" };
                return Sql::new(found).and_then(self.condition(column, typed));
            }
        };
        Sql::of(text, [Value::Text(one), Value::Text(other)])
    }
}

/// The entities of some kinds (any, when none are given) with a name that contains what was typed, or an identifier
/// that it is; none when they are too many.
pub(super) fn entities(conn: &mut AnyConnection, kinds: &[&str], typed: &str) -> Result<Option<Vec<i64>>> {
    // Without a kind, entities that are no assets are searched, too.
    let searched: &[Searched] = match (kinds, Way::of(typed)) {
        ([], Way::Contained) => &[Searched::Assets, Searched::OtherEntities, Searched::FurtherNames],
        (_, Way::Contained) => &[Searched::Assets, Searched::FurtherNames],
        ([], Way::Beginning) => &[Searched::Assets, Searched::OtherEntities],
        (_, Way::Beginning | Way::Whole) => &[Searched::Assets],
    };
    let (mut found, more) = names(conn, searched, &of_kinds("n.kind", kinds), typed, Sql::ids)?;
    if more {
        return Ok(None);
    }
    found.extend(identified(conn, if kinds.is_empty() { &IDENTIFIED } else { kinds }, typed)?);
    Ok(Some(found))
}

/// The condition that a kind is one of some; nothing where any will do.
pub(crate) fn of_kinds(column: &str, kinds: &[&str]) -> Sql {
    match kinds {
        [] => Sql::default(),
        kinds => Sql::new(" AND ").and_then(Sql::is_any(column, kinds.iter().map(|&kind| kind.to_owned()))),
    }
}

/// The condition that a name of entity `n`, or a further name of it, is what is searched.
fn has_name(typed: &str) -> Sql {
    let way = Way::of(typed);
    let mut named = Sql::new(" AND (").and_then(way.condition("n.name_key", typed));
    if way == Way::Contained {
        named = named
            .text(" OR EXISTS (SELECT 1 FROM entity_names f WHERE f.entity_id = n.id AND ")
            .and_then(way.condition("f.name_key", typed))
            .text(")");
    }
    named.text(")")
}

/// Rows `i` that have an entity with what was typed in a name. It compares the names of each row's entities, for when
/// too many entities have it to list them. `table` says which entities a row has; its column `row_id` is the row's id.
///
/// CROSS JOIN makes SQLite read the entities of the row first. With JOIN it may read all entities of the kind for each
/// row instead, which took minutes at a million alerts.
pub(super) fn compared_in_each_row(table: &str, row_id: &str, of_kinds: Sql, typed: &str) -> Finder {
    let entity = Sql::new(format!("{table} x CROSS JOIN entities n WHERE n.id = x.entity_id AND x.{row_id} = i.id"))
        .and_then(of_kinds)
        .and_then(has_name(typed));
    Finder { finds: Vec::new(), condition: Sql::has(entity), by_text: true }
}

/// The ID that was typed, with or without a number sign.
pub(crate) fn id(typed: &str) -> Option<i64> {
    typed.trim_start_matches('#').parse().ok()
}

/// The kinds of entities that a search for any text looks through. A number is part of nearly every address, and many
/// names begin with any one letter: assets only.
pub(super) fn kinds_searched(typed: &str) -> &'static [&'static str] {
    if id(typed).is_some() || Way::of(typed) != Way::Contained { &ASSETS } else { &[] }
}

/// The names of incidents or titles of alerts that have what was typed; none when they are too many.
pub(super) fn words(conn: &mut AnyConnection, searched: Searched, typed: &str) -> Result<Option<Vec<String>>> {
    let (found, more) = names(conn, &[searched], &Sql::default(), typed, Sql::words)?;
    Ok((!more).then_some(found))
}

/// The entities of some kinds that have what was typed as an identifier: a hash, a SID, an address.
pub(crate) fn identified(conn: &mut AnyConnection, kinds: &[&str], typed: &str) -> Result<Vec<i64>> {
    let whole = folded(typed.trim());
    let mut keys: Vec<String> = KEY_TYPES.iter().map(|key_type| bounded(&format!("{key_type}:{whole}"))).collect();
    keys.push(bounded(&format!("url:{}", typed.trim())));
    Sql::new("SELECT entity_id AS id FROM entity_keys WHERE ")
        .and_then(Sql::is_any("kind", kinds.iter().map(|&kind| kind.to_owned())))
        .text(" AND ")
        .and_then(Sql::is_any("key", keys))
        .ids(conn)
}

/// At most [`MOST_NAMES`] of the names that have what was typed, and whether there are more.
pub(crate) fn names<T>(
    conn: &mut AnyConnection,
    searched: &[Searched],
    further: &Sql,
    typed: &str,
    load: impl Fn(&Sql, &mut AnyConnection) -> Result<Vec<T>>,
) -> Result<(Vec<T>, bool)> {
    let mut found = Vec::new();
    for searched in searched {
        let statement = Way::of(typed)
            .statement(conn, *searched, typed)
            .and_then(further.clone())
            .text(&format!(" LIMIT {}", MOST_NAMES + 1 - found.len()));
        found.extend(load(&statement, conn)?);
        if found.len() > MOST_NAMES {
            found.truncate(MOST_NAMES);
            return Ok((found, true));
        }
    }
    Ok((found, false))
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

    fn empty_store() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&DatabaseUrl::throw_away(folder.path().join("names.db")), Hub::default()).unwrap();
        db.migrate().unwrap();
        (folder, db)
    }

    fn plan(db: &Db, statement: impl Fn(&AnyConnection) -> Sql) -> String {
        let plan = db.read_now(|conn| {
            let asked = statement(conn);
            let steps: Vec<Step> = Sql::new("EXPLAIN QUERY PLAN ").and_then(asked).load(conn)?;
            Ok(steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("; "))
        });
        plan.unwrap()
    }

    #[test]
    fn of_common_names_only_the_entities_of_a_row_are_compared() {
        let (_folder, db) = empty_store();
        for (table, row_id, list) in
            [("evidence", "alert_id", "alerts"), ("incident_entities", "incident_id", "incidents")]
        {
            for kinds in [&["device"][..], &["user", "mailbox"], &[]] {
                let condition = compared_in_each_row(table, row_id, of_kinds("n.kind", kinds), "web").condition;
                let asked = Sql::new(format!("SELECT i.id FROM {list} i WHERE ")).and_then(condition.walking());
                let plan = plan(&db, |_| asked.clone());
                let (of_row, entity) = (plan.find("SEARCH x USING"), plan.find("(id=?)"));
                assert!(of_row.is_some() && of_row < entity, "{list} {kinds:?}: {plan}");
            }
        }
    }

    #[test]
    fn texts_of_any_length_are_looked_up_by_index() {
        let (_folder, db) = empty_store();
        for typed in ["a", "zq", "~", "%%%%%%", "a%b_", "web"] {
            for searched in [Searched::Assets, Searched::OtherEntities, Searched::IncidentNames, Searched::AlertTitles]
            {
                let plan = plan(&db, |conn| Way::of(typed).statement(conn, searched, typed));
                let by_index = plan.contains("USING COVERING INDEX") || plan.contains("USING INDEX");
                let scans = plan.contains("SCAN n") || plan.contains("SCAN i");
                assert!(!scans && (by_index || plan.contains("VIRTUAL TABLE INDEX")), "{typed} {searched:?}: {plan}");
            }
        }
    }
}
