//! GET /incidents/{id}/pane: the pane that the queue's script shows beside the list. The queue's own page
//! contains the same pane.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::pane_layout::{PaneLayout, Placed, Section};
use crate::accounts::preferences::Preferences;
use crate::attachments;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::timeline::{self, Kinds};
use crate::incidents::overview::{Earlier, Overview, SameTitle};
use crate::incidents::{overview, tags};
use crate::model::incident::{Incident, Status};
use crate::model::severity::SeveritySource;
use crate::model::tag::Tag;
use crate::model::user::User;
use crate::queue;
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::text::{humanise, source_label};
use crate::web::incident::manage_form::ManageForm;
use crate::web::incident::page_parts::older;
use crate::web::incident::priority::PriorityView;
use crate::web::shared::alert_view::{AlertView, alerts_and_open};
use crate::web::shared::choices::owner_name;
use crate::web::shared::entry_runs::{EntryRun, runs};
use crate::web::shared::entry_view::{EntryView, Viewer};
use crate::web::shared::error::Failure;
use crate::web::shared::impacted_assets::{AssetView, all_assets, assets_left};
use crate::web::shared::layout::Layout;
use crate::web::shared::pane_links::PaneLinks;
use crate::web::shared::queue_links::href;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;
use crate::web::shared::{paths, query};

/// Titles of alerts that the pane lists, or one more where that is the last; the incident page lists all alerts.
const TITLES_SHOWN: usize = 5;
/// Entries of the history that the pane shows. The tab has all, and new ones are added on top.
const ENTRIES_SHOWN: usize = 10;

/// What the pane shows, as read from the database.
pub struct PaneData {
    overview: Overview,
    alerts: Vec<SameTitle>,
    history: timeline::Page,
    attachments: i64,
    known_tags: Vec<Tag>,
    layout: PaneLayout,
}

impl PaneData {
    pub fn load(conn: &mut AnyConnection, id: i64, viewer: i64) -> Result<Self> {
        Ok(Self {
            overview: overview::load(conn, id)?,
            alerts: titles(conn, id)?,
            history: timeline::of_incident(conn, id, Kinds::All, None)?,
            attachments: attachments::read::count(conn, id)?,
            known_tags: tags::in_use(conn)?,
            layout: Preferences::load(conn, viewer)?.pane(),
        })
    }
}

/// The alerts of one title, by the first of them.
pub struct TitleView {
    pub first: AlertView,
    /// "60 alerts", "60 alerts, 59 open", with their list; none for a single one.
    pub group: Option<(String, String)>,
}

impl TitleView {
    fn new(same: &SameTitle, layout: &Layout, people: &HashMap<i64, User>) -> Self {
        let first = AlertView::new(&same.first, &layout.zone, people);
        let title = Filter { title: first.title.clone(), ..Filter::of(List::AlertsOf(first.incident_id)) };
        let group = (same.count > 1).then(|| (alerts_and_open(same.count, same.open), href(&title)));
        Self { first, group }
    }
}

/// The pane, ready for its template.
pub struct PaneView {
    pub id: i64,
    pub sections: Vec<Placed>,
    pub incident: Incident,
    pub page_href: String,
    pub mine: bool,
    pub can_edit: bool,
    pub redirected: Option<i64>,
    pub all_alerts_resolved: bool,
    pub owner: String,
    pub classification: String,
    pub priority: PriorityView,
    pub categories: Vec<String>,
    pub sources: Vec<String>,
    pub detections: Vec<String>,
    pub assets: Vec<AssetView>,
    /// How many more there are than are listed.
    pub assets_left: i64,
    pub first: ShownTime,
    pub last: ShownTime,
    pub created: ShownTime,
    pub alerts: Vec<TitleView>,
    pub related: Option<Earlier>,
    pub continued_by: Vec<(i64, String)>,
    /// How many files are attached.
    pub attachments: i64,
    pub entries: Vec<EntryRun>,
    pub older_href: Option<String>,
    pub form: ManageForm,
    pub links: PaneLinks,
    pub csrf: String,
}

