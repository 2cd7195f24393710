//! GET /incidents/suggest?q=: incidents by name or ID, for fields that name one.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crate::queue::target;
use crate::web::shared::error::Failure;
use crate::web::shared::query;
use crate::web::shared::state::AppState;

#[derive(Serialize)]
struct Suggestion {
    id: i64,
    name: String,
}

pub async fn targets(request: HttpRequest, state: Data<AppState>) -> Result<HttpResponse, Failure> {
    let typed: String = query::value(&request, "q").unwrap_or_default().chars().take(200).collect();
    let found = state.db.read(move |conn| target::suggest(conn, &typed)).await?;
    let found: Vec<Suggestion> = found.into_iter().map(|(id, name)| Suggestion { id, name }).collect();
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(found))
}
