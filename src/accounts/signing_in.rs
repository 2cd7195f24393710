//! Signing in with a name and a password: whether they are right, or come too soon after wrong ones.

use std::net::IpAddr;
use std::time::Duration;

use diesel::prelude::*;

use crate::accounts::network::Origin;
use crate::accounts::password_sign_in::{self, PasswordSignIn};
use crate::accounts::people::target;
use crate::accounts::throttle::Throttle;
use crate::accounts::{passwords, users};
use crate::audit::{self, Activity, Target};
use crate::clock;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::schema;

/// How a person signed in, in the audit log and the list of sessions.
pub const METHOD: &str = "password";

/// Who wants to sign in, from where.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub name: String,
    pub password: String,
    pub origin: Origin,
}

/// What became of an attempt.
#[derive(Debug)]
pub enum Outcome {
    Right(User),
    /// Unknown name, wrong password and disabled account look the same, and take as long.
    Wrong,
    /// Not looked at; how long to wait.
    TooSoon(Duration),
    /// Nobody signs in by password.
    Off,
}

/// Looks at an attempt. Takes some 40 ms of one core, so callers run it off the async threads, one at a time:
/// of attempts at the same moment, each sees the failures before it.
pub fn attempt(db: &Db, throttle: &Throttle, attempt: &Attempt) -> Result<Outcome> {
    let Attempt { name, password, origin } = attempt;
    let wait = throttle.wait(name, origin.clone());
    if !wait.is_zero() {
        return Ok(Outcome::TooSoon(wait));
    }
    if db.read_now(password_sign_in::get)? == PasswordSignIn::Off {
        return Ok(Outcome::Off);
    }
    let found = db.read_now(|conn| {
        let Some(user) = users::by_name(conn, name)? else { return Ok(None) };
        let hash: Option<String> =
            schema::users::table.find(user.id).select(schema::users::password_hash).first(conn)?;
        Ok(Some((user, hash)))
    })?;
    let hash = found.as_ref().and_then(|(_, hash)| hash.as_deref());
    let is_right = passwords::verify(password, hash);
    match found {
        Some((user, _)) if is_right && !user.disabled => {
            throttle.note_success(name, origin.clone());
            Ok(Outcome::Right(user))
        }
        found => {
            throttle.note_failure(name, origin.clone());
            let user = found.map(|(user, _)| user);
            db.write_now(|tx| record_failure(tx, origin.address, user.as_ref(), METHOD))?;
            Ok(Outcome::Wrong)
        }
    }
}

/// Records that somebody could not sign in. A name that nobody has is not recorded: it may be a password, typed into
/// the wrong field.
pub fn record_failure(tx: &mut Tx<'_>, address: IpAddr, user: Option<&User>, method: &str) -> Result<()> {
    let unknown = Target { kind: "person", id: None, name: "" };
    let detail = serde_json::json!({ "method": method });
    let actor = Actor::Stranger { address };
    audit::record_with(tx, &actor, Activity::SignInFailed, user.map_or(unknown, target), &detail)
}

/// Records that a person has signed in.
pub fn record_success(tx: &mut Tx<'_>, actor: &Actor, method: &str) -> Result<()> {
    let Some(user) = actor.person() else { return Ok(()) };
    let table = schema::users::table.find(user.id);
    diesel::update(table).set(schema::users::last_signed_in.eq(clock::now())).execute(tx.conn)?;
    audit::record_with(tx, actor, Activity::SignedIn, target(user), &serde_json::json!({ "method": method }))
}

/// Records that a person has signed out.
pub fn record_sign_out(tx: &mut Tx<'_>, actor: &Actor) -> Result<()> {
    let Some(user) = actor.person() else { return Ok(()) };
    audit::record(tx, actor, Activity::SignedOut, target(user))
}
