//! What other people and detections did to a list since it was read: the queue's quiet line.
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
use crate::queue::matching::matching;
use crate::schema::{history, incidents};

/// Entries that one look goes over, and acts that it reads. Who was away for longer is told that there
/// is more.
const ENTRIES: i64 = 20_000;
const ACTS: i64 = 4_000;
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
    /// Rows in sight that the viewer changed, maybe elsewhere.
    pub mine: Vec<i64>,
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

/// What somebody did to an incident in one commit.
#[derive(Queryable)]
struct Told {
    incident: i64,
    actor_kind: String,
    actor_id: Option<i64>,
    at: i64,
}

/// What happened after entry `since`. The viewer's own acts, and what followed from them by itself
/// in the same commit, are no news; `visible` are the rows in sight, told even when they left.
pub fn updates(conn: &mut AnyConnection, filter: &Filter, viewer: i64, since: i64, visible: &[i64]) -> Result<News> {
    let newest = newest_entry(conn)?;
    // A database that was put back to an earlier state counts from there again.
    if newest <= since {
        return Ok(News { since: newest, ..News::default() });
    }
    let acts = if newest - since > ENTRIES { None } else { acts(conn, since, newest)? };
    let Some((acts, opened)) = acts else {
        let changed = touched_after(conn, viewer, since, visible)?;
        return Ok(News { changed, more: true, since: newest, ..News::default() });
    };
    let (news, mine) = by_others(&acts, viewer);
    let tried: Vec<i64> = news.iter().copied().take(TRIED).collect();
    let found = if tried.is_empty() { HashSet::new() } else { matching(conn, filter, viewer, &tried)? };
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for id in &news {
        let in_sight = visible.contains(id);
        match (opened.contains(id), found.contains(id)) {
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
    let mine = visible.iter().copied().filter(|id| mine.contains(id) && !news.contains(id)).collect();
    Ok(News { new, changed, mine, more, since: newest })
}

/// Who did something to which incident after one entry and up to another, and which incidents were
/// opened; none when that is too much to read.
fn acts(conn: &mut AnyConnection, since: i64, newest: i64) -> Result<Option<(Vec<Told>, HashSet<i64>)>> {
    let acts: Vec<Told> = history::table
        .filter(history::id.gt(since).and(history::id.le(newest)))
        .select((history::incident_id, history::actor_kind, history::actor_id, history::at))
        .distinct()
        .limit(ACTS + 1)
        .load(conn)?;
    if i64::try_from(acts.len()).unwrap_or(i64::MAX) > ACTS {
        return Ok(None);
    }
    let opened: Vec<i64> = history::table
        .filter(history::id.gt(since).and(history::id.le(newest)))
        .filter(history::kind.eq("opened"))
        .select(history::incident_id)
        .load(conn)?;
    Ok(Some((acts, opened.into_iter().collect())))
}

/// The incidents that somebody else touched, in ascending id, and those that the viewer did. What
/// follows from an act by itself in the same commit belongs to it.
fn by_others(acts: &[Told], viewer: i64) -> (BTreeSet<i64>, HashSet<i64>) {
    let is_mine = |act: &Told| act.actor_kind == "person" && act.actor_id == Some(viewer);
    let mine: HashSet<(i64, i64)> = acts.iter().filter(|act| is_mine(act)).map(|act| (act.incident, act.at)).collect();
    let follows = |act: &Told| act.actor_kind == "system" && mine.contains(&(act.incident, act.at));
    let others = acts.iter().filter(|act| !is_mine(act) && !follows(act)).map(|act| act.incident).collect();
    (others, mine.into_iter().map(|(incident, _)| incident).collect())
}

/// The rows in sight whose newest entry came after `since`, and not from the viewer.
fn touched_after(conn: &mut AnyConnection, viewer: i64, since: i64, visible: &[i64]) -> Result<Vec<i64>> {
    let newest: Vec<(i64, String, Option<i64>)> = history::table
        .inner_join(incidents::table.on(incidents::id.eq(history::incident_id)))
        .filter(incidents::id.eq_any(visible))
        .filter(history::revision.eq(incidents::revision))
        .filter(history::id.gt(since))
        .select((history::incident_id, history::actor_kind, history::actor_id))
        .load(conn)?;
    let others = newest.into_iter().filter(|(_, kind, id)| kind != "person" || *id != Some(viewer));
    Ok(others.map(|(incident, _, _)| incident).collect())
}
