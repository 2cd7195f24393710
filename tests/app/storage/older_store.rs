//! A store that an earlier version wrote (`fixtures/store-0009.sql`): today's code migrates it, shows
//! its whole history, undoes what could be undone, and goes on editing it.

use std::collections::BTreeSet;
use std::process::Command;

use crate::support::database::TestDatabase;
use crate::support::page::{attribute, entry_sentences, fact, select, text, texts, value};
use crate::support::{Browser, World, alert, world_on};

/// The last migration of the version that wrote the store.
const LAST_MIGRATION: &str = "20261122000009";
const STORE: &str = include_str!("../fixtures/store-0009.sql");
/// What that version showed, in the words of today: "incident 3" or "alert 7", a tab, and an entry without its time.
const HISTORY: &str = include_str!("../fixtures/store-0009-history.txt");
/// How an entry reads that the code does not know.
const UNKNOWN_ENTRY: &str = "an entry of a newer version";

/// The store, migrated as an administrator does it, and served.
fn older_store() -> World {
    let database = TestDatabase::new();
    database.load(LAST_MIGRATION, STORE);
    let migrated = Command::new(env!("CARGO_BIN_EXE_watchdesk"))
        .args(["migrate", "--database-url", &database.text()])
        .current_dir(database.folder.path())
        .output()
        .unwrap();
    assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
    world_on(database)
}

/// The IDs of what `HISTORY` has entries of.
fn ids(of: &str) -> BTreeSet<i64> {
    let names = HISTORY.lines().filter_map(|line| line.split_once('\t')).map(|(name, _)| name);
    names.filter_map(|name| name.strip_prefix(of)?.trim().parse().ok()).collect()
}

/// The Undo button of the newest entry that has one.
fn undo(browser: &Browser, incident: i64) -> String {
    attribute(&browser.page(&format!("/incidents/{incident}/history")), ".entry form.undo", "action")
}

#[test]
fn the_history_of_an_older_store_reads_as_it_did() {
    let world = older_store();
    let dana = world.browser("dana");
    let mut shown = Vec::new();
    for id in ids("incident") {
        let page = dana.page(&format!("/incidents/{id}/history"));
        shown.extend(entry_sentences(&page).into_iter().map(|sentence| format!("incident {id}\t{sentence}")));
    }
    for id in ids("alert") {
        let page = dana.page(&format!("/alerts/{id}"));
        shown.extend(entry_sentences(&page).into_iter().map(|sentence| format!("alert {id}\t{sentence}")));
    }
    assert!(!HISTORY.contains(UNKNOWN_ENTRY));
    for (now, then) in shown.iter().zip(HISTORY.lines()) {
        assert_eq!(now, then);
    }
    assert_eq!(shown.len(), HISTORY.lines().count());
}

#[test]
fn every_page_of_an_older_store_opens() {
    let world = older_store();
    let ada = world.browser("ada");
    let mut paths: Vec<String> =
        ["/incidents?range=all&status=all", "/incidents.csv", "/alerts?status=all", "/incidents/chart"]
            .map(str::to_owned)
            .to_vec();
    paths.extend(
        ["sources", "mappings", "mappings/1", "rules", "rules/1", "rules/2", "refused", "refused/1"]
            .map(|page| format!("/settings/{page}")),
    );
    for id in ids("incident") {
        let tabs =
            ["", "/pane", "/alerts", "/devices", "/users", "/mailboxes", "/evidence", "/history", "/inline-alerts"];
        paths.extend(tabs.map(|tab| format!("/incidents/{id}{tab}")));
    }
    paths.extend(ids("alert").into_iter().map(|id| format!("/alerts/{id}?raw=1")));
    paths.extend(ada.incidents().iter().map(|incident| format!("/incidents?range=all&pane={}", incident["id"])));
    for path in paths {
        let answer = ada.get(&path);
        // A redirected incident leads to the one that has its alerts.
        let leads_on = answer.status == 303 && answer.location.starts_with("/incidents/");
        assert!(answer.status == 200 || leads_on, "{path}: {} {}", answer.status, answer.text());
        assert!(!answer.body.contains(UNKNOWN_ENTRY), "{path}");
    }
}

