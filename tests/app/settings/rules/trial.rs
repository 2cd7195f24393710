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
    assert!(text(&joined, "#trial").contains("4 alerts of the last 3 days went through."));
    // "Backup late" leaves what it shared a device with; the two that failed become one.
    assert_eq!(figures(&joined), ["3", "3", "3", "2", "0"]);
    let changes = texts(&joined, "#trial .mini li");
    assert!(changes.iter().any(|change| change.starts_with("2 incidents would join into 1 (2 alerts)")), "{changes:?}");
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
    assert!(tried("/settings/rules/2", "neverCorrelate").contains("0 (2 would no longer be)"));
    assert!(tried("/settings/rules/1", "neverCorrelate").contains("0 (2 are with and without the change)"));
}
