//! One page of a list, and the steps from one row to the next.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::incidents::tags;
use crate::model::incident::Incident;
use crate::model::tag::Tag;
use crate::model::user::User;
use crate::queue::filter::Filter;
use crate::queue::plan::Plan;
use crate::queue::sort::Cursor;
use crate::queue::sql::Sql;
use crate::schema::incidents;

/// The total is counted up to here and then said to be more.
pub const COUNTED: i64 = 10_000;

/// A row of the queue.
#[derive(Debug, Clone)]
pub struct QueueRow {
    pub incident: Incident,
    pub tags: Vec<Tag>,
    pub owner: Option<User>,
}

/// A page of the queue.
#[derive(Debug, Clone)]
pub struct Page {
    pub rows: Vec<QueueRow>,
    /// Where the next page starts, when there is one.
    pub next: Option<Cursor>,
}

/// A page of a list, by the ids of its rows.
#[derive(Debug, Clone)]
pub struct IdPage {
    pub ids: Vec<i64>,
    /// Where the next page starts, when there is one.
    pub next: Option<Cursor>,
}

/// Loads the page of incidents that `filter` asks for; `viewer` is who "me" is.
pub fn load(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Page> {
    let IdPage { ids, next } = load_ids(conn, filter, viewer)?;
    Ok(Page { rows: rows(conn, &ids)?, next })
}

/// The ids of the page that `filter` asks for, of incidents or of alerts.
pub fn load_ids(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<IdPage> {
    let plan = Plan::of(conn, filter, viewer)?;
    let (ids, more) = plan.page_ids(conn, filter)?;
    let next = match ids.last() {
        Some(last) if more => plan.position(conn, *last)?,
        _ => None,
    };
    Ok(IdPage { ids, next })
}

/// How many rows the filter finds, at most [`COUNTED`] + 1.
pub fn count(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<i64> {
    Plan::of(conn, filter, viewer)?.count(conn, COUNTED + 1)
}

/// Everything that a filter finds, on all pages, in ascending order; at most one more than `at_most`.
/// For edits of everything that a filter finds.
pub fn ids(conn: &mut AnyConnection, filter: &Filter, viewer: i64, at_most: usize) -> Result<Vec<i64>> {
    let limit = i64::try_from(at_most).unwrap_or(i64::MAX).saturating_add(1);
    let mut found = Plan::of(conn, filter, viewer)?.ids(conn, None, limit, false)?;
    found.sort_unstable();
    Ok(found)
}

/// Everything that a filter finds in its own order, 8 bytes each, for a reader that takes so long that
/// the order changes meanwhile.
pub fn ids_in_order(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Vec<i64>> {
    Plan::of(conn, filter, viewer)?.ids(conn, None, i64::MAX, false)
}

/// The statements that find its page and its total, the page's first, and those that look up how
/// rare things are, for looking at how the database reads them.
pub fn statements(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Vec<Sql>> {
    let mut all = Plan::of(conn, filter, viewer)?.statements(filter.after.as_ref(), filter.limit + 1, COUNTED + 1);
    all.extend(Plan::probes(conn, filter, viewer)?);
    Ok(all)
}

/// The ids of a page without its rows: the least that is asked of the database.
pub fn page_ids(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Vec<i64>> {
    Plan::of(conn, filter, viewer)?.ids(conn, filter.after.as_ref(), filter.limit + 1, false)
}

/// The rows of some incidents, in the order of their ids' list.
pub fn rows(conn: &mut AnyConnection, ids: &[i64]) -> Result<Vec<QueueRow>> {
    let mut found: HashMap<i64, Incident> = incidents::table
        .filter(incidents::id.eq_any(ids))
        .select(Incident::as_select())
        .load(conn)?
        .into_iter()
        .map(|incident: Incident| (incident.id, incident))
        .collect();
    let mut tags_of = tags::of_many(conn, ids)?;
    let people = users::names(conn)?;
    Ok(ids
        .iter()
        .filter_map(|id| found.remove(id))
        .map(|incident| QueueRow {
            tags: tags_of.remove(&incident.id).unwrap_or_default(),
            owner: incident.assigned_to.and_then(|id| people.get(&id).cloned()),
            incident,
        })
        .collect())
}

/// The row before or after another in the filtered order, and the page that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    pub id: i64,
    /// Where that page begins; none for the first.
    pub after: Option<Cursor>,
}

/// The rows before and after one, across pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    pub previous: Option<Neighbour>,
    pub next: Option<Neighbour>,
}

/// What is before and after `id` in the filtered order. When the page that `filter` shows does not
/// have it (any more), its position in the order still says what is next.
pub fn neighbours(conn: &mut AnyConnection, filter: &Filter, viewer: i64, id: i64) -> Result<Neighbours> {
    let plan = Plan::of(conn, filter, viewer)?;
    let (page, more) = plan.page_ids(conn, filter)?;
    let here = |id: i64| Some(Neighbour { id, after: filter.after.clone() });
    let Some(at) = page.iter().position(|known| *known == id) else {
        // It left the page; its neighbours are found by its position.
        let Some(from) = plan.position(conn, id)? else { return Ok(Neighbours::default()) };
        let next = plan.ids(conn, Some(&from), 1, false)?.first().copied();
        let previous = plan.ids(conn, Some(&from), 1, true)?.first().copied();
        let on_page = |neighbour: Option<i64>| neighbour.and_then(here);
        return Ok(Neighbours { previous: on_page(previous), next: on_page(next) });
    };
    let next = match page.get(at + 1) {
        Some(next) => here(*next),
        None if more => {
            let from = plan.position(conn, id)?;
            let next = plan.ids(conn, from.as_ref(), 1, false)?.first().copied();
            next.map(|next| Neighbour { id: next, after: from })
        }
        None => None,
    };
    let previous = match at.checked_sub(1).and_then(|before| page.get(before)) {
        Some(previous) => here(*previous),
        None if filter.after.is_some() => {
            // The page before this one is as long as a page, and begins after the one before it.
            let from = plan.position(conn, id)?;
            let before = plan.ids(conn, from.as_ref(), filter.limit + 1, true)?;
            let begins = usize::try_from(filter.limit).ok().and_then(|limit| before.get(limit).copied());
            let after = match begins {
                Some(begins) => plan.position(conn, begins)?,
                None => None,
            };
            before.first().map(|previous| Neighbour { id: *previous, after })
        }
        None => None,
    };
    Ok(Neighbours { previous, next })
}

/// Where the page before the one that `filter` shows begins; none when that is the first.
pub fn page_before(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Option<Cursor>> {
    // A page begins after the last row of the page before it.
    let Some(last) = &filter.after else { return Ok(None) };
    let plan = Plan::of(conn, filter, viewer)?;
    let rows = plan.ids(conn, Some(last), filter.limit, true)?;
    let begins = usize::try_from(filter.limit - 1).ok().and_then(|at| rows.get(at));
    begins.map_or(Ok(None), |begins| plan.position(conn, *begins))
}
