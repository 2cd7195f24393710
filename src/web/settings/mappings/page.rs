//! GET and POST /settings/mappings/new and /settings/mappings/{id}, with download and deletion: the page that
//! creates or changes a mapping, and tries it on a sample. Every button posts the whole form, so it works
//! without scripts.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Data, Path};
use askama::Template;

use crate::error::Error;
use crate::formats::mapping::document::Rule;
use crate::formats::mapping::fields;
use crate::formats::mapping::problems::Problems;
use crate::formats::mapping::suggest::place;
use crate::formats::mapping::suggest::sample::{self, SampleValue};
use crate::formats::readers::sample_json::json_of;
use crate::ingest::mappings::{self, Draft, Stored};
use crate::permissions::{Action, allows, require};
use crate::web::settings::change_view::{CHANGES, ChangeView};
use crate::web::settings::mappings::changes::{ChangedLine, change_view};
use crate::web::settings::mappings::form::{self, FormView};
use crate::web::settings::mappings::form_state::FormState;
use crate::web::settings::mappings::result::ResultView;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;

#[derive(Template)]
#[template(path = "settings/mapping.html")]
struct MappingPage {
    layout: Layout,
    /// None for a new mapping.
    id: Option<i64>,
    /// The name that is stored.
    saved_name: String,
    revision: i64,
    form: FormView,
    sample: String,
    sample_error: String,
    places: Vec<SampleValue>,
    result: Option<ResultView>,
    /// Why it cannot be saved or tried: the id of the element, which may be empty, and the message.
    problems: Vec<(String, String)>,
    refused: &'static str,
    json: String,
    json_error: String,
    tokens: Vec<String>,
    changes: Vec<ChangeView<ChangedLine>>,
    can_administer: bool,
}

impl MappingPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "mappings"
    }

    fn action(&self) -> String {
        self.id.map_or_else(|| "/settings/mappings/new".to_owned(), |id| format!("/settings/mappings/{id}"))
    }
}

pub async fn new(state: Data<AppState>, layout: Layout, person: SignedIn) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    render(&state, layout, None, StatusCode::OK, FormState::default()).await
}

pub async fn show(state: Data<AppState>, layout: Layout, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let stored = state.db.read(move |conn| mappings::find(conn, id)).await?;
    // A sample is a record as it came, and may have secrets that its alerts do not show.
    let sample = if layout.administers() { stored.sample.clone() } else { String::new() };
    let form_state = FormState { draft: Draft { document: stored.document()?, sample }, ..FormState::default() };
    render(&state, layout, Some(stored), StatusCode::OK, form_state).await
}

/// GET /settings/mappings/{id}.json: the mapping as a file.
pub async fn download(state: Data<AppState>, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let stored = state.db.read(move |conn| mappings::find(conn, id)).await?;
    let name = DispositionParam::Filename(format!("{}.json", stored.name));
    Ok(HttpResponse::Ok()
        .insert_header(ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![name] })
        .insert_header(("Cache-Control", "no-store"))
        .content_type("application/json")
        .body(stored.body))
}

pub async fn create(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    submit(&state, layout, person, None, &form).await
}

pub async fn change(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let stored = state.db.read(move |conn| mappings::find(conn, id)).await?;
    submit(&state, layout, person, Some(stored), &form).await
}

