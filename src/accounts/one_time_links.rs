//! Links that work once: an invitation adds a person, a reset gives a person a new password, and one that a command
//! makes signs in when everything else fails. The secret in a link is shown to who makes it, and only its hash is stored.

use std::net::IpAddr;

use diesel::prelude::*;

use crate::accounts::people::{self, target};
use crate::accounts::{passwords, user_names, users};
use crate::audit::{self, Activity, Target};
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, FieldErrors, Result};
use crate::hash::sha256_hex;
use crate::model::actor::{Actor, CONSOLE};
use crate::model::user::{Role, User};
use crate::permissions::{Action, require};
use crate::schema::one_time_links as table;
use crate::secrets::random_hex;

/// How long an invitation works, in microseconds.
pub const INVITATION_LASTS: i64 = 3 * clock::DAY;
/// How long a link for a new password works, in microseconds.
pub const RESET_LASTS: i64 = clock::DAY;

/// How long a link for signing in works, in microseconds.
const SIGN_IN_LASTS: i64 = 15 * clock::MINUTE;

crate::text_enum! {
    /// What a link is for.
    pub enum Purpose {
        Invitation = "invitation" / "Invitation",
        Reset = "reset" / "New password",
        /// Signs in without a password and a second factor. Only a command makes one.
        SignIn = "signIn" / "Sign-in",
    }
}

/// A link without its secret.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct OneTimeLink {
    pub id: i64,
    #[diesel(deserialize_as = String)]
    pub purpose: Purpose,
    /// Whose password a reset is for.
    pub user_id: Option<i64>,
    pub name: String,
    pub display_name: String,
    #[diesel(deserialize_as = String)]
    pub role: Role,
    /// Microseconds UTC.
    pub made_at: i64,
    pub made_by: String,
    pub expires_at: i64,
}

/// Whom to invite.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub name: String,
    pub display_name: String,
    pub role: Role,
}

/// Invites a person. Returns the secret of the link. Whoever has an invitation under this name already gets this one
/// instead.
pub fn invite(tx: &mut Tx<'_>, actor: &Actor, new: &Invitation) -> Result<String> {
    require(actor, Action::Administer)?;
    let mut errors = FieldErrors::default();
    user_names::check(&new.name, &mut errors);
    user_names::check_display_name(&new.display_name, &mut errors);
    errors.into_result()?;
    people::refuse_taken(tx.conn, &new.name, &new.display_name)?;
    let (name, display_name) = (new.name.trim(), new.display_name.trim());
    let target = Target { kind: "person", id: None, name };
    audit::record_with(tx, actor, Activity::PersonInvited, target, &serde_json::json!({ "role": new.role }))?;
    store(tx, actor, Purpose::Invitation, None, (name, display_name, new.role))
}

/// Takes a person's password away, ends their sessions, and returns the secret of a link for a new one.
pub fn reset_password(tx: &mut Tx<'_>, actor: &Actor, name: &str) -> Result<String> {
    require(actor, Action::Administer)?;
    let user = users::named(tx.conn, name)?;
    if user.disabled {
        return Err(Error::at_field("name", format!("{} is disabled. Enable the account first.", user.name)));
    }
    people::store_password(tx, user.id, None)?;
    audit::record(tx, actor, Activity::PasswordReset, target(&user))?;
    store(tx, actor, Purpose::Reset, Some(user.id), (&user.name, &user.display_name, user.role))
}

/// The secret of a link that signs a person in without a password and a second factor, for when identity providers or
/// phones fail. Only for the command line.
pub fn sign_in_link(tx: &mut Tx<'_>, name: &str) -> Result<String> {
    let user = users::named(tx.conn, name)?;
    if user.disabled {
        return Err(Error::at_field("name", format!("{} is disabled. Enable the account first.", user.name)));
    }
    audit::record(tx, &CONSOLE, Activity::SignInLinkMade, target(&user))?;
    store(tx, &CONSOLE, Purpose::SignIn, Some(user.id), (&user.name, &user.display_name, user.role))
}

/// Uses a link that signs in.
pub fn sign_in(tx: &mut Tx<'_>, secret: &str) -> Result<User> {
    let link = find(tx.conn, secret)?.filter(|link| link.purpose == Purpose::SignIn).ok_or(Error::NotFound)?;
    if diesel::delete(table::table.find(link.id)).execute(tx.conn)? == 0 {
        return Err(Error::NotFound);
    }
    let user = users::find(tx.conn, link.user_id.ok_or(Error::NotFound)?)?;
    if user.disabled { Err(Error::NotFound) } else { Ok(user) }
}

