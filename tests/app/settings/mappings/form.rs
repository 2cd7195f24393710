//! The form of a mapping: a sample is tried, fields are suggested, mistakes stand at their field.

use super::{SAMPLE, mappings, typed, with};
use crate::support::page::{fact, text, texts};
use crate::support::world;

#[test]
fn trying_shows_the_alert_and_saves_nothing() {
    let world = world();
    let ada = world.browser("ada");
    let answer = ada.post("/settings/mappings/new", &with(&[("act", "try"), ("name", "")]));
    assert_eq!(answer.status, 200);
    let page = answer.html();
    assert_eq!(text(&page, "#result summary"), "Cookie theft");
    assert_eq!(text(&page, "#result .severity"), "High");
    assert_eq!(texts(&page, "#result .trial-assets li"), ["device ws-14.contoso.test", "user CONTOSO\\ana"]);
    assert_eq!(fact(&page, "First activity"), "May 16, 2026 10:00:00");
    assert!(text(&page, "#result .mini").contains("203.0.113.40"));
    assert_eq!(typed(&answer, "severity.table"), "P1 = high\nP2 = medium\n* = low");
    assert_eq!(mappings(&ada), 0);
    assert!(ada.incidents().is_empty());
}

#[test]
fn a_sample_of_several_records_shows_what_becomes_of_each() {
    let world = world();
    let sample = r#"{"rule":{"label":"One"},"event":{"kind":"alert","at":1778925600,"prio":"P1"}}
{"rule":{"label":"Two"},"event":{"kind":"flow"}}
{"rule":{"label":"Three"},"event":{"kind":"alert","at":"soon"}}
oops"#;
    let answer = world.browser("ada").post("/settings/mappings/new", &with(&[("act", "try"), ("sample", sample)]));
    let page = answer.html();
    assert_eq!(text(&page, "#result h2"), "Resulting alerts (1 of 4)");
    let refused = texts(&page, "#result .trial-refused");
    assert!(refused[0].starts_with("Line 2: skipped.") && refused[0].contains("/event/kind = alert"), "{refused:?}");
    assert!(refused[1].contains("First activity: \"soon\" at /event/at is not a time"), "{refused:?}");
    assert!(refused[2].starts_with("Line 4: no alert.") && refused[2].contains("not JSON"), "{refused:?}");
    let notes = text(&page, "#result .trial-notes");
    assert!(notes.contains("Device: nothing found at /machine/fqdn."), "{notes}");
}

#[test]
fn mistakes_are_reported_at_their_field_and_everything_typed_is_kept() {
    let world = world();
    let ada = world.browser("ada");
    for (field, wrong, problem) in [
        ("title", "", "Enter the path of the title"),
        ("name", "graph", "the name of a built-in format"),
        ("id", "same", "would make all alerts one"),
        ("severity", "/a~b", "write ~ as ~0"),
        ("severity.table", "P1 = urgentest", "is not one of: "),
        ("firstActivity.time", "%H", "must include month and day"),
        ("firstActivity.zone", "Mars", "no time zone"),
        ("when", "kind = alert", "begins with a slash"),
        ("facts", "Priority", "Label = /path"),
        ("evidence.0.name", "", "Enter the path of the name of the device"),
        ("evidence.2.each", "peers", "begins with a slash"),
    ] {
        let answer = ada.post("/settings/mappings/new", &with(&[("act", "save"), (field, wrong)]));
        assert_eq!(answer.status, 422, "{field}");
        let id = field.replace('.', "-");
        let at_field = texts(&answer.html(), &format!("#{id}-error"));
        assert!(at_field.first().is_some_and(|said| said.contains(problem)), "{field}: {at_field:?}");
        assert_eq!(typed(&answer, "sample"), SAMPLE);
        assert_eq!(typed(&answer, "evidence.1.name"), "/who");
    }
    assert_eq!(mappings(&ada), 0);
}

#[test]
fn fields_are_suggested_and_typed_ones_stay() {
    let world = world();
    let sample = r#"{"alerts": [{"id": 7, "severity": "critical", "rule": {"name": "Beacon"},
        "timestamp": "2026-05-01T10:00:00Z", "host": {"hostname": "web-01"}, "username": "ana"}]}"#;
    let form = [("act", "suggest"), ("sample", sample), ("id", "/mine")];
    let answer = world.browser("ada").post("/settings/mappings/new", &form);
    for (name, expected) in [
        ("records", "/alerts"),
        ("title", "/rule/name"),
        ("severity", "/severity"),
        ("id", "/mine"),
        ("firstActivity", "/timestamp"),
        ("evidence.0.name", "/host/hostname"),
        ("evidence.1.name", "/username"),
    ] {
        assert_eq!(typed(&answer, name), expected, "{name}");
    }
    assert_eq!(text(&answer.html(), "#result summary"), "Beacon", "and it is tried at once");
}

