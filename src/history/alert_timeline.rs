//! Reading an alert's own history.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::entry::{Entry, Row};
use crate::history::timeline::{PAGE, Page, complete_page};
use crate::model::change::Change;
use crate::schema::history;

/// A page of an alert's own history, newest first, through all the incidents it has been in: the entries
/// before this one, by its id.
pub fn of_alert(conn: &mut AnyConnection, alert: i64, before: Option<i64>) -> Result<Page> {
    let rows: Vec<Row> = history::table
        .filter(history::alert_id.eq(alert))
        .filter(history::alert_revision.is_not_null())
        .filter(history::id.lt(before.unwrap_or(i64::MAX)))
        .order(history::id.desc())
        .limit(PAGE)
        .select(Row::as_select())
        .load(conn)?;
    let mut page = complete_page(conn, rows)?;
    add_comments_of_moves(conn, &mut page.entries)?;
    Ok(page)
}

/// The id of an alert's newest entry, 0 without any.
pub fn newest_of_alert(conn: &mut AnyConnection, alert: i64) -> Result<i64> {
    let newest: Option<i64> = history::table
        .filter(history::alert_id.eq(alert))
        .filter(history::alert_revision.is_not_null())
        .order(history::id.desc())
        .select(history::id)
        .first(conn)
        .optional()?;
    Ok(newest.unwrap_or(0))
}

/// What happened to an alert after entry `id`, oldest first.
pub fn of_alert_after(conn: &mut AnyConnection, alert: i64, id: i64) -> Result<Page> {
    let rows: Vec<Row> = history::table
        .filter(history::alert_id.eq(alert))
        .filter(history::alert_revision.is_not_null())
        .filter(history::id.gt(id))
        .order(history::id)
        .limit(PAGE)
        .select(Row::as_select())
        .load(conn)?;
    let mut page = complete_page(conn, rows)?;
    add_comments_of_moves(conn, &mut page.entries)?;
    Ok(page)
}

/// Adds the comment of a move of several alerts, which only the entry of the act has.
fn add_comments_of_moves(conn: &mut AnyConnection, entries: &mut [Entry]) -> Result<()> {
    let moved = |entry: &Entry| entry.parent.filter(|_| matches!(entry.change, Change::AlertMovedIn { .. }));
    let acts: BTreeSet<(i64, i64)> =
        entries.iter().filter_map(|entry| Some((entry.incident_id, moved(entry)?))).collect();
    if acts.is_empty() {
        return Ok(());
    }
    let rows: Vec<Row> = history::table
        .filter(history::incident_id.eq_any(acts.iter().map(|(incident, _)| *incident)))
        .filter(history::revision.eq_any(acts.iter().map(|(_, revision)| *revision)))
        .filter(history::kind.eq("alertsMovedIn"))
        .select(Row::as_select())
        .load(conn)?;
    let comments: HashMap<(i64, i64), String> = rows
        .into_iter()
        .map(Entry::from)
        .filter_map(|entry| match entry.change {
            Change::AlertsMovedIn { comment, .. } => Some(((entry.incident_id, entry.revision), comment)),
            _ => None,
        })
        .collect();
    for entry in entries {
        let act = entry.parent.and_then(|parent| comments.get(&(entry.incident_id, parent)));
        if let (Change::AlertMovedIn { comment, .. }, Some(of_act)) = (&mut entry.change, act) {
            of_act.clone_into(comment);
        }
    }
    Ok(())
}