pub async fn delete(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    let (id, actor) = (id.into_inner(), person.actor());
    match state.db.write(move |tx| mappings::delete(tx, &actor, id)).await {
        Ok(name) => Ok(see_other("/settings/mappings", Some(&format!("{name} was deleted.")))),
        Err(Error::Invalid(errors)) => {
            let stored = state.db.read(move |conn| mappings::find(conn, id)).await?;
            let draft = Draft { document: stored.document()?, sample: stored.sample.clone() };
            let mut problems = Problems::default();
            problems.add("delete", errors.to_string());
            let form_state =
                FormState { draft, problems, refused: "This mapping was not deleted.", ..FormState::default() };
            render(&state, layout, Some(stored), StatusCode::UNPROCESSABLE_ENTITY, form_state).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Does what the button says that was pressed.
async fn submit(
    state: &AppState,
    layout: Layout,
    person: SignedIn,
    stored: Option<Stored>,
    form: &Submitted,
) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    let draft = Draft { document: form::read(form), sample: form.text("sample").replace("\r\n", "\n") };
    let mut form_state = FormState { draft, revision: form.revision(), ..FormState::default() };
    let document = &mut form_state.draft.document;
    match form.text("act").split_once('.').unwrap_or((form.text("act"), "")) {
        ("try", _) => form_state.try_it = true,
        ("suggest", _) => form_state.suggest(),
        ("add", _) => {
            if let Some(kind) = fields::kind(form.text("add_kind")) {
                document.evidence.push(Rule { kind: kind.key().to_owned(), ..Rule::default() });
            }
        }
        ("remove", index) => {
            if let Some(index) = index.parse().ok().filter(|index| *index < document.evidence.len()) {
                document.evidence.remove(index);
            }
        }
        ("json", _) => form_state.replace_by_json(form.text("json")),
        _ => return save(state, layout, person, stored, form_state).await,
    }
    render(state, layout, stored, StatusCode::OK, form_state).await
}

async fn save(
    state: &AppState,
    layout: Layout,
    person: SignedIn,
    stored: Option<Stored>,
    mut form_state: FormState,
) -> Result<HttpResponse, Failure> {
    form_state.refused = "Nothing was saved yet.";
    if let Err(problems) = mappings::check(&form_state.draft) {
        form_state.problems = problems;
        return render(state, layout, stored, StatusCode::UNPROCESSABLE_ENTITY, form_state).await;
    }
    let (actor, draft, revision) = (person.actor(), form_state.draft.clone(), form_state.revision);
    let id = stored.as_ref().map(|stored| stored.id);
    match state.db.write(move |tx| mappings::save(tx, &actor, id, revision, &draft)).await {
        Ok(id) => Ok(see_other(&format!("/settings/mappings/{id}"), Some("Saved."))),
        Err(Error::Invalid(errors)) => {
            form_state.problems.add("name", errors.to_string());
            render(state, layout, stored, StatusCode::UNPROCESSABLE_ENTITY, form_state).await
        }
        Err(Error::Conflict(_)) => {
            let editor = stored.as_ref().map(|stored| stored.updated_by.clone()).unwrap_or_default();
            let why =
                format!("{editor} saved this mapping while you were editing. Save again to replace their changes.");
            form_state.problems.add("revision", why);
            // Saving again replaces what the other person saved.
            form_state.revision = None;
            render(state, layout, stored, StatusCode::CONFLICT, form_state).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn render(
    state: &AppState,
    layout: Layout,
    stored: Option<Stored>,
    status: StatusCode,
    mut form_state: FormState,
) -> Result<HttpResponse, Failure> {
    let id = stored.as_ref().map(|stored| stored.id);
    let (tokens, changes) = state
        .db
        .read(move |conn| match id {
            Some(id) => Ok((mappings::tokens(conn, id)?, mappings::changes(conn, Some(id), CHANGES)?)),
            None => Ok((Vec::new(), Vec::new())),
        })
        .await?;
    let result = form_state.try_on_sample(&layout.zone);
    let draft = &form_state.draft;
    let (json, json_error) = form_state.json.unwrap_or_else(|| (draft.document.to_json(), String::new()));
    let page = MappingPage {
        id,
        saved_name: stored.as_ref().map(|stored| stored.name.clone()).unwrap_or_default(),
        revision: form_state.revision.or(stored.as_ref().map(|stored| stored.revision)).unwrap_or_default(),
        form: FormView::new(&draft.document, &form_state.problems),
        sample_error: form_state.problems.at("sample").unwrap_or_default().to_owned(),
        places: sample::sample_values(&place::records(&json_of(&draft.sample).0).1),
        result,
        problems: form_state.problems.iter().map(|(at, message)| (anchor(at), message.clone())).collect(),
        refused: form_state.refused,
        json,
        json_error,
        tokens,
        changes: changes.iter().map(|change| change_view(change, &layout.zone)).collect(),
        can_administer: allows(layout.user.role, Action::Administer),
        sample: form_state.draft.sample,
        layout: layout.clone(),
    };
    layout.page(status, &page)
}

/// The id of the element with a problem; empty if there is none.
fn anchor(at: &str) -> String {
    match at {
        "delete" | "revision" => String::new(),
        "evidence" => "m-evidence".to_owned(),
        at => at.replace('.', "-"),
    }
}
