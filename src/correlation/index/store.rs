//! Storing the detections that a batch added.

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::correlation::index::types::CorrelationIndex;
use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::schema::entity_days;

/// Rows in one statement.
const LISTED: usize = 400;

#[derive(Insertable)]
#[diesel(table_name = entity_days, treat_none_as_default_value = false)]
struct DayRow {
    entity_id: i64,
    day: i64,
    alerts: i64,
    detections: String,
}

impl CorrelationIndex {
    /// Stores the days that have changed since the last call.
    pub fn store(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        use entity_days as d;
        let dirty = std::mem::take(&mut self.dirty);
        let rows: Vec<DayRow> = dirty
            .into_iter()
            .filter_map(|(entity_id, number)| {
                let day = self.days.get(&entity_id)?.get(&number)?;
                Some(DayRow { entity_id, day: number, alerts: day.alerts, detections: day.text() })
            })
            .collect();
        for rows in rows.chunks(LISTED) {
            each!(tx.conn, inner => diesel::insert_into(d::table)
                .values(rows)
                .on_conflict((d::entity_id, d::day))
                .do_update()
                .set((d::alerts.eq(excluded(d::alerts)), d::detections.eq(excluded(d::detections))))
                .execute(inner))?;
        }
        Ok(())
    }
}
