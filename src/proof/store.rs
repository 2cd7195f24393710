//! Making checkpoints, and reading those that were made.

use diesel::prelude::*;

use crate::clock;
use crate::db::{AnyConnection, Db, Tx};
use crate::entities::chain as entity_chain;
use crate::error::{Error, Result};
use crate::history::chaining;
use crate::proof::checkpoint::{Checkpoint, Heads, and_entry};
use crate::proof::signing::SigningKey;
use crate::schema::{audit_log, checkpoints, counters, entity_entries, history};

/// Hashes read at once.
const PAGE: i64 = 10_000;

/// What is told where entries of an older store have no hash yet.
pub const NOT_CHAINED: &str = "not all entries of the older store have a hash yet; run `watchdesk migrate`";

/// A checkpoint of now. Its entries are read before it is stored, in several transactions: what was written stays as it is.
pub fn make(db: &Db, key: &SigningKey) -> Result<Checkpoint> {
    let (before, heads) = heads_now(db)?;
    store(db, before.as_ref(), &heads, key)
}

/// The same if there is something new since the last one.
pub fn make_if_changed(db: &Db, key: &SigningKey) -> Result<Option<Checkpoint>> {
    let (before, heads) = heads_now(db)?;
    let is_same = match &before {
        Some(before) => before.heads() == heads,
        None => heads == Heads::default(),
    };
    if is_same { Ok(None) } else { store(db, before.as_ref(), &heads, key).map(Some) }
}

/// The last checkpoint, and what the chains are now.
fn heads_now(db: &Db) -> Result<(Option<Checkpoint>, Heads)> {
    let (before, mut heads, last_entry) = db.read_now(|conn| {
        if chaining::is_behind(conn)? || entity_chain::is_behind(conn)? {
            return Err(Error::internal(NOT_CHAINED));
        }
        let before = latest(conn)?;
        let mut heads = before.as_ref().map(Checkpoint::heads).unwrap_or_default();
        (heads.last_entity_entry, heads.entity_entries_hash) = entity_entries::table
            .order(entity_entries::id.desc())
            .select((entity_entries::id, entity_entries::hash))
            .first(conn)
            .optional()?
            .unwrap_or_default();
        (heads.last_audit_entry, heads.audit_hash) = audit_log::table
            .order(audit_log::id.desc())
            .select((audit_log::id, audit_log::hash))
            .first(conn)
            .optional()?
            .unwrap_or_default();
        let last: Option<i64> = history::table.select(diesel::dsl::max(history::id)).first(conn)?;
        Ok((before, heads, last.unwrap_or(0)))
    })?;
    while heads.last_entry < last_entry {
        let rows: Vec<(i64, String)> = db.read_now(|conn| {
            Ok(history::table
                .filter(history::id.gt(heads.last_entry).and(history::id.le(last_entry)))
                .order(history::id)
                .limit(PAGE)
                .select((history::id, history::hash))
                .load(conn)?)
        })?;
        if rows.is_empty() {
            break;
        }
        for (id, hash) in rows {
            heads.entries_hash = and_entry(&heads.entries_hash, &hash);
            heads.last_entry = id;
        }
    }
    Ok((before, heads))
}

/// Stores a checkpoint. Where another one was made meanwhile, that is it.
fn store(db: &Db, before: Option<&Checkpoint>, heads: &Heads, key: &SigningKey) -> Result<Checkpoint> {
    let previous = before.map(|before| before.hash.as_str()).unwrap_or_default();
    db.write_in_turn(|tx: &mut Tx<'_>| {
        // Nobody makes another one meanwhile.
        tx.take_ids("checkpoint", 0)?;
        if let Some(latest) = latest(tx.conn)?.filter(|latest| latest.hash != previous) {
            return Ok(latest);
        }
        let id = tx.take_ids("checkpoint", 1)?;
        let checkpoint = Checkpoint::sign(id, clock::now(), heads.clone(), previous, key);
        diesel::insert_into(checkpoints::table).values(&checkpoint).execute(tx.conn)?;
        Ok(checkpoint)
    })
}

/// The last one.
pub fn latest(conn: &mut AnyConnection) -> Result<Option<Checkpoint>> {
    Ok(checkpoints::table.order(checkpoints::id.desc()).select(Checkpoint::as_select()).first(conn).optional()?)
}

/// Those after a number, the first one first, at most `limit`.
pub fn after(conn: &mut AnyConnection, number: i64, limit: i64) -> Result<Vec<Checkpoint>> {
    Ok(checkpoints::table
        .filter(checkpoints::id.gt(number))
        .order(checkpoints::id)
        .limit(limit)
        .select(Checkpoint::as_select())
        .load(conn)?)
}

/// One of them.
pub fn find(conn: &mut AnyConnection, number: i64) -> Result<Option<Checkpoint>> {
    Ok(checkpoints::table.find(number).select(Checkpoint::as_select()).first(conn).optional()?)
}

/// The last checkpoint that was sent, by the counter of where it is sent.
pub(super) fn sent(conn: &mut AnyConnection, counter: &str) -> Result<i64> {
    Ok(counters::table.find(counter).select(counters::value).first(conn)?)
}

/// Notes that checkpoints were sent up to this one.
pub(super) fn note_sent(tx: &mut Tx<'_>, counter: &str, number: i64) -> Result<()> {
    diesel::update(counters::table.find(counter)).set(counters::value.eq(number)).execute(tx.conn)?;
    Ok(())
}
