//! The end of every way to sign in: a new session, recorded with where it began.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;

use crate::accounts::sessions::{AtProvider, Beginning};
use crate::accounts::signing_in;
use crate::error::Result;
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::web::server::client_address::client_address;
use crate::web::shared::session;
use crate::web::shared::state::AppState;

/// Longest name of a browser that is kept, in characters.
const BROWSER: usize = 300;

/// Signs a person in. `method` says how, such as "password".
pub async fn begin_session(
    request: &HttpRequest,
    state: &AppState,
    session: &Session,
    user: &User,
    method: &str,
) -> Result<()> {
    begin_session_at(request, state, session, user, method, None).await
}

/// The same, by an identity provider: its session, and its token for signing out there.
pub async fn begin_session_at(
    request: &HttpRequest,
    state: &AppState,
    session: &Session,
    user: &User,
    method: &str,
    provider: Option<(AtProvider, Option<String>)>,
) -> Result<()> {
    let address = client_address(request);
    let browser = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let beginning = Beginning {
        address: address.to_string(),
        browser: browser.chars().take(BROWSER).collect(),
        method: method.to_owned(),
        at_provider: provider.as_ref().map(|(at, _)| at.clone()),
    };
    let (actor, how) = (Actor::Person { user: user.clone(), address: Some(address) }, method.to_owned());
    state.db.write(move |tx| signing_in::record_success(tx, &actor, &how)).await?;
    session::begin(session, user, &beginning)?;
    match provider.and_then(|(_, id_token)| id_token) {
        Some(id_token) => session::keep_id_token(session, &id_token),
        None => Ok(()),
    }
}
