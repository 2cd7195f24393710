//! Bodies taken safely: streamed, compressed, limited, and answered clearly whatever they hold.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::product::{Scope, random_hex};
use serde_json::{Value, json};

use crate::support::page::{queue_names, texts};
use crate::support::{Answer, Browser, World, alert, world};

/// Sends bytes with headers of their own.
fn send(world: &World, body: &[u8], headers: &[(&str, &str)], query: &str) -> Answer {
    let token = world.token(&random_hex(4).unwrap(), Scope::Ingest);
    Browser::new(&world.base).post_bytes(&format!("/api/v1/alerts{query}"), body, &token, headers)
}

fn lines(count: usize) -> String {
    let line = |n: usize| alert(&format!("Alert {n}")).id(&format!("n-{n}")).json().to_string() + "\n";
    (0..count).map(line).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &str) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
}

/// A request whose body is sent in parts, whenever the test likes.
struct Slow(TcpStream);

impl Slow {
    fn open(world: &World) -> Self {
        let token = world.token("slow", Scope::Ingest);
        let address = world.base.trim_start_matches("http://");
        let mut socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(
            socket,
            "POST /api/v1/alerts HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        Self(socket)
    }

    fn part(&mut self, text: &str) {
        write!(self.0, "{:x}\r\n{text}\r\n", text.len()).unwrap();
        self.0.flush().unwrap();
    }

    fn end(mut self) -> String {
        self.0.write_all(b"0\r\n\r\n").unwrap();
        let mut answer = String::new();
        BufReader::new(self.0).read_to_string(&mut answer).unwrap();
        answer
    }
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
    let mut sender = Slow::open(&world);
    sender.part(&lines(250));
    until("the first batch is stored", || world.count("SELECT count(*) AS n FROM alerts") >= 200);
    assert!(!queue_names(&dana.page("/incidents?range=all")).is_empty());
    sender.part(&format!("{}\n", alert("The last").id("last").json()));
    let answer = sender.end();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"created\":251"), "{answer}");
}

#[test]
fn an_alert_does_not_wait_for_others_that_do_not_come() {
    let world = world();
    let mut sender = Slow::open(&world);
    sender.part(&lines(3));
    until("what came is stored", || world.count("SELECT count(*) AS n FROM alerts") >= 2);
    assert!(sender.end().contains("\"created\":3"));
}

#[test]
fn of_a_body_that_breaks_off_what_came_stays() {
    let world = world();
    let mut sender = Slow::open(&world);
    sender.part(&lines(200));
    sender.part("{\"title\":\"cut o");
    until("the batch is stored", || world.count("SELECT count(*) AS n FROM alerts") == 200);
    drop(sender);
    let answer = world.post_alerts(&lines(201));
    assert_eq!((answer.json()["created"].clone(), answer.json()["updated"].clone()), (json!(1), json!(200)));
    assert_eq!(world.count("SELECT count(*) AS n FROM refused_items"), 0, "half a line is not refused but sent again");
}

#[test]
fn compressed_bodies_are_taken_whether_or_not_they_say_so() {
    let world = world();
    let body = lines(3);
    for (packed, name) in [(gzip(&body), "gzip"), (gzip(&body), "x-gzip"), (zstd(&body), "zstd")] {
        let told = send(&world, &packed, &[("content-encoding", name)], "").json();
        assert_eq!(told["created"].as_i64().unwrap() + told["updated"].as_i64().unwrap(), 3, "{name}: {told}");
        assert_eq!(send(&world, &packed, &[], "").json()["updated"], 3, "{name} by its first bytes");
    }
    assert_eq!(send(&world, body.as_bytes(), &[("content-encoding", "br")], "").status, 415);
}

#[test]
fn a_damaged_archive_gives_what_could_be_read_and_says_so() {
    let world = world();
    let whole = gzip(&lines(300));
    let told = send(&world, &whole[..whole.len() - 200], &[("content-encoding", "gzip")], "?results=errors");
    assert_eq!(told.status, 207, "{}", told.body);
    let told = told.json();
    assert!(told["created"].as_i64().unwrap() > 0, "{told}");
    assert!(told["results"][0]["error"].as_str().unwrap().contains("damaged"), "{told}");
    let told = send(&world, b"not gzip at all", &[("content-encoding", "gzip")], "");
    assert_eq!((told.status, told.json()["rejected"].clone()), (207, json!(1)));
}

