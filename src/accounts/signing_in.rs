//! Signing in with a name and a password, throttled per name and address and per address.

use std::num::NonZeroU32;
use std::sync::Arc;

use diesel::prelude::*;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::accounts::{User, passwords, users};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::schema;

/// Attempts a minute for one name from one address.
const PER_NAME: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// Attempts a minute from one address, whatever the names: many people share an office's address.
const PER_ADDRESS: NonZeroU32 = NonZeroU32::new(60).unwrap();

/// Counts attempts; memory only, since a restart is no way in for a guesser.
#[derive(Clone)]
pub struct Throttle {
    names: Arc<DefaultKeyedRateLimiter<String>>,
    addresses: Arc<DefaultKeyedRateLimiter<String>>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            names: Arc::new(RateLimiter::keyed(Quota::per_minute(PER_NAME))),
            addresses: Arc::new(RateLimiter::keyed(Quota::per_minute(PER_ADDRESS))),
        }
    }
}

impl Throttle {
    /// Counts one attempt; false when there have been too many.
    pub fn allows(&self, name: &str, address: &str) -> bool {
        let by_name = self.names.check_key(&format!("{address} {}", users::key(name))).is_ok();
        let by_address = self.addresses.check_key(&address.to_owned()).is_ok();
        by_name && by_address
    }

    /// Forgets who has been quiet; without it the tables grow with every name ever tried.
    pub fn tidy(&self) {
        self.names.retain_recent();
        self.addresses.retain_recent();
    }
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
