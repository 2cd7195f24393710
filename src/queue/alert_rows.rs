//! Rows of a list of alerts.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::users;
use crate::alerts::lookup::find_alerts;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::alert::Alert;
use crate::model::user::User;
use crate::schema::incidents;

/// A row of a list of alerts.
#[derive(Debug, Clone)]
pub struct AlertRow {
    pub alert: Alert,
    pub owner: Option<User>,
    /// The name of its incident.
    pub incident: String,
}

/// The rows of some alerts, in the order of their ids' list.
pub fn alert_rows(conn: &mut AnyConnection, ids: &[i64]) -> Result<Vec<AlertRow>> {
    let mut found = find_alerts(conn, ids)?;
    let mut within: Vec<i64> = found.values().map(|alert| alert.incident_id).collect();
    within.sort_unstable();
    within.dedup();
    let mut names: HashMap<i64, String> = HashMap::with_capacity(within.len());
    for within in within.chunks(500) {
        let rows = incidents::table.filter(incidents::id.eq_any(within)).select((incidents::id, incidents::name));
        names.extend(rows.load::<(i64, String)>(conn)?);
    }
    let people = users::names(conn)?;
    let row = |alert: Alert| AlertRow {
        owner: alert.assigned_to.and_then(|id| people.get(&id).cloned()),
        incident: names.get(&alert.incident_id).cloned().unwrap_or_default(),
        alert,
    };
    Ok(ids.iter().filter_map(|id| found.remove(id)).map(row).collect())
}
