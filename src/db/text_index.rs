//! Finding part of a name by index: SQLite's full-text tables and PostgreSQL's extension pg_trgm both
//! index every three characters. Only this file knows their difference. [`crate::db::Db::migrate`]
//! creates the indexes; a PostgreSQL user without the right to add the extension searches without
//! them, slowly.
//!
//! Assets have an index of their own, because the other entities are many times as many and a search takes
//! as long as the list of its rarest three characters.

use diesel::RunQueryDsl as _;
use diesel::connection::SimpleConnection;
use diesel::result::QueryResult;

use crate::db::connection::AnyConnection;
use crate::text::folded;

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Searched {
    /// Entities that people call assets: devices, users, mailboxes, cloud applications and resources.
    Assets,
    /// All other entities: files, addresses, processes ...
    OtherEntities,
    /// Names of entities of all kinds beside those by which they are shown.
    FurtherNames,
    IncidentNames,
    AlertTitles,
}

/// The kinds of assets, as SQL lists them.
const ASSETS: &str = "('device', 'user', 'mailbox', 'cloudApplication', 'cloudResource')";

/// The full-text tables of entities, and the SQL operator by which a kind of asset belongs to each.
const TABLES: [(&str, &str); 2] = [("assets_text", "IN"), ("things_text", "NOT IN")];

/// SQLite: a full-text table over the names, updated by triggers. `detail=none` keeps no positions,
/// which LIKE does not need: half the size.
fn sqlite_entities(table: &str, belongs: &str) -> String {
    let insert = format!("INSERT INTO {table} (rowid, name_key)");
    let delete = format!("INSERT INTO {table} ({table}, rowid, name_key) VALUES ('delete', old.id, old.name_key);");
    format!(
        "CREATE VIRTUAL TABLE {table} USING \
           fts5(name_key, content='entities', content_rowid='id', tokenize='trigram', detail=none, columnsize=0); \
         CREATE TRIGGER {table}_insert AFTER INSERT ON entities WHEN new.kind {belongs} {ASSETS} BEGIN \
           {insert} VALUES (new.id, new.name_key); END; \
         CREATE TRIGGER {table}_delete AFTER DELETE ON entities WHEN old.kind {belongs} {ASSETS} BEGIN {delete} END; \
         CREATE TRIGGER {table}_update AFTER UPDATE OF name_key ON entities \
         WHEN old.kind {belongs} {ASSETS} AND old.name_key <> new.name_key BEGIN \
           {delete} {insert} VALUES (new.id, new.name_key); END; \
         {insert} SELECT id, name_key FROM entities WHERE kind {belongs} {ASSETS};"
    )
}

const SQLITE_FURTHER_NAMES: &str = "
CREATE VIRTUAL TABLE further_names_text USING
  fts5(name_key, content='entity_names', content_rowid='id', tokenize='trigram', detail=none, columnsize=0);
CREATE TRIGGER further_names_text_insert AFTER INSERT ON entity_names BEGIN
  INSERT INTO further_names_text (rowid, name_key) VALUES (new.id, new.name_key);
END;
CREATE TRIGGER further_names_text_delete AFTER DELETE ON entity_names BEGIN
  INSERT INTO further_names_text (further_names_text, rowid, name_key) VALUES ('delete', old.id, old.name_key);
END;
INSERT INTO further_names_text (rowid, name_key) SELECT id, name_key FROM entity_names;
";

const SQLITE_NAMES: &str = "
CREATE VIRTUAL TABLE incident_names_text USING fts5(name_key, tokenize='trigram', detail=none, columnsize=0);
CREATE TRIGGER incident_names_text_insert AFTER INSERT ON incident_names BEGIN
  INSERT INTO incident_names_text (name_key) VALUES (new.name_key);
END;
INSERT INTO incident_names_text (name_key) SELECT name_key FROM incident_names;
";

const SQLITE_TITLES: &str = "
CREATE VIRTUAL TABLE alert_titles_text USING fts5(title_key, tokenize='trigram', detail=none, columnsize=0);
CREATE TRIGGER alert_titles_text_insert AFTER INSERT ON alert_titles BEGIN
  INSERT INTO alert_titles_text (title_key) VALUES (new.title_key);
END;
INSERT INTO alert_titles_text (title_key) SELECT title_key FROM alert_titles;
";

