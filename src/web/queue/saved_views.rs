//! /incidents/views: every saved view with what it finds now, their order, and which one the queue
//! begins with.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use askama::Template;
use serde::Serialize;

use crate::accounts::preferences::{Preference, Preferences};
use crate::accounts::{preferences, users};
use crate::error::Error;
use crate::incidents::tags;
use crate::model::tag;
use crate::queue::filter::Filter;
use crate::queue::saved_views;
use crate::queue::saved_views::built_in::BuiltInView;
use crate::queue::saved_views::{Direction, View};
use crate::web::queue::saved_view_bar::PLAIN_KEY;
use crate::web::queue::{filter_chips, page, saved_view_bar};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::query;
use crate::web::shared::queue_links::explicit_href;
use crate::web::shared::state::AppState;

/// A saved view in the list.
struct ListedView {
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
#[template(path = "queue/saved_views.html")]
struct ViewsPage {
    layout: Layout,
    lines: Vec<ListedView>,
    /// Tags in use, each with the queue of it.
    tags: Vec<(String, String)>,
}

impl ViewsPage {
    fn active(&self) -> &'static str {
        "incidents"
    }
}

/// Every view with its key: the plain default, people's, the ready-made ones.
fn keyed(made: &[View]) -> Vec<(String, Filter, Option<&View>, &'static str)> {
    let plain = (PLAIN_KEY.to_owned(), Filter::default(), None, "Default");
    let ready = BuiltInView::ALL.iter().map(|view| (view.as_str().to_owned(), view.filter(), None, view.label()));
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
        .map(|((key, filter, view, label), count)| ListedView {
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

/// POST /incidents/views/{id}/act: moved or deleted.
pub async fn act(
    state: Data<AppState>,
    person: SignedIn,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (id, user, asked) = (id.into_inner(), person.0, form.text("act").to_owned());
    let notice = state
        .db
        .write(move |tx| match asked.as_str() {
            "up" => Ok(format!("{} moved up.", saved_views::shift(tx, &user, id, Direction::Up)?)),
            "down" => Ok(format!("{} moved down.", saved_views::shift(tx, &user, id, Direction::Down)?)),
            "delete" => Ok(format!("{} was deleted.", saved_views::delete(tx, &user, id)?)),
            _ => Err(Error::at_field("act", "Choose what to do with the view.")),
        })
        .await?;
    Ok(see_other("/incidents/views", Some(&notice)))
}

/// POST /incidents/views/default: what /incidents begins with.
pub async fn begin_with(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let (user, key) = (person.0.id, form.text("view").to_owned());
    state
        .db
        .write(move |tx| {
            let known = key == PLAIN_KEY || BuiltInView::parse(&key).is_some();
            if !known {
                let id = key.parse().map_err(|_| Error::at_field("view", "Choose a view to begin with."))?;
                saved_views::find(tx.conn, user, id)?;
            }
            preferences::set(tx, user, Preference::View, if key == PLAIN_KEY { "" } else { &key })
        })
        .await?;
    Ok(see_other("/incidents/views", Some("The queue begins with this view from now on.")))
}
