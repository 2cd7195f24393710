//! GET /incidents: the queue of incidents, with the pane of the incident that the query names.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::pane_layout::Section;
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
use crate::web::incident::pane::{PaneData, PaneLinks, PaneView};
use crate::web::queue::filter_chips::Chip;
use crate::web::queue::ignored_parameters::IgnoredView;
use crate::web::queue::row_view::RowView;
use crate::web::queue::saved_view_bar::ViewLink;
use crate::web::queue::sorting::Heading;
use crate::web::queue::{columns, filter_chips, ignored_parameters, saved_view_bar, sorting};
use crate::web::settings::start::checklist::{self, Checklist, ChecklistData};
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
    /// The filter for exports: with the chosen columns, from the first page.
    pub(crate) exported: Filter,
    pub(crate) total: String,
    pub(crate) views: Vec<ViewLink>,
    pub(crate) chips: Vec<Chip>,
    pub(crate) filter: Filter,
    pub(crate) ranges: Vec<(&'static str, &'static str, bool)>,
    pub(crate) limits: Vec<(i64, String, bool)>,
    pub(crate) ignored: Vec<IgnoredView>,
    pub(crate) filters_href: String,
    pub(crate) columns_href: String,
    pub(crate) save_view_href: String,
    /// What "Copy link" copies: an address that shows everybody this list.
    pub(crate) link: String,
    pub(crate) reset_href: Option<String>,
    pub(crate) first_href: Option<String>,
    pub(crate) previous_href: Option<String>,
    pub(crate) next_href: Option<String>,
    pub(crate) pane: Option<PaneView>,
    pub(crate) missing_pane: bool,
    pub(crate) here: String,
    /// The newest history entry of this page: what is newer is an update.
    pub(crate) since: i64,
    /// Instead of the rows while no alert has ever come in.
    pub(crate) first_hour: Option<Checklist>,
}

impl QueuePage {
    fn active(&self) -> &'static str {
        "incidents"
    }

    /// Whether one act resolves what the filter finds: incidents whose alerts are all resolved at the source.
    fn offers_to_resolve_all(&self) -> bool {
        self.layout.can_edit() && self.filter.all_alerts_resolved == Some(true) && !self.rows.is_empty()
    }

    /// The address of an export, with the chosen columns, else with all.
    fn export_href(&self, ending: &str) -> String {
        let pairs = self.exported.to_pairs();
        let pairs = pairs.iter().filter(|(name, _)| *name != "limit");
        query::link(&format!("/incidents.{ending}"), pairs.map(|(name, value)| (*name, value.as_str())))
    }

    /// The parameters for which the search form has no field.
    fn kept_by_search(&self) -> Vec<(&'static str, String)> {
        let filter = Filter { q: String::new(), after: None, pane: None, ..self.filter.clone() };
        filter.to_pairs().into_iter().filter(|(name, _)| *name != "range").collect()
    }
}

/// What the queue shows, as read from the database.
pub(crate) struct QueueData {
    pub(crate) since: i64,
    pub(crate) page: Page,
    /// Where the previous page begins.
    pub(crate) before: Option<Cursor>,
    pub(crate) total: i64,
    pub(crate) neighbours: queue::Neighbours,
    pub(crate) pane: Option<PaneData>,
    pub(crate) missing_pane: bool,
    pub(crate) people: Vec<(String, String)>,
    pub(crate) preferences: Preferences,
    pub(crate) views: Vec<View>,
    pub(crate) first_hour: Option<ChecklistData>,
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
) -> std::result::Result<HttpResponse, Failure> {
    let viewer = layout.user.id;
    let pairs = query::pairs(&request);
    if pairs.is_empty() {
        let default_view = state.db.read_without_snapshot(move |conn| default_view(conn, viewer)).await?;
        if let Some(filter) = default_view {
            return Ok(see_other(&explicit_href(&filter), None));
        }
    }
    let has = |names: &[&str]| pairs.iter().any(|(name, value)| names.contains(&name.as_str()) && !value.is_empty());
    // "Custom" without dates leads to the form that has fields for them.
    if pairs.iter().any(|(name, value)| name == "range" && value == "custom") && !has(&["from", "to"]) {
        let requested = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        return Ok(see_other(&format!("{}#f-range", query::link("/incidents/filters", requested)), None));
    }
    let (filter, ignored) = Filter::from_pairs(&pairs);
    let requested = filter.clone();
    let (totals, commits) = (Arc::clone(&state.totals), state.db.commits());
    // After an own change the total is counted again, not taken from the cache.
    let just_changed = layout.flash.is_some();
    let mut data = state
        .db
        .read(move |conn| {
            let total = totals.count(conn, &requested, viewer, commits, just_changed)?;
            load(conn, &requested, viewer, total)
        })
        .await?;
    let first_hour = data.first_hour.take();
    let mut page = build(layout, filter, ignored, data);
    page.first_hour = first_hour.map(|data| data.view(&request, &state, &page.layout, None));
    page.layout.page(StatusCode::OK, &page)
}

