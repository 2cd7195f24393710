//! What the page of a person does, each by a POST below /settings/people/{id}: another role, disabling and enabling,
//! a new password, ending sessions, handing over what they own.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::open_sessions::{self, Ended};
use crate::accounts::{one_time_links, people, second_factor, users};
use crate::db::Tx;
use crate::error::Error;
use crate::model::user::{Role, User};
use crate::operations::bulk::Done;
use crate::operations::hand_over;
use crate::permissions::{Action, require};
use crate::text::counted;
use crate::web::settings::people::one_time_link::{LinkPage, address};
use crate::web::settings::people::person::{path, respond};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::own_address::own_address;
use crate::web::shared::paths;
use crate::web::shared::state::AppState;

/// Answers an act with the page of the person: with its message, or with what is wrong.
async fn answer(
    state: &AppState,
    layout: Layout,
    session: &Session,
    id: i64,
    form: &Submitted,
    done: Result<String, Error>,
) -> Result<HttpResponse, Failure> {
    match done {
        Ok(notice) => Ok(see_other(&path(id), Some(&notice))),
        Err(Error::Invalid(errors)) => {
            respond(state, layout, session, id, form, StatusCode::UNPROCESSABLE_ENTITY, errors).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn set_role(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (id, actor, role) = (id.into_inner(), person.actor(), Role::parse(form.text("role")));
    let write = move |tx: &mut Tx<'_>| {
        let role = role.ok_or_else(|| Error::at_field("role", "Choose a role."))?;
        let name = users::find(tx.conn, id)?.name;
        // The page has one place for what is wrong with a role.
        people::set_role(tx, &actor, &name, role).map_err(|error| error.moved("name", "role"))
    };
    let done = state.db.write(write).await;
    let done = done.map(|user: User| format!("{} now has the role {}.", user.display_name, user.role.label()));
    answer(&state, layout, &session, id, &form, done).await
}

pub async fn set_disabled(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (id, actor, disables) = (id.into_inner(), person.actor(), form.text("disabled") == "yes");
    let write = move |tx: &mut Tx<'_>| {
        let name = users::find(tx.conn, id)?.name;
        let change = if disables { people::disable } else { people::enable };
        change(tx, &actor, &name).map_err(|error| error.moved("name", "disabled"))
    };
    let done = state.db.write(write).await;
    let verb = if disables { "disabled" } else { "enabled" };
    let done = done.map(|user: User| format!("{} is {verb}.", user.display_name));
    answer(&state, layout, &session, id, &form, done).await
}

/// Shows the link for a new password, once.
pub async fn reset(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (id, actor) = (id.into_inner(), person.actor());
    require(&actor, Action::Administer)?;
    let write = move |tx: &mut Tx<'_>| {
        let user = users::find(tx.conn, id)?;
        let reset = one_time_links::reset_password(tx, &actor, &user.name);
        Ok((reset.map_err(|error| error.moved("name", "reset"))?, user.display_name))
    };
    match state.db.write(write).await {
        Ok((secret, name)) => {
            let page = LinkPage {
                title: format!("New password for {name}"),
                explanation: format!(
                    "Give this link to {name}, and to nobody else: whoever opens it first chooses the password. \
                     The old password no longer works, and all sessions have ended."
                ),
                address: address(&own_address(&request, &state), &secret),
                lasts: "1 day",
                back: path(id),
                layout,
            };
            page.respond()
        }
        Err(error) => answer(&state, layout, &session, id, &form, Err(error)).await,
    }
}

pub async fn reset_second_factor(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (id, actor) = (id.into_inner(), person.actor());
    let done = state.db.write(move |tx| second_factor::remove_all(tx, &actor, id)).await;
    let done = done.map(|user| format!("{} signs in without a second factor until one is set up.", user.display_name));
    answer(&state, layout, &session, id, &form, done).await
}

pub async fn end_sessions(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (id, actor) = (id.into_inner(), person.actor());
    require(&actor, Action::Administer)?;
    let which = form.get("session").map_or(Ended::AllBut(None), |handle| Ended::One(handle.to_owned()));
    let done = state.db.write(move |tx| open_sessions::end(tx, &actor, id, &which)).await;
    let done = done.map(|ended| format!("{} ended.", counted(ended, "session")));
    answer(&state, layout, &session, id, &form, done).await
}

pub async fn hand_over(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (id, actor, to) = (id.into_inner(), person.actor(), form.text("to").to_owned());
    let write = move |tx: &mut Tx<'_>| hand_over::hand_over(tx, &actor, id, &to);
    match state.jobs.write_and_run(&state.db, person.user.id, write, Done::job).await {
        Ok(Done::Started { operation } | Done::Before { operation }) => {
            Ok(see_other(&paths::operation(operation), None))
        }
        Ok(Done::Now { .. } | Done::Nothing(_)) => Ok(see_other(&path(id), Some("Everything was handed over."))),
        Err(error) => answer(&state, layout, &session, id, &form, Err(error)).await,
    }
}
