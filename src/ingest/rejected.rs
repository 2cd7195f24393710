//! Refused items, kept with their text and the reason: after a wrong mapping is corrected, they are
//! read again and nothing is lost.

use std::borrow::Cow;

use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::formats::readers::item::Raw;
use crate::ingest::intake::feed::Feed;
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::schema::refused_items;
use crate::{clock, each};

/// Most items of one sender that are kept, and how much text they have, in bytes; the oldest are deleted first. A
/// sender is a token; what imports left is counted as one sender's.
const KEPT: i64 = 10_000;
const BYTES_KEPT: i64 = 64 * 1024 * 1024;
/// Oldest items that are looked at together for deleting them.
const DELETED_AT_ONCE: i64 = 500;
/// Most reasons and feeds that are listed.
const GROUPS_LISTED: usize = 100;
/// Items a page shows.
pub const PAGE_SIZE: i64 = 50;
/// Longest reason and label, in characters: both are indexed columns.
const REASON_LENGTH: usize = 300;
const LABEL_LENGTH: usize = 100;

/// An item to keep.
#[derive(Debug)]
pub struct NewRejected<'a> {
    pub line: Option<usize>,
    pub reason: String,
    pub raw: Cow<'a, Raw>,
}

/// An item without its text.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = refused_items)]
pub struct RejectedItem {
    pub id: i64,
    pub at: i64,
    pub feed: String,
    /// The format that the request asked for.
    pub format: String,
    pub line: Option<i64>,
    pub reason: String,
    /// Only the beginning of the text was kept.
    pub truncated: bool,
    /// When it was last read again without success.
    pub replayed_at: Option<i64>,
}

/// Selects items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A reason without its numbers, as [`groups`] lists them.
    pub reason: Option<String>,
    pub feed: Option<String>,
}

/// Items of one reason from one feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub reason: String,
    pub feed: String,
    pub count: i64,
}

/// Stores the refused items of a batch, and deletes the oldest of its sender beyond the quota.
pub fn insert(tx: &mut Tx<'_>, feed: &Feed, items: &[NewRejected<'_>]) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let first = tx.take_ids("refused", count)?;
    let at = clock::now();
    for (id, item) in (first..).zip(items) {
        let row = (
            refused_items::id.eq(id),
            refused_items::at.eq(at),
            refused_items::feed.eq(truncate(&feed.label, LABEL_LENGTH)),
            refused_items::token_id.eq(feed.token),
            refused_items::format.eq(truncate(&feed.format, LABEL_LENGTH)),
            refused_items::line.eq(item.line.and_then(|line| i64::try_from(line).ok())),
            refused_items::reason.eq(bounded_reason(&item.reason)),
            refused_items::reason_key.eq(reason_key(&item.reason)),
            refused_items::raw.eq(&item.raw.text),
            refused_items::truncated.eq(item.raw.cut),
            refused_items::bytes.eq(i64::try_from(item.raw.text.len()).unwrap_or(i64::MAX)),
        );
        each!(tx.conn, inner => diesel::insert_into(refused_items::table).values(row).execute(inner))?;
    }
    delete_beyond_quota(tx, feed.token)
}

/// Deletes the oldest items of a sender beyond its quota, so that none pushes out what others sent.
fn delete_beyond_quota(tx: &mut Tx<'_>, token: Option<i64>) -> Result<()> {
    // Read from the index of senders alone; its 10,000 rows would take as long as storing the batch.
    let held = (count_star(), sql::<BigInt>("CAST(COALESCE(SUM(bytes), 0) AS bigint)"));
    let (mut items, mut bytes): (i64, i64) = of_sender(token).select(held).first(tx.conn)?;
    while items > KEPT || bytes > BYTES_KEPT {
        let oldest: Vec<(i64, i64)> = of_sender(token)
            .order(refused_items::id)
            .limit(DELETED_AT_ONCE)
            .select((refused_items::id, refused_items::bytes))
            .load(tx.conn)?;
        let mut last = None;
        for (id, size) in oldest {
            if items <= KEPT && bytes <= BYTES_KEPT {
                break;
            }
            (items, bytes, last) = (items - 1, bytes - size, Some(id));
        }
        let Some(last) = last else { return Ok(()) };
        let gone = refused_items::table.filter(refused_items::id.le(last));
        match token {
            Some(token) => diesel::delete(gone.filter(refused_items::token_id.eq(token))).execute(tx.conn)?,
            None => diesel::delete(gone.filter(refused_items::token_id.is_null())).execute(tx.conn)?,
        };
    }
    Ok(())
}

