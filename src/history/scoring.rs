//! Storing incidents' priorities, as a step of a commit: after a change of severity, for assets that were
//! marked, or from all alerts when the way of scoring changed. A score is no change of the incident:
//! its revision and its time of update stay.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::history::alert_facts::{AlertFacts, detections};
use crate::history::derive::Added;
use crate::model::importance::{ASSETS, Importance};
use crate::model::incident::Incident;
use crate::model::priority;
use crate::model::signals::Signals;
use crate::schema::{alerts, entities, incident_entities, incidents};

/// Incidents a statement.
const BATCH: usize = 500;

/// The priority of an incident whose alerts stayed as they are.
pub(super) fn score(tx: &mut Tx<'_>, incident_id: i64) -> Result<()> {
    let incident: Incident = incidents::table.find(incident_id).select(Incident::as_select()).first(tx.conn)?;
    diesel::update(incidents::table.find(incident_id))
        .set(incidents::priority.eq(priority::of(&incident).score))
        .execute(tx.conn)?;
    Ok(())
}

/// Scores claimed incidents by the importance that their assets have now, such as those that are open
/// again: marks that were made meanwhile passed them over. Those that come to the same are not written.
pub(super) fn by_importance(tx: &mut Tx<'_>, ids: &[i64]) -> Result<()> {
    let mut marked = marked_assets(tx.conn, ids)?;
    for incident in load(tx, ids)? {
        let signals = Signals { important: None, low: 0, ..incident.scope.signals.clone() };
        let assets = marked.remove(&incident.id).unwrap_or_default();
        store(tx, incident, signals, assets)?;
    }
    Ok(())
}

/// Scores incidents by all their alerts, whatever was stored of these before.
pub(super) fn from_alerts(tx: &mut Tx<'_>, ids: &[i64]) -> Result<()> {
    let mut alerts_of: BTreeMap<i64, Vec<AlertFacts>> = BTreeMap::new();
    for ids in ids.chunks(BATCH) {
        let rows: Vec<AlertFacts> = alerts::table
            .filter(alerts::incident_id.eq_any(ids))
            .order((alerts::first_activity, alerts::id))
            .select(AlertFacts::as_select())
            .load(tx.conn)?;
        for row in rows {
            alerts_of.entry(row.incident_id).or_default().push(row);
        }
    }
    let mut marked = marked_assets(tx.conn, ids)?;
    for incident in load(tx, ids)? {
        let rows = alerts_of.remove(&incident.id).unwrap_or_default();
        let mut signals = Signals::default();
        for (row, (hash, elsewhere)) in rows.iter().zip(detections(tx.conn, &rows)?) {
            signals.note_alert(&Added::signals(&row.added(&hash, elsewhere)));
        }
        let assets = marked.remove(&incident.id).unwrap_or_default();
        store(tx, incident, signals, assets)?;
    }
    Ok(())
}

fn load(tx: &mut Tx<'_>, ids: &[i64]) -> Result<Vec<Incident>> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(BATCH) {
        let rows: Vec<Incident> =
            incidents::table.filter(incidents::id.eq_any(ids)).select(Incident::as_select()).load(tx.conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// Name and importance of the assets that people marked, by incident.
fn marked_assets(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashMap<i64, Vec<(String, Importance)>>> {
    let mut marked: HashMap<i64, Vec<(String, Importance)>> = HashMap::new();
    for ids in ids.chunks(BATCH) {
        let rows: Vec<(i64, String, String)> = incident_entities::table
            .inner_join(entities::table)
            .filter(incident_entities::incident_id.eq_any(ids))
            .filter(incident_entities::kind.eq_any(ASSETS))
            .filter(entities::links.eq(true))
            .filter(entities::importance.ne(Importance::Normal.as_str()))
            .order((incident_entities::incident_id, entities::id))
            .select((incident_entities::incident_id, entities::name, entities::importance))
            .load(conn)?;
        for (incident, name, importance) in rows {
            let importance = Importance::parse(&importance).unwrap_or_default();
            marked.entry(incident).or_default().push((name, importance));
        }
    }
    Ok(marked)
}

fn store(tx: &mut Tx<'_>, before: Incident, signals: Signals, assets: Vec<(String, Importance)>) -> Result<()> {
    let mut incident = before.clone();
    incident.scope.signals = signals;
    for (name, importance) in assets {
        incident.scope.signals.note_asset(importance, &name);
    }
    let score = priority::of(&incident).score;
    if incident.scope == before.scope && score == before.priority {
        return Ok(());
    }
    diesel::update(incidents::table.find(incident.id))
        .set((incidents::scope.eq(serde_json::to_string(&incident.scope)?), incidents::priority.eq(score)))
        .execute(tx.conn)?;
    Ok(())
}
