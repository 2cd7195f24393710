//! Scoring incidents anew when something beside their own changed: an asset was marked, or the way
//! of scoring. No entry is written and `updated_at` stays: nothing happened to the incident.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::db::{AnyConnection, Db, Tx};
use crate::error::Result;
use crate::history::claim::{Claimed, claim_many};
use crate::history::derive::Added;
use crate::history::detection_counts::DetectionCounts;
use crate::history::recompute::{self, AlertFacts};
use crate::model::importance::{ASSETS, Importance};
use crate::model::incident::Incident;
use crate::model::priority;
use crate::model::signals::Signals;
use crate::schema::{alerts, counters, detection_months, entities, incident_entities, incidents};

/// Incidents a transaction, and alerts read at once, while all are scored.
const PAGE: i64 = 200;
const ALERTS: i64 = 5_000;

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

fn load(tx: &mut Tx<'_>, ids: &[i64]) -> Result<Vec<Incident>> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        let rows: Vec<Incident> =
            incidents::table.filter(incidents::id.eq_any(ids)).select(Incident::as_select()).load(tx.conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// Name and importance of the assets that people marked, by incident.
fn marked_assets(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashMap<i64, Vec<(String, Importance)>>> {
    let mut marked: HashMap<i64, Vec<(String, Importance)>> = HashMap::new();
    for ids in ids.chunks(500) {
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

/// Scores every incident when the stored scores are of an older version, or none; returns how many.
/// Run after migrating. Killed halfway, it begins again the next time and comes to the same.
pub fn bring_up_to_date(db: &Db) -> Result<u64> {
    let version: i64 =
        db.read_now(|conn| Ok(counters::table.find("priority").select(counters::value).first(conn)?))?;
    if version >= priority::VERSION {
        return Ok(0);
    }
    if version == 0 {
        count_detections(db)?;
    }
    let (mut after, mut done) = (0, 0);
    loop {
        let ids = db.write_in_turn(|tx| score_page(tx, after))?;
        let Some(last) = ids.last() else { break };
        after = *last;
        done += ids.len() as u64;
    }
    db.write_in_turn(|tx| {
        diesel::update(counters::table.find("priority")).set(counters::value.eq(priority::VERSION)).execute(tx.conn)?;
        Ok(())
    })?;
    Ok(done)
}

/// Whether `watchdesk migrate` was ended before every stored score was worked out.
pub fn is_behind(conn: &mut AnyConnection) -> Result<bool> {
    let version: i64 = counters::table.find("priority").select(counters::value).first(conn)?;
    Ok(version < priority::VERSION)
}

/// Counts how often each detection was seen, from all alerts.
fn count_detections(db: &Db) -> Result<()> {
    let mut counts = DetectionCounts::default();
    let mut after = 0;
    loop {
        let rows: Vec<(i64, String, String, i64)> = db.read_now(|conn| {
            Ok(alerts::table
                .filter(alerts::id.gt(after))
                .order(alerts::id)
                .limit(ALERTS)
                .select((alerts::id, alerts::source, alerts::title, alerts::last_activity))
                .load(conn)?)
        })?;
        let Some(last) = rows.last() else { break };
        after = last.0;
        for (_, source, title, at) in &rows {
            counts.add(&crate::model::alert::detection(source, title), *at);
        }
    }
    db.write_in_turn(|tx| {
        diesel::delete(detection_months::table).execute(tx.conn)?;
        counts.clone().store(tx)
    })
}

/// Scores the incidents after an id; returns theirs.
fn score_page(tx: &mut Tx<'_>, after: i64) -> Result<Vec<i64>> {
    let ids: Vec<i64> = incidents::table
        .filter(incidents::id.gt(after))
        .order(incidents::id)
        .limit(PAGE)
        .select(incidents::id)
        .load(tx.conn)?;
    let claimed: Vec<Incident> = claim_many(tx, &ids)?.into_iter().map(Claimed::release).collect();
    let mut alerts_of: BTreeMap<i64, Vec<AlertFacts>> = BTreeMap::new();
    let rows: Vec<AlertFacts> = alerts::table
        .filter(alerts::incident_id.eq_any(&ids))
        .order((alerts::first_activity, alerts::id))
        .select(AlertFacts::as_select())
        .load(tx.conn)?;
    for row in rows {
        alerts_of.entry(row.incident_id).or_default().push(row);
    }
    let mut marked = marked_assets(tx.conn, &ids)?;
    for incident in claimed {
        let id = incident.id;
        let rows = alerts_of.remove(&id).unwrap_or_default();
        let mut signals = Signals::default();
        for (row, (hash, elsewhere)) in rows.iter().zip(recompute::detections(tx.conn, &rows)?) {
            signals.note_alert(&Added::signals(&row.added(&hash, elsewhere)));
        }
        store(tx, incident, signals, marked.remove(&id).unwrap_or_default())?;
    }
    Ok(ids)
}
