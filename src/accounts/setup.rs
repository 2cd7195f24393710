//! The first administrator: made only with the one-time code from the console, only while there
//! is nobody.

use crate::accounts::{passwords, users};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::model::user::User;

/// The actor of what the owner of the machine does.
pub const CONSOLE: Actor = Actor::System("Console");

/// Adds the first administrator; refused as unknown once there is somebody.
pub fn first_administrator(tx: &mut Tx<'_>, new: &users::NewUser, hash: &passwords::Hashed) -> Result<User> {
    if users::any(tx.conn)? {
        return Err(Error::NotFound);
    }
    users::add(tx, &CONSOLE, new, hash)
}
