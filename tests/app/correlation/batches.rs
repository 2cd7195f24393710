//! Batches: what came together or one by one, twice or the wrong way round, ends as the same.

use serde_json::{Value, json};

use crate::support::{World, alert, world};

fn homes(world: &World) -> i64 {
    world.count("SELECT count(DISTINCT incident_id) AS n FROM alerts")
}

fn on(id: &str, title: &str, devices: &[&str], minutes: i64) -> Value {
    let told = alert(title).id(id).minutes_ago(minutes);
    devices.iter().fold(told, |told, device| told.device(&format!("{device}.contoso.example"))).json()
}

#[test]
fn one_alert_ties_all_the_incidents_it_is_linked_to() {
    let world = world();
    let apart: Vec<Value> =
        ["a", "b", "c", "d"].iter().map(|name| on(name, &format!("On {name}"), &[name], 30)).collect();
    world.ingest(&apart);
    assert_eq!(homes(&world), 4);
    world.ingest(&[on("t", "On all", &["a", "b", "c", "d"], 20)]);
    assert_eq!(homes(&world), 1);
}

#[test]
fn an_alert_told_several_times_in_a_batch_is_one_alert_and_the_last_word_counts() {
    let world = world();
    let told = |id: &str, severity: &str| alert("Odd login").id(id).severity(severity).device("web-01").json();
    let batch = [told("x", "low"), told("y", "low"), told("x", "medium"), told("y", "high"), told("x", "high")];
    let answer = world.post_alerts(&Value::from(batch.to_vec()).to_string());
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts WHERE severity = 'high'"), 2);
    let incident = json!({
        "@odata.type": "#microsoft.graph.security.incident",
        "id": "77", "tenantId": "t", "displayName": "Told twice", "status": "active", "severity": "medium",
        "createdDateTime": "2025-03-01T10:00:00Z", "lastUpdateDateTime": "2025-03-01T10:00:00Z",
        "alerts": [told("p", "low"), told("q", "low"), told("p", "high"), told("q", "high")],
    });
    assert_eq!(world.post_alerts(&incident.to_string()).status, 200);
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts WHERE severity = 'high'"), 4);
}

fn event(hour: i64) -> Value {
    json!({
        "time": format!("2025-03-01T{hour:02}:00:00.000000000Z"),
        "rule": "Terminal shell in container",
        "priority": "Notice",
        "source": "syscall",
        "hostname": "node-01",
        "output": format!("A shell was used ({hour})"),
        "output_fields": {"container.id": "c0ffee", "user.name": "app"},
    })
}

#[test]
fn repeats_told_newest_first_begin_with_the_first() {
    let span = |batches: &[&[i64]]| {
        let world = world();
        for batch in batches {
            world.ingest(&batch.iter().map(|hour| event(*hour)).collect::<Vec<_>>());
        }
        assert_eq!(world.count("SELECT count(*) AS n FROM alerts"), 1);
        assert_eq!(world.count("SELECT occurrences AS n FROM alerts"), 4);
        let minutes = "SELECT (last_activity - first_activity) / 60000000 AS n FROM ";
        let entities = "SELECT (max(last_seen) - min(first_seen)) / 60000000 AS n FROM incident_entities";
        (world.count(&format!("{minutes} alerts")), world.count(&format!("{minutes} incidents")), world.count(entities))
    };
    assert_eq!(span(&[&[8, 9, 10, 11]]), (180, 180, 180));
    assert_eq!(span(&[&[11, 10, 9, 8]]), (180, 180, 180));
    assert_eq!(span(&[&[11], &[10, 9], &[8]]), (180, 180, 180), "and however they are cut into batches");
}

#[test]
fn new_evidence_of_a_known_alert_links_it() {
    let world = world();
    let ids = world.ingest(&[on("1", "First", &["a"], 30), on("2", "Second", &["b"], 29)]);
    assert_ne!(ids[0], ids[1]);
    world.ingest(&[on("2", "Second", &["b", "a"], 29)]);
    assert_eq!(homes(&world), 1);
}

#[test]
fn an_old_alert_in_a_batch_takes_nothing_from_the_links_of_new_ones() {
    let world = world();
    let from = |id: &str, device: &str, minutes: i64| {
        alert(&format!("Seen {id}"))
            .id(id)
            .device(&format!("{device}.contoso.example"))
            .ip("203.0.113.7")
            .minutes_ago(minutes)
    };
    let weeks = 60 * 24 * 56;
    let busy: Vec<Value> =
        (0..130).map(|number| from(&format!("old-{number}"), &format!("host-{number}"), weeks).json()).collect();
    world.ingest(&busy);
    let first = world.ingest(&[from("now-1", "lap-01", 30).json()])[0];
    let both = world.ingest(&[from("late", "lap-03", weeks).json(), from("now-2", "lap-02", 20).json()]);
    assert_eq!(both[1], first);
}

#[test]
fn what_a_person_took_apart_stays_apart_whoever_says_otherwise() {
    let world = world();
    let dana = world.browser("dana");
    let ids = world.ingest(&[on("1", "First", &["a"], 30), on("2", "Second", &["a"], 29)]);
    assert_eq!(ids[0], ids[1]);
    dana.post("/alerts/move", &[("alerts", "2"), ("new_incident", "1"), ("reason", "False correlation")]);
    assert_eq!(homes(&world), 2);
    world.ingest(&[on("3", "Third", &["a"], 20)]);
    assert_eq!(homes(&world), 2);
}