#[test]
fn more_than_the_limit_is_refused_by_name_and_what_came_before_is_told() {
    let mut world = world();
    world.restart_with(|config| config.max_body = 300 * 1024);
    for body in [lines(1_000).into_bytes(), gzip(&lines(1_000)), gzip(&" ".repeat(5_000_000)), zstd(&lines(1_000))] {
        let answer = send(&world, &body, &[], "");
        assert_eq!(answer.status, 413, "{}", answer.body);
        let error = answer.json()["error"].clone();
        assert_eq!(error["code"], "RequestEntityTooLarge");
        assert!(error["message"].as_str().unwrap().contains("300 KiB"), "{error}");
        assert!(error["message"].as_str().unwrap().contains("alerts were created"), "{error}");
    }
    assert!(world.count("SELECT count(*) AS n FROM alerts") >= 200);
}

#[test]
fn results_of_a_very_large_body_do_not_grow_with_it() {
    let world = world();
    let body = "{\"title\":1}\n".repeat(10_001);
    let told = world.post_alerts(&body).json();
    assert_eq!((&told["rejected"], &told["resultsTruncated"]), (&json!(10_001), &json!(true)));
    assert_eq!(told["results"].as_array().unwrap().len(), 1_000);
    assert_eq!(world.count("SELECT count(*) AS n FROM refused_items"), 10_000, "the newest are kept");
}

/// Each oddity between two good alerts: a clear answer, and nothing else lost.
#[test]
fn odd_items_are_refused_in_a_sentence_and_cost_nothing_else() {
    let odd: Vec<(&str, Vec<u8>)> = vec![
        ("not valid UTF-8", b"{\"title\":\"\xff\xfe\"}".to_vec()),
        ("not JSON", b"\0\0\0".to_vec()),
        ("not JSON", b"<html>nginx</html>".to_vec()),
        ("nested too deeply", format!("{{\"title\":{}{}}}", "[".repeat(500), "]".repeat(500)).into_bytes()),
        ("nested too deeply", "{\"a\":".repeat(3_000).into_bytes()),
        ("too large", b"{\"title\":\"Huge\",\"id\":1e400}".to_vec()),
        ("breaks off", b"{\"title\":\"cut".to_vec()),
        ("breaks off", b"{\"title\":\"cut\",\"a\":1".to_vec()),
        ("column", b"{\"title\":\"x\" \"a\":1}".to_vec()),
        ("is a number", b"42".to_vec()),
        ("not JSON", b"NaN".to_vec()),
        ("none of the fields", b"{}".to_vec()),
        ("not JSON", b"{\"title\":\"\\ud800\"}".to_vec()),
    ];
    let world = world();
    for (index, (why, odd)) in odd.into_iter().enumerate() {
        let good = |which: &str| alert("Good").id(&format!("{which}-{index}")).json().to_string().into_bytes();
        let body = [good("before"), b"\n".to_vec(), odd, b"\r\n".to_vec(), good("after"), b"\n".to_vec()].concat();
        let answer = send(&world, &body, &[], "");
        assert_eq!(answer.status, 207, "{why}: {}", answer.body);
        let told = answer.json();
        assert_eq!((&told["created"], &told["rejected"]), (&json!(2), &json!(1)), "{why}: {told}");
        let error = told["results"][1]["error"].as_str().unwrap();
        assert!(error.contains(why), "{why}: {error}");
        assert_eq!(told["results"][1]["line"], 2, "{why}");
        assert!(error.len() < 200 && error.ends_with('.') && !error.contains("serde"), "{error}");
    }
    assert_eq!(world.browser("dana").get("/incidents").status, 200);
}

