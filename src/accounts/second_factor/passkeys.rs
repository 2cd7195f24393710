//! Passkeys: keys in a device or a password manager, which sign a person in by a fingerprint, a face or a PIN (WebAuthn).
//! They stand for both factors: whoever has one needs no password.

use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::auth::AuthenticationVerificationOptions;
use webauthn_rp::request::register::{
    CredProtect, PublicKeyCredentialUserEntity, RegistrationVerificationOptions, USER_HANDLE_MAX_LEN, UserHandle64,
};
use webauthn_rp::request::{AsciiDomain, FixedCapHashSet, InsertResult, PublicKeyCredentialDescriptor, RpId};
use webauthn_rp::response::register::{CompressedPubKey, DynamicState, StaticState};
use webauthn_rp::response::{AuthTransports, CredentialId};
use webauthn_rp::{
    AuthenticatedCredential, DiscoverableAuthentication64, DiscoverableAuthenticationServerState,
    DiscoverableCredentialRequestOptions, PublicKeyCredentialCreationOptions, Registration, RegistrationServerState,
};

use crate::accounts::people::{acting_person, target};
use crate::accounts::users;
use crate::audit::{self, Activity};
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::schema::{passkey_handles, passkeys as table};
use crate::secrets::random_bytes;

/// Most passkeys of a person.
const MOST: i64 = 20;
/// Longest name of a passkey, in characters.
const NAME: usize = 100;
/// Most ceremonies that may have begun and not ended, each for at most five minutes.
const CEREMONIES: usize = 1_000;

/// What is wrong with an answer of a browser that cannot be taken. The library's own reason is for the log.
const NOT_ACCEPTED: &str = "The passkey was not accepted. Try again.";

/// Where browsers reach the server.
#[derive(Debug, Clone)]
pub struct Site {
    /// Scheme, host and port.
    pub origin: String,
    domain: RpId,
}

impl Site {
    /// None where passkeys cannot be used: an address that is no name, or one without https that is not this machine.
    pub fn of(origin: &str) -> Option<Self> {
        let (scheme, rest) = origin.split_once("://")?;
        let host = rest.rsplit_once(':').map_or(rest, |(host, _)| host);
        let is_name = host.parse::<std::net::IpAddr>().is_err() && !host.starts_with('[');
        let is_secure = scheme == "https" || host == "localhost";
        let domain = AsciiDomain::try_from(host.to_ascii_lowercase()).ok()?;
        (is_name && is_secure).then(|| Self { origin: origin.to_owned(), domain: RpId::Domain(domain) })
    }
}

/// Ceremonies that have begun. Each is used once.
pub struct Ceremonies {
    registrations: Mutex<FixedCapHashSet<RegistrationServerState<USER_HANDLE_MAX_LEN>>>,
    sign_ins: Mutex<FixedCapHashSet<DiscoverableAuthenticationServerState>>,
}

impl Default for Ceremonies {
    fn default() -> Self {
        Self {
            registrations: Mutex::new(FixedCapHashSet::new(CEREMONIES)),
            sign_ins: Mutex::new(FixedCapHashSet::new(CEREMONIES)),
        }
    }
}

/// A passkey as it is listed.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct Passkey {
    pub credential_id: String,
    pub name: String,
    /// Microseconds UTC.
    pub added_at: i64,
    pub last_used_at: Option<i64>,
}

/// The passkeys of a person, the newest first.
pub fn list(conn: &mut AnyConnection, user: i64) -> Result<Vec<Passkey>> {
    Ok(table::table
        .filter(table::user_id.eq(user))
        .order((table::added_at.desc(), table::credential_id))
        .select(Passkey::as_select())
        .load(conn)?)
}

