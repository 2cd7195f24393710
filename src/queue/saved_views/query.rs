//! The filter that a saved view keeps, as its query string.

use crate::queue::filter::Filter;

/// Reads it back. What an older Watchdesk wrote and this one does not know is left out.
pub fn filter_of(query: &str) -> Filter {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.replace('\0', "")))
        .collect();
    Filter { after: None, pane: None, ..Filter::from_pairs(&pairs).0 }
}
