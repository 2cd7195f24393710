//! Collects items into batches and reports what became of each.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Instant;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::formats::not_taken::NotTaken;
use crate::formats::readers::item::{Item, Stopped};
use crate::ingest::intake::batch::{Batch, Prepared, PreparedItem};
use crate::ingest::intake::feed::{BATCH_BYTES, Feed};
use crate::ingest::intake::report::{ItemOutcome, Report, Unfinished};
use crate::ingest::result::IngestResult;
use crate::model::incoming::Incoming;

/// Most items of a body that a token sends.
pub const ITEMS_MAX: usize = 1_000_000;

/// Evidence that costs nothing extra: alerts of security products seldom have more.
const USUAL_EVIDENCE: usize = 8;

/// How much work it is to store a record, in alerts of usual size. Evidence beyond the usual weighs as much as an
/// alert: each piece may be an entity that is new.
fn weight(record: &Incoming) -> usize {
    record.alerts_with_payloads().map(|(alert, _)| 1 + alert.evidence.len().saturating_sub(USUAL_EVIDENCE)).sum()
}

/// Collects items into batches and stores them.
pub(super) struct BatchWriter<'a> {
    db: &'a Db,
    feed: &'a Feed,
    records: Vec<Incoming>,
    entries: Vec<PreparedItem>,
    bytes: usize,
    /// How many of what was collected were rejected when they were read.
    rejected: usize,
    /// How much work the collected items are, in alerts of usual size.
    weight: usize,
    items: usize,
    /// How often records without an id have come in this body, by the beginning of the hash that serves as one.
    copies: HashMap<u64, u64>,
    /// Sources of the alerts of this body.
    sources: BTreeSet<String>,
    pub(super) report: Report,
}

impl<'a> BatchWriter<'a> {
    pub(super) fn new(db: &'a Db, feed: &'a Feed) -> Self {
        Self {
            db,
            feed,
            records: Vec::new(),
            entries: Vec::new(),
            bytes: 0,
            rejected: 0,
            weight: 0,
            items: 0,
            copies: HashMap::new(),
            sources: BTreeSet::new(),
            report: Report::default(),
        }
    }

