//! API tokens: shown once, stored as a hash, limited to one scope, revocable. One may have a secret by which
//! its bodies are signed.

use diesel::prelude::*;

use crate::accounts::look_alike::{has_invisible, look_alike};
use crate::accounts::setting_changes::{self, Setting, SettingChange};
use crate::accounts::signing_secret::SigningSecret;
use crate::audit::{self, Activity, Target};
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::hash::sha256_hex;
use crate::model::actor::{Actor, Scope};
use crate::permissions::{Action, require};
use crate::schema::api_tokens;
use crate::secrets::random_hex;

/// The kind of tokens in the record of changes.
pub(super) const KIND: &str = "token";
/// Marks a token as ours, so that secret scanners can find a leaked one.
const PREFIX: &str = "wd_";
/// Longest purpose, in characters.
const LONGEST_PURPOSE: usize = 200;
/// Longest time in which a secret works after its rotation, in microseconds.
const LONGEST_OVERLAP: i64 = 90 * clock::DAY;

/// A token without its secret.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = api_tokens)]
pub struct ApiToken {
    pub id: i64,
    pub name: String,
    #[diesel(deserialize_as = String)]
    pub scope: Scope,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
    pub revoked_at: Option<i64>,
    /// What it is for.
    pub purpose: String,
    /// Until when it works; for ever where there is none.
    pub expires_at: Option<i64>,
    /// The address that last used it; empty before its first use.
    pub last_used_from: String,
    /// Whose it is: one that a person made for themselves. It stops working when they are disabled.
    pub owner_id: Option<i64>,
    /// Until when the secret before the last rotation works too.
    pub earlier_until: Option<i64>,
    /// The mapping that reads what it sends, where the request names no format.
    pub mapping_id: Option<i64>,
    #[diesel(deserialize_as = String)]
    pub sent_in: SentIn,
    /// Whether only signed bodies are taken.
    #[diesel(select_expression = api_tokens::signing_secret.is_not_null())]
    #[diesel(select_expression_type = diesel::dsl::IsNotNull<api_tokens::signing_secret>)]
    pub is_signed: bool,
}

crate::text_enum! {
    /// Whether a token works.
    pub enum State {
        Active = "active" / "Active",
        Expired = "expired" / "Expired",
        Revoked = "revoked" / "Revoked",
    }
}

impl ApiToken {
    pub fn state(&self) -> State {
        if self.revoked_at.is_some() {
            State::Revoked
        } else if self.expires_at.is_some_and(|at| at <= clock::now()) {
            State::Expired
        } else {
            State::Active
        }
    }
}

crate::text_enum! {
    /// The part of a request that has the token. A token of one is not accepted in the other.
    #[derive(Default)]
    pub enum SentIn {
        /// `Authorization` or `X-Api-Key`.
        #[default]
        Header = "header" / "Header",
        /// The address, for senders that cannot set a header.
        Address = "address" / "Address",
    }
}

/// A token to create, without what only senders of alerts have.
#[derive(Debug, Clone)]
pub(super) struct Created<'a> {
    pub name: &'a str,
    pub scope: Scope,
    pub sent_in: SentIn,
    pub purpose: &'a str,
    /// Microseconds UTC.
    pub expires_at: Option<i64>,
    pub owner_id: Option<i64>,
}

/// Creates a token and returns its secret, which is not stored. [`crate::accounts::new_token::make`] also records it.
pub(super) fn add(tx: &mut Tx<'_>, new: &Created<'_>) -> Result<String> {
    let Created { name, scope, sent_in, purpose, expires_at, owner_id } = *new;
    if sent_in == SentIn::Address && scope != Scope::Ingest {
        return Err(Error::at_field("scope", "Only a token with the ingest scope can be sent in the URL."));
    }
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Error::at_field("name", "A token name must have 1 to 100 characters."));
    }
    if has_invisible(name) {
        return Err(Error::at_field("name", "This name contains invisible characters. Type it again."));
    }
    if purpose.chars().count() > LONGEST_PURPOSE {
        return Err(Error::at_field("purpose", "A purpose can have at most 200 characters."));
    }
    if expires_at.is_some_and(|at| at <= clock::now()) {
        return Err(Error::at_field("expires", "Choose a date in the future."));
    }
    let names: Vec<String> = api_tokens::table.select(api_tokens::name).load(tx.conn)?;
    if names.iter().any(|taken| taken == name) {
        return Err(Error::at_field("name", "A token with this name already exists."));
    }
    if let Some(taken) = names.iter().find(|taken| look_alike(name, taken)) {
        return Err(Error::at_field("name", format!("This name looks like the token {taken:?}. Choose another one.")));
    }
    let secret = new_secret()?;
    let id = tx.take_ids("token", 1)?;
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::id.eq(id),
            api_tokens::name.eq(name),
            api_tokens::token_hash.eq(sha256_hex(secret.as_bytes())),
            api_tokens::scope.eq(scope.as_str()),
            api_tokens::created_at.eq(clock::now()),
            api_tokens::sent_in.eq(sent_in.as_str()),
            api_tokens::purpose.eq(purpose.trim()),
            api_tokens::expires_at.eq(expires_at),
            api_tokens::owner_id.eq(owner_id),
        ))
        .execute(tx.conn)?;
    Ok(secret)
}

