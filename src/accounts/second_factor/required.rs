//! Who must have a second factor.

use crate::accounts::{setting_changes, sign_in_settings};
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::model::actor::Actor;
use crate::model::user::{Role, User};
use crate::permissions::{Action, require};

/// The name of the setting.
const NAME: &str = "secondFactor";

crate::text_enum! {
    /// Who must have a second factor. Everybody may.
    #[derive(Default)]
    pub enum Required {
        #[default]
        Nobody = "nobody" / "Nobody",
        Administrators = "administrators" / "Administrators",
        Leads = "leads" / "Leads and administrators",
        Everybody = "everybody" / "Everybody",
    }
}

/// Who must have one.
pub fn required(conn: &mut AnyConnection) -> Result<Required> {
    Ok(sign_in_settings::get(conn, NAME)?.and_then(|value| Required::parse(&value)).unwrap_or_default())
}

/// Whether this person must have one.
pub fn is_required(conn: &mut AnyConnection, user: &User) -> Result<bool> {
    Ok(match required(conn)? {
        Required::Nobody => false,
        Required::Administrators => user.role == Role::Administrator,
        Required::Leads => user.role >= Role::Lead,
        Required::Everybody => true,
    })
}

/// Sets who must have one, from their next sign-in on.
pub fn set_required(tx: &mut Tx<'_>, actor: &Actor, to: Required) -> Result<()> {
    require(actor, Action::Administer)?;
    let change = setting_changes::next(tx)?;
    let before = required(tx.conn)?;
    if before == to {
        return Ok(());
    }
    sign_in_settings::set(tx, actor, change, (NAME, "Second factor"), (before.as_str(), to.as_str()))
}
