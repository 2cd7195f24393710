//! The incidents whose alerts may have to be grouped otherwise. Stored, so that none is forgotten when the process
//! ends.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::clock::DAY;
use crate::correlation::index::values;
use crate::db::{AnyConnection, LISTED, Tx};
use crate::each;
use crate::error::Result;
use crate::schema::{alerts, incidents, regroup_queue};

/// Adds the open incidents of alerts that were active on some days with some keys.
pub(in crate::ingest) fn add_by_keys(tx: &mut Tx<'_>, days_of_keys: &BTreeSet<(i64, i64)>) -> Result<()> {
    let rows: Vec<(i64, i64, i64)> = days_of_keys.iter().map(|(key, day)| (*key, day * DAY, (day + 1) * DAY)).collect();
    for rows in rows.chunks(LISTED) {
        diesel::sql_query(format!(
            "WITH v(key, lo, hi) AS ({}) \
             INSERT INTO regroup_queue (incident_id) SELECT DISTINCT a.incident_id \
             FROM v CROSS JOIN link_points p JOIN alerts a ON a.id = p.alert_id JOIN incidents i ON i.id = a.incident_id \
             WHERE p.key = v.key AND p.at >= v.lo AND p.at < v.hi AND i.is_open ON CONFLICT DO NOTHING",
            values(rows)
        ))
        .execute(tx.conn)?;
    }
    Ok(())
}

/// Adds the open incidents of alerts.
pub(in crate::ingest) fn add_of_alerts(tx: &mut Tx<'_>, alerts: &[i64]) -> Result<()> {
    for ids in alerts.chunks(LISTED) {
        let incidents: Vec<i64> = alerts::table
            .inner_join(incidents::table)
            .filter(alerts::id.eq_any(ids))
            .filter(incidents::is_open.eq(true))
            .select(incidents::id)
            .distinct()
            .load(tx.conn)?;
        add(tx, &incidents)?;
    }
    Ok(())
}

/// Adds incidents.
pub(in crate::ingest) fn add(tx: &mut Tx<'_>, incidents: &[i64]) -> Result<()> {
    let rows: Vec<_> = incidents.iter().map(|id| regroup_queue::incident_id.eq(*id)).collect();
    for rows in rows.chunks(LISTED) {
        each!(tx.conn, inner => diesel::insert_into(regroup_queue::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(inner))?;
    }
    Ok(())
}

/// Takes the first that waits.
pub(super) fn take(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    let first: Option<i64> = regroup_queue::table
        .select(regroup_queue::incident_id)
        .order(regroup_queue::incident_id)
        .first(tx.conn)
        .optional()?;
    if let Some(id) = first {
        remove(tx, id)?;
    }
    Ok(first)
}

/// An incident does not wait any more.
pub(super) fn remove(tx: &mut Tx<'_>, incident: i64) -> Result<()> {
    diesel::delete(regroup_queue::table.find(incident)).execute(tx.conn)?;
    Ok(())
}

/// Whether any waits.
pub(super) fn waits(conn: &mut AnyConnection) -> Result<bool> {
    let first: Option<i64> = regroup_queue::table.select(regroup_queue::incident_id).first(conn).optional()?;
    Ok(first.is_some())
}
