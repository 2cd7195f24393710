//! Below /account/passkeys: adding a passkey, which needs a script, and removing one.

use actix_session::Session;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::second_factor::passkeys;
use crate::web::account::own::page::{PATH, respond};
use crate::web::account::passkey::{json, site};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;

/// What the browser needs to make a passkey.
pub async fn options(request: HttpRequest, state: Data<AppState>, person: SignedIn) -> Result<HttpResponse, Failure> {
    let (site, ceremonies, actor) = (site(&request, &state)?, state.passkey_ceremonies.clone(), person.actor());
    let options = state.db.write(move |tx| passkeys::begin_adding(tx, &actor, &site, &ceremonies)).await?;
    Ok(json(options))
}

pub async fn add(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (site, ceremonies, actor) = (site(&request, &state)?, state.passkey_ceremonies.clone(), person.actor());
    let (name, answer) = (form.text("passkey_name").to_owned(), form.text("answer").to_owned());
    let added = state.db.write(move |tx| passkeys::add(tx, &actor, &site, &ceremonies, (&name, &answer))).await;
    match added {
        Ok(()) => Ok(see_other(PATH, Some("The passkey was added."))),
        error => respond(&state, layout, &session, form, error).await,
    }
}

pub async fn remove(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let (actor, id) = (person.actor(), form.text("id").to_owned());
    state.db.write(move |tx| passkeys::remove(tx, &actor, &id)).await?;
    Ok(see_other(PATH, Some("The passkey was removed.")))
}
