//! The filter that a saved view keeps, as a query string.

use crate::queue::filter::Filter;
use crate::queue::list::List;

/// A filter as a query string, without the position in the list and the open pane.
pub fn query_of(filter: &Filter) -> String {
    let bare = Filter { after: None, pane: None, ..filter.clone() };
    form_urlencoded::Serializer::new(String::new()).extend_pairs(bare.to_pairs()).finish()
}

/// Reads the query string of a view of a list. What an older Watchdesk wrote and this one does not know is left out.
pub fn filter_of(list: List, query: &str) -> Filter {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.replace('\0', "")))
        .collect();
    Filter { after: None, pane: None, ..Filter::from_pairs(list, &pairs).0 }
}
