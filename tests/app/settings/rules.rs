//! Rules of the house: each does what it says, is tried before it is saved, and is kept with who
//! changed it.

use serde_json::{Value, json};

use crate::support::page::{attribute, fact, select, text, texts, value};
use crate::support::product::clock;
use crate::support::{Answer, Browser, World, alert, world};

/// A rule that groups everything of a title by device, for a day; fields can be set otherwise.
const RULE: [(&str, &str); 8] = [
    ("name", "Backup noise"),
    ("enabled", "1"),
    ("title_test", "contains"),
    ("title", "backup"),
    ("owner", "dana"),
    ("group_field", "device"),
    ("amount", "24"),
    ("unit", "hours"),
];

fn fields<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> =
        RULE.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name)).copied().collect();
    fields.extend(more);
    fields
}

fn save(world: &World, more: &[(&str, &str)]) -> Browser {
    let ada = world.browser("ada");
    let answer = ada.post("/settings/rules/new", &fields(more));
    assert_eq!(answer.status, 303, "{}", answer.text());
    ada
}

fn ignoring(last_day: &str) -> Vec<(&str, &str)> {
    vec![("effect", "ignore"), ("expires", last_day), ("reason", "Tested every night.")]
}

/// A date some days from now.
fn day(days: i64) -> String {
    let at = clock::now() + days * clock::DAY;
    jiff::Timestamp::from_microsecond(at).unwrap().to_string()[..10].to_owned()
}

fn send(world: &World, alerts: &[Value]) -> Answer {
    world.post_alerts(&Value::from(alerts.to_vec()).to_string())
}

fn row(browser: &Browser, column: usize) -> String {
    texts(&browser.page("/settings/rules"), "table[aria-label=Rules] tbody td")[column].clone()
}

#[test]
fn what_is_never_correlated_is_alone_and_nothing_joins_by_it() {
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
    assert_eq!(sentence, "House rule \"Backup noise\": never correlated, so it opened an incident of its own.");
    let linking = "SELECT count(*) AS n FROM evidence e JOIN alerts a ON a.id = e.alert_id \
                   WHERE a.title LIKE 'Backup%' AND e.linking";
    assert_eq!(world.count(linking), 0);
    assert_eq!(row(&ada, 5), "3");
}

