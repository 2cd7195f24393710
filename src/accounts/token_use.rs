//! The use of tokens: finding the one of a secret, and noting when and from where it was used.

use std::net::IpAddr;

use diesel::prelude::*;

use crate::accounts::tokens::{ApiToken, SentIn};
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::hash::sha256_hex;
use crate::schema::api_tokens;

/// The last use is stored at most this often, in microseconds.
const USE_NOTED_EVERY: i64 = 5 * clock::MINUTE;

/// The token of a secret, if it is valid in this part of a request.
pub fn authenticate(conn: &mut AnyConnection, secret: &str, sent_in: SentIn) -> Result<Option<ApiToken>> {
    let (hash, now) = (sha256_hex(secret.as_bytes()), clock::now());
    let of_hash = |column: Column| {
        let query = api_tokens::table
            .filter(api_tokens::sent_in.eq(sent_in.as_str()))
            .filter(api_tokens::revoked_at.is_null())
            .filter(api_tokens::expires_at.is_null().or(api_tokens::expires_at.gt(now)))
            .select(ApiToken::as_select())
            .into_boxed();
        match column {
            Column::Current => query.filter(api_tokens::token_hash.eq(hash.clone())),
            Column::Earlier => {
                query.filter(api_tokens::earlier_hash.eq(hash.clone())).filter(api_tokens::earlier_until.gt(now))
            }
        }
    };
    match of_hash(Column::Current).first(conn).optional()? {
        Some(token) => Ok(Some(token)),
        None => Ok(of_hash(Column::Earlier).first(conn).optional()?),
    }
}

/// Which of a token's hashes a secret is compared with.
#[derive(Clone, Copy)]
enum Column {
    Current,
    Earlier,
}

/// The hashes of all valid tokens.
pub fn valid_hashes(conn: &mut AnyConnection) -> Result<Vec<String>> {
    let now = clock::now();
    let valid = api_tokens::table
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::expires_at.is_null().or(api_tokens::expires_at.gt(now)));
    let mut hashes: Vec<String> = valid.select(api_tokens::token_hash).load(conn)?;
    let earlier: Vec<Option<String>> =
        valid.filter(api_tokens::earlier_until.gt(now)).select(api_tokens::earlier_hash).load(conn)?;
    hashes.extend(earlier.into_iter().flatten());
    Ok(hashes)
}

/// Whether the last stored use is old enough to be stored again.
pub fn wants_use_noted(token: &ApiToken) -> bool {
    token.last_used_at.is_none_or(|used| used < clock::now() - USE_NOTED_EVERY)
}

/// Stores that a token was used now, from this address.
pub fn note_use(tx: &mut Tx<'_>, id: i64, address: IpAddr) -> Result<()> {
    diesel::update(api_tokens::table.find(id))
        .set((api_tokens::last_used_at.eq(clock::now()), api_tokens::last_used_from.eq(address.to_string())))
        .execute(tx.conn)?;
    Ok(())
}
