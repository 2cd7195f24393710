//! GET and POST /login, POST /logout, GET /login/demo/{code}: signing in and out.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{signing_in, users};
use crate::error::Error;
use crate::secrets;
use crate::web::server::client_address::client_address;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, local_path};
use crate::web::shared::layout::{bare_page, see_other, theme};
use crate::web::shared::state::AppState;
use crate::web::shared::{query, session, static_files};

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct LoginPage {
    next: String,
    name: String,
    error: Option<&'static str>,
    theme: String,
}

impl LoginPage {
    fn asset(&self, path: &str) -> String {
        static_files::url(path)
    }
}

pub async fn show(request: HttpRequest, state: Data<AppState>) -> Result<HttpResponse, Failure> {
    if !state.db.read(users::any).await? {
        return Ok(see_other("/setup", None));
    }
    let next = query::value(&request, "next").unwrap_or_default();
    bare_page(StatusCode::OK, &LoginPage { next, name: String::new(), error: None, theme: theme(&request) })
}

pub async fn sign_in(
    request: HttpRequest,
    state: Data<AppState>,
    session: Session,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let address = client_address(&request).map(|address| address.to_string()).unwrap_or_default();
    let (name, password) = (form.text("name").to_owned(), form.text("password").to_owned());
    let refused = |status, error| {
        let (next, name) = (form.text("next").to_owned(), form.text("name").to_owned());
        bare_page(status, &LoginPage { next, name, error: Some(error), theme: theme(&request) })
    };
    // Acquired before the throttle is asked: of attempts sent at the same time, each must see the failures
    // before it.
    let _permit = state.hashing.acquire().await.map_err(Error::internal)?;
    if !state.throttle.allows(&name, &address) {
        return refused(StatusCode::TOO_MANY_REQUESTS, "Too many attempts. Wait a minute and try again.");
    }
    let user_name = name.clone();
    let user = state.db.read(move |conn| signing_in::verify(conn, &user_name, &password)).await?;
    let Some(user) = user else {
        state.throttle.note_failure(&name, &address);
        return refused(StatusCode::UNPROCESSABLE_ENTITY, "User name or password is wrong.");
    };
    session::begin(&session, &user)?;
    Ok(see_other(local_path(form.text("next")).unwrap_or("/incidents"), None))
}

pub async fn sign_out(session: Session) -> HttpResponse {
    session.purge();
    see_other("/login", None)
}

/// The link that `watchdesk demo` prints. In any other mode there is no such address.
pub async fn demo(state: Data<AppState>, session: Session, code: Path<String>) -> Result<HttpResponse, Failure> {
    let Some((secret, user)) = &state.demo_link else {
        return Err(Error::NotFound.into());
    };
    if !secrets::equal(secret, &code) {
        return Err(Error::NotFound.into());
    }
    let id = *user;
    let user = state.db.read(move |conn| users::find(conn, id)).await?;
    session::begin(&session, &user)?;
    Ok(see_other("/incidents", None))
}
