//! The alerts that an edit is of, and where they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::alerts::lookup::{find_alerts, places};
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::model::alert::Alert;

/// Alerts by the incident that each is in. An alert that turned out to be a repeat is the one that counts it.
pub(super) fn by_incident(conn: &mut AnyConnection, ids: &[i64]) -> Result<BTreeMap<i64, Vec<i64>>> {
    let places = places(conn, ids)?;
    let mut found: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for id in ids {
        let (alert, incident) = places.get(id).ok_or(Error::NotFound)?;
        found.entry(*incident).or_default().insert(*alert);
    }
    Ok(found.into_iter().map(|(incident, alerts)| (incident, alerts.into_iter().collect())).collect())
}

/// Alerts as they are now, by the id that each was selected by.
pub(super) fn find(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashMap<i64, Alert>> {
    let places = places(conn, ids)?;
    let now: Vec<i64> = places.values().map(|(alert, _)| *alert).collect();
    let alerts = find_alerts(conn, &now)?;
    Ok(places.into_iter().filter_map(|(id, (alert, _))| Some((id, alerts.get(&alert)?.clone()))).collect())
}