#[test]
fn routine_noise_is_not_gathered_with_what_is_kept_alone() {
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
fn a_group_is_one_incident_while_it_is_open_and_within_the_rule_s_time() {
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
    assert_eq!(sentence, "House rule \"Backup noise\": grouped by device backup-01.contoso.test for 24 hours.");
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
fn r4_a_group_never_goes_on_in_a_resolved_incident() {
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
fn a_window_takes_the_place_of_the_computed_reach() {
    let world = world();
    let on = |title: &str, minutes| alert(title).device("web-01.contoso.test").minutes_ago(minutes).json();
    save(&world, &[("effect", "window"), ("amount", "3"), ("unit", "days")]);
    let ids = world.ingest(&[on("Old", 60 * 60), on("Backup failed", 1)]);
    assert_eq!(ids[0], ids[1], "60 hours apart");
    let ada = world.browser("ada");
    assert!(
        text(&ada.page("/alerts/2"), "[data-live=linkedBy]")
            .ends_with("House rule \"Backup noise\": linked within 3 days.")
    );
    ada.post("/settings/rules/1", &fields(&[("effect", "window"), ("amount", "5"), ("unit", "minutes")]));
    let near = |title: &str, minutes| alert(title).device("web-02.contoso.test").minutes_ago(minutes).json();
    let ids = world.ingest(&[near("Odd", 20), near("Backup failed", 1)]);
    assert_ne!(ids[0], ids[1], "19 minutes apart");
}

#[test]
fn what_is_ignored_is_answered_as_skipped_counted_and_never_stored() {
    let world = world();
    let known = alert("Backup failed").id("known").device("backup-01.contoso.test");
    world.ingest(&[known.json()]);
    let last_day = day(30);
    let ada = save(&world, &ignoring(&last_day));
    let entities = world.count("SELECT count(*) AS n FROM entities");
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
    assert_eq!(body["results"][0]["reason"], "Ignored by house rule \"Backup noise\".");
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts"), 2);
    assert_eq!(world.count("SELECT count(*) AS n FROM entities"), entities, "nothing of theirs is kept");
    assert_eq!(row(&ada, 5), "2");
    let page = ada.page("/settings/rules/1");
    assert_eq!(fact(&page, "Hits"), "2");
    assert_eq!(select(&page, ".house-days rect").len(), 35);
    let again = send(&world, &[alert("Backup failed").id("known").severity("high").json()]).json();
    assert_eq!(again["results"][0]["status"], "updated", "what is stored is still told by its source");
}

#[test]
fn a_provider_s_incident_of_ignored_alerts_is_not_opened() {
    let world = world();
    let last_day = day(30);
    save(&world, &ignoring(&last_day));
    let incident = |id: &str, alerts: Value| json!({"@odata.type": "#microsoft.graph.security.incident", "id": id, "displayName": "Backups", "alerts": alerts});
    let (one, other) = (alert("Backup failed").json(), alert("Backup late").json());
    let body = send(&world, &[incident("1", json!([one, other]))]).json();
    assert_eq!((body["skipped"].as_i64(), body["created"].as_i64()), (Some(2), Some(0)), "{body}");
    assert_eq!(world.count("SELECT count(*) AS n FROM incidents"), 0);
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
    assert_eq!(texts(&ada.page("/settings/rules"), ".house-name"), ["Together", "Alone"]);
    let ids = world.ingest(&[on(), on()]);
    assert_eq!(ids[0], ids[1]);
    ada.post("/settings/rules/2/act", &[("act", "up")]);
    ada.post("/settings/rules/2/act", &[("act", "delete")]);
    assert_eq!(texts(&ada.page("/settings/rules"), ".house-name"), ["Alone"]);
    let changes = texts(&ada.page("/settings/rules"), "[aria-labelledby=r-changes] > ul > li");
    assert!(changes[0].starts_with("Ada Novak deleted Together"), "{changes:?}");
    assert!(changes[1].contains("Place 2 → 1"), "{changes:?}");
}

#[test]
fn every_change_is_kept_with_who_and_what() {
    let world = world();
    let ada = save(&world, &[("effect", "groupBy")]);
    ada.post("/settings/rules/1", &fields(&[("effect", "groupBy"), ("amount", "2"), ("owner", "omar")]));
    ada.post("/settings/rules/1", &fields(&[("effect", "groupBy"), ("amount", "2"), ("owner", "omar")]));
    let changes = texts(&ada.page("/settings/rules/1"), "[aria-labelledby=r-changes] > ul > li");
    assert_eq!(changes.len(), 2, "saving the same again is no change: {changes:?}");
    assert!(
        changes[0].contains("Effect grouped by device for 24 hours → grouped by device for 2 hours"),
        "{changes:?}"
    );
    assert!(changes[0].contains("Owner Dana Reyes → Omar Haddad") && changes[1].contains("made this rule"));
}

#[test]
fn a_stale_form_overwrites_nothing_until_it_is_saved_again() {
    let world = world();
    let ada = save(&world, &[("effect", "groupBy")]);
    ada.post("/settings/rules/1", &fields(&[("effect", "groupBy"), ("amount", "2"), ("revision", "1")]));
    let answer = ada.post("/settings/rules/1", &fields(&[("effect", "groupBy"), ("amount", "7"), ("revision", "1")]));
    assert_eq!(answer.status, 409);
    let page = answer.html();
    assert_eq!(value(&page, "[name=amount]"), "7");
    let revision = value(&page, "[name=revision]");
    let again = fields(&[("effect", "groupBy"), ("amount", "7"), ("revision", &revision)]);
    assert_eq!(ada.post("/settings/rules/1", &again).status, 303);
    assert!(row(&ada, 2).ends_with("for 7 hours"));
}

#[test]
fn only_administrators_change_rules_and_everybody_may_look() {
    let world = world();
    save(&world, &[("effect", "groupBy")]);
    for name in ["dana", "vic"] {
        let browser = world.browser(name);
        assert_eq!(row(&browser, 0), "Backup noise");
        let page = browser.page("/settings/rules/1");
        assert_eq!(select(&page, "fieldset[disabled]").len(), 1);
        assert!(select(&page, "button[name=act]").is_empty(), "nothing to press");
        assert_eq!(browser.get("/settings/rules/new").status, 403);
        for path in ["/settings/rules/new", "/settings/rules/1"] {
            for act in ["save", "try"] {
                let asked = fields(&[("effect", "ignore"), ("act", act), ("days", "7")]);
                assert_eq!(browser.post(path, &asked).status, 403, "{path} {act}");
            }
        }
        for act in ["up", "down", "enable", "disable", "delete", "nothing"] {
            assert_eq!(browser.post("/settings/rules/1/act", &[("act", act)]).status, 403, "{act}");
        }
    }
    assert_eq!(world.count("SELECT count(*) AS n FROM setting_changes"), 1);
}

#[test]
fn a_refused_rule_comes_back_as_typed_with_the_reason_at_each_field() {
    let world = world();
    let ada = world.browser("ada");
    for act in ["save", "try"] {
        let answer = ada.post(
            "/settings/rules/new",
            &[
                ("act", act),
                ("days", "3"),
                ("effect", "ignore"),
                ("title_test", "contains"),
                ("source", "wazuh"),
                ("owner", "vic"),
                ("device", "<b>web*</b>"),
            ],
        );
        assert_eq!(answer.status, 422);
        let page = answer.html();
        // A trial asks only which alerts and what becomes of them.
        let wrong: &[&str] = if act == "save" { &["name", "title", "owner", "expires", "reason"] } else { &["title"] };
        assert_eq!(select(&page, ".problem").len(), wrong.len(), "{act}");
        for field in wrong {
            assert!(!text(&page, &format!("#{field}-error")).is_empty(), "{field}");
            assert_eq!(attribute(&page, &format!("#{field}"), "aria-invalid"), "true", "{field}");
        }
        assert_eq!(value(&page, "[name=source]"), "wazuh");
        assert_eq!(value(&page, "[name=device]"), "<b>web*</b>");
        assert_eq!(value(&page, "[name=effect][checked]"), "ignore");
    }
    save(&world, &[("effect", "groupBy")]);
    let twice = ada.post("/settings/rules/new", &fields(&[("effect", "groupBy"), ("name", "BACKUP noise")]));
    assert!(text(&twice.html(), "#name-error").contains("already a rule"));
    assert_eq!(world.count("SELECT count(*) AS n FROM house_rules"), 1);
}

#[test]
fn a_rule_can_begin_with_an_alert() {
    let world = world();
    world.ingest(&[alert("Backup failed on volume 7").json()]);
    let ada = world.browser("ada");
    let link = select(&ada.page("/alerts/1"), "a[href^='/settings/rules/new']").len();
    assert_eq!(link, 1);
    assert!(select(&world.browser("dana").page("/alerts/1"), "a[href^='/settings/rules/new']").is_empty());
    let page = ada.page("/settings/rules/new?alert=1");
    assert_eq!(value(&page, "[name=title]"), "Backup failed on volume 7");
    assert_eq!(value(&page, "[name=source]"), "microsoftDefenderForEndpoint");
    assert_eq!(value(&page, "[name=title_test] [selected]"), "exact");
    assert_eq!(value(&page, "[name=owner] [selected]"), "ada");
    assert_eq!(ada.get("/settings/rules/new?alert=99").status, 404);
}

fn told(page: &scraper::Html) -> Vec<String> {
    ["matched", "before", "after", "regrouped", "hidden"]
        .map(|name| text(page, &format!("[data-trial={name}]")))
        .to_vec()
}

#[test]
fn a_trial_tells_what_a_rule_would_have_joined_split_and_hidden_and_changes_nothing() {
    let world = world();
    let of = |title: &str, device: &str| alert(title).device(device).minutes_ago(30).json();
    let ids = world.ingest(&[
        of("Backup failed", "backup-01.contoso.test"),
        of("Backup failed", "backup-02.contoso.test"),
        of("Odd process", "web-01.contoso.test"),
        of("Backup late", "web-01.contoso.test"),
        alert("Backup ancient").device("backup-09.contoso.test").minutes_ago(5 * 24 * 60).json(),
    ]);
    let ada = world.browser("ada");
    let attempt = |more: &[(&str, &str)]| {
        let mut all = vec![("act", "try"), ("days", "3")];
        all.extend(more);
        let answer = ada.post("/settings/rules/new", &fields(&all));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.html()
    };
    let joined = attempt(&[("effect", "groupBy"), ("group_field", "title")]);
    assert!(text(&joined, "#trial").contains("4 alerts of the last 3 days went through."));
    // "Backup late" leaves what it shared a device with; the two that failed become one.
    assert_eq!(told(&joined), ["3", "3", "3", "2", "0"]);
    let changes = texts(&joined, "#trial .mini li");
    assert!(changes.iter().any(|change| change.starts_with("2 incidents would join into 1 (2 alerts)")), "{changes:?}");
    assert!(changes.iter().any(|change| change.starts_with("1 incident would split into 2 (2 alerts)")), "{changes:?}");
    assert_eq!(select(&joined, &format!("#trial a[href='/incidents/{}']", ids[2])).len(), 1);
    assert_eq!(value(&joined, "[name=title]"), "backup", "the form is still there");
    let last_day = day(30);
    let hidden = attempt(&ignoring(&last_day));
    assert_eq!(told(&hidden), ["3", "3", "1", "0", "3"]);
    assert_eq!(texts(&hidden, ".house-hidden li"), ["Backup failed 2", "Backup late 1"]);
    let nothing = attempt(&[("effect", "neverCorrelate"), ("title", "of nothing")]);
    assert_eq!(told(&nothing), ["0", "3", "3", "0", "0"]);
    assert_eq!(world.count("SELECT count(*) AS n FROM house_rules"), 0);
    assert_eq!(world.count("SELECT count(*) AS n FROM incidents"), 4);
}

#[test]
fn a_trial_of_a_stored_rule_compares_with_the_rule_as_it_is() {
    let world = world();
    let ada = save(&world, &[("effect", "groupBy"), ("group_field", "title")]);
    let of = |device: &str| alert("Backup failed").device(device).json();
    world.ingest(&[of("backup-01.contoso.test"), of("backup-02.contoso.test")]);
    let asked = fields(&[("act", "try"), ("days", "1"), ("effect", "groupBy"), ("group_field", "device")]);
    let answer = ada.post("/settings/rules/1", &asked);
    assert_eq!(told(&answer.html()), ["2", "1", "2", "1", "0"]);
    assert!(row(&ada, 2).starts_with("Grouped by title"), "trying saves nothing");
    let last_day = day(30);
    save(&world, &[ignoring(&last_day), vec![("name", "Hidden")]].concat());
    let asked = |path: &str, effect: &str| {
        let fields = fields(&[("act", "try"), ("days", "1"), ("effect", effect)]);
        text(&ada.post(path, &fields).html(), "#trial")
    };
    assert!(asked("/settings/rules/2", "neverCorrelate").contains("0 (2 would no longer be)"));
    assert!(asked("/settings/rules/1", "neverCorrelate").contains("0 (2 are with and without the change)"));
}
