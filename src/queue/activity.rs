//! New alerts and incidents of the last day, by the hour, for the queue's chart.
//!
//! Alerts are read from the hourly counts that every batch keeps of its sources, so that a million
//! of them cost no more than none (a source that is deleted takes its counts along). Incidents
//! are counted in the index of their creation, one range an hour.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::clock::{self, HOUR};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::schema::{incidents, source_hours};

/// Hours that the chart shows.
pub const HOURS: i64 = 24;

/// The counts of one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    /// Its beginning, in microseconds UTC.
    pub begins: i64,
    /// New alerts that were received.
    pub alerts: i64,
    /// Incidents that were created.
    pub incidents: i64,
}

/// The last 24 hours, oldest first; the last is the one that has not ended yet.
pub fn last_day(conn: &mut AnyConnection) -> Result<Vec<Hour>> {
    let this = clock::now() / HOUR;
    let first = this - HOURS + 1;
    let mut alerts: HashMap<i64, i64> = HashMap::new();
    let counted: Vec<(i64, i64)> = source_hours::table
        .filter(source_hours::hour.ge(first))
        .select((source_hours::hour, source_hours::created))
        .load(conn)?;
    for (hour, created) in counted {
        *alerts.entry(hour).or_default() += created;
    }
    let mut hours = Vec::new();
    for hour in first..=this {
        let incidents = incidents::table
            // Both values are named because the index begins with it.
            .filter(incidents::is_open.eq_any([true, false]))
            .filter(incidents::created_at.ge(hour * HOUR))
            .filter(incidents::created_at.lt((hour + 1) * HOUR))
            .count()
            .get_result(conn)?;
        hours.push(Hour { begins: hour * HOUR, alerts: alerts.get(&hour).copied().unwrap_or(0), incidents });
    }
    Ok(hours)
}
