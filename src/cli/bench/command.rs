//! What `watchdesk bench` measures.

use clap::Subcommand;

use crate::cli::bench::correlation::CorrelationBench;
use crate::cli::bench::ingest::IngestBench;
use crate::cli::bench::live::LiveBench;
use crate::cli::bench::queue::QueueBench;
use crate::cli::outcome::Outcome;

#[derive(Subcommand)]
pub enum Bench {
    /// Group the alerts of a file and compare with how they belong together
    Correlation(CorrelationBench),
    /// Stream made-up alerts in, and insert the same rows into the bare database
    Ingest(IngestBench),
    /// Time comments until every open stream has them, beside a bare fan-out
    Live(LiveBench),
    /// Ask a server for the queue's pages at growing sizes, beside the bare SQL of each
    Queue(QueueBench),
}

impl Bench {
    pub fn run(&self) -> Outcome {
        match self {
            Self::Correlation(bench) => bench.run(),
            Self::Ingest(bench) => bench.run(),
            Self::Live(bench) => bench.run(),
            Self::Queue(bench) => bench.run(),
        }
    }
}
