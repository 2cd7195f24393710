//! What people change of their own account.

use diesel::prelude::*;
use jiff::tz::TimeZone;

use crate::accounts::people::{acting_person, target};
use crate::accounts::{passwords, user_names, users};
use crate::audit::{self, Activity};
use crate::db::{AnyConnection, Tx};
use crate::error::{FieldErrors, Result};
use crate::model::actor::Actor;
use crate::schema::{sessions, users as table};

/// What people choose for themselves.
#[derive(Debug, Clone)]
pub struct Profile {
    pub display_name: String,
    /// An IANA name; empty for the zone of the browser.
    pub time_zone: String,
    pub key_shortcuts: bool,
}

/// Stores what a person chose. Nobody may take a display name that could be taken for somebody else's.
pub fn set_profile(tx: &mut Tx<'_>, actor: &Actor, profile: &Profile) -> Result<()> {
    let user = acting_person(actor)?;
    let (display_name, time_zone) = (profile.display_name.trim(), profile.time_zone.trim());
    let mut errors = FieldErrors::default();
    if display_name.is_empty() {
        errors.add("display_name", "Enter a display name.");
    }
    user_names::check_display_name(display_name, &mut errors);
    if !time_zone.is_empty() && TimeZone::get(time_zone).is_err() {
        errors.add("time_zone", "Choose a time zone of the list, such as Europe/Berlin.");
    }
    errors.into_result()?;
    let people = users::list(tx.conn)?;
    let others = people.iter().filter(|other| other.id != user.id);
    user_names::refuse_look_alikes(others, &[("display_name", display_name)])?;
    diesel::update(table::table.find(user.id))
        .set((
            table::display_name.eq(display_name),
            table::time_zone.eq(time_zone),
            table::key_shortcuts.eq(profile.key_shortcuts),
        ))
        .execute(tx.conn)?;
    if display_name != user.display_name {
        let detail = serde_json::json!({ "before": user.display_name, "after": display_name });
        audit::record_with(tx, actor, Activity::DisplayNameChanged, target(user), &detail)?;
    }
    Ok(())
}

/// Whether this is the person's password. Takes as long as signing in: see [`passwords`].
pub fn has_password(conn: &mut AnyConnection, user: i64, password: &str) -> Result<bool> {
    let stored: Option<String> = table::table.find(user).select(table::password_hash).first(conn)?;
    Ok(passwords::verify(password, stored.as_deref()))
}

/// Stores a person's new password and ends their other sessions. `kept` is the handle of the one in which it is done.
pub fn change_password(tx: &mut Tx<'_>, actor: &Actor, hash: &passwords::Hashed, kept: &str) -> Result<()> {
    let user = acting_person(actor)?;
    diesel::update(table::table.find(user.id)).set(table::password_hash.eq(Some(hash.as_str()))).execute(tx.conn)?;
    let others = sessions::table.filter(sessions::user_id.eq(user.id)).filter(sessions::key_hash.ne(kept));
    diesel::delete(others).execute(tx.conn)?;
    audit::record(tx, actor, Activity::PasswordChanged, target(user))
}
