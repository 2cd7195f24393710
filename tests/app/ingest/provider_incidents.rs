//! Imports: incidents keep their names (R5), real exports come in whole, a kill halfway is mended
//! by importing again.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::page::{fact, queue_names, text, texts};
use crate::support::{World, alert, world};

/// Real alerts, where they are (always in CI).
fn shared(file: &str) -> Option<Vec<u8>> {
    let folder = std::env::var("WATCHDESK_SHARED")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    std::fs::read(folder.join("data").join(file)).ok()
}

fn graph_incident() -> Value {
    json!({
        "@odata.type": "#microsoft.graph.security.incident",
        "id": "4711",
        "tenantId": "t-1",
        "displayName": "Provider's own name",
        "status": "inProgress",
        "severity": "high",
        "classification": "truePositive",
        "determination": "malware",
        "assignedTo": "kai@contoso.example",
        "customTags": ["Demo"],
        "comments": [{"comment": "From there", "createdByDisplayName": "Kai", "createdDateTime": "2026-05-01T10:00:00Z"}],
        "createdDateTime": "2026-05-01T09:00:00Z",
        "lastUpdateDateTime": "2026-05-01T11:00:00Z",
        "alerts": [
            alert("One").id("g-1").severity("low").device("a.contoso.example").json(),
            alert("Two").id("g-2").user("ana@contoso.example").json(),
        ],
    })
}

#[test]
fn r5_an_imported_incident_keeps_its_name_its_alerts_and_its_comments() {
    let world = world();
    assert_eq!(world.post_alerts(&graph_incident().to_string()).json()["created"], 2);
    let dana = world.browser("dana");
    let page = dana.page("/incidents/1");
    assert_eq!(text(&page, "h1"), "Provider's own name");
    assert_eq!(fact(&page, "Name"), "Imported");
    assert_eq!(fact(&page, "Classification"), "True positive - Malware");
    assert_eq!(text(&page, ".head-facts .status"), "In progress");
    assert_eq!(texts(&page, ".head-facts .tag"), ["Demo"]);
    assert_eq!(text(&page, ".big"), "2/2 active alerts");
    let history = dana.history(1).join(" | ");
    assert!(history.contains("Kai") && history.contains("From there"), "{history}");
    assert!(history.contains("It was assigned to kai@contoso.example there"), "{history}");
    world.ingest(&[alert("Three").category("Impact").device("a.contoso.example").json()]);
    assert_eq!(text(&dana.page("/incidents/1"), "h1"), "Provider's own name");
}

#[test]
fn importing_an_incident_again_creates_nothing() {
    let world = world();
    let body = graph_incident().to_string();
    world.post_alerts(&body);
    let before = world.count("SELECT count(*) AS n FROM history");
    let again = world.post_alerts(&body).json();
    assert_eq!((&again["created"], &again["updated"]), (&json!(0), &json!(2)));
    assert_eq!(world.count("SELECT count(*) AS n FROM incidents"), 1);
    assert_eq!(world.count("SELECT count(*) AS n FROM history"), before);
}

#[test]
fn real_sentinel_alerts_come_out_grouped_and_named_as_their_analysts_had_them() {
    let Some(body) = shared("sentinel/alerts.jsonl") else { return };
    let world = world();
    let body = String::from_utf8(body).unwrap();
    let told = world.post_alerts(&body).json();
    assert_eq!((&told["created"], &told["rejected"]), (&json!(33), &json!(0)));
    let again = world.post_alerts(&body).json();
    assert_eq!((&again["created"], &again["updated"]), (&json!(0), &json!(33)));
    let names = queue_names(&world.browser("dana").page("/incidents?sort=id&severity=all"));
    assert_eq!(
        names,
        [
            "Multi-stage incident involving Execution & Discovery on one endpoint",
            "Multi-stage incident involving Defense evasion & Discovery on one endpoint",
            "Multi-stage incident involving Initial access & Collection involving one user reported by multiple sources",
            "Multi-stage incident involving Initial access & Collection on multiple endpoints reported by multiple sources",
        ]
    );
    assert_matches_truth(&world);
}

/// The labelled grouping, pair by pair: none missing, none too many.
fn assert_matches_truth(world: &World) {
    let truth = String::from_utf8(shared("sentinel/ground_truth.csv").unwrap()).unwrap();
    let incident_of = |system_id: &str| {
        world.count(&format!(
            "SELECT a.incident_id AS n FROM alerts a JOIN alert_payloads p ON p.alert_id = a.id \
             WHERE p.payload LIKE '%\"SystemAlertId\":\"{system_id}\"%'"
        ))
    };
    let labelled: Vec<(i64, &str)> = truth
        .lines()
        .skip(1)
        .filter_map(|line| line.trim().split_once(','))
        .map(|(id, label)| (incident_of(id), label))
        .collect();
    for (index, one) in labelled.iter().enumerate() {
        for other in &labelled[index + 1..] {
            assert_eq!(one.0 == other.0, one.1 == other.1, "{one:?} {other:?}");
        }
    }
}

#[test]
fn real_graph_incidents_keep_their_names_and_the_stray_line_is_told() {
    let Some(body) = shared("defender/graph-incident-with-alert.ndjson") else { return };
    let world = world();
    let body = String::from_utf8(body).unwrap();
    let answer = world.post_alerts(&body);
    assert_eq!(answer.status, 207);
    let told = answer.json();
    assert_eq!(told["rejected"], 1);
    assert_eq!(told["results"].as_array().unwrap().last().unwrap()["line"], 10);
    let before = world.count("SELECT count(*) AS n FROM history");
    assert_eq!(world.post_alerts(&body).json()["created"], 0);
    assert_eq!(world.count("SELECT count(*) AS n FROM history"), before);
    let names = queue_names(&world.browser("dana").page("/incidents?status=all&severity=all&sort=id"));
    assert!(names.contains(&"'Malgent' malware was detected on a Microsoft SQL server on one endpoint".to_owned()));
    assert!(names.contains(&"Email reported by user as junk involving one user".to_owned()));
}

