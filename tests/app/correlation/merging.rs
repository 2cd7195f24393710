//! R12: incidents that an alert links are merged, unless people or their provider keep them apart.

use serde_json::{Value, json};

use crate::support::merged::{Merged, alert_on_both, merged};
use crate::support::page::{attribute, text, texts};
use crate::support::{Browser, World, alert, world};

#[test]
fn r12_an_alert_that_links_two_incidents_merges_them_with_all_they_have() {
    let world = world();
    let Merged { kept, gone, .. } = merged(&world);
    let dana = world.browser("dana");
    let away = dana.get(&format!("/incidents/{gone}"));
    assert_eq!((away.status, away.location), (303, format!("/incidents/{kept}")));
    assert_eq!(texts(&dana.page("/incidents?status=redirected"), "tbody .tag"), ["Redirected", "VIP"]);
    let page = dana.page(&format!("/incidents/{kept}/summary"));
    assert_eq!(text(&page, "h1"), "Payroll phishing");
    assert_eq!(text(&page, ".head-facts [data-live=owner]"), "Omar Haddad");
    assert_eq!(texts(&page, ".head-facts [data-live-tags] .tag"), ["VIP"]);
    assert_eq!(text(&page, ".big"), "3/3 active alerts");
    assert_eq!(texts(&page, ".scope li"), ["2 impacted devices", "1 impacted user", "0 impacted mailboxes"]);
    assert_eq!((dana.alert_owner(1), dana.alert_owner(2)), ("Omar Haddad".into(), "Omar Haddad".into()));
    let there = dana.history(kept).join(" | ");
    assert!(there.contains(&format!("Incident {gone} merged into this one with 1 alert.")), "{there}");
    assert!(there.contains("\"Lateral movement\" links them: same device"), "{there}");
    let here = dana.history(gone).join(" | ");
    assert!(here.contains(&format!("Merged into incident {kept} with 1 alert.")), "{here}");
    assert!(dana.alert_history(2)[0].contains("Omar Haddad") || dana.alert_history(2)[0].contains("moved here"));
}

fn on(id: &str, title: &str, devices: &[&str], minutes: i64) -> Value {
    let alert = alert(title).id(id).minutes_ago(minutes);
    devices.iter().fold(alert, |alert, device| alert.device(&format!("{device}.contoso.example"))).json()
}

#[test]
fn one_alert_merges_all_the_incidents_it_is_linked_to() {
    let world = world();
    let apart: Vec<Value> =
        ["a", "b", "c", "d"].iter().map(|name| on(name, &format!("On {name}"), &[name], 30)).collect();
    world.ingest(&apart);
    let dana = world.browser("dana");
    assert_eq!(dana.incidents_with_alerts(), 4);
    world.ingest(&[on("t", "On all", &["a", "b", "c", "d"], 20)]);
    assert_eq!(dana.incidents_with_alerts(), 1);
}

#[test]
fn new_evidence_of_a_known_alert_merges_the_incidents_it_links() {
    let world = world();
    let ids = world.ingest(&[on("1", "First", &["a"], 30), on("2", "Second", &["b"], 29)]);
    assert_ne!(ids[0], ids[1]);
    world.ingest(&[on("2", "Second", &["b", "a"], 29)]);
    assert_eq!(world.browser("dana").incidents_with_alerts(), 1);
}

/// A name, what people do to two incidents, and what the alert then says of them.
type Guard = (&'static str, fn(&World, i64, i64), &'static str);

#[test]
fn r12_incidents_that_people_decided_differently_are_not_merged_and_the_alert_says_why() {
    let world = world();
    let guards: [Guard; 4] = [
        (
            "owners",
            |world, one, other| {
                world.browser("dana").post(&format!("/incidents/{one}/assign-to-me"), &[]);
                world.browser("omar").post(&format!("/incidents/{other}/assign-to-me"), &[]);
            },
            "but not merged: they are assigned to different people.",
        ),
        (
            "outcomes",
            |world, one, other| {
                let dana = world.browser("dana");
                dana.post(&format!("/incidents/{one}"), &[("classification", "truePositive:malware")]);
                dana.post(&format!("/incidents/{other}"), &[("classification", "falsePositive:notMalicious")]);
            },
            "but not merged: they are classified differently.",
        ),
        (
            "names",
            |world, one, other| {
                let dana = world.browser("dana");
                dana.post(&format!("/incidents/{one}"), &[("name", "Payroll")]);
                dana.post(&format!("/incidents/{other}"), &[("name", "Warehouse")]);
            },
            "but not merged: both were renamed by people.",
        ),
        (
            "resolved",
            |world, one, _| {
                world.browser("dana").post(&format!("/incidents/{one}"), &[("status", "resolved")]);
            },
            "but it takes no more alerts.",
        ),
    ];
    for (name, decide, reason) in guards {
        let [a, b] = ["a", "b"].map(|side| format!("{name}-{side}.contoso.test"));
        let first = world.ingest(&[alert("First").device(&a).json()])[0];
        let second = world.ingest(&[alert("Second").device(&b).json()])[0];
        decide(&world, first, second);
        not_merged(&world, alert("Both").device(&a).device(&b).json(), reason);
    }
    assert_eq!(world.browser("dana").incidents().len(), 8);
}

