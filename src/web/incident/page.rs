//! GET /incidents/{id} and its tabs.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::setting_changes::SettingChange;
use crate::db::AnyConnection;
use crate::entities::importance;
use crate::error::{Error, Result};
use crate::history::timeline::{self, Before, Entry, Kinds};
use crate::incidents::lookup::find_incident;
use crate::incidents::overview::{IncidentEntity, Overview};
use crate::incidents::{overview, tags};
use crate::model::alert::Alert;
use crate::model::importance::Importance;
use crate::model::incident::{Incident, Status};
use crate::model::tag::Tag;
use crate::text::humanise;
use crate::web::incident::manage_form::ManageForm;
use crate::web::incident::page_parts::{
    EntityView, StageView, Tab, TabLink, entity_view, href, older, stages, tab_links,
};
use crate::web::incident::priority::PriorityView;
use crate::web::shared::alert_view::AlertView;
use crate::web::shared::entry_view::{EntryRun, EntryView, Viewer, runs};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Refused;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;
use crate::web::shared::{paths, query};

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
    sources: Vec<String>,
    detections: Vec<String>,
    first: ShownTime,
    last: ShownTime,
    created: ShownTime,
    updated: ShownTime,
    resolved: Option<ShownTime>,
    related: Option<(i64, String)>,
    continued_by: Vec<(i64, String)>,
    stages: Vec<StageView>,
    other_categories: Vec<StageView>,
    alerts: Vec<AlertView>,
    /// The Alerts tab's next page.
    next_alerts_href: Option<String>,
    entities: Vec<EntityView>,
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
        href(self.incident.id, self.tab)
    }

    /// Whether what is listed can be marked by its importance.
    fn marks_assets(&self) -> bool {
        matches!(self.tab, Tab::Devices | Tab::Users | Tab::Mailboxes)
    }

    fn levels(&self) -> &'static [Importance] {
        Importance::ALL
    }

    fn top_assets(&self) -> Vec<&EntityView> {
        self.entities
            .iter()
            .filter(|entity| matches!(entity.kind_value.as_str(), "device" | "user" | "mailbox"))
            .take(TOP_ASSETS)
            .collect()
    }
}

/// What a tab reads.
pub struct Facts {
    overview: Overview,
    alerts: Vec<Alert>,
    /// How many alerts each category has.
    categories: Vec<(String, i64)>,
    entities: Vec<IncidentEntity>,
    /// Who marked the listed assets, by their ids.
    marks: HashMap<i64, SettingChange>,
    entries: Vec<Entry>,
    known_tags: Vec<Tag>,
    entry_count: i64,
}

/// Which part of a long list is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    kinds: Kinds,
    before: Option<Before>,
    /// The last alert of the page before: its first activity and id.
    alerts_after: Option<(i64, i64)>,
}

impl Facts {
    pub fn load(conn: &mut AnyConnection, id: i64, tab: Tab, history: Part) -> Result<Self> {
        let kinds: &[&str] = match tab {
            Tab::Devices => &["device"],
            Tab::Users => &["user"],
            Tab::Mailboxes => &["mailbox"],
            Tab::Summary => &["device", "user", "mailbox"],
            _ => &[],
        };
        let listed = if tab == Tab::Summary { overview::ASSETS_TOLD } else { overview::LISTED };
        let wants_entities = !matches!(tab, Tab::Alerts | Tab::History);
        let mut entities = if wants_entities { overview::entities(conn, id, kinds, listed)? } else { Vec::new() };
        if tab != Tab::Evidence {
            entities.retain(|entity| entity.links);
        }
        let marked: Vec<i64> =
            entities.iter().filter(|one| one.importance != Importance::Normal).map(|one| one.id).collect();
        Ok(Self {
            overview: overview::load(conn, id)?,
            alerts: match tab {
                Tab::Alerts => overview::alerts(conn, id, overview::ALERTS_LISTED, history.alerts_after)?,
                Tab::Summary => overview::alerts(conn, id, overview::ALERTS_TOLD, None)?,
                _ => Vec::new(),
            },
            categories: if tab == Tab::Summary { overview::categories(conn, id)? } else { Vec::new() },
            marks: importance::latest_changes(conn, &marked)?,
            entities,
            entries: timeline::of_incident(conn, id, history.kinds, history.before)?,
            known_tags: tags::in_use(conn)?,
            entry_count: timeline::count(conn, id)?,
        })
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
    let incident = state.db.look(move |conn| find_incident(conn, id)).await?;
    if let (Status::Redirected, Some(target)) = (incident.status, incident.redirect_to) {
        // Its history stays readable where it happened; everything else is in the target now.
        if tab != Tab::History {
            let notice = format!("Incident {id} was redirected: its alerts are in incident {target} now.");
            return Ok(see_other(&paths::incident(target), Some(&notice)));
        }
    }
    let history = Part {
        kinds: query::value(request, "show").and_then(|text| Kinds::parse(&text)).unwrap_or(Kinds::All),
        before: before(request),
        alerts_after: query::value(request, "after")
            .and_then(|text| text.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)))),
    };
    render(state, layout, id, tab, history, StatusCode::OK, None).await
}

