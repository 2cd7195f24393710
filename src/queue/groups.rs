//! The alerts of an incident that have the same title, as one row with the others folded under it.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue::alert_rows::{AlertRow, alert_rows};
use crate::queue::filter::Filter;
use crate::queue::plan::Plan;

/// Alerts of one title that a page has; of more, it has the first and a link to all.
const MOST_OF_A_TITLE: i64 = 25;
/// Alerts that a page has folded away.
const MOST_FOLDED: usize = 200;

/// The alerts of one title.
#[derive(Debug, Clone)]
pub struct Group {
    /// How many there are.
    pub count: i64,
    /// Those after the first, where the page has them.
    pub others: Vec<AlertRow>,
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
}

/// The groups of which some alerts are the first, by the first: only those with several alerts.
pub fn groups(
    conn: &mut AnyConnection,
    filter: &Filter,
    viewer: i64,
    ids: &[i64],
) -> Result<HashMap<i64, Group>> {
    let mut groups: HashMap<i64, Group> = HashMap::new();
    if !filter.is_grouped() || ids.is_empty() {
        return Ok(groups);
    }
    let placed: Vec<Placed> = Plan::of(conn, filter, viewer)?.same_titles(ids, MOST_OF_A_TITLE).load(conn)?;
    let mut folded: Vec<(i64, Vec<i64>)> = Vec::new();
    let mut room = MOST_FOLDED;
    for same in placed.chunk_by(|_, next| next.place > 1) {
        let Some((first, others)) = same.split_first().filter(|(first, _)| first.among > 1) else { continue };
        groups.insert(first.id, Group { count: first.among, others: Vec::new() });
        if others.len() <= room {
            room -= others.len();
            folded.push((first.id, others.iter().map(|other| other.id).collect()));
        }
    }
    let others: Vec<i64> = folded.iter().flat_map(|(_, others)| others).copied().collect();
    let mut rows: HashMap<i64, AlertRow> =
        alert_rows(conn, &others)?.into_iter().map(|row| (row.alert.id, row)).collect();
    for (first, others) in folded {
        if let Some(group) = groups.get_mut(&first) {
            group.others = others.iter().filter_map(|id| rows.remove(id)).collect();
        }
    }
    Ok(groups)
}
