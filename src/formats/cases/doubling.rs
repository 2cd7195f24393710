//! Reading takes as many times longer as a body is larger, whatever it is made of: an attacker chooses the body.

use std::time::Duration;

use crate::clock::cpu_time;
use crate::formats::format::Format;
use crate::formats::readers::body_reader::BodyReader;

/// Makes a body of about so many bytes.
type Shape = (&'static str, fn(usize) -> String);

const SHAPES: &[Shape] = &[
    ("equals signs in CEF", |size| format!("CEF:0|a|b|1|2|n|5|x={}", "=".repeat(size))),
    ("words in CEF", |size| format!("CEF:0|a|b|1|2|n|5|{}", "a=b ".repeat(size / 4))),
    ("bars in CEF", |size| format!("CEF:0|a|b|1|2|n|5|{}", "\\|".repeat(size / 2))),
    ("empty objects", |size| "{}\n".repeat(size / 3)),
    ("empty objects in a list", |size| format!("[{}{{}}]", "{},".repeat(size / 3))),
    ("an envelope of empty objects", |size| format!("{{\"value\":[{}{{}}]}}", "{},".repeat(size / 3))),
    ("items that never end", |size| format!("{}{}", "{\"a\":[\n{}\n,\n".repeat(40), "{},\n".repeat(size / 4))),
    ("items that go wrong", |size| "{\"a\":[1,\n{}\nx\n".repeat(size / 14)),
    ("brackets", |size| "[".repeat(size)),
    ("nested objects", |size| "{\"a\":".repeat(size / 5)),
    ("many members", |size| alert(&(0..size / 16).map(|n| format!("\"a{n}.b\":{n}")).collect::<Vec<_>>().join(","))),
    ("a long title", |size| alert(&format!("\"description\":\"{}\"", "a.b@c/d ".repeat(size / 8)))),
    ("much evidence", |size| {
        let user = |n: usize| {
            format!(
                "{{\"@odata.type\":\"#microsoft.graph.security.userEvidence\",\"userAccount\":{{\"accountName\":\"u{n}\"}}}}"
            )
        };
        alert(&format!("\"evidence\":[{}]", (0..size / 90).map(user).collect::<Vec<_>>().join(",")))
    }),
    ("a table", |size| format!("title,id\n{}", "\"a\",b\n".repeat(size / 6))),
];

fn alert(more: &str) -> String {
    format!("{{\"id\":\"a\",\"title\":\"t\",\"createdDateTime\":\"2026-11-21T10:00:00Z\",{more}}}")
}

fn time(body: &str) -> Duration {
    cpu_time(|| {
        let items = BodyReader::new(Format::Auto, body.as_bytes()).count();
        assert!(items > 0);
    })
}

#[test]
fn a_body_of_four_times_the_size_takes_about_four_times_as_long() {
    for (name, body) in SHAPES {
        let (small, large) = (body(20_000), body(80_000));
        // The shortest of several: the first fills caches.
        let shortest = |body: &str| (0..3).map(|_| time(body)).min().unwrap();
        let (one, four) = (shortest(&small), shortest(&large));
        assert!(four < one * 9 + Duration::from_millis(50), "{name}: {one:?}, then {four:?}");
    }
}
