//! GET /incidents/updates and /alerts/updates: what changed in the open list since the last request of its script.
//! Takes the query of the list, `since`, and in `visible=1,2` the ids of the rows that are shown.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crate::queue;
use crate::queue::filter::Filter;
use crate::web::queue::rows::ids;
use crate::web::shared::error::Failure;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::query;
use crate::web::shared::queue_links::list_of;
use crate::web::shared::state::AppState;

#[derive(Serialize)]
struct Answer {
    /// Rows that are new in the list.
    new: Vec<i64>,
    /// Rows of the list that others changed.
    changed: Vec<i64>,
    /// Visible rows that this person changed, maybe in another tab.
    mine: Vec<i64>,
    /// There are more changes than are listed.
    more: bool,
    /// For the parameter `since` of the next request; opaque to clients.
    since: String,
}

pub async fn show(request: HttpRequest, state: Data<AppState>, person: SignedIn) -> Result<HttpResponse, Failure> {
    let (filter, _) = Filter::from_pairs(list_of(&request), &query::pairs(&request));
    let since = query::value(&request, "since").and_then(|text| text.parse::<i64>().ok());
    let visible = query::value(&request, "visible").map(|text| ids(&text)).unwrap_or_default();
    let viewer = person.user.id;
    let updates = state
        .db
        .read(move |conn| {
            // Without `since`, updates from now on.
            let since = since.map_or_else(|| queue::newest_entry(conn), Ok)?;
            queue::updates(conn, &filter, viewer, since, &visible)
        })
        .await?;
    let since = updates.since.to_string();
    let answer = Answer { new: updates.new, changed: updates.changed, mine: updates.mine, more: updates.more, since };
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(answer))
}
