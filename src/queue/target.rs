//! The incident that somebody means by a typed name or ID.

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::model::incident::Status;
use crate::queue;
use crate::schema::incidents;
use crate::text::{folded, one_line};

/// Suggestions under a target field.
const SUGGESTIONS: i64 = 10;

/// Incidents whose id or name fits what was typed, the latest updated first.
pub fn suggest(conn: &mut AnyConnection, typed: &str) -> Result<Vec<(i64, String)>> {
    let typed = typed.trim().trim_start_matches('#');
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let by_id = match typed.parse::<i64>() {
        Ok(id) => incidents::table
            .find(id)
            .select((incidents::id, incidents::name))
            .first::<(i64, String)>(conn)
            .optional()?,
        Err(_) => None,
    };
    let ids = queue::ids_by_name(conn, typed, SUGGESTIONS)?;
    let by_name: Vec<(i64, String)> = incidents::table
        .filter(incidents::id.eq_any(ids))
        .order((incidents::updated_at.desc(), incidents::id.desc()))
        .select((incidents::id, incidents::name))
        .load(conn)?;
    let mut found: Vec<(i64, String)> = by_id.into_iter().collect();
    found.extend(by_name.into_iter().filter(|(id, _)| !found.iter().any(|(known, _)| known == id)).collect::<Vec<_>>());
    Ok(found)
}

/// The one incident that a typed target means: an id ("42", "#42", "42 - Name"), or a whole name
/// that only one incident has.
pub fn target(conn: &mut AnyConnection, typed: &str) -> Result<i64> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Error::at_field("target", "Enter the name or ID of the target incident."));
    }
    if let Ok(id) = typed.trim_start_matches('#').parse::<i64>() {
        let known: Option<i64> = incidents::table.find(id).select(incidents::id).first(conn).optional()?;
        return known.ok_or_else(|| Error::at_field("target", "There is no incident with this name or ID."));
    }
    let named: Vec<i64> = incidents::table
        // The index of names begins with it.
        .filter(incidents::is_open.eq_any([true, false]))
        .filter(incidents::name_key.eq(folded(&one_line(typed))))
        .filter(incidents::status.ne(Status::Redirected.as_str()))
        .limit(2)
        .select(incidents::id)
        .load(conn)?;
    match named.as_slice() {
        [only] => Ok(*only),
        [] if suggested(conn, typed)?.is_some() => suggested(conn, typed)?.ok_or(Error::NotFound),
        [] => Err(Error::at_field("target", "There is no incident with this name or ID.")),
        _ => Err(Error::at_field("target", "Several incidents have this name. Enter the ID instead.")),
    }
}

/// Reads a suggestion of the field: the ID, a blank, and that incident's name.
fn suggested(conn: &mut AnyConnection, typed: &str) -> Result<Option<i64>> {
    let Some((number, name)) = typed.split_once(' ') else { return Ok(None) };
    let Ok(id) = number.trim_start_matches('#').parse::<i64>() else { return Ok(None) };
    let key: Option<String> = incidents::table.find(id).select(incidents::name_key).first(conn).optional()?;
    Ok(key.filter(|key| one_line(key) == folded(&one_line(name))).map(|_| id))
}