/// The view that the person chose to begin with.
fn default_view(conn: &mut AnyConnection, viewer: i64) -> Result<Option<Filter>> {
    match Preferences::load(conn, viewer)?.get(Preference::View) {
        Some(key) => saved_views::beginning(conn, viewer, key),
        None => Ok(None),
    }
}

pub(crate) fn load(conn: &mut AnyConnection, filter: &Filter, viewer: i64, total: i64) -> Result<QueueData> {
    let since = queue::newest_entry(conn)?;
    let page = queue::load(conn, filter, viewer)?;
    let before = queue::page_before(conn, filter, viewer)?;
    let (pane, missing_pane) = match filter.pane {
        None => (None, false),
        Some(id) => match PaneData::load(conn, id, viewer) {
            Ok(data) => (Some(data), false),
            Err(Error::NotFound) => (None, true),
            Err(error) => return Err(error),
        },
    };
    let neighbours = match filter.pane {
        Some(id) => queue::neighbours(conn, filter, viewer, id)?,
        None => queue::Neighbours::default(),
    };
    let people = users::list(conn)?.into_iter().map(|user| (user.name.clone(), user.shown_name())).collect();
    let (preferences, views) = (Preferences::load(conn, viewer)?, saved_views::seen_by(conn, viewer)?);
    let first_hour = if page.rows.is_empty() { checklist::load_without_alerts(conn)? } else { None };
    Ok(QueueData { since, page, before, total, neighbours, pane, missing_pane, people, preferences, views, first_hour })
}

pub(crate) fn build(layout: Layout, mut filter: Filter, mut ignored: Vec<Ignored>, data: QueueData) -> QueuePage {
    let is_known = |name: &str| data.people.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    ignored.extend(filter.ignore_unknown_owners(is_known));
    let has_default_view = data.preferences.get(Preference::View).is_some();
    let to = |filter: &Filter| if has_default_view { explicit_href(filter) } else { href(filter) };
    let here = to(&filter);
    // The same list without the pane, from its beginning.
    let first_page = Filter { after: None, pane: None, ..filter.clone() };
    let columns: Arc<[queue::Column]> = columns::shown(&filter, &data.preferences).into();
    let own_columns = *columns != *queue::default_columns();
    let row_view = |row: &QueueRow| {
        let pane = Some(row.incident.id);
        let pane_href = href(&Filter { pane, ..filter.clone() });
        RowView::new(row, &layout.zone, &columns, pane_href, filter.pane == pane)
    };
    let rows = data.page.rows.iter().map(row_view).collect();
    let pane = data.pane.as_ref().map(|pane| PaneView::new(pane, &layout, PaneLinks::new(&filter, data.neighbours)));
    let at = |after: Option<Cursor>| href(&Filter { after, pane: None, ..filter.clone() });
    QueuePage {
        rows,
        headings: sorting::headings(&filter, &columns, to),
        sort: filter.sort.as_text(),
        compact: data.preferences.density() == Density::Compact,
        own_columns,
        exported: Filter { columns: if own_columns { columns.to_vec() } else { Vec::new() }, ..first_page.clone() },
        total: counted(count(data.total), "incident"),
        views: saved_view_bar::links(&data.views, &data.preferences, &first_page),
        chips: filter_chips::chips(&filter, &data.people, &layout.zone, to),
        ranges: ranges(&filter, filter.has_dates()),
        limits: LIMITS
            .map(|limit| (limit, to(&Filter { limit, ..first_page.clone() }), limit == filter.limit))
            .to_vec(),
        ignored: ignored_parameters::views(&ignored),
        filters_href: with_query("/incidents/filters", &first_page),
        columns_href: with_query("/incidents/columns", &first_page),
        save_view_href: with_query("/incidents/views/new", &first_page),
        link: explicit_href(&first_page),
        reset_href: (!filter.is_default()).then(|| to(&Filter::default())),
        first_href: filter.after.is_some().then(|| to(&first_page)),
        previous_href: filter.after.as_ref().map(|_| at(data.before.clone())),
        next_href: data.page.next.clone().map(|after| at(Some(after))),
        pane,
        missing_pane: data.missing_pane,
        here,
        since: data.since,
        first_hour: None,
        filter,
        layout,
    }
}

/// The time ranges to choose from, "custom" last: value, label, whether it is selected.
pub fn ranges(filter: &Filter, custom: bool) -> Vec<(&'static str, &'static str, bool)> {
    let known = Range::ALL.iter().map(|range| (range.as_str(), range.label(), !custom && *range == filter.range));
    known.chain([("custom", "Custom", custom)]).collect()
}

/// A number of incidents as text, at most "10,000+".
pub fn count(count: i64) -> String {
    if count > 10_000 { "10,000+".to_owned() } else { thousands(count) }
}
