//! Random input of every kind, sent to the real binary byte by byte as it was made: it must not panic, answer with
//! an internal error, take longer than two seconds, or grow.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::load::office;
use super::served::Served;
use crate::support::product::{ROUTES, RouteMethod};
use crate::support::{Browser, alert};

/// For how long each target gets input, in seconds; `WATCHDESK_FUZZ` asks for more.
fn time() -> Duration {
    let seconds = std::env::var("WATCHDESK_FUZZ").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(4))
}

/// The longest answer. A debug build that shares its cores with other tests takes longer.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 2 });

/// By how much the server may grow meanwhile, in KiB: its caches fill.
const GROWTH: u64 = 300 * 1024;

/// Pieces that programs tend to read wrongly.
const PIECES: &[&str] = &[
    "",
    "0",
    "-1",
    "9223372036854775807",
    "9223372036854775808",
    "1e999",
    "NaN",
    "%",
    "%%",
    "%00",
    "%ff%fe",
    "\0",
    "'",
    "\"",
    "<script>",
    "{{7*7}}",
    "${x}",
    "../..",
    "\\\\host\\share",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "İ",
    "ß",
    "\u{1f469}\u{200d}\u{1f4bb}",
    "[",
    "[[[[[[",
    "](",
    "`",
    "```",
    "|-|-|",
    "&#x0;",
    "\r\n",
    "\r\nX: y",
    "null",
    "true",
    "{}",
    "[]",
    "id",
    "desc",
    "all",
    "me",
    "2026-02-30",
    "9999-12-31T23:59:60Z",
    "-262144-01-01",
    "T1059.",
];

struct Random(fastrand::Rng);

impl Random {
    fn text(&mut self) -> String {
        let pieces = self.0.usize(..6);
        let mut text = String::new();
        for _ in 0..pieces {
            match self.0.u8(..4) {
                0 => text.push(self.0.char(..)),
                1 => text.extend(std::iter::repeat_n(self.piece(), self.0.usize(..200))),
                _ => text.push_str(self.piece()),
            }
        }
        text
    }

    fn piece(&mut self) -> &'static str {
        PIECES[self.0.usize(..PIECES.len())]
    }

    /// Changes some bytes of `sample`, doubles parts of it, cuts it off.
    fn changed(&mut self, sample: &[u8]) -> Vec<u8> {
        let mut bytes = sample.to_vec();
        for _ in 0..self.0.usize(..8) {
            let at = self.0.usize(..=bytes.len());
            match self.0.u8(..4) {
                0 if at < bytes.len() => bytes[at] = self.0.u8(..),
                1 => drop(bytes.splice(at..at, self.piece().bytes())),
                2 => bytes.truncate(at),
                _ => {
                    let part = bytes[at..].to_vec();
                    bytes.splice(at..at, part);
                    bytes.truncate(256 * 1024);
                }
            }
        }
        bytes
    }

    fn encoded(&mut self, names: &[&str]) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for _ in 0..self.0.usize(..8) {
            let name = if self.0.u8(..5) == 0 { self.text() } else { names[self.0.usize(..names.len())].to_owned() };
            form.append_pair(&name, &self.text());
        }
        form.finish()
    }
}

/// Names of fields and parameters.
const NAMES: &[&str] = &[
    "name",
    "tags",
    "add_tags",
    "remove_tags",
    "status",
    "severity",
    "classification",
    "determination",
    "assigned_to",
    "follow_up_at",
    "revision",
    "once",
    "ids",
    "alerts",
    "target",
    "new_incident",
    "reason",
    "body",
    "act",
    "scope",
    "query",
    "seen",
    "return_to",
    "csrf",
    "sort",
    "limit",
    "after",
    "before",
    "range",
    "from",
    "to",
    "columns",
    "tag",
    "q",
    "pane",
    "show",
    "assignedTo",
    "device",
    "user",
    "technique",
    "incidentId",
    "priority",
    "kept",
    "source",
    "format",
    "document",
    "sample",
    "records",
    "minutes",
    "value",
    "title",
    "days",
    "id",
    "file",
    "importance",
    "tz",
];

