//! GET /incidents/views/new and /incidents/views/{id}, POST /incidents/views and /incidents/views/{id}, and the same
//! of alerts: the form that saves a filter as a view, or changes a view.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::preferences::Preferences;
use crate::accounts::{preferences, users};
use crate::db::Tx;
use crate::error::{Error, FieldErrors};
use crate::operations::once::once;
use crate::queue::list::List;
use crate::queue::saved_views;
use crate::queue::saved_views::query::filter_of;
use crate::queue::saved_views::{Draft, View};
use crate::secrets::random_hex;
use crate::web::queue::filter_chips;
use crate::web::queue::saved_view_bar::default_of;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, Typed};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::queue_links::{below, explicit_href, heading, list_of};
use crate::web::shared::state::AppState;

#[derive(Template)]
#[template(path = "queue/saved_view.html")]
struct ViewPage {
    layout: Layout,
    list: List,
    /// None for a new view.
    id: Option<i64>,
    stored_name: String,
    name: String,
    shared: bool,
    is_default: bool,
    can_share: bool,
    query: String,
    filter_text: String,
    back: String,
    /// Views whose filter can be replaced by this one.
    others: Vec<(i64, String)>,
    errors: FieldErrors,
    idempotency_key: String,
}

impl ViewPage {
    fn active(&self) -> &'static str {
        if self.list.is_of_alerts() { "alerts" } else { "incidents" }
    }

    fn heading(&self) -> &'static str {
        heading(self.list)
    }

    /// The address of the list of views.
    fn views_href(&self) -> String {
        below(self.list, "views")
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    fn action(&self) -> String {
        self.id.map_or_else(|| self.views_href(), |id| format!("{}/{id}", self.views_href()))
    }
}

/// GET /incidents/views/new?{the queue's query}
pub async fn new(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let list = list_of(&request);
    let query = saved_views::query_of(&filter_of(list, request.query_string()));
    page(&state, layout, (list, None), FormState { query, ..FormState::default() }).await
}

/// GET /incidents/views/{id}
pub async fn show(state: Data<AppState>, layout: Layout, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let view = changeable(&state, &layout, id.into_inner()).await?;
    let form_state = FormState {
        draft: Draft { name: view.name.clone(), shared: view.shared },
        query: view.query.clone(),
        ..FormState::default()
    };
    page(&state, layout, (view.list(), Some(view)), form_state).await
}

/// POST /incidents/views: a new view.
pub async fn create(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let list = list_of(&request);
    let default_view = default_of(list).ok_or(Error::NotFound)?;
    let (user, draft, query) = (person.user.clone(), draft(&form), form.text("query").to_owned());
    let is_default = form.get("default").is_some();
    if form.text("act") == "update" {
        let Ok(id) = form.text("view").parse::<i64>() else {
            let errors = FieldErrors::default();
            return refuse(&state, layout, (list, None), form, errors, ("view", "Choose the view to change.")).await;
        };
        checked?;
        let new_query = query.clone();
        let name = state.db.write(move |tx| saved_views::set_filter(tx, &user, id, &new_query)).await?;
        return Ok(see_other(&list_href(list, &query), Some(&format!("View {name} updated."))));
    }
    let (new_view, new_query, actor, key) = (draft.clone(), query.clone(), person.actor(), form.idempotency_key());
    let create = move |tx: &mut Tx<'_>| {
        once(tx, &actor, (&key, &("view", &new_view, &new_query, is_default)), |tx| {
            let id = saved_views::create(tx, &user, &new_view, list, &new_query)?;
            if is_default {
                preferences::set(tx, user.id, default_view, &id.to_string())?;
            }
            Ok(id)
        })
    };
    let stored = match checked {
        Ok(()) => state.db.write(create).await,
        Err(error) => Err(error),
    };
    match stored {
        Ok(_) => Ok(see_other(&list_href(list, &query), Some(&format!("View {} saved.", draft.name.trim())))),
        Err(Error::Invalid(errors)) => refuse(&state, layout, (list, None), form, errors, ("", "")).await,
        Err(error) => Err(error.into()),
    }
}