#[test]
fn suggested_fields_are_tried_without_a_title_which_is_missed_at_its_field() {
    let world = world();
    let sample = r#"{"severity": "high", "host": {"hostname": "web-01"}, "username": "ana"}"#;
    let answer = world.browser("ada").post("/settings/mappings/new", &[("act", "suggest"), ("sample", sample)]);
    let page = answer.html();
    assert_eq!(typed(&answer, "severity"), "/severity");
    assert!(text(&page, "#title-error").contains("No title was found"));
    assert_eq!(text(&page, "#result summary"), "No title yet");
    assert!(text(&page, "#result .trial-assets").contains("web-01"));
}

#[test]
fn a_sample_that_is_not_json_is_told_by_line_and_column_and_a_table_is_a_sample() {
    let world = world();
    let ada = world.browser("ada");
    let suggest = |sample: &str| ada.post("/settings/mappings/new", &[("act", "suggest"), ("sample", sample)]);
    for (sample, place) in [("hello", "line 1, column 1"), ("{\"title\": \"x\",\n \"id\": ", "line 2, column")] {
        let answer = suggest(sample);
        assert!(text(&answer.html(), "#sample-error").contains(place), "{sample}");
    }
    assert!(text(&suggest(" ").html(), "#sample-error").contains("Paste a record first"));
    let table = suggest("timestamp,hostname,severity,title\n2026-05-01T10:00:00Z,web-01,high,Beacon\n");
    assert_eq!((typed(&table, "title"), typed(&table, "severity")), ("/title".to_owned(), "/severity".to_owned()));
    assert_eq!(text(&table.html(), "#result summary"), "Beacon");
}

#[test]
fn a_trial_says_that_a_severity_was_not_given_and_lists_no_placeholder_as_asset() {
    let world = world();
    let sample = r#"{"rule": "Beacon", "host": "N/A", "user": "ana"}"#;
    let form = [
        ("act", "try"),
        ("sample", sample),
        ("title", "/rule"),
        ("severity", "/level"),
        ("evidence.0.kind", "device"),
        ("evidence.0.name", "/host"),
        ("evidence.1.kind", "user"),
        ("evidence.1.name", "/user"),
    ];
    let page = world.browser("ada").post("/settings/mappings/new", &form).html();
    assert!(text(&page, "#result .head-facts").contains("not given by the source"));
    assert_eq!(texts(&page, "#result .trial-assets li").len(), 1);
    assert!(text(&page, "#result .mini").contains("N/A"), "it is shown as it was sent");
}

#[test]
fn evidence_rules_are_added_and_removed_without_javascript() {
    let world = world();
    let ada = world.browser("ada");
    let answer = ada.post("/settings/mappings/new", &with(&[("act", "add"), ("add_kind", "file")]));
    assert_eq!(texts(&answer.html(), ".evidence-rule legend"), ["Device", "User", "IP address", "File"]);
    let answer = ada.post("/settings/mappings/new", &with(&[("act", "remove.0")]));
    assert_eq!(texts(&answer.html(), ".evidence-rule legend"), ["User", "IP address"]);
    assert_eq!(typed(&answer, "evidence.0.name"), "/who");
}

#[test]
fn a_hostile_sample_shows_as_text() {
    let world = world();
    let sample = r#"{"rule":{"label":"</textarea><script>alert(1)</script>"},"event":{"kind":"alert"}}"#;
    let form = with(&[("act", "try"), ("sample", sample), ("firstActivity", "")]);
    let answer = world.browser("ada").post("/settings/mappings/new", &form);
    assert_eq!(text(&answer.html(), "#result summary"), "</textarea><script>alert(1)</script>");
    assert!(!answer.body.contains("<script>"));
}

#[test]
fn a_record_that_takes_too_many_steps_is_told_in_the_preview() {
    let world = world();
    let item = format!("[{}]", vec!["1"; 30].join(","));
    let items = format!("[{}]", vec![item; 60].join(","));
    let sample =
        format!(r#"{{"rule": {{"label": "Odd"}}, "event": {{"kind": "alert", "at": 1778925600}}, "a": {items}}}"#);
    let mut form = vec![("act".to_owned(), "try".to_owned()), ("title".to_owned(), "/rule/label".to_owned())];
    form.push(("sample".to_owned(), sample));
    for rule in 0..10 {
        let name = "{/0}{$/a/*/zz}\n".to_owned() + &"$/a/*/*/zz\n".repeat(8);
        for (key, value) in [("kind", "device"), ("each", "/a/*"), ("name", name.as_str())] {
            form.push((format!("evidence.{rule}.{key}"), value.to_owned()));
        }
    }
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = world.browser("ada").post("/settings/mappings/new", &form);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.text().contains("takes more than 200,000 steps"), "{}", answer.text());
}
