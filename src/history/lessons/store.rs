//! Adding a tally to what is stored. The row of the counter is the lock: transactions that add take turns, and none adds
//! while all is counted again.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::hash::sha256_hex;
use crate::history::lessons::tally::{Detection, Tally, TimeKey};
use crate::model::lesson::Counts;
use crate::schema::{lesson_assets, lesson_detections, lesson_incidents, lesson_times};

/// The counter with the version of what is counted.
pub(super) const COUNTER: &str = "lessons";
/// Rows a statement.
const BATCH: usize = 500;
/// Digits of a detection's hash that are kept.
const KEY: usize = 32;

#[derive(Insertable)]
#[diesel(table_name = lesson_detections, treat_none_as_default_value = false)]
struct DetectionRow {
    day: i64,
    key: String,
    source: String,
    category: String,
    title_key: String,
    title: String,
    not_set: i64,
    true_positive: i64,
    informational: i64,
    false_positive: i64,
}

#[derive(Insertable)]
#[diesel(table_name = lesson_assets, treat_none_as_default_value = false)]
struct AssetRow {
    day: i64,
    entity_id: i64,
    not_set: i64,
    true_positive: i64,
    informational: i64,
    false_positive: i64,
}

#[derive(Insertable)]
#[diesel(table_name = lesson_incidents, treat_none_as_default_value = false)]
struct IncidentRow {
    day: i64,
    owner_id: i64,
    not_set: i64,
    true_positive: i64,
    informational: i64,
    false_positive: i64,
}

#[derive(Insertable)]
#[diesel(table_name = lesson_times, treat_none_as_default_value = false)]
struct TimeRow {
    day: i64,
    measure: &'static str,
    owner_id: i64,
    minutes: i64,
    incidents: i64,
}

/// Waits until no other transaction adds, and lets none until the end of this one.
pub(super) fn lock(tx: &mut Tx<'_>) -> Result<()> {
    tx.take_ids(COUNTER, 0)?;
    Ok(())
}

/// Adds a tally, which may be negative, under the lock.
pub(super) fn add(tx: &mut Tx<'_>, tally: Tally) -> Result<()> {
    let Tally { detections, titles, assets, incidents, times } = tally;
    let row = |(key, counts): ((i64, Detection), Counts)| detection_row(key, &titles, counts);
    add_detections(tx, detections.into_iter().map(row).collect())?;
    let row = |((day, entity_id), counts): ((i64, i64), Counts)| AssetRow {
        day,
        entity_id,
        not_set: counts.not_set,
        true_positive: counts.true_positive,
        informational: counts.informational,
        false_positive: counts.false_positive,
    };
    add_assets(tx, &assets.into_iter().map(row).collect::<Vec<_>>())?;
    let row = |((day, owner_id), counts): ((i64, i64), Counts)| IncidentRow {
        day,
        owner_id,
        not_set: counts.not_set,
        true_positive: counts.true_positive,
        informational: counts.informational,
        false_positive: counts.false_positive,
    };
    add_incidents(tx, &incidents.into_iter().map(row).collect::<Vec<_>>())?;
    let row = |((day, measure, owner_id, minutes), incidents): (TimeKey, i64)| TimeRow {
        day,
        measure: measure.as_str(),
        owner_id,
        minutes,
        incidents,
    };
    add_times(tx, times.into_iter().map(row).collect())
}

fn detection_row(
    (day, detection): (i64, Detection),
    titles: &BTreeMap<String, String>,
    counts: Counts,
) -> DetectionRow {
    let Detection { source, category, title_key } = detection;
    let mut key = sha256_hex(format!("{source}\n{category}\n{title_key}").as_bytes());
    key.truncate(KEY);
    let title = titles.get(&title_key).unwrap_or(&title_key).clone();
    DetectionRow {
        day,
        key,
        source,
        category,
        title_key,
        title,
        not_set: counts.not_set,
        true_positive: counts.true_positive,
        informational: counts.informational,
        false_positive: counts.false_positive,
    }
}

/// Adds rows that count alerts or incidents by classification to a table whose key is the day and one more column.
macro_rules! add_counts {
    ($tx:expr, $rows:expr, $table:ident, $key:ident) => {{
        use $table as t;
        for rows in $rows.chunks(BATCH) {
            each!($tx.conn, inner => diesel::insert_into(t::table)
                .values(rows)
                .on_conflict((t::day, t::$key))
                .do_update()
                .set((
                    t::not_set.eq(t::not_set + excluded(t::not_set)),
                    t::true_positive.eq(t::true_positive + excluded(t::true_positive)),
                    t::informational.eq(t::informational + excluded(t::informational)),
                    t::false_positive.eq(t::false_positive + excluded(t::false_positive)),
                ))
                .execute(inner))?;
        }
        Ok(())
    }};
}

fn add_detections(tx: &mut Tx<'_>, mut rows: Vec<DetectionRow>) -> Result<()> {
    rows.sort_by(|one, other| (one.day, &one.key).cmp(&(other.day, &other.key)));
    add_counts!(tx, rows, lesson_detections, key)
}

fn add_assets(tx: &mut Tx<'_>, rows: &[AssetRow]) -> Result<()> {
    add_counts!(tx, rows, lesson_assets, entity_id)
}

fn add_incidents(tx: &mut Tx<'_>, rows: &[IncidentRow]) -> Result<()> {
    add_counts!(tx, rows, lesson_incidents, owner_id)
}

fn add_times(tx: &mut Tx<'_>, rows: Vec<TimeRow>) -> Result<()> {
    use lesson_times as t;
    for rows in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(t::table)
            .values(rows)
            .on_conflict((t::day, t::measure, t::owner_id, t::minutes))
            .do_update()
            .set(t::incidents.eq(t::incidents + excluded(t::incidents)))
            .execute(inner))?;
    }
    Ok(())
}

/// Forgets everything that is counted.
pub(super) fn clear(tx: &mut Tx<'_>) -> Result<()> {
    diesel::delete(lesson_detections::table).execute(tx.conn)?;
    diesel::delete(lesson_assets::table).execute(tx.conn)?;
    diesel::delete(lesson_incidents::table).execute(tx.conn)?;
    diesel::delete(lesson_times::table).execute(tx.conn)?;
    Ok(())
}