/// Ingests an alert on the devices of two incidents, which stay apart and of which its page says why.
fn not_merged(world: &World, both: Value, reason: &str) {
    let dana = world.browser("dana");
    let answer = world.post_alerts(&both.to_string());
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(redirected(&dana), 0, "{reason}");
    let alert = answer.json()["results"][0]["alertId"].as_str().unwrap().to_owned();
    let considered = texts(&dana.page(&format!("/alerts/{alert}")), ".considered li");
    assert!(considered.len() == 1 && considered[0].ends_with(reason), "{considered:?} does not end with {reason}");
}

fn redirected(browser: &Browser) -> usize {
    browser.incidents().iter().filter(|incident| incident["status"] == "redirected").count()
}

#[test]
fn r12_incidents_that_their_provider_keeps_apart_are_not_merged() {
    let world = world();
    let incident = |id: &str, device: &str| {
        json!({
            "@odata.type": "#microsoft.graph.security.incident",
            "id": id,
            "displayName": format!("Provider's {id}"),
            "severity": "medium",
            "status": "active",
            "createdDateTime": crate::support::minutes_ago(5),
            "lastUpdateDateTime": crate::support::minutes_ago(5),
            "alerts": [alert(&format!("Alert of {id}")).device(device).minutes_ago(5).json()],
        })
    };
    world.ingest(&[incident("101", "a.contoso.test"), incident("102", "b.contoso.test")]);
    let both = alert("Both").device("a.contoso.test").device("b.contoso.test").json();
    not_merged(&world, both, "but not merged: their provider keeps them separate.");
    assert_eq!(texts(&world.browser("dana").page("/alerts/1"), ".reasons li"), ["Provider's incident"]);
}

#[test]
fn r12_automatic_merging_can_be_turned_off() {
    let mut world = world();
    world.restart_with(|config| config.automatic_merging = false);
    world.ingest(&[alert("First").device("a.contoso.test").json(), alert("Second").device("b.contoso.test").json()]);
    let both = alert("Both").device("a.contoso.test").device("b.contoso.test").json();
    not_merged(&world, both, "but not merged: automatic merging is turned off.");
}

#[test]
fn a_merge_undone_by_a_person_is_not_made_again() {
    let world = world();
    let merged = merged(&world);
    let (kept, gone) = (merged.kept, merged.gone);
    let dana = world.browser("dana");
    merged.undo(&dana);
    let joined = alert_on_both(&world, "Lateral movement again");
    let other = if joined == kept { gone } else { kept };
    assert!(joined == kept || joined == gone);
    assert_eq!(redirected(&dana), 0);
    let page = dana.page("/alerts/4");
    let considered = texts(&page, ".considered li");
    assert_eq!(considered.len(), 1, "{considered:?}");
    assert!(considered[0].starts_with(&format!("Incident {other}: same device ")), "{considered:?}");
    assert!(considered[0].ends_with("but not merged: a person separated them."), "{considered:?}");
    assert_eq!(attribute(&page, ".considered a", "href"), format!("/incidents/{other}"));
}

#[test]
fn an_alert_moved_out_by_a_person_is_not_merged_back_by_later_alerts() {
    let world = world();
    let dana = world.browser("dana");
    let ids = world.ingest(&[on("1", "First", &["a"], 30), on("2", "Second", &["a"], 29)]);
    assert_eq!(ids[0], ids[1]);
    dana.post("/alerts/move", &[("alerts", "2"), ("new_incident", "1"), ("reason", "False correlation")]);
    assert_eq!(dana.incidents_with_alerts(), 2);
    world.ingest(&[on("3", "Third", &["a"], 20)]);
    assert_eq!(dana.incidents_with_alerts(), 2);
}
