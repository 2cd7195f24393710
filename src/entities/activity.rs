//! The newest alerts of an entity, and how many there were over time.

use diesel::prelude::*;

use crate::clock::{DAY, HOUR};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::alert::Alert;
use crate::schema::{alerts, evidence};

/// Alerts that are counted: the newest.
pub const COUNTED: i64 = 5_000;
/// Most bars.
const BARS: i64 = 48;
/// Alerts that are listed.
const LISTED: i64 = 10;
/// How long a bar can be.
const LENGTHS: [(i64, &str); 7] = [
    (HOUR, "hour"),
    (6 * HOUR, "6 hours"),
    (DAY, "day"),
    (7 * DAY, "week"),
    (30 * DAY, "30 days"),
    (90 * DAY, "90 days"),
    (365 * DAY, "year"),
];
const LONGEST: (i64, &str) = (3_650 * DAY, "10 years");

/// The alerts of one length of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Microseconds UTC.
    pub begins: i64,
    pub alerts: i64,
}

/// How many alerts began in each length of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// Without gaps, the earliest first; empty without alerts.
    pub bars: Vec<Bar>,
    /// Of one bar, in words.
    pub length: &'static str,
    pub counted: i64,
    /// Whether there are more alerts than were counted.
    pub more: bool,
}

/// When the newest alerts of an entity began.
pub fn activity(conn: &mut AnyConnection, entity: i64) -> Result<Activity> {
    let mut times: Vec<i64> = evidence::table
        .inner_join(alerts::table)
        .filter(evidence::entity_id.eq(entity))
        .order(evidence::alert_id.desc())
        .limit(COUNTED + 1)
        .select(alerts::first_activity)
        .load(conn)?;
    let most = usize::try_from(COUNTED).unwrap_or(usize::MAX);
    let more = times.len() > most;
    times.truncate(most);
    Ok(Activity { more, ..bars(&times) })
}

fn bars(times: &[i64]) -> Activity {
    let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else { return Activity::default() };
    let fits = |length: i64| last.div_euclid(length) - first.div_euclid(length) < BARS;
    let (length, words) = LENGTHS.into_iter().find(|(length, _)| fits(*length)).unwrap_or(LONGEST);
    let start = first.div_euclid(length).max(last.div_euclid(length) - BARS + 1);
    let mut bars: Vec<Bar> =
        (start..=last.div_euclid(length)).map(|at| Bar { begins: at * length, alerts: 0 }).collect();
    for time in times {
        let place = usize::try_from((time.div_euclid(length) - start).max(0)).unwrap_or(0);
        if let Some(bar) = bars.get_mut(place) {
            bar.alerts += 1;
        }
    }
    Activity { bars, length: words, counted: i64::try_from(times.len()).unwrap_or(i64::MAX), more: false }
}

/// The newest alerts of an entity.
pub fn newest(conn: &mut AnyConnection, entity: i64) -> Result<Vec<Alert>> {
    Ok(evidence::table
        .inner_join(alerts::table)
        .filter(evidence::entity_id.eq(entity))
        .order(evidence::alert_id.desc())
        .limit(LISTED)
        .select(Alert::as_select())
        .load(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_all_alerts_need_and_have_no_gaps() {
        assert_eq!(bars(&[]), Activity::default());
        let of = |times: &[i64]| {
            let Activity { bars, length, counted, .. } = bars(times);
            (bars.iter().map(|bar| bar.alerts).collect::<Vec<_>>(), length, counted)
        };
        assert_eq!(of(&[5 * HOUR, 5 * HOUR + 1, 8 * HOUR]), (vec![2, 0, 0, 1], "hour", 3));
        let (counts, length, _) = of(&[0, 100 * HOUR]);
        assert_eq!((counts.len(), length), (17, "6 hours"));
        assert_eq!(of(&[0, 40 * DAY]).1, "day");
        let (counts, length, all) = of(&[-40_000 * DAY, 0, 400_000 * DAY]);
        assert_eq!((counts.len(), length, all), (48, "10 years", 3), "what is too old for a bar is in the first");
        assert_eq!(counts.iter().sum::<i64>(), 3);
    }
}