fn of_sender<'a>(token: Option<i64>) -> refused_items::BoxedQuery<'a, <AnyConnection as diesel::Connection>::Backend> {
    match token {
        Some(token) => refused_items::table.filter(refused_items::token_id.eq(token)).into_boxed(),
        None => refused_items::table.filter(refused_items::token_id.is_null()).into_boxed(),
    }
}

fn truncate(text: &str, length: usize) -> String {
    text.replace('\0', "").chars().take(length).collect()
}

/// The reason, cut to its longest length.
pub fn bounded_reason(reason: &str) -> String {
    truncate(reason, REASON_LENGTH)
}

/// The reason with "#" for every number, so that the same mistake at other places has one key.
pub fn reason_key(reason: &str) -> String {
    let mut key = String::with_capacity(reason.len());
    for c in truncate(reason, REASON_LENGTH).chars() {
        if !c.is_ascii_digit() {
            key.push(c);
        } else if !key.ends_with('#') {
            key.push('#');
        }
    }
    key
}

/// The reasons and feeds that have most items, most first.
pub fn groups(conn: &mut AnyConnection, actor: &Actor) -> Result<Vec<Group>> {
    require(actor, Action::Administer)?;
    let mut found: Vec<Group> = refused_items::table
        .group_by((refused_items::reason_key, refused_items::feed))
        .select((refused_items::reason_key, refused_items::feed, diesel::dsl::count_star()))
        .load::<(String, String, i64)>(conn)?
        .into_iter()
        .map(|(reason, feed, count)| Group { reason, feed, count })
        .collect();
    found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.reason.cmp(&b.reason)));
    found.truncate(GROUPS_LISTED);
    Ok(found)
}

/// A page of items, newest first, and where the next one starts.
pub fn page(
    conn: &mut AnyConnection,
    actor: &Actor,
    filter: &Filter,
    before: Option<i64>,
) -> Result<(Vec<RejectedItem>, Option<i64>)> {
    require(actor, Action::Administer)?;
    let mut query = refused_items::table
        .order(refused_items::id.desc())
        .limit(PAGE_SIZE + 1)
        .select(RejectedItem::as_select())
        .into_boxed();
    if let Some(reason) = &filter.reason {
        query = query.filter(refused_items::reason_key.eq(reason));
    }
    if let Some(feed) = &filter.feed {
        query = query.filter(refused_items::feed.eq(feed));
    }
    if let Some(before) = before {
        query = query.filter(refused_items::id.lt(before));
    }
    let mut found: Vec<RejectedItem> = query.load(conn)?;
    let more = i64::try_from(found.len()).unwrap_or(i64::MAX) > PAGE_SIZE;
    if more {
        found.pop();
    }
    let next = found.last().filter(|_| more).map(|last| last.id);
    Ok((found, next))
}

/// One item with its text, which may hold secrets.
pub fn find(conn: &mut AnyConnection, actor: &Actor, id: i64) -> Result<(RejectedItem, String)> {
    require(actor, Action::Administer)?;
    Ok(refused_items::table.find(id).select((RejectedItem::as_select(), refused_items::raw)).first(conn)?)
}

/// Deletes items; returns how many.
pub fn discard(tx: &mut Tx<'_>, actor: &Actor, ids: &[i64]) -> Result<usize> {
    require(actor, Action::Administer)?;
    Ok(diesel::delete(refused_items::table.filter(refused_items::id.eq_any(ids))).execute(tx.conn)?)
}

/// Deletes up to 500 items of a filter that were stored before `run`; returns how many. Call until there are none.
pub fn discard_all(tx: &mut Tx<'_>, actor: &Actor, filter: &Filter, run: i64) -> Result<usize> {
    require(actor, Action::Administer)?;
    let mut query = refused_items::table.filter(refused_items::at.le(run)).into_boxed();
    if let Some(reason) = &filter.reason {
        query = query.filter(refused_items::reason_key.eq(reason));
    }
    if let Some(feed) = &filter.feed {
        query = query.filter(refused_items::feed.eq(feed));
    }
    let ids: Vec<i64> = query.limit(500).select(refused_items::id).load(tx.conn)?;
    discard(tx, actor, &ids)
}

#[cfg(test)]
mod tests {
    use super::reason_key;

    #[test]
    fn the_same_mistake_elsewhere_is_the_same_reason() {
        let at = |column: u32| reason_key(&format!("This line is not JSON: error at column {column}."));
        assert_eq!(at(7), at(1_234));
        assert!(at(7).ends_with("column #."));
    }
}
