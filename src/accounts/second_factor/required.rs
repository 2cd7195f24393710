//! Who must have a second factor.

use diesel::prelude::*;

use crate::accounts::setting_changes::{self, Setting};
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::model::actor::Actor;
use crate::model::user::{Role, User};
use crate::permissions::{Action, require};
use crate::schema::sign_in_settings as table;

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
    let value: Option<String> = table::table.find(NAME).select(table::value).first(conn).optional()?;
    Ok(value.and_then(|value| Required::parse(&value)).unwrap_or_default())
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
    diesel::delete(table::table.find(NAME)).execute(tx.conn)?;
    diesel::insert_into(table::table).values((table::name.eq(NAME), table::value.eq(to.as_str()))).execute(tx.conn)?;
    let setting = Setting { kind: "signIn", id: 0, name: "Second factor" };
    let values = (Some(before.as_str().to_owned()), Some(to.as_str().to_owned()));
    setting_changes::note(tx, actor, change, setting, values)
}
