//! Server-side sessions: the cookie carries a random key, the table its hash, so that ending one
//! here ends it everywhere.

use diesel::prelude::*;

use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::hash::sha256_hex;
use crate::model::user::User;
use crate::schema::{sessions, users};

/// How long a session lives without being used, in microseconds.
pub const LIFETIME: i64 = 12 * clock::HOUR;
/// The expiry is extended at most this often, so that not every page view writes.
const RENEW_AFTER: i64 = 10 * clock::MINUTE;

/// A stored session: its state as JSON, its user, when it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    pub state: String,
    pub expires_at: i64,
}

/// A live session's state.
pub fn load(conn: &mut AnyConnection, key: &str) -> Result<Option<StoredSession>> {
    let row: Option<(String, i64)> = sessions::table
        .find(sha256_hex(key.as_bytes()))
        .filter(sessions::expires_at.gt(clock::now()))
        .select((sessions::state, sessions::expires_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(state, expires_at)| StoredSession { state, expires_at }))
}

/// Whether a session is due for [`touch`].
pub fn wants_touch(session: &StoredSession) -> bool {
    session.expires_at < clock::now() + LIFETIME - RENEW_AFTER
}

/// Writes a session's state, new or changed.
pub fn store(tx: &mut Tx<'_>, key: &str, user_id: Option<i64>, state: &str) -> Result<()> {
    let hash = sha256_hex(key.as_bytes());
    let now = clock::now();
    let updated = diesel::update(sessions::table.find(&hash))
        .set((sessions::user_id.eq(user_id), sessions::state.eq(state), sessions::expires_at.eq(now + LIFETIME)))
        .execute(tx.conn)?;
    if updated == 0 {
        diesel::insert_into(sessions::table)
            .values((
                sessions::key_hash.eq(hash),
                sessions::user_id.eq(user_id),
                sessions::state.eq(state),
                sessions::created_at.eq(now),
                sessions::expires_at.eq(now + LIFETIME),
            ))
            .execute(tx.conn)?;
        diesel::delete(sessions::table.filter(sessions::expires_at.lt(now))).execute(tx.conn)?;
    }
    Ok(())
}

/// Extends the expiry.
pub fn touch(tx: &mut Tx<'_>, key: &str) -> Result<()> {
    diesel::update(sessions::table.find(sha256_hex(key.as_bytes())))
        .set(sessions::expires_at.eq(clock::now() + LIFETIME))
        .execute(tx.conn)?;
    Ok(())
}

/// Ends one session.
pub fn end(tx: &mut Tx<'_>, key: &str) -> Result<()> {
    diesel::delete(sessions::table.find(sha256_hex(key.as_bytes()))).execute(tx.conn)?;
    Ok(())
}

/// Ends every session of a person: after disabling, or a new password.
pub fn end_all(tx: &mut Tx<'_>, user_id: i64) -> Result<()> {
    diesel::delete(sessions::table.filter(sessions::user_id.eq(user_id))).execute(tx.conn)?;
    Ok(())
}

/// The open sessions of those of these people who are not disabled, by one query: whose it is, and its state.
/// Streams use it to notice sign-outs and new roles, because they receive their cookie only when they start.
pub fn of_people(conn: &mut AnyConnection, people: impl IntoIterator<Item = i64>) -> Result<Vec<(User, String)>> {
    Ok(sessions::table
        .inner_join(users::table.on(sessions::user_id.eq(users::id.nullable())))
        .filter(users::id.eq_any(people.into_iter().collect::<Vec<i64>>()))
        .filter(users::disabled.eq(false))
        .filter(sessions::expires_at.gt(clock::now()))
        .select((User::as_select(), sessions::state))
        .load(conn)?)
}
