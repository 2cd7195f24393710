//! How people may sign in, as stored: a value by name. One that is not stored has its default.

use diesel::prelude::*;

use crate::accounts::setting_changes::{self, Setting};
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::model::actor::Actor;
use crate::schema::sign_in_settings as table;

/// The stored value, where there is one.
pub(super) fn get(conn: &mut AnyConnection, name: &str) -> Result<Option<String>> {
    Ok(table::table.find(name).select(table::value).first(conn).optional()?)
}

/// Stores a value and records the change, number `change`, under the label that people read.
pub(super) fn set(
    tx: &mut Tx<'_>,
    actor: &Actor,
    change: i64,
    (name, label): (&str, &str),
    (before, to): (&str, &str),
) -> Result<()> {
    diesel::delete(table::table.find(name)).execute(tx.conn)?;
    diesel::insert_into(table::table).values((table::name.eq(name), table::value.eq(to))).execute(tx.conn)?;
    let setting = Setting { kind: "signIn", id: 0, name: label };
    setting_changes::note(tx, actor, change, setting, (Some(before.to_owned()), Some(to.to_owned())))
}
