//! Two incidents that were merged because an alert is on the devices of both: what tests of merges,
//! of joint histories and of undoing begin with.

use super::page::attribute;
use super::{Answer, Browser, World, alert};

pub struct Merged {
    /// The incident that lives on.
    pub kept: i64,
    /// The incident that is redirected to it.
    pub gone: i64,
    /// Where the merge is undone.
    pub undo_path: String,
}

impl Merged {
    pub fn undo(&self, browser: &Browser) -> Answer {
        browser.post(&self.undo_path, &[])
    }
}

/// Two incidents on devices "a" and "b", worked on by two people, and the alert that merges them.
/// Their alerts are 1, 2 and 3.
pub fn merged(world: &World) -> Merged {
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let kept = world.ingest(&[alert("Phish").device("a.contoso.test").minutes_ago(20).json()])[0];
    let gone = world.ingest(&[alert("Beacon").device("b.contoso.test").user("ana@contoso.test").json()])[0];
    dana.post(&format!("/incidents/{kept}"), &[("name", "Payroll phishing")]);
    omar.post(&format!("/incidents/{gone}/assign-to-me"), &[]);
    omar.post(
        &format!("/incidents/{gone}"),
        &[("status", "inProgress"), ("tags", "VIP"), ("follow_up_at", "2026-11-28")],
    );
    omar.post(&format!("/incidents/{gone}/comments"), &[("body", "Seen in the proxy log")]);
    assert_eq!(alert_on_both(world, "Lateral movement"), kept, "the one that a person named lives on");
    let page = dana.page(&format!("/incidents/{gone}/history"));
    Merged { kept, gone, undo_path: attribute(&page, ".entry form.undo", "action") }
}

/// An alert on the devices of both; returns its incident.
pub fn alert_on_both(world: &World, title: &str) -> i64 {
    world.ingest(&[alert(title).device("a.contoso.test").device("b.contoso.test").json()])[0]
}