/// A server, and one who sends it what no browser would.
struct Target {
    served: Served,
    dana: Browser,
    token: String,
    random: Random,
}

impl Target {
    /// Sends `head` (without its end) and a body; fails when the answer is wrong or late.
    fn send(&mut self, head: &str, body: &[u8]) {
        let started = Instant::now();
        let mut stream = TcpStream::connect(self.served.base.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(LONGEST)).unwrap();
        let head = format!("{head}\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
        // A server that has refused the head need not read the rest.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let took = started.elapsed();
        let status = answer.get(9..12).map(|status| String::from_utf8_lossy(status).into_owned());
        let shown = || format!("{head:.400} {:.400}", String::from_utf8_lossy(body));
        assert!(took < LONGEST, "{took:?}: {}", shown());
        let status = status.unwrap_or_else(|| panic!("no answer: {}", shown()));
        assert!(!status.starts_with('5') || status == "503", "{status}: {}", shown());
    }

    fn cookie(&self) -> String {
        format!("cookie: {}", self.dana.cookie())
    }

    /// An address with its variable parts filled in.
    fn address(&mut self, pattern: &str) -> String {
        let mut address = String::new();
        for part in pattern.split('/').skip(1) {
            address.push('/');
            match (part.starts_with('{'), self.random.0.u8(..4)) {
                (true, 0) => address.extend(form_urlencoded::byte_serialize(self.random.text().as_bytes())),
                (true, _) => address.push('1'),
                _ => address.push_str(part),
            }
        }
        address
    }
}

fn fuzz(mut round: impl FnMut(&mut Target)) {
    let office = office();
    let served = Served::start(&office.world);
    let dana = office.dana(&served);
    let random = Random(fastrand::Rng::with_seed(std::process::id().into()));
    let mut target = Target { served, dana, token: office.token.clone(), random };
    for _ in 0..20 {
        round(&mut target);
    }
    let before = target.served.memory();
    let (end, mut rounds) = (Instant::now() + time(), 0);
    while Instant::now() < end {
        round(&mut target);
        rounds += 1;
    }
    let after = target.served.memory();
    println!("{rounds} inputs; {before} KiB before, {after} KiB after");
    assert!(after < before + GROWTH, "{before} KiB before, {after} KiB after {rounds} inputs");
    let log = target.served.log();
    assert!(!log.contains("panicked"), "{log}");
}

#[test]
fn forms_of_any_content_are_answered() {
    let posts: Vec<_> = ROUTES
        .iter()
        .filter(|route| route.method == RouteMethod::Post && !route.address.contains("/api/"))
        .filter(|route| !matches!(route.address, "/logout" | "/login" | "/setup"))
        .collect();
    fuzz(|target| {
        let route = posts[target.random.0.usize(..posts.len())];
        let (address, body) = (target.address(route.address), target.random.encoded(NAMES));
        let body = if target.random.0.bool() { body.into_bytes() } else { target.random.changed(body.as_bytes()) };
        let form = "content-type: application/x-www-form-urlencoded\r\nsec-fetch-site: same-origin";
        let head = format!("POST {address} HTTP/1.1\r\n{}\r\n{form}", target.cookie());
        target.send(&head, &body);
    });
}

#[test]
fn queries_and_cursors_of_any_content_are_answered() {
    let gets: Vec<_> = ROUTES
        .iter()
        .filter(|route| route.method == RouteMethod::Get && !route.address.contains("stream"))
        .filter(|route| !route.address.contains("healthz"))
        .collect();
    fuzz(|target| {
        let route = gets[target.random.0.usize(..gets.len())];
        let cursor = target.random.changed(b"after=eyJrIjpbMTc2NDI0ODQwMDAwMDAwMF0sImlkIjoxMn0&sort=-lastActivity,id");
        let cursor =
            String::from_utf8_lossy(&cursor).replace(|c: char| c.is_control() || c == ' ' || !c.is_ascii(), "+");
        let query = target.random.encoded(NAMES);
        let address = target.address(route.address);
        let head = format!("GET {address}?{query}&{cursor} HTTP/1.1\r\n{}", target.cookie());
        target.send(&head, b"");
    });
}

#[test]
fn cookies_and_tokens_of_any_content_are_answered() {
    fuzz(|target| {
        let cookie = target.cookie();
        let changed = target.random.changed(cookie.as_bytes());
        let clean = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).replace(['\r', '\n', '\0'], "");
        target.send(&format!("GET /incidents HTTP/1.1\r\ncookie: {}", clean(changed)), b"");
        let token = target.random.changed(format!("Bearer {}", target.token).as_bytes());
        let basic = target.random.changed(b"Basic d2F0Y2hkZXNrOnRva2Vu");
        for value in [token, basic] {
            let head = format!("POST /api/v1/alerts HTTP/1.1\r\nauthorization: {}", clean(value));
            target.send(&head, b"[]");
        }
    });
}

