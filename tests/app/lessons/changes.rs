//! Edits, moves, merges and undo keep the numbers right.

use serde_json::Value;

use super::world::{act, ingest, lessons, told, undo};
use crate::support::product::lessons_rebuild;
use crate::support::{Browser, World, alert, minutes_ago, world};

/// Everything that is kept, in words that two stores can be compared by.
fn kept(world: &World) -> Vec<String> {
    // No page tells the sums of each day.
    let mut rows = Vec::new();
    let counts = "not_set || ' ' || true_positive || ' ' || informational || ' ' || false_positive";
    for (table, columns) in [
        (
            "lesson_detections",
            format!("day || ' ' || key || ' ' || source || ' ' || category || ' ' || title_key || ' ' || {counts}"),
        ),
        ("lesson_assets", format!("day || ' ' || entity_id || ' ' || {counts}")),
        ("lesson_incidents", format!("day || ' ' || owner_id || ' ' || {counts}")),
    ] {
        let any = "not_set <> 0 OR true_positive <> 0 OR informational <> 0 OR false_positive <> 0";
        rows.extend(
            world.texts(&format!("SELECT '{table} ' || {columns} AS text FROM {table} WHERE {any} ORDER BY 1")),
        );
    }
    rows.extend(world.texts(
        "SELECT 'times ' || day || ' ' || measure || ' ' || owner_id || ' ' || minutes || ' ' || incidents AS text \
         FROM lesson_times WHERE incidents <> 0 ORDER BY 1",
    ));
    rows.extend(world.texts(
        "SELECT 'work ' || incident_id || ' ' || COALESCE(assigned_at, 0) || ' ' || COALESCE(commented_at, 0) || ' ' \
         || COALESCE(resolved_at, 0) || ' ' || reopened AS text FROM incident_work \
         WHERE COALESCE(assigned_at, commented_at, resolved_at, 0) + reopened > 0 ORDER BY 1",
    ));
    rows
}

fn assert_as_rebuilt(world: &World) {
    let followed = kept(world);
    world.db.write_now(lessons_rebuild::rebuild).unwrap();
    assert_eq!(followed, kept(world));
}

#[test]
fn a_hundred_acts_and_undos_leave_what_counting_everything_again_gives() {
    let world = world();
    let dana = world.browser("dana");
    let mut random = fastrand::Rng::with_seed(16);
    for _ in 0..5 {
        ingest(&world, &mut random, 15);
        for _ in 0..20 {
            if random.usize(..4) == 0 { undo(&world, &dana) } else { act(&dana, &mut random) }
        }
        assert_as_rebuilt(&world);
    }
}

#[test]
fn an_alert_that_its_source_updates_counts_as_it_is_now() {
    let world = world();
    let first = alert("Beacon").id("a1").device("web-01.contoso.example").category("Execution");
    world.ingest(&[first.clone().json()]);
    world.ingest(&[first
        .clone()
        .category("Impact")
        .device("web-02.contoso.example")
        .with("title", "Beacon to a new domain")
        .with("lastUpdateDateTime", minutes_ago(0))
        .with("classification", "falsePositive")
        .json()]);
    let said = lessons(&world.browser("dana"), "range=7d");
    let names = |rows: &Value, name: &str| -> Vec<String> {
        rows.as_array().unwrap().iter().map(|row| row[name].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&said["detections"], "title"), ["Beacon to a new domain"]);
    assert_eq!(names(&said["tactics"], "name"), ["impact"]);
    assert_eq!(names(&said["assets"], "name").len(), 2);
    assert_as_rebuilt(&world);
}

#[test]
fn two_hosts_that_turn_out_to_be_one_count_as_one() {
    let world = world();
    let device = |name: &str, id: &str| serde_json::json!({"@odata.type": "#microsoft.graph.security.deviceEvidence", "deviceDnsName": name, "mdeDeviceId": id});
    let by_name = alert("One").device("web-01.contoso.example").json();
    let by_id = alert("Two")
        .evidence(serde_json::json!({"@odata.type": "#microsoft.graph.security.deviceEvidence", "mdeDeviceId": "d-17"}))
        .json();
    world.ingest(&[by_name]);
    world.ingest(&[by_id]);
    world.ingest(&[alert("Three").evidence(device("web-01.contoso.example", "d-17")).json()]);
    let said = lessons(&world.browser("dana"), "range=7d");
    let assets: Vec<i64> = said["assets"].as_array().unwrap().iter().map(|row| told(row)[0]).collect();
    assert_eq!(assets, [3]);
    assert_as_rebuilt(&world);
}

