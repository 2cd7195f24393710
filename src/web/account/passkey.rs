//! POST /login/passkey/options and /login/passkey: signing in with a passkey, which stands for both factors.

use actix_session::Session;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::second_factor::passkeys::{self, Site};
use crate::accounts::signing_in;
use crate::error::Error;
use crate::web::account::begin_session::begin_session;
use crate::web::account::sign_in::too_soon;
use crate::web::account::small_form::SmallForm;
use crate::web::server::client_address::client_address;
use crate::web::shared::error::Failure;
use crate::web::shared::form::local_path;
use crate::web::shared::layout::see_other;
use crate::web::shared::own_address::own_origin;
use crate::web::shared::session::pending;
use crate::web::shared::state::AppState;

/// Refused passkeys are counted like failed sign-ins, under what can be no user name.
const THROTTLED_AS: &str = ":passkey";
const METHOD: &str = "passkey";

/// Where passkeys of this server are used; an error where they cannot be.
pub(super) fn site(request: &HttpRequest, state: &AppState) -> Result<Site, Error> {
    let unusable = "Passkeys need a server with a name and https.";
    Site::of(&own_origin(request, state)).ok_or_else(|| Error::at_field("passkey", unusable))
}

pub async fn options(request: HttpRequest, state: Data<AppState>) -> Result<HttpResponse, Failure> {
    may_try(&request, &state)?;
    let options = passkeys::begin_sign_in(&site(&request, &state)?, &state.passkey_ceremonies)?;
    Ok(json(options))
}

/// An answer to a script.
pub(super) fn json(text: String) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").insert_header(("Cache-Control", "no-store")).body(text)
}

fn may_try(request: &HttpRequest, state: &AppState) -> Result<(), Error> {
    let wait = state.throttle.wait(THROTTLED_AS, client_address(request));
    if wait.is_zero() { Ok(()) } else { Err(Error::at_field("passkey", too_soon(wait))) }
}

pub async fn sign_in(
    request: HttpRequest,
    state: Data<AppState>,
    session: Session,
    SmallForm(form): SmallForm,
) -> Result<HttpResponse, Failure> {
    may_try(&request, &state)?;
    let (site, ceremonies, address) =
        (site(&request, &state)?, state.passkey_ceremonies.clone(), client_address(&request));
    let answer = form.text("answer").to_owned();
    let pending = pending(&session);
    match state.db.write(move |tx| passkeys::sign_in(tx, &site, &ceremonies, &answer)).await {
        Ok(user) => {
            // After a password, the passkey may be of another account: that one is signed in.
            let method = pending
                .as_ref()
                .filter(|pending| pending.user == user.id)
                .map_or_else(|| METHOD.to_owned(), |pending| format!("{}, {METHOD}", pending.method));
            let next = pending.map_or_else(|| form.text("next").to_owned(), |pending| pending.next);
            begin_session(&request, &state, &session, &user, &method).await?;
            Ok(see_other(local_path(&next).unwrap_or("/incidents"), None))
        }
        Err(error @ Error::Invalid(_)) => {
            state.throttle.note_failure(THROTTLED_AS, address);
            state.db.write(move |tx| signing_in::record_failure(tx, address, None, METHOD)).await?;
            let back = if pending.is_some() { "/login/second-factor" } else { "/login" };
            Ok(see_other(back, Some(&error.to_string())))
        }
        Err(error) => Err(error.into()),
    }
}
