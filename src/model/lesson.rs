//! What Lessons counts: alerts and incidents by how they are classified, and how long things took.

use crate::clock::{DAY, MINUTE};
use crate::model::outcome::Classification;

crate::text_enum! {
    /// What of an incident is timed, from its creation.
    pub enum Measure {
        Assign = "assign" / "To assign",
        Comment = "comment" / "To the first comment",
        Resolve = "resolve" / "To resolve",
        /// From the first assignment to the resolution, at most [`MOST_WORK`].
        Work = "work" / "Work",
        /// That it was reopened; it takes no time.
        Reopen = "reopen" / "Reopened",
    }
}

crate::text_enum! {
    /// What people have done about an incident.
    pub enum Handled {
        Assigned = "assigned" / "Assigned",
        Commented = "commented" / "Commented",
        Resolved = "resolved" / "Resolved",
        Reopened = "reopened" / "Reopened",
    }
}

/// Most minutes that an incident counts as work: nobody works all night on what lies open.
pub const MOST_WORK: i64 = 60;
/// Longest time that is told apart, in minutes: about two years.
const LONGEST: i64 = 1_000_000;

/// How many there are of each classification.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub not_set: i64,
    pub true_positive: i64,
    pub informational: i64,
    pub false_positive: i64,
}

impl Counts {
    /// So many of one classification.
    pub fn of(classification: Classification, count: i64) -> Self {
        let mut counts = Self::default();
        match classification {
            Classification::Unknown => counts.not_set = count,
            Classification::TruePositive => counts.true_positive = count,
            Classification::InformationalExpectedActivity => counts.informational = count,
            Classification::FalsePositive => counts.false_positive = count,
        }
        counts
    }

    pub fn get(self, classification: Classification) -> i64 {
        match classification {
            Classification::Unknown => self.not_set,
            Classification::TruePositive => self.true_positive,
            Classification::InformationalExpectedActivity => self.informational,
            Classification::FalsePositive => self.false_positive,
        }
    }

    pub fn total(self) -> i64 {
        self.not_set + self.decided()
    }

    /// Those that somebody has classified.
    pub fn decided(self) -> i64 {
        self.true_positive + self.informational + self.false_positive
    }

    /// Those that were no attack.
    pub fn harmless(self) -> i64 {
        self.informational + self.false_positive
    }

    pub fn add(&mut self, other: Self) {
        self.not_set += other.not_set;
        self.true_positive += other.true_positive;
        self.informational += other.informational;
        self.false_positive += other.false_positive;
    }

    #[must_use]
    pub fn negated(self) -> Self {
        Self {
            not_set: -self.not_set,
            true_positive: -self.true_positive,
            informational: -self.informational,
            false_positive: -self.false_positive,
        }
    }

    pub fn is_zero(self) -> bool {
        self == Self::default()
    }
}

/// The day of a time: days since 1970, UTC.
pub fn day(micros: i64) -> i64 {
    micros.div_euclid(DAY)
}

/// Whole minutes between two times, from 100 on rounded down to two digits, so that few different ones are stored.
pub fn minutes_between(from: i64, to: i64) -> i64 {
    let mut minutes = (to.saturating_sub(from) / MINUTE).clamp(0, LONGEST);
    let mut unit = 1;
    while minutes >= 100 {
        minutes /= 10;
        unit *= 10;
    }
    minutes * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_times_keep_two_digits_and_their_order() {
        let minutes = |count: i64| minutes_between(5 * MINUTE, (5 + count) * MINUTE + 59_000_000);
        let kept: Vec<i64> = [0, 7, 99, 100, 313, 999, 1_000, 14_399].into_iter().map(minutes).collect();
        assert_eq!(kept, [0, 7, 99, 100, 310, 990, 1_000, 14_000]);
        assert_eq!(minutes_between(MINUTE, 0), 0, "what an import says was done before it was created took no time");
    }

    #[test]
    fn a_classification_is_counted_where_it_is_read() {
        for classification in Classification::ALL {
            let counts = Counts::of(*classification, 3);
            assert_eq!((counts.get(*classification), counts.total()), (3, 3));
        }
    }
}
