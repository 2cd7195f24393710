//! POST /entities/{kind}/{id}/note: sets what people know of an entity.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};

use crate::entities::notes;
use crate::error::Error;
use crate::web::entity::page;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;

pub async fn set(
    state: Data<AppState>,
    person: SignedIn,
    layout: Layout,
    path: Path<(String, i64)>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (kind, id) = path.into_inner();
    let (actor, typed) = (person.actor(), form.text("note").to_owned());
    match state.db.write(move |tx| notes::set(tx, &actor, id, &typed)).await {
        Ok(name) => {
            let message = if form.text("note").trim().is_empty() { "has no note any more" } else { "has a new note" };
            Ok(see_other(&form.return_to(&format!("/entities/{kind}/{id}")), Some(&format!("{name} {message}."))))
        }
        Err(Error::Invalid(errors)) => {
            let refused = page::Refused { typed: form.text("note").to_owned(), error: errors.to_string() };
            page::respond(&state, layout, id, None, StatusCode::UNPROCESSABLE_ENTITY, Some(refused)).await
        }
        Err(error) => Err(error.into()),
    }
}
