//! GET and POST /settings/rules/new and /settings/rules/{id}: the page that creates or changes a rule, and
//! tries it on stored alerts. Every button posts the whole form, so it works without scripts.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::users;
use crate::alerts::lookup::find_alert;
use crate::clock;
use crate::db::Db;
use crate::error::{Error, FieldErrors};
use crate::ingest::rule_trial;
use crate::ingest::rule_trial::report::Report;
use crate::permissions::{Action, require};
use crate::rules::draft::Draft;
use crate::rules::rule::Rule;
use crate::rules::store;
use crate::text::thousands;
use crate::web::settings::change_view::{CHANGES, ChangeView};
use crate::web::settings::rules::changes::{ChangedField, change_view};
use crate::web::settings::rules::form;
use crate::web::settings::rules::form::FormView;
use crate::web::settings::rules::outcome::OutcomeView;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::query;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::{ShownTime, Zone};

#[derive(Template)]
#[template(path = "settings/rule.html")]
struct RulePage {
    layout: Layout,
    /// None for a new rule.
    stored: Option<StoredView>,
    revision: i64,
    form: FormView,
    errors: FieldErrors,
    /// Somebody else saved the rule meanwhile.
    stale: bool,
    outcome: Option<OutcomeView>,
    changes: Vec<ChangeView<ChangedField>>,
    named: bool,
}

/// The use of a stored rule, shown beside the form.
struct StoredView {
    id: i64,
    name: String,
    enabled: bool,
    expired: bool,
    hits: String,
    last_hit: Option<ShownTime>,
    /// Bars of the last days: x, y and height.
    bars: Vec<(usize, i64, i64)>,
    /// Hits on the day with the most.
    max: i64,
}

impl RulePage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "rules"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    fn action(&self) -> String {
        self.stored
            .as_ref()
            .map_or_else(|| "/settings/rules/new".to_owned(), |rule| format!("/settings/rules/{}", rule.id))
    }
}

/// What the page shows in the form.
#[derive(Default)]
struct FormState {
    draft: Draft,
    errors: FieldErrors,
    stale: bool,
    report: Option<Report>,
    days: i64,
    revision: Option<i64>,
}

/// GET /settings/rules/new; with `alert=ID` filled in from an alert.
pub async fn new(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    let alert = query::value(&request, "alert").and_then(|id| id.parse::<i64>().ok());
    let mut draft = match alert {
        Some(id) => Draft::for_alert(&state.db.read(move |conn| find_alert(conn, id)).await?),
        None => Draft::default(),
    };
    draft.owner.clone_from(&layout.user.name);
    render(&state, layout, None, StatusCode::OK, FormState { draft, ..FormState::default() }).await
}

/// GET /settings/rules/{id}
pub async fn show(state: Data<AppState>, layout: Layout, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let (rule, people) = state.db.read(move |conn| Ok((store::find(conn, id)?, users::names(conn)?))).await?;
    let owner = people.get(&rule.owner_id).map(|user| user.name.clone()).unwrap_or_default();
    let form_state = FormState { draft: Draft::of(&rule, &owner), ..FormState::default() };
    render(&state, layout, Some(rule), StatusCode::OK, form_state).await
}

/// POST /settings/rules/new
pub async fn create(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    try_or_save(&state, layout, person, None, &form).await
}

/// POST /settings/rules/{id}
pub async fn change(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let rule = state.db.read(move |conn| store::find(conn, id)).await?;
    try_or_save(&state, layout, person, Some(rule), &form).await
}

/// Tries the rule or saves it, depending on the button.
async fn try_or_save(
    state: &AppState,
    layout: Layout,
    person: SignedIn,
    rule: Option<Rule>,
    form: &Submitted,
) -> Result<HttpResponse, Failure> {
    let (actor, draft, revision) = (person.actor(), form::read(form), form.revision());
    require(&actor, Action::Administer)?;
    let id = rule.as_ref().map(|rule| rule.id);
    let days = form.text("days").parse().unwrap_or(0);
    let typed = draft.clone();
    let result = if form.text("act") == "try" {
        try_rule(state, move |db| rule_trial::run(db, &actor, id, &typed, days)).await.map(Some)
    } else {
        state.db.write(move |tx| store::save(tx, &actor, id, revision, &typed)).await.map(|_| None)
    };
    let mut form_state = FormState { draft, days, revision, ..FormState::default() };
    let status = match result {
        Ok(None) => return Ok(see_other("/settings/rules", Some("Saved."))),
        Ok(report) => {
            form_state.report = report;
            StatusCode::OK
        }
        Err(Error::Invalid(errors)) => {
            form_state.errors = errors;
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(Error::Conflict(_)) => {
            // Saving again replaces what the other person saved.
            (form_state.stale, form_state.revision) = (true, None);
            StatusCode::CONFLICT
        }
        Err(other) => return Err(other.into()),
    };
    render(state, layout, rule, status, form_state).await
}

/// Runs a trial on a thread of its own, unless one is running.
async fn try_rule(
    state: &AppState,
    trial: impl FnOnce(&Db) -> crate::error::Result<Report> + Send + 'static,
) -> crate::error::Result<Report> {
    let Ok(permit) = Arc::clone(&state.rule_trials).try_acquire_owned() else {
        return Err(Error::at_field("days", "Another rule is being tried. Try again in some seconds."));
    };
    let db = state.db.clone();
    let work = move || {
        let report = trial(&db);
        // Released here: the handler is dropped when its client leaves, and the trial goes on.
        drop(permit);
        report
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

async fn render(
    state: &AppState,
    layout: Layout,
    rule: Option<Rule>,
    status: StatusCode,
    form_state: FormState,
) -> Result<HttpResponse, Failure> {
    let id = rule.as_ref().map(|rule| rule.id);
    let (people, sources, changes, days) = state
        .db
        .read(move |conn| {
            let (changes, days) = match id {
                Some(id) => (store::changes(conn, Some(id), CHANGES)?, store::days(conn, id)?),
                None => (Vec::new(), Vec::new()),
            };
            Ok((users::list(conn)?, store::sources(conn)?, changes, days))
        })
        .await?;
    let zone = &layout.zone;
    let page = RulePage {
        revision: form_state.revision.or(rule.as_ref().map(|rule| rule.revision)).unwrap_or(0),
        stored: rule.map(|rule| stored_view(rule, &days, zone)),
        form: FormView::new(form_state.draft, form_state.days, &people, sources),
        errors: form_state.errors,
        stale: form_state.stale,
        outcome: form_state.report.map(OutcomeView::new),
        changes: changes.iter().map(|change| change_view(change, zone)).collect(),
        named: false,
        layout: layout.clone(),
    };
    layout.page(status, &page)
}

/// Height of the chart of hits a day.
const CHART_HEIGHT: i64 = 28;

fn stored_view(rule: Rule, days: &[i64], zone: &Zone) -> StoredView {
    let max = days.iter().copied().max().unwrap_or(0);
    let bars = days.iter().enumerate().map(|(index, hits)| {
        let height = if *hits == 0 { 1 } else { (hits * (CHART_HEIGHT - 1) / max.max(1)).max(2) };
        (index * 6, CHART_HEIGHT - height, height)
    });
    StoredView {
        id: rule.id,
        enabled: rule.enabled,
        expired: rule.is_expired(clock::now()),
        hits: thousands(rule.hits),
        last_hit: rule.last_hit.map(|at| zone.show(at)),
        bars: bars.collect(),
        max,
        name: rule.name,
    }
}
