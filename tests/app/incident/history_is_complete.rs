//! The history is complete: an incident rebuilt from its entries alone equals its row, whatever
//! was done to it (R7).

use std::collections::BTreeSet;

use crate::support::product::{Change, Kinds, Outcome, Severity, Status, alert_states, find_incident, tags, timeline};
use crate::support::{World, alert, world};

#[derive(Debug, PartialEq, Eq, Default)]
struct Rebuilt {
    name: String,
    severity: Severity,
    status: Option<Status>,
    outcome: Outcome,
    owner: Option<i64>,
    note: Option<String>,
    follow_up: Option<i64>,
    tags: BTreeSet<String>,
    alerts: BTreeSet<i64>,
}

fn from_history(world: &World, id: i64) -> Rebuilt {
    let mut entries = world.db.read_now(|conn| timeline::of_incident(conn, id, Kinds::All, None)).unwrap().entries;
    assert!(entries.len() < 100, "one page holds it all");
    entries.reverse();
    let mut built = Rebuilt::default();
    for entry in entries {
        match (entry.alert_id, entry.change) {
            (None, Change::Opened { name, severity, status, outcome, .. }) => {
                (built.name, built.severity, built.status, built.outcome) = (name, severity, Some(status), outcome);
            }
            (None, Change::Renamed { to, .. }) => built.name = to,
            (None, Change::SeveritySet { to, .. }) => built.severity = to,
            (None, Change::StatusSet { to, note, .. }) => (built.status, built.note) = (Some(to), note),
            (None, Change::ResolvingNoteSet { to, .. }) => built.note = to,
            (None, Change::Classified { to, .. }) => built.outcome = to,
            (None, Change::Assigned { to, .. }) => built.owner = to,
            (None, Change::FollowUpSet { to, .. }) => built.follow_up = to,
            (None, Change::Tagged { tag, .. }) => drop(built.tags.insert(tag)),
            (None, Change::Untagged { tag, .. }) => drop(built.tags.remove(&tag)),
            (None, Change::Redirected { .. }) => {
                built.status = Some(Status::Redirected);
                built.tags.insert("Redirected".into());
            }
            (None, Change::Restored { status }) => {
                built.status = Some(status);
                built.tags.remove("Redirected");
            }
            (Some(alert), Change::AlertAdded { .. } | Change::AlertMovedIn { .. }) => drop(built.alerts.insert(alert)),
            (Some(alert), Change::AlertMovedOut { .. }) => drop(built.alerts.remove(&alert)),
            (None, Change::AlertsMovedIn { .. }) => {
                built.alerts.extend(entry.parts.listed.iter().map(|part| part.alert));
            }
            (None, Change::AlertsMovedOut { .. }) => {
                entry.parts.listed.iter().for_each(|part| {
                    built.alerts.remove(&part.alert);
                });
            }
            _ => {}
        }
    }
    built
}

fn from_rows(world: &World, id: i64) -> Rebuilt {
    world
        .db
        .read_now(|conn| {
            let incident = find_incident(conn, id)?;
            Ok(Rebuilt {
                severity: incident.severity,
                status: Some(incident.status),
                outcome: incident.outcome(),
                owner: incident.assigned_to,
                note: incident.resolving_note.clone(),
                follow_up: incident.follow_up_at,
                name: incident.name,
                tags: tags::of(conn, id)?.into_iter().map(|tag| tag.name).collect(),
                alerts: alert_states(conn, id)?.into_iter().map(|alert| alert.id).collect(),
            })
        })
        .unwrap()
}

/// Every incident that was not merged, and whose history is one page, equals what its entries say.
pub fn assert_history_is_complete(world: &World) {
    for incident in world.browser("dana").incidents() {
        let id = incident["id"].as_i64().unwrap();
        let merges = format!(
            "SELECT count(*) AS n FROM history WHERE incident_id = {id} \
             AND (kind LIKE '%erged%' OR kind IN ('redirected', 'restored', 'mergeUndone'))"
        );
        if world.db.read_now(|conn| find_incident(conn, id)).unwrap().revision < 90 && world.count(&merges) == 0 {
            assert_eq!(from_history(world, id), from_rows(world, id), "incident {id}");
        }
    }
}

#[test]
fn r7_an_incident_rebuilt_from_its_entries_equals_its_row_after_random_edits() {
    let world = world();
    let mut random = fastrand::Rng::with_seed(7);
    let on = |title: &str, host: usize| alert(title).device(&format!("host-{host}.contoso.example")).json();
    let ids: Vec<i64> = (0..3).map(|host| world.ingest(&[on("First", host)])[0]).collect();
    let mut alerts = 3;
    let browsers = [world.browser("dana"), world.browser("omar")];
    for step in 0..90 {
        let id = ids[random.usize(..3)];
        let browser = &browsers[random.usize(..2)];
        let path = format!("/incidents/{id}");
        let pick = |random: &mut fastrand::Rng, values: &[&'static str]| values[random.usize(..values.len())];
        match random.usize(..11) {
            0 => drop(browser.post(
                &path,
                &[("status", pick(&mut random, &["active", "inProgress", "resolved"])), ("resolving_note", "Note")],
            )),
            1 => drop(browser.post(&path, &[("severity", pick(&mut random, &["low", "high", "automatic"]))])),
            2 => drop(browser.post(&path, &[("name", pick(&mut random, &["Name A", "Name B", ""]))])),
            3 => drop(browser.post(&path, &[("tags", pick(&mut random, &["VIP", "Q4, VIP", ""]))])),
            4 => drop(browser.post(&path, &[("assigned_to", pick(&mut random, &["dana", "omar", ""]))])),
            5 => drop(browser.post(
                &path,
                &[("classification", pick(&mut random, &["unknown", "truePositive:malware", "falsePositive:other"]))],
            )),
            6 => {
                let some = [(); 3].map(|()| random.i64(1..=alerts).to_string());
                let target = ids[random.usize(..3)].to_string();
                let mut fields = vec![("target", target.as_str())];
                fields.extend(some.iter().take(random.usize(1..=3)).map(|alert| ("alerts", alert.as_str())));
                drop(browser.post("/alerts/move", &fields));
            }
            7 => drop(browser.post(&path, &[("follow_up_at", pick(&mut random, &["2026-11-28", "2026-12-24", ""]))])),
            8 => {
                let some = [(); 4].map(|()| random.i64(1..=alerts).to_string());
                let status = pick(&mut random, &["new", "inProgress", "resolved"]);
                let mut fields = vec![("status", status), ("assigned_to", "*"), ("comment", "Changed")];
                fields.extend(some.iter().map(|alert| ("alerts", alert.as_str())));
                drop(browser.post("/alerts/bulk", &fields));
            }
            9 => drop(browser.post(&format!("{path}/comments"), &[("body", "Said")])),
            _ => {
                world.ingest(&[on(&format!("Alert {step}"), random.usize(..3))]);
                alerts += 1;
            }
        }
    }
    for id in ids {
        assert_eq!(from_history(&world, id), from_rows(&world, id), "incident {id}");
    }
}
