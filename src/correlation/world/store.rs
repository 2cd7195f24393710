//! Storing what a batch taught about the world.

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::schema::{detection_days, entity_days};

/// Rows a statement.
const LISTED: usize = 400;

#[derive(Insertable)]
#[diesel(table_name = entity_days, treat_none_as_default_value = false)]
struct DayEntry {
    entity_id: i64,
    day: i64,
    alerts: i64,
}

#[derive(Insertable)]
#[diesel(table_name = detection_days, treat_none_as_default_value = false)]
struct HoursEntry {
    entity_id: i64,
    detection: String,
    day: i64,
    hours: i64,
}

/// Stores what [`World::take_days`] and [`World::take_detections`] give.
pub fn store(tx: &mut Tx<'_>, days: &[(i64, i64, i64)], detections: &[(i64, String, i64, i64)]) -> Result<()> {
    use {detection_days as h, entity_days as d};
    let days: Vec<DayEntry> =
        days.iter().map(|&(entity_id, day, alerts)| DayEntry { entity_id, day, alerts }).collect();
    for rows in days.chunks(LISTED) {
        each!(tx.conn, inner => diesel::insert_into(d::table)
            .values(rows)
            .on_conflict((d::entity_id, d::day))
            .do_update()
            .set(d::alerts.eq(excluded(d::alerts)))
            .execute(inner))?;
    }
    let detections: Vec<HoursEntry> = detections
        .iter()
        .map(|(entity_id, detection, day, hours)| HoursEntry {
            entity_id: *entity_id,
            detection: detection.clone(),
            day: *day,
            hours: *hours,
        })
        .collect();
    for rows in detections.chunks(LISTED) {
        each!(tx.conn, inner => diesel::insert_into(h::table)
            .values(rows)
            .on_conflict((h::entity_id, h::detection, h::day))
            .do_update()
            .set(h::hours.eq(excluded(h::hours)))
            .execute(inner))?;
    }
    Ok(())
}
