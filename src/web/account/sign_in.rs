//! GET and POST /login, POST /logout, GET /login/demo/{code}: signing in and out.

use std::time::Duration;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::network::Origin;
use crate::accounts::password_sign_in::{self, PasswordSignIn};
use crate::accounts::second_factor::passkeys::Site;
use crate::accounts::sessions::AtProvider;
use crate::accounts::signing_in::{Attempt, Outcome};
use crate::accounts::single_sign_on::flow;
use crate::accounts::single_sign_on::providers;
use crate::accounts::{signing_in, user_names, users};
use crate::error::Error;
use crate::secrets;
use crate::text::counted;
use crate::web::account::begin_session::begin_session;
use crate::web::account::continue_sign_in::continue_sign_in;
use crate::web::account::small_form::SmallForm;
use crate::web::server::client_address::client_address;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{bare_page, see_other, theme};
use crate::web::shared::own_address::{own_address, own_origin};
use crate::web::shared::state::AppState;
use crate::web::shared::{flash, known_browser, query, session, static_files};

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct LoginPage {
    next: String,
    name: String,
    error: Option<String>,
    /// Whether passkeys can be used at the address by which the browser came.
    passkeys: bool,
    /// The name and address of each identity provider.
    providers: Vec<(String, String)>,
    /// Whether people sign in by password.
    passwords: bool,
    theme: String,
}

impl LoginPage {
    fn asset(&self, path: &str) -> String {
        static_files::url(path)
    }

    async fn new(request: &HttpRequest, state: &AppState, next: String) -> Result<Self, Error> {
        let passkeys = Site::of(&own_origin(request, state)).is_some();
        let (providers, passwords) =
            state.db.read(|conn| Ok((providers::enabled(conn)?, password_sign_in::get(conn)?))).await?;
        let encoded: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let address = |slug: &str| {
            if next.is_empty() { format!("/login/oidc/{slug}") } else { format!("/login/oidc/{slug}?next={encoded}") }
        };
        let providers = providers.into_iter().map(|provider| (provider.name, address(&provider.slug))).collect();
        let passwords = passwords == PasswordSignIn::On;
        Ok(Self { next, name: String::new(), error: None, passkeys, providers, passwords, theme: theme(request) })
    }
}

pub async fn show(request: HttpRequest, state: Data<AppState>) -> Result<HttpResponse, Failure> {
    if !state.db.read(users::any).await? {
        return Ok(see_other("/setup", None));
    }
    let next = query::value(&request, "next").unwrap_or_default();
    let error = flash::read(&request).map(|flash| flash.message);
    let page = LoginPage { error, ..LoginPage::new(&request, &state, next).await? };
    let mut response = bare_page(StatusCode::OK, &page)?;
    if page.error.is_some() {
        response.add_cookie(&flash::clear()).map_err(Error::internal)?;
    }
    Ok(response)
}

pub async fn sign_in(
    request: HttpRequest,
    state: Data<AppState>,
    session: Session,
    form: SmallForm,
) -> Result<HttpResponse, Failure> {
    let SmallForm(form) = form;
    let known_browser = known_browser::find(&request, &state.cookie_key, form.text("name"));
    let attempt = Attempt {
        name: form.text("name").to_owned(),
        password: form.text("password").to_owned(),
        origin: Origin { address: client_address(&request), known_browser: known_browser.clone() },
    };
    match look_at(&state, attempt).await? {
        Outcome::Right(user) => {
            let next = form.text("next");
            let mut response = continue_sign_in(&request, &state, &session, &user, signing_in::METHOD, next).await?;
            let cookie = known_browser::cookie(&state.cookie_key, &user.name, known_browser)?;
            response.add_cookie(&cookie).map_err(Error::internal)?;
            Ok(response)
        }
        Outcome::Off => Err(Error::Forbidden("Sign-in by password is switched off.").into()),
        refused => refusal(&request, &state, &form, &refused).await,
    }
}

/// What becomes of an attempt. One that comes too soon takes no place in the queue for hashing.
async fn look_at(state: &AppState, attempt: Attempt) -> Result<Outcome, Error> {
    let Attempt { name, origin, .. } = &attempt;
    if !user_names::is_possible(name) {
        return Ok(Outcome::Wrong);
    }
    let wait = state.throttle.wait(name, origin.clone());
    if !wait.is_zero() {
        return Ok(Outcome::TooSoon(wait));
    }
    let place = state.hashing.queue(origin.address, state.throttle.knows(name, origin.clone()))?;
    let (db, throttle) = (state.db.clone(), state.throttle.clone());
    place.run(move || signing_in::attempt(&db, &throttle, &attempt)).await?
}

