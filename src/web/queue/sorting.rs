//! Sorting a list: the headings of its columns, and sort keys from forms.

use crate::queue::columns::Column;
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::queue::sort::{Sort, SortKey};

/// Sort keys that the form of columns offers for a list.
pub fn keys_of(list: List) -> usize {
    list.most_sort_keys().min(3)
}

/// A column heading.
#[derive(Debug, Clone)]
pub struct Heading {
    /// Its name in the parameter `sort`.
    pub key: &'static str,
    pub label: &'static str,
    pub href: Option<String>,
    /// For `aria-sort`, only on the first sort key: "ascending" or "descending"; else empty.
    pub sorted: &'static str,
    pub arrow: &'static str,
    /// Its number among several sort keys; empty for a single one.
    pub place: String,
    pub class: &'static str,
}

/// The filter with these sort keys; without any, with the default order.
pub fn with_keys(filter: &Filter, keys: &[Sort]) -> Filter {
    let text: Vec<String> = keys.iter().map(|sort| sort.as_text()).collect();
    let sort = filter.list.read_order(&text.join(",")).0;
    let sort = sort.unwrap_or_else(|| filter.list.default_order());
    Filter { sort, after: None, pane: None, ..filter.clone() }
}

/// Whether a first click on the heading sorts descending: all but names and states do.
fn is_descending_first(key: SortKey) -> bool {
    !matches!(key.as_str(), "name" | "status" | "assignedTo")
}

/// The headings of the columns; `to` returns the address of a filter.
pub fn headings(filter: &Filter, columns: &[Column], to: impl Fn(&Filter) -> String) -> Vec<Heading> {
    let keys = filter.sort.keys();
    columns
        .iter()
        .map(|&column| {
            let sort_key = column.sort_key(filter.list);
            let place = sort_key.and_then(|key| keys.iter().position(|sort| sort.key == key));
            let current = place.and_then(|place| keys.get(place));
            Heading {
                key: column.as_str(),
                label: column.label_in(filter.list),
                href: sort_key.map(|key| {
                    let descending = current.map_or_else(|| is_descending_first(key), |sort| !sort.descending);
                    to(&with_keys(filter, &[Sort { key, descending }]))
                }),
                sorted: match current {
                    Some(sort) if place == Some(0) => {
                        if sort.descending {
                            "descending"
                        } else {
                            "ascending"
                        }
                    }
                    _ => "",
                },
                arrow: current.map_or("", |sort| if sort.descending { "\u{2193}" } else { "\u{2191}" }),
                place: match place {
                    Some(place) if keys.len() > 1 => (place + 1).to_string(),
                    _ => String::new(),
                },
                class: class(column),
            }
        })
        .collect()
}

/// The CSS class of a column.
pub fn class(column: Column) -> &'static str {
    match column {
        Column::Name => "col-name",
        Column::Id => "col-id",
        Column::Priority => "col-priority",
        Column::Tags => "col-tags",
        Column::Severity => "col-severity",
        Column::Status => "col-status",
        Column::Alerts => "col-active",
        Column::AssignedTo => "col-owner",
        Column::LastUpdate => "col-updated",
        Column::Created => "col-created",
        Column::Categories => "col-categories",
        Column::Assets => "col-assets",
        Column::ServiceSources => "col-sources",
        Column::DetectionSources => "col-detections",
        Column::Products => "col-products",
        Column::FirstActivity => "col-first",
        Column::LastActivity => "col-last",
        Column::Classification => "col-classification",
        Column::Determination => "col-determination",
        Column::FollowUp => "col-follow-up",
        Column::Incident => "col-incident",
        Column::Techniques => "col-techniques",
        Column::LinkedBy => "col-linked",
        Column::Times => "col-times",
    }
}
