//! Grouping: the same alerts come to the same incidents in whatever order and batches they arrive,
//! noise stays out of attacks, and what an incident says of itself is always what its alerts say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::support::product::{Encoding, Labelled, Order, Truth, automatic_name, decoded, lookup};
use serde_json::{Value, json};

use crate::support::{World, alert, world};

/// Three stories, each held together by things that only some of its alerts share.
fn stories() -> Vec<Value> {
    let mut told = Vec::new();
    for (number, (host, user, other)) in
        [("web-01", "ana", "db-01"), ("mail-02", "ben", "file-02"), ("lap-03", "eva", "lap-04")].iter().enumerate()
    {
        let at = 600 - 180 * i64::try_from(number).unwrap();
        let device = format!("{host}.contoso.example");
        let user = format!("{user}@contoso.example");
        let other = format!("{other}.contoso.example");
        let steps = [
            alert("Suspicious attachment").category("InitialAccess").user(&user),
            alert("Suspicious PowerShell").category("Execution").device(&device).user(&user),
            alert("Credentials dumped").category("CredentialAccess").severity("high").device(&device),
            alert("Remote service used").category("LateralMovement").device(&device).device(&other),
            alert("Files collected").category("Collection").device(&other),
        ];
        for (step, alert) in steps.into_iter().enumerate() {
            let minutes = at - 20 * i64::try_from(step).unwrap();
            told.push(alert.id(&format!("{number}-{step}")).minutes_ago(minutes).json());
        }
    }
    told
}

/// The provider's ids that are together, whatever the incidents' numbers.
fn groups(world: &World) -> BTreeSet<BTreeSet<String>> {
    use diesel::RunQueryDsl as _;
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        incident: i64,
        #[diesel(sql_type = diesel::sql_types::Text)]
        alert: String,
    }
    let rows: Vec<Row> = world
        .db
        .read_now(|conn| {
            Ok(diesel::sql_query("SELECT incident_id AS incident, provider_alert_id AS alert FROM alerts")
                .load(conn)?)
        })
        .unwrap();
    let mut groups: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        groups.entry(row.incident).or_default().insert(row.alert);
    }
    groups.into_values().collect()
}

#[test]
fn neither_the_order_of_arrival_nor_the_batch_size_changes_the_grouping() {
    let expected: BTreeSet<BTreeSet<String>> =
        (0..3).map(|story| (0..5).map(|step| format!("{story}-{step}")).collect()).collect();
    for (seed, batch) in [(0, 100), (1, 1), (2, 1), (3, 4), (4, 100)] {
        let world = world();
        let mut told = stories();
        if seed > 0 {
            fastrand::Rng::with_seed(seed).shuffle(&mut told);
        }
        for batch in told.chunks(batch) {
            world.ingest(batch);
        }
        assert_eq!(groups(&world), expected, "seed {seed}, batches of {batch}");
        assert_consistent(&world);
    }
}

