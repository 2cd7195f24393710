//! Measures event streams: how long a comment takes until every stream of its incident has it, against
//! the bare fan-out of the same bytes over loopback to as many sockets, in the same run; and a page beside
//! the streams of one person who opens far too many.

mod fan_out;
mod sockets;
pub mod world;

use std::time::{Duration, Instant};

use crate::bench::live::fan_out::FanOut;
use crate::bench::live::sockets::{Ready, Sockets};
use crate::bench::queue::server::{Client, Server};
use crate::error::{Error, Result};

/// How often the page is requested; the median counts.
const PAGES: usize = 25;

/// From the moment that a comment is sent: when the first stream has it, half of them, and the last.
#[derive(Debug, Clone, Copy, Default)]
pub struct Arrivals {
    pub first: Duration,
    pub median: Duration,
    pub last: Duration,
}

/// The result: medians over all comments.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    pub ours: Arrivals,
    pub bare: Arrivals,
    /// From the moment that a comment is sent until it is answered, which is after it was stored.
    pub answered: Duration,
    /// Bytes that each stream got for a comment.
    pub bytes: usize,
}

impl Figures {
    /// How many times the bare fan-out it takes until the last stream has a comment.
    pub fn ratio(&self) -> f64 {
        self.ours.last.as_secs_f64() / self.bare.last.as_secs_f64()
    }
}

/// Opens `streams` streams of an incident, shared among these people, and has the first of them comment.
pub fn run(server: &Server, people: &[Client], incident: i64, streams: usize, comments: usize) -> Result<Figures> {
    let author = people.first().ok_or(Error::NotFound)?;
    let requests = people.iter().cycle().take(streams).map(|person| request(server, person, incident)).collect();
    let open = Sockets::open(server.address()?, requests)?;
    if open.held() < streams {
        return Err(Error::internal(format!("only {} of {streams} streams were opened", open.held())));
    }
    let bare = FanOut::start(streams)?;
    let (mut ours_all, mut bare_all, mut answered, mut bytes) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for number in 0..comments {
        let sent = Instant::now();
        comment(author, incident, number)?;
        answered.push(sent.elapsed());
        let ready = open.wait(streams)?;
        ours_all.push(arrivals(sent, &ready));
        // What one stream was sent for this comment.
        let event = ready.into_iter().next().ok_or(Error::NotFound)?.bytes;
        bytes = event.len();
        let (sent, ready) = bare.send(event)?;
        bare_all.push(arrivals(sent, &ready));
    }
    Ok(Figures { ours: medians(&ours_all), bare: medians(&bare_all), answered: median(answered), bytes })
}

/// A page beside the streams of one person.
#[derive(Debug, Clone, Copy)]
pub struct Beside {
    /// How many of the streams stayed open.
    pub held: usize,
    /// The page's time while somebody comments, without the streams and with them.
    pub without: Duration,
    pub with: Duration,
}

/// Requests the queue after each of a few comments, then again while `person` tries to have this many streams.
pub fn beside(server: &Server, reader: &Client, person: &Client, incident: i64, streams: usize) -> Result<Beside> {
    let without = page(reader, incident)?;
    let requests = vec![request(server, person, incident); streams];
    let open = Sockets::open(server.address()?, requests)?;
    let with = page(reader, incident)?;
    Ok(Beside { held: open.held(), without, with })
}

fn page(reader: &Client, incident: i64) -> Result<Duration> {
    let mut times = Vec::with_capacity(PAGES);
    for number in 0..PAGES {
        comment(reader, incident, number)?;
        let answer = reader.get("/incidents", true)?;
        if answer.status != 200 {
            return Err(Error::internal(format!("the queue answered {}", answer.status)));
        }
        times.push(answer.took);
    }
    Ok(median(times))
}

fn request(server: &Server, person: &Client, incident: i64) -> String {
    let (path, host, cookie) = (format!("/incidents/{incident}/stream"), server.host(), person.cookie());
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\nCookie: {cookie}\r\n\r\n")
}

fn comment(author: &Client, incident: i64, number: usize) -> Result<()> {
    let body = format!("Comment {number}: the host was isolated, and its owner has been told to leave it on.");
    let answer = author.post(&format!("/incidents/{incident}/comments"), &[("body", body.as_str())])?;
    match answer.status().as_u16() {
        303 => Ok(()),
        status => Err(Error::internal(format!("a comment was answered with {status}"))),
    }
}

fn arrivals(sent: Instant, ready: &[Ready]) -> Arrivals {
    let mut times: Vec<Duration> = ready.iter().map(|ready| ready.at.saturating_duration_since(sent)).collect();
    times.sort_unstable();
    let [first, last] = [times.first(), times.last()].map(|time| time.copied().unwrap_or_default());
    Arrivals { first, median: median(times), last }
}

fn medians(all: &[Arrivals]) -> Arrivals {
    let of = |part: fn(&Arrivals) -> Duration| median(all.iter().map(part).collect());
    Arrivals { first: of(|one| one.first), median: of(|one| one.median), last: of(|one| one.last) }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
