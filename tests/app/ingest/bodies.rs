//! Bodies are streamed, unpacked and limited, and what arrived of a broken one is kept.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::send_bytes;
use crate::support::chunked_body::ChunkedBody;
use crate::support::page::{queue_names, text, texts};
use crate::support::product::Scope;
use crate::support::{World, alert, world};

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &str) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
}

fn lines(count: usize) -> String {
    let line = |n: usize| alert(&format!("Alert {n}")).id(&format!("n-{n}")).json().to_string() + "\n";
    (0..count).map(line).collect()
}

/// A body that is sent in parts.
fn open(world: &World) -> ChunkedBody {
    ChunkedBody::open(&world.base, &world.token("slow", Scope::Ingest), Duration::from_secs(20))
}

fn until(what: &str, mut met: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !met() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::yield_now();
    }
}

#[test]
fn the_first_alerts_are_on_the_queue_while_the_rest_is_still_being_sent() {
    let world = world();
    let dana = world.browser("dana");
    let mut sender = open(&world);
    sender.part(&lines(250));
    until("the first batch is stored", || dana.alert_count() >= 200);
    assert!(!queue_names(&dana.page("/incidents?range=all")).is_empty());
    sender.part(&format!("{}\n", alert("The last").id("last").json()));
    let answer = sender.end();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"created\":251"), "{answer}");
}

#[test]
fn an_alert_is_stored_without_waiting_for_a_full_batch() {
    let world = world();
    let dana = world.browser("dana");
    let mut sender = open(&world);
    sender.part(&lines(3));
    until("what came is stored", || dana.alert_count() >= 2);
    assert!(sender.end().contains("\"created\":3"));
}

#[test]
fn of_an_aborted_body_what_arrived_is_kept() {
    let world = world();
    let ada = world.browser("ada");
    let mut sender = open(&world);
    sender.part(&lines(200));
    sender.part("{\"title\":\"cut o");
    until("the batch is stored", || ada.alert_count() == 200);
    drop(sender);
    let answer = world.post_alerts(&lines(201));
    assert_eq!((answer.json()["created"].clone(), answer.json()["updated"].clone()), (json!(1), json!(200)));
    let refused = texts(&ada.page("/settings/refused"), ".refused tbody tr");
    assert!(refused.is_empty(), "half a line is not refused but sent again: {refused:?}");
}

#[test]
fn compressed_bodies_are_read_with_and_without_the_header() {
    let world = world();
    let body = lines(3);
    for (packed, name) in [(gzip(&body), "gzip"), (gzip(&body), "x-gzip"), (zstd(&body), "zstd")] {
        let report = send_bytes(&world, &packed, &[("content-encoding", name)], "").json();
        assert_eq!(report["created"].as_i64().unwrap() + report["updated"].as_i64().unwrap(), 3, "{name}: {report}");
        assert_eq!(send_bytes(&world, &packed, &[], "").json()["updated"], 3, "{name} by its first bytes");
    }
    assert_eq!(send_bytes(&world, body.as_bytes(), &[("content-encoding", "br")], "").status, 415);
}

#[test]
fn a_damaged_archive_is_read_as_far_as_possible_and_reported() {
    let world = world();
    let whole = gzip(&lines(300));
    let report = send_bytes(&world, &whole[..whole.len() - 200], &[("content-encoding", "gzip")], "?results=errors");
    assert_eq!(report.status, 207, "{}", report.body);
    let report = report.json();
    assert!(report["created"].as_i64().unwrap() > 0, "{report}");
    assert!(report["results"][0]["error"].as_str().unwrap().contains("damaged"), "{report}");
    let report = send_bytes(&world, b"not gzip at all", &[("content-encoding", "gzip")], "");
    assert_eq!((report.status, report.json()["rejected"].clone()), (422, json!(1)));
}

#[test]
fn a_body_over_the_limit_is_refused_naming_the_limit_and_what_was_stored() {
    let mut world = world();
    world.restart_with(|config| config.max_body = 300 * 1024);
    for body in [lines(1_000).into_bytes(), gzip(&lines(1_000)), gzip(&" ".repeat(5_000_000)), zstd(&lines(1_000))] {
        let answer = send_bytes(&world, &body, &[], "");
        assert_eq!(answer.status, 413, "{}", answer.body);
        let error = answer.json()["error"].clone();
        assert_eq!(error["code"], "RequestEntityTooLarge");
        assert!(error["message"].as_str().unwrap().contains("300 KiB"), "{error}");
        assert!(error["message"].as_str().unwrap().contains("alerts were created"), "{error}");
    }
    assert!(world.browser("dana").alert_count() >= 200);
}

#[test]
fn the_results_of_a_very_large_body_are_truncated() {
    let world = world();
    let body = lines(200) + &"{\"title\":1}\n".repeat(10_001);
    let report = world.post_alerts(&body).json();
    assert_eq!((&report["rejected"], &report["resultsTruncated"]), (&json!(10_001), &json!(true)));
    assert_eq!(report["results"].as_array().unwrap().len(), 1_000);
    let page = world.browser("ada").page("/settings/refused");
    assert_eq!(text(&page, ".total"), "10000 stored", "the newest are");
}

#[test]
fn an_invalid_request_header_is_answered_with_400() {
    let world = world();
    let mut socket = TcpStream::connect(world.base.trim_start_matches("http://")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    socket.write_all(b"POST /api/v1/alerts HTTP/1.1\r\nContent-Length: nonsense\r\n\r\n").unwrap();
    let mut line = String::new();
    BufReader::new(socket).read_line(&mut line).unwrap();
    assert!(line.contains("400"), "{line}");
}

#[test]
fn a_body_of_nothing_is_refused_however_it_is_packed() {
    let world = world();
    for nothing in [Vec::new(), b" \r\n".to_vec(), b"\xef\xbb\xbf".to_vec(), b"\xff\xfe".to_vec(), gzip(""), zstd("\n")]
    {
        let answer = send_bytes(&world, &nothing, &[], "");
        assert_eq!(answer.status, 400, "{nothing:?}: {}", answer.body);
        assert!(answer.body.contains("The body is empty."), "{}", answer.body);
    }
}
