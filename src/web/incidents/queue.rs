//! GET /incidents: the queue, with the pane beside it when the URL says so.

pub mod rows;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::incidents::queue::{self, Cursor, Filter, Ignored, Order, Page, Range, SortKey};
use crate::incidents::tags;
use crate::web::error::Failure;
use crate::web::incidents::pane::{Around, PaneFacts, PaneView};
use crate::web::incidents::queue_filters::{self, Chip, FilterBox};
use crate::web::incidents::view::RowView;
use crate::web::layout::Layout;
use crate::web::query;
use crate::web::state::AppState;

/// A column heading that orders the queue.
#[derive(Debug, Clone)]
pub struct Heading {
    pub label: &'static str,
    pub href: Option<String>,
    /// For `aria-sort`: "ascending", "descending" or nothing.
    pub sorted: &'static str,
    pub class: &'static str,
}

#[derive(Template)]
#[template(path = "incidents/queue.html")]
struct QueuePage {
    layout: Layout,
    rows: Vec<RowView>,
    headings: Vec<Heading>,
    total: String,
    chips: Vec<Chip>,
    boxes: Vec<FilterBox>,
    filter: Filter,
    ranges: Vec<(&'static str, &'static str, bool)>,
    ignored: Vec<Ignored>,
    reset_href: Option<String>,
    first_href: Option<String>,
    previous_href: Option<String>,
    next_href: Option<String>,
    pane: Option<PaneView>,
    missing_pane: bool,
    here: String,
    /// Where the quiet line begins to look for news.
    since: i64,
}

impl QueuePage {
    fn active(&self) -> &'static str {
        "incidents"
    }

    /// The same rows as a file.
    fn export_href(&self, ending: &str) -> String {
        let filter = Filter { after: None, pane: None, ..self.filter.clone() };
        let pairs = filter.to_pairs();
        let pairs = pairs.iter().filter(|(name, _)| *name != "limit");
        query::link(&format!("/incidents.{ending}"), pairs.map(|(name, value)| (*name, value.as_str())))
    }

    /// The filter's pairs that the search form has no field for.
    fn kept_by_search(&self) -> Vec<(&'static str, String)> {
        let filter = Filter { q: String::new(), after: None, pane: None, ..self.filter.clone() };
        filter.to_pairs().into_iter().filter(|(name, _)| *name != "range").collect()
    }
}

struct Found {
    since: i64,
    page: Page,
    /// Where the page before this one begins.
    before: Option<Cursor>,
    total: i64,
    around: queue::Around,
    pane: Option<PaneFacts>,
    missing_pane: bool,
    tags: Vec<String>,
    people: Vec<(String, String)>,
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
) -> std::result::Result<HttpResponse, Failure> {
    let (filter, ignored) = Filter::from_pairs(&query::pairs(&request));
    let (asked, viewer) = (filter.clone(), layout.user.id);
    let (totals, commits) = (std::sync::Arc::clone(&state.totals), state.db.commits());
    let found = state
        .db
        .read(move |conn| {
            let total = totals.count(conn, &asked, viewer, commits)?;
            find(conn, &asked, viewer, total)
        })
        .await?;
    let page = build(layout, filter, ignored, found);
    let layout = page.layout.clone();
    layout.page(StatusCode::OK, &page)
}

fn find(conn: &mut AnyConnection, filter: &Filter, viewer: i64, total: i64) -> Result<Found> {
    let since = queue::newest_entry(conn)?;
    let page = queue::load(conn, filter, viewer)?;
    let before = queue::page_before(conn, filter, viewer)?;
    let (pane, missing_pane) = match filter.pane {
        None => (None, false),
        Some(id) => match PaneFacts::load(conn, id) {
            Ok(facts) => (Some(facts), false),
            Err(Error::NotFound) => (None, true),
            Err(error) => return Err(error),
        },
    };
    let around = match filter.pane {
        Some(id) => queue::around(conn, filter, viewer, id)?,
        None => queue::Around::default(),
    };
    let tags = tags::in_use(conn)?.into_iter().map(|tag| tag.name).collect();
    let people = users::list(conn)?.into_iter().map(|user| (user.name, user.display_name)).collect();
    Ok(Found { since, page, before, total, around, pane, missing_pane, tags, people })
}

fn build(layout: Layout, filter: Filter, ignored: Vec<Ignored>, found: Found) -> QueuePage {
    let here = href(&filter);
    let with_pane = |id: i64| href(&Filter { pane: Some(id), ..filter.clone() });
    let rows = found
        .page
        .rows
        .iter()
        .map(|row| {
            let id = row.incident.id;
            RowView::new(row, &layout.zone, with_pane(id), filter.pane == Some(id))
        })
        .collect();
    let pane = found.pane.as_ref().map(|facts| PaneView::new(facts, &layout, Around::new(&filter, found.around)));
    let at = |after: Option<Cursor>| href(&Filter { after, pane: None, ..filter.clone() });
    let previous_href = filter.after.as_ref().map(|_| at(found.before));
    let next_href = found.page.next.map(|after| at(Some(after)));
    let first_href = filter.after.as_ref().map(|_| at(None));
    QueuePage {
        rows,
        headings: headings(&filter),
        total: total(found.total),
        chips: queue_filters::chips(&filter, &found.people),
        boxes: queue_filters::boxes(&filter, &found.tags, &found.people),
        ranges: Range::ALL
            .iter()
            .map(|range| (range.as_str(), range.label(), *range == filter.range && filter.from.is_none()))
            .collect(),
        ignored,
        reset_href: (!filter.is_default()).then(|| "/incidents".to_owned()),
        first_href,
        previous_href,
        next_href,
        pane,
        missing_pane: found.missing_pane,
        here,
        since: found.since,
        filter,
        layout,
    }
}

/// The queue's URL for a filter.
pub fn href(filter: &Filter) -> String {
    let pairs = filter.to_pairs();
    query::link("/incidents", pairs.iter().map(|(name, value)| (*name, value.as_str())))
}

fn total(count: i64) -> String {
    match count {
        1 => "1 incident".to_owned(),
        count if count > 10_000 => "10,000+ incidents".to_owned(),
        count if count >= 1_000 => format!("{},{:03} incidents", count / 1_000, count % 1_000),
        count => format!("{count} incidents"),
    }
}

fn headings(filter: &Filter) -> Vec<Heading> {
    let sortable = |label, key: SortKey, class| {
        let current = filter.sort.place(key).filter(|(at, _)| *at == 0).map(|(_, descending)| descending);
        let sort = Order::by(key, current != Some(true));
        Heading {
            label,
            href: Some(href(&Filter { sort, after: None, pane: None, ..filter.clone() })),
            sorted: match current {
                None => "",
                Some(true) => "descending",
                Some(false) => "ascending",
            },
            class,
        }
    };
    let plain = |label, class| Heading { label, href: None, sorted: "", class };
    vec![
        plain("Incident name", "col-name"),
        sortable("ID", SortKey::Id, "col-id"),
        plain("Tags", "col-tags"),
        sortable("Severity", SortKey::Severity, "col-severity"),
        plain("Status", "col-status"),
        sortable("Active alerts", SortKey::Alerts, "col-active"),
        plain("Assigned to", "col-owner"),
        sortable("Last update", SortKey::LastUpdate, "col-updated"),
        plain("Categories", "col-categories"),
        plain("Impacted assets", "col-assets"),
        plain("Sources", "col-sources"),
        sortable("First activity", SortKey::FirstActivity, "col-first"),
        sortable("Last activity", SortKey::LastActivity, "col-last"),
        plain("Classification", "col-classification"),
    ]
}
