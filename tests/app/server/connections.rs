//! Clients that say nothing, or say it slowly, lock nobody out and are ended.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::process::Process;
use crate::support::{Browser, PASSWORD, World, world};

/// How much longer than its deadline something may take on a busy machine.
const LATE: Duration = Duration::from_secs(20);

/// Requests whose body never comes.
fn silent_posts(port: u16, count: usize) -> Vec<TcpStream> {
    let post = |_| {
        let mut client = TcpStream::connect(("127.0.0.1", port)).unwrap();
        // The server may have closed it already, for one that came later.
        let _ = client.write_all(b"POST /login HTTP/1.1\r\nHost: desk\r\nContent-Length: 1000\r\n\r\n");
        client
    };
    (0..count).map(post).collect()
}

fn assert_silent_posts_lock_nobody_out(limit: usize, count: usize) {
    let process = Process::start(&format!("ulimit -n {limit};"), |_| {});
    let dana = process.browser("dana");
    dana.page("/incidents");
    let attack = silent_posts(process.port, count);
    dana.page("/incidents");
    let again = process.stranger();
    again.set_cookie("watchdesk", dana.cookie().split_once("watchdesk=").unwrap().1);
    again.page("/incidents");
    process.browser("omar").page("/incidents");
    let more = silent_posts(process.port, count);
    dana.page("/incidents");
    drop((attack, more));
}

#[test]
fn silent_posts_up_to_the_limit_on_files_lock_nobody_out() {
    // Both ends of each connection are in the limit of some process, the client's in that of the tests.
    let own = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let raised = rustix::process::Rlimit { current: own.maximum, maximum: own.maximum };
    let _ = rustix::process::setrlimit(rustix::process::Resource::Nofile, raised);
    assert_silent_posts_lock_nobody_out(256, 240);
    assert_silent_posts_lock_nobody_out(1024, 1010);
}

#[test]
fn silent_posts_do_not_end_a_sender_with_a_valid_token() {
    let process = Process::start("ulimit -n 256;", |_| {});
    let token = process.token("sender");
    let mut sender = TcpStream::connect(("127.0.0.1", process.port)).unwrap();
    let head = format!(
        "POST /api/v1/alerts HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n["
    );
    sender.write_all(head.as_bytes()).unwrap();
    // Silence is told from work after a second.
    thread::sleep(Duration::from_millis(1_100));
    let attack = silent_posts(process.port, 240);
    process.browser("dana").page("/incidents");
    sender.write_all(b"]").unwrap();
    let mut answer = String::new();
    sender.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    drop(attack);
}

/// A client that sends `begin`, then `drip` every second, until the server ends it. Returns what it got.
fn dripping(world: &World, begin: &str, drip: &'static [u8], deadline: Duration) -> String {
    let mut client = connected(world, begin);
    client.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let (began, mut got, mut part) = (Instant::now(), Vec::new(), [0; 4096]);
    loop {
        match client.read(&mut part) {
            Ok(0) => return String::from_utf8(got).unwrap(),
            Ok(length) => got.extend_from_slice(&part[..length]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                assert!(began.elapsed() < deadline + LATE, "it still waits after {:?}", began.elapsed());
                let _ = client.write_all(drip);
            }
            Err(_) => return String::from_utf8(got).unwrap(),
        }
    }
}

fn connected(world: &World, begin: &str) -> TcpStream {
    let mut client = TcpStream::connect(world.base.trim_start_matches("http://")).unwrap();
    client.write_all(begin.as_bytes()).unwrap();
    client
}

#[test]
fn a_form_that_does_not_come_is_answered_with_408() {
    let world = world();
    let begin =
        "POST /login HTTP/1.1\r\nHost: desk\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 1000\r\n\r\nname=";
    thread::scope(|scope| {
        for drip in [&b""[..], b"x"] {
            let world = &world;
            scope.spawn(move || {
                let got = dripping(world, begin, drip, Duration::from_secs(10));
                assert!(got.starts_with("HTTP/1.1 408 "), "{got}");
                assert!(got.contains("did not arrive in time"), "{got}");
            });
        }
    });
    world.browser("dana").page("/incidents");
}

#[test]
fn a_header_that_does_not_end_ends_the_connection() {
    let world = world();
    let unfinished = "GET /healthz HTTP/1.1\r\nHost: desk\r\nX-Long: ";
    let after_a_request = format!("GET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n{unfinished}");
    thread::scope(|scope| {
        for (begin, answers) in [(unfinished, 0), (&after_a_request, 1)] {
            for drip in [&b""[..], b"x"] {
                let world = &world;
                scope.spawn(move || {
                    let got = dripping(world, begin, drip, Duration::from_secs(10));
                    assert_eq!(got.matches("HTTP/1.1 200 ").count(), answers, "{got}");
                });
            }
        }
    });
}

#[test]
fn a_client_that_never_reads_is_ended() {
    let world = world();
    let mut client = connected(&world, &"GET /static/app.css HTTP/1.1\r\nHost: desk\r\n\r\n".repeat(1_000));
    let began = Instant::now();
    // What is sent after the end is refused.
    while client.write_all(b"G").is_ok() {
        assert!(began.elapsed() < Duration::from_secs(30) + LATE, "it still waits");
        thread::sleep(Duration::from_millis(200));
    }
    assert!(began.elapsed() > Duration::from_secs(20), "it was waited for");
    let other = Browser::new(&world.base);
    assert_eq!(other.post("/login", &[("name", "dana"), ("password", PASSWORD)]).status, 303);
}

const SHORT_REQUEST: &str = "GET /login HTTP/1.1\r\nHost: desk\r\n\r\n";

#[test]
fn every_one_of_many_requests_sent_at_once_is_answered() {
    let world = world();
    let last = SHORT_REQUEST.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let mut client = connected(&world, &(SHORT_REQUEST.repeat(299) + &last));
    let mut got = String::new();
    client.read_to_string(&mut got).unwrap();
    assert_eq!(got.matches("HTTP/1.1 200 ").count(), 300);
}

#[test]
fn requests_that_are_sent_before_the_first_is_answered_do_not_fill_the_memory() {
    let process = Process::start("", |_| {});
    process.browser("dana").page("/incidents");
    let before = process.memory_kib();
    let requests = SHORT_REQUEST.repeat(3_600);
    let clients: Vec<_> = (0..10)
        .map(|_| {
            let mut client = TcpStream::connect(("127.0.0.1", process.port)).unwrap();
            client.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
            // The rest stays here when the server does not take it.
            let _ = client.write_all(requests.as_bytes());
            client.read_exact(&mut [0]).unwrap();
            client
        })
        .collect();
    let grown = process.memory_kib().saturating_sub(before);
    assert!(grown < 40 * 1024, "{grown} KiB for {} connections", clients.len());
}
