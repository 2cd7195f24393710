//! GET and POST /settings/refused: refused items are kept with the reason, shown to administrators, and
//! replayed when the mistake is corrected.

use serde_json::json;

use crate::support::page::{select, text, texts};
use crate::support::{Answer, Browser, alert, world};

const SECRET: &str = "{\"password\":\"hunter2\",\"note\":\"<script>alert(1)</script>\"}";

fn flash(browser: &Browser, answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    text(&browser.page(&answer.location), ".flash")
}

/// How many refused items are kept.
fn kept(ada: &Browser) -> i64 {
    let total = text(&ada.page("/settings/refused"), ".total");
    total.trim_end_matches(" stored").replace(',', "").parse().unwrap()
}

/// Rows of alerts as Sentinel's table writes them, which "auto" cannot know without their id.
fn unknown(number: usize) -> String {
    json!({"id": format!("u-{number}"), "name": "Odd", "createdDateTime": "2026-05-01T10:00:00Z"}).to_string()
}

#[test]
fn refused_items_are_listed_by_reason_and_shown_with_their_text() {
    let world = world();
    world.post_alerts(&format!("{SECRET}\n{{\"a\" 1}}\n{{\"abc\" 1}}\n"));
    let ada = world.browser("ada");
    let page = ada.page("/settings/refused");
    assert_eq!(text(&page, ".total"), "3 stored");
    let reasons = texts(&page, "table[aria-label=Reasons] tbody tr");
    assert_eq!(reasons.len(), 2, "the same mistake at another column is one reason: {reasons:?}");
    assert!(reasons[0].ends_with("tests2"), "{reasons:?}");
    assert_eq!(texts(&page, ".refused tbody tr").len(), 3);
    let href = select(&page, "table[aria-label=Reasons] a")[1].value().attr("href").unwrap().to_owned();
    assert_eq!(texts(&ada.page(&href), ".refused tbody tr").len(), 1);
    let item = ada.get("/settings/refused/1");
    assert!(!item.body.contains("<script>alert"));
    let item = item.html();
    assert!(text(&item, ".raw").contains("\"password\": \"hunter2\""));
    assert!(text(&item, "h1").contains("none of the usual fields"));
}

#[test]
fn only_administrators_see_refused_items() {
    let world = world();
    world.post_alerts(SECRET);
    for who in ["dana", "vic"] {
        let browser = world.browser(who);
        for path in ["/settings/refused", "/settings/refused/1"] {
            let answer = browser.get(path);
            assert_eq!(answer.status, 403, "{who} {path}");
            assert!(!answer.body.contains("hunter2"));
        }
        for act in ["replay", "discard"] {
            let form = [("act", act), ("ids", "1"), ("format", "auto")];
            assert_eq!(browser.post("/settings/refused", &form).status, 403, "{who} {act}");
        }
        assert!(!browser.get("/settings/sources").body.contains("Rejected alerts"));
    }
    assert_eq!(kept(&world.browser("ada")), 1);
}

#[test]
fn replayed_items_are_removed_and_those_refused_again_get_the_new_reason() {
    let world = world();
    let good = alert("Mended").id("m-1").json();
    world.post_alerts(&format!("{}\n{}\n", json!({"x": good}), unknown(1)));
    let ada = world.browser("ada");
    // As if its reader had been corrected: the kept text can be read now.
    world.execute(&format!("UPDATE refused_items SET raw = '{good}' WHERE id = 1"));
    let form = [("act", "replay"), ("ids", "1"), ("ids", "2"), ("format", "graph")];
    assert_eq!(flash(&ada, &ada.post("/settings/refused", &form)), "1 accepted, 1 rejected again.");
    let page = ada.page("/settings/refused");
    assert_eq!(texts(&page, ".refused tbody tr").len(), 1);
    assert!(text(&page, ".refused .cell-reason").contains("title is missing"), "{}", text(&page, ".refused"));
    assert!(text(&page, ".refused .cell-reason").contains("Replayed"));
    assert_eq!(text(&ada.page("/alerts/1"), "h1"), "Mended");
    world.ingest(&[good]);
    assert_eq!(ada.alert_count(), 1, "known by its identity");
}

#[test]
fn a_replay_of_everything_continues_in_parts_until_nothing_is_left() {
    let world = world();
    let body = (0..620).map(unknown).collect::<Vec<_>>().join("\n");
    world.post_alerts(&body);
    let ada = world.browser("ada");
    let answer = ada.post("/settings/refused", &[("act", "replay"), ("all", "1"), ("format", "graph")]);
    assert_eq!(flash(&ada, &answer), "0 accepted, 500 rejected again. 120 remaining.");
    let page = ada.page(&answer.location);
    assert!(text(&page, "section[aria-label='Unfinished replay']").starts_with("120 of this replay remaining."));
    let fields: Vec<(String, String)> = select(&page, "section[aria-label='Unfinished replay'] input")
        .into_iter()
        .map(|input| (input.value().attr("name").unwrap().to_owned(), input.value().attr("value").unwrap().to_owned()))
        .collect();
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("act", "replay"));
    assert_eq!(flash(&ada, &ada.post("/settings/refused", &fields)), "0 accepted, 120 rejected again.");
    let answer = ada.post("/settings/refused", &[("act", "discard"), ("all", "1")]);
    assert_eq!(flash(&ada, &answer), "620 items discarded.");
    assert_eq!(kept(&ada), 0);
}

