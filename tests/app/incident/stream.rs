//! GET /incidents/{id}/stream and /alerts/{id}/stream: what happens shows at once in every open pane and
//! page (R8).

use crate::support::stream::Stream;
use crate::support::{alert, world};

#[test]
fn r8_a_comment_reaches_everybody_who_has_the_incident_open() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar, vic) = (world.browser("dana"), world.browser("omar"), world.browser("vic"));
    let path = format!("/incidents/{id}/stream");
    let mut watchers = [Stream::open(&world, &omar, &path, None), Stream::open(&world, &vic, &path, None)];
    dana.post(&format!("/incidents/{id}/comments"), &[("body", "Isolated the host")]);
    for watcher in &mut watchers {
        assert!(watcher.entry().contains("Isolated the host"));
    }
}

#[test]
fn r8_every_entry_is_streamed_with_the_facts_that_changed() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut watcher = Stream::open(&world, &omar, &format!("/incidents/{id}/stream"), None);
    dana.post(&format!("/incidents/{id}"), &[("status", "resolved"), ("severity", "high")]);
    assert!(watcher.entry().contains("Severity: Medium (automatic) → High"));
    assert!(watcher.entry().contains("Status: Active → Resolved"));
    let state: serde_json::Value = serde_json::from_str(&watcher.next("state").unwrap().data).unwrap();
    assert!(state["text"].to_string().contains(r#"["activeAlerts","0/1"]"#), "{state}");
    assert!(state["fields"].to_string().contains(r#"["status","resolved"]"#), "{state}");
}

#[test]
fn r19_that_the_source_resolved_all_alerts_reaches_an_open_pane() {
    let world = world();
    let open = alert("One").id("1").device("web-01.contoso.test").json();
    let id = world.ingest(std::slice::from_ref(&open))[0];
    let omar = world.browser("omar");
    let mut watcher = Stream::open(&world, &omar, &format!("/incidents/{id}/stream"), None);
    let mut resolved = open;
    resolved["status"] = "resolved".into();
    resolved["lastUpdateDateTime"] = "2099-01-01T00:00:00Z".into();
    world.ingest(&[resolved]);
    let state = watcher.next("state").unwrap().data;
    assert!(state.contains(r#"["allAlertsResolved","All alerts resolved at the source."]"#), "{state}");
}

#[test]
fn r8_an_alert_page_follows_its_alert_through_a_move() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut watcher = Stream::open(&world, &omar, "/alerts/1/stream", None);
    dana.post("/alerts/1/comments", &[("body", "First")]);
    assert!(watcher.entry().contains("First"));
    dana.post("/alerts/move", &[("alerts", "1"), ("target", &two.to_string())]);
    assert!(watcher.entry().contains(&format!("moved here from incident {one}")));
    dana.post("/alerts/1/comments", &[("body", "Second")]);
    assert!(watcher.entry().contains("Second"));
}

#[test]
fn what_was_missed_is_replayed_once_after_a_disconnect() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let path = format!("/incidents/{id}/stream");
    let say = |body: &str| dana.post(&format!("/incidents/{id}/comments"), &[("body", body)]);
    let mut watcher = Stream::open(&world, &omar, &path, None);
    say("Seen");
    let last = watcher.next("entry").unwrap().id;
    drop(watcher);
    say("Missed one");
    say("Missed two");
    let mut watcher = Stream::open(&world, &omar, &path, Some(&last));
    assert!(watcher.entry().contains("Missed one"));
    assert!(watcher.entry().contains("Missed two"));
    say("Next");
    assert!(watcher.entry().contains("Next"), "nothing came twice");
}

#[test]
fn after_a_restart_streams_resume_and_people_are_still_signed_in() {
    let mut world = world();
    let id = world.incident("One");
    let omar = world.browser("omar");
    let path = format!("/incidents/{id}/stream");
    let mut watcher = Stream::open(&world, &omar, &path, None);
    omar.post(&format!("/incidents/{id}/comments"), &[("body", "Before")]);
    let last = watcher.next("entry").unwrap().id;
    world.stop();
    assert!(watcher.next("entry").is_none(), "an open stream ends at once when the server stops");
    world.start();
    omar.post(&format!("/incidents/{id}/comments"), &[("body", "After")]);
    let mut watcher = Stream::open(&world, &omar, &path, Some(&last));
    assert!(watcher.entry().contains("After"));
}

#[test]
fn a_stream_needs_a_session_and_ends_with_it() {
    let world = world();
    let id = world.incident("One");
    let path = format!("/incidents/{id}/stream");
    let nobody = crate::support::Browser::new(&world.base);
    assert_eq!(Stream::open(&world, &nobody, &path, None).status, 303);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut watcher = Stream::open(&world, &omar, &path, None);
    let cookie = omar.cookie();
    omar.post("/logout", &[]);
    dana.post(&format!("/incidents/{id}/comments"), &[("body", "Secret")]);
    assert!(watcher.next("entry").is_none(), "signed out with {cookie}, saw an entry");
    assert_eq!(Stream::open(&world, &dana, "/incidents/99/stream", None).status, 404);
}

#[test]
fn a_new_alert_shows_in_the_open_pane() {
    let world = world();
    let id = world.ingest(&[alert("One").device("a.contoso.example").json()])[0];
    let omar = world.browser("omar");
    let mut watcher = Stream::open(&world, &omar, &format!("/incidents/{id}/stream"), None);
    world.ingest(&[alert("Two").device("a.contoso.example").json()]);
    assert!(watcher.entry().contains("Alert Two Alert added. Same device a.contoso.example"));
}
