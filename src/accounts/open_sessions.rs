//! The open sessions of a person, as people see them and end them.

use diesel::prelude::*;

use crate::accounts::people::target;
use crate::accounts::users;
use crate::audit::{self, Activity};
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::hash::sha256_hex;
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::schema::sessions;

/// The method of a session that waits for the second factor.
pub const PENDING: &str = "pending";

/// A session without its key.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct OpenSession {
    /// The hash of its key, which says which session is meant and opens nothing.
    #[diesel(column_name = key_hash)]
    pub handle: String,
    pub address: String,
    pub browser: String,
    pub method: String,
    /// Microseconds UTC.
    pub created_at: i64,
    /// To within ten minutes.
    pub used_at: i64,
}

/// What names the session with this key in [`OpenSession`].
pub fn handle(key: &str) -> String {
    sha256_hex(key.as_bytes())
}

/// The open sessions of a person, the latest used first.
pub fn list(conn: &mut AnyConnection, user: i64) -> Result<Vec<OpenSession>> {
    Ok(sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::expires_at.gt(clock::now()))
        .filter(sessions::method.ne(PENDING))
        .order((sessions::used_at.desc(), sessions::created_at.desc()))
        .select(OpenSession::as_select())
        .load(conn)?)
}

/// Which sessions to end.
#[derive(Debug, Clone)]
pub enum Ended {
    One(String),
    /// All but this one; all where there is none.
    AllBut(Option<String>),
}

/// Ends sessions of a person: one's own, or anybody's for administrators. Returns how many.
pub fn end(tx: &mut Tx<'_>, actor: &Actor, user: i64, which: &Ended) -> Result<usize> {
    if actor.person().is_none_or(|person| person.id != user) {
        require(actor, Action::Administer)?;
    }
    let person = users::find(tx.conn, user)?;
    let of_person = sessions::table.filter(sessions::user_id.eq(user));
    let ended = match which {
        Ended::One(handle) => diesel::delete(of_person.filter(sessions::key_hash.eq(handle))).execute(tx.conn)?,
        Ended::AllBut(Some(kept)) => diesel::delete(of_person.filter(sessions::key_hash.ne(kept))).execute(tx.conn)?,
        Ended::AllBut(None) => diesel::delete(of_person).execute(tx.conn)?,
    };
    match which {
        Ended::One(_) if ended == 0 => return Err(Error::at_field("session", "This session has ended already.")),
        _ if ended == 0 => return Ok(0),
        _ => {}
    }
    let detail = serde_json::json!({ "sessions": ended });
    audit::record_with(tx, actor, Activity::SessionEnded, target(&person), &detail)?;
    Ok(ended)
}