/// What lists show of incidents is exactly what their alerts and evidence say.
fn assert_consistent(world: &World) {
    for (what, wrong) in [
        (
            "alert counts",
            "SELECT count(*) AS n FROM incidents i WHERE alert_count <> \
             (SELECT count(*) FROM alerts a WHERE a.incident_id = i.id)",
        ),
        (
            "open alert counts",
            "SELECT count(*) AS n FROM incidents i WHERE open_alert_count <> \
             (SELECT count(*) FROM alerts a WHERE a.incident_id = i.id AND a.status <> 'resolved')",
        ),
        (
            "activity",
            "SELECT count(*) AS n FROM incidents i WHERE alert_count > 0 AND (first_activity <> \
             (SELECT min(first_activity) FROM alerts a WHERE a.incident_id = i.id) OR last_activity <> \
             (SELECT max(last_activity) FROM alerts a WHERE a.incident_id = i.id))",
        ),
        (
            "devices",
            "SELECT count(*) AS n FROM incidents i WHERE device_count <> (SELECT count(DISTINCT e.entity_id) \
             FROM evidence e JOIN alerts a ON a.id = e.alert_id JOIN entities t ON t.id = e.entity_id \
             WHERE a.incident_id = i.id AND t.kind = 'device' AND t.links)",
        ),
        (
            "users",
            "SELECT count(*) AS n FROM incidents i WHERE user_count <> (SELECT count(DISTINCT e.entity_id) \
             FROM evidence e JOIN alerts a ON a.id = e.alert_id JOIN entities t ON t.id = e.entity_id \
             WHERE a.incident_id = i.id AND t.kind = 'user' AND t.links)",
        ),
        (
            "entities",
            "SELECT count(*) AS n FROM incident_entities x WHERE alert_count <> (SELECT count(*) FROM evidence e \
             JOIN alerts a ON a.id = e.alert_id WHERE a.incident_id = x.incident_id AND e.entity_id = x.entity_id)",
        ),
        (
            "alerts' numbers of entries",
            "SELECT count(*) AS n FROM alerts a WHERE revision <> \
             (SELECT count(*) FROM history h WHERE h.alert_id = a.id AND h.alert_revision IS NOT NULL)",
        ),
        (
            "revisions",
            "SELECT count(*) AS n FROM incidents i WHERE revision <> \
             (SELECT count(*) FROM history h WHERE h.incident_id = i.id)",
        ),
    ] {
        assert_eq!(world.count(wrong), 0, "{what}");
    }
    let ids = world.count("SELECT max(id) AS n FROM incidents");
    for id in 1..=ids {
        world
            .db
            .read_now(|conn| {
                let Ok(incident) = lookup::find(conn, id) else { return Ok(()) };
                if incident.alert_count > 0 {
                    let mut unknown = incident.clone();
                    unknown.scope.titles.clear();
                    let name = automatic_name(conn, &unknown)?;
                    assert_eq!(incident.name, name, "incident {id}");
                }
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn what_an_incident_says_of_itself_is_what_its_alerts_say_after_any_batches() {
    let world = world();
    let mut random = fastrand::Rng::with_seed(5);
    for round in 0..12 {
        let batch: Vec<Value> = (0..random.usize(1..12))
            .map(|number| {
                let mut told = alert(["Odd login", "Script run", "Data sent"][random.usize(..3)])
                    .id(&format!("{round}-{number}"))
                    .category(["InitialAccess", "Execution", "Exfiltration"][random.usize(..3)])
                    .severity(["low", "medium", "high"][random.usize(..3)])
                    .minutes_ago(random.i64(1..3000));
                for _ in 0..random.usize(..3) {
                    told = told.device(&format!("host-{}.contoso.example", random.usize(..6)));
                }
                if random.bool() {
                    told = told.user(&format!("user-{}@contoso.example", random.usize(..6)));
                }
                told.json()
            })
            .collect();
        world.ingest(&batch);
    }
    assert_consistent(&world);
}

#[test]
fn noise_that_comes_back_every_hour_is_not_swept_into_an_attack() {
    let world = world();
    let noise = |hour: i64| {
        alert("Antivirus signature database update")
            .severity("low")
            .category("SuspiciousActivity")
            .device("web-01.contoso.example")
            .minutes_ago(60 * hour)
            .json()
    };
    for hour in (5..15).rev() {
        world.ingest(&[noise(hour)]);
    }
    let attack = world.ingest(&[
        alert("Web shell").severity("high").device("web-01.contoso.example").minutes_ago(200).json(),
        alert("Privilege escalation").severity("high").device("web-01.contoso.example").minutes_ago(195).json(),
    ]);
    assert_eq!(attack[0], attack[1]);
    let swept = format!("SELECT count(*) AS n FROM alerts WHERE incident_id = {} AND severity = 'low'", attack[0]);
    assert!(world.count(&swept) <= 3, "only what came before it was known to be routine");
    let late = world.ingest(&[noise(0)])[0];
    assert_ne!(late, attack[0], "a routine detection does not stretch the attack");
    assert_consistent(&world);
}

#[test]
fn what_is_busy_reaches_less_far_than_what_is_rare() {
    let world = world();
    let busy =
        |title: String, minutes: i64| alert(&title).device("build-01.contoso.example").minutes_ago(minutes).json();
    let burst: Vec<Value> = (0..60).map(|number| busy(format!("Detection {number}"), 600)).collect();
    let first = world.ingest(&burst)[0];
    let later = world.ingest(&[busy("Something else".into(), 200)])[0];
    assert_ne!(first, later, "six hours after sixty detections on a busy host");
    let rare = |title: &str, minutes| alert(title).device("safe-01.contoso.example").minutes_ago(minutes).json();
    let ids = world.ingest(&[rare("First", 600), rare("Second", 200)]);
    assert_eq!(ids[0], ids[1], "six hours after the only one on a quiet host");
}

#[test]
fn a_hash_links_only_when_its_source_condemns_the_file() {
    let world = world();
    let file = |verdict: &str, hash: &str| {
        json!({
            "@odata.type": "#microsoft.graph.security.fileEvidence",
            "verdict": verdict,
            "fileDetails": {"fileName": "tool.exe", "filePath": "C:\\Temp", "sha256": hash.repeat(64)},
        })
    };
    let ids = world.ingest(&[
        alert("One").device("a.contoso.example").evidence(file("unknown", "a")).json(),
        alert("Two").device("b.contoso.example").evidence(file("unknown", "a")).json(),
        alert("Three").device("c.contoso.example").evidence(file("malicious", "b")).json(),
        alert("Four").device("d.contoso.example").evidence(file("malicious", "b")).json(),
    ]);
    assert_ne!(ids[0], ids[1]);
    assert_eq!(ids[2], ids[3]);
}

fn security_incident() -> Value {
    json!({
        "IncidentName": "5f1c7a9e-0000-4000-8000-000000000001",
        "IncidentNumber": "77",
        "ProviderName": "Azure Sentinel",
        "Title": "Phishing against the board",
        "Severity": "High",
        "Status": "New",
        "Classification": "Undetermined",
        "CreatedTime": "2025-03-01T12:00:00Z",
        "LastModifiedTime": "2025-03-01T12:30:00Z",
        "AlertIds": ["aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"],
        "Comments": [],
    })
}

fn security_alert(number: i64, host: &str) -> Value {
    json!({
        "SystemAlertId": format!("aaaaaaaa-0000-4000-8000-{number:012}"),
        "VendorOriginalId": format!("vendor-{number}"),
        "DisplayName": format!("Detection {number}"),
        "AlertSeverity": "Medium",
        "ProductName": "Azure Sentinel",
        "ProviderName": "ASI Scheduled Alerts",
        "StartTime": "2025-03-01T11:00:00Z",
        "EndTime": "2025-03-01T11:00:00Z",
        "TimeGenerated": "2025-03-01T11:01:00Z",
        "Entities": json!([{"$id": "1", "Type": "host", "HostName": host}]).to_string(),
    })
}

#[test]
fn a_provider_s_incident_takes_its_alerts_whichever_of_them_is_told_first() {
    for incident_first in [true, false] {
        let world = world();
        let alerts = [security_alert(1, "lap-01"), security_alert(2, "lap-02")];
        if incident_first {
            world.ingest(&[security_incident()]);
            world.ingest(&alerts);
        } else {
            world.ingest(&alerts);
            world.ingest(&[security_incident()]);
        }
        assert_eq!(groups(&world).len(), 1, "incident first: {incident_first}");
        let queue = world.browser("dana").page("/incidents?range=all&status=all&severity=all");
        let rows = crate::support::page::texts(&queue, "tbody tr");
        assert!(rows.iter().any(|row| row.contains("Phishing against the board")), "{rows:?}");
    }
}

fn shared(file: &str) -> Option<Vec<u8>> {
    let folder = std::env::var("WATCHDESK_SHARED")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), Into::into);
    std::fs::read(folder.join("data").join(file)).ok()
}

#[test]
fn labelled_incidents_of_a_cloud_and_endpoint_estate_come_out_exactly() {
    let Some(alerts) = shared("sentinel/alerts.jsonl") else { return };
    let truth = String::from_utf8(shared("sentinel/ground_truth.csv").unwrap()).unwrap();
    let table = truth.lines().skip(1).filter_map(|line| line.split_once(','));
    let table = table.map(|(id, group)| (id.to_lowercase(), group.trim().to_owned())).collect();
    let labelled = Labelled::read(&alerts, &Truth::Table(table));
    assert_eq!(labelled.len(), 33);
    let mut runs = vec![(Order::Time, 1), (Order::Time, 50), (Order::Time, usize::MAX)];
    runs.extend((1..=5).map(|seed| (Order::Shuffled(seed), 10)));
    for (order, batch) in runs {
        let figures = labelled.run(order, batch).unwrap();
        assert_eq!((figures.score.precision, figures.score.recall), (1.0, 1.0), "{order}, batches of {batch}");
        for name in [
            "Multi-stage incident involving Execution & Discovery on one endpoint",
            "Multi-stage incident involving Defense evasion & Discovery on one endpoint",
            "Multi-stage incident involving Initial access & Collection involving one user reported by multiple sources",
        ] {
            assert!(figures.names.iter().any(|known| known == name), "{name:?} is not among {:?}", figures.names);
        }
    }
}

#[test]
fn two_noisy_sites_come_to_at_most_thirty_incidents_a_day_and_sweep_in_less_than_linking_by_host() {
    for site in ["russellmitchell", "shaw"] {
        let Some(packed) = shared(&format!("ait-ads/{site}.jsonl.gz")) else { return };
        let mut body = Vec::new();
        let mut plain = decoded(packed.as_slice(), Encoding::Detect, 1 << 30);
        std::io::Read::read_to_end(&mut plain, &mut body).unwrap();
        let labelled = Labelled::read(&body, &Truth::Pointer("/gt_episode".into()));
        let noise = labelled.run(Order::Time, 200).unwrap().noise.unwrap();
        let by_host = labelled.by_device_within_an_hour().noise.unwrap();
        assert!(noise.most_a_day <= 30, "{site}: {} incidents on the busiest day", noise.most_a_day);
        assert!(noise.swept < by_host.swept, "{site}: {} against {}", noise.swept, by_host.swept);
    }
}