/// The form again, with why.
async fn refusal(
    request: &HttpRequest,
    state: &AppState,
    form: &Submitted,
    outcome: &Outcome,
) -> Result<HttpResponse, Failure> {
    let (next, name) = (form.text("next").to_owned(), form.text("name").to_owned());
    let (status, error) = match outcome {
        Outcome::TooSoon(wait) => (StatusCode::TOO_MANY_REQUESTS, too_soon(*wait)),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, "User name or password is wrong.".to_owned()),
    };
    let name = if user_names::is_possible(&name) { name } else { String::new() };
    let page = LoginPage { name, error: Some(error), ..LoginPage::new(request, state, next).await? };
    let mut response = bare_page(status, &page)?;
    if let Outcome::TooSoon(wait) = outcome {
        response.headers_mut().insert(RETRY_AFTER, seconds(*wait).into());
    }
    Ok(response)
}

/// Why an attempt was not looked at.
pub(super) fn too_soon(wait: Duration) -> String {
    let wait = match seconds(wait) {
        seconds @ ..=90 => counted(seconds, "second"),
        seconds => counted(seconds.div_ceil(60), "minute"),
    };
    format!("Too many attempts. Try again in {wait}.")
}

/// Whole seconds, rounded up.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// Ends the session, and has the browser forget pages and drafts. Browsers do that over HTTPS and on the machine
/// itself only, so the script removes its drafts too. Below a path nothing is asked of the browser, since it would
/// remove what other sites on this host keep; nor are cookies removed, which may be those of a whole domain.
pub async fn sign_out(
    request: HttpRequest,
    state: Data<AppState>,
    session: Session,
    person: SignedIn,
) -> Result<HttpResponse, Failure> {
    let provider = session::at_provider(&session);
    session.purge();
    let actor = person.actor();
    state.db.write(move |tx| signing_in::record_sign_out(tx, &actor)).await?;
    let mut response = match elsewhere(&request, &state, provider).await {
        // A form may not lead to another server (form-action), so that this page leads there.
        Some(address) => bare_page(StatusCode::OK, &SigningOutPage { address, theme: theme(&request) })?,
        None => see_other("/login", None),
    };
    if state.base_path.is_root() {
        let what = HeaderValue::from_static("\"cache\", \"storage\"");
        response.headers_mut().insert(HeaderName::from_static("clear-site-data"), what);
    }
    Ok(response)
}

/// Leads on to the identity provider.
#[derive(Template)]
#[template(path = "account/signing_out.html")]
struct SigningOutPage {
    address: String,
    theme: String,
}

impl SigningOutPage {
    fn asset(&self, path: &str) -> String {
        static_files::url(path)
    }
}

/// Where the person signs out at the identity provider too. None where that cannot be, or cannot be found out now.
async fn elsewhere(
    request: &HttpRequest,
    state: &AppState,
    at: Option<(AtProvider, Option<String>)>,
) -> Option<String> {
    let (at, id_token) = at?;
    let provider = state.db.read(move |conn| providers::find(conn, at.id)).await.ok()?;
    let (metadata, back) = (state.identity_providers.clone(), format!("{}/login", own_address(request, state)));
    let find = move || flow::sign_out_address(&metadata, &provider, id_token.as_deref(), &back);
    actix_web::web::block(find).await.ok()?.ok().flatten()
}

/// The link that `watchdesk demo` prints. In any other mode there is no such address.
pub async fn demo(
    request: HttpRequest,
    state: Data<AppState>,
    session: Session,
    code: Path<String>,
) -> Result<HttpResponse, Failure> {
    let Some((secret, user)) = &state.demo_link else {
        return Err(Error::NotFound.into());
    };
    if !secrets::equal(secret, &code) {
        return Err(Error::NotFound.into());
    }
    let id = *user;
    let user = state.db.read(move |conn| users::find(conn, id)).await?;
    begin_session(&request, &state, &session, &user, "demo").await?;
    Ok(see_other("/incidents", None))
}
