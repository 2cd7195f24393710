//! The priority: what it follows from, what it says, and what people set of their assets.

use crate::support::product::{AnyConnection, rescoring};
use scraper::Html;

use crate::support::page::{select, text, texts};
use crate::support::stream::Stream;
use crate::support::{Browser, World, alert, world};

/// The score that a page shows, which must be the one stored and the sum of its reasons.
fn score(world: &World, browser: &Browser, incident: i64) -> i64 {
    for path in [format!("/incidents/{incident}/pane"), format!("/incidents/{incident}")] {
        let page = browser.page(&path);
        let shown = shown(&page, "[data-live-priority] .priority");
        let sum: i64 = texts(&page, ".points b").iter().map(|points| points.replace('\u{2212}', "-")).map(signed).sum();
        assert_eq!(shown, sum, "{path}");
        assert_eq!(shown, stored(world, incident), "{path}");
    }
    stored(world, incident)
}

fn signed(points: String) -> i64 {
    points.parse().unwrap()
}

fn shown(page: &Html, selector: &str) -> i64 {
    text(page, selector).split(' ').next().unwrap().parse().unwrap()
}

fn stored(world: &World, incident: i64) -> i64 {
    world.count(&format!("SELECT priority AS n FROM incidents WHERE id = {incident}"))
}

fn reasons(browser: &Browser, incident: i64) -> Vec<String> {
    texts(&browser.page(&format!("/incidents/{incident}/pane")), ".points li")
}

fn asset(world: &World, name: &str) -> i64 {
    world.count(&format!("SELECT id AS n FROM entities WHERE name_key = '{name}'"))
}

fn mark(browser: &Browser, asset: i64, importance: &str) -> crate::support::Answer {
    let path = format!("/assets/{asset}/importance");
    browser.post(&path, &[("importance", importance), ("return_to", "/incidents")])
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
    assert!(score(&world, &dana, loud) > score(&world, &dana, quiet));
    let why = reasons(&dana, loud).join(" | ");
    for part in ["+30 Severity", "ransomware", "Impact", "1 device", "no other alert lately"] {
        assert!(why.contains(part), "{part}: {why}");
    }
    let pane = dana.page(&format!("/incidents/{loud}/pane"));
    assert!(text(&pane, "[data-live-priority] .priority").ends_with("Medium"), "the word stands beside the number");
}

#[test]
fn a_score_follows_what_happens_to_the_alerts_and_is_no_entry() {
    let world = world();
    let dana = world.browser("dana");
    let on_host = |title: &str, category: &str, severity: &str| {
        alert(title).category(category).severity(severity).device("db01.contoso.test").id(title).json()
    };
    let id = world.ingest(&[on_host("First", "Execution", "low")])[0];
    let alone = score(&world, &dana, id);
    assert_eq!(world.ingest(&[on_host("Second", "Exfiltration", "low")])[0], id);
    let joined = score(&world, &dana, id);
    assert!(joined > alone, "{joined} after {alone}");
    world.ingest(&[on_host("Second", "Exfiltration", "high")]);
    let retold = score(&world, &dana, id);
    assert!(retold > joined, "{retold} after {joined}");
    let resolved = world.count("SELECT id AS n FROM alerts WHERE title = 'First'").to_string();
    assert_eq!(dana.post(&format!("/alerts/{resolved}"), &[("status", "resolved")]).status, 303);
    assert_eq!(score(&world, &dana, id), retold, "counting its alerts again comes to the same");
    assert_eq!(dana.post(&format!("/incidents/{id}"), &[("severity", "informational")]).status, 303);
    assert_eq!(score(&world, &dana, id), retold - 30, "a person's severity counts");
    let moved = world.count("SELECT id AS n FROM alerts WHERE title = 'Second'").to_string();
    let fields = [("alerts", moved.as_str()), ("new_incident", "1"), ("reason", ""), ("comment", "Not ours")];
    assert_eq!(dana.post("/alerts/move", &fields).status, 303);
    assert!(score(&world, &dana, id) < retold - 30, "what left counts no more");
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
    assert_eq!(shown(&part, ".priority"), stored(&world, id));
    assert!(texts(&part, ".points li").iter().any(|reason| reason == "+30 Severity Its severity is high."));
}

#[test]
fn a_detection_that_is_everywhere_counts_less() {
    let world = world();
    let dana = world.browser("dana");
    let of = |user: usize| alert("Mail rule made").user(&format!("person{user}@contoso.test")).json();
    let batch: Vec<_> = (0..12).map(of).collect();
    let many = world.ingest(&batch);
    let last = world.ingest(&[of(99)])[0];
    let (first, last) = (reasons(&dana, many[0]), reasons(&dana, last));
    assert!(first.iter().any(|reason| reason.starts_with("+5 Rarity")), "{first:?}");
    assert!(
        last.iter().any(|reason| reason == "+1 Rarity Its rarest detection was seen in 12 other alerts lately."),
        "{last:?}"
    );
}

