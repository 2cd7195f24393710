//! GET /people.json: who can be mentioned, for the list that a script shows after `@`.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;

use crate::accounts::users;
use crate::web::shared::error::Failure;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::state::AppState;

/// One who can be mentioned.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    name: String,
    display_name: String,
}

pub async fn list(state: Data<AppState>, person: SignedIn) -> Result<HttpResponse, Failure> {
    let people = state.db.read(users::list).await?;
    let others = people.into_iter().filter(|user| !user.disabled && user.id != person.user.id);
    let listed: Vec<Person> = others.map(|user| Person { name: user.name, display_name: user.display_name }).collect();
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(listed))
}
