//! GET /incidents: the queue, with the pane beside it when the URL says so.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::preferences::{Density, Preference, Preferences};
use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::queue;
use crate::queue::columns::Column;
use crate::queue::filter::{Filter, Ignored, LIMITS};
use crate::queue::page::{Page, QueueRow};
use crate::queue::range::Range;
use crate::queue::saved_views::{self, View};
use crate::queue::sort::Cursor;
use crate::text::{counted, thousands};
use crate::web::incident::pane::{PaneFacts, PaneLinks, PaneView};
use crate::web::queue::filter_chips::Chip;
use crate::web::queue::row_view::RowView;
use crate::web::queue::saved_view_bar::ViewLink;
use crate::web::queue::sorting::Heading;
use crate::web::queue::{columns, filter_chips, saved_view_bar, sorting};
use crate::web::shared::error::Failure;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::query;
use crate::web::shared::queue_links::{explicit_href, href, with_query};
use crate::web::shared::state::AppState;

#[derive(Template)]
#[template(path = "queue/page.html")]
pub(crate) struct QueuePage {
    pub(crate) layout: Layout,
    pub(crate) rows: Vec<RowView>,
    pub(crate) headings: Vec<Heading>,
    pub(crate) sort: String,
    pub(crate) compact: bool,
    pub(crate) own_columns: bool,
    /// The list with the columns that somebody chose, from its beginning.
    pub(crate) exported: Filter,
    pub(crate) total: String,
    pub(crate) views: Vec<ViewLink>,
    pub(crate) chips: Vec<Chip>,
    pub(crate) filter: Filter,
    pub(crate) ranges: Vec<(&'static str, &'static str, bool)>,
    pub(crate) limits: Vec<(i64, String, bool)>,
    pub(crate) ignored: Vec<Ignored>,
    pub(crate) filters_href: String,
    pub(crate) columns_href: String,
    pub(crate) save_view_href: String,
    /// What "Copy link" copies: this list, for anybody.
    pub(crate) link: String,
    pub(crate) reset_href: Option<String>,
    pub(crate) first_href: Option<String>,
    pub(crate) previous_href: Option<String>,
    pub(crate) next_href: Option<String>,
    pub(crate) pane: Option<PaneView>,
    pub(crate) missing_pane: bool,
    pub(crate) here: String,
    /// Where the quiet line begins to look for news.
    pub(crate) since: i64,
}

impl QueuePage {
    fn active(&self) -> &'static str {
        "incidents"
    }

    /// The same rows as a file: of somebody's own columns, or of every one there is.
    fn export_href(&self, ending: &str) -> String {
        let pairs = self.exported.to_pairs();
        let pairs = pairs.iter().filter(|(name, _)| *name != "limit");
        query::link(&format!("/incidents.{ending}"), pairs.map(|(name, value)| (*name, value.as_str())))
    }

    /// The filter's pairs that the search form has no field for.
    fn kept_by_search(&self) -> Vec<(&'static str, String)> {
        let filter = Filter { q: String::new(), after: None, pane: None, ..self.filter.clone() };
        filter.to_pairs().into_iter().filter(|(name, _)| *name != "range").collect()
    }
}

pub(crate) struct QueueFacts {
    pub(crate) since: i64,
    pub(crate) page: Page,
    /// Where the page before this one begins.
    pub(crate) before: Option<Cursor>,
    pub(crate) total: i64,
    pub(crate) neighbours: queue::Neighbours,
    pub(crate) pane: Option<PaneFacts>,
    pub(crate) missing_pane: bool,
    pub(crate) people: Vec<(String, String)>,
    pub(crate) preferences: Preferences,
    pub(crate) views: Vec<View>,
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
) -> std::result::Result<HttpResponse, Failure> {
    let viewer = layout.user.id;
    let pairs = query::pairs(&request);
    if pairs.is_empty() {
        let beginning = state.db.look(move |conn| beginning(conn, viewer)).await?;
        if let Some(filter) = beginning {
            return Ok(see_other(&explicit_href(&filter), None));
        }
    }
    let has = |names: &[&str]| pairs.iter().any(|(name, value)| names.contains(&name.as_str()) && !value.is_empty());
    // "Custom" asks for dates; where there are some already they stay.
    if pairs.iter().any(|(name, value)| name == "range" && value == "custom") && !has(&["from", "to"]) {
        let asked = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        return Ok(see_other(&format!("{}#f-range", query::link("/incidents/filters", asked)), None));
    }
    let (filter, ignored) = Filter::from_pairs(&pairs);
    let asked = filter.clone();
    let (totals, commits) = (std::sync::Arc::clone(&state.totals), state.db.commits());
    // Whoever has just done something looks at what became of it.
    let just_changed = layout.flash.is_some();
    let found = state
        .db
        .read(move |conn| {
            let total = totals.count(conn, &asked, viewer, commits, just_changed)?;
            find(conn, &asked, viewer, total)
        })
        .await?;
    let page = build(layout, filter, ignored, found);
    let layout = page.layout.clone();
    layout.page(StatusCode::OK, &page)
}

