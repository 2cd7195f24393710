//! Takes a body of any size: unpacked and read as it arrives, stored one batch in one transaction, with
//! memory for one batch. Reports what became of every item.
//!
//! One thread reads, another stores. The alerts of a batch, its refused items and the counts of its sources
//! are one transaction: after a crash all of them are stored or none.

pub mod feed;
pub mod report;
mod store;
pub mod stream;

pub use crate::ingest::intake::stream::ingest_stream;
