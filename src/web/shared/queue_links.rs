//! Links to the queue with a filter, which includes its order and columns.

use crate::queue::filter::Filter;
use crate::web::shared::query;

/// The queue with the default filter. An address without a query would show the person's default view
/// instead.
pub const PLAIN: &str = "/incidents?range=30d";

/// The address of the queue with a filter.
pub fn href(filter: &Filter) -> String {
    with_query("/incidents", filter)
}

/// The same for links that others may follow: never an address that shows their default view.
pub fn explicit_href(filter: &Filter) -> String {
    let href = href(filter);
    if href == "/incidents" { PLAIN.to_owned() } else { href }
}

/// The address of another page with a filter as its query.
pub fn with_query(path: &str, filter: &Filter) -> String {
    let pairs = filter.to_pairs();
    query::link(path, pairs.iter().map(|(name, value)| (*name, value.as_str())))
}
