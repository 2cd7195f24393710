//! GET and POST /settings/rules: what each effect of a rule does, its form, and trying it.

mod form;
mod grouping;
mod ignoring;
mod trial;

use serde_json::Value;

use crate::support::page::texts;
use crate::support::product::clock;
use crate::support::{Answer, Browser, World};

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

/// The fields of the form, with some of them replaced or added.
fn fields<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> =
        RULE.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name)).copied().collect();
    fields.extend(more);
    fields
}

/// Saves a rule as the administrator.
fn save(world: &World, more: &[(&str, &str)]) -> Browser {
    let ada = world.browser("ada");
    let answer = ada.post("/settings/rules/new", &fields(more));
    assert_eq!(answer.status, 303, "{}", answer.text());
    ada
}

/// The fields of a rule that ignores alerts.
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

/// A cell of the first rule in the list.
fn row(browser: &Browser, column: usize) -> String {
    texts(&browser.page("/settings/rules"), "table[aria-label=Rules] tbody td")[column].clone()
}
