//! GET /incidents and /alerts: a list, with the pane of the row that the query names.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::pane_layout::Section;
use crate::accounts::preferences::Preferences;
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::queue;
use crate::queue::columns::Column;
use crate::queue::filter::{Filter, Ignored};
use crate::queue::list::List;
use crate::queue::saved_views;
use crate::web::alert::pane::{AlertPane, AlertPaneData};
use crate::web::incident::pane::{PaneData, PaneView};
use crate::web::queue::also_found::{self, AlsoFound};
use crate::web::queue::list_view::{ListData, ListView, RowViews};
use crate::web::queue::saved_view_bar::default_of;
use crate::web::settings::start::checklist::{self, Checklist, ChecklistData};
use crate::web::shared::error::Failure;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::pane_links::PaneLinks;
use crate::web::shared::query;
use crate::web::shared::queue_links::{below, explicit_href, list_of};
use crate::web::shared::state::AppState;

/// The pane beside the list.
pub(crate) enum Pane {
    Incident(Box<PaneView>),
    Alert(Box<AlertPane>),
}

#[derive(Template)]
#[template(path = "queue/page.html")]
pub(crate) struct QueuePage {
    pub(crate) layout: Layout,
    pub(crate) list: ListView,
    pub(crate) pane: Option<Pane>,
    pub(crate) missing_pane: bool,
    /// What is found of other kinds.
    pub(crate) also_found: Vec<AlsoFound>,
    /// Instead of the rows while no alert has ever come in.
    pub(crate) first_hour: Option<Checklist>,
}

impl QueuePage {
    fn active(&self) -> &'static str {
        if self.list.of.is_of_alerts() { "alerts" } else { "incidents" }
    }

    /// Whether one act resolves what the filter finds: incidents whose alerts are all resolved at the source.
    fn offers_to_resolve_all(&self) -> bool {
        self.layout.can_edit() && self.list.filter.all_alerts_resolved == Some(true) && !self.list.rows.is_empty()
    }
}

/// The pane of a row, as read from the database.
enum LoadedPane {
    Incident(Box<PaneData>),
    Alert(Box<AlertPaneData>),
}

impl LoadedPane {
    /// None where there is no such incident or alert.
    fn load(conn: &mut AnyConnection, list: List, id: i64, viewer: i64) -> Result<Option<Self>> {
        let loaded = if list.is_of_alerts() {
            AlertPaneData::load(conn, id).map(|data| Self::Alert(Box::new(data)))
        } else {
            PaneData::load(conn, id, viewer).map(|data| Self::Incident(Box::new(data)))
        };
        match loaded {
            Err(Error::NotFound) => Ok(None),
            loaded => loaded.map(Some),
        }
    }

    fn view(self, layout: &Layout, links: PaneLinks) -> Pane {
        match self {
            Self::Incident(data) => Pane::Incident(Box::new(PaneView::new(&data, layout, links))),
            Self::Alert(data) => Pane::Alert(Box::new(AlertPane::new(*data, layout, links))),
        }
    }
}

/// What the page shows, as read from the database.
struct PageData {
    list: ListData,
    pane: Option<LoadedPane>,
    neighbours: queue::Neighbours,
    also_found: Vec<AlsoFound>,
    first_hour: Option<ChecklistData>,
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
) -> std::result::Result<HttpResponse, Failure> {
    let (list, viewer) = (list_of(&request), layout.user.id);
    let pairs = query::pairs(&request);
    if pairs.is_empty() {
        let default_view = state.db.read_without_snapshot(move |conn| default_view(conn, list, viewer)).await?;
        if let Some(filter) = default_view {
            return Ok(see_other(&explicit_href(&filter), None));
        }
    }
    if let Some(form) = custom_range_form(list, &pairs) {
        return Ok(see_other(&form, None));
    }
    let (filter, ignored) = Filter::from_pairs(list, &pairs);
    let requested = filter.clone();
    let (totals, commits) = (Arc::clone(&state.totals), state.db.commits());
    // After an own change the total is counted again, not taken from the cache.
    let just_changed = layout.flash.is_some();
    let data = state
        .db
        .read(move |conn| {
            let total = totals.count(conn, &requested, viewer, commits, just_changed)?;
            load(conn, &requested, viewer, total)
        })
        .await?;
    let page = build(&request, &state, layout, (filter, ignored), data);
    page.layout.page(StatusCode::OK, &page)
}

/// The form that has fields for a custom range, where one is asked for without dates.
pub(crate) fn custom_range_form(list: List, pairs: &[(String, String)]) -> Option<String> {
    let has = |names: &[&str]| pairs.iter().any(|(name, value)| names.contains(&name.as_str()) && !value.is_empty());
    if !pairs.iter().any(|(name, value)| name == "range" && value == "custom") || has(&["from", "to"]) {
        return None;
    }
    let requested = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    Some(format!("{}#f-range", query::link(&below(list, "filters"), requested)))
}

/// The view that the person chose to begin with.
fn default_view(conn: &mut AnyConnection, list: List, viewer: i64) -> Result<Option<Filter>> {
    let Some(which) = default_of(list) else { return Ok(None) };
    match Preferences::load(conn, viewer)?.get(which) {
        Some(key) => saved_views::beginning(conn, viewer, list, key),
        None => Ok(None),
    }
}

fn load(conn: &mut AnyConnection, filter: &Filter, viewer: i64, total: i64) -> Result<PageData> {
    let list = ListData::load(conn, filter, viewer, total)?;
    let (pane, neighbours) = match filter.pane {
        Some(id) => (LoadedPane::load(conn, filter.list, id, viewer)?, queue::neighbours(conn, filter, viewer, id)?),
        None => (None, queue::Neighbours::default()),
    };
    let is_empty = list.rows.is_empty() && !filter.list.is_of_alerts();
    let first_hour = if is_empty { checklist::load_without_alerts(conn)? } else { None };
    let also_found = also_found::load(conn, filter)?;
    Ok(PageData { list, pane, neighbours, also_found, first_hour })
}

fn build(
    request: &HttpRequest,
    state: &AppState,
    layout: Layout,
    (filter, ignored): (Filter, Vec<Ignored>),
    data: PageData,
) -> QueuePage {
    let PageData { list, pane, neighbours, also_found, first_hour } = data;
    let missing_pane = filter.pane.is_some() && pane.is_none();
    let pane = pane.map(|pane| pane.view(&layout, PaneLinks::new(&filter, neighbours)));
    QueuePage {
        list: ListView::new(&layout, filter, ignored, list),
        pane,
        missing_pane,
        also_found,
        first_hour: first_hour.map(|data| data.view(request, state, &layout, None)),
        layout,
    }
}
