//! Counting what a hit leads to, up to a limit.

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::count::{COUNTED, Count};
use crate::queue::sql::Sql;

/// Counts the rows that a statement finds.
pub(super) fn count(conn: &mut AnyConnection, find: Sql) -> Result<Count> {
    let limited = Sql::new("SELECT COUNT(*) AS id FROM (").and_then(find).text(&format!(" LIMIT {}) t", COUNTED + 1));
    Ok(Count::up_to(limited.ids(conn)?.first().copied().unwrap_or(0)))
}
