//! What other people and detections did to a list since it was read: the queue's quiet line.
//!
//! History is the feed. Every entry takes its id from one counter row, which its transaction holds
//! until it commits, so ids become visible in their order on both databases: "after the newest that
//! I saw" loses nothing to a tie of the clock or to a transaction that commits late, as a time
//! would. Reading on from an id is a walk along the primary key, however many incidents there are.

use std::collections::{BTreeMap, HashSet};

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::incidents::queue::{Filter, matching};
use crate::schema::{history, incidents};

/// Entries that are read in one look. Who was away for longer is told that there is more.
const ENTRIES: i64 = 2_000;
/// Incidents of one look that are tried against the filter.
const TRIED: usize = 500;
/// Incidents of one kind that are told; one more than is ever counted aloud.
const TOLD: usize = 101;

/// What is new to a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// Incidents of the filter that were opened.
    pub new: Vec<i64>,
    /// Incidents of the filter, and rows in sight, that others changed.
    pub changed: Vec<i64>,
    /// There is more than what is told.
    pub more: bool,
    /// Where the next look begins.
    pub since: i64,
}

/// The newest entry there is: where the first look of a list that is read now begins. To be asked
/// before the list is read, so that nothing falls between the two.
pub fn newest_entry(conn: &mut AnyConnection) -> Result<i64> {
    let newest: Option<i64> = history::table.select(diesel::dsl::max(history::id)).first(conn)?;
    Ok(newest.unwrap_or(0))
}

#[derive(Queryable)]
struct Told {
    id: i64,
    incident: i64,
    actor_kind: String,
    actor_id: Option<i64>,
    kind: String,
    at: i64,
}

/// What happened after entry `since`. The viewer's own acts, and what followed from them by itself
/// in the same commit, are no news; `visible` are the rows in sight, told even when they left.
pub fn updates(conn: &mut AnyConnection, filter: &Filter, viewer: i64, since: i64, visible: &[i64]) -> Result<News> {
    let entries: Vec<Told> = history::table
        .filter(history::id.gt(since))
        .order(history::id)
        .limit(ENTRIES + 1)
        .select((history::id, history::incident_id, history::actor_kind, history::actor_id, history::kind, history::at))
        .load(conn)?;
    let Some(last) = entries.last() else {
        // A database that was put back to an earlier state counts from there again.
        return Ok(News { since: newest_entry(conn)?.min(since), ..News::default() });
    };
    if i64::try_from(entries.len()).unwrap_or(i64::MAX) > ENTRIES {
        let changed = touched_after(conn, since, visible)?;
        return Ok(News { changed, more: true, since: newest_entry(conn)?, new: Vec::new() });
    }
    let since = last.id;
    let news = by_others(&entries, viewer);
    let tried: Vec<i64> = news.keys().copied().take(TRIED).collect();
    let found = if tried.is_empty() { HashSet::new() } else { matching(conn, filter, viewer, &tried)? };
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for (id, opened) in &news {
        let in_sight = visible.contains(id);
        match (opened, found.contains(id)) {
            (true, true) if !in_sight => new.push(*id),
            (_, within) if within || in_sight => changed.push(*id),
            _ => {}
        }
    }
    // What is in sight must be told; the rest is only counted.
    changed.sort_by_key(|id| !visible.contains(id));
    let more = news.len() > TRIED || new.len() > TOLD || changed.len() > TOLD;
    new.truncate(TOLD);
    changed.truncate(TOLD.max(visible.len()));
    Ok(News { new, changed, more, since })
}

/// The incidents that somebody else touched, and whether they were opened.
fn by_others(entries: &[Told], viewer: i64) -> BTreeMap<i64, bool> {
    let is_mine = |entry: &Told| entry.actor_kind == "person" && entry.actor_id == Some(viewer);
    let mine: HashSet<(i64, i64)> =
        entries.iter().filter(|entry| is_mine(entry)).map(|entry| (entry.incident, entry.at)).collect();
    let follows = |entry: &Told| entry.actor_kind == "system" && mine.contains(&(entry.incident, entry.at));
    let mut news = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !is_mine(entry) && !follows(entry)) {
        *news.entry(entry.incident).or_default() |= entry.kind == "opened";
    }
    news
}

/// The rows in sight whose newest entry came after `since`.
fn touched_after(conn: &mut AnyConnection, since: i64, visible: &[i64]) -> Result<Vec<i64>> {
    Ok(history::table
        .inner_join(incidents::table.on(incidents::id.eq(history::incident_id)))
        .filter(incidents::id.eq_any(visible))
        .filter(history::revision.eq(incidents::revision))
        .filter(history::id.gt(since))
        .select(history::incident_id)
        .load(conn)?)
}
