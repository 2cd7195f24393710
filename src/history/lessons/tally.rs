//! Sums of what alerts and incidents count as, in memory.

use std::collections::BTreeMap;

use crate::history::lessons::rows::{AlertFact, AlertSum, AssetSum, IncidentFact};
use crate::model::facet::facet_key;
use crate::model::incident::Status;
use crate::model::lesson::{Counts, MOST_WORK, Measure, day, minutes_between};
use crate::model::outcome::Classification;

/// Source, category and title of alerts, the latter two as they are compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Detection {
    pub source: String,
    pub category: String,
    pub title_key: String,
}

impl Detection {
    /// What alerts have in common that a database has summed up.
    pub fn of(sum: &AlertSum) -> Self {
        Self { source: sum.source.clone(), category: facet_key(&sum.category), title_key: sum.title_key.clone() }
    }
}

/// The day, what is timed, the owner (0 for nobody), and the minutes.
pub type TimeKey = (i64, Measure, i64, i64);

/// What some alerts and incidents count as, by day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub detections: BTreeMap<(i64, Detection), Counts>,
    /// How one of the alerts spells each title.
    pub titles: BTreeMap<String, String>,
    /// By the id of an asset.
    pub assets: BTreeMap<(i64, i64), Counts>,
    /// By the id of the owner, 0 for nobody.
    pub incidents: BTreeMap<(i64, i64), Counts>,
    pub times: BTreeMap<TimeKey, i64>,
}

impl Tally {
    /// Counts an alert, without its assets.
    pub fn alert(&mut self, fact: &AlertFact) {
        let detection = Detection {
            source: fact.source.clone(),
            category: facet_key(&fact.category),
            title_key: fact.title_key.clone(),
        };
        let counts = Counts::of(fact.classification, 1);
        if !self.titles.contains_key(&fact.title_key) {
            self.titles.insert(fact.title_key.clone(), fact.title.clone());
        }
        self.detections.entry((day(fact.created_at), detection)).or_default().add(counts);
    }

    /// Counts alerts that a database has summed up, without their assets.
    pub fn alerts(&mut self, sum: AlertSum) {
        let detection = Detection::of(&sum);
        self.titles.entry(sum.title_key).or_insert(sum.title);
        let counts = counts(&sum.classification, sum.alerts);
        self.detections.entry((sum.day, detection)).or_default().add(counts);
    }

    /// Counts an asset of alerts that a database has summed up.
    pub fn assets(&mut self, sum: &AssetSum) {
        self.assets.entry((sum.day, sum.entity)).or_default().add(counts(&sum.classification, sum.alerts));
    }

    /// Counts an asset of so many alerts that were created then.
    pub fn asset(&mut self, entity: i64, created_at: i64, counts: Counts) {
        self.assets.entry((day(created_at), entity)).or_default().add(counts);
    }

    /// Counts an incident; one that leads to another is none of its own.
    pub fn incident(&mut self, fact: &IncidentFact) {
        if fact.status == Status::Redirected {
            return;
        }
        let (day, owner) = (day(fact.created_at), fact.assigned_to.unwrap_or(0));
        self.incidents.entry((day, owner)).or_default().add(Counts::of(fact.classification, 1));
        let after = |at: Option<i64>| at.map(|at| minutes_between(fact.created_at, at));
        let resolved_at = fact.resolved_at.filter(|_| fact.status == Status::Resolved);
        let work = fact.assigned_at.zip(resolved_at).map(|(from, to)| minutes_between(from, to).min(MOST_WORK));
        let times = [
            (Measure::Assign, after(fact.assigned_at)),
            (Measure::Comment, after(fact.commented_at)),
            (Measure::Resolve, after(resolved_at)),
            (Measure::Work, work),
            (Measure::Reopen, (fact.reopened.unwrap_or(0) > 0).then_some(0)),
        ];
        for (measure, minutes) in times {
            if let Some(minutes) = minutes {
                *self.times.entry((day, measure, owner, minutes)).or_default() += 1;
            }
        }
    }

    /// Takes away what another has.
    pub fn take(&mut self, other: Self) {
        for (key, title) in other.titles {
            self.titles.entry(key).or_insert(title);
        }
        for (key, counts) in other.detections {
            self.detections.entry(key).or_default().add(counts.negated());
        }
        for (key, counts) in other.assets {
            self.assets.entry(key).or_default().add(counts.negated());
        }
        for (key, counts) in other.incidents {
            self.incidents.entry(key).or_default().add(counts.negated());
        }
        for (key, incidents) in other.times {
            *self.times.entry(key).or_default() -= incidents;
        }
        self.detections.retain(|_, counts| !counts.is_zero());
        self.assets.retain(|_, counts| !counts.is_zero());
        self.incidents.retain(|_, counts| !counts.is_zero());
        self.times.retain(|_, incidents| *incidents != 0);
    }
}

fn counts(classification: &str, count: i64) -> Counts {
    Counts::of(Classification::parse(classification).unwrap_or_default(), count)
}
