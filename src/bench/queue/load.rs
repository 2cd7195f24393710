//! Many readers of the queue while alerts come in and analysts edit: nothing may fail, and no reader
//! may wait for the writer.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::bench::queue::pages::QUEUE;
use crate::bench::queue::server::{Client, Server};
use crate::bench::queue::world::PEOPLE;
use crate::demo::alert::AlertBuilder;
use crate::error::{Error, Result};

/// Connections that read, and people who edit.
pub const READERS: usize = 16;
pub const EDITORS: usize = 5;
/// Alerts a second, sent in this many requests a second.
const RATE: u64 = 200;
const REQUESTS: u64 = 10;

/// The result of the load.
#[derive(Debug, Clone, Default)]
pub struct Load {
    pub reads: usize,
    pub edits: u64,
    pub alerts: u64,
    pub failed: u64,
    /// Of all reads: half were faster, 99 of 100 were faster, the slowest.
    pub times: [Duration; 3],
}

struct Shared {
    over: AtomicBool,
    failed: AtomicU64,
    edits: AtomicU64,
    alerts: AtomicU64,
}

/// Runs for `length`, with or without writing; `ids` are incidents to edit.
pub fn run(server: &Server, password: &str, token: Option<&str>, ids: &[i64], length: Duration) -> Result<Load> {
    let shared = Shared {
        over: AtomicBool::new(false),
        failed: AtomicU64::new(0),
        edits: AtomicU64::new(0),
        alerts: AtomicU64::new(0),
    };
    // One sign-in after the other: hashing passwords is slow on purpose.
    // Two of each person, as many as the server reads at once for one.
    let names = PEOPLE.iter().cycle().take(READERS);
    let readers: Vec<Client> = names.map(|name| server.client(name, password)).collect::<Result<_>>()?;
    let editors: Vec<Client> =
        (0..EDITORS).filter(|_| token.is_some()).map(|_| server.client("ben", password)).collect::<Result<_>>()?;
    let until = Instant::now() + length;
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let reading: Vec<_> = readers.iter().map(|client| scope.spawn(|| read(client, &shared, until))).collect();
        for (at, client) in editors.iter().enumerate() {
            let mine: Vec<i64> = ids.iter().copied().skip(at).step_by(EDITORS).collect();
            let shared = &shared;
            scope.spawn(move || edit(client, shared, &mine));
        }
        if let (Some(token), Some(client)) = (token, readers.first()) {
            scope.spawn(|| send(client, token, &shared));
        }
        let times = reading.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect();
        shared.over.store(true, Ordering::Relaxed);
        times
    });
    times.sort_unstable();
    let at = |share: f64| times.get(((times.len() as f64 - 1.0) * share) as usize).copied().unwrap_or_default();
    Ok(Load {
        reads: times.len(),
        edits: shared.edits.into_inner(),
        alerts: shared.alerts.into_inner(),
        failed: shared.failed.into_inner(),
        times: [at(0.5), at(0.99), at(1.0)],
    })
}

fn read(client: &Client, shared: &Shared, until: Instant) -> Vec<Duration> {
    let mut times = Vec::new();
    let mut random = fastrand::Rng::new();
    while Instant::now() < until {
        // Mostly the queue itself, now and then one of its filters.
        let query =
            if random.u8(0..4) > 0 { "" } else { QUEUE.get(random.usize(0..QUEUE.len())).map_or("", |(_, q)| q) };
        match client.get(&format!("/incidents?{query}"), true) {
            Ok(answer) if answer.status == 200 => times.push(answer.took),
            _ => {
                shared.failed.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
    times
}

fn edit(client: &Client, shared: &Shared, ids: &[i64]) {
    let mut random = fastrand::Rng::new();
    let mut ids = ids.iter().cycle();
    while !shared.over.load(Ordering::Relaxed) {
        let Some(id) = ids.next() else { return };
        let answer = if random.bool() {
            client.post(&format!("/incidents/{id}/comments"), &[("body", "Looking at it.")])
        } else {
            let status = if random.bool() { "inProgress" } else { "active" };
            client.post(&format!("/incidents/{id}"), &[("status", status)])
        };
        let done = answer.is_ok_and(|answer| answer.status().as_u16() == 303);
        let counter = if done { &shared.edits } else { &shared.failed };
        counter.fetch_add(1, Ordering::Relaxed);
        pause(Duration::from_millis(200));
    }
}

fn send(client: &Client, token: &str, shared: &Shared) {
    let mut number = 0_u64;
    while !shared.over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let body = (0..RATE / REQUESTS).map(|_| {
            number += 1;
            alert(number)
        });
        let sent = client.ingest(token, &body.collect::<Vec<_>>().join("\n"));
        if sent.is_ok_and(|status| status == 200) {
            shared.alerts.fetch_add(RATE / REQUESTS, Ordering::Relaxed);
        } else {
            shared.failed.fetch_add(1, Ordering::Relaxed);
        }
        pause(Duration::from_millis(1_000 / REQUESTS).saturating_sub(begun.elapsed()));
    }
}

#[expect(clippy::disallowed_methods, reason = "a load has a rate: this thread is its pacemaker")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}

fn alert(number: u64) -> String {
    AlertBuilder::new(&format!("load-{number}-{}", fastrand::u64(..)), "Many failed sign-ins")
        .category("CredentialAccess")
        .source("microsoftSentinel")
        .minutes_ago(0)
        .device(&format!("load-{}.contoso.test", number % 500))
        .json()
        .to_string()
}

/// An error when a request of the load failed.
pub fn check(load: &Load) -> Result<()> {
    if load.failed == 0 { Ok(()) } else { Err(Error::internal(format!("{} requests failed", load.failed))) }
}
