//! GET and POST /setup: creates the first administrator. Needs the one-time code that the console shows;
//! once there is a user, the address is gone.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{passwords, people, setup, signing_in, users};
use crate::error::{Error, FieldErrors};
use crate::model::user::Role;
use crate::secrets;
use crate::web::account::begin_session::begin_session;
use crate::web::account::sign_in::too_soon;
use crate::web::account::small_form::SmallForm;
use crate::web::server::client_address::client_address;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::layout::{bare_page, see_other, theme};
use crate::web::shared::state::AppState;
use crate::web::shared::static_files;

/// Wrong codes are counted like failed sign-ins, under what can be no user name.
const THROTTLED_AS: &str = ":setup";

#[derive(Template)]
#[template(path = "account/setup.html")]
struct SetupPage {
    code: String,
    name: String,
    display_name: String,
    errors: FieldErrors,
    theme: String,
}

impl SetupPage {
    fn asset(&self, path: &str) -> String {
        static_files::url(path)
    }
}

pub async fn show(request: HttpRequest, state: Data<AppState>) -> Result<HttpResponse, Failure> {
    if state.db.read(users::any).await? {
        return Ok(see_other("/login", None));
    }
    page(&request, StatusCode::OK, &Submitted::default(), FieldErrors::default())
}

pub async fn create(
    request: HttpRequest,
    state: Data<AppState>,
    session: Session,
    form: SmallForm,
) -> Result<HttpResponse, Failure> {
    let SmallForm(form) = form;
    if state.db.read(users::any).await? {
        return Err(Error::NotFound.into());
    }
    let address = client_address(&request);
    let wait = state.throttle.wait(THROTTLED_AS, address);
    if !wait.is_zero() {
        let mut errors = FieldErrors::default();
        errors.add("code", too_soon(wait));
        return page(&request, StatusCode::TOO_MANY_REQUESTS, &form, errors);
    }
    let new = people::NewUser {
        name: form.text("name").to_owned(),
        display_name: form.text("display_name").to_owned(),
        role: Role::Administrator,
        password: form.text("password").to_owned(),
    };
    if let Err(errors) = check(&state, &form, &new) {
        if errors.at("code").is_some() {
            state.throttle.note_failure(THROTTLED_AS, address);
        }
        return page(&request, StatusCode::UNPROCESSABLE_ENTITY, &form, errors);
    }
    let password = new.password.clone();
    let hash = state.hashing.queue(address, true)?.run(move || passwords::hash(&password)).await??;
    let user = state.db.write(move |tx| setup::first_administrator(tx, &new, &hash)).await?;
    if let Ok(mut code) = state.setup_code.lock() {
        *code = None;
    }
    begin_session(&request, &state, &session, &user, signing_in::METHOD).await?;
    Ok(see_other("/incidents", Some("Welcome. You are the first administrator.")))
}

fn check(state: &AppState, form: &Submitted, new: &people::NewUser) -> Result<(), FieldErrors> {
    let mut errors = match people::check(new) {
        Err(Error::Invalid(errors)) => errors,
        _ => FieldErrors::default(),
    };
    let expected = state.setup_code.lock().ok().and_then(|code| code.clone());
    if !expected.is_some_and(|expected| secrets::equal(form.text("code").trim(), &expected)) {
        errors.add("code", "This is not the one-time code from the console.");
    }
    if form.text("password") != form.text("password_again") {
        errors.add("password_again", "The passwords do not match.");
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn page(
    request: &HttpRequest,
    status: StatusCode,
    form: &Submitted,
    errors: FieldErrors,
) -> Result<HttpResponse, Failure> {
    let page = SetupPage {
        code: form.text("code").to_owned(),
        name: form.text("name").to_owned(),
        display_name: form.text("display_name").to_owned(),
        errors,
        theme: theme(request),
    };
    bare_page(status, &page)
}
