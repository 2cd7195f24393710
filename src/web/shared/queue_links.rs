//! Links to the queue that keep its filter, order and columns.

use crate::queue::filter::Filter;
use crate::web::shared::query;

/// The queue as it is for somebody who has chosen nothing: an address that asks for something, so
/// that nobody's own default view takes its place.
pub const PLAIN: &str = "/incidents?range=30d";

/// The queue's URL for a filter.
pub fn href(filter: &Filter) -> String {
    with_query("/incidents", filter)
}

/// The same, for everybody the same list: never an address that leads to somebody's default view.
pub fn explicit_href(filter: &Filter) -> String {
    let href = href(filter);
    if href == "/incidents" { PLAIN.to_owned() } else { href }
}

/// Another page's address that carries a filter.
pub fn with_query(path: &str, filter: &Filter) -> String {
    let pairs = filter.to_pairs();
    query::link(path, pairs.iter().map(|(name, value)| (*name, value.as_str())))
}
