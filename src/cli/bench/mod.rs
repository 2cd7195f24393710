//! `watchdesk bench`: correlation against labels, and the rate of taking alerts in against the
//! bare database in the same run.

mod queue;

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::bench::correlation::{Figures, Labelled, Order, Truth};
use crate::bench::{ingest, scratch};
use crate::cli::outcome::{Failed, Outcome};
use crate::db::{DatabaseUrl, Db};
use crate::formats::readers::decode::{Encoding, decoded};
use crate::live::Hub;

/// Largest file of labelled alerts.
const LARGEST: u64 = 1 << 30;
/// Files with more alerts than this are run in one order only.
const MANY: usize = 20_000;

#[derive(Subcommand)]
pub enum Bench {
    /// Group the alerts of a file and compare with how they belong together
    Correlation(CorrelationBench),
    /// Stream made-up alerts in, and insert the same rows into the bare database
    Ingest(IngestBench),
    /// Ask a server for the queue's pages at growing sizes, beside the bare SQL of each
    Queue(queue::QueueBench),
}

#[derive(Args)]
pub struct CorrelationBench {
    /// Alerts in any format that `import` takes
    file: PathBuf,
    /// A CSV file of two columns: alert id, group
    #[arg(long)]
    truth: Option<PathBuf>,
    /// A JSON Pointer to each record's group; null is noise
    #[arg(long, default_value = "/gt_episode")]
    label: String,
    /// Alerts a transaction in the shuffled runs
    #[arg(long, default_value_t = 50)]
    batch: usize,
    /// Print the names of the incidents, too
    #[arg(long)]
    names: bool,
}

#[derive(Args)]
pub struct IngestBench {
    /// How many alerts
    #[arg(long, default_value_t = 200_000)]
    alerts: u64,
    /// Two empty databases separated by a comma, instead of throw-away SQLite files
    #[arg(long, value_delimiter = ',')]
    databases: Vec<String>,
    /// Leave the bare database out
    #[arg(long)]
    no_bare: bool,
}

impl Bench {
    pub fn run(&self) -> Outcome {
        match self {
            Self::Correlation(bench) => bench.run(),
            Self::Ingest(bench) => bench.run(),
            Self::Queue(bench) => bench.run(),
        }
    }
}

impl CorrelationBench {
    fn run(&self) -> Outcome {
        let truth = match &self.truth {
            Some(file) => Truth::Table(read_table(file)?),
            None => Truth::Pointer(self.label.clone()),
        };
        let labelled = Labelled::parse(&read_file(&self.file)?, &truth);
        if labelled.is_empty() {
            return Err(Failed::usage(format!("{}: no alert has a label", self.file.display())));
        }
        println!("{} alerts, {} records left out", labelled.len(), labelled.left_out);
        println!(
            "{:<22} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
            "order, batch", "precision", "recall", "F1", "homogen.", "complete.", "clusters", "incidents"
        );
        for (order, batch) in self.runs(labelled.len()) {
            let figures = labelled.run(order, batch)?;
            let size = if batch == usize::MAX { "all".to_owned() } else { batch.to_string() };
            print_figures(&format!("{order}, {size}"), &figures);
            if self.names {
                for name in &figures.names {
                    println!("    {name}");
                }
            }
        }
        print_figures("by device within 1 h", &labelled.by_device_within_an_hour());
        Ok(ExitCode::SUCCESS)
    }

    fn runs(&self, alerts: usize) -> Vec<(Order, usize)> {
        if alerts > MANY {
            return vec![(Order::Time, 500)];
        }
        let mut runs = vec![(Order::Time, 1), (Order::Time, 50), (Order::Time, usize::MAX)];
        runs.extend((1..=5).map(|seed| (Order::Shuffled(seed), self.batch)));
        runs
    }
}

fn print_figures(what: &str, figures: &Figures) {
    let score = figures.score;
    println!(
        "{what:<22} {:>9.3} {:>9.3} {:>9.3} {:>9.3} {:>9.3} {:>9} {:>9}",
        score.precision,
        score.recall,
        score.f1,
        score.homogeneity,
        score.completeness,
        score.clusters,
        figures.incidents
    );
    if let Some(noise) = figures.noise {
        println!(
            "    noise: {} alerts, {:.1} % swept into attack incidents; {:.1} incidents a day, at most {}",
            noise.alerts,
            100.0 * noise.swept,
            noise.incidents_a_day,
            noise.most_a_day
        );
    }
}

fn read_file(file: &Path) -> Result<Vec<u8>, Failed> {
    let cannot = |error: std::io::Error| Failed::usage(format!("cannot read {}: {error}", file.display()));
    let opened = std::fs::File::open(file).map_err(cannot)?;
    let mut body = Vec::new();
    decoded(opened, Encoding::Detect, LARGEST).read_to_end(&mut body).map_err(cannot)?;
    Ok(body)
}

/// The first two columns of a CSV file, its header left out.
fn read_table(file: &Path) -> Result<HashMap<String, String>, Failed> {
    let cannot = |error: csv::Error| Failed::usage(format!("cannot read {}: {error}", file.display()));
    let mut table = HashMap::new();
    for row in csv::Reader::from_path(file).map_err(cannot)?.records() {
        let row = row.map_err(cannot)?;
        if let (Some(id), Some(group)) = (row.get(0), row.get(1)) {
            table.insert(id.trim().to_lowercase(), group.trim().to_owned());
        }
    }
    Ok(table)
}

impl IngestBench {
    fn run(&self) -> Outcome {
        let (db, bare, _folders) = self.databases()?;
        println!("{} alerts, three pieces of evidence each, ten to an incident", self.alerts);
        let figures = ingest::run(&db, self.alerts, 100_000, &mut |done, rate| {
            println!("  {done:>9}: {rate:>8.0} alerts/s, {} MiB", ingest::resident() / 1024);
        })?;
        let rate = figures.rate();
        println!(
            "Watchdesk: {rate:.0} alerts/s; memory {} -> {} MiB",
            figures.memory.0 / 1024,
            figures.memory.1 / 1024
        );
        if let (Some(first), Some(last)) = (figures.rates.first(), figures.rates.last()) {
            println!("last part to first: {:.2}", last / first);
        }
        if self.no_bare {
            return Ok(ExitCode::SUCCESS);
        }
        let (rows, bare_rate) = ingest::bare(&db, &bare, figures.alerts)?;
        println!("bare database: {bare_rate:.0} alerts/s ({rows} rows)");
        println!("ratio: {:.2}", rate / bare_rate);
        Ok(ExitCode::SUCCESS)
    }

    fn databases(&self) -> Result<(Db, Db, Vec<tempfile::TempDir>), Failed> {
        let open = |url: &str| -> Result<Db, Failed> {
            let url = DatabaseUrl::parse(url).map_err(Failed::usage)?;
            let db = Db::open(&url, Hub::default()).map_err(Failed::usage)?;
            if !db.is_empty()? {
                return Err(Failed::usage("a database for the bench must be empty"));
            }
            db.migrate()?;
            Ok(db)
        };
        match self.databases.as_slice() {
            [] => {
                let ((one, first), (two, second)) = (scratch()?, scratch()?);
                Ok((one, two, vec![first, second]))
            }
            [one, two] => Ok((open(one)?, open(two)?, Vec::new())),
            _ => Err(Failed::usage("--databases takes two URLs")),
        }
    }
}
