//! Which token reported a provider's incident first. Of alerts it is a part of their rows.

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::schema::incidents;

/// The token that reported an incident first; `None` for an import and for what was stored before that was noted.
pub fn of_incident(conn: &mut AnyConnection, incident: i64) -> Result<Option<i64>> {
    Ok(incidents::table.find(incident).select(incidents::reported_by).first(conn)?)
}

/// Notes the token of incidents that nobody's were so far.
pub fn note(tx: &mut Tx<'_>, incidents: &[i64], token: i64) -> Result<()> {
    if incidents.is_empty() {
        return Ok(());
    }
    diesel::update(incidents::table.filter(incidents::id.eq_any(incidents)))
        .filter(incidents::reported_by.is_null())
        .set(incidents::reported_by.eq(token))
        .execute(tx.conn)?;
    Ok(())
}
