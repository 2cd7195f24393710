//! Scripts in what is sent or typed are shown as text.

use serde_json::json;

use crate::support::page::texts;
use crate::support::stream::Stream;
use crate::support::{alert, world};

const EVIL: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>";

#[test]
fn a_script_in_every_field_is_shown_as_text_everywhere() {
    let world = world();
    let evil = alert(EVIL)
        .with("description", EVIL)
        .with("recommendedActions", EVIL)
        .category(EVIL)
        .source(EVIL)
        .with("productName", EVIL)
        .with("actorDisplayName", EVIL)
        .with("threatFamilyName", EVIL)
        .with("assignedTo", EVIL)
        .device(EVIL)
        .user(EVIL)
        .mailbox(EVIL)
        .evidence(json!({"@odata.type": "#microsoft.graph.security.urlEvidence", "url": EVIL}))
        .evidence(json!({"@odata.type": "#microsoft.graph.security.fileEvidence", "fileDetails": {"fileName": EVIL, "filePath": EVIL}}))
        .evidence(json!({"@odata.type": "#microsoft.graph.security.processEvidence", "processCommandLine": EVIL, "processId": 4}))
        .evidence(json!({"@odata.type": EVIL, "displayName": EVIL}));
    let id = world.ingest(&[evil.json()])[0];
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut watcher = Stream::open(&world, &omar, &format!("/incidents/{id}/stream"), Some("0"));
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("name", EVIL), ("tags", EVIL), ("status", "resolved"), ("resolving_note", EVIL)]);
    dana.post(&format!("{path}/comments"), &[("body", EVIL)]);
    dana.post("/alerts/1/comments", &[("body", EVIL)]);
    for page in [
        "/incidents?status=all&pane=1".to_owned(),
        format!("/incidents?status=all&q={}", form_urlencoded::byte_serialize(EVIL.as_bytes()).collect::<String>()),
        path.clone(),
        format!("{path}/pane"),
        format!("{path}/alerts"),
        format!("{path}/devices"),
        format!("{path}/users"),
        format!("{path}/mailboxes"),
        format!("{path}/evidence"),
        format!("{path}/history"),
        format!("{path}/move?alerts=1"),
        "/alerts?status=all".to_owned(),
        "/alerts/1?raw=1".to_owned(),
    ] {
        let answer = dana.get(&page);
        assert_eq!(answer.status, 200, "{page}");
        assert!(!answer.body.contains("<script>alert") && !answer.body.contains("<img"), "{page}");
        assert!(answer.text().contains("alert(1)"), "{page} shows it as text");
    }
    let refused = dana.post(&path, &[("name", &EVIL.repeat(20)), ("status", EVIL)]);
    assert!(!refused.body.contains("<script>alert"));
    for _ in 0..dana.history(id).len() {
        let event = watcher.next("entry").expect("an entry");
        assert!(!event.data.contains("<script") && !event.data.contains("<img"), "{}", event.data);
    }
}

#[test]
fn links_in_a_comment_cannot_run_scripts() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    dana.post(
        &format!("/incidents/{id}/comments"),
        &[("body", "[a](javascript:alert(1)) ![b](https://evil.example/p.png) <a href=javascript:1>c</a>")],
    );
    let body = dana.get(&format!("/incidents/{id}")).body;
    assert!(!body.contains("href=\"javascript") && !body.contains("evil.example/p.png\""), "{body}");
    assert_eq!(texts(&dana.page(&format!("/incidents/{id}")), ".markdown").len(), 1);
}
