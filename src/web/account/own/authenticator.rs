//! Below /account/authenticator: setting up an authenticator app, removing it, and new recovery codes.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::second_factor::{authenticator, recovery};
use crate::db::Tx;
use crate::error::{Error, FieldErrors};
use crate::web::account::own::confirm::confirm_password;
use crate::web::account::own::page::{PATH, respond};
use crate::web::account::set_up_second_factor::{new_secret, svg};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::session::NEW_AUTHENTICATOR;
use crate::web::shared::state::AppState;

const SET_UP: &str = "/account/authenticator";

#[derive(Template)]
#[template(path = "account/authenticator.html")]
struct AuthenticatorPage {
    layout: Layout,
    secret: String,
    errors: FieldErrors,
}

impl AuthenticatorPage {
    fn active(&self) -> &'static str {
        "account"
    }
}

/// The recovery codes, once.
#[derive(Template)]
#[template(path = "account/recovery_codes.html")]
struct CodesPage {
    layout: Layout,
    codes: Vec<String>,
}

impl CodesPage {
    fn active(&self) -> &'static str {
        "account"
    }
}

/// POST /account/authenticator: makes a secret, which the next page shows.
pub async fn begin(session: Session) -> Result<HttpResponse, Failure> {
    session.insert(NEW_AUTHENTICATOR, authenticator::new_secret()?).map_err(Error::internal)?;
    Ok(see_other(SET_UP, None))
}

/// GET /account/authenticator.
pub async fn show(layout: Layout, session: Session) -> Result<HttpResponse, Failure> {
    match new_secret(&session) {
        Some(secret) => page(layout, StatusCode::OK, secret, FieldErrors::default()),
        None => Ok(see_other(PATH, None)),
    }
}

fn page(layout: Layout, status: StatusCode, secret: String, errors: FieldErrors) -> Result<HttpResponse, Failure> {
    let page = AuthenticatorPage { layout, secret, errors };
    page.layout.page(status, &page)
}

/// GET /account/authenticator/code.svg: the picture of the secret.
pub async fn picture(person: SignedIn, session: Session) -> Result<HttpResponse, Failure> {
    let secret = new_secret(&session).ok_or_else(|| Error::at_field("code", "No app is being set up."))?;
    Ok(svg(authenticator::shown(&person.user, &secret)?.picture))
}

/// POST /account/authenticator/verify: the app is used once a code shows that it has the secret.
pub async fn verify(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let Some(secret) = new_secret(&session) else { return Ok(see_other(PATH, None)) };
    let (actor, stored, code) = (person.actor(), secret.clone(), form.text("code").to_owned());
    match state.db.write(move |tx| authenticator::set_up(tx, &actor, &stored, &code)).await {
        Ok(codes) => {
            session.remove(NEW_AUTHENTICATOR);
            codes_page(layout, codes)
        }
        Err(Error::Invalid(errors)) => page(layout, StatusCode::UNPROCESSABLE_ENTITY, secret, errors),
        Err(error) => Err(error.into()),
    }
}

fn codes_page(layout: Layout, codes: Vec<String>) -> Result<HttpResponse, Failure> {
    let page = CodesPage { layout, codes };
    page.layout.page(StatusCode::OK, &page)
}

/// POST /account/authenticator/remove.
pub async fn remove(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let actor = person.actor();
    let removed = match confirm_password(&request, &state, &person, &form, "remove_password").await {
        Ok(()) => state.db.write(move |tx| authenticator::remove(tx, &actor)).await,
        Err(error) => Err(error),
    };
    match removed {
        Ok(()) => Ok(see_other(PATH, Some("The authenticator app was removed."))),
        error => respond(&state, layout, &session, Submitted::default(), error).await,
    }
}

/// POST /account/recovery-codes: new codes in the place of all earlier ones.
pub async fn new_codes(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (actor, user) = (person.actor(), person.user.clone());
    let made = match confirm_password(&request, &state, &person, &form, "codes_password").await {
        Ok(()) => state.db.write(move |tx: &mut Tx<'_>| recovery::make(tx, &actor, &user)).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(codes) => codes_page(layout, codes),
        Err(error) => respond(&state, layout, &session, Submitted::default(), Err(error)).await,
    }
}
