//! The priority: its reasons, what changes it, and the importance that people give to assets
//! (POST /assets/{id}/importance).

use scraper::Html;
use serde_json::Value;

use crate::support::page::{attribute, select, text, texts};
use crate::support::product::{AnyConnection, rescore};
use crate::support::stream::Stream;
use crate::support::{Answer, Browser, World, alert, world};

/// The score that a page shows, which must be the one stored and the sum of its reasons.
fn score(browser: &Browser, incident: i64) -> i64 {
    for path in [format!("/incidents/{incident}/pane"), format!("/incidents/{incident}/summary")] {
        let page = browser.page(&path);
        let shown = shown(&page, "[data-live-priority] .priority");
        let sum: i64 = texts(&page, ".points b").iter().map(|points| points.replace('\u{2212}', "-")).map(signed).sum();
        assert_eq!(shown, sum, "{path}");
        assert_eq!(shown, stored(browser, incident), "{path}");
    }
    stored(browser, incident)
}

fn signed(points: String) -> i64 {
    points.parse().unwrap()
}

fn shown(page: &Html, selector: &str) -> i64 {
    text(page, selector).split(' ').next().unwrap().parse().unwrap()
}

fn stored(browser: &Browser, incident: i64) -> i64 {
    exported(browser, incident)["priorityScore"].as_i64().unwrap()
}

/// An incident as the export tells of it.
fn exported(browser: &Browser, incident: i64) -> Value {
    browser.incidents().into_iter().find(|one| one["id"] == incident).unwrap()
}

fn reasons(browser: &Browser, incident: i64) -> Vec<String> {
    texts(&browser.page(&format!("/incidents/{incident}/pane")), ".points li")
}

/// Where the importance of an incident's first device is set.
fn device(browser: &Browser, incident: i64) -> String {
    attribute(&browser.page(&format!("/incidents/{incident}/devices")), "form[action^='/assets']", "action")
}

fn mark(browser: &Browser, path: &str, importance: &str) -> Answer {
    browser.post(path, &[("importance", importance), ("return_to", "/incidents")])
}

/// The page of an incident's alert.
fn alert_path(browser: &Browser, incident: i64, title: &str) -> String {
    let page = browser.page(&format!("/incidents/{incident}/alerts"));
    let links = select(&page, ".alert-queue tbody .col-name a");
    let link = links.into_iter().find(|link| link.text().collect::<String>() == title).unwrap();
    link.attr("href").unwrap().to_owned()
}

#[test]
fn the_pane_says_how_urgent_an_incident_is_and_why() {
    let world = world();
    let dana = world.browser("dana");
    let quiet = world.ingest(&[alert("Odd sign-in").severity("informational").user("eva@contoso.test").json()])[0];
    let loud = world.ingest(&[alert("Ransomware behavior")
        .severity("high")
        .category("Impact")
        .with("mitreTechniques", vec!["T1486"])
        .device("web01.contoso.test")
        .json()])[0];
    assert!(score(&dana, loud) > score(&dana, quiet));
    let why = reasons(&dana, loud).join(" | ");
    for part in ["+30 Severity", "Ransomware alerts", "Impact", "1 device", "no other recent alert"] {
        assert!(why.contains(part), "{part}: {why}");
    }
    let pane = dana.page(&format!("/incidents/{loud}/pane"));
    assert!(text(&pane, "[data-live-priority] .priority").ends_with("Medium"), "the word stands beside the number");
}

