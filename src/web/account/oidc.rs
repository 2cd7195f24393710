//! Below /login/oidc/{provider}: sending people to an identity provider, taking them back, and hearing from it whose
//! sessions are over.

use actix_session::Session;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, CookieJar, Key, SameSite};
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::sessions::AtProvider;
use crate::accounts::signing_in;
use crate::accounts::single_sign_on::flow::{self, Begun, Returned};
use crate::accounts::single_sign_on::providers::{self, Provider};
use crate::accounts::single_sign_on::{back_channel, matching};
use crate::error::Error;
use crate::web::account::begin_session::begin_session_at;
use crate::web::account::small_form::SmallForm;
use crate::web::server::client_address::client_address;
use crate::web::shared::error::Failure;
use crate::web::shared::form::local_path;
use crate::web::shared::layout::see_other;
use crate::web::shared::own_address::own_address;
use crate::web::shared::query;
use crate::web::shared::state::AppState;

/// The cookie with what the browser keeps while the person is at the provider, encrypted.
const COOKIE: &str = "watchdesk_sign_in";
/// Sign-ins that a provider refuses are counted like wrong passwords, under what can be no user name.
const THROTTLED_AS: &str = ":provider";

async fn provider_of(state: &AppState, slug: &str) -> Result<Provider, Error> {
    let slug = slug.to_owned();
    state.db.read(move |conn| providers::by_slug(conn, &slug)).await
}

/// Where the provider sends the browser back to.
pub fn redirect_address(request: &HttpRequest, state: &AppState, slug: &str) -> String {
    format!("{}/login/oidc/{slug}/callback", own_address(request, state))
}

/// GET /login/oidc/{provider}: sends the browser to the provider.
pub async fn begin(request: HttpRequest, state: Data<AppState>, slug: Path<String>) -> Result<HttpResponse, Failure> {
    let provider = provider_of(&state, &slug).await?;
    let redirect = redirect_address(&request, &state, &slug);
    let next = query::value(&request, "next").unwrap_or_default();
    let next = local_path(&next).unwrap_or("/incidents").to_owned();
    let metadata = state.identity_providers.clone();
    let begun = blocking(move || flow::begin(&metadata, &provider, &redirect, &next)).await;
    match begun {
        Ok((address, begun)) => {
            let mut response = HttpResponse::SeeOther().insert_header((LOCATION, address)).finish();
            response.add_cookie(&sealed(&state.cookie_key, &begun)?).map_err(Error::internal)?;
            Ok(response)
        }
        Err(error) => refusal(error),
    }
}

/// Runs what waits for the provider off the async threads.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    actix_web::web::block(work).await.map_err(Error::internal)?
}

fn sealed(key: &Key, begun: &Begun) -> Result<Cookie<'static>, Error> {
    let cookie = Cookie::build(COOKIE, serde_json::to_string(begun)?)
        .path("/login/oidc")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::minutes(10))
        .finish();
    let mut jar = CookieJar::new();
    jar.private_mut(key).add(cookie);
    jar.get(COOKIE).cloned().ok_or_else(|| Error::internal("the cookie was not sealed"))
}

/// Has the browser forget the cookie.
fn removed() -> Cookie<'static> {
    let mut cookie = Cookie::build(COOKIE, "").path("/login/oidc").finish();
    cookie.make_removal();
    cookie
}

fn opened(request: &HttpRequest, key: &Key) -> Option<Begun> {
    let cookie = CookieJar::new().private(key).decrypt(request.cookie(COOKIE)?)?;
    serde_json::from_str(cookie.value()).ok()
}

/// Back to the page for signing in, with why.
fn refusal(error: Error) -> Result<HttpResponse, Failure> {
    match error {
        Error::Invalid(errors) => {
            let mut response = see_other("/login", Some(&errors.to_string()));
            response.add_cookie(&removed()).map_err(Error::internal)?;
            Ok(response)
        }
        error => Err(error.into()),
    }
}

/// GET /login/oidc/{provider}/callback: the browser comes back.
pub async fn callback(
    request: HttpRequest,
    state: Data<AppState>,
    session: Session,
    slug: Path<String>,
) -> Result<HttpResponse, Failure> {
    let provider = provider_of(&state, &slug).await?;
    let address = client_address(&request);
    match arrive(&request, &state, &session, &provider).await {
        Ok(next) => {
            let mut response = see_other(&next, None);
            response.add_cookie(&removed()).map_err(Error::internal)?;
            Ok(response)
        }
        Err(error @ Error::Invalid(_)) => {
            state.throttle.note_failure(THROTTLED_AS, address);
            state.db.write(move |tx| signing_in::record_failure(tx, address, None, &provider.name)).await?;
            refusal(error)
        }
        Err(error) => Err(error.into()),
    }
}

/// Signs in whom the provider names. Returns the page that they wanted to see.
async fn arrive(
    request: &HttpRequest,
    state: &AppState,
    session: &Session,
    provider: &Provider,
) -> Result<String, Error> {
    let wait = state.throttle.wait(THROTTLED_AS, client_address(request));
    if !wait.is_zero() {
        return Err(Error::at_field("provider", super::sign_in::too_soon(wait)));
    }
    let begun = opened(request, &state.cookie_key).ok_or_else(|| {
        Error::at_field("provider", "This sign-in is over, or was begun in another browser. Try again.")
    })?;
    let value = |name: &str| query::value(request, name);
    let returned = Returned {
        code: value("code").unwrap_or_default(),
        state: value("state").unwrap_or_default(),
        issuer: value("iss"),
        error: value("error"),
    };
    let redirect = redirect_address(request, state, &provider.slug);
    let next = begun.next.clone();
    let (metadata, known) = (state.identity_providers.clone(), provider.clone());
    let arrived = blocking(move || flow::finish(&metadata, &known, &redirect, &begun, &returned)).await?;
    let (known, named) = (provider.clone(), arrived.clone());
    let user = state.db.write(move |tx| matching::account_of(tx, &known, &named, None)).await?;
    let at = AtProvider { id: provider.id, session: arrived.session };
    begin_session_at(request, state, session, &user, &provider.name, Some((at, arrived.id_token))).await?;
    Ok(next)
}

/// POST /login/oidc/{provider}/back-channel: the provider tells whose sessions are over.
pub async fn back_channel(
    state: Data<AppState>,
    slug: Path<String>,
    SmallForm(form): SmallForm,
) -> Result<HttpResponse, Failure> {
    let provider = provider_of(&state, &slug).await?;
    let (metadata, known, token) =
        (state.identity_providers.clone(), provider.clone(), form.text("logout_token").to_owned());
    let no_store = ("Cache-Control", "no-store");
    match blocking(move || back_channel::read(&metadata, &known, &token)).await {
        Ok(over) => {
            state.db.write(move |tx| back_channel::end(tx, &provider, &over)).await?;
            Ok(HttpResponse::Ok().insert_header(no_store).finish())
        }
        Err(Error::Invalid(errors)) => {
            let error = serde_json::json!({ "error": "invalid_request", "error_description": errors.to_string() });
            Ok(HttpResponse::BadRequest().insert_header(no_store).json(error))
        }
        Err(error) => Err(error.into()),
    }
}
