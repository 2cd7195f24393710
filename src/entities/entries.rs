//! Comments and history of entities: who changed the note, the importance or a tag, from what to what, and what people
//! wrote. Recorded with the change. An entry is never edited or deleted: the edit of a comment is a further one (R7).

use std::collections::HashMap;

use diesel::prelude::*;

use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::entities::chain::{self, ChainedEntityEntry};
use crate::entities::entry::{EntityEntry, Kind, Row};
use crate::entities::lookup::{Entity, find};
use crate::error::{Error, Result};
use crate::history::entry::{CommentText, apply_edits};
use crate::model::actor::Actor;
use crate::schema::{entities, entity_comment_texts, entity_entries};
use crate::search_text::searchable;

pub use crate::entities::entry::EntityChange;

/// Entries of one page.
const PAGE: usize = 50;
/// Bytes of their texts, after which a page ends earlier.
const PAGE_BYTES: usize = 128 * 1024;

/// Some entries, the newest first.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub entries: Vec<EntityEntry>,
    /// Where the next page begins: before this entry.
    pub older: Option<i64>,
}

/// The entity with an id, or the one that it turned out to be, for changing what people say of it: two who do so at
/// once take turns, and it turns into no other until this has ended.
pub fn hold(tx: &mut Tx<'_>, id: i64) -> Result<Entity> {
    let found = find(tx.conn, id)?;
    let row = diesel::update(entities::table.find(found.id)).set(entities::links.eq(entities::links));
    if row.execute(tx.conn)? == 0 {
        // It turned out to be another while this waited.
        return hold(tx, id);
    }
    find(tx.conn, found.id)
}

/// Records changes of an entity that is [held](hold); returns the id of the last one, 0 for none.
pub fn record(tx: &mut Tx<'_>, actor: &Actor, entity: i64, changes: &[EntityChange]) -> Result<i64> {
    let mut last = 0;
    for change in changes {
        let id = tx.take_ids("entity_entry", 1)?;
        let (kind, old, new, comment) = change.stored();
        let entry = ChainedEntityEntry {
            id,
            entity_id: entity,
            kind: kind.as_str().to_owned(),
            old_text: old.map(str::to_owned),
            new_text: new.map(str::to_owned),
            comment_id: comment,
            actor_kind: actor.kind().to_owned(),
            actor_id: actor.id(),
            actor_name: actor.label().to_owned(),
            at: clock::now(),
            chained_at: None,
            written_entity: None,
            hash: String::new(),
        };
        chain::insert(tx, entry)?;
        if let EntityChange::Commented(body) | EntityChange::CommentEdited { body, .. } = change {
            let text = entity_comment_texts::text_key.eq(searchable(body));
            diesel::insert_into(entity_comment_texts::table)
                .values((entity_comment_texts::entry_id.eq(id), text))
                .execute(tx.conn)?;
        }
        last = id;
    }
    Ok(last)
}

/// The entries of an entity before one of them, or the newest.
pub fn page(conn: &mut AnyConnection, entity: i64, before: Option<i64>) -> Result<Page> {
    let mut rows: Vec<Row> = entity_entries::table
        .filter(entity_entries::entity_id.eq(entity).and(entity_entries::id.lt(before.unwrap_or(i64::MAX))))
        .order(entity_entries::id.desc())
        .limit(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
        .select(Row::as_select())
        .load(conn)?;
    let loaded = rows.len();
    let mut bytes = 0;
    let fits = |row: &&Row| {
        bytes += row.bytes();
        bytes <= PAGE_BYTES
    };
    let fitting = rows.iter().take(PAGE).take_while(fits).count().max(1);
    rows.truncate(fitting);
    let older = rows.last().filter(|_| fitting < loaded).map(|row| row.id);
    Ok(Page { entries: complete(conn, rows)?, older })
}

/// A comment on an entity by its entry, with its newest text.
pub fn comment(conn: &mut AnyConnection, entity: i64, entry: i64) -> Result<EntityEntry> {
    let row: Option<Row> = entity_entries::table
        .find(entry)
        .filter(entity_entries::entity_id.eq(entity).and(entity_entries::kind.eq(Kind::Comment.as_str())))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    complete(conn, row.into_iter().collect())?.pop().ok_or(Error::NotFound)
}

/// Entries by their ids, with the names and kinds of their entities.
pub fn with_entities(conn: &mut AnyConnection, ids: &[i64]) -> Result<Vec<(EntityEntry, String, String)>> {
    let rows: Vec<(Row, String, String)> = entity_entries::table
        .inner_join(entities::table)
        .filter(entity_entries::id.eq_any(ids))
        .order(entity_entries::id.desc())
        .select((Row::as_select(), entities::kind, entities::name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(row, kind, name)| (EntityEntry::from(row), kind, name)).collect())
}

/// The latest change of importance of each of these entities.
pub fn latest_importance(conn: &mut AnyConnection, entities: &[i64]) -> Result<HashMap<i64, EntityEntry>> {
    let ids: Vec<Option<i64>> = entity_entries::table
        .filter(entity_entries::entity_id.eq_any(entities))
        .filter(entity_entries::kind.eq(Kind::Importance.as_str()))
        .group_by(entity_entries::entity_id)
        .select(diesel::dsl::max(entity_entries::id))
        .load(conn)?;
    let ids: Vec<i64> = ids.into_iter().flatten().collect();
    let rows: Vec<Row> =
        entity_entries::table.filter(entity_entries::id.eq_any(ids)).select(Row::as_select()).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.entity_id, EntityEntry::from(row))).collect())
}

/// Gives comments their newest texts, and keeps the earlier ones beside.
fn complete(conn: &mut AnyConnection, rows: Vec<Row>) -> Result<Vec<EntityEntry>> {
    let mut entries: Vec<EntityEntry> = rows.into_iter().map(EntityEntry::from).collect();
    let comments: Vec<i64> = entries
        .iter()
        .filter(|entry| matches!(entry.change, EntityChange::Commented(_)))
        .map(|entry| entry.id)
        .collect();
    if comments.is_empty() {
        return Ok(entries);
    }
    let edits: Vec<Row> = entity_entries::table
        .filter(entity_entries::comment_id.eq_any(comments))
        .order(entity_entries::id)
        .select(Row::as_select())
        .load(conn)?;
    let mut edited: HashMap<i64, Vec<CommentText>> = HashMap::new();
    for edit in edits.into_iter().map(EntityEntry::from) {
        if let EntityChange::CommentEdited { comment, body } = edit.change {
            edited.entry(comment).or_default().push(CommentText { body, at: edit.at });
        }
    }
    for entry in &mut entries {
        let Some(edits) = edited.remove(&entry.id) else { continue };
        let EntityChange::Commented(body) = &mut entry.change else { continue };
        let (earlier, edited) = apply_edits(body, entry.at, edits);
        (entry.earlier, entry.edited) = (earlier, Some(edited));
    }
    Ok(entries)
}

/// Two entities turned out to be one: `keep` has the comments and history of both.
pub(crate) fn merge(tx: &mut Tx<'_>, keep: i64, gone: i64) -> Result<()> {
    let entries = || entity_entries::table.filter(entity_entries::entity_id.eq(gone));
    // Entries keep what they were written for, which their hashes cover.
    diesel::update(entries().filter(entity_entries::written_entity.is_null()))
        .set(entity_entries::written_entity.eq(Some(gone)))
        .execute(tx.conn)?;
    diesel::update(entries()).set(entity_entries::entity_id.eq(keep)).execute(tx.conn)?;
    Ok(())
}
