//! What became of a body: counts of everything, and one line for each item unless the body is large.

use crate::alerts::lookup;
use crate::db::Db;
use crate::error::{Result, Unavailable};
use crate::ingest::result::IngestResult;

/// Most items that are listed; of a larger body only the refused ones are.
const LISTED: usize = 10_000;
/// Most refused items that are listed of such a body.
const REJECTED_LISTED: usize = 1_000;

/// From this many rejected items on, a body is read on only if at least one of a hundred is taken.
const MOSTLY_REJECTED: usize = 10_000;
const TAKEN_OF_REJECTED: usize = 100;

/// What became of one item of a body.
#[derive(Debug, Clone)]
pub enum ItemOutcome {
    Ingested(IngestResult),
    /// It is not meant to be an alert; holds the reason as a sentence.
    Skipped(String),
    /// It was not taken; holds the reason as a sentence.
    Rejected(String),
}

impl ItemOutcome {
    /// The alert that it became.
    fn alert(&self) -> Option<i64> {
        match self {
            Self::Ingested(result) => result.alert_id,
            Self::Skipped(_) | Self::Rejected(_) => None,
        }
    }
}

/// One item and what became of it.
#[derive(Debug, Clone)]
pub struct ItemReport {
    /// Its place among everything that was reported of the body, from 0.
    pub index: usize,
    pub line: Option<usize>,
    pub outcome: ItemOutcome,
}

/// Why a body was not taken to its end. Everything before that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfinished {
    TooLarge,
    /// It has more items than a body may have.
    TooManyItems,
    /// It unpacks to far more than was sent.
    UnpacksTooFar,
    BrokenOff,
    /// Its sender pauses too long or sends too slowly.
    TooSlow,
    /// Next to all of it was rejected.
    MostlyRejected,
    /// Its token was revoked while it came.
    Revoked,
    /// The database could not be used any more.
    Unavailable(Unavailable),
    /// The database or this program failed.
    Failed,
}

impl Unfinished {
    /// Why the rest could not be stored, where not the body was the reason.
    pub fn failure(self) -> Option<&'static str> {
        match self {
            Self::Unavailable(Unavailable::Busy) => Some("the database is busy"),
            Self::Unavailable(Unavailable::Full) => Some("the disk is full"),
            Self::Unavailable(Unavailable::Gone) => Some("the database cannot be reached"),
            Self::Unavailable(Unavailable::Unconfirmed) => {
                Some("the database failed while storing the next part, which may have been stored")
            }
            Self::Unavailable(Unavailable::ReadOnly | Unavailable::Damaged | Unavailable::Replaced) => {
                Some("the database accepts no changes")
            }
            Self::Failed => Some("something went wrong"),
            _ => None,
        }
    }
}

/// What became of a body.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Alerts that were new.
    pub created: usize,
    /// Alerts that were known.
    pub updated: usize,
    /// Items that are not meant to be alerts.
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
    /// Whether so much of it was rejected that the rest is not worth reading.
    pub(super) fn is_mostly_rejected(&self) -> bool {
        let taken = self.created.saturating_add(self.updated);
        self.rejected >= MOSTLY_REJECTED && taken.saturating_mul(TAKEN_OF_REJECTED) < self.rejected
    }

    /// Whether with this many more rejected items it is to be looked at whether the rest is worth reading.
    pub(super) fn reaches_rejected_limit(&self, rejected: usize) -> bool {
        self.rejected < MOSTLY_REJECTED && self.rejected.saturating_add(rejected) >= MOSTLY_REJECTED
    }

    /// Looks up in which incidents the listed alerts are now.
    pub(super) fn locate_again(&mut self, db: &Db) -> Result<()> {
        let listed = || self.items.iter().filter_map(|item| item.outcome.alert());
        let ids: Vec<i64> = listed().collect();
        let places = db.read_now(|conn| lookup::places(conn, &ids))?;
        for item in &mut self.items {
            let place = item.outcome.alert().and_then(|alert| places.get(&alert));
            if let (ItemOutcome::Ingested(result), Some((alert, incident))) = (&mut item.outcome, place) {
                (result.alert_id, result.incident_id) = (Some(*alert), Some(*incident));
            }
        }
        Ok(())
    }

    /// Counts one item, and lists it while there is room.
    pub fn add(&mut self, line: Option<usize>, outcome: ItemOutcome) {
        match &outcome {
            ItemOutcome::Ingested(result) => {
                self.created += result.created;
                self.updated += result.updated;
                self.skipped += result.ignored;
            }
            ItemOutcome::Skipped(_) => self.skipped += 1,
            ItemOutcome::Rejected(_) => self.rejected += 1,
        }
        let index = self.reported;
        self.reported += 1;
        if self.reported > LISTED && !self.truncated {
            self.truncated = true;
            self.items.retain(|item| matches!(item.outcome, ItemOutcome::Rejected(_)));
            self.items.truncate(REJECTED_LISTED);
            self.items.shrink_to_fit();
        }
        let is_rejected = matches!(outcome, ItemOutcome::Rejected(_));
        if !self.truncated || (is_rejected && self.items.len() < REJECTED_LISTED) {
            self.items.push(ItemReport { index, line, outcome });
        }
    }

    /// Whether the body had no item.
    pub fn is_empty(&self) -> bool {
        self.reported == 0
    }

    /// Whether something was rejected and nothing taken (R18).
    pub fn is_refused(&self) -> bool {
        self.rejected > 0 && self.created + self.updated == 0
    }

    /// Whether the body came to its end with something in it, and was not refused: nobody has to send it again.
    pub fn is_complete(&self) -> bool {
        self.unfinished.is_none() && !self.is_empty() && !self.is_refused()
    }

    /// The refused items that are listed, each with its reason.
    pub fn rejected_items(&self) -> impl Iterator<Item = (&ItemReport, &str)> {
        self.items.iter().filter_map(|item| match &item.outcome {
            ItemOutcome::Rejected(why) => Some((item, why.as_str())),
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
            let is_rejected = number % 10 == 0;
            let outcome = if is_rejected {
                ItemOutcome::Rejected("no".into())
            } else {
                ItemOutcome::Ingested(IngestResult { created: 1, ..IngestResult::default() })
            };
            report.add(Some(number + 1), outcome);
        }
        assert_eq!((report.created, report.rejected), (22_500, 2_500));
        assert!(report.truncated);
        assert_eq!(report.items.len(), REJECTED_LISTED);
        assert!(report.items.iter().all(|item| matches!(item.outcome, ItemOutcome::Rejected(_))));
        assert_eq!(report.items.last().map(|item| (item.index, item.line)), Some((9_990, Some(9_991))));
    }
}
