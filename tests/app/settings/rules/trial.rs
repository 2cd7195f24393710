//! Trying a rule on the past before it is saved.

use super::{day, fields, ignoring, row, save};
use crate::support::page::{select, text, texts, value};
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
    assert!(text(&joined, "#trial").contains("Tested on 4 alerts of the last 3 days."));
    // "Backup late" leaves what it shared a device with; the two that failed become one.
    assert_eq!(figures(&joined), ["3", "3", "3", "2", "0"]);
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
    assert_eq!(figures(&hidden), ["3", "3", "1", "0", "3"]);
    assert_eq!(texts(&hidden, ".rule-hidden li"), ["Backup failed 2", "Backup late 1"]);
    let nothing = attempt(&[("effect", "neverCorrelate"), ("title", "of nothing")]);
    assert_eq!(figures(&nothing), ["0", "3", "3", "0", "0"]);
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
        figures(&ada.post("/settings/rules/new", &fields(&all)).html())
    };
    // Counted from scratch, without what people did, these are six.
    assert_eq!(attempt(&[("effect", "groupBy"), ("group_field", "title")])[1..3], ["3", "2"]);
    assert_eq!(attempt(&ignoring(&day(30)))[1..3], ["3", "1"]);
    let resolving = [("effect", "resolve"), ("classification", "falsePositive:notMalicious"), ("note", "Tested.")];
    assert_eq!(attempt(&resolving)[1..3], ["3", "1"], "what the rule resolves leaves the queue");
    assert_eq!(attempt(&[("effect", "setSeverity"), ("severity", "informational")])[1..3], ["3", "1"]);
    assert_eq!(attempt(&[("effect", "neverCorrelate"), ("title", "of nothing")])[1..3], ["3", "3"]);
}
