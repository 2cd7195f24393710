//! GET /incidents/{id} and /incidents/{id}/{tab}: the page of an incident.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::pane_layout::Section;
use crate::db::AnyConnection;
use crate::error::Error;
use crate::history::entry::Entry;
use crate::history::timeline::Kinds;
use crate::incidents::lookup::find_incident;
use crate::incidents::overview::Earlier;
use crate::model::importance::Importance;
use crate::model::incident::{Incident, Status};
use crate::queue::columns::Column;
use crate::queue::filter::{Filter, Ignored};
use crate::queue::list::List;
use crate::text::source_label;
use crate::web::incident::alerts_tab::AlertsTab;
use crate::web::incident::entity_list::{EntityListView, EntityQuery};
use crate::web::incident::entity_view::{EntityView, entity_views};
use crate::web::incident::manage_form::ManageForm;
use crate::web::incident::page_data::{AlertsData, PageData, Paging};
use crate::web::incident::page_parts::{
    StageView, Tab, TabLink, before, entry, href, older, stages, tab_links, tag_names,
};
use crate::web::incident::priority::PriorityView;
use crate::web::queue::list_view::RowViews;
use crate::web::queue::page::custom_range_form;
use crate::web::shared::alert_view::AlertView;
use crate::web::shared::entry_view::{EntryRun, EntryView, Viewer, runs};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Refused;
use crate::web::shared::layout::{Layout, done, see_other};
use crate::web::shared::process_tree_view::tree_views;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;
use crate::web::shared::{choices, flash, paths, query};

/// Assets that the summary lists.
const TOP_ASSETS: usize = 6;

#[derive(Template)]
#[template(path = "incident/page.html")]
struct IncidentPage {
    layout: Layout,
    tab: Tab,
    tabs: Vec<TabLink>,
    incident: Incident,
    system_tags: Vec<String>,
    custom_tags: Vec<String>,
    owner: String,
    mine: bool,
    can_edit: bool,
    classification: String,
    priority: PriorityView,
    /// Whether the reasons for it are open, as the person left them.
    priority_open: bool,
    sources: Vec<String>,
    detections: Vec<String>,
    first: ShownTime,
    last: ShownTime,
    created: ShownTime,
    updated: ShownTime,
    resolved: Option<ShownTime>,
    related: Option<Earlier>,
    continued_by: Vec<(i64, String)>,
    stages: Vec<StageView>,
    other_categories: Vec<StageView>,
    alerts: Vec<AlertView>,
    alerts_tab: AlertsTab,
    /// Whether the forms beside it are shown, as the person left them.
    side_open: bool,
    list: EntityListView,
    entries: Vec<EntryRun>,
    history_shows: &'static str,
    older_href: Option<String>,
    kinds: Vec<(&'static str, &'static str, bool)>,
    form: ManageForm,
    comment_error: String,
    comment_typed: String,
}

impl IncidentPage {
    fn active(&self) -> &'static str {
        "incidents"
    }

    fn is(&self, tab: &str) -> bool {
        self.tab.as_str() == tab
    }

    fn here(&self) -> String {
        self.alerts_tab.list.as_ref().map_or_else(|| href(self.incident.id, self.tab), |list| list.here.clone())
    }

    /// Whether the tab lists assets, whose importance can be set.
    fn marks_assets(&self) -> bool {
        matches!(self.tab, Tab::Devices | Tab::Users | Tab::Mailboxes)
    }

    fn levels(&self) -> &'static [Importance] {
        Importance::ALL
    }

    /// Shows what was typed, and what is wrong with it, in the form that was refused.
    fn show_refused(&mut self, refused: &Refused) {
        refused.form.text("return_to").clone_into(&mut self.form.return_to);
        if refused.comment {
            refused.errors.at("body").unwrap_or_default().clone_into(&mut self.comment_error);
            refused.form.text("body").clone_into(&mut self.comment_typed);
            return;
        }
        let form = self.form.clone();
        self.form = match &refused.conflict {
            Some(conflict) => form.with_conflict(&refused.form, conflict),
            None => form.with_typed(&refused.form, refused.errors.clone()),
        };
    }

    fn top_assets(&self) -> Vec<&EntityView> {
        self.list
            .entities
            .iter()
            .filter(|entity| matches!(entity.kind_value.as_str(), "device" | "user" | "mailbox"))
            .take(TOP_ASSETS)
            .collect()
    }
}