#[test]
fn views_preferences_and_settings_of_an_older_store_are_kept() {
    let world = older_store();
    let (dana, omar, ada) = (world.browser("dana"), world.browser("omar"), world.browser("ada"));
    assert_eq!(dana.get("/incidents").location, "/incidents?assignedTo=me&sort=id");
    let page = dana.page("/incidents?range=30d");
    assert_eq!(
        texts(&page, "table.queue.compact thead th")[1..],
        ["Incident name", "ID", "Severity", "Status", "Tags"]
    );
    assert_eq!(texts(&page, "nav[aria-label=Views] li")[0], "My open incidents");
    assert!(texts(&page, "nav[aria-label=Views] li").contains(&"Night shift".to_owned()), "shared by Omar");
    let views = texts(&omar.page("/incidents?range=30d"), "nav[aria-label=Views] li");
    assert!(views.contains(&"Night shift".to_owned()) && !views.contains(&"My open incidents".to_owned()), "{views:?}");

    let mapping = ada.page("/settings/mappings/1");
    assert_eq!(texts(&mapping, ".evidence-rule legend"), ["Device"]);
    assert_eq!(text(&mapping, "#result summary"), "Cookie theft");
    assert_eq!(texts(&mapping, "[aria-labelledby=m-changes] > ul > li").len(), 2);
    assert_eq!(texts(&ada.page("/settings/rules"), ".cell-rule-name"), ["Backup failures", "Nightly scanner"]);
    let rule = ada.page("/settings/rules/1");
    assert_eq!((value(&rule, "[name=title]"), value(&rule, "[name=amount]")), ("backup failed".into(), "12".into()));
    assert_eq!(fact(&rule, "Hits"), "2");
    assert_eq!(fact(&ada.page("/settings/rules/2"), "Hits"), "1");
    assert_eq!(text(&ada.page("/settings/refused"), ".total"), "3 stored");
    let sources = ada.page("/settings/sources");
    let minutes = select(&sources, ".cell-repeats input[name=minutes]");
    assert!(minutes.iter().any(|field| field.value().attr("value") == Some("120")), "of Falco");
    let devices = ada.page("/incidents/1/devices");
    assert_eq!(texts(&devices, ".importance-high"), ["High importance"]);
    // Changes of importance were among those of settings.
    let desk = ada.page(&attribute(&devices, ".cell-title a", "href"));
    assert_eq!(texts(&desk, "[aria-labelledby=e-history] .entry-text > p:last-child"), ["Importance: Normal → High"]);
    assert_eq!(text(&desk, "[aria-labelledby=e-history] .entry-head strong"), "Dana Reyes");
}

#[test]
fn acts_in_an_older_store_can_be_undone() {
    let world = older_store();
    let dana = world.browser("dana");
    let shown = |id: i64, place: &str| text(&dana.page(&format!("/incidents/{id}")), place);
    assert_eq!(shown(1, ".head-facts .severity"), "Low");
    assert_eq!(dana.post(&undo(&dana, 1), &[]).status, 303);
    assert_eq!(shown(1, ".head-facts .severity"), "Medium");

    let merged = incident(&dana, "Inbox rule");
    let kept = dana.get(&format!("/incidents/{merged}")).location;
    assert_eq!(text(&dana.page(&kept), ".big"), "3/3 active alerts");
    assert_eq!(dana.post(&undo(&dana, merged), &[]).status, 303);
    assert_eq!(shown(merged, ".head-facts [data-live=owner]"), "Omar Haddad");
    assert_eq!(text(&dana.page(&kept), ".big"), "1/1 active alerts");

    let many = incident(&dana, "Unwanted software");
    assert_eq!(shown(many, "[data-live=classification]"), "False positive - Not malicious");
    let answer = dana.post(&undo(&dana, many), &[]);
    assert_eq!(text(&dana.page(&answer.location), "h1"), "Undone in 2 incidents");
    assert_eq!(shown(many, "[data-live=classification]"), "Not set");
}

/// The incident whose name begins so.
fn incident(browser: &Browser, name: &str) -> i64 {
    let incidents = browser.incidents();
    let found = incidents.iter().find(|incident| incident["displayName"].as_str().unwrap().starts_with(name));
    found.unwrap_or_else(|| panic!("no incident {name}"))["id"].as_i64().unwrap()
}

#[test]
fn an_older_store_is_edited_and_updated_by_its_sources() {
    let world = older_store();
    let omar = world.browser("omar");
    let before = omar.history(1).len();
    let revision = omar.revision("/incidents/1");
    let edit =
        [("revision", revision.as_str()), ("status", "resolved"), ("resolving_note", "Contained"), ("tags", "VIP")];
    assert_eq!(omar.post("/incidents/1", &edit).status, 303);
    assert!(omar.history(1)[0].contains("Status: In progress → Resolved. Resolution note: Contained"));
    assert_eq!(omar.history(1).len(), before + 1);
    let known = alert("Suspicious script").id("s-1").device("build-03.contoso.example").severity("low").json();
    let answer = world.post_alerts(&known.to_string()).json();
    assert_eq!((answer["created"].as_i64(), answer["updated"].as_i64()), (Some(0), Some(1)), "{answer}");
    let incident = world.incident("Something new");
    assert_eq!(Some(&(incident - 1)), ids("incident").last(), "IDs continue");
}
