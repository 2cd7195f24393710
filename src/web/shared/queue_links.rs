//! Addresses of the lists of incidents and alerts, with a filter, which includes its order and columns.

use actix_web::HttpRequest;

use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::web::shared::{paths, query};

/// The list that the address of a request belongs to: "/alerts/rows" to all alerts.
pub fn list_of(request: &HttpRequest) -> List {
    // No incident has the number 0.
    let id = || request.match_info().get("id").and_then(|id| id.parse().ok()).unwrap_or(0);
    match request.match_pattern() {
        Some(pattern) if pattern.starts_with("/alerts") => List::Alerts,
        Some(pattern) if pattern.starts_with("/incidents/{id}/") => List::AlertsOf(id()),
        _ => List::Incidents,
    }
}

/// The address of a list.
pub fn path(list: List) -> String {
    match list {
        List::Incidents => "/incidents".to_owned(),
        List::Alerts => "/alerts".to_owned(),
        List::AlertsOf(incident) => paths::incident_tab(incident, "alerts"),
    }
}

/// A page below the address of a list: its filters, its columns.
pub fn below(list: List, page: &str) -> String {
    format!("{}/{page}", path(list))
}

/// The list with an address.
pub fn list_at(address: &str) -> Option<List> {
    match address {
        "/incidents" => Some(List::Incidents),
        "/alerts" => Some(List::Alerts),
        _ => {
            let incident = address.strip_prefix("/incidents/")?.strip_suffix("/alerts")?;
            incident.parse().ok().map(List::AlertsOf)
        }
    }
}

/// The name of a list as a heading.
pub fn heading(list: List) -> &'static str {
    if list.is_of_alerts() { "Alerts" } else { "Incidents" }
}

/// The address of a list with a filter.
pub fn href(filter: &Filter) -> String {
    with_query(&path(filter.list), filter)
}

/// The same for links that others may follow. An address without a query would show the person's default view
/// instead of the list without a filter.
pub fn explicit_href(filter: &Filter) -> String {
    let href = href(filter);
    if href.contains('?') { href } else { format!("{href}?range={}", filter.list.default_range().as_str()) }
}

/// The address of another page with a filter as its query.
pub fn with_query(path: &str, filter: &Filter) -> String {
    let pairs = filter.to_pairs();
    query::link(path, pairs.iter().map(|(name, value)| (*name, value.as_str())))
}

/// A list with some filters and no others: any status, severity and time.
pub fn everything(list: List, filters: &[(&str, &str)]) -> String {
    let any = [("status", "all"), ("severity", "all"), ("range", "all")];
    query::link(&path(list), filters.iter().copied().chain(any))
}

/// A list with some filters, and for the others what it shows when nothing is asked.
pub fn link(list: List, filters: &[(&str, &str)]) -> String {
    query::link(&path(list), filters.iter().copied())
}
