//! Finding incidents: by id, by the provider's, by what somebody types into a target field.

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::merged_incidents::with_merged;
use crate::model::incident::Incident;
use crate::schema::incidents;

/// Redirects are followed at most this far; a move back could make a ring.
const HOPS: usize = 16;
pub fn find_incident(conn: &mut AnyConnection, id: i64) -> Result<Incident> {
    Ok(incidents::table.find(id).select(Incident::as_select()).first(conn)?)
}

pub fn find_by_provider_key(conn: &mut AnyConnection, key: &str) -> Result<Option<i64>> {
    Ok(incidents::table.filter(incidents::provider_key.eq(key)).select(incidents::id).first(conn).optional()?)
}

/// How many open incidents a person owns.
pub fn count_open_of(conn: &mut AnyConnection, owner: i64) -> Result<i64> {
    let open = incidents::table.filter(incidents::assigned_to.eq(owner)).filter(incidents::is_open.eq(true));
    Ok(open.count().get_result(conn)?)
}

/// Where an incident's alerts are now: itself, or what it was redirected to.
pub fn follow_redirects(conn: &mut AnyConnection, mut id: i64) -> Result<i64> {
    for _ in 0..HOPS {
        let next: Option<i64> = incidents::table.find(id).select(incidents::redirect_to).first(conn)?;
        match next {
            Some(next) => id = next,
            None => break,
        }
    }
    Ok(id)
}

/// The incident that shows the comments and files of this one: what it was merged into, or itself. One whose alerts a
/// person moved keeps its own.
pub fn shown_in(conn: &mut AnyConnection, id: i64) -> Result<i64> {
    let now = follow_redirects(conn, id)?;
    Ok(if now == id || with_merged(conn, now)?.contains(&id) { now } else { id })
}
