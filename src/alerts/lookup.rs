//! Reading stored alerts by id and by incident.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::alert::{Alert, AlertState};
use crate::schema::{alert_redirects, alerts};

/// Those of some alerts that exist, oldest first, at most `limit`.
pub fn oldest_first(conn: &mut AnyConnection, ids: &[i64], limit: usize) -> Result<Vec<Alert>> {
    Ok(alerts::table
        .filter(alerts::id.eq_any(ids))
        .order((alerts::first_activity, alerts::id))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(Alert::as_select())
        .load(conn)?)
}

/// The states of an incident's alerts, oldest first.
pub fn alert_states(conn: &mut AnyConnection, incident: i64) -> Result<Vec<AlertState>> {
    Ok(alerts::table
        .filter(alerts::incident_id.eq(incident))
        .order((alerts::first_activity, alerts::id))
        .select(AlertState::as_select())
        .load(conn)?)
}

/// The same of several incidents, by incident.
pub fn alert_states_of(conn: &mut AnyConnection, incidents: &[i64]) -> Result<HashMap<i64, Vec<AlertState>>> {
    let mut found: HashMap<i64, Vec<AlertState>> = HashMap::with_capacity(incidents.len());
    for ids in incidents.chunks(500) {
        let rows: Vec<AlertState> = alerts::table
            .filter(alerts::incident_id.eq_any(ids))
            .order((alerts::incident_id, alerts::first_activity, alerts::id))
            .select(AlertState::as_select())
            .load(conn)?;
        for state in rows {
            found.entry(state.incident_id).or_default().push(state);
        }
    }
    Ok(found)
}

pub fn find_alert(conn: &mut AnyConnection, id: i64) -> Result<Alert> {
    Ok(alerts::table.find(id).select(Alert::as_select()).first(conn)?)
}

/// Those of some alerts that exist, by id.
pub fn find_alerts(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashMap<i64, Alert>> {
    let mut found = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        let rows: Vec<Alert> = alerts::table.filter(alerts::id.eq_any(ids)).select(Alert::as_select()).load(conn)?;
        found.extend(rows.into_iter().map(|alert| (alert.id, alert)));
    }
    Ok(found)
}

/// For alerts by id: the alert that each is now, itself or the one that it was folded into, and its incident.
pub fn places(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashMap<i64, (i64, i64)>> {
    let mut found = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        let stored: Vec<(i64, i64)> =
            alerts::table.filter(alerts::id.eq_any(ids)).select((alerts::id, alerts::incident_id)).load(conn)?;
        found.extend(stored.into_iter().map(|(id, incident)| (id, (id, incident))));
        let folded: Vec<(i64, i64, i64)> = alert_redirects::table
            .inner_join(alerts::table)
            .filter(alert_redirects::alert_id.eq_any(ids))
            .select((alert_redirects::alert_id, alerts::id, alerts::incident_id))
            .load(conn)?;
        found.extend(folded.into_iter().map(|(id, into, incident)| (id, (into, incident))));
    }
    Ok(found)
}
