//! What became of the alerts of a batch, counted by their source.

use std::collections::BTreeMap;

use crate::ingest::result::IngestResult;
use crate::model::incoming::Incoming;

/// Longest name of a source, in characters.
const NAME: usize = 100;

/// Counts of one hour or of several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub created: i64,
    pub updated: i64,
    pub skipped: i64,
    pub refused: i64,
    /// Created alerts of which the source gave no severity that can be read (R18).
    pub severity_missing: i64,
}

impl Counts {
    /// Alerts that were taken.
    pub fn alerts(&self) -> i64 {
        self.created.saturating_add(self.updated)
    }

    pub(super) fn add(&mut self, other: Self) {
        self.created = self.created.saturating_add(other.created);
        self.updated = self.updated.saturating_add(other.updated);
        self.skipped = self.skipped.saturating_add(other.skipped);
        self.refused = self.refused.saturating_add(other.refused);
        self.severity_missing = self.severity_missing.saturating_add(other.severity_missing);
    }
}

/// The counts of a batch, by source.
#[derive(Debug, Default)]
pub struct Tally {
    pub(super) counts: BTreeMap<String, Counts>,
    /// The sender whose alerts were taken, under the name that its skipped and refused items are counted under.
    pub(super) sender: Option<String>,
}

impl Tally {
    /// What became of records that were taken up again, each under its source.
    pub fn of(records: &[Incoming], results: &[IngestResult]) -> Self {
        let mut tally = Self::default();
        for (record, result) in records.iter().zip(results) {
            if let Some(source) = record.sources().next() {
                tally.ingested(source, result);
            }
        }
        tally
    }

    pub fn ingested(&mut self, source: &str, result: &IngestResult) {
        let counts = self.counts_of(source);
        counts.created += number(result.created);
        counts.updated += number(result.updated);
        counts.skipped += number(result.ignored);
    }

    /// Counts the alerts of a record that was created without a severity.
    pub fn severity_missing(&mut self, record: &Incoming) {
        for alert in record.alerts().filter(|alert| alert.severity.is_none() && !alert.partial) {
            self.counts_of(&alert.source).severity_missing += 1;
        }
    }

    /// Notes that alerts of a sender were taken.
    pub fn taken_from(&mut self, sender: &str) {
        self.sender = Some(shortened(sender));
    }

    pub fn skipped(&mut self, source: &str) {
        self.counts_of(source).skipped += 1;
    }

    pub fn rejected(&mut self, source: &str, count: usize) {
        self.counts_of(source).refused += number(count);
    }

    fn counts_of(&mut self, source: &str) -> &mut Counts {
        self.counts.entry(shortened(source)).or_default()
    }
}

pub(super) fn shortened(name: &str) -> String {
    name.chars().take(NAME).collect()
}

pub(super) fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
