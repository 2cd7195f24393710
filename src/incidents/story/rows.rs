//! The lines of the timeline: repeats in a row are one line, and a long time without alerts is said.

use crate::clock;
use crate::incidents::story::read::{Story, StoryAlert};
use crate::text::counted;

/// A time without alerts is told from this on, ...
const GAP: i64 = clock::HOUR;
/// ... if it is this part of the whole time, so that not every line of a slow story has one.
const GAP_PART: i64 = 20;

/// A line: an alert, or several in a row that have one title and the same assets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Places in the story, in order; at least one.
    pub alerts: Vec<usize>,
    /// First and last activity of them, microseconds UTC.
    pub first: i64,
    pub last: i64,
    /// How long there was no activity before it, where that is worth telling.
    pub gap: Option<i64>,
}

impl Row {
    /// The alerts of the line.
    pub fn of<'a>(&'a self, story: &'a Story) -> impl Iterator<Item = &'a StoryAlert> {
        self.alerts.iter().filter_map(|place| story.alerts.get(*place))
    }

    /// The first alert of the line.
    pub fn opening<'a>(&self, story: &'a Story) -> Option<&'a StoryAlert> {
        self.alerts.first().and_then(|place| story.alerts.get(*place))
    }
}

/// The lines of the alerts at some places of a story.
pub fn rows(story: &Story, shown: &[usize]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut before: Option<(&str, Vec<i64>)> = None;
    for place in shown {
        let Some(alert) = story.alerts.get(*place) else { continue };
        let about = (alert.title.as_str(), asset_ids(story, alert));
        match rows.last_mut().filter(|_| before.as_ref() == Some(&about)) {
            Some(row) => {
                row.alerts.push(*place);
                row.last = row.last.max(alert.last);
            }
            None => rows.push(Row { alerts: vec![*place], first: alert.first, last: alert.last, gap: None }),
        }
        before = Some(about);
    }
    tell_gaps(&mut rows);
    rows
}

/// The assets that an alert names, in one order.
pub fn asset_ids(story: &Story, alert: &StoryAlert) -> Vec<i64> {
    let mut ids: Vec<i64> = story.assets_of(alert).map(|asset| asset.id).collect();
    ids.sort_unstable();
    ids
}

fn tell_gaps(rows: &mut [Row]) {
    let Some(first) = rows.first().map(|row| row.first) else { return };
    let end = rows.iter().map(|row| row.last).max().unwrap_or(first);
    let least = GAP.max((end - first) / GAP_PART);
    let mut until = first;
    for row in rows {
        row.gap = Some(row.first - until).filter(|gap| *gap >= least);
        until = until.max(row.last);
    }
}

/// A length of time in the largest unit that fits, rounded: "42 seconds", "3 minutes", "5 hours", "3 days".
pub fn length(micros: i64) -> String {
    let rounded = |unit: i64| (micros + unit / 2) / unit;
    match micros {
        _ if rounded(clock::SECOND) < 60 => counted(rounded(clock::SECOND), "second"),
        _ if rounded(clock::MINUTE) < 60 => counted(rounded(clock::MINUTE), "minute"),
        _ if rounded(clock::HOUR) < 48 => counted(rounded(clock::HOUR), "hour"),
        _ => counted(rounded(clock::DAY), "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Row, length, rows};
    use crate::clock::{DAY, HOUR, MINUTE};
    use crate::incidents::story::read::{Story, StoryAlert};
    use crate::model::alert::AlertStatus;
    use crate::model::severity::Severity;

    fn story(alerts: &[(&str, i64)]) -> Story {
        let alert = |(title, first): &(&str, i64)| StoryAlert {
            id: 1,
            title: (*title).to_owned(),
            severity: Severity::Low,
            status: AlertStatus::New,
            category: String::new(),
            first: *first,
            last: *first,
            occurrences: 1,
            entities: Vec::new(),
        };
        Story { alerts: alerts.iter().map(alert).collect(), ..Story::default() }
    }

    fn told(story: &Story) -> Vec<(usize, Option<i64>)> {
        let all: Vec<usize> = (0..story.alerts.len()).collect();
        rows(story, &all).iter().map(|row: &Row| (row.alerts.len(), row.gap)).collect()
    }

    #[test]
    fn only_repeats_in_a_row_are_one_line() {
        assert_eq!(told(&story(&[("a", 1), ("a", 2), ("b", 3), ("a", 4)])), [(2, None), (1, None), (1, None)]);
        assert!(told(&story(&[])).is_empty());
    }

    #[test]
    fn a_time_without_alerts_is_told_where_it_is_long() {
        let gap = |gaps: &[i64]| {
            let mut at = 0;
            let mut alerts = vec![("a", 0)];
            for (gap, title) in gaps.iter().zip(["b", "c", "d"]) {
                at += gap;
                alerts.push((title, at));
            }
            told(&story(&alerts)).into_iter().map(|(_, gap)| gap.is_some()).collect::<Vec<_>>()
        };
        assert_eq!(gap(&[10 * MINUTE, 3 * DAY]), [false, false, true]);
        assert_eq!(gap(&[HOUR, HOUR, 30 * DAY]), [false, false, false, true], "an hour is little of a month");
        assert_eq!(gap(&[59 * MINUTE]), [false, false]);
    }

    #[test]
    fn a_length_is_told_in_the_largest_unit_that_fits() {
        let told = [42_000_000, MINUTE, 80 * MINUTE, 2 * HOUR - 1, 47 * HOUR, 3 * DAY].map(length);
        assert_eq!(told, ["42 seconds", "1 minute", "1 hour", "2 hours", "47 hours", "3 days"]);
    }
}
