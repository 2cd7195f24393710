//! Scoring incidents anew when something beside their own changed: an asset was marked, or the way
//! of scoring. No entry is written and `updated_at` stays: nothing happened to the incident.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::db::{AnyConnection, Db, Tx};
use crate::error::Result;
use crate::history::claim::Claimed;
use crate::history::derive::Added;
use crate::history::detection_counts::Lately;
use crate::history::recompute::AlertFacts;
use crate::history::{claim, recompute};
use crate::model::importance::{ASSETS, Importance};
use crate::model::priority;
use crate::model::signals::Signals;
use crate::schema::{alerts, counters, detection_months, entities, incident_entities, incidents};

/// Open incidents of one asset that are scored at once, the newest first. Older ones beyond it
/// follow with their next change.
pub const AT_ONCE: i64 = 2_000;
/// Incidents a transaction, and alerts read at once, while all are scored.
const PAGE: i64 = 200;
const ALERTS: i64 = 5_000;

/// Scores the open incidents of an asset; returns how many there were.
pub(crate) fn open_incidents_of(tx: &mut Tx<'_>, entity: i64) -> Result<usize> {
    let ids: Vec<i64> = incident_entities::table
        .filter(incident_entities::entity_id.eq(entity))
        .filter(incident_entities::is_open.eq(true))
        .order(incident_entities::incident_id.desc())
        .limit(AT_ONCE)
        .select(incident_entities::incident_id)
        .load(tx.conn)?;
    by_marks(tx, &ids)
}

/// Scores incidents by the marks that their assets have now, such as those that are open again:
/// marks that were made meanwhile passed them over. Returns how many there are; those that come to
/// the same are not written.
pub(super) fn by_marks(tx: &mut Tx<'_>, ids: &[i64]) -> Result<usize> {
    let claimed = claim::claim_many(tx, ids)?;
    let mut marked = marked_assets(tx.conn, ids)?;
    for claimed in &claimed {
        let signals = claimed.incident().scope.signals.clone();
        let signals = Signals { important: None, low: 0, ..signals };
        store(tx, claimed, signals, marked.remove(&claimed.incident().id).unwrap_or_default())?;
    }
    Ok(claimed.len())
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

fn store(tx: &mut Tx<'_>, claimed: &Claimed, signals: Signals, assets: Vec<(String, Importance)>) -> Result<()> {
    let mut incident = claimed.incident().clone();
    incident.scope.signals = signals;
    for (name, importance) in assets {
        incident.scope.signals.note_asset(importance, &name);
    }
    let score = priority::of(&incident).score;
    if incident.scope == claimed.incident().scope && score == incident.priority {
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
    let mut lately = Lately::default();
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
            lately.add(&crate::model::alert::detection(source, title), *at);
        }
    }
    db.write_in_turn(|tx| {
        diesel::delete(detection_months::table).execute(tx.conn)?;
        lately.clone().store(tx)
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
    let claimed = claim::claim_many(tx, &ids)?;
    let mut told: BTreeMap<i64, Vec<AlertFacts>> = BTreeMap::new();
    let rows: Vec<AlertFacts> = alerts::table
        .filter(alerts::incident_id.eq_any(&ids))
        .order((alerts::first_activity, alerts::id))
        .select(AlertFacts::as_select())
        .load(tx.conn)?;
    for row in rows {
        told.entry(row.incident_id).or_default().push(row);
    }
    let mut marked = marked_assets(tx.conn, &ids)?;
    for claimed in &claimed {
        let id = claimed.incident().id;
        let rows = told.remove(&id).unwrap_or_default();
        let mut signals = Signals::default();
        for (row, (hash, elsewhere)) in rows.iter().zip(recompute::detections(tx.conn, &rows)?) {
            signals.note_alert(&Added::signals(&row.added(&hash, elsewhere)));
        }
        store(tx, claimed, signals, marked.remove(&id).unwrap_or_default())?;
    }
    Ok(ids)
}
