//! The form of a rule, who may save it, and the list of changes.

use super::{fields, row, save};
use crate::support::page::{attribute, select, text, texts, value};
use crate::support::world;

#[test]
fn every_change_of_a_rule_is_listed_with_who_and_what() {
    let world = world();
    let ada = save(&world, &[("effect", "groupBy")]);
    ada.post("/settings/rules/1", &fields(&[("effect", "groupBy"), ("amount", "2"), ("owner", "omar")]));
    ada.post("/settings/rules/1", &fields(&[("effect", "groupBy"), ("amount", "2"), ("owner", "omar")]));
    let changes = texts(&ada.page("/settings/rules/1"), "[aria-labelledby=r-changes] > ul > li");
    assert_eq!(changes.len(), 2, "saving the same again is no change: {changes:?}");
    assert!(
        changes[0].contains("Action grouped by device for 24 hours → grouped by device for 2 hours"),
        "{changes:?}"
    );
    assert!(changes[0].contains("Owner Dana Reyes → Omar Haddad") && changes[1].contains("created this rule"));
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
fn viewers_and_analysts_change_no_rule_and_everybody_sees_them() {
    let world = world();
    save(&world, &[("effect", "groupBy")]);
    for name in ["dana", "vic"] {
        let browser = world.browser(name);
        assert_eq!(row(&browser, 0), "Backup noise");
        let page = browser.page("/settings/rules/1");
        assert_eq!(select(&page, "fieldset[disabled]").len(), 1);
        assert!(select(&page, "button[name=act]").is_empty(), "nothing to press");
        let asked = fields(&[("effect", "neverCorrelate"), ("act", "save")]);
        assert_eq!(browser.post("/settings/rules/1", &asked).status, 403);
        for act in ["up", "down", "enable", "disable", "renew", "approve", "decline", "delete", "nothing"] {
            assert_eq!(browser.post("/settings/rules/1/act", &[("act", act)]).status, 403, "{act}");
        }
    }
    let vic = world.browser("vic");
    assert_eq!(vic.get("/settings/rules/new").status, 403);
    for (path, act) in [("/settings/rules/new", "save"), ("/settings/rules/new", "try"), ("/settings/rules/1", "try")] {
        let asked = fields(&[("effect", "neverCorrelate"), ("act", act), ("days", "7"), ("name", "Other")]);
        assert_eq!(vic.post(path, &asked).status, 403, "{path} {act}");
    }
    let changes = texts(&world.browser("ada").page("/settings/rules"), "[aria-labelledby=r-changes] > ul > li");
    assert_eq!(changes.len(), 1, "{changes:?}");
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
                ("never_expires", "1"),
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
        assert_eq!(value(&page, "[name=source] option[selected]"), "wazuh");
        assert_eq!(value(&page, "[name=device]"), "<b>web*</b>");
        assert_eq!(value(&page, "[name=effect][checked]"), "ignore");
    }
    save(&world, &[("effect", "groupBy")]);
    let twice = ada.post("/settings/rules/new", &fields(&[("effect", "groupBy"), ("name", "BACKUP noise")]));
    assert!(text(&twice.html(), "#name-error").contains("already exists"));
    assert_eq!(texts(&ada.page("/settings/rules"), ".cell-rule-name"), ["Backup noise"]);
}

#[test]
fn the_message_after_saving_says_that_a_rule_applies_to_later_alerts() {
    let world = world();
    let told = |path: &str, enabled: bool, more: &[(&str, &str)]| {
        let ada = world.browser("ada");
        let fields = fields(&[&[("effect", "groupBy")], more].concat());
        let fields: Vec<(&str, &str)> = fields.into_iter().filter(|(name, _)| enabled || *name != "enabled").collect();
        let answer = ada.post(path, &fields);
        assert_eq!(answer.location, "/settings/rules", "{}", answer.text());
        text(&ada.page("/settings/rules"), "[data-flash] p")
    };
    let applies = "It applies to alerts that come from now on.";
    assert_eq!(told("/settings/rules/new", true, &[]), format!("Rule Backup noise saved. {applies}"));
    assert_eq!(told("/settings/rules/new", false, &[("name", "Other")]), "Rule Other saved.");
    assert_eq!(told("/settings/rules/1", true, &[("revision", "1")]), "Saved.");
}
