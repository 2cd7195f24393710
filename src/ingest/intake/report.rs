//! What became of a body: counts of everything, and an account of each item while that is not too
//! much to hold.

use crate::ingest::result::Taken;

/// Most items that are told one by one; of a larger body only what was refused is.
const TOLD: usize = 10_000;
/// Most refused items that are told of such a body.
const REFUSED_TOLD: usize = 1_000;

/// What became of one item of a body.
#[derive(Debug, Clone)]
pub enum Outcome {
    Taken(Taken),
    /// It is no alert and was never meant to be one, in a sentence.
    Skipped(String),
    /// Why it was not taken, in a sentence.
    Refused(String),
}

/// One item and what became of it.
#[derive(Debug, Clone)]
pub struct ItemReport {
    /// Its place among everything that was reported of the body, from 0.
    pub index: usize,
    pub line: Option<usize>,
    pub outcome: Outcome,
}

/// Why a body was not taken to its end. What had come before was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfinished {
    TooLarge,
    BrokenOff,
}

/// What became of a body.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Alerts that were new.
    pub created: usize,
    /// Alerts that were known.
    pub updated: usize,
    /// Items that are no alerts and were never meant to be.
    pub skipped: usize,
    /// Items that were not taken.
    pub rejected: usize,
    /// In the order of the body; not all of them when `truncated`.
    pub items: Vec<ItemReport>,
    pub truncated: bool,
    pub unfinished: Option<Unfinished>,
    reported: usize,
}

impl Report {
    /// Counts one item, and keeps its account while there is room.
    pub fn add(&mut self, line: Option<usize>, outcome: Outcome) {
        match &outcome {
            Outcome::Taken(taken) => {
                self.created += taken.created;
                self.updated += taken.updated;
                self.skipped += taken.ignored;
            }
            Outcome::Skipped(_) => self.skipped += 1,
            Outcome::Refused(_) => self.rejected += 1,
        }
        let index = self.reported;
        self.reported += 1;
        if self.reported > TOLD && !self.truncated {
            self.truncated = true;
            self.items.retain(|item| matches!(item.outcome, Outcome::Refused(_)));
            self.items.truncate(REFUSED_TOLD);
            self.items.shrink_to_fit();
        }
        let refused = matches!(outcome, Outcome::Refused(_));
        if !self.truncated || (refused && self.items.len() < REFUSED_TOLD) {
            self.items.push(ItemReport { index, line, outcome });
        }
    }

    /// Whether anything came at all.
    pub fn is_empty(&self) -> bool {
        self.reported == 0
    }

    /// What was refused, as far as it is told one by one: line, place and reason.
    pub fn refused(&self) -> impl Iterator<Item = (&ItemReport, &str)> {
        self.items.iter().filter_map(|item| match &item.outcome {
            Outcome::Refused(why) => Some((item, why.as_str())),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_very_large_body_only_what_was_refused_is_told() {
        let mut report = Report::default();
        for number in 0..25_000 {
            let refused = number % 10 == 0;
            let outcome = if refused {
                Outcome::Refused("no".into())
            } else {
                Outcome::Taken(Taken { created: 1, ..Taken::default() })
            };
            report.add(Some(number + 1), outcome);
        }
        assert_eq!((report.created, report.rejected), (22_500, 2_500));
        assert!(report.truncated);
        assert_eq!(report.items.len(), REFUSED_TOLD);
        assert!(report.items.iter().all(|item| matches!(item.outcome, Outcome::Refused(_))));
        assert_eq!(report.items.last().map(|item| (item.index, item.line)), Some((9_990, Some(9_991))));
    }
}
