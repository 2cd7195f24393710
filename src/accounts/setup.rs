//! The first administrator: added only with the one-time code from the console, and only while there
//! are no people.

use crate::accounts::{passwords, people, users};
use crate::db::{Invariant, Tx};
use crate::error::{Error, Result};
use crate::model::user::User;

pub use crate::model::actor::CONSOLE;

/// Adds the first administrator; not found when there are people already.
pub fn first_administrator(tx: &mut Tx<'_>, new: &people::NewUser, hash: &passwords::Hashed) -> Result<User> {
    tx.lock(Invariant::Administrators)?;
    if users::any(tx.conn)? {
        return Err(Error::NotFound);
    }
    people::add(tx, &CONSOLE, new, hash)
}
