//! Rules that ignore alerts; expired, disabled and reordered rules.

use serde_json::{Value, json};

use super::{day, ignoring, row, save, send};
use crate::support::page::{fact, select, text, texts};
use crate::support::product::clock;
use crate::support::{alert, world};

#[test]
fn ignored_alerts_are_answered_as_skipped_counted_and_never_stored() {
    let world = world();
    let known = alert("Backup failed").id("known").device("backup-01.contoso.test");
    world.ingest(&[known.json()]);
    let last_day = day(30);
    let ada = save(&world, &ignoring(&last_day));
    // An entity without alerts is on no page.
    let entities = || world.count("SELECT count(*) AS n FROM entities");
    let before = entities();
    let answer = send(
        &world,
        &[
            alert("BACKUP failed").device("backup-02.contoso.test").json(),
            alert("Backup late").json(),
            alert("Odd process").json(),
        ],
    );
    let body = answer.json();
    assert_eq!((answer.status, body["created"].as_i64(), body["skipped"].as_i64()), (200, Some(1), Some(2)));
    assert_eq!(body["results"][0]["status"], "skipped");
    assert_eq!(body["results"][0]["reason"], "Ignored by rule \"Backup noise\".");
    assert_eq!(ada.alert_count(), 2);
    assert_eq!(entities(), before, "nothing of theirs is kept");
    assert_eq!(row(&ada, 5), "2");
    let page = ada.page("/settings/rules/1");
    assert_eq!(fact(&page, "Hits"), "2");
    assert_eq!(select(&page, ".rule-chart rect").len(), 35);
    let again = send(&world, &[alert("Backup failed").id("known").severity("high").json()]).json();
    assert_eq!(again["results"][0]["status"], "updated", "what is stored is still updated by its source");
}

#[test]
fn a_providers_incident_of_ignored_alerts_only_is_not_created() {
    let world = world();
    let last_day = day(30);
    let ada = save(&world, &ignoring(&last_day));
    let incident = |id: &str, alerts: Value| json!({"@odata.type": "#microsoft.graph.security.incident", "id": id, "displayName": "Backups", "alerts": alerts});
    let (one, other) = (alert("Backup failed").json(), alert("Backup late").json());
    let body = send(&world, &[incident("1", json!([one, other]))]).json();
    assert_eq!((body["skipped"].as_i64(), body["created"].as_i64()), (Some(2), Some(0)), "{body}");
    assert!(ada.incidents().is_empty());
    let (one, other) = (alert("Backup failed").json(), alert("Odd process").json());
    let body = send(&world, &[incident("2", json!([one, other]))]).json();
    assert_eq!((body["skipped"].as_i64(), body["created"].as_i64()), (Some(1), Some(1)), "{body}");
}

#[test]
fn an_expired_or_disabled_rule_does_nothing_and_says_so() {
    let world = world();
    let last_day = day(1);
    let ada = save(&world, &ignoring(&last_day));
    let created = |title: &str| send(&world, &[alert(title).json()]).json()["created"].as_i64();
    assert_eq!(created("Backup one"), Some(0));
    ada.post("/settings/rules/1/act", &[("act", "disable")]);
    assert_eq!(created("Backup two"), Some(1));
    assert_eq!(row(&ada, 7), "Off");
    ada.post("/settings/rules/1/act", &[("act", "enable")]);
    assert_eq!(created("Backup three"), Some(0));
    world.execute(&format!("UPDATE house_rules SET expires_at = {}", clock::now() - 1));
    assert_eq!(created("Backup four"), Some(1));
    assert_eq!(row(&ada, 7), "Expired");
    assert!(text(&ada.page("/settings/rules/1"), ".notice").contains("expired"));
}

#[test]
fn the_first_rule_that_matches_wins_and_the_order_can_be_changed() {
    let world = world();
    let ada = save(&world, &[("effect", "neverCorrelate"), ("name", "Alone")]);
    save(&world, &[("effect", "groupBy"), ("name", "Together")]);
    let on = || alert("Backup failed").device("backup-01.contoso.test").json();
    let ids = world.ingest(&[on(), on()]);
    assert_ne!(ids[0], ids[1]);
    assert_eq!(ada.post("/settings/rules/2/act", &[("act", "up")]).status, 303);
    assert_eq!(texts(&ada.page("/settings/rules"), ".cell-rule-name"), ["Together", "Alone"]);
    let ids = world.ingest(&[on(), on()]);
    assert_eq!(ids[0], ids[1]);
    ada.post("/settings/rules/2/act", &[("act", "up")]);
    ada.post("/settings/rules/2/act", &[("act", "delete")]);
    assert_eq!(texts(&ada.page("/settings/rules"), ".cell-rule-name"), ["Alone"]);
    let changes = texts(&ada.page("/settings/rules"), "[aria-labelledby=r-changes] > ul > li");
    assert!(changes[0].starts_with("Ada Novak deleted Together"), "{changes:?}");
    assert!(changes[1].contains("Order 2 → 1"), "{changes:?}");
}
