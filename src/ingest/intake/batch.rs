//! Items that are stored together, with their counts and those that were refused.

use std::borrow::Cow;

use crate::db::Tx;
use crate::error::Result;
use crate::formats::readers::item::Raw;
use crate::ingest::intake::feed::Feed;
use crate::ingest::ownership;
use crate::ingest::pipeline::ingest_share;
use crate::ingest::rejected::{self, NewRejected};
use crate::ingest::result::IngestResult;
use crate::ingest::sources::{self, Sender};
use crate::ingest::tally::Tally;
use crate::model::incoming::Incoming;

const NOT_STORED: &str = "The database could not store this record.";

/// Most items and bytes of a batch that shares its transaction with other writes.
const SMALL: usize = 20;
const SMALL_BYTES: usize = 256 * 1024;

/// What an item is before it is stored.
#[derive(Clone)]
pub(super) enum Prepared {
    /// Its place among the batch's records.
    Record(usize),
    Skipped(String),
    Rejected(String),
}

#[derive(Clone)]
pub(super) struct PreparedItem {
    pub(super) line: Option<usize>,
    pub(super) prepared: Prepared,
    /// Parts of the record that were refused.
    pub(super) parts: Vec<String>,
    pub(super) raw: Option<Raw>,
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

/// Items that are stored in one transaction.
pub(super) struct Batch {
    pub(super) records: Vec<Incoming>,
    pub(super) entries: Vec<PreparedItem>,
    pub(super) bytes: usize,
    pub(super) source: String,
    /// As much was collected as one transaction is to store.
    pub(super) is_full: bool,
}

impl Batch {
    /// Whether it may share its transaction with others, which wait while it is stored.
    pub(super) fn is_small(&self) -> bool {
        self.entries.len() <= SMALL && self.bytes <= SMALL_BYTES
    }

    /// Stores as much of it as one transaction may; see [`Batch::rest`] for the others.
    pub(super) fn store(&self, tx: &mut Tx<'_>, feed: &Feed) -> Result<Vec<IngestResult>> {
        let results = if self.records.is_empty() {
            ownership::check_sender(tx.conn, &feed.actor)?;
            Vec::new()
        } else {
            ingest_share(tx, &feed.actor, &self.records)?
        };
        store_counts_and_rejected(tx, feed, &self.source, &self.records, self.stored(results.len()), &results)?;
        Ok(results)
    }

    /// Its items up to the first whose record is not among the first `records`.
    pub(super) fn stored(&self, records: usize) -> &[PreparedItem] {
        let later = |entry: &PreparedItem| matches!(entry.prepared, Prepared::Record(index) if index >= records);
        let end = self.entries.iter().position(later).unwrap_or(self.entries.len());
        self.entries.get(..end).unwrap_or_default()
    }

    /// The items that are left once so many records are stored.
    pub(super) fn rest(&self, records: usize) -> Option<Self> {
        let mut entries = self.entries.get(self.stored(records).len()..).unwrap_or_default().to_vec();
        for entry in &mut entries {
            if let Prepared::Record(index) = &mut entry.prepared {
                *index -= records;
            }
        }
        let left = self.records.get(records..).unwrap_or_default().to_vec();
        let rest = Self { records: left, entries, bytes: self.bytes, source: self.source.clone(), is_full: false };
        (!rest.entries.is_empty()).then_some(rest)
    }

    /// One of its items with its record.
    pub(super) fn alone(&self, entry: &PreparedItem) -> Self {
        let mut entry = entry.clone();
        let mut records = Vec::new();
        if let Prepared::Record(index) = entry.prepared {
            records.extend(self.records.get(index).cloned());
            entry.prepared = Prepared::Record(0);
        }
        Self { records, entries: vec![entry], bytes: self.bytes, source: self.source.clone(), is_full: false }
    }

    /// Its one item as refused by the database, with its record as text.
    pub(super) fn refused(&self) -> Self {
        let mut entries = self.entries.clone();
        for entry in &mut entries {
            entry.prepared = Prepared::Rejected(NOT_STORED.to_owned());
            entry.raw = entry.raw.take().or_else(|| self.records.first().map(|record| Raw::of_text(&record.text())));
        }
        Self { records: Vec::new(), entries, bytes: self.bytes, source: self.source.clone(), is_full: false }
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
