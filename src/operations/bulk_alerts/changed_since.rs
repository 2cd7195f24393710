//! Which alerts somebody else changed since a person looked, so that an edit of many leaves them alone (R13).

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::decided_by;
use crate::history::entry::{Entry, Row};
use crate::model::actor::Actor;
use crate::operations::bulk_alerts::plan::Plan;
use crate::schema::history;

/// Who changed some alerts since, by alert: a person any of their fields, a source or the machine one that the
/// edit sets.
pub(super) fn changed_since(
    conn: &mut AnyConnection,
    actor: &Actor,
    alerts: &[i64],
    plan: &Plan,
    newest_seen: Option<i64>,
) -> Result<HashMap<i64, String>> {
    let mut changed = HashMap::new();
    let Some(newest_seen) = newest_seen else { return Ok(changed) };
    let mut rows: Vec<Row> = Vec::new();
    for alerts in alerts.chunks(500) {
        rows.extend(
            history::table
                .filter(history::alert_id.eq_any(alerts))
                .filter(history::id.gt(newest_seen))
                .filter(history::alert_revision.is_not_null())
                .order(history::id)
                .select(Row::as_select())
                .load::<Row>(conn)?,
        );
    }
    if rows.is_empty() {
        return Ok(changed);
    }
    let (people, tokens) = (users::names(conn)?, decided_by::ingest_tokens(conn)?);
    for row in rows {
        let by_person = decided_by::is_by_person(&row, &tokens);
        let entry = Entry::from(row);
        if let (Some(alert), Some(field)) = (entry.alert_id, entry.change.field())
            && !entry.is_by(actor)
            && (by_person || plan.sets(field))
        {
            changed.insert(alert, entry.actor(&people));
        }
    }
    Ok(changed)
}
