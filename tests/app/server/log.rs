//! Output that cannot be written is lost; the server serves and ends as ever.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::Duration;

use crate::support::process::Process;

/// How long the server may take to end: its own limit of 5 seconds for requests under way, and some for a busy machine.
const END: Duration = Duration::from_secs(10);

/// Serves so many requests, of which every one logs some fifty lines, and ends.
fn assert_serves_and_ends(mut process: Process, requests: usize) {
    let browser = process.stranger();
    for _ in 0..requests {
        assert_eq!(browser.get("/healthz").status, 200);
    }
    drop(browser);
    let (status, took) = process.terminate();
    assert!(status.success(), "{status}");
    assert!(took < END, "{took:?}");
}

#[test]
fn a_log_whose_reader_is_gone_stops_nothing() {
    let process = Process::start("", |command| {
        command.env("RUST_LOG", "debug").stdout(reader_gone()).stderr(reader_gone());
    });
    assert_serves_and_ends(process, 20);
}

#[test]
fn a_closed_log_and_a_full_disk_stop_nothing() {
    for redirections in ["exec >&- 2>&-;", "exec >/dev/full 2>/dev/full;"] {
        let process = Process::start(redirections, |command| {
            command.env("RUST_LOG", "debug");
        });
        assert_serves_and_ends(process, 20);
    }
}

#[test]
fn a_full_pipe_that_nobody_reads_stops_nothing() {
    let process = Process::start("", |command| {
        command.env("RUST_LOG", "trace").stdout(Stdio::piped()).stderr(Stdio::piped());
    });
    assert_serves_and_ends(process, 300);
}

#[test]
fn lost_lines_are_counted_when_the_log_is_read_again() {
    let mut process = Process::start("", |command| {
        command.env("RUST_LOG", "trace").stderr(Stdio::piped());
    });
    let browser = process.stranger();
    for _ in 0..1_500 {
        browser.get("/healthz");
    }
    let lines = BufReader::new(process.child.stderr.take().unwrap()).lines();
    let told = lines.map(Result::unwrap).find(|line| line.contains("could not be written before this one"));
    assert!(told.unwrap().contains(" WARN "));
    assert_eq!(browser.get("/healthz").status, 200);
}

/// The writing end of a pipe without a reading end.
fn reader_gone() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}
