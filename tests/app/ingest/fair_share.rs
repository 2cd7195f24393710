//! One sender never takes the server, or what it keeps, from the others.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::chunked_body::ChunkedBody;
use crate::support::page::{text, texts};
use crate::support::product::Scope;
use crate::support::{Answer, Browser, World, alert, world};

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn lines(count: usize, prefix: &str) -> String {
    let line = |n: usize| alert(&format!("Alert {n}")).id(&format!("{prefix}-{n}")).json().to_string() + "\n";
    (0..count).map(line).collect()
}

fn send(world: &World, token: &str, body: &[u8]) -> Answer {
    Browser::new(&world.base).post_bytes("/api/v1/alerts", body, token, &[])
}

/// A body that has begun.
fn open(world: &World, token: &str) -> ChunkedBody {
    let mut body = ChunkedBody::open(&world.base, token, Duration::from_secs(60));
    body.part(" ");
    body
}

#[test]
fn eight_bodies_of_one_token_make_no_other_wait() {
    let world = world();
    let (one, other) = (world.token("one", Scope::Ingest), world.token("other", Scope::Ingest));
    let open: Vec<ChunkedBody> = (0..12).map(|_| open(&world, &one)).collect();
    let begun = Instant::now();
    for n in 0..5 {
        assert_eq!(send(&world, &other, lines(1, &format!("o{n}")).as_bytes()).status, 200);
    }
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    drop(open);
}

#[test]
fn a_body_of_a_revoked_token_ends_at_its_next_batch_and_says_what_was_stored() {
    let world = world();
    let token = world.token("leaked", Scope::Ingest);
    let dana = world.browser("dana");
    let mut open = open(&world, &token);
    open.part(&lines(3, "before"));
    let deadline = Instant::now() + Duration::from_secs(30);
    while dana.alert_count() < 3 && Instant::now() < deadline {
        std::thread::yield_now();
    }
    world.revoke_token("leaked");
    open.part(&lines(3, "after"));
    let answer = open.early_answer();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(answer.contains("Before that 3 alerts were created"), "{answer}");
    assert_eq!(dana.alert_count(), 3);
}

#[test]
fn a_body_that_unpacks_to_far_more_than_was_sent_is_ended() {
    let world = world();
    let token = world.token("bomb", Scope::Ingest);
    let bomb = gzip(&" ".repeat(8_000_000));
    assert!(bomb.len() < 50_000);
    let answer = send(&world, &token, &bomb);
    assert_eq!(answer.status, 413, "{}", answer.body);
    assert!(answer.body.contains("200 times"), "{}", answer.body);
}

#[test]
fn the_rest_of_a_body_that_is_rejected_is_not_read_and_pushes_out_nothing_of_others() {
    let world = world();
    let (one, other) = (world.token("one", Scope::Ingest), world.token("other", Scope::Ingest));
    assert_eq!(send(&world, &other, b"{\"title\":1}").status, 422);
    let answer = send(&world, &one, &gzip(&"{}\n".repeat(1_000_000)));
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert!(answer.body.contains("0 updated and 10000 rejected"), "{}", answer.body);
    send(&world, &one, &b"{}\n".repeat(20));
    let page = world.browser("ada").page("/settings/refused");
    assert_eq!(text(&page, ".total"), "10001 stored", "10,000 of one and the one of the other");
    let reasons = texts(&page, "table[aria-label=Reasons] tbody tr").join(" ");
    assert!(reasons.contains("other"), "{reasons}");
}

#[test]
fn of_large_rejected_items_64_mib_of_each_sender_are_kept() {
    const ITEM: usize = 250 * 1024;
    let world = world();
    let (one, other) = (world.token("one", Scope::Ingest), world.token("other", Scope::Ingest));
    assert_eq!(send(&world, &other, b"{\"title\":1}").status, 422);
    let mut line = String::from("{\"title\":1,\"padding\":\"");
    line.push_str(&"x".repeat(ITEM - line.len() - 2));
    line.push_str("\"}\n");
    for _ in 0..10 {
        assert_eq!(send(&world, &one, line.repeat(30).as_bytes()).status, 422);
    }
    let kept = 64 * 1024 * 1024 / (ITEM - 1) + 1;
    assert_eq!(text(&world.browser("ada").page("/settings/refused"), ".total"), format!("{kept} stored"));
}

#[test]
fn when_the_sender_has_left_no_more_of_its_body_is_stored() {
    const ALERTS: usize = 20_000;
    let world = world();
    let (sender, marker) = (world.token("sender", Scope::Ingest), world.token("marker", Scope::Ingest));
    let body = gzip(&lines(ALERTS, "n"));
    let address = world.base.trim_start_matches("http://");
    let mut socket = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /api/v1/alerts HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {sender}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).unwrap();
    socket.write_all(&body).unwrap();
    let stored = || world.count("SELECT COUNT(*) AS n FROM alerts WHERE provider_alert_id LIKE 'n-%'");
    let deadline = Instant::now() + Duration::from_secs(60);
    while stored() == 0 {
        assert!(Instant::now() < deadline, "nothing of it was stored");
    }
    drop(socket);
    // Each of these waits for its turn behind a batch of the body, as long as there are any.
    let mut before = -1;
    for n in 0.. {
        assert!(Instant::now() < deadline, "it goes on");
        assert_eq!(send(&world, &marker, lines(1, &format!("m{n}")).as_bytes()).status, 200);
        let now = stored();
        if now == before {
            break;
        }
        before = now;
    }
    assert!(stored() < i64::try_from(ALERTS).unwrap(), "all of it was stored");
}
