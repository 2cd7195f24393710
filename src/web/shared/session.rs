//! Sessions, stored in the database. The cookie has a signed random key (actix-session).

use std::collections::HashMap;

use actix_session::config::{CookieContentSecurity, SessionLifecycle, TtlExtensionPolicy};
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_session::{Session, SessionMiddleware};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Key, SameSite};
use serde::{Deserialize, Serialize};

use crate::accounts::sessions::{AtProvider, Beginning, Lifetimes};
use crate::accounts::{open_sessions, sessions};
use crate::clock;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::model::user::User;
use crate::secrets::random_hex;

/// The keys of a session's values. The CSRF token begins with the person's id.
pub const USER: &str = "user";
pub const CSRF: &str = "csrf";
/// Where the session began.
const ADDRESS: &str = "address";
const BROWSER: &str = "browser";
const METHOD: &str = "method";
/// The identity provider by which the person signed in, and its token for signing out there.
const PROVIDER: &str = "provider";
const ID_TOKEN: &str = "idToken";
/// Who has shown a password and must show a second factor.
const PENDING: &str = "pending";
/// The secret of an authenticator app that is being set up.
pub const NEW_AUTHENTICATOR: &str = "newAuthenticator";
/// What names the session in the list of open sessions.
pub const HANDLE: &str = "handle";

/// The middleware of the scopes with pages. Static files and the API have no session.
pub fn middleware(db: Db, key: Key, cookie: &str, lifetimes: Lifetimes) -> SessionMiddleware<Store> {
    let lifecycle = actix_session::config::BrowserSession::default()
        .state_ttl(Duration::microseconds(lifetimes.idle))
        .state_ttl_extension_policy(TtlExtensionPolicy::OnStateChanges);
    SessionMiddleware::builder(Store { db, lifetimes }, key)
        .cookie_name(cookie.to_owned())
        // The prefix of the name demands it.
        .cookie_secure(cookie.starts_with("__"))
        .cookie_same_site(SameSite::Lax)
        .cookie_content_security(CookieContentSecurity::Signed)
        .session_lifecycle(SessionLifecycle::BrowserSession(lifecycle))
        .build()
}

/// Signs a person in, with a new key: against session fixation.
pub fn begin(session: &Session, user: &User, beginning: &Beginning) -> Result<()> {
    session.clear();
    session.renew();
    let Beginning { address, browser, method, at_provider } = beginning;
    if let Some(at_provider) = at_provider {
        session.insert(PROVIDER, at_provider).map_err(Error::internal)?;
    }
    for (name, value) in [(ADDRESS, address), (BROWSER, browser), (METHOD, method)] {
        session.insert(name, value).map_err(Error::internal)?;
    }
    session.insert(USER, user.id).map_err(Error::internal)?;
    session.insert(CSRF, format!("{}{SEPARATOR}{}", user.id, random_hex(16)?)).map_err(Error::internal)
}

/// Keeps the token by which the person signs out at the provider.
pub fn keep_id_token(session: &Session, token: &str) -> Result<()> {
    session.insert(ID_TOKEN, token).map_err(Error::internal)
}

/// The provider by which the person signed in, with the token for signing out there.
pub fn at_provider(session: &Session) -> Option<(AtProvider, Option<String>)> {
    let at = session.get(PROVIDER).ok().flatten()?;
    Some((at, session.get(ID_TOKEN).ok().flatten()))
}

/// A person who has shown a password, and is not signed in before the second factor.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pending {
    pub user: i64,
    /// How they began, such as "password".
    pub method: String,
    /// The page that they wanted to see.
    pub next: String,
    /// Microseconds UTC.
    pub since: i64,
    /// Wrong codes so far.
    pub wrong: u32,
}

/// Begins a session that opens nothing but the page for the second factor.
pub fn begin_pending(session: &Session, pending: &Pending) -> Result<()> {
    session.clear();
    session.renew();
    store_pending(session, pending)
}

/// Stores who is pending, with one more wrong code.
pub fn store_pending(session: &Session, pending: &Pending) -> Result<()> {
    session.insert(PENDING, pending).map_err(Error::internal)
}

/// Who has shown a password within the last ten minutes.
pub fn pending(session: &Session) -> Option<Pending> {
    let pending: Option<Pending> = session.get(PENDING).ok().flatten();
    pending.filter(|pending| pending.since > clock::now() - PENDING_LASTS)
}

