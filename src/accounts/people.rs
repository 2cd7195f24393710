//! What administrators do to people: add, disable, enable, change their role and reset their password. Each is
//! recorded in the audit log, and the last administrator stays one.

use diesel::prelude::*;

use crate::accounts::{passwords, sessions, user_names, users};
use crate::audit::{self, Activity, Target};
use crate::clock;
use crate::db::{AnyConnection, Invariant, Tx};
use crate::error::{Error, FieldErrors, Result};
use crate::model::actor::{Actor, CONSOLE};
use crate::model::user::{Role, User};
use crate::permissions::{Action, require};
use crate::schema::users as table;

/// A person to add.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub name: String,
    pub display_name: String,
    pub role: Role,
    pub password: String,
}

/// A person, as entries of the audit log name them.
pub(super) fn target(user: &User) -> Target<'_> {
    Target { kind: "person", id: Some(user.id), name: &user.name }
}

/// The person who acts on their own account.
pub(super) fn acting_person(actor: &Actor) -> Result<&User> {
    actor.person().ok_or(Error::Forbidden("Only people have an account."))
}

/// Adds a person. The caller hashes the password before the transaction, because that takes long: see
/// [`passwords::Hashed`].
pub fn add(tx: &mut Tx<'_>, actor: &Actor, new: &NewUser, hash: &passwords::Hashed) -> Result<User> {
    require(actor, Action::Administer)?;
    check(new)?;
    let user = insert(tx, &new.name, &new.display_name, new.role, Some(hash))?;
    audit::record_with(tx, actor, Activity::PersonAdded, target(&user), &serde_json::json!({ "role": user.role }))?;
    Ok(user)
}

/// Adds an administrator without a password, who signs in by a link that a command makes.
pub fn add_administrator(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    let mut errors = FieldErrors::default();
    user_names::check(name, &mut errors);
    errors.into_result()?;
    let user = insert(tx, name, name, Role::Administrator, None)?;
    audit::record_with(tx, &CONSOLE, Activity::PersonAdded, target(&user), &serde_json::json!({ "role": user.role }))
}

/// Stores a new person, whose names were checked. One without a password signs in otherwise.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    name: &str,
    display_name: &str,
    role: Role,
    hash: Option<&passwords::Hashed>,
) -> Result<User> {
    refuse_taken(tx.conn, name, display_name)?;
    let id = tx.take_ids("user", 1)?;
    let display_name = if display_name.trim().is_empty() { name } else { display_name };
    diesel::insert_into(table::table)
        .values((
            table::id.eq(id),
            table::name.eq(name.trim()),
            table::name_key.eq(user_names::key(name)),
            table::display_name.eq(display_name.trim()),
            table::role.eq(role.as_str()),
            table::password_hash.eq(hash.map(passwords::Hashed::as_str)),
            table::disabled.eq(false),
            table::created_at.eq(clock::now()),
        ))
        .execute(tx.conn)?;
    users::find(tx.conn, id)
}

/// Refuses the names of a new person where somebody has them or ones that look like them.
pub(super) fn refuse_taken(conn: &mut AnyConnection, name: &str, display_name: &str) -> Result<()> {
    let people = users::list(conn)?;
    if people.iter().any(|user| user_names::key(&user.name) == user_names::key(name)) {
        return Err(Error::at_field("name", "This user name is taken."));
    }
    user_names::refuse_look_alikes(people.iter(), &[("name", name), ("display_name", display_name)])
}

/// Validates names and password, with a message at each wrong field.
pub fn check(new: &NewUser) -> Result<()> {
    let mut errors = FieldErrors::default();
    user_names::check(&new.name, &mut errors);
    user_names::check_display_name(&new.display_name, &mut errors);
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
    let user = users::named(tx.conn, name)?;
    if user.disabled {
        return Err(Error::at_field("name", format!("{} is already disabled.", user.name)));
    }
    refuse_last_administrator(tx.conn, &user)?;
    diesel::update(table::table.find(user.id)).set(table::disabled.eq(true)).execute(tx.conn)?;
    sessions::end_all(tx, user.id)?;
    audit::record(tx, actor, Activity::PersonDisabled, target(&user))?;
    users::find(tx.conn, user.id)
}

/// Lets a disabled person sign in again, with the same password and role.
pub fn enable(tx: &mut Tx<'_>, actor: &Actor, name: &str) -> Result<User> {
    require(actor, Action::Administer)?;
    let user = users::named(tx.conn, name)?;
    if !user.disabled {
        return Err(Error::at_field("name", format!("{} is not disabled.", user.name)));
    }
    diesel::update(table::table.find(user.id)).set(table::disabled.eq(false)).execute(tx.conn)?;
    audit::record(tx, actor, Activity::PersonEnabled, target(&user))?;
    users::find(tx.conn, user.id)
}

/// Gives a person another role, from their next request on. Refused for the last administrator who is not
/// disabled.
pub fn set_role(tx: &mut Tx<'_>, actor: &Actor, name: &str, role: Role) -> Result<User> {
    require(actor, Action::Administer)?;
    tx.lock(Invariant::Administrators)?;
    let user = users::named(tx.conn, name)?;
    if user.role == role {
        let role = role.label().to_lowercase();
        return Err(Error::at_field("role", format!("{} already has the role {role}.", user.name)));
    }
    if !user.disabled {
        refuse_last_administrator(tx.conn, &user)?;
    }
    diesel::update(table::table.find(user.id)).set(table::role.eq(role.as_str())).execute(tx.conn)?;
    let detail = serde_json::json!({ "before": user.role, "after": role });
    audit::record_with(tx, actor, Activity::RoleChanged, target(&user), &detail)?;
    users::find(tx.conn, user.id)
}

fn refuse_last_administrator(conn: &mut AnyConnection, user: &User) -> Result<()> {
    let others: i64 = table::table
        .filter(table::role.eq(Role::Administrator.as_str()))
        .filter(table::disabled.eq(false))
        .filter(table::id.ne(user.id))
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
    let user = users::named(tx.conn, name)?;
    store_password(tx, user.id, Some(hash))?;
    audit::record(tx, actor, Activity::PasswordReset, target(&user))
}

/// Stores a password, or takes it away, and ends all sessions of that person.
pub(super) fn store_password(tx: &mut Tx<'_>, user: i64, hash: Option<&passwords::Hashed>) -> Result<()> {
    let hash = hash.map(passwords::Hashed::as_str);
    diesel::update(table::table.find(user)).set(table::password_hash.eq(hash)).execute(tx.conn)?;
    sessions::end_all(tx, user)
}