/// What an import leaves, apart from when it happened.
fn result(world: &World) -> Vec<String> {
    let dana = world.browser("dana");
    let page = dana.page("/incidents?status=all&severity=all&range=all&sort=id&limit=200");
    let mut rows = texts(&page, ".queue tbody .col-name");
    rows.extend(texts(&page, ".queue tbody .col-active"));
    rows.push(world.count("SELECT count(*) AS n FROM alerts").to_string());
    rows.push(world.count("SELECT count(*) AS n FROM evidence").to_string());
    rows.push(world.count("SELECT count(*) AS n FROM history").to_string());
    rows
}

#[test]
fn an_import_killed_halfway_and_run_again_equals_an_undisturbed_one() {
    let lines: Vec<String> = (0..1_500)
        .map(|n| {
            alert("Repeated")
                .id(&format!("k-{n}"))
                .device(&format!("host-{}.contoso.example", n / 10))
                .json()
                .to_string()
        })
        .collect();
    let body = lines.join("\n");
    let undisturbed = world();
    assert_eq!(import(&undisturbed, &body, false), 1_500);
    let disturbed = world();
    let some = import(&disturbed, &body, true);
    assert!(some < 1_500, "it was killed before it was done, at {some}");
    assert_eq!(some % 200, 0, "a batch is there or not");
    assert_eq!(import(&disturbed, &body, false), 1_500);
    assert_eq!(result(&disturbed), result(&undisturbed));
}

/// Runs `watchdesk import -`; kills it once the first batch is stored, if asked. Returns how many
/// alerts are there afterwards.
fn import(world: &World, body: &str, kill: bool) -> i64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_watchdesk"))
        .args(["import", "-", "--database-url", &world.database.text()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(body.as_bytes()).unwrap();
    drop(stdin);
    let stored = || world.count("SELECT count(*) AS n FROM alerts");
    while kill && stored() == 0 {
        std::thread::yield_now();
    }
    if kill {
        child.kill().unwrap();
        child.wait().unwrap();
    } else {
        assert!(child.wait().unwrap().success());
    }
    stored()
}

#[test]
fn an_alert_of_an_incident_that_cannot_be_read_is_told_and_the_rest_is_taken() {
    let world = world();
    let incident = json!({"id": "1", "displayName": "Half", "alerts": [alert("Good").json(), {"severity": "low"}]});
    let answer = world.post_alerts(&incident.to_string());
    assert_eq!(answer.status, 207);
    let told = answer.json();
    assert_eq!((&told["created"], &told["rejected"]), (&json!(1), &json!(1)));
    assert!(told["results"][1]["error"].as_str().unwrap().starts_with("Alert 2 of the incident"), "{told}");
}

#[test]
fn r9_an_imported_tag_cannot_pass_for_a_system_tag() {
    let world = world();
    let incident = json!({"id": "1", "displayName": "Tagged", "customTags": ["Redirected", "a, b"], "alerts": [alert("One").json()]});
    world.post_alerts(&incident.to_string());
    let dana = world.browser("dana");
    assert_eq!(texts(&dana.page("/incidents/1"), ".head-facts .tag"), ["a", "b"]);
    world.incident("Two");
    dana.post("/alerts/move", &[("alerts", "1"), ("target", "2")]);
    assert_eq!(texts(&dana.page("/incidents?status=redirected"), "tbody .tag-system"), ["Redirected"]);
}

#[test]
fn r7_an_imported_incident_saved_as_it_stands_records_nothing() {
    let world = world();
    let mut incident = graph_incident();
    incident["displayName"] = json!("Two  blanks\u{a0}and more ");
    incident["status"] = json!("resolved");
    incident["resolvingComment"] = json!("line\nline");
    world.post_alerts(&incident.to_string());
    let dana = world.browser("dana");
    let page = dana.page("/incidents/1");
    let name = crate::support::page::value(&page, "#m-name");
    let before = dana.history(1).len();
    let form = [
        ("name", name.as_str()),
        ("status", "resolved"),
        ("resolving_note", "line\r\nline"),
        ("tags", ""),
        ("tags", "Demo"),
    ];
    assert_eq!(dana.post("/incidents/1", &form).status, 303);
    assert_eq!(dana.history(1).len(), before, "{:?}", dana.history(1));
}

#[test]
fn a_providers_incident_told_again_is_taken_over_where_no_person_decided_otherwise() {
    let world = world();
    let mut incident = graph_incident();
    world.post_alerts(&incident.to_string());
    let dana = world.browser("dana");
    dana.post("/incidents/1", &[("classification", "falsePositive:other")]);
    incident["status"] = json!("resolved");
    incident["determination"] = json!("phishing");
    incident["displayName"] = json!("Provider's newer name");
    incident["lastUpdateDateTime"] = json!("2026-05-02T11:00:00Z");
    world.post_alerts(&incident.to_string());
    let page = dana.page("/incidents/1");
    assert_eq!(text(&page, "h1"), "Provider's newer name");
    assert_eq!(text(&page, ".head-facts .status"), "Resolved");
    assert_eq!(fact(&page, "Classification"), "False positive - Other", "a person's word stays");
}
