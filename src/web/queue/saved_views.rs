//! /incidents/views: every view with what it finds now; the pages that keep a filter as a view and
//! change one.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Serialize;

use crate::accounts::preferences::{Preference, Preferences};
use crate::accounts::{preferences, users};
use crate::error::{Error, FieldErrors};
use crate::incidents::tags;
use crate::model::tag;
use crate::queue::filter::Filter;
use crate::queue::saved_views;
use crate::queue::saved_views::built_in::Ready;
use crate::queue::saved_views::query::filter_of;
use crate::queue::saved_views::{Direction, Draft, View};
use crate::web::queue::saved_view_bar::PLAIN_KEY;
use crate::web::queue::{filter_chips, page, saved_view_bar};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::query;
use crate::web::shared::queue_links::explicit_href;
use crate::web::shared::state::AppState;

/// A line of the list.
struct Line {
    key: String,
    id: Option<i64>,
    name: String,
    href: String,
    words: String,
    count: String,
    /// Whose it is; empty for ready-made ones.
    owner: String,
    shared: bool,
    /// What somebody begins with.
    begins: bool,
    can_change: bool,
    /// One of the viewer's own, which have an order.
    own: bool,
}

#[derive(Template)]
#[template(path = "incidents/views.html")]
struct ViewsPage {
    layout: Layout,
    lines: Vec<Line>,
    /// Tags in use, each with the queue of it.
    tags: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "incidents/view.html")]
struct ViewPage {
    layout: Layout,
    /// None while it is being made.
    id: Option<i64>,
    stored_name: String,
    name: String,
    shared: bool,
    begins: bool,
    can_share: bool,
    query: String,
    words: String,
    back: String,
    /// Views that could take this filter instead of a new one.
    others: Vec<(i64, String)>,
    errors: FieldErrors,
}

macro_rules! in_incidents {
    ($page:ident) => {
        impl $page {
            fn active(&self) -> &'static str {
                "incidents"
            }
        }
    };
}
in_incidents!(ViewsPage);
in_incidents!(ViewPage);

impl ViewPage {
    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    fn action(&self) -> String {
        self.id.map_or_else(|| "/incidents/views".to_owned(), |id| format!("/incidents/views/{id}"))
    }
}

/// Every view with its key: the plain default, people's, the ready-made ones.
fn keyed(made: &[View]) -> Vec<(String, Filter, Option<&View>, &'static str)> {
    let plain = (PLAIN_KEY.to_owned(), Filter::default(), None, "Default");
    let ready = Ready::ALL.iter().map(|view| (view.as_str().to_owned(), view.filter(), None, view.label()));
    let made = made.iter().map(|view| (view.id.to_string(), view.filter(), Some(view), ""));
    std::iter::once(plain).chain(made).chain(ready).collect()
}

/// GET /incidents/views
pub async fn list(state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let viewer = layout.user.id;
    let (totals, commits) = (std::sync::Arc::clone(&state.totals), state.db.commits());
    let (made, counts, people, preferences, tags) = state
        .db
        .read(move |conn| {
            let made = saved_views::seen_by(conn, viewer)?;
            let mut counts = Vec::new();
            for (_, filter, ..) in keyed(&made) {
                counts.push(totals.count(conn, &filter, viewer, commits, false)?);
            }
            Ok((made, counts, users::list(conn)?, Preferences::load(conn, viewer)?, tags::in_use(conn)?))
        })
        .await?;
    let names: Vec<(String, String)> =
        people.iter().map(|user| (user.name.clone(), user.display_name.clone())).collect();
    let begins = preferences.get(Preference::View).unwrap_or(PLAIN_KEY);
    let lines = keyed(&made)
        .into_iter()
        .zip(counts)
        .map(|((key, filter, view, label), count)| Line {
            id: view.map(|view| view.id),
            name: view.map_or(label, |view| view.name.as_str()).to_owned(),
            href: explicit_href(&filter),
            words: filter_chips::in_words(&filter, &names, &layout.zone),
            count: page::count(count),
            owner: view
                .and_then(|view| people.iter().find(|user| user.id == view.owner_id))
                .map(|user| user.display_name.clone())
                .unwrap_or_default(),
            shared: view.is_some_and(|view| view.shared),
            begins: key == begins,
            can_change: view.is_some_and(|view| view.is_changed_by(&layout.user)),
            own: view.is_some_and(|view| view.owner_id == viewer),
            key,
        })
        .collect();
    let everything = [("severity", "all"), ("range", "all")];
    let tags = tags
        .into_iter()
        .filter(|tag| tag.name != tag::REDIRECTED)
        .map(|tag| {
            let asked = std::iter::once(("tag", tag.name.as_str())).chain(everything);
            (tag.name.clone(), query::link("/incidents", asked))
        })
        .collect();
    let page = ViewsPage { lines, tags, layout: layout.clone() };
    layout.page(StatusCode::OK, &page)
}

