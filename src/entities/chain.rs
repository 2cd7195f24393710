//! The hash chain of the entries of entities: one over all of them, in the order of their ids. Their counter is locked from
//! an id to the end of the transaction, so that a chain for each entity would let nobody wait less.

use diesel::prelude::*;

use crate::clock;
use crate::db::{AnyConnection, Db, Tx};
use crate::error::Result;
use crate::hash_chain::{Link, START};
use crate::schema::{counters, entity_entries};

/// Its value is 0 when all entries of an older store are chained.
const OLDER: &str = "unchained_entity_entries";
/// Entries a transaction.
const PAGE: i64 = 2_000;

/// An entry as it is stored, with its hash.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = entity_entries, treat_none_as_default_value = false)]
pub struct ChainedEntityEntry {
    pub id: i64,
    pub entity_id: i64,
    pub kind: String,
    pub old_text: Option<String>,
    pub new_text: Option<String>,
    pub comment_id: Option<i64>,
    pub actor_kind: String,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    /// Microseconds UTC.
    pub at: i64,
    /// When it got its hash, if that was later than it was written.
    pub chained_at: Option<i64>,
    /// The entity that it was written for, where that turned out to be another one.
    pub written_entity: Option<i64>,
    /// Empty where it has none yet.
    pub hash: String,
}

impl ChainedEntityEntry {
    /// The hash of the entry after the one with the hash `previous`. It covers all that is stored of it, as it was when it
    /// was written.
    pub fn hash_after(&self, previous: &str) -> String {
        Link::after(previous)
            .number(self.id)
            .number(self.written_entity.unwrap_or(self.entity_id))
            .text(&self.kind)
            .optional_text(self.old_text.as_deref())
            .optional_text(self.new_text.as_deref())
            .optional_number(self.comment_id)
            .text(&self.actor_kind)
            .optional_number(self.actor_id)
            .text(&self.actor_name)
            .number(self.at)
            .optional_number(self.chained_at)
            .hash()
    }
}

/// Stores an entry whose id was just taken. Where the entry before it has still to be chained, so has this one.
pub(super) fn insert(tx: &mut Tx<'_>, mut entry: ChainedEntityEntry) -> Result<()> {
    let previous: Option<String> =
        entity_entries::table.find(entry.id - 1).select(entity_entries::hash).first(tx.conn).optional()?;
    match previous {
        Some(previous) if previous.is_empty() => {}
        previous => entry.hash = entry.hash_after(previous.as_deref().unwrap_or(START)),
    }
    diesel::insert_into(entity_entries::table).values(entry).execute(tx.conn)?;
    Ok(())
}

/// Chains the entries of an older store; returns how many these were.
pub fn bring_up_to_date(db: &Db) -> Result<u64> {
    let mut done = 0;
    while db.read_now(is_behind)? {
        done += db.write_in_turn(chain_page)?;
    }
    Ok(done)
}

/// Whether entries of an older store have no hash yet.
pub fn is_behind(conn: &mut AnyConnection) -> Result<bool> {
    let last: i64 = counters::table.find(OLDER).select(counters::value).first(conn)?;
    Ok(last > 0)
}

fn chain_page(tx: &mut Tx<'_>) -> Result<u64> {
    // Nobody adds an entry meanwhile.
    tx.take_ids("entity_entry", 0)?;
    let entries: Vec<ChainedEntityEntry> = entity_entries::table
        .filter(entity_entries::hash.eq(""))
        .order(entity_entries::id)
        .limit(PAGE)
        .select(ChainedEntityEntry::as_select())
        .load(tx.conn)?;
    let Some(first) = entries.first() else {
        diesel::update(counters::table.find(OLDER)).set(counters::value.eq(0)).execute(tx.conn)?;
        return Ok(0);
    };
    let before: Option<String> = entity_entries::table
        .filter(entity_entries::id.lt(first.id))
        .order(entity_entries::id.desc())
        .select(entity_entries::hash)
        .first(tx.conn)
        .optional()?;
    let (mut head, now, count) = (before.unwrap_or_else(|| START.to_owned()), clock::now(), entries.len() as u64);
    for mut entry in entries {
        entry.chained_at = Some(now);
        head = entry.hash_after(&head);
        diesel::update(entity_entries::table.find(entry.id))
            .set((entity_entries::hash.eq(&head), entity_entries::chained_at.eq(now)))
            .execute(tx.conn)?;
    }
    Ok(count)
}
