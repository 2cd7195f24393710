//! Alerts by time and by tactic or asset: a table whose columns are parts of the time.

use std::collections::{BTreeMap, HashMap};

use crate::clock::{DAY, HOUR, MINUTE};
use crate::incidents::story::read::{Story, StoryAlert};
use crate::model::naming::stage_order;
use crate::model::severity::Severity;

/// Most columns.
const COLUMNS: i64 = 12;
/// Most lanes.
const LANES: usize = 12;
/// How long a column may be; the shortest that needs few enough columns is used.
const LENGTHS: [i64; 14] = [
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    90 * DAY,
    365 * DAY,
];

crate::text_enum! {
    /// What a lane has in common.
    #[derive(Default)]
    pub enum LaneBy {
        #[default]
        Tactic = "tactic" / "By tactic",
        Asset = "asset" / "By asset",
    }
}

/// What the alerts of a lane have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LaneKey {
    /// A category as its first alert writes it; empty for alerts without one.
    Category(String),
    Asset(i64),
}

/// The alerts of a lane in one column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    pub alerts: usize,
    pub worst: Severity,
}

/// A lane with a cell for each column.
#[derive(Debug, Clone)]
pub struct Lane {
    pub key: LaneKey,
    pub cells: Vec<Cell>,
    pub alerts: usize,
}

/// The table.
#[derive(Debug, Clone, Default)]
pub struct Lanes {
    /// Begin and end of each column, microseconds UTC, both included.
    pub columns: Vec<(i64, i64)>,
    pub lanes: Vec<Lane>,
    /// How many lanes are left out: those with the fewest alerts.
    pub more: usize,
}

/// The lanes of the alerts at some places of a story.
pub fn lanes(story: &Story, shown: &[usize], by: LaneBy) -> Lanes {
    let alerts: Vec<&StoryAlert> = shown.iter().filter_map(|place| story.alerts.get(*place)).collect();
    let (Some(first), Some(last)) = (alerts.first(), alerts.last()) else { return Lanes::default() };
    let (begin, width, count) = columns(first.first, last.first);
    let columns: Vec<(i64, i64)> =
        (0..count).map(|column| (begin + column * width, begin + (column + 1) * width - 1)).collect();
    let mut found: HashMap<LaneKey, Vec<Cell>> = HashMap::new();
    let mut order: BTreeMap<LaneKey, usize> = BTreeMap::new();
    let mut spelled = HashMap::new();
    for (alert, place) in alerts.iter().zip(0..) {
        let column = usize::try_from((alert.first - begin) / width).unwrap_or(0);
        for key in keys(story, alert, by, &mut spelled) {
            order.entry(key.clone()).or_insert(place);
            let cells = found.entry(key).or_insert_with(|| vec![Cell::default(); columns.len()]);
            if let Some(cell) = cells.get_mut(column) {
                *cell = Cell { alerts: cell.alerts + 1, worst: cell.worst.max(alert.severity) };
            }
        }
    }
    let mut lanes: Vec<Lane> = found
        .into_iter()
        .map(|(key, cells)| Lane { alerts: cells.iter().map(|cell| cell.alerts).sum(), key, cells })
        .collect();
    lanes.sort_by_key(|lane| (std::cmp::Reverse(lane.alerts), order.get(&lane.key).copied()));
    let more = lanes.len().saturating_sub(LANES);
    lanes.truncate(LANES);
    lanes.sort_by_cached_key(|lane| (stage(&lane.key), order.get(&lane.key).copied()));
    Lanes { columns, lanes, more }
}

/// Tactics stand in the order of the kill chain, everything else in order of time.
fn stage(key: &LaneKey) -> usize {
    match key {
        LaneKey::Category(category) => stage_order(category),
        LaneKey::Asset(_) => 0,
    }
}

/// The lanes of an alert. A category may be written in any case: `spelled` has how its first alert writes it.
fn keys(story: &Story, alert: &StoryAlert, by: LaneBy, spelled: &mut HashMap<String, String>) -> Vec<LaneKey> {
    match by {
        LaneBy::Tactic => {
            let first = spelled.entry(alert.category.to_ascii_lowercase()).or_insert_with(|| alert.category.clone());
            vec![LaneKey::Category(first.clone())]
        }
        LaneBy::Asset => story.assets_of(alert).map(|asset| LaneKey::Asset(asset.id)).collect(),
    }
}

/// Where the first column begins, how long a column is, and how many there are. Columns begin at round times of UTC.
fn columns(first: i64, last: i64) -> (i64, i64, i64) {
    let count = |width: i64| last.div_euclid(width) - first.div_euclid(width) + 1;
    let longest = LENGTHS.last().copied().unwrap_or(DAY);
    let width = LENGTHS.into_iter().find(|width| count(*width) <= COLUMNS).unwrap_or(longest);
    (first.div_euclid(width) * width, width, count(width).min(COLUMNS * 10))
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, columns};
    use crate::clock::{DAY, HOUR, MINUTE};

    #[test]
    fn columns_are_as_short_as_fits_and_hold_the_whole_time() {
        for (span, width) in [(0, MINUTE), (17 * MINUTE, 5 * MINUTE), (20 * HOUR, 3 * HOUR), (70 * DAY, 7 * DAY)] {
            let first = 1_721_213_375_108_080;
            let (begin, chosen, count) = columns(first, first + span);
            assert_eq!(chosen, width, "{span}");
            assert!(begin <= first && first + span < begin + chosen * count && count <= COLUMNS, "{span}");
        }
    }
}
