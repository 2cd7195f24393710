//! What an incident shows of itself is always what its alerts say.

use serde_json::Value;

use crate::support::product::{Titles, automatic_name, find_incident};
use crate::support::{World, alert, world};

/// Counts, times and names of incidents are exactly what their alerts and evidence say. They are stored
/// with the incident, and no page shows them beside the rows that they are computed from.
pub fn assert_consistent(world: &World) {
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
    for id in world.browser("dana").incidents().iter().map(|incident| incident["id"].as_i64().unwrap()) {
        world
            .db
            .read_now(|conn| {
                let incident = find_incident(conn, id)?;
                if incident.alert_count > 0 {
                    let mut unknown = incident.clone();
                    unknown.scope.titles = Titles::default();
                    let name = automatic_name(conn, &unknown)?;
                    assert_eq!(without_title(&incident.name), without_title(&name), "incident {id}");
                }
                Ok(())
            })
            .unwrap();
    }
}

/// A name without its most telling title, which stays when what was rare becomes common.
fn without_title(name: &str) -> &str {
    let more = name.find(" more").unwrap_or(0);
    name.get(..more).and_then(|before| before.rfind(" and ")).map_or(name, |and| &name[and..])
}

#[test]
fn counts_times_and_names_of_incidents_agree_with_their_alerts_after_random_batches() {
    let world = world();
    let mut random = fastrand::Rng::with_seed(5);
    for round in 0..12 {
        let batch: Vec<Value> = (0..random.usize(1..12))
            .map(|number| {
                let mut alert = alert(["Odd login", "Script run", "Data sent"][random.usize(..3)])
                    .id(&format!("{round}-{number}"))
                    .category(["InitialAccess", "Execution", "Exfiltration"][random.usize(..3)])
                    .severity(["low", "medium", "high"][random.usize(..3)])
                    .minutes_ago(random.i64(1..3000));
                for _ in 0..random.usize(..3) {
                    alert = alert.device(&format!("host-{}.contoso.example", random.usize(..6)));
                }
                if random.bool() {
                    alert = alert.user(&format!("user-{}@contoso.example", random.usize(..6)));
                }
                alert.json()
            })
            .collect();
        world.ingest(&batch);
    }
    assert_consistent(&world);
}