#[test]
fn repeats_that_add_evidence_to_an_alert_count_for_its_assets() {
    let world = world();
    // A sensor's records, of which the later ones name somebody.
    let event = |number: i64, user: Option<&str>| {
        let fields = user.map_or(serde_json::json!({}), |user| serde_json::json!({"user.name": user}));
        serde_json::json!({
            "uuid": format!("event-{number}"),
            "rule": "Terminal shell in container",
            "priority": "Notice",
            "output": format!("A shell was spawned (number {number})"),
            "time": minutes_ago(30 - number),
            "source": "syscall",
            "hostname": "node-01.contoso.test",
            "output_fields": fields,
        })
        .to_string()
    };
    for lines in [vec![event(1, None), event(2, None)], vec![event(3, Some("ana.silva")), event(4, Some("ben.okoro"))]]
    {
        assert_eq!(world.post_alerts(&lines.join("\n")).status, 200);
    }
    let said = lessons(&world.browser("dana"), "range=7d");
    let host = said["assets"].as_array().unwrap().iter().find(|row| row["name"] == "node-01.contoso.test").unwrap();
    assert_eq!(told(host)[0], told(&said["alerts"])[0], "each alert is about the host, however often it was seen");
    let repeats = world.count("SELECT CAST(SUM(occurrences) - COUNT(*) AS bigint) AS n FROM alerts");
    assert!(repeats > 0, "some were repeats");
    for query in ["range=7d", "range=7d&device=node-01"] {
        let said = lessons(&world.browser("dana"), query);
        assert_eq!(said["alerts"]["repeats"].as_i64(), Some(repeats), "{query}");
        assert_eq!(said["detections"][0]["repeats"].as_i64(), Some(repeats), "{query}");
    }
    assert_as_rebuilt(&world);
}

fn classified(browser: &Browser) -> [i64; 5] {
    told(&lessons(browser, "range=7d")["alerts"])
}

#[test]
fn classifying_and_undoing_it_move_the_numbers_there_and_back() {
    let world = world();
    let dana = world.browser("dana");
    let incident = world.incident("Beacon");
    let before = lessons(&dana, "range=7d");
    assert_eq!(classified(&dana), [1, 0, 0, 0, 1]);
    dana.post(&format!("/incidents/{incident}"), &[("classification", "truePositive:malware")]);
    assert_eq!(classified(&dana), [1, 1, 0, 0, 0]);
    undo(&world, &dana);
    assert_eq!(lessons(&dana, "range=7d"), before);
}

#[test]
fn an_incident_that_is_merged_away_is_not_counted_until_the_merge_is_undone() {
    let world = world();
    let dana = world.browser("dana");
    let (one, other) = (world.incident("Beacon").to_string(), world.incident("Phishing").to_string());
    let counted = || told(&lessons(&dana, "range=7d")["incidents"])[0];
    assert_eq!(counted(), 2);
    let answer = dana.post("/incidents/merge", &[("act", "merge"), ("ids", &one), ("ids", &other), ("kept", &one)]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(counted(), 1);
    assert_eq!(classified(&dana)[0], 2, "its alerts are in the other");
    undo(&world, &dana);
    assert_eq!(counted(), 2);
}

#[test]
fn times_are_those_of_people_and_a_resolution_that_is_undone_is_not_reopened() {
    let world = world();
    let dana = world.browser("dana");
    let incident = world.incident("Beacon");
    let path = format!("/incidents/{incident}");
    let times = |name: &str| lessons(&dana, "range=7d")["times"][name]["incidents"].as_i64().unwrap();
    let reopened = || lessons(&dana, "range=7d")["incidents"]["reopened"].as_i64().unwrap();
    assert_eq!((times("assign"), times("comment"), times("resolve"), reopened()), (0, 0, 0, 0));
    dana.post(&format!("{path}/assign-to-me"), &[]);
    dana.post(&format!("{path}/comments"), &[("body", "Looking at it.")]);
    dana.post(&path, &[("status", "resolved")]);
    assert_eq!((times("assign"), times("comment"), times("resolve"), reopened()), (1, 1, 1, 0));
    undo(&world, &dana);
    assert_eq!((times("resolve"), reopened()), (0, 0), "it was never resolved");
    dana.post(&path, &[("status", "resolved")]);
    dana.post(&path, &[("status", "active")]);
    assert_eq!((times("resolve"), reopened()), (0, 1));
}