#[test]
fn comments_of_any_markdown_are_shown() {
    fuzz(|target| {
        let sample =
            b"# a\n**b** `c` [d](https://e.example) ![f](g)\n\n|h|i|\n|-|-|\n|j|k|\n\n> l\n- m\n  - n\n```\no\n```";
        let text = target.random.changed(sample);
        let pairs = [("body", String::from_utf8_lossy(&text).into_owned())];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let incident = target.random.0.u8(1..200);
        let form = "content-type: application/x-www-form-urlencoded\r\nsec-fetch-site: same-origin";
        let head = format!("POST /incidents/{incident}/comments HTTP/1.1\r\n{}\r\n{form}", target.cookie());
        target.send(&head, body.as_bytes());
        let head = format!("GET /incidents/{incident}/history HTTP/1.1\r\n{}", target.cookie());
        target.send(&head, b"");
    });
}

#[test]
fn bodies_of_any_content_and_encoding_are_answered() {
    let json = serde_json::Value::from(vec![alert("One").device("a").json(), alert("Two").user("b@c").json()]);
    let text = json.to_string();
    let lines = text.trim_matches(['[', ']']).replace("},{", "}\n{");
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let csv = b"title,severity,time,device\n\"a \"\"b\"\"\",high,2026-11-27T10:00:00Z,c\n".to_vec();
    let syslog = b"<134>1 2026-11-27T10:00:00Z host app - - - CEF:0|V|P|1|id|Name|5|src=10.0.0.1".to_vec();
    let samples = [text.into_bytes(), lines.into_bytes(), wide, csv, syslog, b"{\"value\":[{}]}".to_vec()];
    fuzz(|target| {
        let sample = &samples[target.random.0.usize(..samples.len())];
        let mut body = target.random.changed(sample);
        let encoding = target.random.0.u8(..4);
        let mut head = format!("POST /api/v1/alerts HTTP/1.1\r\nauthorization: Bearer {}", target.token);
        if encoding == 0 {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(&body).unwrap();
            body = packed.finish().unwrap();
            if target.random.0.bool() {
                body = target.random.changed(&body);
            }
            head.push_str("\r\ncontent-encoding: gzip");
        } else if encoding == 1 {
            body = target.random.changed(&[&[0x28, 0xb5, 0x2f, 0xfd][..], &body].concat());
            head.push_str("\r\ncontent-encoding: zstd");
        }
        let kind = ["application/json", "application/x-ndjson", "text/csv", "text/plain", "x/y; charset=utf-16"];
        head.push_str("\r\ncontent-type: ");
        head.push_str(kind[target.random.0.usize(..kind.len())]);
        target.send(&head, &body);
    });
}
