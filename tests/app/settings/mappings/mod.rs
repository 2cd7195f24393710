//! GET and POST /settings/mappings: any other JSON becomes alerts without code, tried before it is saved.

mod form;
mod reading;
mod saving;

use crate::support::page::select;
use crate::support::{Answer, Browser, World};

/// What a product that Watchdesk has never heard of might send.
const SAMPLE: &str = r#"{"event": {"uuid": "ev-1", "kind": "alert", "at": 1778925600, "prio": "P1"},
 "rule": {"label": "Cookie theft", "tactic": "CredentialAccess"},
 "machine": {"fqdn": "ws-14.contoso.test"}, "who": "CONTOSO\\ana", "peers": ["203.0.113.40"]}"#;

/// The form of a mapping that reads it.
fn fields() -> Vec<(&'static str, &'static str)> {
    vec![
        ("name", "acme"),
        ("sample", SAMPLE),
        ("title", "/rule/label\nUnnamed"),
        ("severity", "/event/prio"),
        ("severity.table", "P1 = high\nP2 = medium\n* = low"),
        ("id", "/event/uuid"),
        ("serviceSource", "Acme Sensor"),
        ("firstActivity", "/event/at"),
        ("category", "/rule/tactic"),
        ("when", "/event/kind = alert"),
        ("facts", "Priority = /event/prio"),
        ("evidence.0.kind", "device"),
        ("evidence.0.name", "/machine/fqdn"),
        ("evidence.1.kind", "user"),
        ("evidence.1.name", "/who"),
        ("evidence.2.kind", "ip"),
        ("evidence.2.address", "/peers"),
        ("evidence.2.roles", "source"),
    ]
}

/// The fields with some of them replaced or added.
fn with(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut all = fields();
    for change in changes {
        match all.iter_mut().find(|(name, _)| *name == change.0) {
            Some(field) => field.1 = change.1,
            None => all.push(*change),
        }
    }
    all
}

/// Saves it as the administrator.
fn saved(world: &World) -> Browser {
    let ada = world.browser("ada");
    let answer = ada.post("/settings/mappings/new", &with(&[("act", "save")]));
    assert_eq!((answer.status, answer.location.as_str()), (303, "/settings/mappings/1"), "{}", answer.text());
    ada
}

fn send(world: &World, path: &str, token: &str, body: &str) -> Answer {
    Browser::new(&world.base).post_json(path, body, Some(token))
}

/// The value of a textarea.
fn typed(answer: &Answer, name: &str) -> String {
    let page = answer.html();
    let found = select(&page, &format!("textarea[name='{name}']"));
    found.first().unwrap_or_else(|| panic!("no field {name}")).text().collect()
}

/// How many mappings there are.
fn mappings(browser: &Browser) -> usize {
    select(&browser.page("/settings/mappings"), "table[aria-label=Mappings] tbody tr").len()
}
