//! The alerts of an incident that have the same title, as one row with the others folded under it.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue::alert_rows::{AlertRow, alert_rows};
use crate::queue::filter::Filter;
use crate::queue::plan::Plan;

/// Alerts of one title that a page has as rows; of more, it has the first and a link to all.
const MOST_OF_A_TITLE: usize = 25;
/// Alerts of one title that are selected by one tick: as many as are changed without a preview.
const MOST_SELECTED: i64 = 500;
/// Alerts that a page has folded away.
const MOST_FOLDED: usize = 200;

/// The alerts of one title, by the first of them.
#[derive(Debug, Clone)]
pub struct Group {
    /// How many there are.
    pub count: i64,
    /// How many of them are not resolved.
    pub open: i64,
    /// The ids of those after the first; none where these are too many for one tick.
    pub other_ids: Vec<i64>,
    /// Those after the first, where the page has them.
    pub others: Vec<AlertRow>,
}

/// The titles that several alerts have.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    pub by_first: HashMap<i64, Group>,
    /// The first alert of the title of each of the others.
    pub first_of: HashMap<i64, i64>,
}

#[derive(QueryableByName)]
struct Placed {
    #[diesel(sql_type = BigInt)]
    id: i64,
    /// From 1, among the alerts of its title.
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = BigInt)]
    among: i64,
    #[diesel(sql_type = BigInt)]
    open: i64,
}

/// The groups that some alerts belong to.
pub fn groups(conn: &mut AnyConnection, filter: &Filter, viewer: i64, ids: &[i64]) -> Result<Groups> {
    let mut groups = Groups::default();
    if !filter.is_grouped() || ids.is_empty() {
        return Ok(groups);
    }
    let placed: Vec<Placed> = Plan::of(conn, filter, viewer)?.same_titles(ids, MOST_SELECTED).load(conn)?;
    let mut room = MOST_FOLDED;
    for same in placed.chunk_by(|_, next| next.place > 1) {
        let Some((first, others)) = same.split_first().filter(|(first, _)| first.among > 1) else { continue };
        let other_ids: Vec<i64> = others.iter().map(|other| other.id).collect();
        if others.len() < MOST_OF_A_TITLE.min(room + 1) {
            room -= others.len();
            groups.first_of.extend(other_ids.iter().map(|other| (*other, first.id)));
        }
        let group = Group { count: first.among, open: first.open, other_ids, others: Vec::new() };
        groups.by_first.insert(first.id, group);
    }
    let others: Vec<i64> = placed.iter().map(|one| one.id).filter(|id| groups.first_of.contains_key(id)).collect();
    for row in alert_rows(conn, &others)? {
        let first = groups.first_of.get(&row.alert.id);
        if let Some(group) = first.and_then(|first| groups.by_first.get_mut(first)) {
            group.others.push(row);
        }
    }
    Ok(groups)
}
