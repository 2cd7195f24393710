//! GET /incidents/views, /alerts/views and below: the saved views of a list with the number of rows that each finds,
//! their order, and which one the list begins with.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Serialize;

use crate::accounts::preferences::Preferences;
use crate::accounts::{preferences, users};
use crate::error::Error;
use crate::incidents::tags;
use crate::model::tag;
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::queue::saved_views;
use crate::queue::saved_views::built_in::BuiltInView;
use crate::queue::saved_views::{Direction, View};
use crate::web::queue::saved_view_bar::{PLAIN_KEY, default_of};
use crate::web::queue::{filter_chips, list_view, saved_view_bar};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::query;
use crate::web::shared::queue_links::{below, explicit_href, heading, list_of, path};
use crate::web::shared::state::AppState;

/// A saved view in the list.
struct ListedView {
    key: String,
    id: Option<i64>,
    name: String,
    href: String,
    filter_text: String,
    count: String,
    /// The display name of its owner; empty for built-in views.
    owner: String,
    shared: bool,
    /// The list begins with it.
    is_default: bool,
    can_change: bool,
    /// Owned by this person, who can change its position.
    own: bool,
}

#[derive(Template)]
#[template(path = "queue/saved_views.html")]
struct ViewsPage {
    layout: Layout,
    list: List,
    views: Vec<ListedView>,
    /// Tags in use, each with the address of the queue that has it as the filter.
    tags: Vec<(String, String)>,
}

impl ViewsPage {
    fn active(&self) -> &'static str {
        if self.list.is_of_alerts() { "alerts" } else { "incidents" }
    }

    /// An address below that of the list.
    fn at(&self, page: &str) -> String {
        below(self.list, page)
    }

    fn heading(&self) -> &'static str {
        heading(self.list)
    }

    fn back(&self) -> String {
        path(self.list)
    }
}

/// All views: the default, people's, the built-in ones. Key, filter, stored view, label if not stored.
fn all_views(list: List, stored: &[View]) -> Vec<(String, Filter, Option<&View>, &'static str)> {
    let plain = (PLAIN_KEY.to_owned(), Filter::of(list), None, "Default");
    let built_in = BuiltInView::ALL
        .iter()
        .filter_map(|view| Some((view.as_str().to_owned(), view.filter(list)?, None, view.label())));
    let stored = stored.iter().map(|view| (view.id.to_string(), view.filter(), Some(view), ""));
    std::iter::once(plain).chain(stored).chain(built_in).collect()
}

/// GET /incidents/views
pub async fn list(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let (list, viewer) = (list_of(&request), layout.user.id);
    let (totals, commits) = (Arc::clone(&state.totals), state.db.commits());
    let (stored, counts, people, preferences, tags) = state
        .db
        .read(move |conn| {
            let stored = saved_views::seen_by(conn, viewer, list)?;
            let mut counts = Vec::new();
            for (_, filter, ..) in all_views(list, &stored) {
                counts.push(totals.count(conn, &filter, viewer, commits, false)?);
            }
            Ok((stored, counts, users::list(conn)?, Preferences::load(conn, viewer)?, tags::in_use(conn)?))
        })
        .await?;
    let names: Vec<(String, String)> = people.iter().map(|user| (user.name.clone(), user.shown_name())).collect();
    let default_key = default_of(list).and_then(|which| preferences.get(which)).unwrap_or(PLAIN_KEY);
    let views = all_views(list, &stored)
        .into_iter()
        .zip(counts)
        .map(|((key, filter, view, label), count)| ListedView {
            id: view.map(|view| view.id),
            name: view.map_or(label, |view| view.name.as_str()).to_owned(),
            href: explicit_href(&filter),
            filter_text: filter_chips::in_words(&filter, &names, &layout.zone),
            count: list_view::count(count),
            owner: view
                .and_then(|view| people.iter().find(|user| user.id == view.owner_id))
                .map(|user| user.display_name.clone())
                .unwrap_or_default(),
            shared: view.is_some_and(|view| view.shared),
            is_default: key == default_key,
            can_change: view.is_some_and(|view| view.is_changed_by(&layout.user)),
            own: view.is_some_and(|view| view.owner_id == viewer),
            key,
        })
        .collect();
    let everything = [("severity", "all"), ("range", "all")];
    let tags = tags
        .into_iter()
        // Alerts have no tags.
        .filter(|tag| tag.name != tag::REDIRECTED && !list.is_of_alerts())
        .map(|tag| {
            let pairs = std::iter::once(("tag", tag.name.as_str())).chain(everything);
            (tag.name.clone(), query::link("/incidents", pairs))
        })
        .collect();
    let page = ViewsPage { list, views, tags, layout: layout.clone() };
    layout.page(StatusCode::OK, &page)
}

/// How many rows a view finds.
#[derive(Serialize)]
pub struct ViewCount {
    key: String,
    count: String,
}

/// GET /incidents/views/counts: the counts of the views in the bar, for its script.
pub async fn counts(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let (list, viewer) = (list_of(&request), layout.user.id);
    let (totals, commits) = (Arc::clone(&state.totals), state.db.commits());
    let counted = state
        .db
        .read(move |conn| {
            let stored = saved_views::seen_by(conn, viewer, list)?;
            let shown = saved_view_bar::links(&stored, &Preferences::load(conn, viewer)?, &Filter::of(list));
            let mut counted = Vec::new();
            for (key, filter, ..) in all_views(list, &stored) {
                if !shown.iter().any(|link| link.key == key) {
                    continue;
                }
                counted.push(ViewCount {
                    count: list_view::count(totals.count(conn, &filter, viewer, commits, false)?),
                    key,
                });
            }
            Ok(counted)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(counted))
}

/// POST /incidents/views/{id}/act: moves or deletes a view.
pub async fn act(
    request: HttpRequest,
    state: Data<AppState>,
    person: SignedIn,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (id, user, action) = (id.into_inner(), person.user, form.text("act").to_owned());
    let notice = state
        .db
        .write(move |tx| match action.as_str() {
            "up" => Ok(format!("{} moved up.", saved_views::shift(tx, &user, id, Direction::Up)?)),
            "down" => Ok(format!("{} moved down.", saved_views::shift(tx, &user, id, Direction::Down)?)),
            "delete" => Ok(format!("{} was deleted.", saved_views::delete(tx, &user, id)?)),
            _ => Err(Error::at_field("act", "Choose an action.")),
        })
        .await?;
    Ok(see_other(&below(list_of(&request), "views"), Some(&notice)))
}

/// POST /incidents/views/default: the view that the list begins with.
pub async fn set_default(
    request: HttpRequest,
    state: Data<AppState>,
    person: SignedIn,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let list = list_of(&request);
    let which = default_of(list).ok_or(Error::NotFound)?;
    let (user, key) = (person.user.id, form.text("view").to_owned());
    state
        .db
        .write(move |tx| {
            let built_in = BuiltInView::parse(&key).and_then(|view| view.filter(list));
            let known = key == PLAIN_KEY || built_in.is_some();
            if !known {
                let id = key.parse().map_err(|_| Error::at_field("view", "Choose a default view."))?;
                saved_views::find(tx.conn, user, id)?;
            }
            preferences::set(tx, user, which, if key == PLAIN_KEY { "" } else { &key })
        })
        .await?;
    Ok(see_other(&below(list, "views"), Some("Default view saved.")))
}