#[test]
fn a_score_follows_the_alerts_and_is_not_recorded_in_the_history() {
    let world = world();
    let dana = world.browser("dana");
    let on_host = |title: &str, category: &str, severity: &str| {
        alert(title).category(category).severity(severity).device("db01.contoso.test").id(title).json()
    };
    let id = world.ingest(&[on_host("First", "Execution", "low")])[0];
    let alone = score(&dana, id);
    assert_eq!(world.ingest(&[on_host("Second", "Exfiltration", "low")])[0], id);
    let joined = score(&dana, id);
    assert!(joined > alone, "{joined} after {alone}");
    world.ingest(&[on_host("Second", "Exfiltration", "high")]);
    let updated = score(&dana, id);
    assert!(updated > joined, "{updated} after {joined}");
    assert_eq!(dana.post(&alert_path(&dana, id, "First"), &[("status", "resolved")]).status, 303);
    assert_eq!(score(&dana, id), updated, "counting its alerts again comes to the same");
    assert_eq!(dana.post(&format!("/incidents/{id}"), &[("severity", "informational")]).status, 303);
    assert_eq!(score(&dana, id), updated - 30, "a person's severity counts");
    let moved = alert_path(&dana, id, "Second");
    let fields = [
        ("alerts", moved.trim_start_matches("/alerts/")),
        ("new_incident", "1"),
        ("reason", ""),
        ("comment", "Not ours"),
    ];
    assert_eq!(dana.post("/alerts/move", &fields).status, 303);
    assert!(score(&dana, id) < updated - 30, "what left counts no more");
    assert!(dana.history(id).iter().all(|entry| !entry.to_lowercase().contains("priority")));
}

#[test]
fn an_open_pane_follows_the_score() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut watcher = Stream::open(&world, &omar, &format!("/incidents/{id}/stream"), None);
    dana.post(&format!("/incidents/{id}"), &[("severity", "high")]);
    let state: serde_json::Value = serde_json::from_str(&watcher.next("state").unwrap().data).unwrap();
    let part = Html::parse_fragment(state["priority"].as_str().unwrap());
    assert_eq!(shown(&part, ".priority"), stored(&dana, id));
    assert!(texts(&part, ".points li").iter().any(|reason| reason == "+30 Severity High."));
}

#[test]
fn a_common_detection_scores_less() {
    let world = world();
    let dana = world.browser("dana");
    let of = |user: usize| alert("Mail rule made").user(&format!("person{user}@contoso.test")).json();
    let batch: Vec<_> = (0..12).map(of).collect();
    let many = world.ingest(&batch);
    let last = world.ingest(&[of(99)])[0];
    let (first, last) = (reasons(&dana, many[0]), reasons(&dana, last));
    assert!(first.iter().any(|reason| reason.starts_with("+5 Rarity")), "{first:?}");
    assert!(
        last.iter().any(|reason| reason == "+1 Rarity The rarest detection was seen in 12 other recent alerts."),
        "{last:?}"
    );
}

#[test]
fn marking_an_asset_rescores_its_open_incidents_and_changes_nothing_else() {
    let world = world();
    let dana = world.browser("dana");
    let on = |title: &str, minutes: i64| alert(title).device("dc01.contoso.test").minutes_ago(minutes).json();
    let closed = world.ingest(&[on("Old story", 60 * 24 * 9)])[0];
    dana.post(&format!("/incidents/{closed}"), &[("status", "resolved")]);
    let open = world.ingest(&[on("New story", 1)])[0];
    let (before, done) = (score(&dana, open), stored(&dana, closed));
    let state = |id: i64| (exported(&dana, id)["lastUpdateDateTime"].clone(), dana.history(id));
    let was = state(open);
    let dc = device(&dana, open);
    let answer = mark(&dana, &dc, "veryHigh");
    assert_eq!((answer.status, answer.location.as_str()), (303, "/incidents"));
    assert_eq!(score(&dana, open), before + 8);
    assert_eq!(stored(&dana, closed), done, "closed incidents are not rescored");
    assert_eq!(state(open), was, "nothing happened to the incident itself");
    assert!(reasons(&dana, open).iter().any(|one| one.contains("dc01.contoso.test has very high importance")));
    let tab = dana.page(&format!("/incidents/{open}/devices"));
    assert_eq!(texts(&tab, ".importance-veryHigh"), ["Very high importance"]);
    assert!(text(&tab, ".cell-importance .hint").starts_with("by Dana Reyes"));
    assert_eq!(select(&tab, "select[aria-label='Importance of dc01.contoso.test'] option[selected]").len(), 1);

    // An incident opened later counts the importance from its first alert on.
    let next = world.ingest(&[on("Another story", 60 * 24 * 30)])[0];
    assert_ne!(next, open);
    assert!(reasons(&dana, next).iter().any(|one| one.contains("very high importance")));
    mark(&dana, &dc, "low");
    assert_eq!(score(&dana, open), before - 10, "an asset of low importance alone lowers it");
    mark(&dana, &dc, "normal");
    assert_eq!(score(&dana, open), before);
}