/// Begins adding a passkey: what the browser is given, as JSON.
pub fn begin_adding(tx: &mut Tx<'_>, actor: &Actor, site: &Site, ceremonies: &Ceremonies) -> Result<String> {
    let user = acting_person(actor)?;
    let handle = handle_of(tx, user.id)?;
    let known: Vec<String> =
        table::table.filter(table::user_id.eq(user.id)).select(table::credential_id).load(tx.conn)?;
    if i64::try_from(known.len()).unwrap_or(i64::MAX) >= MOST {
        return Err(Error::at_field("passkey", "You have 20 passkeys. Remove one first."));
    }
    let known = known.iter().filter_map(|id| {
        let id = CredentialId::<Vec<u8>>::decode(decoded(id)?).ok()?;
        // The browser finds out how the authenticator is reached.
        let transports = AuthTransports::decode(0).ok()?;
        Some(PublicKeyCredentialDescriptor { id, transports })
    });
    let entity = PublicKeyCredentialUserEntity {
        name: user.name.as_str().try_into().map_err(Error::internal)?,
        id: &handle,
        display_name: user.display_name.as_str().try_into().ok(),
    };
    let mut options = PublicKeyCredentialCreationOptions::passkey(&site.domain, entity, known.collect());
    // Many authenticators do not have this extension, and would be refused. The user is verified anyway.
    options.extensions.cred_protect = CredProtect::None;
    let (server, client) = options.start_ceremony().map_err(Error::internal)?;
    let shown = serde_json::to_string(&client)?;
    let mut registrations = ceremonies.registrations.lock().map_err(Error::internal)?;
    match registrations.insert_or_replace_all_expired(server) {
        InsertResult::Success => Ok(shown),
        _ => Err(Error::at_field("passkey", "Too many people are adding passkeys. Try again in a minute.")),
    }
}

/// The handle by which authenticators know a person: random, so that it tells nothing.
fn handle_of(tx: &mut Tx<'_>, user: i64) -> Result<UserHandle64> {
    let stored: Option<String> =
        passkey_handles::table.find(user).select(passkey_handles::handle).first(tx.conn).optional()?;
    if let Some(stored) = stored {
        return read_handle(&stored).ok_or_else(|| Error::internal("the handle of a person is not readable"));
    }
    let handle = encoded(&random_bytes(USER_HANDLE_MAX_LEN)?);
    diesel::insert_into(passkey_handles::table)
        .values((passkey_handles::user_id.eq(user), passkey_handles::handle.eq(&handle)))
        .execute(tx.conn)?;
    read_handle(&handle).ok_or_else(|| Error::internal("the handle of a person is not readable"))
}

fn read_handle(text: &str) -> Option<UserHandle64> {
    let bytes: [u8; USER_HANDLE_MAX_LEN] = decoded(text)?.try_into().ok()?;
    UserHandle64::decode(bytes).ok()
}

/// Adds the passkey that the browser has made.
pub fn add(
    tx: &mut Tx<'_>,
    actor: &Actor,
    site: &Site,
    ceremonies: &Ceremonies,
    (name, answer): (&str, &str),
) -> Result<()> {
    let user = acting_person(actor)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME {
        return Err(Error::at_field("passkey_name", "A name must have 1 to 100 characters."));
    }
    let registration = Registration::from_json_relaxed(answer.as_bytes()).map_err(refused)?;
    let challenge = registration.challenge_relaxed().map_err(refused)?;
    let begun = ceremonies.registrations.lock().map_err(Error::internal)?.take(&challenge);
    let begun = begun.ok_or_else(|| refused("the ceremony has not begun, is over or was used"))?;
    let options = RegistrationVerificationOptions::<&str, &str> {
        allowed_origins: &[site.origin.as_str()],
        ..RegistrationVerificationOptions::default()
    };
    let credential = begun.verify(&site.domain, &registration, &options).map_err(refused)?;
    let (id, _, handle, key, state, _) = credential.into_parts();
    if handle.as_ref() != handle_of(tx, user.id)?.as_ref() {
        return Err(refused("the ceremony was begun by somebody else"));
    }
    let Ok(key) = key.encode();
    let Ok(state) = state.encode();
    diesel::insert_into(table::table)
        .values((
            table::credential_id.eq(encoded(id.as_ref())),
            table::user_id.eq(user.id),
            table::name.eq(name),
            table::static_state.eq(encoded(&key)),
            table::dynamic_state.eq(encoded(&state)),
            table::added_at.eq(clock::now()),
        ))
        .execute(tx.conn)?;
    audit::record_with(tx, actor, Activity::PasskeyAdded, target(user), &serde_json::json!({ "name": name }))
}

/// Removes one of one's own passkeys.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor, credential: &str) -> Result<()> {
    let user = acting_person(actor)?;
    let own = table::table.filter(table::user_id.eq(user.id)).filter(table::credential_id.eq(credential));
    let name: Option<String> = diesel::delete(own).returning(table::name).get_result(tx.conn).optional()?;
    let name = name.ok_or_else(|| Error::at_field("id", "This passkey was removed already."))?;
    audit::record_with(tx, actor, Activity::PasskeyRemoved, target(user), &serde_json::json!({ "name": name }))
}