fn postgres() -> String {
    format!(
        "CREATE EXTENSION IF NOT EXISTS pg_trgm; \
         CREATE INDEX IF NOT EXISTS assets_trigrams ON entities USING gin (name_key gin_trgm_ops) \
           WHERE kind IN {ASSETS}; \
         CREATE INDEX IF NOT EXISTS things_trigrams ON entities USING gin (name_key gin_trgm_ops) \
           WHERE kind NOT IN {ASSETS}; \
         CREATE INDEX IF NOT EXISTS further_names_trigrams ON entity_names USING gin (name_key gin_trgm_ops); \
         CREATE INDEX IF NOT EXISTS incident_names_trigrams ON incident_names USING gin (name_key gin_trgm_ops); \
         CREATE INDEX IF NOT EXISTS alert_titles_trigrams ON alert_titles USING gin (title_key gin_trgm_ops);"
    )
}

/// Creates the indexes where they are missing, and fills them.
pub(super) fn ensure(conn: &mut AnyConnection) -> QueryResult<()> {
    match conn {
        AnyConnection::Sqlite(sqlite) => {
            let has_names = sqlite_has(sqlite, "incident_names_text")?;
            let has_further = sqlite_has(sqlite, "further_names_text")?;
            let has_titles = sqlite_has(sqlite, "alert_titles_text")?;
            if has_names && has_further && has_titles {
                return Ok(());
            }
            diesel::Connection::transaction(sqlite, |sqlite| {
                if !has_further {
                    sqlite.batch_execute(SQLITE_FURTHER_NAMES)?;
                }
                if !has_titles {
                    sqlite.batch_execute(SQLITE_TITLES)?;
                }
                if has_names {
                    return Ok(());
                }
                for (table, belongs) in TABLES {
                    sqlite.batch_execute(&sqlite_entities(table, belongs))?;
                }
                sqlite.batch_execute(SQLITE_NAMES)
            })
        }
        AnyConnection::Postgres(connection) => {
            if let Err(error) = connection.batch_execute(&postgres()) {
                tracing::warn!(%error, "searching for part of a name will be slow: pg_trgm cannot be used");
            }
            Ok(())
        }
    }
}

/// Drops the indexes, so that the migrations can be reverted.
pub(super) fn remove(conn: &mut AnyConnection) -> QueryResult<()> {
    match conn {
        AnyConnection::Sqlite(sqlite) => {
            for (table, _) in TABLES {
                for trigger in ["insert", "delete", "update"] {
                    sqlite.batch_execute(&format!("DROP TRIGGER IF EXISTS {table}_{trigger}"))?;
                }
                sqlite.batch_execute(&format!("DROP TABLE IF EXISTS {table}"))?;
            }
            sqlite.batch_execute(
                "DROP TRIGGER IF EXISTS incident_names_text_insert; DROP TABLE IF EXISTS incident_names_text; \
                 DROP TRIGGER IF EXISTS alert_titles_text_insert; DROP TABLE IF EXISTS alert_titles_text; \
                 DROP TRIGGER IF EXISTS further_names_text_insert; DROP TRIGGER IF EXISTS further_names_text_delete; \
                 DROP TABLE IF EXISTS further_names_text",
            )
        }
        // An index is dropped with its table.
        AnyConnection::Postgres(_) => Ok(()),
    }
}

fn sqlite_has(sqlite: &mut diesel::SqliteConnection, table: &str) -> QueryResult<bool> {
    let sql = format!("EXISTS (SELECT 1 FROM sqlite_master WHERE name = '{table}')");
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(&sql)).get_result(sqlite)
}

impl AnyConnection {
    /// A statement that finds names by index: entities (`n`) as `id`, or names of incidents and titles of alerts as
    /// `word`. It ends in a condition and has two places `{}` for the values of [`Self::patterns`].
    pub fn names_like(&self, searched: Searched) -> String {
        // LIKE with ESCAPE cannot use a full-text table, so the first pattern is without it.
        match (self, searched) {
            (Self::Sqlite(_), Searched::IncidentNames) => "SELECT t.name_key AS word FROM incident_names_text t \
                 WHERE t.name_key LIKE {} AND t.name_key LIKE {} ESCAPE '\\'"
                .to_owned(),
            (Self::Sqlite(_), Searched::AlertTitles) => "SELECT t.title_key AS word FROM alert_titles_text t \
                 WHERE t.title_key LIKE {} AND t.title_key LIKE {} ESCAPE '\\'"
                .to_owned(),
            (Self::Sqlite(_), Searched::FurtherNames) => "SELECT n.entity_id AS id FROM further_names_text t \
                 CROSS JOIN entity_names n ON n.id = t.rowid \
                 WHERE t.name_key LIKE {} AND n.name_key LIKE {} ESCAPE '\\'"
                .to_owned(),
            (Self::Postgres(_), Searched::FurtherNames) => "SELECT n.entity_id AS id FROM entity_names n \
                 WHERE n.name_key LIKE {} AND n.name_key LIKE {}"
                .to_owned(),
            (Self::Sqlite(_), entities) => {
                let table = if entities == Searched::Assets { "assets_text" } else { "things_text" };
                format!(
                    "SELECT n.id AS id FROM {table} t CROSS JOIN entities n ON n.id = t.rowid \
                     WHERE t.name_key LIKE {{}} AND n.name_key LIKE {{}} ESCAPE '\\'"
                )
            }
            (Self::Postgres(_), Searched::IncidentNames) => "SELECT n.name_key AS word FROM incident_names n \
                 WHERE n.name_key LIKE {} AND n.name_key LIKE {}"
                .to_owned(),
            (Self::Postgres(_), Searched::AlertTitles) => "SELECT n.title_key AS word FROM alert_titles n \
                 WHERE n.title_key LIKE {} AND n.title_key LIKE {}"
                .to_owned(),
            (Self::Postgres(_), entities) => {
                let belongs = if entities == Searched::Assets { "IN" } else { "NOT IN" };
                format!(
                    "SELECT n.id AS id FROM entities n \
                     WHERE n.name_key LIKE {{}} AND n.name_key LIKE {{}} AND n.kind {belongs} {ASSETS}"
                )
            }
        }
    }

