//! `watchdesk bench`: one file a measurement.

mod command;
mod correlation;
mod ingest;
mod live;
mod queue;
mod store;

pub use crate::cli::bench::command::Bench;