/// Each oddity inside an alert that can be taken all the same.
#[test]
fn odd_values_in_an_alert_are_taken_and_shown() {
    let world = world();
    let many: serde_json::Map<String, Value> = (0..600).map(|n| (format!("field{n}"), json!(n))).collect();
    let odd = [
        alert("No times")
            .with("createdDateTime", Value::Null)
            .with("firstActivityDateTime", Value::Null)
            .with("lastActivityDateTime", Value::Null)
            .json(),
        alert("Future").minutes_ago(-60 * 24 * 3_650).json(),
        alert("Odd times").with("createdDateTime", "0000-99-99").with("lastActivityDateTime", 1e300).json(),
        alert("Long ago").with("createdDateTime", "0001-01-01T00:00:00Z").json(),
        alert("Wide").with("additionalData", many).json(),
        alert("NUL\0 in \0title").with("description", "a\0b").device("host\0.contoso.example").json(),
        alert("Large number").with("id", u64::MAX).json(),
    ];
    for item in &odd {
        let answer = world.post_alerts(&item.to_string());
        let told = answer.json();
        let fine = told["created"] == 1 || told["results"][0]["error"].as_str().is_some_and(|why| why.len() > 20);
        assert!(fine, "{item}: {told}");
    }
    let dana = world.browser("dana");
    for id in 1..=world.count("SELECT count(*) AS n FROM alerts") {
        assert_eq!(dana.get(&format!("/alerts/{id}?raw=1")).status, 200);
    }
    assert_eq!(dana.get("/incidents?range=all&severity=all&status=all").status, 200);
    assert!(texts(&dana.page("/alerts?status=all"), ".cell-title").contains(&"NUL in title".to_owned()));
}

#[test]
fn a_byte_order_mark_costs_nothing_and_utf16_is_named() {
    let world = world();
    let body = format!("\u{feff}{}\n\u{feff}{}", alert("One").json(), alert("Two").json());
    assert_eq!(world.post_alerts(&body).json()["created"], 2);
    for mark in [&[0xff, 0xfe][..], &[]] {
        let wide: Vec<u8> = alert("Wide").json().to_string().encode_utf16().flat_map(u16::to_le_bytes).collect();
        let told = send(&world, &[mark, &wide].concat(), &[], "").json();
        assert!(told["results"][0]["error"].as_str().unwrap().contains("UTF-16"), "{told}");
    }
}

#[test]
fn lists_and_envelopes_come_apart_item_by_item() {
    let world = world();
    let items: Vec<Value> = (0..5).map(|n| alert(&format!("E {n}")).id(&format!("e-{n}")).json()).collect();
    for body in [
        json!(items).to_string(),
        serde_json::to_string_pretty(&json!({"@odata.context": "x", "value": items, "@odata.count": 5})).unwrap(),
        json!({"alerts": items, "total": 5}).to_string(),
        format!("{}\n{}", json!(items[..2]), json!({"value": items[2..]})),
        items.iter().map(|item| serde_json::to_string_pretty(item).unwrap()).collect::<Vec<_>>().join("\n"),
        items.iter().flat_map(|item| ["\u{1e}".to_owned(), item.to_string(), "\n".to_owned()]).collect(),
    ] {
        let told = world.post_alerts(&body).json();
        let taken = told["created"].as_i64().unwrap() + told["updated"].as_i64().unwrap();
        assert_eq!((taken, &told["rejected"]), (5, &json!(0)), "{}: {told}", &body[..60]);
    }
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts"), 5);
}

#[test]
fn a_table_is_read_row_by_row() {
    let world = world();
    let body = "id,title,severity,createdDateTime\r\nc-1,\"One, with \"\"quotes\"\"\",high,2026-05-01T10:00:00Z\r\n\r\nc-2,,low,\r\n";
    let told = world.post_alerts(body).json();
    assert_eq!((&told["created"], &told["rejected"]), (&json!(1), &json!(1)), "{told}");
    assert_eq!(told["results"][1]["line"], 4);
}

#[test]
fn half_a_header_line_ends_quietly() {
    let world = world();
    let mut socket = TcpStream::connect(world.base.trim_start_matches("http://")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    socket.write_all(b"POST /api/v1/alerts HTTP/1.1\r\nContent-Length: nonsense\r\n\r\n").unwrap();
    let mut line = String::new();
    BufReader::new(socket).read_line(&mut line).unwrap();
    assert!(line.contains("400"), "{line}");
}

#[test]
fn a_piece_of_evidence_may_come_before_its_alert() {
    let world = world();
    let row = json!({
        "category": "AdvancedHunting-AlertEvidence",
        "operationName": "Publish",
        "time": "2026-05-01T10:00:00Z",
        "properties": {
            "AlertId": "da-1", "EntityType": "Machine", "EvidenceRole": "Impacted", "DeviceName": "ws-14.contoso.test",
            "ServiceSource": "Microsoft Defender for Endpoint", "Timestamp": "2026-05-01T10:00:00Z",
        },
    });
    let told = world.post_alerts(&row.to_string()).json();
    assert_eq!(told["created"], 1, "{told}");
    let dana = world.browser("dana");
    assert_eq!(dana.get("/alerts/1").status, 200);
    assert_eq!(dana.get("/incidents/1").status, 200);
}