    pub(super) fn db(&self) -> &'a Db {
        self.db
    }

    pub(super) fn is_idle(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        let most = self.feed.pace.items();
        self.entries.len() >= most
            || self.weight >= most
            || self.bytes >= BATCH_BYTES
            || self.report.reaches_rejected_limit(self.rejected)
    }

    pub(super) fn add(&mut self, item: Item) {
        self.items += 1;
        if self.items > ITEMS_MAX && self.feed.token.is_some() {
            self.report.unfinished = Some(Unfinished::TooManyItems);
            return;
        }
        self.bytes += item.bytes();
        let mut parts = Vec::new();
        let prepared = match item.record {
            Ok(mut record) => {
                parts = record.take_refused();
                self.number_copies(&mut record);
                self.weight += weight(&record);
                self.sources.extend(record.sources().map(str::to_owned));
                self.records.push(record);
                Prepared::Record(self.records.len() - 1)
            }
            Err(NotTaken::Skipped(why)) => Prepared::Skipped(why),
            Err(NotTaken::Refused(why)) => Prepared::Rejected(why),
        };
        self.rejected += parts.len() + usize::from(matches!(prepared, Prepared::Rejected(_)));
        self.entries.push(PreparedItem { line: item.line, prepared, parts, raw: item.raw });
    }

    /// Equal records without an id are as many alerts as one body holds of them: the copies in it are numbered. The
    /// same body again has the same numbers, and adds nothing.
    fn number_copies(&mut self, record: &mut Incoming) {
        for alert in record.alerts_mut().filter(|alert| alert.id_of_content) {
            let begin: String = alert.provider_alert_id.chars().take(16).collect();
            let copies = self.copies.entry(u64::from_str_radix(&begin, 16).unwrap_or(0)).or_default();
            *copies += 1;
            if *copies > 1 {
                alert.provider_alert_id = format!("{}#{copies}", alert.provider_alert_id);
            }
        }
    }

    /// Notes that the body ended early.
    pub(super) fn stop(&mut self, stopped: Stopped) {
        self.report.unfinished = Some(match stopped {
            Stopped::TooLarge => Unfinished::TooLarge,
            Stopped::UnpacksTooFar => Unfinished::UnpacksTooFar,
            Stopped::BrokenOff => Unfinished::BrokenOff,
            Stopped::TooSlow => Unfinished::TooSlow,
            Stopped::Damaged => {
                let why = "The body cannot be unpacked from here on: what came is damaged or not complete.";
                let prepared = Prepared::Rejected(why.to_owned());
                self.entries.push(PreparedItem { line: None, prepared, parts: Vec::new(), raw: None });
                return;
            }
        });
    }

    /// Whether nothing more of the body is taken.
    pub(super) fn has_enough(&self) -> bool {
        self.report.unfinished.is_some()
    }

    /// Stores what has been collected. Once something was stored, a failure ends the body, and the report says so.
    pub(super) fn flush(&mut self) -> Result<()> {
        match self.store_collected() {
            Ok(()) => {}
            // Only a token's rights are asked for.
            Err(Error::Forbidden(_)) => self.report.unfinished = Some(Unfinished::Revoked),
            Err(error) if self.report.is_empty() => return Err(error),
            Err(error) => {
                tracing::error!("a body was not stored to its end: {error}");
                self.report.unfinished = Some(match error {
                    Error::Unavailable(why, _) => Unfinished::Unavailable(why),
                    _ => Unfinished::Failed,
                });
            }
        }
        // An administrator's file is read to its end.
        if !self.has_enough() && self.feed.token.is_some() && self.report.is_mostly_rejected() {
            self.report.unfinished = Some(Unfinished::MostlyRejected);
        }
        Ok(())
    }

    fn store_collected(&mut self) -> Result<()> {
        let is_full = self.is_full();
        let (records, entries) = (std::mem::take(&mut self.records), std::mem::take(&mut self.entries));
        let bytes = std::mem::take(&mut self.bytes);
        self.rejected = 0;
        self.weight = 0;
        if entries.is_empty() {
            return Ok(());
        }
        let mut next = Some(Batch { records, entries, bytes, source: self.source(), is_full });
        while let Some(batch) = next.map(Arc::new) {
            next = match self.store(&batch) {
                Ok(stored) => batch.rest(stored),
                Err(Error::Internal(why) | Error::Retry(why)) => {
                    tracing::warn!("a batch of {} was rejected and is stored one by one: {why}", batch.entries.len());
                    batch.entries.iter().try_for_each(|entry| self.store_alone(batch.alone(entry)))?;
                    None
                }
                Err(other) => return Err(other),
            };
        }
        Ok(())
    }

    /// The source for which items that were not taken count: that of the alerts, when they have only one.
    fn source(&self) -> String {
        match self.sources.first() {
            Some(only) if self.sources.len() == 1 => only.clone(),
            _ => self.feed.label.clone(),
        }
    }

    /// Stores one record in its own transaction, so that a bad one does not cost the others.
    fn store_alone(&mut self, batch: Batch) -> Result<()> {
        let batch = Arc::new(batch);
        match self.store(&batch) {
            Err(Error::Internal(why) | Error::Retry(why)) if !batch.records.is_empty() => {
                tracing::error!("a record could not be stored: {why}");
                self.store(&Arc::new(batch.refused())).map(drop)
            }
            other => other.map(drop),
        }
    }

    /// Stores a batch as far as one transaction may; returns how many of its records.
    fn store(&mut self, batch: &Arc<Batch>) -> Result<usize> {
        let results = if batch.is_small() {
            let (feed, shared) = (self.feed.clone(), Arc::clone(batch));
            self.db.write_small(move |tx: &mut Tx<'_>| shared.store(tx, &feed))?
        } else {
            let mut begun = Instant::now();
            let results = self.db.write_in_turn(|tx| {
                begun = Instant::now();
                batch.store(tx, self.feed)
            })?;
            self.feed.pace.note(begun.elapsed(), batch.is_full);
            results
        };
        for entry in batch.stored(results.len()) {
            self.report_on(entry, &results);
        }
        Ok(results.len())
    }

    fn report_on(&mut self, entry: &PreparedItem, results: &[IngestResult]) {
        let outcome = match &entry.prepared {
            Prepared::Record(index) => {
                let result = results.get(*index).cloned().unwrap_or_default();
                let rejected = result.rejected.clone();
                match result.skipped() {
                    Some(why) => {
                        self.report.skipped += result.ignored.saturating_sub(1);
                        self.report.add(entry.line, ItemOutcome::Skipped(why));
                    }
                    None if result.is_rejected() => (),
                    None => self.report.add(entry.line, ItemOutcome::Ingested(result)),
                }
                for why in rejected {
                    self.report.add(entry.line, ItemOutcome::Rejected(why));
                }
                None
            }
            Prepared::Skipped(why) => Some(ItemOutcome::Skipped(why.clone())),
            Prepared::Rejected(why) => Some(ItemOutcome::Rejected(why.clone())),
        };
        if let Some(outcome) = outcome {
            self.report.add(entry.line, outcome);
        }
        for part in &entry.parts {
            self.report.add(entry.line, ItemOutcome::Rejected(part.clone()));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::db::DatabaseUrl;
    use crate::ingest::alert_on_devices::alert_on_devices;
    use crate::ingest::intake::feed::pace;
    use crate::live::Hub;

    /// How many alerts on so many devices fill a batch.
    fn alerts_of_a_batch(devices: usize) -> usize {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&DatabaseUrl::throw_away(folder.path().join("batch.db")), Hub::default()).unwrap();
        let feed = Feed::of_import("alerts.json", "graph");
        let mut writer = BatchWriter::new(&db, &feed);
        let mut alerts = 0;
        while !writer.is_full() {
            writer.add(alert_on_devices("1", 1..=devices));
            alerts += 1;
        }
        alerts
    }

    #[test]
    fn a_batch_ends_by_the_evidence_of_its_alerts_as_well() {
        assert_eq!(alerts_of_a_batch(3), pace().items());
        assert_eq!(alerts_of_a_batch(18), pace().items().div_ceil(11), "each weighs as much as 11 usual ones");
        assert_eq!(alerts_of_a_batch(1_000), 1);
    }
}