#[test]
fn pages_of_refused_items_follow_each_other() {
    let world = world();
    let body = (0..60).map(unknown).collect::<Vec<_>>().join("\n");
    world.post_alerts(&body);
    let ada = world.browser("ada");
    let page = ada.page("/settings/refused");
    assert_eq!(texts(&page, ".refused tbody tr").len(), 50);
    let next = select(&page, "a[rel=next]")[0].value().attr("href").unwrap().to_owned();
    assert_eq!(texts(&ada.page(&next), ".refused tbody tr").len(), 10);
    let answer = ada.post("/settings/refused", &[("act", "replay"), ("format", "auto")]);
    assert_eq!(flash(&ada, &answer), "Select at least one item first.");
    assert_eq!(ada.post("/settings/refused", &[("act", "replay"), ("ids", "1"), ("format", "klingon")]).status, 422);
}

#[test]
fn a_partly_refused_incident_is_kept_until_all_of_it_is_stored() {
    let world = world();
    let incident = json!({"id": "1", "displayName": "Half", "alerts": [alert("Good").json(), {"severity": "low"}]});
    world.post_alerts(&incident.to_string());
    let ada = world.browser("ada");
    assert!(text(&ada.page("/settings/refused/1"), "h1").starts_with("Alert 2 of the incident"));
    let form = [("act", "replay"), ("ids", "1"), ("format", "auto")];
    assert_eq!(flash(&ada, &ada.post("/settings/refused", &form)), "0 accepted, 1 rejected again.");
    assert_eq!(ada.alert_count(), 1);
}

#[test]
fn a_mapping_made_afterwards_reads_what_was_refused() {
    let world = world();
    let record =
        |n: u32| json!({"evt": {"uuid": format!("e-{n}"), "at": 1_778_925_600 + n}, "what": format!("Odd {n}")});
    world.post_alerts(&(1..=3).map(|n| record(n).to_string()).collect::<Vec<_>>().join("\n"));
    let ada = world.browser("ada");
    assert_eq!(kept(&ada), 3);
    let answer = ada.post(
        "/settings/mappings/new",
        &[
            ("act", "save"),
            ("name", "acme"),
            ("sample", &record(1).to_string()),
            ("title", "/what"),
            ("id", "/evt/uuid"),
            ("serviceSource", "Acme Sensor"),
            ("firstActivity", "/evt/at"),
        ],
    );
    assert_eq!(answer.status, 303, "{}", answer.text());
    let options = texts(&ada.page("/settings/refused"), "#r-format option");
    assert_eq!(options[..2], ["Automatic", "acme"]);
    let form = [("act", "replay"), ("all", "1"), ("format", "acme")];
    assert_eq!(flash(&ada, &ada.post("/settings/refused", &form)), "3 accepted.");
    assert_eq!(kept(&ada), 0);
    assert_eq!(texts(&ada.page("/alerts?status=all"), ".alert-queue tbody .col-name a").len(), 3);
    assert!(texts(&ada.page("/settings/sources"), ".sources tbody th").contains(&"Acme Sensor".to_owned()));
    assert!(
        !text(&ada.page("/incidents"), "nav[aria-label=Main]").contains("need attention"),
        "nothing is left to mend"
    );
}

#[test]
fn of_a_replay_only_what_the_database_refuses_stays() {
    let world = world();
    let good = |n: usize| alert(&format!("Mended {n}")).id(&format!("m-{n}")).json().to_string();
    world.post_alerts(&(0..3).map(unknown).collect::<Vec<_>>().join("\n"));
    // As if its reader had been corrected, and a constraint refused one of them.
    for (id, raw) in [(1, good(0)), (2, good(1)), (3, good(1).replace("m-1", "m-2"))] {
        world.execute(&format!("UPDATE refused_items SET raw = '{raw}' WHERE id = {id}"));
    }
    world.execute("CREATE UNIQUE INDEX one_title ON alerts (title)");
    let ada = world.browser("ada");
    let form = [("act", "replay"), ("ids", "1"), ("ids", "2"), ("ids", "3"), ("format", "graph")];
    assert_eq!(flash(&ada, &ada.post("/settings/refused", &form)), "2 accepted, 1 rejected again.");
    let reason = text(&ada.page("/settings/refused"), ".refused .cell-reason");
    assert!(reason.contains("The database could not store this record."), "{reason}");
    assert_eq!(ada.alert_count(), 2);
}

#[test]
fn the_oldest_items_of_a_sender_are_deleted_beyond_its_bytes() {
    let world = world();
    world.post_alerts(&(0..4).map(unknown).collect::<Vec<_>>().join("\n"));
    world.execute("UPDATE refused_items SET bytes = 30 * 1024 * 1024");
    let ada = world.browser("ada");
    world.post_alerts(&unknown(4));
    assert_eq!(kept(&ada), 3, "two of 30 MiB and the new one are 64 MiB at most");
    assert_eq!(ada.get("/settings/refused/2").status, 404);
    assert_eq!(ada.get("/settings/refused/3").status, 200);
}
