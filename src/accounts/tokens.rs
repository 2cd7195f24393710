//! API tokens: shown once, stored as a hash, limited to one scope, revocable. One may have a secret by which
//! its bodies are signed.

use diesel::prelude::*;

use crate::accounts::look_alike::{has_invisible, look_alike};
use crate::accounts::setting_changes::{self, Setting, SettingChange};
use crate::accounts::signing_secret::SigningSecret;
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
/// The last use is stored at most this often, in microseconds.
const USE_NOTED_EVERY: i64 = 5 * clock::MINUTE;

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

/// Creates a token and returns its secret, which is not stored. [`crate::accounts::new_token::make`] also records it.
pub fn add(tx: &mut Tx<'_>, actor: &Actor, name: &str, scope: Scope, sent_in: SentIn) -> Result<String> {
    require(actor, Action::Administer)?;
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
    let names: Vec<String> = api_tokens::table.select(api_tokens::name).load(tx.conn)?;
    if names.iter().any(|taken| taken == name) {
        return Err(Error::at_field("name", "A token with this name already exists."));
    }
    if let Some(taken) = names.iter().find(|taken| look_alike(name, taken)) {
        return Err(Error::at_field("name", format!("This name looks like the token {taken:?}. Choose another one.")));
    }
    let secret = format!("{PREFIX}{}", random_hex(24)?);
    let id = tx.take_ids("token", 1)?;
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::id.eq(id),
            api_tokens::name.eq(name),
            api_tokens::token_hash.eq(sha256_hex(secret.as_bytes())),
            api_tokens::scope.eq(scope.as_str()),
            api_tokens::created_at.eq(clock::now()),
            api_tokens::sent_in.eq(sent_in.as_str()),
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

/// The token of a secret, if it is valid in this part of a request.
pub fn authenticate(conn: &mut AnyConnection, secret: &str, sent_in: SentIn) -> Result<Option<ApiToken>> {
    Ok(api_tokens::table
        .filter(api_tokens::sent_in.eq(sent_in.as_str()))
        .filter(api_tokens::token_hash.eq(sha256_hex(secret.as_bytes())))
        .filter(api_tokens::revoked_at.is_null())
        .select(ApiToken::as_select())
        .first(conn)
        .optional()?)
}

/// The hashes of all valid tokens.
pub fn valid_hashes(conn: &mut AnyConnection) -> Result<Vec<String>> {
    Ok(api_tokens::table.filter(api_tokens::revoked_at.is_null()).select(api_tokens::token_hash).load(conn)?)
}

/// Whether the last stored use is old enough to be stored again.
pub fn wants_use_noted(token: &ApiToken) -> bool {
    token.last_used_at.is_none_or(|used| used < clock::now() - USE_NOTED_EVERY)
}

pub fn note_use(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    diesel::update(api_tokens::table.find(id)).set(api_tokens::last_used_at.eq(clock::now())).execute(tx.conn)?;
    Ok(())
}

pub fn list(conn: &mut AnyConnection) -> Result<Vec<ApiToken>> {
    Ok(api_tokens::table.order(api_tokens::id).select(ApiToken::as_select()).load(conn)?)
}

/// The id of a token.
pub(super) fn id_of(conn: &mut AnyConnection, name: &str) -> Result<i64> {
    Ok(api_tokens::table.filter(api_tokens::name.eq(name.trim())).select(api_tokens::id).first(conn)?)
}

/// Ends a token; its name stays taken, so that logs stay readable.
pub fn revoke(tx: &mut Tx<'_>, actor: &Actor, name: &str) -> Result<()> {
    require(actor, Action::Administer)?;
    let change = setting_changes::next(tx)?;
    let revoked: Option<(i64, String)> = diesel::update(api_tokens::table.filter(api_tokens::name.eq(name)))
        .filter(api_tokens::revoked_at.is_null())
        .set(api_tokens::revoked_at.eq(clock::now()))
        .returning((api_tokens::id, api_tokens::scope))
        .get_result(tx.conn)
        .optional()?;
    let Some((id, scope)) = revoked else {
        return Err(Error::at_field("name", "There is no active token with this name."));
    };
    setting_changes::note(tx, actor, change, Setting { kind: KIND, id, name }, (Some(scope), None))
}

/// The latest changes of tokens, newest first: made, with what it may do, or revoked.
pub fn changes(conn: &mut AnyConnection, limit: i64) -> Result<Vec<SettingChange>> {
    setting_changes::latest(conn, KIND, None, limit)
}
