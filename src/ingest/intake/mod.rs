//! Bodies are unpacked, read and stored while they arrive, one batch a transaction, with memory for a
//! batch whatever the size of the body. The report says what became of every item.
//!
//! One thread reads, another stores. The alerts of a batch, what was rejected of it and the counts of its
//! sources are one transaction: after a kill all of that is stored, or none.

mod batch;
pub mod feed;
mod read_ahead;
pub mod report;
pub mod stop;
mod store;
pub mod stream;

pub use crate::ingest::intake::store::ITEMS_MAX;
pub use crate::ingest::intake::stream::ingest_stream;