pub async fn summary(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
) -> std::result::Result<HttpResponse, Failure> {
    show(&request, &state, layout, id.into_inner(), Tab::Summary).await
}

pub async fn tab(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    path: Path<(i64, String)>,
) -> std::result::Result<HttpResponse, Failure> {
    let (id, name) = path.into_inner();
    let tab = Tab::parse(&name).filter(|tab| tab.as_str() == name && *tab != Tab::Summary).ok_or(Error::NotFound)?;
    show(&request, &state, layout, id, tab).await
}

async fn show(
    request: &HttpRequest,
    state: &AppState,
    layout: Layout,
    id: i64,
    tab: Tab,
) -> std::result::Result<HttpResponse, Failure> {
    let incident = state.db.read_without_snapshot(move |conn| find_incident(conn, id)).await?;
    if let (Status::Redirected, Some(target)) = (incident.status, incident.redirect_to) {
        // The alerts are in the target now. Only the history before the merge stays here.
        if tab != Tab::History {
            let target = paths::incident(target);
            // The message of the move or merge that led here says the same, and can be undone.
            return Ok(match &layout.flash {
                Some(flash) => done(&target, &flash.message, flash.operation),
                None if flash::is_by_script(request) => see_other(&target, None),
                None => see_other(&target, Some(&format!("Incident {id} was redirected. Its alerts are here now."))),
            });
        }
    }
    let pairs = query::pairs(request);
    let list = List::AlertsOf(id);
    if let Some(form) = custom_range_form(list, &pairs).filter(|_| tab == Tab::Alerts) {
        return Ok(see_other(&form, None));
    }
    let paging = Paging {
        kinds: query::value(request, "show").and_then(|text| Kinds::parse(&text)).unwrap_or(Kinds::All),
        before: before(request),
        entry: entry(request).filter(|_| tab == Tab::History),
    };
    let alerts = (tab == Tab::Alerts).then(|| Filter::from_pairs(list, &pairs));
    render(state, layout, (id, tab, EntityQuery::read(request, tab), alerts), paging, StatusCode::OK, None).await
}

/// The page again after a refused form, with what was typed.
pub async fn refuse(
    state: &AppState,
    layout: Layout,
    id: i64,
    status: StatusCode,
    refused: Refused,
) -> std::result::Result<HttpResponse, Failure> {
    let paging = Paging { kinds: Kinds::All, before: None, entry: None };
    render(state, layout, (id, Tab::Summary, EntityQuery::default(), None), paging, status, Some(refused)).await
}

async fn render(
    state: &AppState,
    layout: Layout,
    (id, tab, query, alerts): (i64, Tab, EntityQuery, Option<(Filter, Vec<Ignored>)>),
    paging: Paging,
    status: StatusCode,
    refused: Option<Refused>,
) -> std::result::Result<HttpResponse, Failure> {
    let viewer = layout.user.id;
    let wanted = query.wanted.clone();
    let shown = alerts.as_ref().map(|(filter, _)| filter.clone());
    let load = move |conn: &mut AnyConnection| {
        let alerts = shown.map(|filter| AlertsData::load(conn, &filter, viewer)).transpose()?;
        Ok((PageData::load(conn, id, tab, paging, &wanted, viewer)?, alerts))
    };
    let (data, listed) = state.db.read(load).await?;
    let list = entity_list(query, &data, tab, &layout);
    let mut page = build(layout, data, tab, paging, refused);
    page.list = list;
    if let (Some(listed), Some(asked)) = (listed, alerts) {
        page.alerts_tab = AlertsTab::new(&page.layout, asked, listed);
    }
    page.layout.page(status, &page)
}