/// What somebody wants to begin with.
fn beginning(conn: &mut AnyConnection, viewer: i64) -> Result<Option<Filter>> {
    match Preferences::load(conn, viewer)?.get(Preference::View) {
        Some(key) => saved_views::beginning(conn, viewer, key),
        None => Ok(None),
    }
}

pub(crate) fn find(conn: &mut AnyConnection, filter: &Filter, viewer: i64, total: i64) -> Result<QueueFacts> {
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
    let neighbours = match filter.pane {
        Some(id) => queue::neighbours(conn, filter, viewer, id)?,
        None => queue::Neighbours::default(),
    };
    let people = users::list(conn)?.into_iter().map(|user| (user.name, user.display_name)).collect();
    let (preferences, views) = (Preferences::load(conn, viewer)?, saved_views::seen_by(conn, viewer)?);
    Ok(QueueFacts { since, page, before, total, neighbours, pane, missing_pane, people, preferences, views })
}

pub(crate) fn build(layout: Layout, mut filter: Filter, mut ignored: Vec<Ignored>, found: QueueFacts) -> QueuePage {
    let is_known = |name: &str| found.people.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    ignored.extend(filter.ignore_unknown_owners(is_known));
    let begins_elsewhere = found.preferences.get(Preference::View).is_some();
    let to = |filter: &Filter| if begins_elsewhere { explicit_href(filter) } else { href(filter) };
    let here = to(&filter);
    let bare = Filter { after: None, pane: None, ..filter.clone() };
    let columns: Arc<[queue::Column]> = columns::shown(&filter, &found.preferences).into();
    let own_columns = *columns != *queue::default_columns();
    let rows = row_views(&found.page, &filter, &layout, &columns);
    let pane =
        found.pane.as_ref().map(|facts| PaneView::new(facts, &layout, PaneLinks::new(&filter, found.neighbours)));
    let at = |after: Option<Cursor>| href(&Filter { after, pane: None, ..filter.clone() });
    let previous_href = filter.after.as_ref().map(|_| at(found.before.clone()));
    let next_href = found.page.next.clone().map(|after| at(Some(after)));
    QueuePage {
        rows,
        headings: sorting::headings(&filter, &columns, to),
        sort: filter.sort.as_text(),
        compact: found.preferences.density() == Density::Compact,
        own_columns,
        exported: Filter { columns: if own_columns { columns.to_vec() } else { Vec::new() }, ..bare.clone() },
        total: total(found.total),
        views: saved_view_bar::links(&found.views, &found.preferences, &bare),
        chips: filter_chips::chips(&filter, &found.people, &layout.zone, to),
        ranges: ranges(&filter, filter.has_dates()),
        limits: LIMITS
            .iter()
            .map(|&limit| (limit, to(&Filter { limit, ..bare.clone() }), limit == filter.limit))
            .collect(),
        ignored,
        filters_href: with_query("/incidents/filters", &bare),
        columns_href: with_query("/incidents/columns", &bare),
        save_view_href: with_query("/incidents/views/new", &bare),
        link: explicit_href(&bare),
        reset_href: (!filter.is_default()).then(|| to(&Filter::default())),
        first_href: filter.after.is_some().then(|| to(&bare)),
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

fn row_views(page: &Page, filter: &Filter, layout: &Layout, columns: &Arc<[queue::Column]>) -> Vec<RowView> {
    let view = |row: &QueueRow| {
        let id = row.incident.id;
        let with_pane = href(&Filter { pane: Some(id), ..filter.clone() });
        RowView::new(row, &layout.zone, columns, with_pane, filter.pane == Some(id))
    };
    page.rows.iter().map(view).collect()
}

/// The ranges that the queue offers, and whether each is in effect; "custom" is the last.
pub fn ranges(filter: &Filter, custom: bool) -> Vec<(&'static str, &'static str, bool)> {
    let known = Range::ALL.iter().map(|range| (range.as_str(), range.label(), !custom && *range == filter.range));
    known.chain([("custom", "Custom", custom)]).collect()
}

/// A number of incidents as people read it, at most "10,000+".
pub fn count(count: i64) -> String {
    if count > 10_000 { "10,000+".to_owned() } else { thousands(count) }
}

fn total(found: i64) -> String {
    counted(count(found), "incident")
}
