//! GET /settings/sources and the forms below it: the sources of alerts, and whether they still send.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::error::Error;
use crate::ingest::occurrences::settings;
use crate::ingest::resolving_sources;
use crate::ingest::senders;
use crate::ingest::source_state::State;
use crate::ingest::sources::{self, Source};
use crate::permissions::{Action, require};
use crate::text::{folded, source_label};
use crate::web::settings::source_views::{ChangeView, SenderRow, SourceRow, change_views, sender_rows, source_row};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::query;
use crate::web::shared::state::AppState;

/// Sources a page shows.
const PAGE_SIZE: usize = 50;
/// Most changes of repeat rules that the page lists.
const CHANGES_SHOWN: i64 = 10;

/// The form of a source that was refused.
struct RefusedRepeats {
    source: String,
    typed: String,
    problem: String,
}

#[derive(Template)]
#[template(path = "settings/sources.html")]
struct SourcesPage {
    layout: Layout,
    /// Those of this page that match the search.
    rows: Vec<SourceRow>,
    /// The tokens that send alerts, with what each has sent.
    senders: Vec<SenderRow>,
    /// What was searched for.
    q: String,
    /// Whether there are more than a page has, so that a search is of use.
    is_long: bool,
    first_href: Option<String>,
    next_href: Option<String>,
    silent: usize,
    changes: Vec<ChangeView>,
}

impl SourcesPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    /// The tab of the settings that is current.
    fn section(&self) -> &'static str {
        "sources"
    }
}

/// Which sources the page shows.
#[derive(Default)]
struct Shown {
    /// A part of a name.
    q: String,
    /// From 0.
    page: usize,
}

impl Shown {
    fn of(request: &HttpRequest) -> Self {
        let page = query::value(request, "page").and_then(|page| page.parse::<usize>().ok());
        Self { q: query::value(request, "q").unwrap_or_default(), page: page.unwrap_or(1).saturating_sub(1) }
    }

    fn matches(&self, source: &Source) -> bool {
        let wanted = folded(self.q.trim());
        folded(&source.name).contains(&wanted) || folded(&source_label(&source.name)).contains(&wanted)
    }

    fn href(&self, page: usize) -> String {
        let number = (page + 1).to_string();
        let q = Some(("q", self.q.as_str())).filter(|(_, q)| !q.is_empty());
        query::link("/settings/sources", q.into_iter().chain((page > 0).then_some(("page", number.as_str()))))
    }
}

pub async fn show(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    render(&state, layout, StatusCode::OK, Shown::of(&request), None).await
}

async fn render(
    state: &AppState,
    layout: Layout,
    status: StatusCode,
    mut shown: Shown,
    refused: Option<RefusedRepeats>,
) -> Result<HttpResponse, Failure> {
    let read = state.db.read(|conn| {
        let changes = (settings::changes(conn, CHANGES_SHOWN)?, resolving_sources::changes(conn, CHANGES_SHOWN)?);
        let set = (settings::rules(conn)?, resolving_sources::switches(conn)?);
        Ok((sources::list(conn)?, senders::list(conn)?, set, changes))
    });
    let (sources, sending, (rules, switches), (repeats, resolving)) = read.await?;
    let (senders, sources) = sender_rows(sending, sources, &layout);
    let silent = count_silent(&sources);
    let is_long = sources.len() > PAGE_SIZE;
    let matching: Vec<Source> = sources.into_iter().filter(|source| shown.matches(source)).collect();
    if let Some(refused) = &refused {
        shown.page = matching.iter().position(|source| source.name == refused.source).unwrap_or(0) / PAGE_SIZE;
    }
    let has_next = matching.len() > (shown.page.saturating_add(1)).saturating_mul(PAGE_SIZE);
    let mut rows: Vec<SourceRow> = matching
        .into_iter()
        .skip(shown.page.saturating_mul(PAGE_SIZE))
        .take(PAGE_SIZE)
        .map(|source| row_of(source, &rules, &switches, &layout))
        .collect();
    if let Some(RefusedRepeats { source, typed, problem }) = refused
        && let Some(row) = rows.iter_mut().find(|row| row.source.name == source)
    {
        (row.minutes, row.problem) = (typed, problem);
    }
    let page = SourcesPage {
        silent,
        rows,
        senders,
        is_long,
        first_href: (shown.page > 0).then(|| shown.href(0)),
        next_href: has_next.then(|| shown.href(shown.page + 1)),
        q: shown.q,
        changes: change_views(repeats, resolving, &layout),
        layout,
    };
    page.layout.page(status, &page)
}

fn row_of(
    source: Source,
    rules: &HashMap<String, i64>,
    switches: &HashMap<String, bool>,
    layout: &Layout,
) -> SourceRow {
    let minutes = rules.get(&source.name).copied().unwrap_or_else(|| settings::default_minutes(&source.name));
    let switch = switches.get(&source.name).copied();
    let resolves = switch.unwrap_or_else(|| resolving_sources::default_of(&source.name));
    source_row(source, minutes, resolves, layout)
}

fn count_silent(sources: &[Source]) -> usize {
    sources.iter().filter(|source| matches!(source.state, State::Silent(_))).count()
}

/// POST /settings/sources/repeats: for how long a source's repeats count as one.
pub async fn set_repeats(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (source, typed, actor) = (form.text("name").to_owned(), form.text("minutes").to_owned(), person.actor());
    let (name, minutes) = (source.clone(), typed.clone());
    match state.db.write(move |tx| settings::set(tx, &actor, &name, &minutes)).await {
        Ok(()) => Ok(see_other(
            "/settings/sources",
            Some(&format!("Repeated detections from {}: saved.", source_label(&source))),
        )),
        Err(Error::Invalid(errors)) if errors.at("minutes").is_some() => {
            let problem = errors.at("minutes").unwrap_or_default().to_owned();
            let refused = RefusedRepeats { source, typed, problem };
            render(&state, layout, StatusCode::UNPROCESSABLE_ENTITY, Shown::default(), Some(refused)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// POST /settings/sources/resolving: whether incidents resolve by themselves when the source has resolved all
/// their alerts.
pub async fn set_resolving(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let (source, actor) = (form.text("name").to_owned(), person.actor());
    require(&actor, Action::Administer)?;
    let resolves = match form.text("resolves") {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::at_field("resolves", "Say yes or no: whether incidents resolve by themselves.").into()),
    };
    let notice = format!("Incidents of {}: saved.", source_label(&source));
    state.db.write(move |tx| resolving_sources::set(tx, &actor, &source, resolves)).await?;
    Ok(see_other("/settings/sources", Some(&notice)))
}

/// POST /settings/sources/forget: removes a source that will not send any more.
pub async fn forget(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let (name, actor) = (form.text("name").to_owned(), person.actor());
    let notice = format!("{name} is no longer watched. It comes back with its next alert.");
    state.db.write(move |tx| sources::forget(tx, &actor, &name)).await?;
    state.attention.expire();
    Ok(see_other("/settings/sources", Some(&notice)))
}
