//! Trying a rule on the past before it is saved.

use super::{day, fields, ignoring, row, save};
use crate::support::page::{select, text, texts, value};
use crate::support::product::clock::{DAY, now};
use crate::support::{alert, world};

/// The figures of a trial: matched alerts, incidents before and after, regrouped and hidden alerts.
fn figures(page: &scraper::Html) -> Vec<String> {
    ["matched", "before", "after", "regrouped", "hidden"]
        .map(|name| text(page, &format!("[data-trial={name}]")))
        .to_vec()
}

#[test]
fn a_trial_shows_what_a_rule_would_have_joined_split_and_hidden_and_changes_nothing() {
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
    assert!(text(&joined, "#trial").contains("Tested on 5 alerts received in the last 3 days."));
    // "Backup late" leaves what it shared a device with; the two that failed become one.
    assert_eq!(figures(&joined), ["4", "4", "4", "2", "0"]);
    let changes = texts(&joined, "#trial .mini li");
    assert!(
        changes.iter().any(|change| change.starts_with("2 incidents would merge into 1 (2 alerts)")),
        "{changes:?}"
    );
    assert!(changes.iter().any(|change| change.starts_with("1 incident would split into 2 (2 alerts)")), "{changes:?}");
    assert_eq!(select(&joined, &format!("#trial a[href='/incidents/{}']", ids[2])).len(), 1);
    assert_eq!(value(&joined, "[name=title]"), "backup", "the form is still there");
    let last_day = day(30);
    let hidden = attempt(&ignoring(&last_day));
    assert_eq!(figures(&hidden), ["4", "4", "1", "0", "4"]);
    assert_eq!(texts(&hidden, ".rule-hidden li"), ["Backup failed 2", "Backup ancient 1", "Backup late 1"]);
    let nothing = attempt(&[("effect", "neverCorrelate"), ("title", "of nothing")]);
    assert_eq!(figures(&nothing), ["0", "4", "4", "0", "0"]);
    assert!(texts(&ada.page("/settings/rules"), ".cell-rule-name").is_empty());
    assert_eq!(ada.incidents().len(), 4);
}

#[test]
fn a_trial_of_a_saved_rule_compares_with_the_rule_as_saved() {
    let world = world();
    let ada = save(&world, &[("effect", "groupBy"), ("group_field", "title")]);
    let of = |device: &str| alert("Backup failed").device(device).json();
    world.ingest(&[of("backup-01.contoso.test"), of("backup-02.contoso.test")]);
    let asked = fields(&[("act", "try"), ("days", "1"), ("effect", "groupBy"), ("group_field", "device")]);
    let answer = ada.post("/settings/rules/1", &asked);
    assert_eq!(figures(&answer.html()), ["2", "1", "2", "1", "0"]);
    assert!(row(&ada, 2).starts_with("Grouped by title"), "trying saves nothing");
    let last_day = day(30);
    save(&world, &[ignoring(&last_day), vec![("name", "Hidden")]].concat());
    let tried = |path: &str, effect: &str| {
        let fields = fields(&[("act", "try"), ("days", "1"), ("effect", effect)]);
        text(&ada.post(path, &fields).html(), "#trial")
    };
    assert!(tried("/settings/rules/2", "neverCorrelate").contains("0 (2 shown again)"));
    assert!(tried("/settings/rules/1", "neverCorrelate").contains("0 (2 hidden either way)"));
}

