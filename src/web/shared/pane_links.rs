//! The links of a pane beside a list.

use crate::queue;
use crate::queue::filter::Filter;
use crate::queue::page::Neighbour;
use crate::web::shared::queue_links::{explicit_href, href, path};

/// The links of the pane: its arrows, "Close", and the address that its forms return to.
#[derive(Debug, Clone, Default)]
pub struct PaneLinks {
    pub previous: Option<String>,
    pub next: Option<String>,
    /// The address of the list, and its query without the pane as pairs for a GET form.
    pub path: String,
    pub close: Vec<(&'static str, String)>,
    /// The list without the pane as one address.
    pub list: String,
    pub return_to: String,
}

impl PaneLinks {
    /// An arrow beyond the end of the page leads to the next page.
    pub fn new(filter: &Filter, neighbours: queue::Neighbours) -> Self {
        let link = |row: Neighbour| href(&Filter { pane: Some(row.id), after: row.after, ..filter.clone() });
        let mut close = Filter { pane: None, ..filter.clone() }.to_pairs();
        if close.is_empty() {
            // An address without a query would show the person's default view.
            close.push(("range", filter.range.as_str().to_owned()));
        }
        Self {
            previous: neighbours.previous.map(link),
            next: neighbours.next.map(link),
            path: path(filter.list),
            list: explicit_href(&Filter { pane: None, ..filter.clone() }),
            close,
            return_to: href(filter),
        }
    }
}