/// What a view finds now.
#[derive(Serialize)]
pub struct Counted {
    key: String,
    count: String,
}

/// GET /incidents/views/counts: what the bar's script writes beside the names that the bar shows.
pub async fn counts(state: Data<AppState>, layout: Layout) -> Result<Json<Vec<Counted>>, Failure> {
    let viewer = layout.user.id;
    let (totals, commits) = (std::sync::Arc::clone(&state.totals), state.db.commits());
    let counted = state
        .db
        .read(move |conn| {
            let made = saved_views::seen_by(conn, viewer)?;
            let shown = saved_view_bar::links(&made, &Preferences::load(conn, viewer)?, &Filter::default());
            let mut counted = Vec::new();
            for (key, filter, ..) in keyed(&made) {
                if !shown.iter().any(|link| link.key == key) {
                    continue;
                }
                counted.push(Counted { count: page::count(totals.count(conn, &filter, viewer, commits, false)?), key });
            }
            Ok(counted)
        })
        .await?;
    Ok(Json(counted))
}

/// GET /incidents/views/new?{the queue's query}
pub async fn new(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let query = saved_views::query_of(&filter_of(request.query_string()));
    page(&state, layout, None, Shown { query, ..Shown::default() }).await
}

/// GET /incidents/views/{id}
pub async fn show(state: Data<AppState>, layout: Layout, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let view = changeable(&state, &layout, id.into_inner()).await?;
    let shown = Shown {
        draft: Draft { name: view.name.clone(), shared: view.shared },
        query: view.query.clone(),
        ..Shown::default()
    };
    page(&state, layout, Some(view), shown).await
}

/// POST /incidents/views: a new view.
pub async fn create(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (user, draft, query) = (person.0.clone(), draft(&form), form.text("query").to_owned());
    let begins = form.get("default").is_some();
    if form.text("act") == "update" {
        let Ok(id) = form.text("view").parse::<i64>() else {
            let errors = FieldErrors::default();
            return refuse(&state, layout, None, form, errors, ("view", "Choose the view to change.")).await;
        };
        let asked = query.clone();
        let name = state.db.write(move |tx| saved_views::set_filter(tx, &user, id, &asked)).await?;
        return Ok(see_other(&of_query(&query), Some(&format!("{name} shows this filter now."))));
    }
    let (wanted, asked) = (draft.clone(), query.clone());
    let made = state
        .db
        .write(move |tx| {
            let id = saved_views::create(tx, &user, &wanted, &asked)?;
            if begins {
                preferences::set(tx, user.id, Preference::View, &id.to_string())?;
            }
            Ok(id)
        })
        .await;
    match made {
        Ok(_) => Ok(see_other(&of_query(&query), Some(&format!("Saved as the view {}.", draft.name.trim())))),
        Err(Error::Invalid(errors)) => refuse(&state, layout, None, form, errors, ("", "")).await,
        Err(error) => Err(error.into()),
    }
}

/// POST /incidents/views/{id}
pub async fn change(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let view = changeable(&state, &layout, id).await?;
    let (user, wanted, begins) = (person.0.clone(), draft(&form), form.get("default").is_some());
    let saved = state
        .db
        .write(move |tx| {
            saved_views::change(tx, &user, id, &wanted)?;
            let began = Preferences::load(tx.conn, user.id)?.get(Preference::View) == Some(id.to_string().as_str());
            match (began, begins) {
                (false, true) => preferences::set(tx, user.id, Preference::View, &id.to_string()),
                (true, false) => preferences::set(tx, user.id, Preference::View, ""),
                _ => Ok(()),
            }
        })
        .await;
    match saved {
        Ok(()) => Ok(see_other("/incidents/views", Some("Saved."))),
        Err(Error::Invalid(errors)) => refuse(&state, layout, Some(view), form, errors, ("", "")).await,
        Err(error) => Err(error.into()),
    }
}

