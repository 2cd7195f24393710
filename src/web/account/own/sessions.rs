//! POST /account/sessions: ends one of one's own sessions, or all others.

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::accounts::open_sessions::{self, Ended};
use crate::text::counted;
use crate::web::account::own::page::{PATH, respond};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::session::HANDLE;
use crate::web::shared::state::AppState;

pub async fn end(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let this = session.get::<String>(HANDLE).ok().flatten();
    let which = form.get("session").map_or_else(|| Ended::AllBut(this), |handle| Ended::One(handle.to_owned()));
    let (actor, id) = (person.actor(), person.user.id);
    match state.db.write(move |tx| open_sessions::end(tx, &actor, id, &which)).await {
        Ok(ended) => Ok(see_other(PATH, Some(&format!("{} ended.", counted(ended, "session"))))),
        Err(error) => respond(&state, layout, &session, Submitted::default(), Err(error)).await,
    }
}
