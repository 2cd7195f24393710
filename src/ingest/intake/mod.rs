//! Bodies in, an account of every item out: unpacked and read as they come, stored a batch a
//! transaction, with memory for a batch and no more, whatever the size of the body.
//!
//! One thread reads, another stores. What a batch holds, what was refused of it and what that says
//! of the health of its sources is one transaction: after a kill it is there or it is not.

pub mod feed;
pub mod report;
mod store;
pub mod stream;

pub use crate::ingest::intake::stream::ingest_stream;
