//! GET and POST /settings/rules/new and /settings/rules/{id}: the page that creates or changes a rule, and
//! tries it on stored alerts. Every button posts the whole form, so it works without scripts.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::setting_changes::SettingChange;
use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::{Error, FieldErrors};
use crate::ingest::rule_trial;
use crate::ingest::rule_trial::DAYS;
use crate::ingest::rule_trial::report::Report;
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::permissions::{Action, require};
use crate::rules::draft::Draft;
use crate::rules::rule::Rule;
use crate::rules::store;
use crate::rules::store::Listed;
use crate::text::one_line;
use crate::web::settings::change_view::{CHANGES, ChangeView};
use crate::web::settings::rules::changes::{ChangedField, change_view};
use crate::web::settings::rules::form;
use crate::web::settings::rules::form::FormView;
use crate::web::settings::rules::hidden;
use crate::web::settings::rules::hidden::{HiddenPart, HiddenView};
use crate::web::settings::rules::outcome::OutcomeView;
use crate::web::settings::rules::stored_view::{StoredView, stored_view};
use crate::web::settings::rules::trial::{try_proposal, try_rule};
use crate::web::settings::rules::tune::{Origin, TuneView};
use crate::web::settings::rules::way_back::WayBack;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;

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
    /// The detections that a new rule can be filled in from.
    tune: TuneView,
    way_back: WayBack,
    /// The assets that the form offers.
    offered: Vec<String>,
    hidden: Option<HiddenView>,
    /// Whether the person may save what the form holds, or propose it.
    can_save: bool,
    can_propose: bool,
    changes: Vec<ChangeView<ChangedField>>,
    named: bool,
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

    /// Whether the form can be tried and sent.
    fn can_send(&self) -> bool {
        self.can_save || self.can_propose
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
    offered: Vec<String>,
    tune: TuneView,
    way_back: WayBack,
}

/// GET /settings/rules/new; with `alert=ID`, `alerts=ID` or `incident=ID` filled in from these.
pub async fn new(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::ProposeRule)?;
    let origin = Origin::of(&request);
    let way_back = WayBack::of_request(&request, &state);
    let (mut draft, tune) = state.db.read(move |conn| origin.load(conn)).await?;
    draft.owner.clone_from(&layout.user.name);
    let form_state = FormState { offered: draft.assets.clone(), draft, tune, way_back, ..FormState::default() };
    render(&state, layout, None, StatusCode::OK, form_state).await
}

/// GET /settings/rules/{id}
pub async fn show(state: Data<AppState>, layout: Layout, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let (rule, people) = state.db.read(move |conn| Ok((store::find(conn, id)?, users::names(conn)?))).await?;
    let owner = people.get(&rule.owner_id).map(|user| user.name.clone()).unwrap_or_default();
    let draft = Draft::of(&rule, &owner);
    let form_state = FormState { offered: draft.assets.clone(), draft, ..FormState::default() };
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
    require(&actor, Action::ProposeRule)?;
    let id = rule.as_ref().map(|rule| rule.id);
    let days = form.text("days").parse().unwrap_or(0);
    let (typed, saver) = (draft.clone(), actor.clone());
    let result = if form.text("act") == "try" {
        try_rule(state, move |db, progress| rule_trial::run(db, &saver, id, &typed, days, progress))
            .await
            .map(Done::Tried)
    } else {
        state.db.write(move |tx| store::save(tx, &saver, id, revision, &typed)).await.map(Done::Saved)
    };
    let offered = form.all("offered").into_iter().map(str::to_owned).collect();
    let way_back = WayBack::of_form(form);
    let mut form_state = FormState { draft, days, revision, offered, way_back, ..FormState::default() };
    let status = match result {
        Ok(Done::Saved(saved_id)) => {
            return Ok(saved(state, actor, (saved_id, id.is_none()), form_state, layout.approves_rules()));
        }
        Ok(Done::Tried(report)) => {
            form_state.report = Some(report);
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

/// What a button of the form did.
enum Done {
    Tried(Report),
    Saved(i64),
}

/// The answer to a saved rule. A proposed one is tried in the background.
fn saved(
    state: &AppState,
    actor: Actor,
    (id, is_new): (i64, bool),
    form_state: FormState,
    approves: bool,
) -> HttpResponse {
    let FormState { way_back, draft, .. } = form_state;
    if approves {
        let from_now_on = if draft.enabled { " It applies to alerts that come from now on." } else { "" };
        let named = || format!("Rule {} saved.{from_now_on}", one_line(&draft.name));
        let notice = if way_back.is_rules() && !is_new { "Saved.".to_owned() } else { named() };
        return see_other(&way_back.href, Some(&notice));
    }
    let days = if DAYS.contains(&form_state.days) { form_state.days } else { form::DEFAULT_DAYS };
    state.attention.expire();
    try_proposal(state, actor, id, draft, days);
    let notice = "Proposed. The rule has no effect until a lead or an administrator approves it.";
    let rule = format!("/settings/rules/{id}");
    see_other(if way_back.is_rules() { &rule } else { &way_back.href }, Some(notice))
}

async fn render(
    state: &AppState,
    layout: Layout,
    rule: Option<Rule>,
    status: StatusCode,
    form_state: FormState,
) -> Result<HttpResponse, Failure> {
    let id = rule.as_ref().map(|rule| rule.id);
    let data = state.db.read(move |conn| PageData::load(conn, id)).await?;
    let zone = &layout.zone;
    let is_new = rule.is_none();
    let page = RulePage {
        revision: form_state.revision.or(rule.as_ref().map(|rule| rule.revision)).unwrap_or(0),
        stored: data.listed.map(|listed| stored_view(listed, &data.days, zone)),
        form: FormView::new(form_state.draft, form_state.days, &data.people, data.sources, &form_state.offered),
        errors: form_state.errors,
        stale: form_state.stale,
        outcome: form_state.report.map(OutcomeView::new),
        tune: form_state.tune,
        way_back: form_state.way_back,
        offered: form_state.offered,
        hidden: data.hidden.and_then(|part| HiddenView::new(part, None, zone)),
        can_save: layout.approves_rules(),
        can_propose: is_new && layout.proposes_rules() && !layout.approves_rules(),
        changes: data.changes.iter().map(|change| change_view(change, zone)).collect(),
        named: false,
        layout: layout.clone(),
    };
    layout.page(status, &page)
}

/// What the page shows beside the form.
struct PageData {
    people: Vec<User>,
    sources: Vec<String>,
    listed: Option<Listed>,
    changes: Vec<SettingChange>,
    days: Vec<i64>,
    hidden: Option<HiddenPart>,
}

impl PageData {
    fn load(conn: &mut AnyConnection, id: Option<i64>) -> Result<Self, Error> {
        let (people, sources) = (users::list(conn)?, store::sources(conn)?);
        let none = Self { people, sources, listed: None, changes: Vec::new(), days: Vec::new(), hidden: None };
        let Some(id) = id else { return Ok(none) };
        Ok(Self {
            listed: store::list(conn)?.into_iter().find(|listed| listed.rule.id == id),
            changes: store::changes(conn, Some(id), CHANGES)?,
            days: store::days(conn, id)?,
            hidden: Some(hidden::load(conn, id, None)?),
            ..none
        })
    }
}
