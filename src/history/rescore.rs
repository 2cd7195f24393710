//! Scoring every incident again after the way of scoring changed. It goes through [`commit`] like any
//! change, but is none: no entry is recorded, and revisions and times of update stay.

use diesel::prelude::*;

use crate::db::{AnyConnection, Db, Tx};
use crate::error::Result;
use crate::history::claim::claim_many;
use crate::history::commit::commit;
use crate::history::detection_counts::DetectionCounts;
use crate::history::incident_changes::{IncidentChanges, Recompute};
use crate::history::lessons::rebuild;
use crate::model::actor::Actor;
use crate::model::priority;
use crate::schema::{alerts, counters, detection_months, incidents};

/// Whose commits these are; no entry names it.
const SCORING: Actor = Actor::System("Scoring");

/// Incidents a transaction, and alerts read at once, while all are scored.
const PAGE: i64 = 200;
const ALERTS: i64 = 5_000;

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
    db.write_in_turn(store_version)?;
    Ok(done)
}

/// Marks the scores and counts of a store without incidents as up to date. Returns whether it was marked.
pub fn begin_if_empty(tx: &mut Tx<'_>) -> Result<bool> {
    let any: Option<i64> = incidents::table.select(incidents::id).first(tx.conn).optional()?;
    if any.is_none() {
        store_version(tx)?;
        rebuild::store_version(tx)?;
    }
    Ok(any.is_none())
}

fn store_version(tx: &mut Tx<'_>) -> Result<()> {
    diesel::update(counters::table.find("priority")).set(counters::value.eq(priority::VERSION)).execute(tx.conn)?;
    Ok(())
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
        let rows: Vec<(i64, String, String, String, i64)> = db.read_now(|conn| {
            Ok(alerts::table
                .filter(alerts::id.gt(after))
                .order(alerts::id)
                .limit(ALERTS)
                .select((alerts::id, alerts::source, alerts::title, alerts::subject, alerts::last_activity))
                .load(conn)?)
        })?;
        let Some(last) = rows.last() else { break };
        after = last.0;
        for (_, source, title, subject, at) in &rows {
            counts.add(&crate::model::alert::detection(source, title, subject), *at);
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
    let claimed = claim_many(tx, &ids)?.into_iter();
    let changes = claimed.map(|claimed| IncidentChanges::recomputing(claimed, Recompute::Priority)).collect();
    commit(tx, &SCORING, changes)?;
    Ok(ids)
}
