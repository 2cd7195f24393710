//! How long something took: the median and the time that nine of ten did not exceed.

use std::collections::BTreeMap;

use crate::model::lesson::Measure;

/// How long something took, in minutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    /// Incidents that it is known of.
    pub incidents: i64,
    pub median: i64,
    pub ninetieth: i64,
}

impl Times {
    /// Of the incidents of one owner, or of all.
    pub fn of(times: &BTreeMap<(Measure, i64, i64), i64>, measure: Measure, owner: Option<i64>) -> Self {
        let mut taken: BTreeMap<i64, i64> = BTreeMap::new();
        for ((_, whose, minutes), incidents) in times.iter().filter(|((what, ..), _)| *what == measure) {
            if owner.is_none_or(|owner| owner == *whose) {
                *taken.entry(*minutes).or_default() += incidents;
            }
        }
        let incidents = taken.values().sum();
        Self { incidents, median: percentile(&taken, incidents, 50), ninetieth: percentile(&taken, incidents, 90) }
    }
}

/// The least time within which so many of a hundred were done (nearest rank); 0 of none.
fn percentile(taken: &BTreeMap<i64, i64>, incidents: i64, percent: i64) -> i64 {
    let wanted = (incidents * percent + 99) / 100;
    let mut passed = 0;
    for (minutes, count) in taken {
        passed += count;
        if passed >= wanted {
            return *minutes;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_were_done_within_the_median_and_nine_of_ten_within_the_ninetieth() {
        let times = (1..=10).map(|minutes| ((Measure::Assign, minutes % 2, minutes * 10), 1)).collect();
        let all = Times::of(&times, Measure::Assign, None);
        assert_eq!(all, Times { incidents: 10, median: 50, ninetieth: 90 });
        assert_eq!(Times::of(&times, Measure::Assign, Some(1)), Times { incidents: 5, median: 50, ninetieth: 90 });
        assert_eq!(Times::of(&times, Measure::Resolve, None), Times::default());
    }
}
