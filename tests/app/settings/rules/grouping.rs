//! Rules that group alerts, keep them alone, or change how long they link.

use serde_json::Value;

use super::{fields, row, save};
use crate::support::page::text;
use crate::support::{alert, world};

#[test]
fn a_never_correlated_alert_gets_an_incident_of_its_own_that_nothing_joins() {
    let world = world();
    let ada = save(&world, &[("effect", "neverCorrelate")]);
    let on = |title: &str| alert(title).device("web-01.contoso.test").user("ana@contoso.test").json();
    let ids = world.ingest(&[on("Odd sign-in"), on("Backup failed"), on("Backup failed again"), on("Odd process")]);
    assert_eq!(ids[0], ids[3], "the others go together as ever");
    assert!(ids[1] != ids[0] && ids[2] != ids[0] && ids[1] != ids[2]);
    let later = world.ingest(&[on("Backup late"), on("Third oddity")]);
    assert_eq!(later[1], ids[0]);
    assert!(!ids.contains(&later[0]), "in a batch of its own as well");
    let sentence = text(&ada.page("/alerts/2"), "[data-live=linkedBy]");
    assert_eq!(sentence, "Rule \"Backup noise\": never correlated, so it has its own incident.");
    // Pages show all evidence alike; which of it may link shows only when a later alert comes.
    let linking = "SELECT count(*) AS n FROM evidence e JOIN alerts a ON a.id = e.alert_id \
                   WHERE a.title LIKE 'Backup%' AND e.linking";
    assert_eq!(world.count(linking), 0);
    assert_eq!(row(&ada, 5), "3");
}

#[test]
fn routine_noise_does_not_join_a_never_correlated_alert() {
    let world = world();
    save(&world, &[("effect", "neverCorrelate")]);
    let on =
        |title: &str, minutes| alert(title).severity("low").device("web-01.contoso.test").minutes_ago(minutes).json();
    let hours: Vec<Value> = (2..60).rev().map(|hour| on("Port scan", hour * 60)).collect();
    world.ingest(&hours);
    let alone = world.ingest(&[on("Backup failed", 30)])[0];
    let noise = world.ingest(&[on("Port scan", 10)])[0];
    assert_ne!(alone, noise);
}

#[test]
fn a_group_is_one_incident_within_the_time_of_the_rule() {
    let world = world();
    let ada = save(&world, &[("effect", "groupBy")]);
    let on = |device: &str, minutes| alert("Backup failed").device(device).minutes_ago(minutes).json();
    let first = world.ingest(&[on("backup-01.contoso.test", 60 * 70)])[0];
    let ids = world.ingest(&[
        on("backup-01.contoso.test", 60 * 50),
        on("BACKUP-01", 60 * 30),
        on("backup-02.contoso.test", 60 * 30),
        on("backup-01.contoso.test", 60),
    ]);
    assert_eq!((ids[0], ids[1]), (first, first), "each within 24 hours of the one before, under any spelling");
    assert_ne!(ids[2], first, "another device");
    assert_ne!(ids[3], first, "29 hours later");
    let sentence = text(&ada.page("/alerts/2"), "[data-live=linkedBy]");
    assert_eq!(sentence, "Rule \"Backup noise\": grouped by device backup-01.contoso.test for 24 hours.");
}

#[test]
fn alerts_are_grouped_by_any_field_they_have_and_by_correlation_where_they_lack_it() {
    let world = world();
    save(&world, &[("effect", "groupBy"), ("group_field", "category"), ("title_test", "any"), ("title", "")]);
    let of = |category: &str, device: &str| alert("Odd").category(category).device(device).json();
    let ids = world.ingest(&[
        of("Discovery", "web-01.contoso.test"),
        of("Discovery", "web-02.contoso.test"),
        of("Impact", "web-01.contoso.test"),
    ]);
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
    let lacking = world.ingest(&[of("", "web-01.contoso.test")])[0];
    assert!(lacking == ids[0] || lacking == ids[2], "placed by what it shares");
}

#[test]
fn r4_a_group_never_continues_in_a_resolved_incident() {
    let world = world();
    save(&world, &[("effect", "groupBy")]);
    let on = || alert("Backup failed").device("backup-01.contoso.test").json();
    let first = world.ingest(&[on()])[0];
    world.browser("dana").post(&format!("/incidents/{first}"), &[("status", "resolved")]);
    let ids = world.ingest(&[on(), on()]);
    assert_ne!(ids[0], first);
    assert_eq!(ids[0], ids[1]);
}

#[test]
fn a_group_follows_its_alerts_into_the_incident_they_were_moved_to() {
    let world = world();
    save(&world, &[("effect", "groupBy")]);
    let on = || alert("Backup failed").device("backup-01.contoso.test").json();
    let target = world.incident("Elsewhere");
    let first = world.ingest(&[on()])[0];
    let moved = world.browser("dana").post("/alerts/move", &[("alerts", "2"), ("target", &target.to_string())]);
    assert_eq!(moved.status, 303, "{}", moved.text());
    assert_ne!(first, target);
    assert_eq!(world.ingest(&[on()]), [target]);
}

#[test]
fn a_window_replaces_the_computed_time_limit() {
    let world = world();
    let on = |title: &str, minutes| alert(title).device("web-01.contoso.test").minutes_ago(minutes).json();
    save(&world, &[("effect", "window"), ("amount", "3"), ("unit", "days")]);
    let ids = world.ingest(&[on("Old", 60 * 60), on("Backup failed", 1)]);
    assert_eq!(ids[0], ids[1], "60 hours apart");
    let ada = world.browser("ada");
    assert!(
        text(&ada.page("/alerts/2"), "[data-live=linkedBy]").ends_with("Rule \"Backup noise\": linked within 3 days.")
    );
    ada.post("/settings/rules/1", &fields(&[("effect", "window"), ("amount", "5"), ("unit", "minutes")]));
    let near = |title: &str, minutes| alert(title).device("web-02.contoso.test").minutes_ago(minutes).json();
    let ids = world.ingest(&[near("Odd", 20), near("Backup failed", 1)]);
    assert_ne!(ids[0], ids[1], "19 minutes apart");
}
