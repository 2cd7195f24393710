//! Repeats that were counted as one alert, instead of being alerts of their own.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::clock::DAY;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::lessons::tally::Detection;
use crate::lessons::asked::Days;
use crate::model::facet::facet_key;

#[derive(QueryableByName)]
struct RepeatSum {
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Text)]
    category: String,
    #[diesel(sql_type = Text)]
    title_key: String,
    #[diesel(sql_type = BigInt)]
    repeated: i64,
}

/// How many repeats the alerts of some days have, by what detected them.
pub(super) fn by_detection(conn: &mut AnyConnection, days: Days) -> Result<BTreeMap<Detection, i64>> {
    // Only alerts with repeats are in the index for this.
    let rows: Vec<RepeatSum> = diesel::sql_query(format!(
        "SELECT source, category, title_key, CAST(SUM(occurrences - 1) AS bigint) AS repeated FROM alerts \
         WHERE occurrences > 1 AND created_at >= {} AND created_at < {} GROUP BY source, category, title_key",
        days.first * DAY,
        (days.last + 1) * DAY
    ))
    .load(conn)?;
    let mut repeats = BTreeMap::new();
    for RepeatSum { source, category, title_key, repeated } in rows {
        *repeats.entry(Detection { source, category: facet_key(&category), title_key }).or_default() += repeated;
    }
    Ok(repeats)
}
