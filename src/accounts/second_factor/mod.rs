//! The second factor at sign-in: codes of an authenticator app, recovery codes for who has lost it, and passkeys,
//! which also sign in without a password. Who must have one is a setting.

pub mod authenticator;
pub mod passkeys;
pub mod recovery;
mod required;

use diesel::prelude::*;

use crate::accounts::people::target;
use crate::accounts::users;
use crate::audit::{self, Activity};
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::permissions::{Action, require};
use crate::schema::{authenticator_apps, passkeys as passkey_table, recovery_codes};

pub use required::{Required, is_required, required, set_required};

/// What a person has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    pub authenticator: bool,
    pub passkeys: i64,
    pub recovery_codes: i64,
}

impl Held {
    /// Whether signing in with a password asks for more.
    pub fn is_asked_for(self) -> bool {
        self.authenticator || self.passkeys > 0
    }
}

/// What a person has.
pub fn held(conn: &mut AnyConnection, user: i64) -> Result<Held> {
    let app = authenticator_apps::table.find(user).select(authenticator_apps::user_id);
    Ok(Held {
        authenticator: diesel::select(diesel::dsl::exists(app)).get_result(conn)?,
        passkeys: passkey_table::table.filter(passkey_table::user_id.eq(user)).count().get_result(conn)?,
        recovery_codes: recovery_codes::table.filter(recovery_codes::user_id.eq(user)).count().get_result(conn)?,
    })
}

/// What follows a right password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing: the person is signed in.
    None,
    /// A code or a passkey.
    Verify,
    /// The person must have a second factor and has none yet.
    SetUp,
}

/// What follows a right password of this person.
pub fn next_step(conn: &mut AnyConnection, user: &User) -> Result<Step> {
    if held(conn, user.id)?.is_asked_for() {
        Ok(Step::Verify)
    } else if is_required(conn, user)? {
        Ok(Step::SetUp)
    } else {
        Ok(Step::None)
    }
}

/// Takes a person's second factors away, such as when they are lost. Whoever must have one sets it up anew at the next
/// sign-in.
pub fn remove_all(tx: &mut Tx<'_>, actor: &Actor, user: i64) -> Result<User> {
    require(actor, Action::Administer)?;
    let user = users::find(tx.conn, user)?;
    diesel::delete(authenticator_apps::table.find(user.id)).execute(tx.conn)?;
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user.id))).execute(tx.conn)?;
    diesel::delete(passkey_table::table.filter(passkey_table::user_id.eq(user.id))).execute(tx.conn)?;
    audit::record(tx, actor, Activity::SecondFactorReset, target(&user))?;
    Ok(user)
}
