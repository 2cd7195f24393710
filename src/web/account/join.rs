//! GET and POST /join/{secret}: the one-time links of invitations and of new passwords.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::one_time_links::{self, OneTimeLink, Purpose};
use crate::accounts::{passwords, signing_in};
use crate::error::{Error, FieldErrors};
use crate::web::account::begin_session::begin_session;
use crate::web::account::continue_sign_in::continue_sign_in;
use crate::web::account::sign_in::too_soon;
use crate::web::account::small_form::SmallForm;
use crate::web::server::client_address::client_address;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::layout::{bare_page, see_other, theme};
use crate::web::shared::state::AppState;
use crate::web::shared::static_files;

/// Wrong links are counted like failed sign-ins, under what can be no user name.
const THROTTLED_AS: &str = ":join";

#[derive(Template)]
#[template(path = "account/join.html")]
struct JoinPage {
    /// None where the link does not work.
    link: Option<OneTimeLink>,
    secret: String,
    errors: FieldErrors,
    theme: String,
}

impl JoinPage {
    fn asset(&self, path: &str) -> String {
        static_files::url(path)
    }

    fn is_sign_in(&self) -> bool {
        self.link.as_ref().is_some_and(|link| link.purpose == Purpose::SignIn)
    }

    fn is_reset(&self) -> bool {
        self.link.as_ref().is_some_and(|link| link.purpose == Purpose::Reset)
    }
}

pub async fn show(request: HttpRequest, state: Data<AppState>, secret: Path<String>) -> Result<HttpResponse, Failure> {
    let link = find(&request, &state, &secret).await?;
    page(&request, link, &secret, FieldErrors::default())
}

/// The link, while it works. Guessing is limited.
async fn find(request: &HttpRequest, state: &AppState, secret: &str) -> Result<Option<OneTimeLink>, Error> {
    let address = client_address(request);
    let wait = state.throttle.wait(THROTTLED_AS, address);
    if !wait.is_zero() {
        return Err(Error::at_field("link", too_soon(wait)));
    }
    let wanted = secret.to_owned();
    let link = state.db.read(move |conn| one_time_links::find(conn, &wanted)).await?;
    if link.is_none() {
        state.throttle.note_failure(THROTTLED_AS, address);
    }
    Ok(link)
}

fn page(
    request: &HttpRequest,
    link: Option<OneTimeLink>,
    secret: &str,
    errors: FieldErrors,
) -> Result<HttpResponse, Failure> {
    let status = match (&link, errors.is_empty()) {
        (None, _) => StatusCode::NOT_FOUND,
        (Some(_), true) => StatusCode::OK,
        (Some(_), false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    bare_page(status, &JoinPage { link, secret: secret.to_owned(), errors, theme: theme(request) })
}

pub async fn accept(
    request: HttpRequest,
    state: Data<AppState>,
    session: Session,
    secret: Path<String>,
    SmallForm(form): SmallForm,
) -> Result<HttpResponse, Failure> {
    let Some(link) = find(&request, &state, &secret).await? else {
        return page(&request, None, &secret, FieldErrors::default());
    };
    if link.purpose == Purpose::SignIn {
        return sign_in(&request, &state, &session, &secret).await;
    }
    if let Err(Error::Invalid(errors)) = check(&link, &form) {
        return page(&request, Some(link), &secret, errors);
    }
    let (address, password) = (client_address(&request), form.text("password").to_owned());
    let hash = state.hashing.queue(address, true)?.run(move || passwords::hash(&password)).await??;
    let wanted = secret.clone();
    let user = match state.db.write(move |tx| one_time_links::accept(tx, &wanted, &hash, address)).await {
        Ok(user) => user,
        // Somebody else used it meanwhile.
        Err(Error::NotFound) => return page(&request, None, &secret, FieldErrors::default()),
        // Somebody else got the name meanwhile.
        Err(Error::Invalid(errors)) => return page(&request, Some(link), &secret, errors),
        Err(error) => return Err(error.into()),
    };
    Ok(continue_sign_in(&request, &state, &session, &user, signing_in::METHOD, "/incidents").await?)
}

/// Signs in by a link alone.
async fn sign_in(
    request: &HttpRequest,
    state: &AppState,
    session: &Session,
    secret: &str,
) -> Result<HttpResponse, Failure> {
    let wanted = secret.to_owned();
    match state.db.write(move |tx| one_time_links::sign_in(tx, &wanted)).await {
        Ok(user) => {
            begin_session(request, state, session, &user, "sign-in link").await?;
            Ok(see_other("/incidents", None))
        }
        Err(Error::NotFound) => page(request, None, secret, FieldErrors::default()),
        Err(error) => Err(error.into()),
    }
}

fn check(link: &OneTimeLink, form: &Submitted) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    if let Err(Error::Invalid(wrong)) = one_time_links::check_password(link, form.text("password")) {
        errors.extend(wrong);
    }
    if form.text("password") != form.text("password_again") {
        errors.add("password_again", "The passwords do not match.");
    }
    errors.into_result()
}
