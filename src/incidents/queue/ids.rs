//! Everything that a filter finds, by id: what an act on the whole filter works on.

use std::collections::BTreeSet;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::incidents::queue::{Filter, load};

/// The ids that `filter` finds, on whichever page it stands, in ascending order; at most one more
/// than `at_most`.
pub fn ids(conn: &mut AnyConnection, filter: &Filter, viewer: i64, at_most: usize) -> Result<Vec<i64>> {
    let mut filter = Filter { limit: 200, after: None, pane: None, ..filter.clone() };
    let mut found: BTreeSet<i64> = BTreeSet::new();
    loop {
        let page = load(conn, &filter, viewer)?;
        found.extend(page.rows.iter().map(|row| row.incident.id));
        if page.next.is_none() || found.len() > at_most {
            return Ok(found.into_iter().collect());
        }
        filter.after = page.next;
    }
}