#[test]
fn marking_is_for_analysts_and_is_recorded_once() {
    let world = world();
    let (dana, vic) = (world.browser("dana"), world.browser("vic"));
    let id = world.ingest(&[alert("Odd").device("pc7.contoso.test").ip("203.0.113.9").json()])[0];
    let pc = device(&dana, id);
    // No page names the ID of what is no asset.
    let address = world.count("SELECT id AS n FROM entities WHERE name_key = '203.0.113.9'");
    // Pages tell of the last change only.
    let recorded = || world.count("SELECT count(*) AS n FROM entity_entries WHERE kind = 'importance'");
    assert_eq!(mark(&vic, &pc, "high").status, 403);
    assert!(select(&vic.page(&format!("/incidents/{id}/devices")), "form[action^='/assets']").is_empty());
    assert_eq!(mark(&dana, &pc, "huge").status, 422);
    assert_eq!(mark(&dana, &format!("/assets/{address}/importance"), "high").status, 422, "an address is no asset");
    assert_eq!(mark(&dana, "/assets/999999/importance", "high").status, 404);
    assert_eq!(recorded(), 0);
    assert_eq!(mark(&dana, &pc, "high").status, 303);
    assert_eq!(mark(&dana, &pc, "high").status, 303);
    assert_eq!(recorded(), 1);
}

#[test]
fn migrating_a_store_without_scores_computes_them() {
    let world = world();
    let dana = world.browser("dana");
    let mut ids = world.ingest(&[
        alert("Ransomware behavior").severity("high").category("Impact").device("a.contoso.test").json(),
        alert("Odd sign-in").severity("low").user("eva@contoso.test").json(),
        alert("Mail rule made").category("Persistence").mailbox("omid@contoso.test").json(),
    ]);
    ids.dedup();
    let before: Vec<i64> = ids.iter().map(|id| score(&dana, *id)).collect();
    for id in &ids {
        let scope = scope_without_signals(&world, *id).replace('\'', "''");
        world.execute(&format!("UPDATE incidents SET priority = 0, scope = '{scope}' WHERE id = {id}"));
    }
    world.execute("DELETE FROM detection_months");
    world.execute("UPDATE counters SET value = 0 WHERE name = 'priority'");
    assert_eq!(rescore::bring_up_to_date(&world.db).unwrap(), ids.len() as u64);
    let after: Vec<i64> = ids.iter().map(|id| score(&dana, *id)).collect();
    assert_eq!(after, before);
    // How common detections are shows only as points of a score.
    assert_eq!(world.count("SELECT count(*) AS n FROM detection_months"), 3);
    assert_eq!(rescore::bring_up_to_date(&world.db).unwrap(), 0, "once");
}

fn scope_without_signals(world: &World, id: i64) -> String {
    use diesel::RunQueryDsl as _;
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        scope: String,
    }
    let read = |conn: &mut AnyConnection| {
        Ok(diesel::sql_query(format!("SELECT scope FROM incidents WHERE id = {id}")).get_result::<Row>(conn)?.scope)
    };
    let mut scope: serde_json::Value = serde_json::from_str(&world.db.read_now(read).unwrap()).unwrap();
    assert!(scope.as_object_mut().unwrap().remove("signals").is_some());
    scope.to_string()
}
