//! Server-side sessions: the cookie carries a random key, the table its hash, so that ending one
//! here ends it everywhere. A session ends when it was not used for a while, and in any case after some days.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::hash::sha256_hex;
use crate::model::user::User;
use crate::schema::{sessions, users};

/// The expiry is extended at most this often, in microseconds, so that not every page view writes.
const RENEW_AFTER: i64 = 10 * clock::MINUTE;

/// How long sessions last, in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    /// Without being used.
    pub idle: i64,
    /// In all, from signing in.
    pub total: i64,
}

impl Lifetimes {
    /// When a session ends that is used now.
    fn expiry(self, created_at: i64) -> i64 {
        (clock::now() + self.idle).min(created_at + self.total)
    }
}

/// A stored session: its state as JSON, when it began and when it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    pub state: String,
    pub created_at: i64,
    pub expires_at: i64,
}

/// A live session's state.
pub fn load(conn: &mut AnyConnection, key: &str, lifetimes: Lifetimes) -> Result<Option<StoredSession>> {
    let now = clock::now();
    let row: Option<(String, i64, i64)> = sessions::table
        .find(sha256_hex(key.as_bytes()))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::created_at.gt(now - lifetimes.total))
        .select((sessions::state, sessions::created_at, sessions::expires_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(state, created_at, expires_at)| StoredSession { state, created_at, expires_at }))
}

/// Whether a session is due for [`touch`].
pub fn wants_touch(session: &StoredSession, lifetimes: Lifetimes) -> bool {
    session.expires_at < lifetimes.expiry(session.created_at) - RENEW_AFTER.min(lifetimes.idle / 6)
}

/// Ends sessions no later than these lifetimes allow: after they were set shorter, or for sessions that an earlier
/// version stored.
pub fn shorten(tx: &mut Tx<'_>, lifetimes: Lifetimes) -> Result<()> {
    let idle_end = clock::now() + lifetimes.idle;
    diesel::update(sessions::table.filter(sessions::expires_at.gt(idle_end)))
        .set(sessions::expires_at.eq(idle_end))
        .execute(tx.conn)?;
    let last = sessions::created_at + lifetimes.total;
    diesel::update(sessions::table.filter(sessions::expires_at.gt(last)))
        .set(sessions::expires_at.eq(last))
        .execute(tx.conn)?;
    Ok(())
}

/// Where a session began: what its person recognizes it by.
#[derive(Debug, Clone, Default)]
pub struct Beginning {
    pub address: String,
    /// The browser as it names itself (User-Agent).
    pub browser: String,
    /// How the person signed in, such as "password".
    pub method: String,
    pub at_provider: Option<AtProvider>,
}

/// The identity provider by which a person signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtProvider {
    pub id: i64,
    /// The session there.
    pub session: Option<String>,
}

/// Writes a session's state, new or changed.
pub fn store(
    tx: &mut Tx<'_>,
    key: &str,
    user_id: Option<i64>,
    state: &str,
    beginning: &Beginning,
    lifetimes: Lifetimes,
) -> Result<()> {
    let hash = sha256_hex(key.as_bytes());
    let now = clock::now();
    let created_at: Option<i64> = sessions::table.find(&hash).select(sessions::created_at).first(tx.conn).optional()?;
    let expires_at = lifetimes.expiry(created_at.unwrap_or(now));
    if created_at.is_some() {
        diesel::update(sessions::table.find(&hash))
            .set((sessions::user_id.eq(user_id), sessions::state.eq(state), sessions::expires_at.eq(expires_at)))
            .execute(tx.conn)?;
    } else {
        diesel::insert_into(sessions::table)
            .values((
                sessions::key_hash.eq(hash),
                sessions::user_id.eq(user_id),
                sessions::state.eq(state),
                sessions::created_at.eq(now),
                sessions::expires_at.eq(expires_at),
                sessions::address.eq(&beginning.address),
                sessions::browser.eq(&beginning.browser),
                sessions::method.eq(&beginning.method),
                sessions::used_at.eq(now),
                sessions::provider_id.eq(beginning.at_provider.as_ref().map(|at| at.id)),
                sessions::provider_session.eq(beginning.at_provider.as_ref().and_then(|at| at.session.clone())),
            ))
            .execute(tx.conn)?;
        diesel::delete(sessions::table.filter(sessions::expires_at.lt(now))).execute(tx.conn)?;
    }
    Ok(())
}

/// Extends the expiry.
pub fn touch(tx: &mut Tx<'_>, key: &str, lifetimes: Lifetimes) -> Result<()> {
    let found = sessions::table.find(sha256_hex(key.as_bytes()));
    let created_at: Option<i64> = found.clone().select(sessions::created_at).first(tx.conn).optional()?;
    if let Some(created_at) = created_at {
        let (expires_at, used_at) = (lifetimes.expiry(created_at), clock::now());
        diesel::update(found)
            .set((sessions::expires_at.eq(expires_at), sessions::used_at.eq(used_at)))
            .execute(tx.conn)?;
    }
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
