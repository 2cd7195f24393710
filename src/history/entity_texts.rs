//! What alerts tell of entities beside their names, in lower case, which a search looks through: command lines, paths,
//! hashes and the names of people. Written with the evidence that tells it.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::db::{AnyConnection, Db, Tx};
use crate::each;
use crate::error::Result;
use crate::hash::sha256_hex;
use crate::history::older_rows::{OlderRows, PAGE};
use crate::schema::{entity_texts, evidence};
use crate::search_text::searchable;
use crate::text::beginning;

/// The facts that are searched, by their labels.
pub const LABELS: [&str; 10] =
    ["Display name", "Command line", "Path", "Image", "Folder", "SHA256", "SHA1", "MD5", "Value", "Subject"];

/// Bytes of a text that are searched: of a command line that hides a whole program, its beginning.
const MOST: usize = 4_000;
/// Rows a statement.
const BATCH: usize = 500;

#[derive(Debug, Insertable)]
#[diesel(table_name = entity_texts, treat_none_as_default_value = false)]
struct TextRow {
    id: i64,
    entity_id: i64,
    text_key: String,
}

/// The texts of entities that are to be stored, by their ids. SQLite's full-text tables are written fastest in
/// ascending order.
#[derive(Debug, Default)]
pub(super) struct EntityTexts(BTreeMap<i64, TextRow>);

impl EntityTexts {
    /// Notes the facts of a piece of evidence, as they are stored: JSON.
    pub fn note(&mut self, entity: i64, name: &str, facts: &str) {
        if !LABELS.iter().any(|label| facts.contains(label)) {
            return;
        }
        let facts: Vec<(String, String)> = serde_json::from_str(facts).unwrap_or_default();
        let name = searchable(name);
        for (_, value) in facts.iter().filter(|(label, _)| LABELS.contains(&label.as_str())) {
            let text = searchable(value);
            let text = beginning(&text, MOST);
            // Names are searched by themselves.
            if !text.is_empty() && text != name {
                let row = TextRow { id: id(entity, text), entity_id: entity, text_key: text.to_owned() };
                self.0.insert(row.id, row);
            }
        }
    }

    /// Stores what is not stored yet.
    pub fn store(self, tx: &mut Tx<'_>) -> Result<()> {
        let ids: Vec<i64> = self.0.keys().copied().collect();
        let mut rows = self.0;
        for ids in ids.chunks(BATCH) {
            // Nearly all are known: reading takes no lock and writes nothing.
            let known: Vec<i64> =
                entity_texts::table.filter(entity_texts::id.eq_any(ids)).select(entity_texts::id).load(tx.conn)?;
            for known in known {
                rows.remove(&known);
            }
        }
        let rows: Vec<TextRow> = rows.into_values().collect();
        for rows in rows.chunks(BATCH) {
            each!(tx.conn, inner => diesel::insert_into(entity_texts::table)
                .values(rows)
                .on_conflict_do_nothing()
                .execute(inner))?;
        }
        Ok(())
    }
}

/// The id of a text: 63 bits of its hash and its entity's, so that no counter has to be locked to store it. That two
/// among ten million have the same id, so that the second cannot be searched, has a chance of one in 100,000.
fn id(entity: i64, text: &str) -> i64 {
    let hash = sha256_hex(format!("{entity}:{text}").as_bytes());
    let bits = hash.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default();
    i64::try_from(bits >> 1).unwrap_or_default()
}

/// Stores a text that a person wrote of an entity instead of an earlier one; empty for none.
pub fn replace(tx: &mut Tx<'_>, entity: i64, before: &str, now: &str) -> Result<()> {
    // What an alert tells in the same words is another text, which stays.
    let own_id = |text: &str| id(entity, &format!("note\n{text}"));
    diesel::delete(entity_texts::table.find(own_id(&searchable(before)))).execute(tx.conn)?;
    let text_key = searchable(now);
    if !text_key.is_empty() {
        let row = TextRow { id: own_id(&text_key), entity_id: entity, text_key };
        EntityTexts(BTreeMap::from([(row.id, row)])).store(tx)?;
    }
    Ok(())
}

/// The texts of `gone` become those of `keep`: two entities turned out to be one.
pub fn merge(tx: &mut Tx<'_>, keep: i64, gone: i64) -> Result<()> {
    diesel::update(entity_texts::table.filter(entity_texts::entity_id.eq(gone)))
        .set(entity_texts::entity_id.eq(keep))
        .execute(tx.conn)?;
    Ok(())
}

/// The evidence of an older store, whose texts are copied after migrating.
const OLDER: OlderRows = OlderRows { counter: "entity_texts_left", read_page: copy_page };

/// Copies the texts of the evidence of an older store; returns how many pieces it read.
pub fn bring_up_to_date(db: &Db) -> Result<u64> {
    OLDER.read(db)
}

/// Whether `watchdesk migrate` was ended before every text was copied.
pub fn is_behind(conn: &mut AnyConnection) -> Result<bool> {
    OLDER.are_left(conn)
}

fn copy_page(tx: &mut Tx<'_>, last: i64) -> Result<Vec<i64>> {
    let pieces: Vec<(i64, i64, String, String)> = evidence::table
        .filter(evidence::id.le(last))
        .order(evidence::id.desc())
        .limit(PAGE)
        .select((evidence::id, evidence::entity_id, evidence::name, evidence::facts))
        .load(tx.conn)?;
    let mut texts = EntityTexts::default();
    for (_, entity, name, facts) in &pieces {
        texts.note(*entity, name, facts);
    }
    texts.store(tx)?;
    Ok(pieces.into_iter().map(|(id, ..)| id).collect())
}
