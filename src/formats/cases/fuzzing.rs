//! Random changes of samples and real records, read by every adapter, the decoder, mappings and lines of syslog.
//! Nothing panics, nothing takes long, and every record that came is counted once (R18).
//!
//! A normal run tries a few hundred inputs of each kind. For longer:
//! `WATCHDESK_FUZZ_SECONDS=600 cargo test --release --lib fuzzing -- --nocapture` gives each kind ten minutes.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::{Value, json};

use crate::formats::cases::samples::{cases, incidents};
use crate::formats::format::Format;
use crate::formats::mapping::compile::Mapping;
use crate::formats::mapping::document::Document;
use crate::formats::mapping::suggest::guess::fill_from_sample;
use crate::formats::readers::body_reader::{BodyReader, read_body};
use crate::formats::readers::decode::{Encoding, decoded};
use crate::formats::real_exports;
use crate::formats::registry::ADAPTERS;

/// Inputs of each kind in a normal run.
const INPUTS: usize = 300;
/// Longest time that one input may take; far more than any takes, so that a busy machine does not matter.
const LONGEST: Duration = Duration::from_secs(20);
/// Largest seed, in bytes: long ones only repeat what short ones have.
const SEED_MAX: usize = 20_000;

/// Calls `try_one` with a generator of random numbers until the time or the number of inputs is reached.
fn run(kind: &str, mut try_one: impl FnMut(&mut Rng)) {
    let seconds = std::env::var("WATCHDESK_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let (begin, mut count) = (Instant::now(), 0_u64);
    loop {
        let done = match seconds {
            Some(seconds) => begin.elapsed() >= Duration::from_secs(seconds),
            None => count >= INPUTS as u64,
        };
        if done {
            break;
        }
        // The number of the input is its seed, so that a failure can be repeated.
        let started = Instant::now();
        try_one(&mut Rng::with_seed(count));
        assert!(started.elapsed() < LONGEST, "{kind}: input {count} took {:?}", started.elapsed());
        count += 1;
    }
    println!("{kind}: {count} inputs in {:?}", begin.elapsed());
}

/// Samples, and real records where they are at hand.
fn seeds() -> Vec<Value> {
    let mut seeds: Vec<Value> = cases().into_iter().map(|case| case.sample).collect();
    seeds.extend(incidents().into_iter().map(|(_, sample)| sample));
    for file in real_exports::folder().iter().flat_map(|folder| files(folder)) {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let lines = text.lines().take(30).filter(|line| line.len() < SEED_MAX);
        seeds.extend(lines.filter_map(|line| serde_json::from_str(line).ok()).filter(Value::is_object));
        if text.len() < SEED_MAX {
            seeds.extend(serde_json::from_str(&text).ok());
        }
    }
    seeds
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn pick<'a, T>(rng: &mut Rng, items: &'a [T]) -> &'a T {
    &items[rng.usize(..items.len())]
}

/// A value that senders do not send, or not there.
fn odd_value(rng: &mut Rng) -> Value {
    let long = "x".repeat(rng.usize(..3_000));
    let odd = [
        Value::Null,
        json!(""),
        json!("-"),
        json!("N/A"),
        json!([]),
        json!({}),
        json!([[[]], {"a": []}]),
        json!(-1),
        json!(1e308),
        json!(u64::MAX),
        json!(true),
        json!("\u{0}\u{202e}é\u{301}\u{feff}"),
        json!("9999-99-99T99:99:99Z"),
        json!("{\"a\":[1,{\"b\":\"[\"}]}"),
        json!("C:\\\\a\\\\b | c=d\\= e"),
        json!(long),
    ];
    pick(rng, &odd).clone()
}

/// Changes one place of the value.
fn change(rng: &mut Rng, value: &mut Value, seeds: &[Value]) {
    match value {
        Value::Object(members) if !members.is_empty() && rng.u8(..8) > 0 => {
            let name = members.keys().nth(rng.usize(..members.len())).cloned().unwrap();
            match rng.u8(..10) {
                0 => drop(members.remove(&name)),
                1 => drop(members.insert(name.to_uppercase(), odd_value(rng))),
                2 => drop(members.insert(format!("{name}.{name}"), odd_value(rng))),
                _ => change(rng, &mut members[&name], seeds),
            }
        }
        Value::Array(items) if !items.is_empty() && rng.u8(..8) > 0 => {
            let at = rng.usize(..items.len());
            match rng.u8(..6) {
                0 => drop(items.remove(at)),
                1 => items.push(items[at].clone()),
                _ => change(rng, &mut items[at], seeds),
            }
        }
        _ => {
            *value = match rng.u8(..6) {
                0 => pick(rng, seeds).clone(),
                1 => json!(value.to_string()),
                2 => json!([value.clone(), value.clone()]),
                _ => odd_value(rng),
            }
        }
    }
}

fn changed(rng: &mut Rng, seeds: &[Value]) -> Value {
    let mut value = pick(rng, seeds).clone();
    for _ in 0..rng.usize(1..6) {
        change(rng, &mut value, seeds);
    }
    value
}

