//! Whether all alerts of an open incident are resolved, each by its source and none by a person (R19), and the
//! priority that follows. A step of a commit; it is no change of the incident, so its revision stays.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::model::incident::Incident;
use crate::model::priority;
use crate::schema::{alerts, incidents};

/// Incidents a statement.
const BATCH: usize = 500;

/// Stores it for incidents whose status or alerts changed. Those that come to the same are not written.
pub(super) fn follow(tx: &mut Tx<'_>, ids: &[i64]) -> Result<()> {
    for ids in ids.chunks(BATCH) {
        let rows: Vec<Incident> =
            incidents::table.filter(incidents::id.eq_any(ids)).select(Incident::as_select()).load(tx.conn)?;
        let settled: Vec<i64> = rows.iter().filter(|incident| may_be_all(incident)).map(|one| one.id).collect();
        let by_person = with_alerts_resolved_by_person(tx.conn, &settled)?;
        for before in rows {
            let all_alerts_resolved = may_be_all(&before) && !by_person.contains(&before.id);
            let incident = Incident { all_alerts_resolved, ..before.clone() };
            let score = priority::of(&incident).score;
            if all_alerts_resolved == before.all_alerts_resolved && score == before.priority {
                continue;
            }
            diesel::update(incidents::table.find(incident.id))
                .set((incidents::all_alerts_resolved.eq(all_alerts_resolved), incidents::priority.eq(score)))
                .execute(tx.conn)?;
        }
    }
    Ok(())
}

/// Whether all alerts of an open incident are resolved, by whoever it was.
pub(super) fn may_be_all(incident: &Incident) -> bool {
    incident.is_open() && incident.alert_count > 0 && incident.open_alert_count == 0
}

/// Those of some incidents with an alert that a person resolved, or that was resolved with its incident.
fn with_alerts_resolved_by_person(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashSet<i64>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<i64> = alerts::table
        .filter(alerts::incident_id.eq_any(ids))
        .filter(alerts::status_by_person.eq(true).or(alerts::closed_with.is_not_null()))
        .select(alerts::incident_id)
        .distinct()
        .load(conn)?;
    Ok(found.into_iter().collect())
}
