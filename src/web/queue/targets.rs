//! GET /incidents/targets?q=&from=&alerts=: the incidents that alerts can be moved to or that can be merged, by name, ID
//! or asset, for scripts that list them while somebody types.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::queue::target::{self, Moving};
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;
use crate::web::shared::query;
use crate::web::shared::state::AppState;
use crate::web::shared::target_view::TargetList;

/// Longest text that is searched for, in characters.
const TYPED: usize = 200;
/// Most incidents, and most alerts, whose assets those of the found ones are compared with.
const FROM: usize = 20;

#[derive(Template)]
#[template(path = "incident/_targets.html")]
struct Targets {
    targets: TargetList,
}

pub async fn show(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let typed: String = query::value(&request, "q").unwrap_or_default().chars().take(TYPED).collect();
    let pairs = query::pairs(&request);
    let ids = |wanted: &str| -> Vec<i64> {
        let named = pairs.iter().filter(|(name, _)| name == wanted);
        named.filter_map(|(_, id)| id.parse().ok()).take(FROM).collect()
    };
    let (from, alerts) = (ids("from"), ids("alerts"));
    let (viewer, asked) = (layout.user.id, typed.clone());
    let found = state
        .db
        .read(move |conn| target::candidates(conn, &asked, Moving { from: &from, alerts: &alerts }, viewer))
        .await?;
    let page = Targets { targets: TargetList::new(&typed, &found, &layout.zone, "") };
    layout.page(StatusCode::OK, &page)
}
