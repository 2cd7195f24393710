//! Stores items one batch at a time, with the batch's counts and refused items in the same transaction.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::formats::not_taken::NotTaken;
use crate::formats::readers::item::{Item, Raw, Stopped};
use crate::ingest::intake::feed::{BATCH, BATCH_BYTES, Feed};
use crate::ingest::intake::report::{ItemOutcome, Report, Unfinished};
use crate::ingest::pipeline::ingest;
use crate::ingest::rejected::{self, NewRejected};
use crate::ingest::result::IngestResult;
use crate::ingest::sources::{self, Sender};
use crate::ingest::tally::Tally;
use crate::ingest::telling;
use crate::model::incoming::Incoming;

/// Most items of a body that a token sends.
pub const ITEMS_MAX: usize = 1_000_000;
const NOT_STORED: &str = "The database refused to store this record.";

/// What an item is before it is stored.
enum Prepared {
    /// Its place among the batch's records.
    Record(usize),
    Skipped(String),
    Rejected(String),
}

struct PreparedItem {
    line: Option<usize>,
    prepared: Prepared,
    /// Parts of the record that were refused.
    parts: Vec<String>,
    raw: Option<Raw>,
}

impl PreparedItem {
    fn record<'r>(&self, records: &'r [Incoming]) -> Option<&'r Incoming> {
        match self.prepared {
            Prepared::Record(index) => records.get(index),
            _ => None,
        }
    }

    /// Why it, or parts of it, were refused when it was read or stored.
    fn rejections<'t>(&'t self, results: &'t [IngestResult]) -> Vec<&'t str> {
        let (own, stored) = match &self.prepared {
            Prepared::Rejected(why) => (Some(why), None),
            Prepared::Record(index) => (None, results.get(*index)),
            Prepared::Skipped(_) => (None, None),
        };
        let stored = stored.into_iter().flat_map(|result| &result.rejected);
        own.into_iter().chain(stored).chain(&self.parts).map(String::as_str).collect()
    }
}

/// Collects items into batches and stores them.
pub(super) struct BatchWriter<'a> {
    db: &'a Db,
    feed: &'a Feed,
    records: Vec<Incoming>,
    entries: Vec<PreparedItem>,
    bytes: usize,
    items: usize,
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
            items: 0,
            sources: BTreeSet::new(),
            report: Report::default(),
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= BATCH || self.bytes >= BATCH_BYTES
    }

    pub(super) fn add(&mut self, item: Item) {
        self.items += 1;
        if self.items > ITEMS_MAX && self.feed.token.is_some() {
            self.report.unfinished = Some(Unfinished::TooManyItems);
            return;
        }
        self.bytes += item.raw.as_ref().map_or(0, |raw| raw.text.len());
        let mut parts = Vec::new();
        let prepared = match item.record {
            Ok(mut record) => {
                parts = record.take_refused();
                self.bytes += record.payload_bytes();
                self.sources.extend(record.sources().map(str::to_owned));
                self.records.push(record);
                Prepared::Record(self.records.len() - 1)
            }
            Err(NotTaken::Skipped(why)) => Prepared::Skipped(why),
            Err(NotTaken::Refused(why)) => Prepared::Rejected(why),
        };
        self.entries.push(PreparedItem { line: item.line, prepared, parts, raw: item.raw });
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
        let (records, entries) = (std::mem::take(&mut self.records), std::mem::take(&mut self.entries));
        self.bytes = 0;
        if entries.is_empty() {
            return Ok(());
        }
        match self.store(&records, &entries) {
            Err(Error::Internal(why) | Error::Retry(why)) => {
                tracing::warn!("a batch of {} was refused and is taken one by one: {why}", entries.len());
                for mut entry in entries {
                    self.store_alone(&records, &mut entry)?;
                }
                Ok(())
            }
            other => other,
        }
    }

    /// Stores one record in its own transaction, so that a bad one does not cost the others.
    fn store_alone(&mut self, records: &[Incoming], entry: &mut PreparedItem) -> Result<()> {
        let record = match entry.prepared {
            Prepared::Record(index) => {
                entry.prepared = Prepared::Record(0);
                records.get(index)
            }
            _ => None,
        };
        match self.store(record.map(std::slice::from_ref).unwrap_or_default(), std::slice::from_ref(entry)) {
            Err(Error::Internal(why) | Error::Retry(why)) if record.is_some() => {
                tracing::error!("a record could not be stored: {why}");
                entry.prepared = Prepared::Rejected(NOT_STORED.to_owned());
                entry.raw = entry.raw.take().or_else(|| record.map(|record| Raw::of_text(&record.text())));
                self.store(&[], std::slice::from_ref(entry))
            }
            other => other,
        }
    }

    fn store(&mut self, records: &[Incoming], entries: &[PreparedItem]) -> Result<()> {
        let source = match self.sources.first() {
            // When all alerts have one source, the items that were not taken count for it too.
            Some(only) if self.sources.len() == 1 => only.clone(),
            _ => self.feed.label.clone(),
        };
        let feed = self.feed;
        let results = self.db.write_in_turn(|tx| {
            telling::check_sender(tx.conn, &feed.actor)?;
            let results = if records.is_empty() { Vec::new() } else { ingest(tx, &feed.actor, records)? };
            store_counts_and_rejected(tx, feed, &source, records, entries, &results)?;
            Ok(results)
        })?;
        for entry in entries {
            self.report_on(entry, &results);
        }
        Ok(())
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

/// Stores the counts of a batch's sources and its refused items.
fn store_counts_and_rejected(
    tx: &mut Tx<'_>,
    feed: &Feed,
    source: &str,
    records: &[Incoming],
    entries: &[PreparedItem],
    results: &[IngestResult],
) -> Result<()> {
    let mut tally = Tally::default();
    for (record, result) in records.iter().zip(results) {
        if let Some(source) = record.sources().next() {
            tally.ingested(source, result);
            if result.created > 0 {
                tally.severity_missing(record);
            }
        }
    }
    if results.iter().any(|result| result.created + result.updated > 0) {
        tally.taken_from(&feed.label);
    }
    let mut new = Vec::new();
    for entry in entries {
        let record = entry.record(records);
        let reasons = entry.rejections(results);
        if matches!(entry.prepared, Prepared::Skipped(_)) {
            tally.skipped(source);
        }
        let [first, more @ ..] = reasons.as_slice() else { continue };
        let reason = match more.len() {
            0 => (*first).to_owned(),
            count => format!("{first} There are {count} more such parts."),
        };
        tally.rejected(source, reasons.len());
        let raw = match &entry.raw {
            Some(raw) => Some(Cow::Borrowed(raw)),
            None => record.map(|record| Cow::Owned(Raw::of_text(&record.text()))),
        };
        if let Some(raw) = raw.filter(|raw| !raw.text.is_empty()) {
            new.push(NewRejected { line: entry.line, reason, raw });
        }
    }
    let sender = feed.token.map(|token| Sender { token, label: &feed.label });
    sources::record(tx, &tally, sender)?;
    rejected::insert(tx, feed, &new)
}