/// Changes, cuts or repeats bytes.
fn damaged(rng: &mut Rng, mut bytes: Vec<u8>) -> Vec<u8> {
    for _ in 0..rng.usize(..6) {
        if bytes.is_empty() {
            break;
        }
        let at = rng.usize(..bytes.len());
        match rng.u8(..5) {
            0 => bytes[at] = rng.u8(..),
            1 => bytes.truncate(at),
            2 => bytes.insert(at, *pick(rng, b"\"\\{}[],:\n\r|= \xff\0")),
            3 => bytes.extend_from_within(at..(at + 50).min(bytes.len())),
            _ => drop(bytes.drain(at..(at + 20).min(bytes.len()))),
        }
    }
    bytes
}

/// A list of records gives as many items as its records give one by one, and none of these gives nothing.
fn assert_all_counted(format: &Format, records: &[Value]) {
    let alone: Vec<usize> =
        records.iter().map(|record| read_body(format, record.to_string().as_bytes()).len()).collect();
    for (record, count) in records.iter().zip(&alone) {
        assert!(*count > 0 || record.as_array().is_some_and(Vec::is_empty), "nothing of {record}");
    }
    if records.iter().all(Value::is_object) {
        let together = read_body(format, Value::from(records.to_vec()).to_string().as_bytes()).len();
        assert_eq!(together, alone.iter().sum::<usize>(), "{}", Value::from(records.to_vec()));
    }
}

#[test]
fn fuzzing_every_adapter() {
    let seeds = seeds();
    run("adapters", |rng| {
        let record = changed(rng, &seeds);
        assert_all_counted(&Format::Named(pick(rng, ADAPTERS)), std::slice::from_ref(&record));
        assert_all_counted(&Format::Auto, &[record, changed(rng, &seeds)]);
    });
}

#[test]
fn fuzzing_the_decoder() {
    let seeds = seeds();
    run("decoder", |rng| {
        let text: Vec<String> = (0..rng.usize(1..4)).map(|_| pick(rng, &seeds).to_string()).collect();
        let body = text.join(*pick(rng, &["\n", "", ",", "\r\n"])).into_bytes();
        let packed = if rng.u8(..3) == 0 {
            body
        } else {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packer.write_all(&body).unwrap();
            packer.finish().unwrap()
        };
        let body = damaged(rng, packed);
        let reader = BodyReader::new(Format::Auto, decoded(std::io::Cursor::new(body), Encoding::Detect, 50_000_000));
        for item in reader {
            let Ok(item) = item else { break };
            drop(item);
        }
    });
}

#[test]
fn fuzzing_a_mapping() {
    let seeds = seeds();
    run("mapping", |rng| {
        let sample = changed(rng, &seeds);
        let mut document = Document { name: "fuzzed".to_owned(), ..Document::default() };
        fill_from_sample(&mut document, &sample.to_string());
        if rng.bool() {
            document.records = pick(rng, &["", "/alerts", "/data/0", "/a~1b", "/value"]).to_string();
        }
        let Ok(mapping) = Mapping::compile_to_try(&document) else { return };
        let format = Format::Mapped(Arc::new(mapping));
        for body in [sample.clone(), changed(rng, &seeds), json!([sample, changed(rng, &seeds)])] {
            let count = read_body(&format, body.to_string().as_bytes()).len();
            assert!(count > 0 || body.as_array().is_some_and(Vec::is_empty), "nothing of {body} by {document:?}");
        }
    });
}

#[test]
fn fuzzing_lines_of_syslog() {
    const LINES: [&str; 5] = [
        r"<134>1 2025-03-01T10:00:00Z fw-1 app - - - CEF:0|Acme|Wall|1.0|100|Odd \| login|8|src=203.0.113.7 dst=10.0.0.5 suser=ana cs1Label=Rule cs1=a\=b msg=two words fname=a.exe",
        "Mar  1 10:00:00 fw-1 CEF:0|Acme|Wall|1.0|100|Odd login|High|rt=1740823200000 shost=web-01",
        "LEEF:1.0|Acme|Wall|1.0|4711|src=203.0.113.7\tdst=10.0.0.5\tsev=7\tusrName=ana\tdevTime=Mar 01 2025 10:00:00",
        "LEEF:2.0|Acme|Wall|1.0|4711|x5e|src=203.0.113.7^sev=7^cat=Malware",
        "<134>1 2025-03-01T10:00:00Z fw-1 app - [o@1 a=\"{\"] - @cee:{\"title\":\"Odd\",\"id\":\"1\",\"alerts\":[]}",
    ];
    run("lines of syslog", |rng| {
        let lines: Vec<Vec<u8>> = (0..rng.usize(1..5))
            .map(|_| {
                let line = pick(rng, &LINES).as_bytes().to_vec();
                damaged(rng, line)
            })
            .collect();
        let body = lines.join(&b'\n');
        // Nothing came in a body without a word, nor in one that is an empty list.
        let blank = !body.iter().any(u8::is_ascii_alphanumeric);
        let items = read_body(&Format::Auto, &body).len();
        assert!(items > 0 || blank, "nothing of {}", String::from_utf8_lossy(&body));
    });
}
