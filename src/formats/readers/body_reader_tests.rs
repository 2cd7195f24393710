//! Bodies of every form, whole, damaged and cut off.
#![allow(clippy::unwrap_used)]

use std::io::Read;

use crate::formats::format::Format;
use crate::formats::readers::body_reader::{BodyReader, read_body};
use crate::formats::readers::item::Item;

const ALERT: &str = r#"{"id":"a1","title":"Odd login","createdDateTime":"2025-03-01T10:00:00Z"}"#;

fn shape(body: &str) -> Vec<(Option<usize>, bool)> {
    read_body(&Format::Auto, body.as_bytes()).iter().map(|item| (item.line, item.record.is_ok())).collect()
}

#[test]
fn one_value_has_no_line_numbers() {
    assert_eq!(shape(ALERT), [(None, true)]);
    assert_eq!(shape(&format!("[{ALERT},\n{ALERT}]")), [(None, true); 2]);
    let pretty = format!("\u{feff}{{\r\n  \"value\": [\r\n    {ALERT}\r\n  ]\r\n}}\r\n");
    assert_eq!(shape(&pretty), [(None, true)]);
}

#[test]
fn an_empty_body_has_no_items_and_an_empty_envelope_is_one_skipped() {
    for body in ["", " \r\n\n", "[]"] {
        assert_eq!(shape(body), [], "{body:?}");
    }
    for body in
        ["{\"value\":[]}\n", "{\"alerts\": []}", "{\"status\":\"firing\",\"value\":[]}", "{\"alerts\":[],\"value\":[]}"]
    {
        let items = read_body(&Format::Auto, body.as_bytes());
        assert_eq!(items.len(), 1, "{body}");
        assert!(format!("{items:?}").contains("Skipped(\"The list is empty: it contains no alerts"), "{items:?}");
    }
    assert!(format!("{:?}", read_body(&Format::Auto, b"{\"alerts\":null}")).contains("Refused"));
}

#[test]
fn every_list_of_an_envelope_is_read_also_behind_one_that_is_read_bit_by_bit() {
    let several = format!("{{\"value\":[{ALERT}],\"x\":{{\"alerts\":[{{}}]}},\"alerts\":[{ALERT},{{\"odd\":1}}]}}");
    assert_eq!(shape(&several), [(None, true), (None, true), (None, false)]);
    assert_eq!(shape(&format!("{{\"value\":[],\"alerts\":[{ALERT}]}}")), [(None, true)]);
    let large = format!("{{\"alerts\":[{ALERT},{ALERT}],\"took\":1,\"detections\":[{ALERT}]}}");
    let reader = BodyReader::new(Format::Auto, large.as_bytes()).with_item_limit(ALERT.len() + 20);
    assert_eq!(reader.filter(|item| item.as_ref().is_ok_and(|item| item.record.is_ok())).count(), 3);
}

#[test]
fn records_in_wrappers_are_read_one_by_one_and_keep_their_own_text() {
    let outer = format!("{{\"TopicArn\":\"t\",\"Type\":\"Notification\",\"Message\":{}}}", serde_json::json!(ALERT));
    let several = format!("{{\"rule\":\"r\",\"x\":{{}},\"alerts\":[{ALERT},{ALERT},{{\"odd\":1}}]}}");
    assert_eq!(shape(&outer), [(None, true)]);
    assert_eq!(shape(&several), [(None, true), (None, true), (None, false)]);
    for item in read_body(&Format::Auto, outer.as_bytes()) {
        let text = item.record.map(|record| record.text());
        assert!(text.is_ok_and(|text| text.starts_with("{\"createdDateTime\"")));
    }
}

#[test]
fn bad_json_is_refused_with_line_and_column() {
    let bad = r#"{"id":"1","title":"x","description":"a\ b"}"#.replace("\\\\", "\\");
    let why = |body: &str| format!("{:?}", read_body(&Format::Auto, body.as_bytes()));
    assert!(why(&bad).contains("line 1, column 40"), "{}", why(&bad));
    assert!(why(&format!("{ALERT}\n{bad}\n{ALERT}")).contains("line 2, column 40"));
}

