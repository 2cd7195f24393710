//! GET and POST /login/second-factor/set-up: an authenticator app for whoever must have a second factor and has none.
//! They are signed in once it is set up.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::second_factor::{Step, authenticator, next_step};
use crate::accounts::users;
use crate::db::Tx;
use crate::error::{Error, FieldErrors};
use crate::model::actor::Actor;
use crate::web::account::begin_session::begin_session;
use crate::web::account::small_form::SmallForm;
use crate::web::server::client_address::client_address;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::{bare_page, see_other, theme};
use crate::web::shared::session::{NEW_AUTHENTICATOR, pending};
use crate::web::shared::state::AppState;
use crate::web::shared::static_files;

#[derive(Template)]
#[template(path = "account/set_up_second_factor.html")]
struct SetUpPage {
    secret: String,
    errors: FieldErrors,
    theme: String,
}

impl SetUpPage {
    fn asset(&self, path: &str) -> String {
        static_files::url(path)
    }
}

/// The recovery codes, once.
#[derive(Template)]
#[template(path = "account/first_recovery_codes.html")]
struct CodesPage {
    codes: Vec<String>,
    next: String,
    theme: String,
}

impl CodesPage {
    fn asset(&self, path: &str) -> String {
        static_files::url(path)
    }
}

/// The secret that is being set up.
pub(super) fn new_secret(session: &Session) -> Option<String> {
    session.get(NEW_AUTHENTICATOR).ok().flatten()
}

pub async fn show(request: HttpRequest, session: Session) -> Result<HttpResponse, Failure> {
    match (pending(&session), new_secret(&session)) {
        (Some(_), Some(secret)) => page(&request, StatusCode::OK, secret, FieldErrors::default()),
        _ => Ok(see_other("/login", None)),
    }
}

fn page(
    request: &HttpRequest,
    status: StatusCode,
    secret: String,
    errors: FieldErrors,
) -> Result<HttpResponse, Failure> {
    bare_page(status, &SetUpPage { secret, errors, theme: theme(request) })
}

/// GET /login/second-factor/code.svg: the picture of the secret.
pub async fn picture(state: Data<AppState>, session: Session) -> Result<HttpResponse, Failure> {
    let (Some(pending), Some(secret)) = (pending(&session), new_secret(&session)) else {
        return Err(Error::NotFound.into());
    };
    let user = state.db.read(move |conn| users::find(conn, pending.user)).await?;
    Ok(svg(authenticator::shown(&user, &secret)?.picture))
}

/// An answer with a picture that no cache keeps.
pub(super) fn svg(picture: String) -> HttpResponse {
    HttpResponse::Ok().content_type("image/svg+xml").insert_header(("Cache-Control", "no-store")).body(picture)
}

pub async fn set_up(
    request: HttpRequest,
    state: Data<AppState>,
    session: Session,
    SmallForm(form): SmallForm,
) -> Result<HttpResponse, Failure> {
    let (Some(pending), Some(secret)) = (pending(&session), new_secret(&session)) else {
        return Ok(see_other("/login", None));
    };
    let (code, address, id, stored) =
        (form.text("code").to_owned(), client_address(&request), pending.user, secret.clone());
    let write = move |tx: &mut Tx<'_>| {
        let user = users::find(tx.conn, id)?;
        // Somebody may have set one up in another browser meanwhile, which must be shown.
        if user.disabled || next_step(tx.conn, &user)? == Step::Verify {
            return Err(Error::Forbidden("Sign in again."));
        }
        let actor = Actor::Person { user: user.clone(), address: Some(address) };
        Ok((authenticator::set_up(tx, &actor, &stored, &code)?, user))
    };
    match state.db.write(write).await {
        Ok((codes, user)) => {
            let method = format!("{}, authenticator app", pending.method);
            begin_session(&request, &state, &session, &user, &method).await?;
            bare_page(StatusCode::OK, &CodesPage { codes, next: pending.next, theme: theme(&request) })
        }
        Err(Error::Invalid(errors)) => page(&request, StatusCode::UNPROCESSABLE_ENTITY, secret, errors),
        Err(error) => Err(error.into()),
    }
}
