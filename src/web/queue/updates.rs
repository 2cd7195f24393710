//! GET /incidents/updates?{the queue's query}&since=: what is new to an open queue, as its script
//! asks every few seconds. `visible=1,2` names the rows in sight.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crate::queue;
use crate::queue::filter::Filter;
use crate::web::queue::rows::ids;
use crate::web::shared::error::Failure;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::query;
use crate::web::shared::state::AppState;

#[derive(Serialize)]
struct Answer {
    /// Incidents that came into the list, and such that others changed.
    new: Vec<i64>,
    changed: Vec<i64>,
    /// Rows in sight that the asking person changed, maybe in another tab.
    mine: Vec<i64>,
    /// There is more than what is told.
    more: bool,
    /// The `since` of the next request. Opaque: its form may change.
    since: String,
}

pub async fn show(request: HttpRequest, state: Data<AppState>, person: SignedIn) -> Result<HttpResponse, Failure> {
    let (filter, _) = Filter::from_pairs(&query::pairs(&request));
    let since = query::value(&request, "since").and_then(|text| text.parse::<i64>().ok());
    let visible = query::value(&request, "visible").map(|text| ids(&text)).unwrap_or_default();
    let viewer = person.0.id;
    let news = state
        .db
        .read(move |conn| {
            // Who does not say since when hears of what comes from now on.
            let since = since.map_or_else(|| queue::newest_entry(conn), Ok)?;
            queue::updates(conn, &filter, viewer, since, &visible)
        })
        .await?;
    let since = news.since.to_string();
    let answer = Answer { new: news.new, changed: news.changed, mine: news.mine, more: news.more, since };
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(answer))
}