/// Begins a sign-in: what the browser is given, as JSON. It names nobody.
pub fn begin_sign_in(site: &Site, ceremonies: &Ceremonies) -> Result<String> {
    let options = DiscoverableCredentialRequestOptions::passkey(&site.domain);
    let (server, client) = options.start_ceremony().map_err(Error::internal)?;
    let shown = serde_json::to_string(&client)?;
    let mut sign_ins = ceremonies.sign_ins.lock().map_err(Error::internal)?;
    match sign_ins.insert_or_replace_all_expired(server) {
        InsertResult::Success => Ok(shown),
        _ => Err(Error::at_field("passkey", "Too many people are signing in. Try again in a minute.")),
    }
}

/// Whom the browser's answer signs in.
pub fn sign_in(tx: &mut Tx<'_>, site: &Site, ceremonies: &Ceremonies, answer: &str) -> Result<User> {
    let answer = DiscoverableAuthentication64::from_json_relaxed(answer.as_bytes()).map_err(refused)?;
    let challenge = answer.challenge_relaxed().map_err(refused)?;
    let begun = ceremonies.sign_ins.lock().map_err(Error::internal)?.take(&challenge);
    let begun = begun.ok_or_else(|| refused("the ceremony has not begun, is over or was used"))?;
    let id = encoded(answer.raw_id().as_ref());
    let stored: Option<(i64, String, String, String)> = table::table
        .inner_join(passkey_handles::table.on(passkey_handles::user_id.eq(table::user_id)))
        .filter(table::credential_id.eq(&id))
        .select((table::user_id, table::static_state, table::dynamic_state, passkey_handles::handle))
        .first(tx.conn)
        .optional()?;
    let (user, key, state, handle) = stored.ok_or_else(|| refused("the passkey is unknown"))?;
    let handle = read_handle(&handle).ok_or_else(|| refused("the stored handle is not readable"))?;
    let mut credential = stored_credential(answer.raw_id(), &handle, &key, &state)?;
    let options = AuthenticationVerificationOptions::<&str, &str> {
        allowed_origins: &[site.origin.as_str()],
        ..AuthenticationVerificationOptions::default()
    };
    begun.verify(&site.domain, &answer, &mut credential, &options).map_err(refused)?;
    let Ok(state) = credential.dynamic_state().encode();
    diesel::update(table::table.find(&id))
        .set((table::dynamic_state.eq(encoded(&state)), table::last_used_at.eq(clock::now())))
        .execute(tx.conn)?;
    let user = users::find(tx.conn, user)?;
    if user.disabled { Err(refused("the account is disabled")) } else { Ok(user) }
}

type StoredKey = CompressedPubKey<[u8; 32], [u8; 32], [u8; 48], Vec<u8>>;

fn stored_credential<'a>(
    id: CredentialId<&'a [u8]>,
    handle: &'a UserHandle64,
    key: &str,
    state: &str,
) -> Result<AuthenticatedCredential<'a, 'a, USER_HANDLE_MAX_LEN, StoredKey>> {
    let unreadable = || Error::internal("a stored passkey is not readable");
    let key = StaticState::<StoredKey>::decode(&decoded(key).ok_or_else(unreadable)?).map_err(Error::internal)?;
    let state: [u8; 7] = decoded(state).and_then(|bytes| bytes.try_into().ok()).ok_or_else(unreadable)?;
    let state = DynamicState::decode(state).map_err(Error::internal)?;
    AuthenticatedCredential::new(id, handle, key, state).map_err(Error::internal)
}

/// The refusal of an answer; why is for the log.
fn refused(why: impl std::fmt::Display) -> Error {
    tracing::info!("a passkey was not accepted: {why}");
    Error::at_field("passkey", NOT_ACCEPTED)
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::Site;

    #[test]
    fn passkeys_need_a_name_and_https_except_on_this_machine() {
        for origin in ["https://soc.example", "https://soc.example:8443", "http://localhost:8080"] {
            assert!(Site::of(origin).is_some(), "{origin}");
        }
        for origin in ["http://soc.example", "https://192.0.2.7", "https://[2001:db8::1]:8443", "http://127.0.0.1:80"] {
            assert!(Site::of(origin).is_none(), "{origin}");
        }
    }
}
