//! Analysts propose rules; leads and administrators decide about them.

use std::time::{Duration, Instant};

use super::{lead, press, row, send};
use crate::support::page::{select, text, texts};
use crate::support::product::clock;
use crate::support::{Browser, World, alert, world};

/// Dana proposes to ignore the first alert.
fn proposed(world: &World) -> Browser {
    world.ingest(&[alert("Backup failed").device("backup-01.contoso.test").json()]);
    let dana = world.browser("dana");
    let page = dana.page("/settings/rules/new?alert=1");
    assert_eq!(text(&page, ".form-bar .primary"), "Propose");
    let answer = press(&dana, &page, "save", &[("effect", "ignore")]);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/settings/rules/1"), "{}", answer.text());
    dana
}

fn ignored(world: &World) -> i64 {
    send(world, &[alert("Backup failed").device("backup-01.contoso.test").json()]).json()["skipped"].as_i64().unwrap()
}

fn changes(browser: &Browser) -> Vec<String> {
    texts(&browser.page("/settings/rules"), "[aria-labelledby=r-changes] > ul > li")
}

#[test]
fn a_proposal_does_nothing_until_a_lead_approves_it() {
    let world = world();
    let dana = proposed(&world);
    assert_eq!(ignored(&world), 0);
    let page = dana.page("/settings/rules/1");
    assert!(text(&page, "[aria-label=Proposal]").starts_with("Proposed by Dana Reyes"));
    assert!(select(&page, "[value=approve]").is_empty(), "an analyst does not decide");
    assert_eq!(dana.post("/settings/rules/1/act", &[("act", "approve")]).status, 403);
    let omar = lead(&world);
    let listed = texts(&omar.page("/settings/rules"), "table[aria-label=Proposals] tbody td");
    assert_eq!((listed[0].as_str(), listed[4].as_str()), ("Backup failed", "Dana Reyes"));
    assert_eq!(select(&omar.page("/settings/rules/1"), "[value=approve], [value=decline]").len(), 2);
    let approval = [("act", "approve"), ("note_of_decision", "It is the nightly test.")];
    assert_eq!(omar.post("/settings/rules/1/act", &approval).status, 303);
    assert_eq!(ignored(&world), 1);
    assert_eq!(row(&omar, 7), "On");
    let changes = changes(&omar);
    assert!(changes[0].starts_with("Omar Haddad changed Backup failed"), "{changes:?}");
    assert!(changes[0].contains("State Proposed → Approved"), "{changes:?}");
    assert!(changes[0].contains("Decision note") && changes[0].contains("It is the nightly test."), "{changes:?}");
    assert!(changes[1].starts_with("Dana Reyes created Backup failed"), "{changes:?}");
    assert_eq!(omar.post("/settings/rules/1/act", &approval).status, 422, "it was decided");
}

#[test]
fn a_declined_proposal_is_gone_and_the_record_says_why() {
    let world = world();
    proposed(&world);
    let omar = lead(&world);
    omar.post("/settings/rules/1/act", &[("act", "decline"), ("note_of_decision", "Too wide.")]);
    assert_eq!(omar.get("/settings/rules/1").status, 404);
    let changes = changes(&omar);
    assert!(changes[0].contains("State Proposed → Declined") && changes[0].contains("Too wide."), "{changes:?}");
    assert_eq!(ignored(&world), 0);
}

#[test]
fn a_proposal_is_tried_and_the_list_tells_the_result() {
    let world = world();
    let dana = proposed(&world);
    let trial = || texts(&dana.page("/settings/rules"), "table[aria-label=Proposals] tbody td")[3].clone();
    let until = Instant::now() + Duration::from_secs(60);
    while trial() == "not tested yet" && Instant::now() < until {
        std::thread::yield_now();
    }
    assert_eq!(
        trial(),
        "Received in the last 7 days: 1 matching alert, 1 hidden; 1 incident in the queue, 0 with the rule."
    );
    assert!(text(&dana.page("/settings/rules/1"), "[aria-label=Proposal]").contains("1 incident in the queue"));
}

#[test]
fn a_lead_saves_and_changes_rules_and_does_not_administer() {
    let world = world();
    let omar = lead(&world);
    world.ingest(&[alert("Backup failed").json()]);
    assert_eq!(press(&omar, &omar.page("/settings/rules/new?alert=1"), "save", &[]).status, 303);
    assert_eq!(omar.post("/settings/rules/1/act", &[("act", "disable")]).status, 303);
    assert_eq!(row(&omar, 7), "Off");
    assert_eq!(press(&omar, &omar.page("/settings/rules/1"), "save", &[("name", "Backups")]).status, 303);
    assert_eq!(row(&omar, 0), "Backups");
    assert_eq!(omar.get("/settings/refused").status, 403);
}

#[test]
fn a_rule_expires_after_thirty_days_and_can_be_renewed() {
    let world = world();
    let omar = lead(&world);
    world.ingest(&[alert("Backup failed").device("backup-01.contoso.test").json()]);
    let page = omar.page("/settings/rules/new?alert=1");
    let in_thirty_days = super::day(30);
    assert_eq!(press(&omar, &page, "save", &[("effect", "ignore"), ("expires", "")]).status, 303);
    assert_eq!(row(&omar, 4), in_thirty_days);
    assert_eq!(ignored(&world), 1);
    world.execute(&format!("UPDATE house_rules SET expires_at = {}", clock::now() - 1));
    assert_eq!(ignored(&world), 0);
    assert_eq!(text(&omar.page("/settings/rules/1"), "[value=renew]"), "Renew for 30 days");
    assert_eq!(omar.post("/settings/rules/1/act", &[("act", "renew")]).status, 303);
    assert_eq!((row(&omar, 4), row(&omar, 7)), (in_thirty_days, "On".to_owned()));
    assert_eq!(ignored(&world), 1);
    // A rule of an earlier version has no end.
    world.execute("UPDATE house_rules SET expires_at = NULL");
    assert!(text(&omar.page("/settings/rules/1"), "[aria-labelledby=r-use]").contains("Expires Never"));
}

#[test]
fn who_decides_on_rules_sees_on_every_page_that_proposals_wait() {
    let world = world();
    let dana = proposed(&world);
    let omar = lead(&world);
    let settings = |browser: &Browser| text(&browser.page("/incidents"), "nav[aria-label=Main] a[href^='/settings']");
    let tab = |browser: &Browser| text(&browser.page("/settings/sources"), "nav.tabs a[href='/settings/rules']");
    assert_eq!((settings(&omar), tab(&omar)), ("Settings (1 proposed rule)".into(), "Rules (1) 1 proposal".into()));
    assert_eq!((settings(&dana), tab(&dana)), ("Settings".to_owned(), "Rules".to_owned()), "she cannot decide");
    assert_eq!(omar.post("/settings/rules/1/act", &[("act", "approve")]).status, 303);
    assert_eq!((settings(&omar), tab(&omar)), ("Settings".to_owned(), "Rules".to_owned()));
}
