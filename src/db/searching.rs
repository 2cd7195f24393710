//! Finding part of a name by index, which each database does with its own: SQLite's full-text
//! tables and PostgreSQL's extension of the same name both index every three characters. What they
//! index is told apart here and nowhere else; [`super::Db::migrate`] makes it, and a store that
//! cannot have it (PostgreSQL without the right to add the extension) searches without, slowly.

use diesel::connection::SimpleConnection;
use diesel::result::QueryResult;

use super::AnyConnection;

/// The tables whose `name_key` is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Searched {
    Entities,
    IncidentNames,
}

/// SQLite: a full-text table over the names, kept by triggers. `detail=none` keeps no positions,
/// which LIKE does not need: half the size.
const SQLITE: &str = "
CREATE VIRTUAL TABLE IF NOT EXISTS entities_text USING
  fts5(name_key, content='entities', content_rowid='id', tokenize='trigram', detail=none, columnsize=0);
CREATE TRIGGER IF NOT EXISTS entities_text_insert AFTER INSERT ON entities BEGIN
  INSERT INTO entities_text (rowid, name_key) VALUES (new.id, new.name_key);
END;
CREATE TRIGGER IF NOT EXISTS entities_text_delete AFTER DELETE ON entities BEGIN
  INSERT INTO entities_text (entities_text, rowid, name_key) VALUES ('delete', old.id, old.name_key);
END;
CREATE TRIGGER IF NOT EXISTS entities_text_update AFTER UPDATE OF name_key ON entities
WHEN old.name_key <> new.name_key BEGIN
  INSERT INTO entities_text (entities_text, rowid, name_key) VALUES ('delete', old.id, old.name_key);
  INSERT INTO entities_text (rowid, name_key) VALUES (new.id, new.name_key);
END;
CREATE VIRTUAL TABLE IF NOT EXISTS incident_names_text USING
  fts5(name_key, tokenize='trigram', detail=none, columnsize=0);
CREATE TRIGGER IF NOT EXISTS incident_names_text_insert AFTER INSERT ON incident_names BEGIN
  INSERT INTO incident_names_text (name_key) VALUES (new.name_key);
END;
";

/// Fills the full-text tables from what was stored before there were any.
const SQLITE_FILL: &str = "
INSERT INTO entities_text (entities_text) VALUES ('rebuild');
INSERT INTO incident_names_text (name_key) SELECT name_key FROM incident_names;
";

const SQLITE_DROP: &str = "
DROP TRIGGER IF EXISTS entities_text_insert;
DROP TRIGGER IF EXISTS entities_text_delete;
DROP TRIGGER IF EXISTS entities_text_update;
DROP TRIGGER IF EXISTS incident_names_text_insert;
DROP TABLE IF EXISTS entities_text;
DROP TABLE IF EXISTS incident_names_text;
";

const POSTGRES: &str = "
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX IF NOT EXISTS entities_name_trigrams ON entities USING gin (name_key gin_trgm_ops);
CREATE INDEX IF NOT EXISTS incident_names_trigrams ON incident_names USING gin (name_key gin_trgm_ops);
";

/// Makes the indexes where they are missing, and fills them.
pub(super) fn ensure(conn: &mut AnyConnection) -> QueryResult<()> {
    match conn {
        AnyConnection::Sqlite(sqlite) => {
            if sqlite_has_text(sqlite)? {
                return Ok(());
            }
            diesel::Connection::transaction(sqlite, |sqlite| {
                sqlite.batch_execute(SQLITE)?;
                sqlite.batch_execute(SQLITE_FILL)
            })
        }
        AnyConnection::Postgres(postgres) => {
            if let Err(error) = postgres.batch_execute(POSTGRES) {
                tracing::warn!(%error, "searching for part of a name will be slow: pg_trgm cannot be used");
            }
            Ok(())
        }
    }
}

/// Takes the indexes away, so that the migrations can be taken back.
pub(super) fn remove(conn: &mut AnyConnection) -> QueryResult<()> {
    match conn {
        AnyConnection::Sqlite(sqlite) => sqlite.batch_execute(SQLITE_DROP),
        // An index goes with its table.
        AnyConnection::Postgres(postgres) => postgres.batch_execute("DROP INDEX IF EXISTS entities_name_trigrams"),
    }
}

fn sqlite_has_text(sqlite: &mut diesel::SqliteConnection) -> QueryResult<bool> {
    use diesel::RunQueryDsl as _;
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(
        "EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'incident_names_text')",
    ))
    .get_result(sqlite)
}

impl AnyConnection {
    /// A condition on a row `n` of `searched` that its `name_key` fits a LIKE pattern, by index. It has
    /// two placeholders, which take what [`patterns`] gives.
    pub fn name_fits(&self, searched: Searched) -> &'static str {
        match (self, searched) {
            // LIKE with ESCAPE is not looked up in a full-text table, so the first is a rough one.
            (Self::Sqlite(_), Searched::Entities) => {
                "n.id IN (SELECT rowid FROM entities_text WHERE name_key LIKE {}) AND n.name_key LIKE {} ESCAPE '\\'"
            }
            (Self::Sqlite(_), Searched::IncidentNames) => {
                "n.name_key IN (SELECT name_key FROM incident_names_text WHERE name_key LIKE {}) \
                 AND n.name_key LIKE {} ESCAPE '\\'"
            }
            (Self::Postgres(_), _) => "n.name_key LIKE {} ESCAPE '\\' AND n.name_key LIKE {} ESCAPE '\\'",
        }
    }

    /// The patterns of [`Self::name_fits`] for "contains `typed`": a rough one for the index, where
    /// SQLite's wildcards stand for themselves and anything else, and the exact one.
    pub fn patterns(&self, typed: &str) -> [String; 2] {
        let exact = contains(typed);
        match self {
            Self::Sqlite(_) => [format!("%{}%", typed.to_lowercase()), exact],
            Self::Postgres(_) => [exact.clone(), exact],
        }
    }
}

/// A LIKE pattern for "contains", lower case, with its wildcards taken literally.
pub fn contains(typed: &str) -> String {
    let mut pattern = String::from("%");
    for character in typed.to_lowercase().chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