/// Where the page of history begins. Addresses that name a revision were given out once.
fn before(request: &HttpRequest) -> Option<Before> {
    let number = |name| query::value(request, name).and_then(|text| text.parse().ok());
    number("beforeEntry").map(Before::Entry).or_else(|| number("before").map(Before::Revision))
}

/// The page again after a refused act, with everything typed.
pub async fn refuse(
    state: &AppState,
    layout: Layout,
    id: i64,
    status: StatusCode,
    refused: Refused,
) -> std::result::Result<HttpResponse, Failure> {
    let history = Part { kinds: Kinds::All, before: None, alerts_after: None };
    render(state, layout, id, Tab::Summary, history, status, Some(refused)).await
}

async fn render(
    state: &AppState,
    layout: Layout,
    id: i64,
    tab: Tab,
    history: Part,
    status: StatusCode,
    refused: Option<Refused>,
) -> std::result::Result<HttpResponse, Failure> {
    let facts = state.db.read(move |conn| Facts::load(conn, id, tab, history)).await?;
    let page = build(layout, facts, tab, history, refused);
    let layout = page.layout.clone();
    layout.page(status, &page)
}

fn build(layout: Layout, facts: Facts, tab: Tab, history: Part, refused: Option<Refused>) -> IncidentPage {
    let Facts { overview, alerts, categories, entities, marks, entries, known_tags, entry_count } = facts;
    let incident = overview.incident.clone();
    let zone = &layout.zone;
    let people = &overview.people;
    let mut form = ManageForm::new(&overview, &known_tags, href(incident.id, tab), layout.csrf.clone());
    let (mut comment_error, mut comment_typed) = (String::new(), String::new());
    if let Some(refused) = &refused {
        refused.form.text("return_to").clone_into(&mut form.return_to);
        if refused.comment {
            refused.errors.at("body").unwrap_or_default().clone_into(&mut comment_error);
            refused.form.text("body").clone_into(&mut comment_typed);
        } else if let Some(found) = &refused.conflict {
            form = form.with_conflict(&refused.form, found);
        } else {
            form = form.with_typed(&refused.form, refused.errors.clone());
        }
    }
    let older_href = (entries.len() >= usize::try_from(timeline::PAGE).unwrap_or(usize::MAX))
        .then(|| entries.last().map(|entry| older(incident.id, history.kinds, entry.id)))
        .flatten();
    let viewer = Viewer { zone, people, incident: Some(incident.id), csrf: layout.undo_token() };
    let (stages, other_categories) = stages(&categories);
    let listed = i64::try_from(alerts.len()).unwrap_or(i64::MAX);
    IncidentPage {
        tab,
        tabs: tab_links(&overview, tab, entry_count),
        system_tags: overview.tags.iter().filter(|tag| tag.system).map(|tag| tag.name.clone()).collect(),
        custom_tags: overview.tags.iter().filter(|tag| !tag.system).map(|tag| tag.name.clone()).collect(),
        owner: overview.owner.as_ref().map_or_else(|| "Unassigned".to_owned(), |user| user.display_name.clone()),
        mine: incident.assigned_to == Some(layout.user.id),
        can_edit: layout.can_edit() && incident.status != Status::Redirected,
        classification: incident.outcome().label(),
        priority: PriorityView::of(&incident),
        sources: incident.scope.service_sources.iter().map(|value| humanise(value)).collect(),
        detections: incident.scope.detection_sources.iter().map(|value| humanise(value)).collect(),
        first: zone.show(incident.first_activity),
        last: zone.show(incident.last_activity),
        created: zone.show(incident.created_at),
        updated: zone.show(incident.updated_at),
        resolved: incident.resolved_at.map(|at| zone.show(at)),
        related: overview.related.clone(),
        continued_by: overview.continued_by.clone(),
        stages,
        other_categories,
        next_alerts_href: alerts
            .last()
            .filter(|_| tab == Tab::Alerts && listed >= overview::ALERTS_LISTED)
            .map(|last| format!("{}?after={}.{}", href(incident.id, Tab::Alerts), last.first_activity, last.id)),
        alerts: alerts.iter().map(|alert| AlertView::new(alert, zone, people)).collect(),
        entities: entities.iter().map(|entity| entity_view(entity, marks.get(&entity.id), &layout)).collect(),
        entries: runs(entries.iter().map(|entry| EntryView::new(entry, viewer)).collect()),
        // What arrives belongs at the top of the newest page only.
        history_shows: if history.before.is_some() { "none" } else { history.kinds.as_str() },
        older_href,
        kinds: Kinds::ALL.iter().map(|kind| (kind.as_str(), kind.label(), *kind == history.kinds)).collect(),
        form,
        comment_error,
        comment_typed,
        incident,
        layout,
    }
}
