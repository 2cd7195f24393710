//! GET /settings/audit and /settings/audit.jsonl: who did what, found by filters, and as a file.

use serde_json::Value;

use super::{checkpoint, problems};
use crate::support::page::{attribute, fact, texts};
use crate::support::{Browser, world};

/// What the page lists: who did what.
fn sentences(browser: &Browser, query: &str) -> Vec<String> {
    texts(&browser.page(&format!("/settings/audit{query}")), "table[aria-label='Audit log'] tbody td:nth-child(2)")
}

fn lines(browser: &Browser, query: &str) -> Vec<Value> {
    let answer = browser.get(&format!("/settings/audit.jsonl{query}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A new token of a sender, made by an administrator.
fn make_token(ada: &Browser, name: &str) {
    let fields = [("name", name), ("scope", "ingest"), ("sent_in", "header"), ("source", "")];
    assert_eq!(ada.post("/settings/tokens/new", &fields).status, 200, "{name}");
}

#[test]
fn the_log_is_found_by_activity_person_target_and_date() {
    let world = world();
    let ada = world.browser("ada");
    make_token(&ada, "splunk-in");
    ada.post("/settings/tokens/revoke", &[("name", "splunk-in")]);
    let all = sentences(&ada, "");
    assert_eq!(all[0], "Ada Novak revoked the token splunk-in", "{all:?}");
    assert!(all.iter().any(|sentence| sentence.ends_with("made the token splunk-in")), "{all:?}");
    assert_eq!(sentences(&ada, "?activity=tokenRevoked"), all[..1]);
    let id = world.actor("ada").id().unwrap();
    assert_eq!(sentences(&ada, &format!("?by={id}&activity=tokenRevoked")), all[..1]);
    assert_eq!(sentences(&ada, "?by=system&activity=tokenRevoked"), [""; 0]);
    assert_eq!(sentences(&ada, "?target=SPLUNK").len(), 2);
    assert_eq!(sentences(&ada, "?target=splunk%25in"), [""; 0], "a sign of patterns is a sign like any other");
    assert_eq!(sentences(&ada, "?to=2001-01-01"), [""; 0]);
    assert_eq!(sentences(&ada, "?from=2001-01-01").len(), all.len());
    let refused = ada.get("/settings/audit?from=soon");
    assert_eq!(refused.status, 422);
    assert_eq!(attribute(&refused.html(), "[name=from]", "value"), "soon");
    assert_eq!(texts(&refused.html(), "#a-from-error"), ["Enter a date such as 2026-07-31."]);
}

#[test]
fn a_long_log_has_pages() {
    let world = world();
    let ada = world.browser("ada");
    for number in 0..120 {
        make_token(&ada, &format!("sender-{number}"));
    }
    let page = ada.page("/settings/audit?activity=tokenMade");
    let next = attribute(&page, ".pages a[rel=next]", "href");
    let more = texts(&ada.page(&next), "table[aria-label='Audit log'] tbody td:nth-child(2)");
    assert_eq!(more.len(), 20);
    assert!(more[19].ends_with("made the token sender-0"), "{more:?}");
}

#[test]
fn the_file_has_each_entry_with_its_hash_and_is_recorded_itself() {
    let world = world();
    let ada = world.browser("ada");
    make_token(&ada, "one");
    let first = lines(&ada, "?activity=tokenMade");
    assert_eq!((first.len(), &first[0]["targetName"]), (1, &"one".into()));
    assert_eq!(first[0]["hash"].as_str().unwrap().len(), 64);
    let all = lines(&ada, "");
    let exports: Vec<&Value> = all.iter().filter(|line| line["activity"] == "exported").collect();
    assert_eq!(exports.len(), 2, "the one before, and this one");
    assert_eq!(exports[0]["detail"]["filter"], "activity=tokenMade");
    let ids: Vec<usize> = all.iter().map(|line| line["id"].as_u64().unwrap().try_into().unwrap()).collect();
    assert_eq!(ids, (1..=all.len()).collect::<Vec<_>>(), "the first one first");
}

#[test]
fn what_is_taken_out_is_recorded() {
    let world = world();
    let incident = world.incident("One");
    let dana = world.browser("dana");
    for path in [
        "/incidents.csv?status=all".to_owned(),
        "/incidents.jsonl".to_owned(),
        "/alerts.csv".to_owned(),
        "/lessons.json".to_owned(),
        format!("/incidents/{incident}/report.md"),
    ] {
        assert_eq!(dana.get(&path).status, 200, "{path}");
    }
    let found = sentences(&world.browser("ada"), "?activity=exported");
    let said = |what: &str| format!("Dana Reyes exported {what}");
    let expected = ["the report of incident 1 as md", "lessons.json", "alerts.csv", "incidents.jsonl", "incidents.csv"];
    assert_eq!(found, expected.map(said));
    assert_eq!(problems(&world), [""; 0]);
}

#[test]
fn the_page_shows_what_proves_it() {
    let world = world();
    world.incident("One");
    let made = checkpoint(&world);
    let page = world.browser("ada").page("/settings/audit");
    assert!(fact(&page, "Last checkpoint").contains(&made.hash));
    assert_eq!(fact(&page, "Public key"), made.public_key);
    assert!(fact(&page, "Last verified").starts_with("never"));
}

#[test]
fn only_administrators_read_the_log() {
    let world = world();
    for name in ["vic", "dana"] {
        let browser = world.browser(name);
        assert_eq!(browser.get("/settings/audit").status, 403, "{name}");
        assert_eq!(browser.get("/settings/audit.jsonl").status, 403, "{name}");
    }
}
