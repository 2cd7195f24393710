//! A statement over everything that a filter finds, for sums of it: not walked by an order, not ended at a page.

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue::conditions::{between, conditions};
use crate::queue::filter::Filter;
use crate::queue::sql::Sql;

/// The statement `SELECT {columns} FROM {table} i {joins} WHERE ... {ending}`. `columns`, `joins` and `ending` are ours,
/// never typed, and name the row as `i`; the filter is what was asked, `viewer` is who "me" is.
pub fn aggregate(
    conn: &mut AnyConnection,
    filter: &Filter,
    viewer: i64,
    (columns, joins, ending): (&str, &str, &str),
) -> Result<Sql> {
    let found = conditions(conn, filter, viewer)?;
    let start = found.start.condition();
    // Written so that the index of creation is used: how many days are asked for bounds what is read.
    let created = between("i.created_at", filter.created_from, filter.created_to);
    let conditions: Vec<&Sql> = created
        .iter()
        .chain(&start)
        .chain(&found.plain)
        .chain(found.finders.iter().map(|finder| &finder.condition))
        .collect();
    let select = Sql::new(format!("SELECT {columns} FROM {} i {joins}", filter.list.table()));
    Ok(select.and_then(Sql::wherever(&conditions)).text(&format!(" {ending}")).counting())
}
