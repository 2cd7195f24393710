//! Claims about the form of a rule.

use super::*;
use crate::error::{Error, FieldErrors};
use crate::model::user::{Role, User};

const NOW: i64 = 20_000 * DAY;

fn people() -> Vec<User> {
    let user = |name: &str, role| User {
        id: 1,
        name: name.into(),
        display_name: name.into(),
        role,
        disabled: false,
        time_zone: String::new(),
        key_shortcuts: true,
    };
    vec![user("dana", Role::Analyst), user("vic", Role::Viewer)]
}

fn draft() -> Draft {
    let (name, owner) = ("Backup noise".to_owned(), "dana".to_owned());
    Draft { name, owner, source: "wazuh".into(), expires: String::new(), ..Draft::default() }
}

fn refused(draft: &Draft) -> FieldErrors {
    match draft.check(&people(), NOW) {
        Err(Error::Invalid(errors)) => errors,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_ignored_needs_an_end_an_owner_and_a_reason() {
    let ignoring = Draft { effect: "ignore".into(), owner: String::new(), never_expires: true, ..draft() };
    let errors = refused(&ignoring);
    assert!(["expires", "owner", "reason"].iter().all(|field| errors.at(field).is_some()), "{errors}");
    let date = last_day(NOW + 30 * DAY);
    let whole = Draft {
        never_expires: false,
        expires: date.clone(),
        owner: "Dana".into(),
        reason: "Tested weekly.".into(),
        ..ignoring
    };
    let checked = whole.check(&people(), NOW).map_err(|error| error.to_string());
    assert_eq!(checked.map(|checked| checked.expires_at.map(last_day)), Ok(Some(date)));
    assert!(refused(&Draft { expires: last_day(NOW + 400 * DAY), ..whole.clone() }).at("expires").is_some());
    assert!(refused(&Draft { expires: last_day(NOW - DAY), ..whole.clone() }).at("expires").is_some());
    assert!(refused(&Draft { expires: "soon".into(), ..whole.clone() }).at("expires").is_some());
    assert!(refused(&Draft { source: String::new(), ..whole }).at("condition").is_some());
}

#[test]
fn a_rule_expires_after_thirty_days_unless_chosen_otherwise() {
    let ends = |draft: &Draft| draft.check(&people(), NOW).ok().and_then(|checked| checked.expires_at).map(last_day);
    assert_eq!(ends(&draft()), Some(last_day(NOW + 30 * DAY)));
    assert_eq!(ends(&Draft { expires: last_day(NOW + 2 * DAY), ..draft() }), Some(last_day(NOW + 2 * DAY)));
    let never = Draft { never_expires: true, ..draft() };
    assert_eq!(never.check(&people(), NOW).ok().map(|checked| checked.expires_at), Some(None));
}

#[test]
fn resolving_needs_a_classification_and_a_note_and_a_tag_is_one_custom_tag() {
    let resolving = Draft { effect: "resolve".into(), classification: "unknown".into(), ..draft() };
    let errors = refused(&resolving);
    assert!(errors.at("classification").is_some() && errors.at("note").is_some(), "{errors}");
    assert!(Draft { note: "Tested.".into(), effect: "resolve".into(), ..draft() }.check(&people(), NOW).is_ok());
    for (tag, good) in [("Scanner", true), ("", false), ("a, b", false), ("redirected", false)] {
        let draft = Draft { effect: "addTag".into(), tag: tag.into(), ..draft() };
        assert_eq!(draft.check(&people(), NOW).is_ok(), good, "{tag}");
    }
}

#[test]
fn a_window_is_between_a_minute_and_thirty_days() {
    for (amount, unit, good) in [
        ("1", "minutes", true),
        ("30", "days", true),
        ("31", "days", false),
        ("0", "hours", false),
        ("x", "hours", false),
    ] {
        let draft = Draft { amount: amount.into(), unit: unit.into(), ..draft() };
        assert_eq!(draft.check(&people(), NOW).is_ok(), good, "{amount} {unit}");
    }
}

#[test]
fn somebody_who_only_looks_owns_no_rule() {
    assert!(refused(&Draft { owner: "vic".into(), ..draft() }).at("owner").is_some());
}
