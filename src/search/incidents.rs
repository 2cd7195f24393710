//! Incidents by name and ID.

use diesel::prelude::*;

use crate::db::{AnyConnection, Searched};
use crate::error::Result;
use crate::model::incident::Incident;
use crate::queue::conditions::name_search;
use crate::queue::page;
use crate::queue::sort::Value;
use crate::queue::sql::Sql;
use crate::schema::incidents;
use crate::search::found::{Found, Hits, Kind};
use crate::search::typed::Typed;

/// Names whose incidents are looked up: those that match best.
const RANKED: usize = 50;
/// Incidents of one name that are looked up, the newest.
const OF_ONE_NAME: usize = 500;

pub(super) fn search(conn: &mut AnyConnection, typed: &Typed, shown: usize) -> Result<Found> {
    let (mut names, mut more) =
        name_search::names(conn, &[Searched::IncidentNames], &Sql::default(), typed.as_str(), Sql::words)?;
    names.sort_by_cached_key(|name| (typed.closeness(name), name.chars().count(), name.clone()));
    more |= names.len() > RANKED;
    names.truncate(RANKED);
    let (mut open, mut closed) = (by_id(conn, typed, true)?, by_id(conn, typed, false)?);
    for name in &names {
        for (is_open, found) in [(true, &mut open), (false, &mut closed)] {
            let ids = named(conn, name, is_open)?;
            more |= ids.len() == OF_ONE_NAME;
            found.extend(ids.into_iter().map(|id| (typed.closeness(name), id)));
        }
    }
    for found in [&mut open, &mut closed] {
        found.sort_unstable_by_key(|(closeness, id)| (*closeness, -id));
        found.dedup();
    }
    let ids: Vec<i64> = open.iter().chain(&closed).map(|(_, id)| *id).take(shown).collect();
    let hits = page::rows(conn, &ids)?;
    Ok(Found { kind: Kind::Incidents, hits: Hits::Incidents(hits), open: open.len(), closed: closed.len(), more })
}

/// The incident with the ID that was typed, if it is open or closed, as the best match.
fn by_id(conn: &mut AnyConnection, typed: &Typed, is_open: bool) -> Result<Vec<(u8, i64)>> {
    let Some(id) = name_search::id(typed.as_str()) else { return Ok(Vec::new()) };
    let found: Option<Incident> = incidents::table
        .filter(incidents::id.eq(id).and(incidents::is_open.eq(is_open)))
        .select(Incident::as_select())
        .first(conn)
        .optional()?;
    Ok(found.into_iter().map(|incident| (0, incident.id)).collect())
}

fn named(conn: &mut AnyConnection, name: &str, is_open: bool) -> Result<Vec<i64>> {
    let condition = if is_open { "is_open = TRUE" } else { "is_open = FALSE" };
    Sql::of(
        format!("SELECT id FROM incidents WHERE {condition} AND name_key = {{}} ORDER BY id DESC LIMIT {OF_ONE_NAME}"),
        [Value::Text(name.to_owned())],
    )
    .ids(conn)
}
