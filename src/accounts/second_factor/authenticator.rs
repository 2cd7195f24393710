//! Authenticator apps: codes of six digits that change every 30 seconds (TOTP, RFC 6238).

use diesel::prelude::*;
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Builder, Secret, Totp};

use crate::accounts::people::{acting_person, target};
use crate::accounts::second_factor::recovery;
use crate::accounts::users;
use crate::audit::{self, Activity};
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::schema::authenticator_apps as table;
use crate::secrets::random_bytes;

/// What apps list the account under.
const ISSUER: &str = "Watchdesk";
/// Bytes of a secret: the length of the hash (RFC 4226, section 4).
const LENGTH: usize = 20;

/// A secret that an app may take.
pub struct NewSecret {
    /// As it is typed into an app, in base32.
    pub text: String,
    /// A QR code with it, as SVG.
    pub picture: String,
}

/// A new secret in base32.
pub fn new_secret() -> Result<String> {
    Ok(Secret::from(random_bytes(LENGTH)?).to_base32())
}

/// A secret as the page shows it that sets an app up.
pub fn shown(user: &User, secret: &str) -> Result<NewSecret> {
    let address = totp(&user.name, secret)?.to_url().map_err(Error::internal)?;
    let code = QrCode::new(address.as_bytes()).map_err(Error::internal)?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    Ok(NewSecret { text: secret.to_owned(), picture })
}

fn totp(name: &str, secret: &str) -> Result<Totp> {
    let secret = Secret::try_from_base32(secret).map_err(Error::internal)?;
    Builder::new()
        .with_secret(secret)
        .with_account_name(name)
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(Error::internal)
}

/// The time step of a code, if it is right now or was in the step before or will be in the next: clocks differ.
fn step_of(name: &str, secret: &str, code: &str) -> Result<Option<i64>> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(clock::now() / clock::SECOND).unwrap_or(0);
    let step = totp(name, secret)?.check(&digits, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// Stores the secret of an app, once the person has shown by a code that the app has it. Returns the recovery codes.
pub fn set_up(tx: &mut Tx<'_>, actor: &Actor, secret: &str, code: &str) -> Result<Vec<String>> {
    let user = acting_person(actor)?;
    let Some(step) = step_of(&user.name, secret, code)? else {
        return Err(Error::at_field("code", "This code is wrong. Check that the clock of the phone is right."));
    };
    diesel::delete(table::table.find(user.id)).execute(tx.conn)?;
    diesel::insert_into(table::table)
        .values((
            table::user_id.eq(user.id),
            table::secret.eq(secret),
            table::last_step.eq(step),
            table::added_at.eq(clock::now()),
        ))
        .execute(tx.conn)?;
    audit::record(tx, actor, Activity::AuthenticatorAdded, target(user))?;
    recovery::make(tx, actor, user)
}

/// Whether a code is right and was not used before. It is used by this.
pub fn verify(tx: &mut Tx<'_>, user: i64, code: &str) -> Result<bool> {
    // Claims the row first, so that of two with the same code one finds it used.
    diesel::update(table::table.find(user)).set(table::last_step.eq(table::last_step)).execute(tx.conn)?;
    let stored: Option<(String, i64)> =
        table::table.find(user).select((table::secret, table::last_step)).first(tx.conn).optional()?;
    let Some((secret, last_step)) = stored else { return Ok(false) };
    let name = users::find(tx.conn, user)?.name;
    let Some(step) = step_of(&name, &secret, code)?.filter(|step| *step > last_step) else { return Ok(false) };
    diesel::update(table::table.find(user)).set(table::last_step.eq(step)).execute(tx.conn)?;
    Ok(true)
}

/// Removes one's own app.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor) -> Result<()> {
    let user = acting_person(actor)?;
    if diesel::delete(table::table.find(user.id)).execute(tx.conn)? > 0 {
        audit::record(tx, actor, Activity::AuthenticatorRemoved, target(user))?;
    }
    Ok(())
}

/// When the app was set up, in microseconds UTC.
pub fn added_at(conn: &mut AnyConnection, user: i64) -> Result<Option<i64>> {
    Ok(table::table.find(user).select(table::added_at).first(conn).optional()?)
}
