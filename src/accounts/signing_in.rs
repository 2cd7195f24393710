//! Signing in with a name and a password. Failures are counted per name and address and per
//! address; after too many of them even the right password is refused for a while.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::accounts::{passwords, users};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::user::User;
use crate::schema;

/// Failures a minute for one name from one address.
const PER_NAME: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// Failures a minute from one address, whatever the names: many people share an office's address.
const PER_ADDRESS: NonZeroU32 = NonZeroU32::new(200).unwrap();

/// How long no attempt is allowed after too many failures.
const PAUSE: Duration = Duration::from_secs(30);

/// Counts failures, in memory only: an attacker cannot restart the server.
#[derive(Clone)]
pub struct Throttle {
    /// When each name and address may try again.
    paused: Arc<Mutex<HashMap<String, Instant>>>,
    names: Arc<DefaultKeyedRateLimiter<String>>,
    addresses: Arc<DefaultKeyedRateLimiter<String>>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            paused: Arc::default(),
            names: Arc::new(RateLimiter::keyed(Quota::per_minute(PER_NAME))),
            addresses: Arc::new(RateLimiter::keyed(Quota::per_minute(PER_ADDRESS))),
        }
    }
}

impl Throttle {
    /// Whether an attempt may be made now.
    pub fn allows(&self, name: &str, address: &str) -> bool {
        let paused = self.paused.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let waits = |key: &str| paused.get(key).is_some_and(|until| *until > now);
        !waits(&by_name(name, address)) && !waits(address)
    }

    /// Counts a failed attempt. Successful attempts do not count: everybody in an office may sign in at nine.
    pub fn note_failure(&self, name: &str, address: &str) {
        let key = by_name(name, address);
        let pause = |key: String| {
            let mut paused = self.paused.lock().unwrap_or_else(PoisonError::into_inner);
            paused.insert(key, Instant::now() + PAUSE);
        };
        if self.names.check_key(&key).is_err() {
            pause(key);
        }
        if self.addresses.check_key(&address.to_owned()).is_err() {
            pause(address.to_owned());
        }
    }

    /// Removes names and addresses without recent failures, so that the tables do not grow forever.
    pub fn tidy(&self) {
        self.names.retain_recent();
        self.addresses.retain_recent();
        let now = Instant::now();
        self.paused.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, until| *until > now);
    }
}

fn by_name(name: &str, address: &str) -> String {
    format!("{address} {}", users::key(name))
}

/// The person, when name and password are right and the account is not disabled. Unknown name,
/// wrong password and disabled account look the same, and take as long.
pub fn verify(conn: &mut AnyConnection, name: &str, password: &str) -> Result<Option<User>> {
    let user = users::by_name(conn, name)?;
    let hash: Option<String> = match &user {
        Some(user) => schema::users::table.find(user.id).select(schema::users::password_hash).first(conn)?,
        None => None,
    };
    let right = passwords::verify(password, hash.as_deref());
    Ok(user.filter(|user| right && !user.disabled))
}
