//! `watchdesk bench live`.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use crate::bench::live::{self, Arrivals};
use crate::bench::queue::server::Server;
use crate::cli::bench::store::Store;
use crate::cli::outcome::{Failed, Outcome};
use crate::secrets;
use crate::web::server::connections::raised_limit;

/// Streams that one analyst has open: fewer than one may have.
const STREAMS_EACH: usize = 25;

#[derive(Args)]
pub struct LiveBench {
    /// Streams of one incident, shared among as many people as they need
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    streams: u32,
    /// Comments on it
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    comments: u32,
    /// Streams that one person tries to have while the queue is measured; 0 leaves this out
    #[arg(long, default_value_t = 1_000)]
    of_one_person: usize,
    /// An empty database, instead of a throw-away SQLite file
    #[arg(long)]
    database: Option<String>,
}

impl LiveBench {
    pub fn run(&self) -> Outcome {
        // The server inherits the limit. Where it cannot be raised, opening the streams fails with the reason.
        raised_limit();
        let Store { folder, url, db } = Store::open(self.database.as_deref())?;
        if !db.is_empty()? {
            return Err(Failed::usage("a database for the bench must be empty"));
        }
        db.migrate()?;
        let (streams, comments) = (self.streams as usize, self.comments as usize);
        let password = secrets::random_hex(12)?;
        // One more, who has too many streams.
        let (names, incident) = live::world::create(&db, streams.div_ceil(STREAMS_EACH) + 1, &password)?;
        let server = Server::start(&url, &folder.path().join("secret"))?;
        let clients = names.iter().map(|name| server.client(name, &password)).collect::<Result<Vec<_>, _>>()?;
        let Some((greedy, people)) = clients.split_last() else { return Ok(ExitCode::SUCCESS) };
        let figures = live::run(&server, people, incident, streams, comments)?;
        println!("{streams} streams of {} people, {comments} comments, {} bytes each", people.len(), figures.bytes);
        println!("{:<14} {:>9} {:>9} {:>9}", "until", "first ms", "median ms", "last ms");
        print_arrivals("Watchdesk", figures.ours);
        print_arrivals("bare fan-out", figures.bare);
        println!("ratio of the last: {:.2}", figures.ratio());
        println!("the comment is answered after {:.2} ms", millis(figures.answered));
        if let (Some(reader), 1..) = (people.first(), self.of_one_person) {
            let beside = live::beside(&server, reader, greedy, incident, self.of_one_person)?;
            println!(
                "{} streams of one person: {} stayed open; the queue while somebody comments: {:.2} ms without them, \
                 {:.2} ms beside them",
                self.of_one_person,
                beside.held,
                millis(beside.without),
                millis(beside.with)
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn print_arrivals(what: &str, arrivals: Arrivals) {
    let [first, median, last] = [arrivals.first, arrivals.median, arrivals.last].map(millis);
    println!("{what:<14} {first:>9.2} {median:>9.2} {last:>9.2}");
}
