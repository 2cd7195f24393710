//! Numbers from the sums that `history::lessons` keeps by day: as fast at a million alerts as at none.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::lessons::tally::Detection;
use crate::lessons::asked::Days;
use crate::lessons::numbers::{ASSETS, Numbers};
use crate::lessons::repeats;
use crate::model::lesson::{Counts, Measure};

/// The sums of the columns of [`Summed`].
const SUMS: &str = "CAST(SUM(not_set) AS bigint) AS not_set, CAST(SUM(true_positive) AS bigint) AS true_positive, \
                    CAST(SUM(informational) AS bigint) AS informational, \
                    CAST(SUM(false_positive) AS bigint) AS false_positive";
const TOTAL: &str = "SUM(not_set + true_positive + informational + false_positive)";

#[derive(QueryableByName)]
struct Summed {
    #[diesel(sql_type = BigInt)]
    not_set: i64,
    #[diesel(sql_type = BigInt)]
    true_positive: i64,
    #[diesel(sql_type = BigInt)]
    informational: i64,
    #[diesel(sql_type = BigInt)]
    false_positive: i64,
}

impl Summed {
    fn counts(&self) -> Counts {
        Counts {
            not_set: self.not_set,
            true_positive: self.true_positive,
            informational: self.informational,
            false_positive: self.false_positive,
        }
    }
}

#[derive(QueryableByName)]
struct ById {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(embed)]
    summed: Summed,
}

#[derive(QueryableByName)]
struct ByDetection {
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Text)]
    category: String,
    #[diesel(sql_type = Text)]
    title_key: String,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(embed)]
    summed: Summed,
}

#[derive(QueryableByName)]
struct ByTime {
    #[diesel(sql_type = Text)]
    measure: String,
    #[diesel(sql_type = BigInt)]
    owner_id: i64,
    #[diesel(sql_type = BigInt)]
    minutes: i64,
    #[diesel(sql_type = BigInt)]
    incidents: i64,
}

/// The numbers of some days.
pub(super) fn numbers(conn: &mut AnyConnection, days: Days) -> Result<Numbers> {
    let mut numbers = compared(conn, days)?;
    numbers.repeats = repeats::by_detection(conn, days)?;
    numbers.days = by_id(conn, "day", "lesson_detections", days, "")?.collect();
    let most = format!("ORDER BY {TOTAL} DESC, entity_id LIMIT {}", ASSETS + 1);
    numbers.assets = by_id(conn, "entity_id", "lesson_assets", days, &most)?.collect();
    let rows: Vec<ByTime> = diesel::sql_query(format!(
        "SELECT measure, owner_id, minutes, CAST(SUM(incidents) AS bigint) AS incidents FROM lesson_times \
         WHERE day BETWEEN {} AND {} GROUP BY measure, owner_id, minutes HAVING SUM(incidents) > 0",
        days.first, days.last
    ))
    .load(conn)?;
    for row in rows {
        if let Some(measure) = Measure::parse(&row.measure) {
            numbers.times.insert((measure, row.owner_id, row.minutes), row.incidents);
        }
    }
    Ok(numbers)
}

/// Only those that are compared with other days: detections and incidents.
pub(super) fn compared(conn: &mut AnyConnection, days: Days) -> Result<Numbers> {
    let mut numbers = Numbers::default();
    // Equal keys have equal sources, categories and titles; grouping by one short text is faster.
    let rows: Vec<ByDetection> = diesel::sql_query(format!(
        "SELECT MIN(source) AS source, MIN(category) AS category, MIN(title_key) AS title_key, MIN(title) AS title, \
         {SUMS} FROM lesson_detections WHERE day BETWEEN {} AND {} GROUP BY key HAVING {TOTAL} > 0",
        days.first, days.last
    ))
    .load(conn)?;
    for row in rows {
        let counts = row.summed.counts();
        numbers.titles.insert(row.title_key.clone(), row.title);
        let detection = Detection { source: row.source, category: row.category, title_key: row.title_key };
        numbers.detections.insert(detection, counts);
    }
    numbers.incidents = by_id(conn, "owner_id", "lesson_incidents", days, "")?.collect();
    Ok(numbers)
}

/// How many alerts some days have.
pub(super) fn alerts(conn: &mut AnyConnection, days: Days) -> Result<i64> {
    Ok(by_id(conn, "day", "lesson_detections", days, "")?.map(|(_, counts)| counts.total()).sum())
}

/// Sums by a column; `ending` orders and bounds them.
fn by_id(
    conn: &mut AnyConnection,
    column: &str,
    table: &str,
    Days { first, last }: Days,
    ending: &str,
) -> Result<impl Iterator<Item = (i64, Counts)> + use<>> {
    let rows: Vec<ById> = diesel::sql_query(format!(
        "SELECT {column} AS id, {SUMS} FROM {table} WHERE day BETWEEN {first} AND {last} \
         GROUP BY {column} HAVING {TOTAL} > 0 {ending}"
    ))
    .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.id, row.summed.counts())))
}
