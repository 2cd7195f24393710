//! Which account somebody has who comes from a provider: found by issuer and subject, made at the first sign-in. Names
//! and addresses that the provider tells are never enough, since others may have chosen them.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::accounts::people::{self, target};
use crate::accounts::single_sign_on::flow::Arrived;
use crate::accounts::single_sign_on::group_rules::{groups_of, parse, parse_roles, role_of};
use crate::accounts::single_sign_on::providers::Provider;
use crate::accounts::{user_names, users};
use crate::audit::{self, Activity};
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, FieldErrors, Result};
use crate::model::actor::Actor;
use crate::model::user::{Role, User};
use crate::schema::{group_members, identities, user_groups};

/// What the provider's rules are called in the audit log.
const ACTOR: Actor = Actor::System("Identity provider");
/// Names that are tried for a new account.
const NAMES: i64 = 50;

/// The account of somebody who has come from the provider before.
pub(super) fn known(conn: &mut AnyConnection, issuer: &str, subject: &str) -> Result<Option<i64>> {
    let known = identities::table.filter(identities::issuer.eq(issuer)).filter(identities::subject.eq(subject));
    Ok(known.select(identities::user_id).first(conn).optional()?)
}

/// The account of somebody who has signed in at the provider, with the role and groups that they have there now.
/// `oneself` is who is signed in already and connects the account.
pub fn account_of(tx: &mut Tx<'_>, provider: &Provider, arrived: &Arrived, oneself: Option<&User>) -> Result<User> {
    let role = role_at(provider, arrived)?;
    let user = match (known(tx.conn, &arrived.issuer, &arrived.subject)?, oneself) {
        (Some(known), Some(oneself)) if known != oneself.id => {
            return Err(Error::at_field("provider", "This account of the provider belongs to somebody else here."));
        }
        (Some(known), _) => users::find(tx.conn, known)?,
        (None, Some(oneself)) => {
            connect(tx, oneself, arrived)?;
            oneself.clone()
        }
        (None, None) => {
            let role = role.ok_or_else(nobody)?;
            let user = make(tx, arrived, role)?;
            connect(tx, &user, arrived)?;
            user
        }
    };
    if user.disabled {
        return Err(nobody());
    }
    let found = identities::table.find((&arrived.issuer, &arrived.subject));
    diesel::update(found).set(identities::last_used_at.eq(clock::now())).execute(tx.conn)?;
    follow_role(tx, provider, &user, role)?;
    follow_groups(tx, provider, &user, arrived)?;
    users::find(tx.conn, user.id)
}

fn nobody() -> Error {
    Error::at_field("provider", "Your account has no access to Watchdesk. Ask an administrator.")
}

/// The role that the groups have, else the default one.
fn role_at(provider: &Provider, arrived: &Arrived) -> Result<Option<Role>> {
    let rules = parse_roles(&provider.role_rules).map_err(Error::internal)?;
    Ok(role_of(&arrived.groups, &rules).or(provider.default_role()))
}

fn connect(tx: &mut Tx<'_>, user: &User, arrived: &Arrived) -> Result<()> {
    diesel::insert_into(identities::table)
        .values((
            identities::issuer.eq(&arrived.issuer),
            identities::subject.eq(&arrived.subject),
            identities::user_id.eq(user.id),
            identities::added_at.eq(clock::now()),
            identities::last_used_at.eq(clock::now()),
        ))
        .execute(tx.conn)?;
    let detail = serde_json::json!({ "issuer": arrived.issuer, "subject": arrived.subject });
    audit::record_with(tx, &ACTOR, Activity::IdentityConnected, target(user), &detail)
}

/// Makes an account. Where somebody has the name, or one that looks like it, a number is added.
fn make(tx: &mut Tx<'_>, arrived: &Arrived, role: Role) -> Result<User> {
    let wanted = possible_name(&arrived.user_name);
    let display_name = possible_display_name(&arrived.display_name, &wanted);
    for number in 1..=NAMES {
        let (name, display_name) = if number == 1 {
            (wanted.clone(), display_name.clone())
        } else {
            (format!("{wanted}-{number}"), format!("{display_name} {number}"))
        };
        match people::insert(tx, &name, &display_name, role, None) {
            Ok(user) => {
                let detail = serde_json::json!({ "role": role, "issuer": arrived.issuer });
                audit::record_with(tx, &ACTOR, Activity::PersonAdded, target(&user), &detail)?;
                return Ok(user);
            }
            Err(Error::Invalid(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::at_field("provider", "No user name was free for this account. Ask an administrator."))
}

/// The name without what user names cannot have.
fn possible_name(name: &str) -> String {
    let kept: String = name.chars().filter(|c| c.is_alphanumeric() || "._-".contains(*c)).take(80).collect();
    let mut errors = FieldErrors::default();
    user_names::check(&kept, &mut errors);
    if errors.is_empty() { kept } else { "person".to_owned() }
}

fn possible_display_name(name: &str, otherwise: &str) -> String {
    let kept: String = name.chars().take(90).collect();
    let mut errors = FieldErrors::default();
    user_names::check_display_name(&kept, &mut errors);
    if errors.is_empty() && !kept.trim().is_empty() { kept } else { otherwise.to_owned() }
}

/// Gives the person the role that they have at the provider, where its groups decide on roles. The last administrator
/// stays one.
fn follow_role(tx: &mut Tx<'_>, provider: &Provider, user: &User, role: Option<Role>) -> Result<()> {
    if provider.role_rules.trim().is_empty() {
        return Ok(());
    }
    let role = role.ok_or_else(nobody)?;
    if role == user.role {
        return Ok(());
    }
    match people::set_role(tx, &ACTOR, &user.name, role) {
        Err(Error::Invalid(why)) => {
            tracing::warn!("{} keeps the role {}: {why}", user.name, user.role);
            Ok(())
        }
        other => other.map(|_| ()),
    }
}

/// Puts the person into the groups that the provider's groups become, and takes them out of others that its rules name.
fn follow_groups(tx: &mut Tx<'_>, provider: &Provider, user: &User, arrived: &Arrived) -> Result<()> {
    let rules = parse(&provider.group_rules).map_err(Error::internal)?;
    let ruled: BTreeSet<String> = rules.iter().map(|(_, ours)| ours.to_lowercase()).collect();
    let wanted = groups_of(&arrived.groups, &rules);
    let known: Vec<(i64, String)> = user_groups::table
        .filter(user_groups::name_key.eq_any(&ruled))
        .select((user_groups::id, user_groups::name_key))
        .load(tx.conn)?;
    let mut now: Vec<i64> = group_members::table
        .filter(group_members::user_id.eq(user.id))
        .select(group_members::group_id)
        .load(tx.conn)?;
    now.sort_unstable();
    for (id, key) in known {
        let is_member = now.binary_search(&id).is_ok();
        let row = group_members::table.find((id, user.id));
        if wanted.contains(&key) && !is_member {
            let values = (group_members::group_id.eq(id), group_members::user_id.eq(user.id));
            diesel::insert_into(group_members::table).values(values).execute(tx.conn)?;
        } else if !wanted.contains(&key) && is_member {
            diesel::delete(row).execute(tx.conn)?;
        } else {
            continue;
        }
        let detail = serde_json::json!({ "group": key, "member": !is_member });
        audit::record_with(tx, &ACTOR, Activity::GroupChanged, target(user), &detail)?;
    }
    Ok(())
}