/// Sets the mapping of a token.
pub fn set_mapping(tx: &mut Tx<'_>, actor: &Actor, name: &str, mapping: i64) -> Result<()> {
    require(actor, Action::Administer)?;
    diesel::update(api_tokens::table.filter(api_tokens::name.eq(name.trim())))
        .set(api_tokens::mapping_id.eq(mapping))
        .execute(tx.conn)?;
    Ok(())
}

/// From now on only bodies that are signed with this secret are taken from a token.
pub fn set_signing_secret(tx: &mut Tx<'_>, actor: &Actor, name: &str, secret: &SigningSecret) -> Result<()> {
    require(actor, Action::Administer)?;
    let sends_alerts = api_tokens::scope.eq(Scope::Ingest.as_str());
    let changed = diesel::update(api_tokens::table.filter(api_tokens::name.eq(name.trim())).filter(sends_alerts))
        .set(api_tokens::signing_secret.eq(secret.as_str()))
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(Error::at_field("scope", "Only a token with the ingest scope can have a signing secret."));
    }
    Ok(())
}

/// The secret that signs the bodies of a token.
pub fn signing_secret(conn: &mut AnyConnection, id: i64) -> Result<Option<SigningSecret>> {
    let stored: Option<String> = api_tokens::table.find(id).select(api_tokens::signing_secret).first(conn)?;
    Ok(stored.map(SigningSecret::stored))
}

/// Gives a token a new secret, and returns it. The one before works for another `overlap` microseconds, so that
/// senders can be changed one after the other; one that was still working from an earlier rotation ends at once.
pub fn rotate(tx: &mut Tx<'_>, actor: &Actor, name: &str, overlap: i64) -> Result<String> {
    let token = active(tx.conn, name)?;
    require_over(actor, &token)?;
    if !(0..=LONGEST_OVERLAP).contains(&overlap) {
        return Err(Error::at_field("overlap", "The earlier secret can work for at most 90 days."));
    }
    let secret = new_secret()?;
    let earlier: String = api_tokens::table.find(token.id).select(api_tokens::token_hash).first(tx.conn)?;
    diesel::update(api_tokens::table.find(token.id))
        .set((
            api_tokens::token_hash.eq(sha256_hex(secret.as_bytes())),
            api_tokens::earlier_hash.eq((overlap > 0).then_some(earlier)),
            api_tokens::earlier_until.eq((overlap > 0).then(|| clock::now() + overlap)),
        ))
        .execute(tx.conn)?;
    let detail = serde_json::json!({ "overlapHours": overlap / clock::HOUR });
    let target = Target { kind: KIND, id: Some(token.id), name: &token.name };
    audit::record_with(tx, actor, Activity::TokenRotated, target, &detail)?;
    Ok(secret)
}

fn active(conn: &mut AnyConnection, name: &str) -> Result<ApiToken> {
    api_tokens::table
        .filter(api_tokens::name.eq(name))
        .filter(api_tokens::revoked_at.is_null())
        .select(ApiToken::as_select())
        .first(conn)
        .optional()?
        .ok_or_else(|| Error::at_field("name", "There is no active token with this name."))
}

/// Lets people change their own tokens, and administrators all.
fn require_over(actor: &Actor, token: &ApiToken) -> Result<()> {
    match actor.person() {
        Some(person) if token.owner_id == Some(person.id) => Ok(()),
        _ => require(actor, Action::Administer),
    }
}

fn new_secret() -> Result<String> {
    Ok(format!("{PREFIX}{}", random_hex(24)?))
}

pub fn list(conn: &mut AnyConnection) -> Result<Vec<ApiToken>> {
    Ok(api_tokens::table.order(api_tokens::id).select(ApiToken::as_select()).load(conn)?)
}

/// The tokens that a person made for themselves, the newest first.
pub fn of_person(conn: &mut AnyConnection, person: i64) -> Result<Vec<ApiToken>> {
    Ok(api_tokens::table
        .filter(api_tokens::owner_id.eq(person))
        .order(api_tokens::id.desc())
        .select(ApiToken::as_select())
        .load(conn)?)
}

/// The id of a token.
pub(super) fn id_of(conn: &mut AnyConnection, name: &str) -> Result<i64> {
    Ok(api_tokens::table.filter(api_tokens::name.eq(name.trim())).select(api_tokens::id).first(conn)?)
}

/// Ends a token; its name stays taken, so that logs stay readable.
pub fn revoke(tx: &mut Tx<'_>, actor: &Actor, name: &str) -> Result<()> {
    let change = setting_changes::next(tx)?;
    let token = active(tx.conn, name)?;
    require_over(actor, &token)?;
    diesel::update(api_tokens::table.find(token.id)).set(api_tokens::revoked_at.eq(clock::now())).execute(tx.conn)?;
    let setting = Setting { kind: KIND, id: token.id, name };
    setting_changes::note(tx, actor, change, setting, (Some(token.scope.as_str().to_owned()), None))
}

/// The latest changes of tokens, newest first: made, with what it may do, or revoked.
pub fn changes(conn: &mut AnyConnection, limit: i64) -> Result<Vec<SettingChange>> {
    setting_changes::latest(conn, KIND, None, limit)
}
