//! Whatever people and sources do in whatever order: counts, entities and what a search finds are what one would get by
//! working them out anew from the alerts, their evidence and the history; and so are attached files. All hash chains are whole.

use serde_json::json;

use crate::attachments::assert_attachments_are_kept;
use crate::proof::problems;
use crate::search::kept::assert_search_is_complete;
use crate::support::files::attach;
use crate::support::{Browser, World, alert, world};

const ACTS: usize = 1_000;
const HOSTS: usize = 12;

/// Rows that differ between what is stored of incidents and what their alerts and evidence say.
fn assert_counts_and_entities(world: &World, step: usize) {
    let linked = |kind: &str| {
        format!(
            "(SELECT count(DISTINCT x.entity_id) FROM evidence x JOIN alerts a ON a.id = x.alert_id \
             JOIN entities e ON e.id = x.entity_id WHERE a.incident_id = i.id AND e.kind = '{kind}' AND e.links)"
        )
    };
    let wrong_counts = format!(
        "SELECT i.id || ' has ' || i.alert_count || ' alerts' AS text FROM incidents i WHERE \
         i.alert_count <> (SELECT count(*) FROM alerts a WHERE a.incident_id = i.id) \
         OR i.open_alert_count <> (SELECT count(*) FROM alerts a WHERE a.incident_id = i.id AND a.status <> 'resolved') \
         OR i.device_count <> {} OR i.user_count <> {}",
        linked("device"),
        linked("user")
    );
    assert_eq!(world.texts(&wrong_counts), [""; 0], "after {step} acts");
    let stored = world.texts(
        "SELECT incident_id || ' ' || entity_id || ' ' || alert_count || ' ' || first_seen || ' ' || last_seen AS text \
         FROM incident_entities ORDER BY incident_id, entity_id",
    );
    let worked_out = world.texts(
        "SELECT a.incident_id || ' ' || x.entity_id || ' ' || count(*) || ' ' || min(a.first_activity) || ' ' || \
         max(a.last_activity) AS text FROM evidence x JOIN alerts a ON a.id = x.alert_id \
         GROUP BY a.incident_id, x.entity_id ORDER BY a.incident_id, x.entity_id",
    );
    assert_eq!(stored, worked_out, "after {step} acts");
    let open = "SELECT x.incident_id || '' AS text FROM incident_entities x JOIN incidents i ON i.id = x.incident_id \
                WHERE x.is_open <> i.is_open";
    assert_eq!(world.texts(open), [""; 0], "after {step} acts");
}

/// An alert of one of few hosts, again and again with another command.
fn report(world: &World, random: &mut fastrand::Rng, id: usize) {
    let (host, command) = (random.usize(..HOSTS), random.usize(..40));
    let user = if random.bool() { format!("user{host}@contoso.example") } else { String::new() };
    let process = json!({
        "@odata.type": "#microsoft.graph.security.processEvidence",
        "processCommandLine": format!("tool.exe --walrus {command}"),
        "imageFile": {"fileName": "tool.exe", "filePath": "C:\\Tools"},
    });
    let mut record = alert(["Odd tool", "Port scan", "Odd sign-in"][random.usize(..3)])
        .id(&format!("a{id}"))
        .minutes_ago(i64::try_from(random.usize(..20_000)).unwrap())
        .device(&format!("pc-{host}.contoso.example"))
        .evidence(process)
        .with("status", ["new", "new", "resolved"][random.usize(..3)]);
    if !user.is_empty() {
        record = record.user(&user);
    }
    let answer = world.post_alerts(&record.json().to_string());
    assert_eq!(answer.status, 200, "{}", answer.body);
}

fn act(world: &World, browser: &Browser, random: &mut fastrand::Rng, step: usize) {
    let newest = |what: &str| world.count(&format!("SELECT COALESCE(max(id), 0) AS n FROM {what}"));
    let one_of = |random: &mut fastrand::Rng, what: &str| random.i64(1..=newest(what)).to_string();
    let incident = one_of(random, "incidents");
    let path = format!("/incidents/{incident}");
    let answer = match random.usize(..14) {
        0 | 1 => return report(world, random, step),
        // The same id again: what its source says now.
        2 => {
            let known = random.usize(..step.max(1));
            return report(world, random, known);
        }
        3 => browser.post(&path, &[("status", ["active", "inProgress"][random.usize(..2)])]),
        4 => browser.post(&path, &[("status", "resolved"), ("resolving_note", "a walrus, harmless")]),
        5 => browser.post(&path, &[("classification", ["truePositive", "falsePositive:other", ""][random.usize(..3)])]),
        6 => browser.post(&format!("{path}/comments"), &[("body", &format!("walrus comment {step}"))]),
        7 | 8 => {
            let alert = one_of(random, "alerts");
            let target = if random.bool() { ("target", incident.as_str()) } else { ("new_incident", "1") };
            browser.post("/alerts/move", &[("alerts", &alert), target, ("comment", "walrus moves")])
        }
        9 => {
            let other = one_of(random, "incidents");
            let fields = [("ids", incident.as_str()), ("ids", other.as_str()), ("kept", incident.as_str())];
            browser.post("/incidents/merge", &fields)
        }
        10 => {
            let operation = newest("operations");
            browser.post(&format!("/operations/{}/undo", random.i64((operation - 5).max(0)..=operation.max(0))), &[])
        }
        // A dozen contents under many names.
        11 => {
            let content = format!("walrus file {}", random.usize(..12));
            attach(browser, incident.parse().unwrap(), &[(&format!("file {step}.txt"), content.as_bytes())])
        }
        12 => {
            let attachment = random.i64(1..=newest("attachments").max(1));
            browser.post(&format!("/attachments/{attachment}/remove"), &[])
        }
        _ => browser.post(&format!("/alerts/{}", one_of(random, "alerts")), &[("status", "resolved")]),
    };
    assert!(answer.status < 500, "act {step} was answered with {}: {}", answer.status, answer.text());
}

#[test]
fn counts_entities_and_search_are_what_one_would_work_out_anew_after_random_acts() {
    let world = world();
    let mut random = fastrand::Rng::with_seed(14);
    let browsers = [world.browser("dana"), world.browser("omar")];
    report(&world, &mut random, 0);
    for step in 1..=ACTS {
        act(&world, &browsers[random.usize(..2)], &mut random, step);
        if step % 100 == 0 {
            assert_counts_and_entities(&world, step);
            assert_attachments_are_kept(&world);
        }
    }
    assert_search_is_complete(&world);
    assert_eq!(problems(&world), [""; 0]);
}
