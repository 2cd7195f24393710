//! Records in every shape and of every quality: each is stored, or rejected in a sentence.

use serde_json::{Value, json};

use super::send_bytes;
use crate::support::page::{text, texts};
use crate::support::{alert, world};

/// Each malformed item stands between two good alerts, which are stored.
#[test]
fn malformed_items_are_rejected_in_a_sentence_and_the_rest_is_stored() {
    let odd: Vec<(&str, Vec<u8>)> = vec![
        ("not valid UTF-8", b"{\"title\":\"\xff\xfe\"}".to_vec()),
        ("not JSON", b"\0\0\0".to_vec()),
        ("not JSON", b"<html>nginx</html>".to_vec()),
        ("nested too deeply", format!("{{\"title\":{}{}}}", "[".repeat(500), "]".repeat(500)).into_bytes()),
        ("nested too deeply", "{\"a\":".repeat(3_000).into_bytes()),
        ("too large", b"{\"title\":\"Huge\",\"id\":1e400}".to_vec()),
        ("incomplete", b"{\"title\":\"cut".to_vec()),
        ("incomplete", b"{\"title\":\"cut\",\"a\":1".to_vec()),
        ("column", b"{\"title\":\"x\" \"a\":1}".to_vec()),
        ("is a number", b"42".to_vec()),
        ("not JSON", b"NaN".to_vec()),
        ("none of the usual fields", b"{}".to_vec()),
        ("not JSON", b"{\"title\":\"\\ud800\"}".to_vec()),
    ];
    let world = world();
    for (index, (why, odd)) in odd.into_iter().enumerate() {
        let good = |which: &str| alert("Good").id(&format!("{which}-{index}")).json().to_string().into_bytes();
        let body = [good("before"), b"\n".to_vec(), odd, b"\r\n".to_vec(), good("after"), b"\n".to_vec()].concat();
        let answer = send_bytes(&world, &body, &[], "");
        assert_eq!(answer.status, 207, "{why}: {}", answer.body);
        let report = answer.json();
        assert_eq!((&report["created"], &report["rejected"]), (&json!(2), &json!(1)), "{why}: {report}");
        let error = report["results"][1]["error"].as_str().unwrap();
        assert!(error.contains(why), "{why}: {error}");
        assert_eq!(report["results"][1]["line"], 2, "{why}");
        assert!(error.len() < 200 && error.ends_with('.') && !error.contains("serde"), "{error}");
    }
    assert_eq!(world.browser("dana").get("/incidents").status, 200);
}

/// Each alert has an unusual value and is stored all the same.
#[test]
fn unusual_values_in_an_alert_are_stored_and_shown() {
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
        let report = answer.json();
        let fine = report["created"] == 1 || report["results"][0]["error"].as_str().is_some_and(|why| why.len() > 20);
        assert!(fine, "{item}: {report}");
    }
    let dana = world.browser("dana");
    for id in dana.alerts() {
        assert_eq!(dana.get(&format!("/alerts/{id}?raw=1")).status, 200);
    }
    assert_eq!(dana.get("/incidents?range=all&severity=all&status=all").status, 200);
    assert!(
        texts(&dana.page("/alerts?status=all"), ".alert-queue tbody .col-name a").contains(&"NUL in title".to_owned())
    );
}

#[test]
fn a_byte_order_mark_is_skipped_and_utf16_is_read() {
    let world = world();
    let body = format!("\u{feff}{}\n\u{feff}{}", alert("One").json(), alert("Two").json());
    assert_eq!(world.post_alerts(&body).json()["created"], 2);
    for mark in [&[0xff, 0xfe][..], &[]] {
        let wide: Vec<u8> = alert("Wide").json().to_string().encode_utf16().flat_map(u16::to_le_bytes).collect();
        let report = send_bytes(&world, &[mark, &wide].concat(), &[], "").json();
        assert_eq!((&report["created"], &report["rejected"]), (&json!(1), &json!(0)), "{report}");
    }
}

#[test]
fn lists_and_envelopes_are_split_into_items() {
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
        let report = world.post_alerts(&body).json();
        let taken = report["created"].as_i64().unwrap() + report["updated"].as_i64().unwrap();
        assert_eq!((taken, &report["rejected"]), (5, &json!(0)), "{}: {report}", &body[..60]);
    }
    assert_eq!(world.browser("dana").alert_count(), 5);
}

#[test]
fn a_csv_table_is_read_row_by_row() {
    let world = world();
    let body = "id,title,severity,createdDateTime\r\nc-1,\"One, with \"\"quotes\"\"\",high,2026-05-01T10:00:00Z\r\n\r\nc-2,,low,\r\n";
    let report = world.post_alerts(body).json();
    assert_eq!((&report["created"], &report["rejected"]), (&json!(1), &json!(1)), "{report}");
    assert_eq!(report["results"][1]["line"], 4);
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
    let report = world.post_alerts(&row.to_string()).json();
    assert_eq!(report["created"], 1, "{report}");
    let dana = world.browser("dana");
    assert_eq!(text(&dana.page("/alerts/1"), "h1"), "Alert da-1", "its own title is not known yet");
    assert_eq!(text(&dana.page("/incidents/1"), "h1"), "Alert da-1 on one endpoint");
    let info = json!({
        "category": "AdvancedHunting-AlertInfo",
        "time": "2026-05-01T10:00:00Z",
        "properties": {
            "AlertId": "da-1", "Title": "Odd sign-in", "Severity": "High", "Category": "Execution",
            "ServiceSource": "Microsoft Defender for Endpoint", "Timestamp": "2026-05-01T10:00:00Z",
        },
    });
    for report in [info, row] {
        assert_eq!(world.post_alerts(&report.to_string()).json()["updated"], 1);
        assert_eq!(text(&dana.page("/alerts/1"), "h1"), "Odd sign-in");
        assert_eq!(text(&dana.page("/incidents/1"), "h1"), "Odd sign-in on one endpoint");
    }
}
