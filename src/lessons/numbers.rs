//! The sums that everything on the page is made of.

use std::collections::BTreeMap;

use crate::history::lessons::tally::{Detection, Tally};
use crate::model::lesson::{Counts, Measure};

/// Most assets that are listed.
pub const ASSETS: usize = 25;

/// What the alerts and incidents of some days count as.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Alerts by day, the days that have any.
    pub days: BTreeMap<i64, Counts>,
    pub detections: BTreeMap<Detection, Counts>,
    /// Repeats that were counted as one of these alerts.
    pub repeats: BTreeMap<Detection, i64>,
    /// How one of the alerts spells each title, by the title as it is compared.
    pub titles: BTreeMap<String, String>,
    /// The assets of most alerts by their ids, the most first, at most one more than [`ASSETS`].
    pub assets: Vec<(i64, Counts)>,
    /// Incidents by the id of their owner, 0 for nobody.
    pub incidents: BTreeMap<i64, Counts>,
    /// Incidents by what is timed, owner and minutes.
    pub times: BTreeMap<(Measure, i64, i64), i64>,
}

impl Numbers {
    /// The sums of a tally over its days.
    pub fn of(tally: Tally) -> Self {
        let mut numbers = Self { titles: tally.titles, ..Self::default() };
        for ((day, detection), counts) in tally.detections {
            numbers.days.entry(day).or_default().add(counts);
            numbers.detections.entry(detection).or_default().add(counts);
        }
        let mut assets: BTreeMap<i64, Counts> = BTreeMap::new();
        for ((_, asset), counts) in tally.assets {
            assets.entry(asset).or_default().add(counts);
        }
        numbers.assets = assets.into_iter().collect();
        numbers.assets.sort_by_key(|(asset, counts)| (-counts.total(), *asset));
        numbers.assets.truncate(ASSETS + 1);
        for ((_, owner), counts) in tally.incidents {
            numbers.incidents.entry(owner).or_default().add(counts);
        }
        for ((_, measure, owner, minutes), incidents) in tally.times {
            *numbers.times.entry((measure, owner, minutes)).or_default() += incidents;
        }
        numbers
    }

    pub fn alerts(&self) -> Counts {
        sum(self.detections.values())
    }

    pub fn incidents(&self) -> Counts {
        sum(self.incidents.values())
    }
}

/// All of some counts together.
pub fn sum<'c>(counts: impl Iterator<Item = &'c Counts>) -> Counts {
    let mut all = Counts::default();
    for counts in counts {
        all.add(*counts);
    }
    all
}
