//! People who sign in.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::look_alike::{has_invisible, look_alike};
use crate::accounts::{passwords, sessions};
use crate::clock;
use crate::db::{AnyConnection, Invariant, Tx};
use crate::error::{Error, FieldErrors, Result};
use crate::model::actor::Actor;
use crate::model::user::{Role, User};
use crate::permissions::{Action, require};
use crate::schema::users;

/// Longest user name and display name, in characters.
const NAME_LIMIT: usize = 100;

/// What is wrong with a name that has characters nobody sees.
const INVISIBLE: &str = "This name contains invisible characters. Type it again.";

/// A person to add.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub name: String,
    pub display_name: String,
    pub role: Role,
    pub password: String,
}

/// All people, by name.
pub fn list(conn: &mut AnyConnection) -> Result<Vec<User>> {
    Ok(users::table.order(users::name_key).select(User::as_select()).load(conn)?)
}

pub fn find(conn: &mut AnyConnection, id: i64) -> Result<User> {
    Ok(users::table.find(id).select(User::as_select()).first(conn)?)
}

/// Finds by name, in any case.
pub fn by_name(conn: &mut AnyConnection, name: &str) -> Result<Option<User>> {
    Ok(users::table.filter(users::name_key.eq(key(name))).select(User::as_select()).first(conn).optional()?)
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

/// Adds a person. The caller hashes the password before the transaction, because that takes long: see
/// [`passwords::Hashed`].
pub fn add(tx: &mut Tx<'_>, actor: &Actor, new: &NewUser, hash: &passwords::Hashed) -> Result<User> {
    require(actor, Action::Administer)?;
    check(new)?;
    if by_name(tx.conn, &new.name)?.is_some() {
        return Err(Error::at_field("name", "This user name is taken."));
    }
    refuse_look_alikes(tx.conn, new)?;
    let id = tx.take_ids("user", 1)?;
    let display_name = if new.display_name.trim().is_empty() { &new.name } else { &new.display_name };
    diesel::insert_into(users::table)
        .values((
            users::id.eq(id),
            users::name.eq(new.name.trim()),
            users::name_key.eq(key(&new.name)),
            users::display_name.eq(display_name.trim()),
            users::role.eq(new.role.as_str()),
            users::password_hash.eq(Some(hash.as_str())),
            users::disabled.eq(false),
            users::created_at.eq(clock::now()),
        ))
        .execute(tx.conn)?;
    find(tx.conn, id)
}

/// Refuses names that people could take for somebody else's.
fn refuse_look_alikes(conn: &mut AnyConnection, new: &NewUser) -> Result<()> {
    let mut errors = FieldErrors::default();
    for user in list(conn)? {
        for (field, name) in [("name", &new.name), ("display_name", &new.display_name)] {
            let is_taken =
                !name.trim().is_empty() && [&user.name, &user.display_name].iter().any(|taken| look_alike(name, taken));
            if is_taken && errors.at(field).is_none() {
                errors.add(
                    field,
                    format!("This name looks like that of {} ({}). Choose another one.", user.display_name, user.name),
                );
            }
        }
    }
    errors.into_result()
}

/// Validates names and password, with a message at each wrong field.
pub fn check(new: &NewUser) -> Result<()> {
    let mut errors = FieldErrors::default();
    let name = new.name.trim();
    if name.is_empty() {
        errors.add("name", "Enter a user name.");
    } else if name.chars().count() > NAME_LIMIT {
        errors.add("name", "A user name can have at most 100 characters.");
    } else if name.chars().any(|c| c.is_whitespace() || c.is_control()) || name.contains([',', ':']) {
        errors.add("name", "A user name cannot contain spaces, commas or colons.");
    } else if has_invisible(name) {
        errors.add("name", INVISIBLE);
    } else if matches!(name.to_lowercase().as_str(), "me" | "none") {
        errors.add("name", "This name is reserved for filters. Choose another one.");
    }
    if new.display_name.chars().count() > NAME_LIMIT {
        errors.add("display_name", "A display name can have at most 100 characters.");
    } else if has_invisible(new.display_name.trim()) {
        errors.add("display_name", INVISIBLE);
    }
    if let Err(message) = passwords::check(&new.password, &[&new.name, &new.display_name]) {
        errors.add("password", message);
    }
    errors.into_result()
}

/// Disables a person and ends all their sessions. What they own stays theirs; they are assigned nothing new.
/// Refused for the last administrator who is not disabled. Returns the person as stored now.
pub fn disable(tx: &mut Tx<'_>, actor: &Actor, name: &str) -> Result<User> {
    require(actor, Action::Administer)?;
    tx.lock(Invariant::Administrators)?;
    let user = named(tx.conn, name)?;
    if user.disabled {
        return Err(Error::at_field("name", format!("{} is already disabled.", user.name)));
    }
    refuse_last_administrator(tx.conn, &user)?;
    diesel::update(users::table.find(user.id)).set(users::disabled.eq(true)).execute(tx.conn)?;
    sessions::end_all(tx, user.id)?;
    find(tx.conn, user.id)
}

/// Lets a disabled person sign in again, with the same password and role.
pub fn enable(tx: &mut Tx<'_>, actor: &Actor, name: &str) -> Result<User> {
    require(actor, Action::Administer)?;
    let user = named(tx.conn, name)?;
    if !user.disabled {
        return Err(Error::at_field("name", format!("{} is not disabled.", user.name)));
    }
    diesel::update(users::table.find(user.id)).set(users::disabled.eq(false)).execute(tx.conn)?;
    find(tx.conn, user.id)
}

/// Gives a person another role, from their next request on. Refused for the last administrator who is not
/// disabled.
pub fn set_role(tx: &mut Tx<'_>, actor: &Actor, name: &str, role: Role) -> Result<User> {
    require(actor, Action::Administer)?;
    tx.lock(Invariant::Administrators)?;
    let user = named(tx.conn, name)?;
    if user.role == role {
        let role = role.label().to_lowercase();
        return Err(Error::at_field("role", format!("{} already has the role {role}.", user.name)));
    }
    if !user.disabled {
        refuse_last_administrator(tx.conn, &user)?;
    }
    diesel::update(users::table.find(user.id)).set(users::role.eq(role.as_str())).execute(tx.conn)?;
    find(tx.conn, user.id)
}

fn named(conn: &mut AnyConnection, name: &str) -> Result<User> {
    by_name(conn, name)?.ok_or_else(|| Error::at_field("name", format!("There is no user with the name {name:?}.")))
}

fn refuse_last_administrator(conn: &mut AnyConnection, user: &User) -> Result<()> {
    let others: i64 = users::table
        .filter(users::role.eq(Role::Administrator.as_str()))
        .filter(users::disabled.eq(false))
        .filter(users::id.ne(user.id))
        .count()
        .get_result(conn)?;
    if user.role == Role::Administrator && others == 0 {
        return Err(Error::at_field("name", "This is the last administrator. Add another one first."));
    }
    Ok(())
}

/// Sets a password and ends all sessions of that person.
pub fn set_password(tx: &mut Tx<'_>, actor: &Actor, name: &str, hash: &passwords::Hashed) -> Result<()> {
    require(actor, Action::Administer)?;
    let user = named(tx.conn, name)?;
    diesel::update(users::table.find(user.id)).set(users::password_hash.eq(Some(hash.as_str()))).execute(tx.conn)?;
    sessions::end_all(tx, user.id)
}

/// Whether somebody could have this name, as far as its length tells.
pub fn is_possible_name(name: &str) -> bool {
    name.trim().chars().count() <= NAME_LIMIT
}

/// The form under which names are compared.
pub fn key(name: &str) -> String {
    name.trim().to_lowercase()
}
