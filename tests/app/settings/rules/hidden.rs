//! What a rule hid is kept, counted, shown on the rule, and can be brought back once.

use super::{day, ignoring, save, send};
use crate::support::page::{attribute, fact, select, text, texts};
use crate::support::{Browser, alert, world};

const PATH: &str = "/settings/rules/hidden";

fn titles(browser: &Browser) -> Vec<String> {
    texts(&browser.page("/settings/rules/1"), "table[aria-label='Hidden alerts'] tbody a")
}

#[test]
fn hidden_alerts_are_listed_counted_and_brought_back_once() {
    let world = world();
    let ada = save(&world, &ignoring(&day(30)));
    let on = |title: &str, id: &str| alert(title).id(id).device("backup-01.contoso.test").json();
    send(&world, &[on("Backup failed", "a"), on("Backup late", "b"), on("Backup late", "b"), on("Odd process", "c")]);
    let page = ada.page("/settings/rules/1");
    assert_eq!(titles(&ada), ["Backup late", "Backup failed"]);
    assert_eq!((fact(&page, "Hidden"), fact(&page, "Stored")), ("3 times".to_owned(), "2 alerts".to_owned()));
    let cells = texts(&page, "table[aria-label='Hidden alerts'] tbody td");
    assert_eq!(cells[2], "backup-01.contoso.test");
    assert!(cells[1].ends_with("2 times"), "{cells:?}");
    let payload = attribute(&page, "table[aria-label='Hidden alerts'] tbody a", "href");
    assert!(text(&world.browser("vic").page(&payload), "pre").contains("\"Backup late\""));
    let id = attribute(&page, "[name=ids]", "value");
    for _ in 0..2 {
        let back = [("act", "bring_back"), ("rule", "1"), ("ids", id.as_str())];
        assert_eq!(ada.post(PATH, &back).status, 303);
        assert_eq!(ada.alert_count(), 2, "once");
    }
    assert_eq!(titles(&ada), ["Backup failed"]);
    let page = ada.page("/settings/rules/1");
    assert_eq!((fact(&page, "Hidden"), fact(&page, "Restored")), ("3 times".to_owned(), "1".to_owned()));
    assert_eq!(ada.post(PATH, &[("act", "bring_back"), ("rule", "1"), ("all", "1")]).status, 303);
    assert_eq!(ada.alert_count(), 3);
    assert_eq!(ada.incidents().len(), 1, "placed as any alert that shares a device");
    let known = send(&world, &[on("Backup failed", "a")]).json();
    assert_eq!(known["results"][0]["status"], "updated", "it is the same alert");
}

#[test]
fn only_those_who_decide_on_rules_bring_back() {
    let world = world();
    let ada = save(&world, &ignoring(&day(30)));
    send(&world, &[alert("Backup failed").json()]);
    let dana = world.browser("dana");
    assert_eq!(titles(&dana), ["Backup failed"]);
    assert!(select(&dana.page("/settings/rules/1"), "[value=bring_back]").is_empty());
    let all = [("act", "bring_back"), ("rule", "1"), ("all", "1")];
    assert_eq!(dana.post(PATH, &all).status, 403);
    assert_eq!(super::lead(&world).post(PATH, &all).status, 303);
    assert_eq!(ada.alert_count(), 1);
}

#[test]
fn what_a_deleted_rule_hid_stays_until_it_is_brought_back_or_forgotten() {
    let world = world();
    let ada = save(&world, &ignoring(&day(30)));
    send(&world, &[alert("Backup failed").json(), alert("Backup late").json()]);
    ada.post("/settings/rules/1/act", &[("act", "delete")]);
    let page = ada.page("/settings/rules");
    assert_eq!(texts(&page, "[aria-labelledby=r-deleted] li"), ["Backup noise 2 stored"]);
    let path = attribute(&page, "[aria-labelledby=r-deleted] a", "href");
    let page = ada.page(&path);
    assert!(text(&page, ".notice").contains("deleted"));
    let first = attribute(&page, "[name=ids]", "value");
    ada.post(PATH, &[("act", "forget"), ("rule", "1"), ("ids", &first)]);
    assert_eq!(fact(&ada.page(&path), "Deleted"), "1");
    ada.post(PATH, &[("act", "bring_back"), ("rule", "1"), ("all", "1")]);
    assert_eq!(ada.alert_count(), 1);
    assert!(texts(&ada.page("/settings/rules"), "[aria-labelledby=r-deleted] li").is_empty());
}

#[test]
fn of_one_rule_the_latest_thousand_are_kept_and_the_count_stays_exact() {
    let world = world();
    let ada = save(&world, &ignoring(&day(30)));
    for batch in 0..3 {
        let alerts = (0..400).map(|n| alert(&format!("Backup {batch} {n}")).json());
        assert_eq!(send(&world, &alerts.collect::<Vec<_>>()).status, 200);
    }
    let page = ada.page("/settings/rules/1");
    assert_eq!((fact(&page, "Hidden"), fact(&page, "Stored")), ("1,200 times".to_owned(), "1,000 alerts".to_owned()));
    assert_eq!(fact(&page, "Removed to save space"), "200");
    assert_eq!(titles(&ada)[0], "Backup 2 399");
    ada.post(PATH, &[("act", "bring_back"), ("rule", "1"), ("all", "1")]);
    assert_eq!(ada.alert_count(), 1_000);
}
