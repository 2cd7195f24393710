//! The settings' mappings: a list, and a page on which a mapping is written, tried on a sample and
//! saved. Works without JavaScript: every button posts the whole form and gets it back.

mod changes;
mod form;
mod result;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Data, Path};
use askama::Template;

use crate::error::Error;
use crate::formats::mapping::compile::Mapping;
use crate::formats::mapping::document::{Document, Rule};
use crate::formats::mapping::fields;
use crate::formats::mapping::problems::Problems;
use crate::formats::mapping::suggest::guess;
use crate::formats::mapping::suggest::sample::{self, SampleValue};
use crate::ingest::mappings::{self, Draft, Stored};
use crate::permissions::{Action, allows, require};
use crate::web::settings::mappings::changes::ChangeView;
use crate::web::settings::mappings::form::FormView;
use crate::web::settings::mappings::result::ResultView;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::Moment;

/// Changes that a page shows.
const CHANGES: i64 = 20;

/// A line of the list.
struct Row {
    id: i64,
    name: String,
    tokens: String,
    changed: Moment,
    changed_by: String,
}

#[derive(Template)]
#[template(path = "settings/mappings.html")]
struct ListPage {
    layout: Layout,
    rows: Vec<Row>,
    changes: Vec<ChangeView>,
    can_administer: bool,
}

#[derive(Template)]
#[template(path = "settings/mapping.html")]
struct MappingPage {
    layout: Layout,
    /// None while it is being made.
    id: Option<i64>,
    /// As it is saved.
    saved_name: String,
    revision: i64,
    form: FormView,
    sample: String,
    sample_error: String,
    places: Vec<SampleValue>,
    result: Option<ResultView>,
    /// What keeps it from being saved or tried, all of it, and the element where it is.
    problems: Vec<(String, String)>,
    refused: &'static str,
    json: String,
    json_error: String,
    tokens: Vec<String>,
    changes: Vec<ChangeView>,
    can_administer: bool,
}

macro_rules! in_settings {
    ($page:ident) => {
        impl $page {
            fn active(&self) -> &'static str {
                "settings"
            }

            fn section(&self) -> &'static str {
                "mappings"
            }
        }
    };
}
in_settings!(ListPage);
in_settings!(MappingPage);

impl MappingPage {
    fn action(&self) -> String {
        self.id.map_or_else(|| "/settings/mappings/new".to_owned(), |id| format!("/settings/mappings/{id}"))
    }
}

pub async fn list(state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let (listed, changes) =
        state.db.read(|conn| Ok((mappings::list(conn)?, mappings::changes(conn, None, CHANGES)?))).await?;
    let zone = &layout.zone;
    let rows = listed
        .into_iter()
        .map(|listed| Row {
            id: listed.mapping.id,
            name: listed.mapping.name,
            tokens: listed.tokens.join(", "),
            changed: zone.show(listed.mapping.updated_at),
            changed_by: listed.mapping.updated_by,
        })
        .collect();
    let page = ListPage {
        rows,
        changes: changes.iter().map(|change| ChangeView::new(change, zone)).collect(),
        can_administer: allows(layout.user.role, Action::Administer),
        layout: layout.clone(),
    };
    layout.page(StatusCode::OK, &page)
}

/// What a page is made from.
#[derive(Default)]
struct Shown {
    draft: Draft,
    problems: Problems,
    /// Above the problems: what was not done.
    refused: &'static str,
    /// Of the JSON that was to replace the form, as typed.
    json: Option<(String, String)>,
    try_it: bool,
    revision: Option<i64>,
}

pub async fn new(state: Data<AppState>, layout: Layout, who: SignedIn) -> Result<HttpResponse, Failure> {
    require(&who.actor(), Action::Administer)?;
    render(&state, layout, None, StatusCode::OK, Shown::default()).await
}

pub async fn show(state: Data<AppState>, layout: Layout, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let stored = state.db.read(move |conn| mappings::find(conn, id)).await?;
    let draft = Draft { document: stored.document()?, sample: stored.sample.clone() };
    let shown = Shown { draft, ..Shown::default() };
    render(&state, layout, Some(stored), StatusCode::OK, shown).await
}

/// The file form, for keeping.
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
    who: SignedIn,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    act(&state, layout, who, None, &form).await
}

pub async fn change(
    state: Data<AppState>,
    layout: Layout,
    who: SignedIn,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let stored = state.db.read(move |conn| mappings::find(conn, id)).await?;
    act(&state, layout, who, Some(stored), &form).await
}