fn entity_list(query: EntityQuery, data: &PageData, tab: Tab, layout: &Layout) -> EntityListView {
    let entities = entity_views(&data.entities.entities, &data.marks, layout);
    let list = EntityListView::new(query, &data.entities, tab, data.overview.incident.id, entities);
    EntityListView { trees: tree_views(&data.processes), ..list }
}

fn build(layout: Layout, data: PageData, tab: Tab, paging: Paging, refused: Option<Refused>) -> IncidentPage {
    let PageData { overview, alerts, categories, history, known_tags, pane, entry_count, .. } = data;
    let incident = overview.incident.clone();
    let (zone, people) = (&layout.zone, &overview.people);
    let viewer = Viewer { zone, people, incident: Some(incident.id), undo_forms: layout.undo_token().into() };
    let (stages, other_categories) = stages(incident.id, &categories);
    let (system_tags, custom_tags) = tag_names(&overview.tags);
    let mut page = IncidentPage {
        tab,
        tabs: tab_links(&overview, tab, entry_count),
        system_tags,
        custom_tags,
        owner: choices::owner_name(overview.owner.as_ref()),
        mine: incident.assigned_to == Some(layout.user.id),
        can_edit: layout.can_edit() && incident.status != Status::Redirected,
        classification: incident.outcome().label(),
        priority: PriorityView::of(&incident),
        priority_open: pane.is_open(Section::Priority),
        sources: incident.scope.service_sources.iter().map(|value| source_label(value)).collect(),
        detections: incident.scope.detection_sources.iter().map(|value| source_label(value)).collect(),
        first: zone.show(incident.first_activity),
        last: zone.show(incident.last_activity),
        created: zone.show(incident.created_at),
        updated: zone.show(incident.updated_at),
        resolved: incident.resolved_at.map(|at| zone.show(at)),
        related: overview.related.clone(),
        continued_by: overview.continued_by.clone(),
        stages,
        other_categories,
        alerts_tab: AlertsTab::default(),
        side_open: data.side_open,
        alerts: alerts.iter().map(|alert| AlertView::new(alert, zone, people)).collect(),
        list: EntityListView::default(),
        // New entries are inserted by a script, and belong on the newest page only.
        history_shows: if paging.before.is_some() || paging.entry.is_some() { "none" } else { paging.kinds.as_str() },
        older_href: history.continues_at().map(|entry| older(incident.id, paging.kinds, entry)),
        entries: runs(entry_views(&history.entries, viewer, paging)),
        kinds: kind_choices(paging),
        form: ManageForm::new(&overview, &known_tags, href(incident.id, tab), layout.csrf.clone()),
        comment_error: String::new(),
        comment_typed: String::new(),
        incident,
        layout,
    };
    if let Some(refused) = refused {
        page.show_refused(&refused);
    }
    page
}

fn kind_choices(paging: Paging) -> Vec<(&'static str, &'static str, bool)> {
    let chosen = |kind: Kinds| kind == paging.kinds && paging.entry.is_none();
    Kinds::ALL.iter().map(|kind| (kind.as_str(), kind.label(), chosen(*kind))).collect()
}

/// An entry that is shown alone shows its alerts at once.
fn entry_views(entries: &[Entry], viewer: Viewer<'_>, paging: Paging) -> Vec<EntryView> {
    let mut views: Vec<EntryView> = entries.iter().map(|entry| EntryView::new(entry, viewer)).collect();
    for parts in views.iter_mut().filter(|_| paging.entry.is_some()).filter_map(|view| view.parts.as_mut()) {
        parts.open = true;
    }
    views
}
