//! What follows a right password: the second factor where there is one, setting one up where there must be one, or the
//! page that the person wanted to see.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::second_factor::authenticator;
use crate::accounts::second_factor::{self, Step};
use crate::clock;
use crate::error::{Error, Result};
use crate::model::user::User;
use crate::web::account::begin_session::begin_session;
use crate::web::shared::form::local_path;
use crate::web::shared::layout::see_other;
use crate::web::shared::session::{self, NEW_AUTHENTICATOR, Pending};
use crate::web::shared::state::AppState;

/// Where the second factor is asked for.
pub const SECOND_FACTOR: &str = "/login/second-factor";
/// Where one that must be is set up.
pub const SET_UP: &str = "/login/second-factor/set-up";

/// `method` says how the person began, `next` what page they wanted to see.
pub async fn continue_sign_in(
    request: &HttpRequest,
    state: &AppState,
    session: &Session,
    user: &User,
    method: &str,
    next: &str,
) -> Result<HttpResponse> {
    let next = local_path(next).unwrap_or("/incidents");
    let known = user.clone();
    let step = state.db.read(move |conn| second_factor::next_step(conn, &known)).await?;
    if step == Step::None {
        begin_session(request, state, session, user, method).await?;
        return Ok(see_other(next, None));
    }
    let pending =
        Pending { user: user.id, method: method.to_owned(), next: next.to_owned(), since: clock::now(), wrong: 0 };
    session::begin_pending(session, &pending)?;
    if step == Step::Verify {
        return Ok(see_other(SECOND_FACTOR, None));
    }
    session.insert(NEW_AUTHENTICATOR, authenticator::new_secret()?).map_err(Error::internal)?;
    Ok(see_other(SET_UP, None))
}
