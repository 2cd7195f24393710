//! Whether people sign in by password.

use crate::accounts::single_sign_on::providers;
use crate::accounts::{setting_changes, sign_in_settings};
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::permissions::{Action, require};

/// The name of the setting.
const NAME: &str = "passwordSignIn";

crate::text_enum! {
    /// Whether people sign in by password.
    #[derive(Default)]
    pub enum PasswordSignIn {
        #[default]
        On = "on" / "On",
        /// Only by identity providers and passkeys. `watchdesk user sign-in-link` lets somebody in when these fail.
        Off = "off" / "Off: identity providers and passkeys only",
    }
}

/// Whether people sign in by password now.
pub fn get(conn: &mut AnyConnection) -> Result<PasswordSignIn> {
    Ok(sign_in_settings::get(conn, NAME)?.and_then(|value| PasswordSignIn::parse(&value)).unwrap_or_default())
}

/// Switches it. Off only where an identity provider is enabled.
pub fn set(tx: &mut Tx<'_>, actor: &Actor, to: PasswordSignIn) -> Result<()> {
    require(actor, Action::Administer)?;
    let change = setting_changes::next(tx)?;
    let before = get(tx.conn)?;
    if before == to {
        return Ok(());
    }
    if to == PasswordSignIn::Off && providers::enabled(tx.conn)?.is_empty() {
        return Err(Error::at_field("passwords", "Add and enable an identity provider first."));
    }
    sign_in_settings::set(tx, actor, change, (NAME, "Sign-in by password"), (before.as_str(), to.as_str()))
}
