//! How often a detection was seen lately, by spans of 30 days of its alerts' own time: one statement
//! reads what a batch needs, one writes what it adds.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::clock::DAY;
use crate::db::{AnyConnection, Tx};
use crate::each;
use crate::error::Result;
use crate::schema::detection_months;

/// A span, in microseconds.
const MONTH: i64 = 30 * DAY;
/// Values of a statement, three a row at most: below SQLite's 32,766 variables.
const BATCH: usize = 5_000;

/// Alerts of detections by span.
#[derive(Debug, Clone, Default)]
pub(super) struct DetectionCounts {
    counts: HashMap<String, BTreeMap<i64, i64>>,
    fresh: BTreeMap<(String, i64), i64>,
}

#[derive(Insertable, Queryable)]
#[diesel(table_name = detection_months, treat_none_as_default_value = false)]
struct CountRow {
    detection: String,
    month: i64,
    alerts: i64,
}

impl DetectionCounts {
    /// Reads what is known around these alerts: the hash of each detection and the alert's time.
    pub fn load<'a>(conn: &mut AnyConnection, alerts: impl Iterator<Item = (&'a str, i64)>) -> Result<Self> {
        let mut counts: HashMap<String, BTreeMap<i64, i64>> = HashMap::new();
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for (detection, at) in alerts {
            (first, last) = (first.min(month(at)), last.max(month(at)));
            if !counts.contains_key(detection) {
                counts.insert(detection.to_owned(), BTreeMap::new());
            }
        }
        let wanted: Vec<String> = counts.keys().cloned().collect();
        for wanted in wanted.chunks(BATCH) {
            let rows: Vec<CountRow> = detection_months::table
                .filter(detection_months::detection.eq_any(wanted))
                .filter(detection_months::month.between(first - 1, last))
                .load(conn)?;
            for CountRow { detection, month, alerts } in rows {
                counts.entry(detection).or_default().insert(month, alerts);
            }
        }
        Ok(Self { counts, fresh: BTreeMap::new() })
    }

    /// How often it was seen in the span of this time and in the one before.
    pub fn seen(&self, detection: &str, at: i64) -> i64 {
        let month = month(at);
        self.counts.get(detection).map_or(0, |months| months.range(month - 1..=month).map(|(_, count)| count).sum())
    }

    /// Counts an alert.
    pub fn add(&mut self, detection: &str, at: i64) {
        let month = month(at);
        *self.counts.entry(detection.to_owned()).or_default().entry(month).or_default() += 1;
        *self.fresh.entry((detection.to_owned(), month)).or_default() += 1;
    }

    /// Leaves an alert out that was counted before.
    pub fn leave_out(&mut self, detection: &str, at: i64) {
        if let Some(count) = self.counts.get_mut(detection).and_then(|months| months.get_mut(&month(at))) {
            *count = (*count - 1).max(0);
        }
    }

    /// Writes what was added.
    pub fn store(self, tx: &mut Tx<'_>) -> Result<()> {
        use detection_months as d;
        let rows: Vec<CountRow> =
            self.fresh.into_iter().map(|((detection, month), alerts)| CountRow { detection, month, alerts }).collect();
        for rows in rows.chunks(BATCH) {
            each!(tx.conn, inner => diesel::insert_into(d::table)
                .values(rows)
                .on_conflict((d::detection, d::month))
                .do_update()
                .set(d::alerts.eq(d::alerts + excluded(d::alerts)))
                .execute(inner))?;
        }
        Ok(())
    }
}

/// Takes back that an alert was counted, which turned out to be a repeat of another.
pub fn take_back(tx: &mut Tx<'_>, detection: &str, at: i64) -> Result<()> {
    use detection_months as d;
    diesel::update(d::table.find((detection, month(at))).filter(d::alerts.gt(0)))
        .set(d::alerts.eq(d::alerts - 1))
        .execute(tx.conn)?;
    Ok(())
}

fn month(at: i64) -> i64 {
    at.div_euclid(MONTH)
}
