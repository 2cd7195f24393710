//! Creates the indexes by which [`crate::db::text_index`] finds parts of texts. [`crate::db::Db::migrate`] does it. A
//! PostgreSQL user without the right to add the extension pg_trgm searches without them, slowly.

use diesel::connection::SimpleConnection;
use diesel::result::QueryResult;
use diesel::{RunQueryDsl as _, SqliteConnection};

use crate::db::connection::AnyConnection;
use crate::db::text_index::ASSETS;

/// One of SQLite's full-text tables over a column of a table, kept by triggers.
struct FullText {
    name: &'static str,
    table: &'static str,
    /// The column of its numbers; none where each row is a text of its own that is never changed or deleted.
    id: Option<&'static str>,
    column: &'static str,
    /// Which kinds of entities it has, as an SQL operator before the kinds of assets; empty for all rows.
    kinds: &'static str,
}

impl FullText {
    const fn of(name: &'static str, table: &'static str, id: &'static str, column: &'static str) -> Self {
        Self { name, table, id: Some(id), column, kinds: "" }
    }

    const fn of_entities(name: &'static str, kinds: &'static str) -> Self {
        Self { name, table: "entities", id: Some("id"), column: "name_key", kinds }
    }

    const fn of_words(name: &'static str, table: &'static str, column: &'static str) -> Self {
        Self { name, table, id: None, column, kinds: "" }
    }
}

const TABLES: [FullText; 9] = [
    FullText::of_entities("assets_text", "IN"),
    FullText::of_entities("things_text", "NOT IN"),
    FullText::of("further_names_text", "entity_names", "id", "name_key"),
    FullText::of("entity_texts_text", "entity_texts", "id", "text_key"),
    FullText::of("written_texts_text", "written_texts", "entry_id", "text_key"),
    FullText::of("entity_comments_text", "entity_comment_texts", "entry_id", "text_key"),
    FullText::of("attachment_names_text", "attachments", "id", "name_key"),
    FullText::of_words("incident_names_text", "incident_names", "name_key"),
    FullText::of_words("alert_titles_text", "alert_titles", "title_key"),
];

impl FullText {
    /// Creates and fills it. `detail=none` keeps no positions, which LIKE does not need: half the size.
    fn creation(&self) -> String {
        let Self { name, table, column, .. } = self;
        let options = "tokenize='trigram', detail=none, columnsize=0";
        let Some(id) = self.id else {
            return format!(
                "CREATE VIRTUAL TABLE {name} USING fts5({column}, {options}); \
                 CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN \
                   INSERT INTO {name} ({column}) VALUES (new.{column}); END; \
                 INSERT INTO {name} ({column}) SELECT {column} FROM {table};"
            );
        };
        let of_kind = |row: &str| match self.kinds {
            "" => "1 = 1".to_owned(),
            kinds => format!("{row}kind {kinds} {ASSETS}"),
        };
        let insert = format!("INSERT INTO {name} (rowid, {column})");
        let delete = format!("INSERT INTO {name} ({name}, rowid, {column}) VALUES ('delete', old.{id}, old.{column});");
        format!(
            "CREATE VIRTUAL TABLE {name} USING fts5({column}, content='{table}', content_rowid='{id}', {options}); \
             CREATE TRIGGER {name}_insert AFTER INSERT ON {table} WHEN {new} BEGIN \
               {insert} VALUES (new.{id}, new.{column}); END; \
             CREATE TRIGGER {name}_delete AFTER DELETE ON {table} WHEN {old} BEGIN {delete} END; \
             CREATE TRIGGER {name}_update AFTER UPDATE OF {column} ON {table} \
             WHEN {old} AND old.{column} <> new.{column} BEGIN {delete} \
               {insert} VALUES (new.{id}, new.{column}); END; \
             {insert} SELECT {id}, {column} FROM {table} WHERE {all};",
            new = of_kind("new."),
            old = of_kind("old."),
            all = of_kind(""),
        )
    }

    fn removal(&self) -> String {
        let name = self.name;
        let triggers = ["insert", "delete", "update"].map(|event| format!("DROP TRIGGER IF EXISTS {name}_{event}; "));
        format!("{}DROP TABLE IF EXISTS {name}", triggers.concat())
    }
}

/// PostgreSQL: an index on each column.
fn postgres() -> String {
    format!(
        "CREATE EXTENSION IF NOT EXISTS pg_trgm; \
         CREATE INDEX IF NOT EXISTS assets_trigrams ON entities USING gin (name_key gin_trgm_ops) \
           WHERE kind IN {ASSETS}; \
         CREATE INDEX IF NOT EXISTS things_trigrams ON entities USING gin (name_key gin_trgm_ops) \
           WHERE kind NOT IN {ASSETS}; \
         CREATE INDEX IF NOT EXISTS further_names_trigrams ON entity_names USING gin (name_key gin_trgm_ops); \
         CREATE INDEX IF NOT EXISTS entity_texts_trigrams ON entity_texts USING gin (text_key gin_trgm_ops); \
         CREATE INDEX IF NOT EXISTS written_texts_trigrams ON written_texts USING gin (text_key gin_trgm_ops); \
         CREATE INDEX IF NOT EXISTS entity_comments_trigrams ON entity_comment_texts USING gin (text_key gin_trgm_ops); \
         CREATE INDEX IF NOT EXISTS attachment_names_trigrams ON attachments USING gin (name_key gin_trgm_ops); \
         CREATE INDEX IF NOT EXISTS incident_names_trigrams ON incident_names USING gin (name_key gin_trgm_ops); \
         CREATE INDEX IF NOT EXISTS alert_titles_trigrams ON alert_titles USING gin (title_key gin_trgm_ops);"
    )
}

/// Creates the indexes where they are missing, and fills them.
pub(super) fn ensure(conn: &mut AnyConnection) -> QueryResult<()> {
    match conn {
        AnyConnection::Sqlite(sqlite) => {
            for table in &TABLES {
                if !exists(sqlite, table.name)? {
                    diesel::Connection::transaction(sqlite, |sqlite| sqlite.batch_execute(&table.creation()))?;
                }
            }
            Ok(())
        }
        AnyConnection::Postgres(connection) => {
            // Within a transaction of others, a failure must leave the rest of it as it is.
            let created =
                diesel::Connection::transaction(connection, |connection| connection.batch_execute(&postgres()));
            if let Err(error) = created {
                tracing::warn!(%error, "searching for part of a name will be slow: pg_trgm cannot be used");
            }
            Ok(())
        }
    }
}

/// Drops the indexes, so that the migrations can be reverted.
pub(super) fn remove(conn: &mut AnyConnection) -> QueryResult<()> {
    match conn {
        AnyConnection::Sqlite(sqlite) => TABLES.iter().try_for_each(|table| sqlite.batch_execute(&table.removal())),
        // An index is dropped with its table.
        AnyConnection::Postgres(_) => Ok(()),
    }
}

fn exists(sqlite: &mut SqliteConnection, table: &str) -> QueryResult<bool> {
    let sql = format!("EXISTS (SELECT 1 FROM sqlite_master WHERE name = '{table}')");
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(&sql)).get_result(sqlite)
}