impl PaneView {
    pub fn new(data: &PaneData, layout: &Layout, links: PaneLinks) -> Self {
        let PaneData { overview, alerts, history, attachments, known_tags, layout: sections } = data;
        let incident = overview.incident.clone();
        let people = &overview.people;
        let (reader, undo_forms) = (layout.actor(), layout.undo_token().into());
        let viewer =
            Viewer { zone: &layout.zone, people, incident: Some(incident.id), reader: Some(&reader), undo_forms };
        let newest = Newest::of(history, viewer);
        let labels = |values: &[String], label: fn(&str) -> String| values.iter().map(|value| label(value)).collect();
        Self {
            id: incident.id,
            sections: sections.sections().to_vec(),
            page_href: paths::incident(incident.id),
            mine: incident.assigned_to == Some(layout.user.id),
            can_edit: layout.can_edit() && incident.status != Status::Redirected,
            redirected: incident.redirect_to,
            all_alerts_resolved: incident.all_alerts_resolved,
            owner: owner_name(overview.owner.as_ref()),
            classification: incident.outcome().label(),
            priority: PriorityView::of(&incident),
            categories: labels(&incident.scope.categories, humanise),
            sources: labels(&incident.scope.service_sources, source_label),
            detections: labels(&incident.scope.detection_sources, source_label),
            assets: all_assets(&incident),
            assets_left: assets_left(&incident),
            first: layout.zone.show(incident.first_activity),
            last: layout.zone.show(incident.last_activity),
            created: layout.zone.show(incident.created_at),
            alerts: alerts.iter().map(|same| TitleView::new(same, layout, people)).collect(),
            related: overview.related.clone(),
            continued_by: overview.continued_by.clone(),
            older_href: newest.last_shown.map(|entry| older(incident.id, Kinds::All, entry)),
            attachments: *attachments,
            entries: newest.entries,
            form: ManageForm::new(overview, known_tags, links.return_to.clone(), layout.csrf.clone()),
            links,
            csrf: layout.csrf.clone(),
            incident,
        }
    }

    /// Where "Resolve and next" leads: to the next incident, after the last one to the list.
    pub fn next_href(&self) -> &str {
        self.links.next.as_deref().unwrap_or(&self.links.list)
    }

    /// Whether each alert has a line.
    pub fn shows_all_alerts(&self) -> bool {
        self.alerts.len() == usize::try_from(self.incident.alert_count).unwrap_or(usize::MAX)
    }

    pub fn severity_automatic(&self) -> bool {
        self.incident.severity_source == SeveritySource::Automatic
    }
}

/// The link to all alerts takes a line, which the last title may as well have.
fn titles(conn: &mut AnyConnection, incident: i64) -> Result<Vec<SameTitle>> {
    let mut titles = overview::titles(conn, incident, TITLES_SHOWN + 2)?;
    let are_all_single = titles.iter().all(|title| title.count == 1);
    if titles.len() > TITLES_SHOWN + 1 || !are_all_single {
        titles.truncate(TITLES_SHOWN);
    }
    Ok(titles)
}

/// The newest entries of a history.
struct Newest {
    entries: Vec<EntryRun>,
    /// The last of them, if there are older ones.
    last_shown: Option<i64>,
}

impl Newest {
    fn of(history: &timeline::Page, viewer: Viewer<'_>) -> Self {
        let mut entries = runs(history.entries.iter().map(|entry| EntryView::new(entry, viewer)).collect());
        let is_cut = entries.len() > ENTRIES_SHOWN;
        entries.truncate(ENTRIES_SHOWN);
        let last = entries.last().and_then(|run| run.entries.last()).map(|entry| entry.dom_id);
        let last_shown = if is_cut { last } else { history.continues_at() };
        Self { entries, last_shown }
    }
}

#[derive(Template)]
#[template(path = "incident/pane.html")]
struct PanePage {
    layout: Layout,
    pane: PaneView,
}

/// The query is that of the queue: it determines where the arrows lead.
pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
) -> std::result::Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let (parsed, _) = Filter::from_pairs(List::Incidents, &query::pairs(&request));
    let filter = Filter { pane: Some(id), ..parsed };
    let (list, viewer) = (filter.clone(), layout.user.id);
    let (data, neighbours) = state
        .db
        .read(move |conn| Ok((PaneData::load(conn, id, viewer)?, queue::neighbours(conn, &list, viewer, id)?)))
        .await?;
    let pane = PaneView::new(&data, &layout, PaneLinks::new(&filter, neighbours));
    let page = PanePage { layout, pane };
    page.layout.page(StatusCode::OK, &page)
}
