//! People who sign in, as they are read. [`crate::accounts::people`] adds and changes them.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::user_names;
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::model::user::User;
use crate::schema::users;

/// All people, by name.
pub fn list(conn: &mut AnyConnection) -> Result<Vec<User>> {
    Ok(users::table.order(users::name_key).select(User::as_select()).load(conn)?)
}

pub fn find(conn: &mut AnyConnection, id: i64) -> Result<User> {
    Ok(users::table.find(id).select(User::as_select()).first(conn)?)
}

/// Finds by name, in any case.
pub fn by_name(conn: &mut AnyConnection, name: &str) -> Result<Option<User>> {
    Ok(users::table
        .filter(users::name_key.eq(user_names::key(name)))
        .select(User::as_select())
        .first(conn)
        .optional()?)
}

pub fn any(conn: &mut AnyConnection) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(users::table.select(users::id))).get_result(conn)?)
}

/// Display names by id, for sentences.
pub fn names(conn: &mut AnyConnection) -> Result<HashMap<i64, User>> {
    Ok(list(conn)?.into_iter().map(|user| (user.id, user)).collect())
}

/// Which of these people are disabled.
pub fn disabled_among(conn: &mut AnyConnection, ids: impl IntoIterator<Item = i64>) -> Result<Vec<i64>> {
    let ids: Vec<i64> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let disabled = users::table.filter(users::id.eq_any(ids)).filter(users::disabled.eq(true));
    Ok(disabled.select(users::id).load(conn)?)
}

/// The owner that alerts take when they join an incident: its owner, unless that person is disabled (R2).
pub fn unless_disabled(conn: &mut AnyConnection, owner: Option<i64>) -> Result<Option<i64>> {
    let disabled = disabled_among(conn, owner)?;
    Ok(owner.filter(|owner| !disabled.contains(owner)))
}

/// Finds by name, in any case; refused at the field `name` where there is none.
pub fn named(conn: &mut AnyConnection, name: &str) -> Result<User> {
    by_name(conn, name)?.ok_or_else(|| Error::at_field("name", format!("There is no user with the name {name:?}.")))
}