#[test]
fn marking_an_asset_scores_its_open_incidents_and_changes_nothing_else_of_them() {
    let world = world();
    let dana = world.browser("dana");
    let on = |title: &str, minutes: i64| alert(title).device("dc01.contoso.test").minutes_ago(minutes).json();
    let closed = world.ingest(&[on("Old story", 60 * 24 * 9)])[0];
    dana.post(&format!("/incidents/{closed}"), &[("status", "resolved")]);
    let open = world.ingest(&[on("New story", 1)])[0];
    let (before, done) = (score(&world, &dana, open), stored(&world, closed));
    let state = |id: i64| {
        let row = |what: &str| world.count(&format!("SELECT {what} AS n FROM incidents WHERE id = {id}"));
        (row("updated_at"), row("revision"))
    };
    let was = state(open);
    let dc = asset(&world, "dc01.contoso.test");
    let answer = mark(&dana, dc, "veryHigh");
    assert_eq!((answer.status, answer.location.as_str()), (303, "/incidents"));
    assert_eq!(score(&world, &dana, open), before + 8);
    assert_eq!(stored(&world, closed), done, "what is closed is nobody's next task");
    assert_eq!(state(open), was, "nothing happened to the incident itself");
    assert!(
        reasons(&dana, open).iter().any(|one| one.contains("dc01.contoso.test is marked as of very high importance"))
    );
    let tab = dana.page(&format!("/incidents/{open}/devices"));
    assert_eq!(texts(&tab, ".importance-veryHigh"), ["Very high importance"]);
    assert!(text(&tab, ".cell-importance .hint").starts_with("by Dana Reyes"));
    assert_eq!(select(&tab, "select[aria-label='Importance of dc01.contoso.test'] option[selected]").len(), 1);

    // What comes next counts it from its first alert on.
    let next = world.ingest(&[on("Another story", 60 * 24 * 30)])[0];
    assert_ne!(next, open);
    assert!(reasons(&dana, next).iter().any(|one| one.contains("very high importance")));
    mark(&dana, dc, "low");
    assert_eq!(score(&world, &dana, open), before - 10, "an asset of low importance alone lowers it");
    mark(&dana, dc, "normal");
    assert_eq!(score(&world, &dana, open), before);
}

#[test]
fn marking_is_for_analysts_and_is_recorded_once() {
    let world = world();
    let (dana, vic) = (world.browser("dana"), world.browser("vic"));
    let id = world.ingest(&[alert("Odd").device("pc7.contoso.test").ip("203.0.113.9").json()])[0];
    let pc = asset(&world, "pc7.contoso.test");
    let recorded = || world.count("SELECT count(*) AS n FROM setting_changes WHERE kind = 'assetImportance'");
    assert_eq!(mark(&vic, pc, "high").status, 403);
    assert!(select(&vic.page(&format!("/incidents/{id}/devices")), "form[action^='/assets']").is_empty());
    assert_eq!(mark(&dana, pc, "huge").status, 422);
    assert_eq!(mark(&dana, asset(&world, "203.0.113.9"), "high").status, 422, "an address is no asset");
    assert_eq!(mark(&dana, 999_999, "high").status, 404);
    assert_eq!(recorded(), 0);
    assert_eq!(mark(&dana, pc, "high").status, 303);
    assert_eq!(mark(&dana, pc, "high").status, 303);
    assert_eq!(recorded(), 1);
}

#[test]
fn a_store_of_the_previous_version_gets_its_scores_by_migrating() {
    let world = world();
    let dana = world.browser("dana");
    let mut ids = world.ingest(&[
        alert("Ransomware behavior").severity("high").category("Impact").device("a.contoso.test").json(),
        alert("Odd sign-in").severity("low").user("eva@contoso.test").json(),
        alert("Mail rule made").category("Persistence").mailbox("omid@contoso.test").json(),
    ]);
    ids.dedup();
    let before: Vec<i64> = ids.iter().map(|id| score(&world, &dana, *id)).collect();
    for id in &ids {
        let scope = scope_without_signals(&world, *id).replace('\'', "''");
        world.execute(&format!("UPDATE incidents SET priority = 0, scope = '{scope}' WHERE id = {id}"));
    }
    world.execute("DELETE FROM detection_months");
    world.execute("UPDATE counters SET value = 0 WHERE name = 'priority'");
    assert_eq!(rescoring::bring_up_to_date(&world.db).unwrap(), ids.len() as u64);
    let after: Vec<i64> = ids.iter().map(|id| score(&world, &dana, *id)).collect();
    assert_eq!(after, before);
    assert_eq!(world.count("SELECT count(*) AS n FROM detection_months"), 3);
    assert_eq!(rescoring::bring_up_to_date(&world.db).unwrap(), 0, "once");
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
