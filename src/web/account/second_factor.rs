//! GET and POST /login/second-factor: the code of the authenticator app, or a recovery code, after a right password.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::network::Origin;
use crate::accounts::second_factor::{Held, authenticator, held, recovery};
use crate::accounts::{signing_in, users};
use crate::db::Tx;
use crate::error::Error;
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::web::account::begin_session::begin_session;
use crate::web::account::sign_in::too_soon;
use crate::web::account::small_form::SmallForm;
use crate::web::server::client_address::client_address;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::{bare_page, see_other, theme};
use crate::web::shared::session::{Pending, pending, store_pending};
use crate::web::shared::state::AppState;
use crate::web::shared::{flash, static_files};

/// Wrong codes after which the password is asked for again.
const WRONG_CODES: u32 = 5;
const METHOD: &str = "authenticator app";
const RECOVERY: &str = "recovery code";

#[derive(Template)]
#[template(path = "account/second_factor.html")]
struct SecondFactorPage {
    held: Held,
    error: String,
    theme: String,
}

impl SecondFactorPage {
    fn asset(&self, path: &str) -> String {
        static_files::url(path)
    }
}

pub async fn show(request: HttpRequest, state: Data<AppState>, session: Session) -> Result<HttpResponse, Failure> {
    match pending(&session) {
        Some(pending) => {
            let error = flash::read(&request).map(|flash| flash.message).unwrap_or_default();
            let mut response = page(&request, &state, &pending, StatusCode::OK, error).await?;
            response.add_cookie(&flash::clear()).map_err(Error::internal)?;
            Ok(response)
        }
        None => Ok(see_other("/login", None)),
    }
}

async fn page(
    request: &HttpRequest,
    state: &AppState,
    pending: &Pending,
    status: StatusCode,
    error: String,
) -> Result<HttpResponse, Failure> {
    let user = pending.user;
    let held = state.db.read(move |conn| held(conn, user)).await?;
    bare_page(status, &SecondFactorPage { held, error, theme: theme(request) })
}

/// What a code is counted under by the throttle, which can be no user name.
pub(super) fn throttled_as(user: &User) -> String {
    format!(":code:{}", user.name)
}

pub async fn verify(
    request: HttpRequest,
    state: Data<AppState>,
    session: Session,
    SmallForm(form): SmallForm,
) -> Result<HttpResponse, Failure> {
    let Some(mut pending) = pending(&session) else { return Ok(see_other("/login", None)) };
    let id = pending.user;
    let user = state.db.read(move |conn| users::find(conn, id)).await?;
    let (origin, throttled) = (Origin::from(client_address(&request)), throttled_as(&user));
    let wait = state.throttle.wait(&throttled, origin.clone());
    if !wait.is_zero() {
        return page(&request, &state, &pending, StatusCode::TOO_MANY_REQUESTS, too_soon(wait)).await;
    }
    // Counted before it is looked at, so that guesses at the same moment are all counted.
    pending.wrong += 1;
    store_pending(&session, &pending)?;
    state.throttle.note_failure(&throttled, origin.clone());
    let (code, looked_at, address) = (form.text("code").to_owned(), user.clone(), origin.address);
    let found = state.db.write(move |tx| look_at(tx, &looked_at, &code, address)).await?;
    if let Some(second) = found {
        state.throttle.note_success(&throttled, origin);
        let method = format!("{}, {second}", pending.method);
        begin_session(&request, &state, &session, &user, &method).await?;
        return Ok(see_other(&pending.next, None));
    }
    if pending.wrong >= WRONG_CODES {
        session.purge();
        return Ok(see_other("/login", Some("Too many wrong codes. Sign in again.")));
    }
    let error = "This code is wrong, or was used already.".to_owned();
    page(&request, &state, &pending, StatusCode::UNPROCESSABLE_ENTITY, error).await
}

/// Which second factor a code is.
fn look_at(tx: &mut Tx<'_>, user: &User, code: &str, address: std::net::IpAddr) -> Result<Option<&'static str>, Error> {
    if users::find(tx.conn, user.id)?.disabled {
        return Ok(None);
    }
    let actor = Actor::Person { user: user.clone(), address: Some(address) };
    if authenticator::verify(tx, user.id, code)? {
        return Ok(Some(METHOD));
    }
    if recovery::verify(tx, &actor, user, code)? {
        return Ok(Some(RECOVERY));
    }
    signing_in::record_failure(tx, address, Some(user), METHOD)?;
    Ok(None)
}
