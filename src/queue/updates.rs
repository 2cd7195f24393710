//! What other people and detections changed in a list since it was read, for the line of updates above the queue.
//!
//! History is the feed. Every entry takes its id from one counter row, which its transaction holds
//! until it commits, so ids become visible in their order on both databases: "after the newest that
//! I saw" loses nothing to a tie of the clock or to a transaction that commits late, as a time
//! would. Reading on from an id is a walk along the primary key, however many incidents there are.

use std::collections::{BTreeSet, HashSet};

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::queue::matching::matching;
use crate::schema::{alerts, history, incidents};

/// Entries that one look goes over, and entries that it reads. After a longer absence the answer says only
/// that there is more.
const MOST_ENTRIES: i64 = 20_000;
const MOST_READ: i64 = 4_000;
/// Rows of one look that are matched with the filter.
const MOST_MATCHED: usize = 500;
/// Rows of one kind that are listed: one more than the page ever counts.
const MOST_LISTED: usize = 101;

/// What is new to a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// Rows of the filter that are new: incidents that were opened, alerts that came in.
    pub new: Vec<i64>,
    /// Rows of the filter, and rows on the page, that others changed.
    pub changed: Vec<i64>,
    /// Rows on the page that the viewer changed, maybe in another window.
    pub mine: Vec<i64>,
    /// There is more than what is listed.
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

/// What somebody did to an incident or alert in one commit.
#[derive(Queryable)]
struct RecentEntry {
    row: i64,
    actor_kind: String,
    actor_id: Option<i64>,
    at: i64,
}

/// What happened after entry `since`. The viewer's own entries, and what followed from them automatically
/// in the same commit, are left out. `visible` are the rows on the page, which are listed even when the
/// filter no longer finds them.
pub fn updates(conn: &mut AnyConnection, filter: &Filter, viewer: i64, since: i64, visible: &[i64]) -> Result<News> {
    let newest = newest_entry(conn)?;
    // A database that was restored to an earlier state has a smaller newest entry.
    if newest <= since {
        return Ok(News { since: newest, ..News::default() });
    }
    let is_much = newest - since > MOST_ENTRIES && filter.list.incident().is_none();
    let entries = if is_much { None } else { recent_entries(conn, filter.list, since, newest)? };
    let Some((entries, opened)) = entries else {
        let changed = touched_after(conn, filter.list, viewer, since, visible)?;
        return Ok(News { changed, more: true, since: newest, ..News::default() });
    };
    let (others, mine) = by_others(&entries, viewer);
    let candidates: Vec<i64> = others.iter().copied().take(MOST_MATCHED).collect();
    let found = if candidates.is_empty() { HashSet::new() } else { matching(conn, filter, viewer, &candidates)? };
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for id in &others {
        let is_visible = visible.contains(id);
        match (opened.contains(id), found.contains(id)) {
            (true, true) if !is_visible => new.push(*id),
            (_, within) if within || is_visible => changed.push(*id),
            _ => {}
        }
    }
    // Rows on the page must be listed; the rest is only counted.
    changed.sort_by_key(|id| !visible.contains(id));
    let more = others.len() > MOST_MATCHED || new.len() > MOST_LISTED || changed.len() > MOST_LISTED;
    new.truncate(MOST_LISTED);
    changed.truncate(MOST_LISTED.max(visible.len()));
    let mine = visible.iter().copied().filter(|id| mine.contains(id) && !others.contains(id)).collect();
    Ok(News { new, changed, mine, more, since: newest })
}

/// Who did something to which incident or alert after one entry and up to another, and which of them are new; none
/// when that is too much to read.
fn recent_entries(
    conn: &mut AnyConnection,
    list: List,
    since: i64,
    newest: i64,
) -> Result<Option<(Vec<RecentEntry>, HashSet<i64>)>> {
    let recent = history::id.gt(since).and(history::id.le(newest));
    let by = (history::actor_kind, history::actor_id, history::at);
    let mut of_alerts = history::table
        .filter(recent)
        .filter(history::alert_revision.is_not_null())
        .select((history::alert_id.assume_not_null(), by.0, by.1, by.2))
        .distinct()
        .limit(MOST_READ + 1)
        .into_boxed();
    if let Some(incident) = list.incident() {
        of_alerts = of_alerts.filter(history::incident_id.eq(incident));
    }
    let entries: Vec<RecentEntry> = if list.is_of_alerts() {
        of_alerts.load(conn)?
    } else {
        let entries = history::table.filter(recent).select((history::incident_id, by.0, by.1, by.2));
        entries.distinct().limit(MOST_READ + 1).load(conn)?
    };
    if i64::try_from(entries.len()).unwrap_or(i64::MAX) > MOST_READ {
        return Ok(None);
    }
    let new: Vec<i64> = if list.is_of_alerts() {
        let came = history::table.filter(recent).filter(history::kind.eq("alertAdded"));
        came.filter(history::alert_id.is_not_null()).select(history::alert_id.assume_not_null()).load(conn)?
    } else {
        history::table.filter(recent).filter(history::kind.eq("opened")).select(history::incident_id).load(conn)?
    };
    Ok(Some((entries, new.into_iter().collect())))
}

/// The rows that somebody else changed, in ascending id, and those that the viewer changed. Changes that
/// follow automatically in the same commit count as the viewer's too.
fn by_others(entries: &[RecentEntry], viewer: i64) -> (BTreeSet<i64>, HashSet<i64>) {
    let is_mine = |entry: &RecentEntry| entry.actor_kind == "person" && entry.actor_id == Some(viewer);
    let mine: HashSet<(i64, i64)> =
        entries.iter().filter(|entry| is_mine(entry)).map(|entry| (entry.row, entry.at)).collect();
    let follows = |entry: &RecentEntry| entry.actor_kind == "system" && mine.contains(&(entry.row, entry.at));
    let others = entries.iter().filter(|entry| !is_mine(entry) && !follows(entry)).map(|entry| entry.row).collect();
    (others, mine.into_iter().map(|(row, _)| row).collect())
}

/// The rows on the page whose newest entry came after `since`, and not from the viewer.
fn touched_after(conn: &mut AnyConnection, list: List, viewer: i64, since: i64, visible: &[i64]) -> Result<Vec<i64>> {
    let newest: Vec<(i64, String, Option<i64>)> = if list.is_of_alerts() {
        history::table
            .inner_join(alerts::table.on(history::alert_id.eq(alerts::id.nullable())))
            .filter(alerts::id.eq_any(visible))
            .filter(history::alert_revision.eq(alerts::revision.nullable()))
            .filter(history::id.gt(since))
            .select((alerts::id, history::actor_kind, history::actor_id))
            .load(conn)?
    } else {
        history::table
            .inner_join(incidents::table.on(incidents::id.eq(history::incident_id)))
            .filter(incidents::id.eq_any(visible))
            .filter(history::revision.eq(incidents::revision))
            .filter(history::id.gt(since))
            .select((history::incident_id, history::actor_kind, history::actor_id))
            .load(conn)?
    };
    let others = newest.into_iter().filter(|(_, kind, id)| kind != "person" || *id != Some(viewer));
    Ok(others.map(|(row, _, _)| row).collect())
}