#[test]
fn a_table_of_log_analytics_has_its_zone_behind_the_names_of_times() {
    let table = "SystemAlertId,AlertName,AlertSeverity,\"TimeGenerated [UTC]\",Entities,ProductName\n\
        a2,Odd sign-in,High,2025-03-01T10:00:00Z,\"[{\"\"Type\"\":\"\"host\"\",\"\"HostName\"\":\"\"ws-1\"\"}]\",Azure\n";
    assert_eq!(shape(table), [(Some(2), true)]);
    let american = table.replace("2025-03-01T10:00:00Z", "\"3/1/2025, 10:00:00.123 AM\"");
    let first = |body: &str| {
        let record = read_body(&Format::Auto, body.as_bytes()).remove(0).record.unwrap();
        record.alerts().next().map(|alert| alert.first_activity).unwrap()
    };
    assert_eq!(first(&american), first(table) + 123_000);
}

#[test]
fn json_behind_a_header_of_syslog_is_the_record_it_holds() {
    let headers =
        ["<134>1 2025-03-02T11:00:00Z collector-1 app - - - ", "<134>Mar  2 11:00:00 collector-1 app: ", "@cee: "];
    let body: String = headers.map(|header| format!("{header}{ALERT}\n")).concat();
    let items = read_body(&Format::Auto, body.as_bytes());
    let [plain] = read_body(&Format::Auto, ALERT.as_bytes()).try_into().unwrap();
    let plain = plain.record.unwrap();
    assert_eq!(items.iter().map(|item| item.line).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
    for item in items {
        let record = item.record.unwrap();
        assert_eq!(record.text(), plain.text());
        for (alert, known) in record.alerts().zip(plain.alerts()) {
            assert_eq!(
                (&alert.provider_alert_id, alert.first_activity),
                (&known.provider_alert_id, known.first_activity)
            );
        }
    }
}

#[test]
fn a_header_of_syslog_gives_the_time_of_a_record_without_one_and_names_who_sent_it() {
    let record =
        r#"{"event_type":"alert","alert":{"signature":"Odd","signature_id":1,"severity":1},"src_ip":"192.0.2.7"}"#;
    let of = |line: String| {
        let mut items = read_body(&Format::Auto, line.as_bytes());
        let record = items.pop().unwrap().record.unwrap();
        record.alerts().next().unwrap().clone()
    };
    let alert = of(format!("<134>1 2025-03-02T11:00:00Z collector-1 app - - - {record}"));
    assert_eq!((alert.first_activity, alert.times_of_arrival), (1_740_913_200_000_000, false));
    assert!(!alert.facts.iter().any(|(label, _)| label == "Time in the source"), "{:?}", alert.facts);
    assert!(alert.facts.contains(&("Syslog host".to_owned(), "collector-1".to_owned())));
    assert_eq!(alert.provider_alert_id, of(record.to_owned()).provider_alert_id);
    assert!(of(record.to_owned()).times_of_arrival);
}

#[test]
fn frames_of_syslog_with_their_length_are_read_one_by_one() {
    let cef = "<134>Mar 1 10:00:00 fw-1 CEF:0|Acme|Wall|1|7|Odd|5|src=192.0.2.7 externalId=a\n";
    let json = format!("<134>1 2025-03-01T10:00:00Z fw-2 app - - - {ALERT}");
    let frame = |text: &str| format!("{} {text}", text.len());
    for between in ["", "\n"] {
        let body = [frame(cef), frame(&json), frame(cef)].join(between);
        let items = read_body(&Format::Auto, body.as_bytes());
        assert_eq!(items.iter().filter(|item| item.record.is_ok()).count(), 3, "{items:?}");
        let hosts = items
            .iter()
            .filter_map(|item| item.record.as_ref().ok())
            .flat_map(crate::model::incoming::Incoming::alerts);
        let hosts = hosts.flat_map(|alert| &alert.facts).filter(|(label, _)| label == "Syslog host").count();
        assert_eq!(hosts, 3, "{items:?}");
    }
    // A number that is no length is a part of the line.
    let wrong = format!("7 {cef}{ALERT}\n");
    assert_eq!(shape(&wrong), [(Some(1), true), (Some(2), true)]);
}

#[test]
fn a_bad_line_costs_only_itself() {
    let body = format!("\u{feff}{ALERT}\r\n\r\noops\n[{ALERT},{ALERT}]\n{{\"value\":[]}}\n42\n");
    assert_eq!(
        shape(&body),
        [(Some(1), true), (Some(3), false), (Some(4), true), (Some(4), true), (Some(5), false), (Some(6), false),]
    );
}

#[test]
fn bad_utf8_is_reported_with_its_line() {
    let body = [ALERT.as_bytes(), b"\n{\"title\":\"\xff\"}\n", ALERT.as_bytes()].concat();
    let items = read_body(&Format::Auto, &body);
    let lines: Vec<_> = items.iter().map(|i| (i.line, i.record.is_ok())).collect();
    assert_eq!(lines, [(Some(1), true), (Some(2), false), (Some(3), true)]);
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    let deep = "[".repeat(200_000);
    let items = read_body(&Format::Auto, deep.as_bytes());
    assert_eq!(items.len(), 1);
    assert!(items.iter().all(|item| item.record.is_err()));
    let body = format!("{}{}\n{ALERT}", "[".repeat(500), "]".repeat(500));
    assert_eq!(shape(&body), [(Some(1), false), (Some(2), true)]);
}

#[test]
fn pretty_values_one_after_the_other_are_read() {
    let pretty = ALERT.replace(',', ",\n  ").replace('{', "{\n  ");
    assert_eq!(shape(&format!("{pretty}\n{pretty}")), [(None, true); 2]);
}

#[test]
fn a_broken_pretty_file_is_one_error() {
    let body = "{\n  \"value\": [\n    {\n      \"title\": \"x\",\n";
    let items = read_body(&Format::Auto, body.as_bytes());
    assert_eq!(items.len(), 1);
    assert!(format!("{items:?}").contains("incomplete"));
}

#[test]
fn utf16_is_read() {
    for text in [format!("\u{feff}{ALERT}\r\n{ALERT}\r\n"), "id,title,createdDateTime\n1,a,2025-03-01\n".to_owned()] {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let lines = |items: Vec<Item>| items.iter().map(|item| (item.line, item.record.is_ok())).collect::<Vec<_>>();
        let found = lines(read_body(&Format::Auto, &bytes));
        assert!(!found.is_empty() && found == lines(read_body(&Format::Auto, text.as_bytes())), "{found:?}");
    }
}

#[test]
fn a_cut_off_line_costs_no_line_after_it() {
    for cut in ["{\"a\":1", "{\"a\":", "{\"a\":\"x", "{\"a\":[1,", "{\"a\"", "{", "[{\"a\":"] {
        let body = format!("{ALERT}\n{cut}\n{ALERT}\n{ALERT}\n");
        let good = shape(&body).into_iter().filter(|(_, good)| *good).count();
        assert_eq!(good, 3, "{cut}: {:?}", shape(&body));
        assert!(shape(&body).iter().any(|(line, good)| !good && *line == Some(2)), "{cut}");
    }
}

#[test]
fn a_damaged_item_of_a_list_costs_only_itself() {
    for bad in ["{\"a\" 1}", "{'a':1}", "{\"a\":[1,}", "nonsense", "{\"a\":\"\u{1}\"}", "{\"a\":{\"b\":,}}"] {
        for (open, close) in [("[", "]"), ("{\"value\":[", "],\"x\":1}")] {
            let body = format!("{open}{ALERT},{bad},{ALERT}{close}");
            let found: Vec<bool> = shape(&body).into_iter().map(|(_, good)| good).collect();
            assert_eq!(found, [true, false, true], "{body}");
        }
        let pretty = format!("[\n  {ALERT},\n  {bad},\n  {ALERT}\n]\n");
        let found: Vec<bool> = shape(&pretty).into_iter().map(|(_, good)| good).collect();
        assert_eq!(found, [true, false, true], "{pretty}");
    }
}

#[test]
fn a_damaged_pretty_item_is_one_error_and_the_next_is_read() {
    let pretty = format!("{{\n  \"x\": [\n    {{\n      \"y\": 1\n    }}\n  ],\n{}", &ALERT[1..].replace(',', ",\n  "));
    let broken = pretty.replacen("1\n", "1 oops\n", 1);
    for (open, indent, close) in [("", "", ""), ("[\n", "  ", "\n]")] {
        let body = [&pretty, &broken, &pretty]
            .map(|item| item.lines().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n"))
            .join(if open.is_empty() { "\n" } else { ",\n" });
        let body = format!("{open}{body}{close}");
        let found: Vec<bool> = shape(&body).into_iter().map(|(_, good)| good).collect();
        assert_eq!(found, [true, false, true], "{body}");
    }
}

#[test]
fn an_item_that_is_too_large_is_passed_over_to_its_end() {
    let large = format!("{{\"title\":\"{}\",\"a\":[1,{{}}]}}", "x".repeat(5_000));
    for body in [format!("{ALERT}\n{large}\n{ALERT}"), format!("[{ALERT},{large},{ALERT}]")] {
        let items: Vec<Item> =
            BodyReader::new(Format::Auto, body.as_bytes()).with_item_limit(1_000).filter_map(Result::ok).collect();
        let good: Vec<bool> = items.iter().map(|item| item.record.is_ok()).collect();
        assert_eq!(good, [true, false, true]);
    }
    let many = format!("{{\"count\":9,\"alerts\":[{}]}}", vec![ALERT; 50].join(","));
    let items = BodyReader::new(Format::Auto, many.as_bytes()).with_item_limit(1_000).filter_map(Result::ok).count();
    assert_eq!(items, 50, "an envelope larger than an item is taken apart");
}

/// Gives a few bytes at a time, so that more has to be waited for in all kinds of places.
struct Drip<'a>(&'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let (now, later) = self.0.split_at(self.0.len().min(11).min(into.len()));
        into[..now.len()].copy_from_slice(now);
        self.0 = later;
        Ok(now.len())
    }
}

