//! Signing in with a name and a password: whether they are right, or come too soon after wrong ones.

use std::time::Duration;

use diesel::prelude::*;

use crate::accounts::network::Origin;
use crate::accounts::throttle::Throttle;
use crate::accounts::{passwords, users};
use crate::db::Db;
use crate::error::Result;
use crate::model::user::User;
use crate::schema;

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
}

/// Looks at an attempt. Takes some 40 ms of one core, so callers run it off the async threads, one at a time:
/// of attempts at the same moment, each sees the failures before it.
pub fn attempt(db: &Db, throttle: &Throttle, attempt: &Attempt) -> Result<Outcome> {
    let Attempt { name, password, origin } = attempt;
    let wait = throttle.wait(name, origin.clone());
    if !wait.is_zero() {
        return Ok(Outcome::TooSoon(wait));
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
        _ => {
            throttle.note_failure(name, origin.clone());
            Ok(Outcome::Wrong)
        }
    }
}