/// POST /incidents/views/{id}
pub async fn change(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let view = changeable(&state, &layout, id).await?;
    let default_view = default_of(view.list()).ok_or(Error::NotFound)?;
    let (user, changed, is_default) = (person.user.clone(), draft(&form), form.get("default").is_some());
    let change = move |tx: &mut Tx<'_>| {
        saved_views::change(tx, &user, id, &changed)?;
        let was_default = Preferences::load(tx.conn, user.id)?.get(default_view) == Some(id.to_string().as_str());
        match (was_default, is_default) {
            (false, true) => preferences::set(tx, user.id, default_view, &id.to_string()),
            (true, false) => preferences::set(tx, user.id, default_view, ""),
            _ => Ok(()),
        }
    };
    let saved = match checked {
        Ok(()) => state.db.write(change).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => Ok(see_other(&below(view.list(), "views"), Some("Saved."))),
        Err(Error::Invalid(errors)) => refuse(&state, layout, (view.list(), Some(view)), form, errors, ("", "")).await,
        Err(error) => Err(error.into()),
    }
}

fn draft(form: &Submitted) -> Draft {
    Draft { name: form.text("name").to_owned(), shared: form.get("shared").is_some() }
}

/// The address of a list with the query of a view.
fn list_href(list: List, query: &str) -> String {
    explicit_href(&filter_of(list, query))
}

async fn changeable(state: &AppState, layout: &Layout, id: i64) -> Result<View, Failure> {
    let viewer = layout.user.id;
    let view = state.db.read(move |conn| saved_views::find(conn, viewer, id)).await?;
    if view.is_changed_by(&layout.user) { Ok(view) } else { Err(view.refusal(&layout.user).into()) }
}

/// What the form shows.
#[derive(Default)]
struct FormState {
    draft: Draft,
    is_default: Option<bool>,
    query: String,
    errors: FieldErrors,
}

/// The form again, with what was typed and what is wrong.
async fn refuse(
    state: &AppState,
    layout: Layout,
    (list, view): (List, Option<View>),
    form: Submitted,
    mut errors: FieldErrors,
    (field, message): (&'static str, &str),
) -> Result<HttpResponse, Failure> {
    if !field.is_empty() {
        errors.add(field, message);
    }
    let query = view.as_ref().map_or_else(|| form.text("query").to_owned(), |view| view.query.clone());
    let form_state = FormState { draft: draft(&form), is_default: Some(form.get("default").is_some()), query, errors };
    page(state, layout, (list, view), form_state).await
}

async fn page(
    state: &AppState,
    layout: Layout,
    (list, view): (List, Option<View>),
    shown: FormState,
) -> Result<HttpResponse, Failure> {
    let viewer = layout.user.id;
    let (stored, people, preferences) = state
        .db
        .read(move |conn| {
            Ok((saved_views::seen_by(conn, viewer, list)?, users::list(conn)?, Preferences::load(conn, viewer)?))
        })
        .await?;
    let names: Vec<(String, String)> = people.into_iter().map(|user| (user.name.clone(), user.shown_name())).collect();
    let filter = filter_of(list, &shown.query);
    let id = view.as_ref().map(|view| view.id);
    let default = default_of(list).and_then(|which| preferences.get(which));
    let is_default = id.is_some_and(|id| default == Some(id.to_string().as_str()));
    let status = if shown.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ViewPage {
        list,
        id,
        stored_name: view.map(|view| view.name).unwrap_or_default(),
        name: shown.draft.name,
        shared: shown.draft.shared,
        is_default: shown.is_default.unwrap_or(is_default),
        can_share: layout.can_edit(),
        filter_text: filter_chips::in_words(&filter, &names, &layout.zone),
        back: explicit_href(&filter),
        others: stored
            .into_iter()
            .filter(|view| id.is_none() && view.is_changed_by(&layout.user))
            .map(|view| (view.id, view.name))
            .collect(),
        query: shown.query,
        errors: shown.errors,
        idempotency_key: random_hex(16)?,
        layout: layout.clone(),
    };
    layout.page(status, &page)
}
