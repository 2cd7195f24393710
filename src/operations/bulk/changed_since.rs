//! Which incidents somebody else changed since a person looked, so that a bulk edit leaves them alone.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::entry::{Entry, Row};
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::schema::{history, incidents};

/// The kinds of entries that add alerts to an incident.
const ARRIVALS: [&str; 3] = ["opened", "alertAdded", "merged"];

/// The incidents whose newest entry was written after `newest_seen`.
pub(super) fn touched_since(conn: &mut AnyConnection, ids: &[i64], newest_seen: Option<i64>) -> Result<HashSet<i64>> {
    let Some(newest_seen) = newest_seen else { return Ok(HashSet::new()) };
    let touched: Vec<i64> = history::table
        .inner_join(incidents::table)
        .filter(incidents::id.eq_any(ids))
        .filter(history::revision.eq(incidents::revision))
        .filter(history::id.gt(newest_seen))
        .select(incidents::id)
        .load(conn)?;
    Ok(touched.into_iter().collect())
}

/// What somebody else did to an incident since the person looked, in words: a change of a field of the
/// manage form, or alerts that joined it.
pub(super) fn changed_since(
    conn: &mut AnyConnection,
    actor: &Actor,
    incident: i64,
    newest_seen: Option<i64>,
) -> Result<Option<String>> {
    let Some(newest_seen) = newest_seen else { return Ok(None) };
    let rows: Vec<Row> = history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::id.gt(newest_seen))
        .filter(history::actor_kind.ne("system").or(history::kind.eq_any(ARRIVALS)))
        .order(history::revision.desc())
        .limit(100)
        .select(Row::as_select())
        .load(conn)?;
    let mut why = None;
    for entry in rows.into_iter().map(Entry::from) {
        if matches!(entry.change, Change::Opened { .. }) {
            return Ok(Some("Created since you opened the list".to_owned()));
        }
        if matches!(entry.change, Change::AlertAdded { .. } | Change::Merged { .. }) {
            why = Some("New alerts since you opened the list".to_owned());
        } else if entry.change.field().is_some()
            && entry.alert_id.is_none()
            && !entry.is_by(actor)
            && entry.actor_kind != "system"
        {
            let people = users::names(conn)?;
            return Ok(Some(format!("Changed by {} since you opened the list", entry.actor(&people))));
        }
    }
    Ok(why)
}