#[test]
fn whatever_is_changed_in_a_body_is_read_without_panic_and_alike_in_any_parts() {
    let bodies = [
        format!("{ALERT}\n{ALERT}\r\n\n{ALERT}"),
        format!("[{ALERT},\n {ALERT} , {ALERT}]"),
        format!("{{\"@odata.context\":\"x\",\"value\":[{ALERT},{ALERT}],\"b\":[1,2]}}"),
        format!("{}\n{}", ALERT.replace(',', ",\n "), ALERT.replace('{', "{\n ")),
        format!("{{\"alerts\":[{ALERT}]}}\n{{\"id\":\"1\",\"displayName\":\"x\",\"alerts\":[{ALERT}]}}"),
        "id,title,createdDateTime\n1,\"a\nb\",2025-03-01T10:00:00Z\n2,c,d\n".to_owned(),
    ];
    let mut random = fastrand::Rng::with_seed(7);
    let pieces: [&[u8]; 12] =
        [b"\"", b"\\", b"{", b"}", b"[", b"]", b"\n", b"\xef\xbb\xbf", b"\0", b"\xff", b",", b"\"value\":["];
    for round in 0..2_000 {
        let mut body = bodies[round % bodies.len()].clone().into_bytes();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(..=body.len());
            match random.u8(..4) {
                0 => body.truncate(at),
                1 => drop(body.drain(at..(at + random.usize(..20)).min(body.len()))),
                2 => drop(body.splice(at..at, pieces[random.usize(..pieces.len())].iter().copied())),
                _ => body.iter_mut().skip(at).take(1).for_each(|byte| *byte = random.u8(..)),
            }
        }
        let whole = read_body(&Format::Auto, &body);
        let dripped: Vec<Item> = BodyReader::new(Format::Auto, Drip(&body)).filter_map(Result::ok).collect();
        assert_eq!(whole, dripped, "{}", String::from_utf8_lossy(&body));
        let small = BodyReader::new(Format::Auto, body.as_slice()).with_item_limit(40).count();
        assert!(small <= body.len() + 1);
    }
}
