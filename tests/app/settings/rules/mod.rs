//! GET and POST /settings/rules: what each effect of a rule does, its form, and trying it.

mod effects;
mod form;
mod grouping;
mod hidden;
mod ignoring;
mod proposing;
mod trial;
mod tuning;

use serde_json::Value;

use scraper::Html;

use crate::support::page::{attribute, select, text, texts, value};
use crate::support::product::{Role, clock};
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
pub(crate) fn save(world: &World, more: &[(&str, &str)]) -> Browser {
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

/// What the form of a rule on a page holds, as a browser sends it.
fn filled(page: &Html) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let form = "form[data-rule]";
    for kind in ["[type=checkbox][checked]", "[type=radio][checked]", "[type=hidden]", "[type=date]", ":not([type])"] {
        for input in select(page, &format!("{form} input{kind}")) {
            let of = |name: &str| input.value().attr(name).unwrap_or_default().to_owned();
            fields.push((of("name"), of("value")));
        }
    }
    for chosen in select(page, &format!("{form} select")) {
        let name = chosen.value().attr("name").unwrap().to_owned();
        let value = value(page, &format!("{form} select[name={name}] option[selected]"));
        let first = || attribute(page, &format!("{form} select[name={name}] option"), "value");
        let value = if value.is_empty() { first() } else { value };
        fields.push((name, value));
    }
    for area in select(page, &format!("{form} textarea")) {
        let name = area.value().attr("name").unwrap().to_owned();
        let typed = text(page, &format!("{form} textarea[name={name}]"));
        fields.push((name, typed));
    }
    fields
}

/// Presses a button of the filled form, with some fields typed otherwise.
fn press(browser: &Browser, page: &Html, act: &str, typed: &[(&str, &str)]) -> Answer {
    let mut fields = filled(page);
    fields.retain(|(name, _)| !typed.iter().any(|(other, _)| other == name));
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.extend(typed);
    all.push(("act", act));
    browser.post(&attribute(page, "form[data-rule]", "action"), &all)
}

/// Omar as a lead.
fn lead(world: &World) -> Browser {
    world.set_role("omar", Role::Lead);
    world.browser("omar")
}

fn send(world: &World, alerts: &[Value]) -> Answer {
    world.post_alerts(&Value::from(alerts.to_vec()).to_string())
}

/// A cell of the first rule in the list.
fn row(browser: &Browser, column: usize) -> String {
    texts(&browser.page("/settings/rules"), "table[aria-label=Rules] tbody td")[column].clone()
}
