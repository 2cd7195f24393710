//! Counting a whole store: once after the migration, and whenever somebody wants to be sure.

use std::collections::{BTreeMap, HashSet};

use diesel::prelude::*;

use crate::db::{AnyConnection, Db, Tx};
use crate::error::Result;
use crate::history::lessons::tally::Tally;
use crate::history::lessons::work::{Doing, Work};
use crate::history::lessons::{facts, store, work};
use crate::model::change::Change;
use crate::model::operation::Kind;
use crate::schema::{counters, history, incidents, operations};

/// Raised when the same alerts and incidents count as something else than before.
const VERSION: i64 = 1;
/// Rows that are read at once.
const PAGE: i64 = 5_000;
/// Entries that say what people did.
const KINDS: [&str; 3] = ["assigned", "commented", "statusSet"];

/// Counts everything where that was not done yet; returns whether there was anything to count.
pub fn bring_up_to_date(db: &Db) -> Result<bool> {
    if !db.read_now(is_behind)? {
        return Ok(false);
    }
    db.write_in_turn(rebuild)?;
    db.read_now(|conn| {
        let any: Option<i64> = incidents::table.select(incidents::id).first(conn).optional()?;
        Ok(any.is_some())
    })
}

/// Whether not everything that is stored is counted.
pub fn is_behind(conn: &mut AnyConnection) -> Result<bool> {
    let version: i64 = counters::table.find(store::COUNTER).select(counters::value).first(conn)?;
    Ok(version < VERSION)
}

/// Notes that everything is counted.
pub(in crate::history) fn store_version(tx: &mut Tx<'_>) -> Result<()> {
    diesel::update(counters::table.find(store::COUNTER)).set(counters::value.eq(VERSION)).execute(tx.conn)?;
    Ok(())
}

/// Counts everything again.
pub fn rebuild(tx: &mut Tx<'_>) -> Result<()> {
    // What others have added is read below; what they add from now on waits.
    store::lock(tx)?;
    store::clear(tx)?;
    work::clear(tx)?;
    count_work(tx)?;
    let mut after = 0;
    loop {
        let ids: Vec<i64> = incidents::table
            .filter(incidents::id.gt(after))
            .order(incidents::id)
            .limit(PAGE)
            .select(incidents::id)
            .load(tx.conn)?;
        let Some(last) = ids.last() else { break };
        after = *last;
        let mut tally = Tally::default();
        facts::of_incidents(tx.conn, &ids, &mut tally)?;
        store::add(tx, tally)?;
    }
    let mut tally = Tally::default();
    facts::of_all_alerts(tx.conn, &mut tally)?;
    store::add(tx, tally)?;
    store_version(tx)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = history)]
struct Entry {
    id: i64,
    incident_id: i64,
    alert_id: Option<i64>,
    actor_kind: String,
    detail: String,
    at: i64,
    operation_id: Option<i64>,
}

/// Works out from the history what people did about each incident.
fn count_work(tx: &mut Tx<'_>) -> Result<()> {
    let undos: Vec<i64> =
        operations::table.filter(operations::kind.eq(Kind::Undo.as_str())).select(operations::id).load(tx.conn)?;
    let undos: HashSet<i64> = undos.into_iter().collect();
    let mut works: BTreeMap<i64, Work> = BTreeMap::new();
    let mut after = 0;
    loop {
        let entries: Vec<Entry> = history::table
            .filter(history::id.gt(after))
            .filter(history::kind.eq_any(KINDS))
            .order(history::id)
            .limit(PAGE)
            .select(Entry::as_select())
            .load(tx.conn)?;
        let Some(last) = entries.last() else { break };
        after = last.id;
        for entry in &entries {
            // What an earlier version wrote and nobody can read any more counts as nothing.
            let Ok(change) = serde_json::from_str::<Change>(&entry.detail) else { continue };
            let doing = Doing {
                by_person: entry.actor_kind == "person",
                is_undo: entry.operation_id.is_some_and(|id| undos.contains(&id)),
                at: entry.at,
            };
            let work = works.entry(entry.incident_id).or_insert_with(|| Work::of(entry.incident_id));
            work.note(&change, entry.alert_id.is_some(), doing);
        }
    }
    works.retain(|id, work| *work != Work::of(*id));
    work::store(tx, &works.into_values().collect::<Vec<_>>())
}