/// POST /incidents/views/{id}/act: moved or deleted.
pub async fn act(
    state: Data<AppState>,
    person: SignedIn,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (id, user, asked) = (id.into_inner(), person.0, form.text("act").to_owned());
    let said = state
        .db
        .write(move |tx| match asked.as_str() {
            "up" => Ok(format!("{} moved up.", saved_views::shift(tx, &user, id, Direction::Up)?)),
            "down" => Ok(format!("{} moved down.", saved_views::shift(tx, &user, id, Direction::Down)?)),
            "delete" => Ok(format!("{} was deleted.", saved_views::delete(tx, &user, id)?)),
            _ => Err(Error::at_field("act", "Choose what to do with the view.")),
        })
        .await?;
    Ok(see_other("/incidents/views", Some(&said)))
}

/// POST /incidents/views/default: what /incidents begins with.
pub async fn begin_with(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let (user, key) = (person.0.id, form.text("view").to_owned());
    state
        .db
        .write(move |tx| {
            let known = key == PLAIN_KEY || Ready::parse(&key).is_some();
            if !known {
                let id = key.parse().map_err(|_| Error::at_field("view", "Choose a view to begin with."))?;
                saved_views::find(tx.conn, user, id)?;
            }
            preferences::set(tx, user, Preference::View, if key == PLAIN_KEY { "" } else { &key })
        })
        .await?;
    Ok(see_other("/incidents/views", Some("The queue begins with this view from now on.")))
}

fn draft(form: &Submitted) -> Draft {
    Draft { name: form.text("name").to_owned(), shared: form.get("shared").is_some() }
}

/// The queue of a view's query.
fn of_query(query: &str) -> String {
    explicit_href(&filter_of(query))
}

async fn changeable(state: &AppState, layout: &Layout, id: i64) -> Result<View, Failure> {
    let viewer = layout.user.id;
    let view = state.db.read(move |conn| saved_views::find(conn, viewer, id)).await?;
    if view.is_changed_by(&layout.user) { Ok(view) } else { Err(view.refusal(&layout.user).into()) }
}

/// What a form shows.
#[derive(Default)]
struct Shown {
    draft: Draft,
    begins: Option<bool>,
    query: String,
    errors: FieldErrors,
}

/// The form again, with what was typed and what is wrong.
async fn refuse(
    state: &AppState,
    layout: Layout,
    view: Option<View>,
    form: Submitted,
    mut errors: FieldErrors,
    (field, message): (&'static str, &str),
) -> Result<HttpResponse, Failure> {
    if !field.is_empty() {
        errors.add(field, message);
    }
    let query = view.as_ref().map_or_else(|| form.text("query").to_owned(), |view| view.query.clone());
    let shown = Shown { draft: draft(&form), begins: Some(form.get("default").is_some()), query, errors };
    page(state, layout, view, shown).await
}

async fn page(state: &AppState, layout: Layout, view: Option<View>, shown: Shown) -> Result<HttpResponse, Failure> {
    let viewer = layout.user.id;
    let (made, people, preferences) = state
        .db
        .read(move |conn| {
            Ok((saved_views::seen_by(conn, viewer)?, users::list(conn)?, Preferences::load(conn, viewer)?))
        })
        .await?;
    let names: Vec<(String, String)> = people.into_iter().map(|user| (user.name, user.display_name)).collect();
    let filter = filter_of(&shown.query);
    let id = view.as_ref().map(|view| view.id);
    let begins = id.is_some_and(|id| preferences.get(Preference::View) == Some(id.to_string().as_str()));
    let status = if shown.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ViewPage {
        id,
        stored_name: view.map(|view| view.name).unwrap_or_default(),
        name: shown.draft.name,
        shared: shown.draft.shared,
        begins: shown.begins.unwrap_or(begins),
        can_share: layout.can_edit(),
        words: filter_chips::in_words(&filter, &names, &layout.zone),
        back: explicit_href(&filter),
        others: made
            .into_iter()
            .filter(|view| id.is_none() && view.is_changed_by(&layout.user))
            .map(|view| (view.id, view.name))
            .collect(),
        query: shown.query,
        errors: shown.errors,
        layout: layout.clone(),
    };
    layout.page(status, &page)
}
