//! POST /incidents/{id}/editing, and the same of alerts: a script says whether the person is writing there, for those who
//! view it at the same time. Nothing is stored.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::web::shared::event_stream;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::state::AppState;

pub async fn of_incident(state: Data<AppState>, person: SignedIn, id: Path<i64>, form: Submitted) -> HttpResponse {
    let id = id.into_inner();
    note(&state, &person, (id, Some(id)), &form)
}

pub async fn of_alert(state: Data<AppState>, person: SignedIn, id: Path<i64>, form: Submitted) -> HttpResponse {
    note(&state, &person, (id.into_inner(), None), &form)
}

fn note(state: &AppState, person: &SignedIn, key: (i64, Option<i64>), form: &Submitted) -> HttpResponse {
    event_stream::set_editing(state, key, person.user.id, form.text("editing") == "yes");
    HttpResponse::NoContent().finish()
}
