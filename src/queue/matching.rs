//! Which of a few rows a filter still finds, so that an open list can bring single rows
//! up to date without being read again.

use std::collections::HashSet;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue::filter::Filter;
use crate::queue::plan::Plan;

/// Those of some rows that the filter finds; `viewer` is who "me" is.
pub fn matching(conn: &mut AnyConnection, filter: &Filter, viewer: i64, ids: &[i64]) -> Result<HashSet<i64>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    Ok(Plan::of(conn, filter, viewer)?.among(conn, ids)?.into_iter().collect())
}
