//! In which hours detections were seen on one link key.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use crate::clock::{DAY, HOUR};
use crate::correlation::reach::{MEMORY_DAYS, ROUTINE_HOURS};

/// Most detections of a day that are kept; further ones never count as routine.
const KEPT: usize = 500;

/// The hours of the detections of one day, one bit an hour; detections by the number that their hash is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Day(BTreeMap<u64, u32>);

/// The hours of the detections on one key, by day since 1970.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hours(BTreeMap<i64, Day>);

impl Day {
    /// "hash:bits,hash:bits", both in hexadecimal.
    fn text(&self) -> String {
        let mut text = String::new();
        for (index, (detection, bits)) in self.0.iter().enumerate() {
            let _ = write!(text, "{}{detection:016x}:{bits:x}", if index == 0 { "" } else { "," });
        }
        text
    }

    fn parse(text: &str) -> Self {
        let pairs = text.split(',').filter_map(|part| part.split_once(':'));
        Self(pairs.filter_map(|(name, bits)| Some((number(name), u32::from_str_radix(bits, 16).ok()?))).collect())
    }
}

impl Hours {
    /// Reads a day as [`Hours::text`] wrote it.
    pub fn insert(&mut self, day: i64, text: &str) {
        self.0.insert(day, Day::parse(text));
    }

    /// A day as it is stored.
    pub fn text(&self, day: i64) -> String {
        self.0.get(&day).map(Day::text).unwrap_or_default()
    }

    /// Whether the hour of a time is not noted for a detection, though there is room to note it.
    pub fn is_fresh(&self, detection: &str, at: i64) -> bool {
        match self.0.get(&at.div_euclid(DAY)) {
            Some(Day(day)) => match day.get(&number(detection)) {
                Some(bits) => bits & bit(at) == 0,
                None => day.len() < KEPT,
            },
            None => true,
        }
    }

    /// Notes the hour of a time for a detection.
    pub fn add(&mut self, detection: &str, at: i64) {
        let Day(day) = self.0.entry(at.div_euclid(DAY)).or_default();
        *day.entry(number(detection)).or_default() |= bit(at);
    }

    /// Takes in those of another key; returns the days that it has.
    pub fn join(&mut self, other: &Self) -> Vec<i64> {
        for (number, Day(detections)) in &other.0 {
            let Day(day) = self.0.entry(*number).or_default();
            for (detection, bits) in detections {
                *day.entry(*detection).or_default() |= bits;
            }
        }
        other.0.keys().copied().collect()
    }

    /// In how many hours of the week before and after a time a detection was seen, its own hour and the two beside
    /// it left out: what goes on for two hours is one event.
    pub fn other_hours(&self, detection: &str, at: i64) -> u32 {
        let (detection, day, hour) = (number(detection), at.div_euclid(DAY), at.div_euclid(HOUR));
        self.0
            .range(around(day))
            .map(|(number, day)| (day.bits(detection) & !own_bits(hour, *number)).count_ones())
            .sum()
    }

    /// The days on which alerts of a detection have come to have `count` other hours by the hour of a time, which was
    /// fresh.
    pub fn days_that_reach(&self, count: u32, detection: &str, at: i64) -> Vec<i64> {
        let (own, hash) = (at.div_euclid(HOUR), number(detection));
        let reach = |hour: i64| (hour - own).abs() > 1 && self.other_hours(detection, hour * HOUR) == count;
        let days = self.0.range(around(at.div_euclid(DAY))).map(|(number, day)| (*number, day.bits(hash)));
        days.filter(|(number, bits)| (0..24).any(|hour| bits & 1 << hour != 0 && reach(number * 24 + hour)))
            .map(|(number, _)| number)
            .collect()
    }

    /// The detections of a week before and after a day, each counted once an hour, without those that are routine.
    /// `near`: of that day and the two beside it, too.
    pub fn usual(&self, day: i64, near: bool) -> i64 {
        let mut hours: HashMap<u64, (u32, u32)> = HashMap::new();
        for (number, Day(detections)) in self.0.range(around(day)) {
            let counts = near || (*number - day).abs() > 1;
            for (detection, bits) in detections {
                let (in_all, away) = hours.entry(*detection).or_default();
                *in_all += bits.count_ones();
                *away += if counts { bits.count_ones() } else { 0 };
            }
        }
        let counted = hours.into_values().filter(|(in_all, _)| *in_all < ROUTINE_HOURS);
        counted.map(|(_, away)| i64::from(away)).sum()
    }
}

impl Day {
    fn bits(&self, detection: u64) -> u32 {
        self.0.get(&detection).copied().unwrap_or(0)
    }
}

/// The number that the hash of a detection is.
fn number(detection: &str) -> u64 {
    u64::from_str_radix(detection, 16).unwrap_or(0)
}

/// The bit of the hour of a time.
fn bit(at: i64) -> u32 {
    1 << (at.rem_euclid(DAY) / HOUR)
}

/// The bits of an hour and the two beside it that are on a day.
fn own_bits(hour: i64, day: i64) -> u32 {
    let near = (hour - 1..=hour + 1).filter(|near| near.div_euclid(24) == day);
    near.fold(0, |bits, near| bits | 1 << near.rem_euclid(24))
}

fn around(day: i64) -> std::ops::RangeInclusive<i64> {
    day - MEMORY_DAYS..=day + MEMORY_DAYS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(detection: &str, hours: impl IntoIterator<Item = i64>) -> Hours {
        let mut seen = Hours::default();
        for hour in hours {
            seen.add(detection, hour * HOUR);
        }
        seen
    }

    #[test]
    fn a_day_is_what_it_was_after_it_was_written() {
        let mut hours = seen("00ff", [23, 0, 24]);
        assert!(hours.is_fresh("00000000abcd0000", 5 * HOUR));
        hours.add("00000000abcd0000", 5 * HOUR);
        assert!(!hours.is_fresh("00ff", 23 * HOUR + 1), "once an hour");
        let mut read = Hours::default();
        for day in [0, 1] {
            read.insert(day, &hours.text(day));
        }
        assert_eq!(read, hours);
    }

    #[test]
    fn the_own_hour_and_those_beside_it_are_no_other_hours_even_around_midnight() {
        let hours = seen("00ff", [22, 23, 24, 25, 30, 24 * 9]);
        assert_eq!(hours.other_hours("00ff", 24 * HOUR), 2, "22 and 30");
        assert_eq!(hours.other_hours("00ff", 23 * HOUR), 2, "25 and 30");
        assert_eq!(hours.other_hours("abcd", 0), 0);
    }

    #[test]
    fn the_usual_of_a_day_is_of_other_days_and_without_routine() {
        let mut hours = seen("aaaa", [0, 24 * 3, 24 * 5]);
        for hour in 0..20 {
            hours.add("bbbb", hour * HOUR);
        }
        assert_eq!([3, 4].map(|day| hours.usual(day, false)), [2, 1]);
        assert_eq!(hours.usual(3, true), 3);
    }

    #[test]
    fn an_hour_makes_routine_what_it_brings_to_the_number_of_other_hours() {
        let mut hours = seen("00ff", (0..8).map(|number| number * 3));
        assert_eq!(hours.days_that_reach(8, "00ff", 21 * HOUR), Vec::<i64>::new(), "7 other hours each");
        hours.add("00ff", 30 * HOUR);
        assert_eq!(hours.days_that_reach(8, "00ff", 30 * HOUR), [0], "those of the first day have 8 now");
        hours.add("00ff", 40 * HOUR);
        assert_eq!(hours.days_that_reach(8, "00ff", 40 * HOUR), Vec::<i64>::new(), "they are routine already");
    }
}
