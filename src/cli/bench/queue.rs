//! `watchdesk bench queue`.

use std::collections::HashMap;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use diesel::prelude::*;

use crate::accounts::new_token::{self, NewToken};
use crate::accounts::setup::CONSOLE;
use crate::accounts::tokens::SentIn;
use crate::bench::queue::pages::{self, Measured};
use crate::bench::queue::server::Server;
use crate::bench::queue::{load, searches, world};
use crate::cli::bench::store::Store;
use crate::cli::outcome::{Failed, Outcome};
use crate::db::Db;
use crate::secrets;

/// Pages that a connection asks for while the memory is watched.
const ROUNDS: u64 = 10;

#[derive(Args)]
pub struct QueueBench {
    /// Sizes of the store, in alerts; it grows from one to the next
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
    alerts: Vec<u64>,
    /// An empty database, instead of a throw-away SQLite file
    #[arg(long)]
    database: Option<String>,
    /// Measure the store that an earlier run left in --database once more, instead of growing one
    #[arg(long, requires = "database", conflicts_with = "alerts")]
    again: bool,
    /// Seconds of the load of readers, alerts and analysts at the largest size; 0 leaves it out
    #[arg(long, default_value_t = 20)]
    load: u64,
}

impl QueueBench {
    pub fn run(&self) -> Outcome {
        let Store { folder, url, db } = Store::open(self.database.as_deref())?;
        if db.is_empty()? == self.again {
            let wanted = if self.again { "hold an earlier run's store" } else { "be empty" };
            return Err(Failed::usage(format!("a database for the bench must {wanted}")));
        }
        let password = secrets::random_hex(12)?;
        let (viewer, large) = if self.again {
            (world::existing_people(&db, &password)?, world::large_id(&db)?)
        } else {
            db.migrate()?;
            (world::people(&db, &password)?, world::large(&db)?)
        };
        let stored = if self.again { vec![world::stored(&db)?] } else { self.alerts.clone() };
        let mut smallest: HashMap<String, Duration> = HashMap::new();
        let mut before = 0;
        for alerts in &stored {
            if !self.again {
                let progress = indicatif::ProgressBar::new(*alerts);
                world::grow(&db, before, *alerts, &mut |done| progress.set_position(done))?;
                progress.finish_and_clear();
                before = *alerts;
                db.analyze()?;
            }
            let server = Server::start(&url, &folder.path().join("secret"))?;
            let client = server.client(&viewer.name, &password)?;
            let open: Vec<i64> = db.read_now(open_incidents)?;
            pages::claim(&client, &open)?;
            println!("\n{alerts} alerts, {} incidents", alerts / world::ORDINARY);
            let incident = open.first().copied().unwrap_or(large);
            let mut measured = pages::measure(&db, &client, viewer.id, large, incident)?;
            measured.extend(searches::measure(&db, &client)?);
            print_pages(&measured, &mut smallest);
            let changed = pages::status_change(&client, open.get(..10).unwrap_or(&open))?;
            println!("{:<22} {:>8.2}", "a status change", millis(changed));
            if stored.last() == Some(alerts) {
                self.load(&db, &server, &password, &open)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn load(&self, db: &Db, server: &Server, password: &str, open: &[i64]) -> Result<(), Failed> {
        if self.load == 0 {
            return Ok(());
        }
        let length = Duration::from_secs(self.load);
        println!("\n{} readers; memory at most and now", load::READERS);
        let quiet = load::run(server, password, None, open, length.min(Duration::from_secs(ROUNDS)))?;
        print_load("reading alone", &quiet, server);
        let name = format!("load {}", secrets::random_hex(4)?);
        let token = db.write_now(|tx| new_token::make(tx, &CONSOLE, &NewToken::that_sends(&name, SentIn::Header)))?;
        let busy = load::run(server, password, Some(&token), open, length)?;
        print_load("with 200 alerts/s and 5 analysts", &busy, server);
        Ok(load::check(&busy)?)
    }
}

/// Some open incidents of ordinary size, newest first.
fn open_incidents(conn: &mut crate::db::AnyConnection) -> crate::error::Result<Vec<i64>> {
    use crate::schema::incidents;
    Ok(incidents::table
        .filter(incidents::is_open.eq(true))
        .filter(incidents::alert_count.le(20))
        .order(incidents::id.desc())
        .limit(50)
        .select(incidents::id)
        .load(conn)?)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Prints the measured pages; `smallest` keeps each page's time at the smallest size.
fn print_pages(pages: &[Measured], smallest: &mut HashMap<String, Duration>) {
    println!(
        "{:<22} {:>8} {:>8} {:>8} {:>6} {:>6} {:>7} {:>7}",
        "page", "ms", "gzip ms", "bare ms", "ratio", "growth", "bytes", "gzip"
    );
    for page in pages {
        let first = *smallest.entry(page.name.clone()).or_insert(page.plain);
        print_page(page, first);
    }
}

fn print_page(page: &Measured, first: Duration) {
    // Times below the floor count as the floor: nobody notices a tenth of a millisecond.
    let growth = page.plain.max(pages::FLOOR).as_secs_f64() / first.max(pages::FLOOR).as_secs_f64();
    println!(
        "{:<22} {:>8.2} {:>8.2} {:>8.2} {:>6.2} {:>6.2} {:>7} {:>7}",
        page.name,
        millis(page.plain),
        millis(page.compressed),
        millis(page.bare),
        page.ratio(),
        growth,
        page.bytes.0,
        page.bytes.1
    );
}

fn print_load(what: &str, load: &load::Load, server: &Server) {
    let (most, now) = server.memory();
    let [half, most_of, slowest] = load.times.map(millis);
    println!(
        "{what}: {} reads (half within {half:.1} ms, 99 % within {most_of:.1}, slowest {slowest:.1}), {} alerts, {} edits, \
         {} failed; memory {} and {} MiB",
        load.reads,
        load.alerts,
        load.edits,
        load.failed,
        most / 1024,
        now / 1024
    );
}
