//! GET /search: what is known of a text, by kind.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::queue::conditions::name_search::MOST_NAMES;
use crate::search::{self, Kind, Typed};
use crate::text::{beginning, thousands};
use crate::web::search::view::Group;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;
use crate::web::shared::query;
use crate::web::shared::state::AppState;

#[derive(Template)]
#[template(path = "search/page.html")]
struct SearchPage {
    layout: Layout,
    /// As it was typed.
    q: String,
    typed: Typed,
    only: Option<Kind>,
    /// Parameters that are not followed.
    ignored: Vec<String>,
    groups: Vec<Group>,
}

impl SearchPage {
    fn active(&self) -> &'static str {
        "search"
    }

    /// The results of all kinds.
    fn all_href(&self) -> String {
        query::link("/search", [("q", self.q.as_str())])
    }

    /// Whether the text is so short that only what begins with it is found.
    fn is_short(&self) -> bool {
        !self.typed.is_empty() && !crate::db::text_index::has_trigram(self.typed.as_str())
    }

    fn looked_at(&self) -> String {
        thousands(MOST_NAMES)
    }

    fn any_more(&self) -> bool {
        self.groups.iter().any(|group| group.more)
    }
}

pub async fn show(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let q = query::value(&request, "q").unwrap_or_default();
    let asked = query::value(&request, "kind").filter(|kind| !kind.is_empty());
    let only = asked.as_deref().and_then(Kind::parse);
    let typed = Typed::read(&q);
    let looked_for = typed.clone();
    let found = state.db.read(move |conn| search::search(conn, &looked_for, only)).await?;
    let groups = found.into_iter().map(|found| Group::new(found, &typed, only.is_some(), &layout.zone)).collect();
    let unknown = asked.filter(|_| only.is_none());
    let ignored = unknown.iter().map(|kind| format!("kind={}", beginning(kind, 60))).collect();
    let page = SearchPage { layout, q, typed, only, ignored, groups };
    page.layout.page(StatusCode::OK, &page)
}
