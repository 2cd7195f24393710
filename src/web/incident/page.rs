//! GET /incidents/{id} and /incidents/{id}/{tab}: the page of an incident.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::db::AnyConnection;
use crate::error::Error;
use crate::history::timeline::Kinds;
use crate::incidents::lookup::find_incident;
use crate::incidents::story::read;
use crate::model::incident::Status;
use crate::queue::filter::{Filter, Ignored};
use crate::queue::list::List;
use crate::web::incident::alerts_tab::AlertsTab;
use crate::web::incident::answering::Answering;
use crate::web::incident::attachments::AttachmentsView;
use crate::web::incident::entity_list::EntityQuery;
use crate::web::incident::page_data::{AlertsData, PageData, Paging};
use crate::web::incident::page_parts::{Tab, before, entry};
use crate::web::incident::page_view::{build, entity_list};
use crate::web::incident::story::query::StoryQuery;
use crate::web::incident::story::view::StoryView;
use crate::web::queue::page::custom_range_form;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Refused;
use crate::web::shared::layout::{Layout, done, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::{flash, paths, query};

/// What the address of a tab asks for.
#[derive(Default)]
struct Asked {
    entities: EntityQuery,
    /// Of the Alerts tab.
    alerts: Option<(Filter, Vec<Ignored>)>,
    /// Of the Attack story.
    story: Option<StoryQuery>,
    /// A comment that is quoted or edited.
    answering: Answering,
    /// What is wrong with files that were sent; empty for nothing.
    wrong_files: String,
}

pub async fn story(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
) -> std::result::Result<HttpResponse, Failure> {
    show(&request, &state, layout, id.into_inner(), Tab::Story).await
}

pub async fn tab(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    path: Path<(i64, String)>,
) -> std::result::Result<HttpResponse, Failure> {
    let (id, name) = path.into_inner();
    let tab = Tab::parse(&name).filter(|tab| tab.as_str() == name).ok_or(Error::NotFound)?;
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
        // The alerts are in the target now. Only the history and files before that stay here.
        if !matches!(tab, Tab::History | Tab::Attachments) {
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
    let asked = Asked {
        entities: EntityQuery::read(request, tab),
        alerts: (tab == Tab::Alerts).then(|| Filter::from_pairs(list, &pairs)),
        story: (tab == Tab::Story).then(|| StoryQuery::read(request, id, &layout.zone)),
        answering: if tab == Tab::History { Answering::read(request) } else { Answering::default() },
        wrong_files: String::new(),
    };
    render(state, layout, (id, tab, asked), paging, StatusCode::OK, None).await
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
    let asked = Asked { story: Some(StoryQuery::of(id)), ..Asked::default() };
    render(state, layout, (id, Tab::Story, asked), paging, status, Some(refused)).await
}

/// The page again after an edit of a comment that was refused, with what was typed and what is wrong with it.
pub async fn refuse_edit(
    state: &AppState,
    layout: Layout,
    (id, entry): (i64, i64),
    typed: String,
    problem: String,
) -> std::result::Result<HttpResponse, Failure> {
    let paging = Paging { kinds: Kinds::All, before: None, entry: None };
    let answering = Answering { edit: Some(entry), refused: Some((typed, problem)), ..Answering::default() };
    let asked = Asked { answering, ..Asked::default() };
    render(state, layout, (id, Tab::History, asked), paging, StatusCode::UNPROCESSABLE_ENTITY, None).await
}

/// The tab of attachments again after files were refused.
pub async fn refuse_files(
    state: &AppState,
    layout: Layout,
    id: i64,
    problem: String,
) -> std::result::Result<HttpResponse, Failure> {
    let paging = Paging { kinds: Kinds::All, before: None, entry: None };
    let asked = Asked { wrong_files: problem, ..Asked::default() };
    render(state, layout, (id, Tab::Attachments, asked), paging, StatusCode::UNPROCESSABLE_ENTITY, None).await
}

async fn render(
    state: &AppState,
    layout: Layout,
    (id, tab, asked): (i64, Tab, Asked),
    paging: Paging,
    status: StatusCode,
    refused: Option<Refused>,
) -> std::result::Result<HttpResponse, Failure> {
    let viewer = layout.user.id;
    let wanted = asked.entities.wanted.clone();
    let shown = asked.alerts.as_ref().map(|(filter, _)| filter.clone());
    let within = asked.story.as_ref().map(|story| story.within);
    let answering = asked.answering.clone();
    let load = move |conn: &mut AnyConnection| {
        let alerts = shown.map(|filter| AlertsData::load(conn, &filter, viewer)).transpose()?;
        let story = within.map(|within| read::load(conn, id, within)).transpose()?;
        let answered = answering.load(conn)?;
        Ok((PageData::load(conn, id, tab, paging, &wanted, viewer)?, alerts, story, answered))
    };
    let (data, listed, told, answered) = state.db.read(load).await?;
    let list = entity_list(asked.entities, &data, tab, &layout);
    let attachments = (tab == Tab::Attachments).then(|| AttachmentsView {
        problem: asked.wrong_files,
        ..AttachmentsView::new(&data.attachments, &layout, &data.overview.people, id, state.attachment_limit)
    });
    let mut page = build(layout, data, tab, paging);
    (page.list, page.attachments) = (list, attachments);
    if let (Some(listed), Some(asked)) = (listed, asked.alerts) {
        page.alerts_tab = AlertsTab::new(&page.layout, asked, listed);
    }
    if let Some(story) = &asked.story {
        page.form.return_to = story.href();
    }
    page.answer(answered, asked.answering.refused);
    if let Some(refused) = refused {
        page.show_refused(&refused);
    }
    page.story = asked.story.zip(told).map(|(asked, told)| StoryView::new(asked, &told, &page.layout.zone));
    page.layout.page(status, &page)
}