/// How long somebody may take for the second factor, in microseconds.
const PENDING_LASTS: i64 = 10 * clock::MINUTE;

/// Between the person and the random part of a CSRF token.
const SEPARATOR: char = '-';

/// Refuses a form from a page of somebody else, which stayed open in this browser: what they typed must not be saved
/// as the person's who has signed in since. Forms of an earlier session of the same person are taken.
pub fn refuse_forms_of_others(session: &Session, sent: Option<&str>) -> Result<()> {
    let person = |token: &str| token.split_once(SEPARATOR).map(|(person, _)| person.to_owned());
    let expected = session.get::<String>(CSRF).ok().flatten().and_then(|token| person(&token));
    match (expected, sent.and_then(person)) {
        (Some(expected), Some(sent)) if expected != sent => {
            Err(Error::Forbidden("Somebody else has signed in since this page was opened. Nothing was saved."))
        }
        _ => Ok(()),
    }
}

/// Where the middleware stores sessions.
pub struct Store {
    db: Db,
    lifetimes: Lifetimes,
}

type State = HashMap<String, String>;

impl Store {
    async fn write(&self, key: String, mut state: State) -> std::result::Result<(), anyhow::Error> {
        state.insert(HANDLE.to_owned(), serde_json::to_string(&open_sessions::handle(&key))?);
        let pending: Option<Pending> = state.get(PENDING).and_then(|text| serde_json::from_str(text).ok());
        // Ending the sessions of a person also ends one that waits for the second factor.
        let user = state.get(USER).and_then(|text| text.parse().ok()).or(pending.as_ref().map(|pending| pending.user));
        let text = serde_json::to_string(&state)?;
        let lifetimes = self.lifetimes;
        let value = |name: &str| -> String {
            state.get(name).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
        };
        let method = if pending.is_some() { open_sessions::PENDING.to_owned() } else { value(METHOD) };
        let at_provider = state.get(PROVIDER).and_then(|text| serde_json::from_str(text).ok());
        let beginning = Beginning { address: value(ADDRESS), browser: value(BROWSER), method, at_provider };
        Ok(self.db.write(move |tx| sessions::store(tx, &key, user, &text, &beginning, lifetimes)).await?)
    }
}

impl SessionStore for Store {
    async fn load(&self, key: &SessionKey) -> std::result::Result<Option<State>, LoadError> {
        let (text, lifetimes) = (key.as_ref().to_owned(), self.lifetimes);
        let stored = self
            .db
            .read_without_snapshot(move |conn| sessions::load(conn, &text, lifetimes))
            .await
            .map_err(|error| LoadError::Other(error.into()))?;
        // Every request loads its session, so the expiry is extended here. Reading goes on when writing cannot.
        if stored.as_ref().is_some_and(|session| sessions::wants_touch(session, lifetimes))
            && let Err(error) = self.update_ttl(key, &Duration::ZERO).await
        {
            tracing::warn!("a session could not be extended: {error}");
        }
        stored
            .map(|session| serde_json::from_str(&session.state).map_err(|e| LoadError::Deserialization(e.into())))
            .transpose()
    }

    async fn save(&self, state: State, _: &Duration) -> std::result::Result<SessionKey, SaveError> {
        let key = random_hex(32).map_err(|error| SaveError::Other(error.into()))?;
        self.write(key.clone(), state).await.map_err(SaveError::Other)?;
        key.try_into().map_err(|_| SaveError::Other(anyhow::anyhow!("the session key is too long")))
    }

    async fn update(
        &self,
        key: SessionKey,
        state: State,
        _: &Duration,
    ) -> std::result::Result<SessionKey, UpdateError> {
        self.write(key.as_ref().to_owned(), state).await.map_err(UpdateError::Other)?;
        Ok(key)
    }

    async fn update_ttl(&self, key: &SessionKey, _: &Duration) -> std::result::Result<(), anyhow::Error> {
        let (text, lifetimes) = (key.as_ref().to_owned(), self.lifetimes);
        Ok(self.db.write(move |tx| sessions::touch(tx, &text, lifetimes)).await?)
    }

    async fn delete(&self, key: &SessionKey) -> std::result::Result<(), anyhow::Error> {
        let text = key.as_ref().to_owned();
        Ok(self.db.write(move |tx| sessions::end(tx, &text)).await?)
    }
}