    /// The patterns of [`Self::names_like`] for "contains `typed`": a wider one for the index, and the exact one.
    pub fn patterns(&self, typed: &str) -> [String; 2] {
        let exact = contains(typed);
        match self {
            Self::Sqlite(_) => [format!("%{}%", longest_without_wildcards(&folded(typed))), exact],
            Self::Postgres(_) => [exact.clone(), exact],
        }
    }

    /// A statement that finds the names that begin with `typed` by index, as [`Self::names_like`] does, with its two
    /// values. Further names are not searched. SQLite's full-text tables find no text of less than three characters;
    /// PostgreSQL's trigrams include the beginnings of words.
    pub fn names_beginning(&self, searched: Searched, typed: &str) -> (String, [String; 2]) {
        let belongs = if searched == Searched::Assets { "IN" } else { "NOT IN" };
        let typed = folded(typed);
        match (self, searched) {
            (Self::Sqlite(_), Searched::IncidentNames) => (
                "SELECT n.name_key AS word FROM incident_names n WHERE n.name_key >= {} AND n.name_key < {}".to_owned(),
                range(typed),
            ),
            (Self::Sqlite(_), Searched::AlertTitles) => (
                "SELECT n.title_key AS word FROM alert_titles n WHERE n.title_key >= {} AND n.title_key < {}"
                    .to_owned(),
                range(typed),
            ),
            (Self::Sqlite(_), _) => (
                format!(
                    "SELECT n.id AS id FROM entities n WHERE n.name_key >= {{}} AND n.name_key < {{}} \
                     AND n.kind {belongs} {ASSETS}"
                ),
                range(typed),
            ),
            (Self::Postgres(_), _) => {
                let pattern = beginning(&typed);
                (self.names_like(searched), [pattern.clone(), pattern])
            }
        }
    }
}

/// The names that begin with a text, as a range of SQLite's byte order: from the text to before the second.
fn range(typed: String) -> [String; 2] {
    let end = format!("{typed}{}", char::MAX);
    [typed, end]
}

/// The longest part of a text that has no wildcard of LIKE.
fn longest_without_wildcards(text: &str) -> &str {
    text.split(['%', '_']).max_by_key(|part| part.chars().count()).unwrap_or_default()
}

/// Whether both databases find the names that contain a text by index: SQLite's needs three characters without a
/// wildcard, PostgreSQL's a letter or digit among the last two of them.
pub fn has_trigram(typed: &str) -> bool {
    let typed: Vec<char> = folded(typed).chars().collect();
    typed
        .windows(3)
        .any(|three| !three.iter().any(|c| matches!(c, '%' | '_')) && three.iter().skip(1).any(|c| c.is_alphanumeric()))
}

/// A LIKE pattern for "contains", lower case, with its wildcards taken literally.
pub fn contains(typed: &str) -> String {
    format!("%{}%", literal(typed))
}

/// The same for "begins with".
pub fn beginning(typed: &str) -> String {
    format!("{}%", literal(typed))
}

fn literal(typed: &str) -> String {
    let mut pattern = String::new();
    for character in folded(typed).chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_no_index_finds_anywhere_in_a_name_are_told() {
        for typed in ["web", "10.0.0.1", "a-b", "C:\\x", "100%abc", "--a", "äöü"] {
            assert!(has_trigram(typed), "{typed}");
        }
        for typed in ["", "a", "zq", "~", "%", "%%%%", "a%b%c", "a_b", "---", "a--", "äö"] {
            assert!(!has_trigram(typed), "{typed}");
        }
        assert_eq!(longest_without_wildcards("ab%cde_f"), "cde");
    }
}