fn store(
    tx: &mut Tx<'_>,
    actor: &Actor,
    purpose: Purpose,
    user: Option<i64>,
    (name, display_name, role): (&str, &str, Role),
) -> Result<String> {
    let (secret, key, now) = (random_hex(24)?, user_names::key(name), clock::now());
    let lasts = match purpose {
        Purpose::Invitation => INVITATION_LASTS,
        Purpose::Reset => RESET_LASTS,
        Purpose::SignIn => SIGN_IN_LASTS,
    };
    let earlier = table::name_key.eq(&key).or(table::expires_at.le(now));
    diesel::delete(table::table.filter(earlier)).execute(tx.conn)?;
    let id = tx.take_ids("one_time_link", 1)?;
    diesel::insert_into(table::table)
        .values((
            table::id.eq(id),
            table::purpose.eq(purpose.as_str()),
            table::secret_hash.eq(sha256_hex(secret.as_bytes())),
            table::user_id.eq(user),
            table::name.eq(name),
            table::name_key.eq(&key),
            table::display_name.eq(display_name),
            table::role.eq(role.as_str()),
            table::made_at.eq(now),
            table::made_by.eq(actor.label()),
            table::expires_at.eq(now + lasts),
        ))
        .execute(tx.conn)?;
    Ok(secret)
}

/// The link with this secret, while it works.
pub fn find(conn: &mut AnyConnection, secret: &str) -> Result<Option<OneTimeLink>> {
    Ok(table::table
        .filter(table::secret_hash.eq(sha256_hex(secret.as_bytes())))
        .filter(table::expires_at.gt(clock::now()))
        .select(OneTimeLink::as_select())
        .first(conn)
        .optional()?)
}

/// The links that work, by name.
pub fn list(conn: &mut AnyConnection) -> Result<Vec<OneTimeLink>> {
    Ok(table::table
        .filter(table::expires_at.gt(clock::now()))
        .order(table::name_key)
        .select(OneTimeLink::as_select())
        .load(conn)?)
}

/// Ends a link before it is used.
pub fn withdraw(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<String> {
    require(actor, Action::Administer)?;
    let link: Option<OneTimeLink> = table::table.find(id).select(OneTimeLink::as_select()).first(tx.conn).optional()?;
    let link = link.ok_or_else(|| Error::at_field("id", "This link was used or withdrawn already."))?;
    diesel::delete(table::table.find(id)).execute(tx.conn)?;
    let target = Target { kind: "person", id: link.user_id, name: &link.name };
    audit::record(tx, actor, Activity::InvitationWithdrawn, target)?;
    Ok(link.name)
}

/// Validates the password that somebody chose for a link.
pub fn check_password(link: &OneTimeLink, password: &str) -> Result<()> {
    passwords::check(password, &[&link.name, &link.display_name])
        .map_err(|message| Error::at_field("password", message))
}

/// Uses a link: adds the person, or stores the new password. Not found when it was used, withdrawn or is over.
pub fn accept(tx: &mut Tx<'_>, secret: &str, hash: &passwords::Hashed, address: IpAddr) -> Result<User> {
    let link = find(tx.conn, secret)?.filter(|link| link.purpose != Purpose::SignIn).ok_or(Error::NotFound)?;
    // Of two at the same moment, one finds nothing to delete.
    if diesel::delete(table::table.find(link.id)).execute(tx.conn)? == 0 {
        return Err(Error::NotFound);
    }
    let (user, activity) = match link.user_id {
        None => {
            let user = people::insert(tx, &link.name, &link.display_name, link.role, Some(hash))?;
            (user, Activity::InvitationAccepted)
        }
        Some(id) => {
            let user = users::find(tx.conn, id)?;
            if user.disabled {
                return Err(Error::NotFound);
            }
            people::store_password(tx, id, Some(hash))?;
            (user, Activity::PasswordChanged)
        }
    };
    let actor = Actor::Person { user: user.clone(), address: Some(address) };
    audit::record(tx, &actor, activity, target(&user))?;
    Ok(user)
}