pub async fn delete(
    state: Data<AppState>,
    layout: Layout,
    who: SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    let (id, actor) = (id.into_inner(), who.actor());
    match state.db.write(move |tx| mappings::delete(tx, &actor, id)).await {
        Ok(name) => Ok(see_other("/settings/mappings", Some(&format!("{name} was deleted.")))),
        Err(Error::Invalid(errors)) => {
            let stored = state.db.read(move |conn| mappings::find(conn, id)).await?;
            let draft = Draft { document: stored.document()?, sample: stored.sample.clone() };
            let mut problems = Problems::default();
            problems.add("delete", errors.to_string());
            let shown = Shown { draft, problems, refused: "This mapping was not deleted.", ..Shown::default() };
            render(&state, layout, Some(stored), StatusCode::UNPROCESSABLE_ENTITY, shown).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Does what the pressed button says.
async fn act(
    state: &AppState,
    layout: Layout,
    who: SignedIn,
    stored: Option<Stored>,
    form: &Submitted,
) -> Result<HttpResponse, Failure> {
    require(&who.actor(), Action::Administer)?;
    let draft = Draft { document: form::read(form), sample: form.text("sample").replace("\r\n", "\n") };
    let mut shown = Shown { draft, revision: form.revision(), ..Shown::default() };
    let document = &mut shown.draft.document;
    match form.text("act").split_once('.').unwrap_or((form.text("act"), "")) {
        ("try", _) => shown.try_it = true,
        ("suggest", _) => {
            guess::fill_from_sample(document, &shown.draft.sample);
            if !document.fields.contains_key("title") {
                shown.problems.add("sample", "No title was found here. If this is JSON, say where its title stands.");
            }
        }
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
        ("json", _) => shown.take_json(form.text("json")),
        _ => return save(state, layout, who, stored, shown).await,
    }
    render(state, layout, stored, StatusCode::OK, shown).await
}

impl Shown {
    /// Replaces the form by a file, unless the file has something wrong that the form cannot show.
    fn take_json(&mut self, text: &str) {
        let read = Document::from_json(text).and_then(|document| {
            let named = |at: &str, message: &str| {
                message.starts_with("There is no field") || at.split('.').next_back() == Some("kind")
            };
            let problems = Mapping::compile_to_try(&document).err().unwrap_or_default();
            let unknown =
                problems.iter().find(|(at, message)| named(at, message)).map(|(at, why)| format!("{at}: {why}"));
            unknown.map_or(Ok(document), Err)
        });
        match read {
            Ok(mut document) => {
                if document.name.is_empty() {
                    document.name.clone_from(&self.draft.document.name);
                }
                self.draft.document = document;
            }
            Err(why) => {
                self.refused = "The JSON was not taken.";
                self.json = Some((text.to_owned(), why));
            }
        }
    }
}

async fn save(
    state: &AppState,
    layout: Layout,
    who: SignedIn,
    stored: Option<Stored>,
    mut shown: Shown,
) -> Result<HttpResponse, Failure> {
    shown.refused = "Nothing was saved yet.";
    if let Err(problems) = mappings::check(&shown.draft) {
        shown.problems = problems;
        return render(state, layout, stored, StatusCode::UNPROCESSABLE_ENTITY, shown).await;
    }
    let (actor, draft, revision) = (who.actor(), shown.draft.clone(), shown.revision);
    let id = stored.as_ref().map(|stored| stored.id);
    match state.db.write(move |tx| mappings::save(tx, &actor, id, revision, &draft)).await {
        Ok(id) => Ok(see_other(&format!("/settings/mappings/{id}"), Some("Saved."))),
        Err(Error::Invalid(errors)) => {
            shown.problems.add("name", errors.to_string());
            render(state, layout, stored, StatusCode::UNPROCESSABLE_ENTITY, shown).await
        }
        Err(Error::Conflict(_)) => {
            let who = stored.as_ref().map(|stored| stored.updated_by.clone()).unwrap_or_default();
            let why = format!("{who} saved this mapping while you were at it. Saving again replaces what they saved.");
            shown.problems.add("revision", why);
            // The next save is meant: it is made from what is stored now.
            shown.revision = None;
            render(state, layout, stored, StatusCode::CONFLICT, shown).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn render(
    state: &AppState,
    layout: Layout,
    stored: Option<Stored>,
    status: StatusCode,
    mut shown: Shown,
) -> Result<HttpResponse, Failure> {
    let id = stored.as_ref().map(|stored| stored.id);
    let (tokens, changes) = state
        .db
        .read(move |conn| match id {
            Some(id) => Ok((mappings::tokens(conn, id)?, mappings::changes(conn, Some(id), CHANGES)?)),
            None => Ok((Vec::new(), Vec::new())),
        })
        .await?;
    let draft = &shown.draft;
    let sampled = !draft.sample.trim().is_empty();
    let mut result = None;
    match Mapping::compile_to_try(&draft.document) {
        _ if !sampled && shown.try_it => {
            shown.problems.add("sample", "Paste a record first; there is nothing to try the mapping on.");
        }
        // Whatever was pressed, the alert that it leads to is worth seeing.
        Ok(mapping) if sampled => result = Some(ResultView::new(mapping, &draft.sample, &layout.zone)),
        Err(problems) if shown.try_it => {
            shown.problems = problems;
            shown.refused = "This cannot be tried yet.";
        }
        _ => {}
    }
    let (json, json_error) = shown.json.unwrap_or_else(|| (draft.document.to_json(), String::new()));
    let page = MappingPage {
        id,
        saved_name: stored.as_ref().map(|stored| stored.name.clone()).unwrap_or_default(),
        revision: shown.revision.or(stored.as_ref().map(|stored| stored.revision)).unwrap_or_default(),
        form: FormView::new(&draft.document, &shown.problems),
        sample_error: shown.problems.at("sample").unwrap_or_default().to_owned(),
        places: sample::sample_values(&sample::records(&draft.sample).1),
        result,
        problems: shown.problems.iter().map(|(at, message)| (anchor(at), message.clone())).collect(),
        refused: shown.refused,
        json,
        json_error,
        tokens,
        changes: changes.iter().map(|change| ChangeView::new(change, &layout.zone)).collect(),
        can_administer: allows(layout.user.role, Action::Administer),
        sample: shown.draft.sample,
        layout: layout.clone(),
    };
    layout.page(status, &page)
}

/// The element of a place of the form; empty for what has none.
fn anchor(at: &str) -> String {
    match at {
        "delete" | "revision" => String::new(),
        "evidence" => "m-evidence".to_owned(),
        at => at.replace('.', "-"),
    }
}