#[test]
fn a_trial_counts_incidents_as_the_queue_counts_them() {
    let world = world();
    let on = |title: &str, device: &str| alert(title).device(&format!("{device}.contoso.test")).minutes_ago(30).json();
    let repeat = || on("Backup failed", "a").as_object().cloned().map(serde_json::Value::from).unwrap();
    let ids = world.ingest(&[
        on("Backup failed", "a"),
        on("Backup failed", "b"),
        on("Odd", "c"),
        on("Odd", "d"),
        on("Odd", "e"),
        alert("Trifle").severity("informational").device("f.contoso.test").minutes_ago(30).json(),
        repeat(),
    ]);
    let dana = world.browser("dana");
    // What people did: one is resolved, two are merged, and an alert is moved.
    dana.post(&format!("/incidents/{}", ids[2]), &[("status", "resolved")]);
    let merged = [
        ("ids", ids[3].to_string()),
        ("ids", ids[4].to_string()),
        ("kept", ids[3].to_string()),
        ("act", "merge".to_owned()),
    ];
    let merged: Vec<(&str, &str)> = merged.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(dana.post("/incidents/merge", &merged).status, 303);
    let shown = texts(&dana.page("/incidents"), "table[aria-label=Incidents] tbody tr").len();
    assert_eq!(shown, 3, "two of backups, and the merged one");
    let ada = world.browser("ada");
    let attempt = |more: &[(&str, &str)]| {
        let mut all = vec![("act", "try"), ("days", "7")];
        all.extend(more);
        let page = ada.post("/settings/rules/new", &fields(&all)).html();
        ["before", "after"].map(|name| text(&page, &format!("[data-trial={name}]")))
    };
    // Counted from scratch, without what people did, these are six.
    assert_eq!(attempt(&[("effect", "groupBy"), ("group_field", "title")]), ["3", "2"]);
    assert_eq!(attempt(&ignoring(&day(30))), ["3", "1"]);
    let resolving = [("effect", "resolve"), ("classification", "falsePositive:notMalicious"), ("note", "Tested.")];
    assert_eq!(attempt(&resolving), ["3", "1"], "what the rule resolves leaves the queue");
    assert_eq!(attempt(&[("effect", "setSeverity"), ("severity", "informational")]), ["3", "1"]);
    assert_eq!(attempt(&[("effect", "neverCorrelate"), ("title", "of nothing")]), ["3", "3"]);
}

#[test]
fn a_trial_looks_at_alerts_by_when_they_were_received() {
    let world = world();
    let old = |title: &str| alert(title).device("a.contoso.test").minutes_ago(3 * 365 * 24 * 60).json();
    world.ingest(&[old("Backup first"), old("Backup second"), old("Backup third")]);
    // Nothing that people do makes an alert older.
    world.execute(&format!("UPDATE alerts SET received_at = {} WHERE id = 1", now() - 2 * DAY));
    let ada = world.browser("ada");
    let tried = |days: &str| {
        let fields = fields(&[("act", "try"), ("days", days), ("effect", "neverCorrelate")]);
        text(&ada.post("/settings/rules/new", &fields).html(), "#trial")
    };
    assert!(tried("1").contains("Tested on 2 alerts received in the last day. Matching alerts2"), "{}", tried("1"));
    assert!(tried("3").contains("Tested on 3 alerts received in the last 3 days. Matching alerts3"));
    world.execute(&format!("UPDATE alerts SET received_at = {}", now() - 9 * DAY));
    assert!(tried("7").contains("No alerts were received in the last 7 days."));
}

#[test]
fn a_trial_of_a_rule_that_does_not_group_says_what_it_does_instead() {
    let world = world();
    let on = |title: &str, device: &str| alert(title).device(&format!("{device}.contoso.test")).minutes_ago(30).json();
    let failed = || (0..60).map(|number| on(&format!("Backup {number} failed"), "a"));
    world.ingest(&failed().chain([on("Backup odd", "b"), on("Odd", "b")]).collect::<Vec<_>>());
    let ada = world.browser("ada");
    let attempt = |more: &[(&str, &str)]| {
        let fields = fields(&[&[("act", "try"), ("days", "7")], more].concat());
        ada.post("/settings/rules/new", &fields).html()
    };
    let resolving = [("effect", "resolve"), ("classification", "falsePositive:notMalicious"), ("note", "Tested.")];
    let page = attempt(&resolving);
    let resolved = ["matched", "resolved", "resolved-incidents"].map(|key| text(&page, &format!("[data-trial={key}]")));
    assert_eq!(resolved, ["61", "61", "1"], "one incident has another alert");
    let result = text(&page, "#trial");
    // A resolved incident takes no new alerts (R4), which is no split.
    assert!(!result.contains("plit") && !result.contains("would change nothing"), "{result}");
    let page = attempt(&[("effect", "setSeverity"), ("severity", "high")]);
    assert!(text(&page, "#trial").contains("Alerts that would get severity High61"));
    let page = attempt(&[("effect", "addTag"), ("tag", "backup")]);
    assert!(text(&page, "#trial").contains("Incidents that would get the tag backup2"));
    let page = attempt(&[&resolving[..], &[("title", "of nothing")]].concat());
    assert!(text(&page, "#trial").contains("The rule would change nothing. Try more days."));
}
