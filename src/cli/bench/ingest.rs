//! `watchdesk bench ingest`.

use std::process::ExitCode;

use clap::Args;

use crate::bench::{ingest, scratch};
use crate::cli::outcome::{Failed, Outcome};
use crate::db::{DatabaseUrl, Db};
use crate::live::Hub;

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

impl IngestBench {
    pub fn run(&self) -> Outcome {
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
