//! POST /operations/{id}/undo, and edits of many incidents that run as jobs.

mod jobs;
mod random_acts;
mod undo_alert_edit;
mod undo_bulk_alerts;
mod undo_bulk_edit;
mod undo_edit;
mod undo_merge;
mod undo_move;
mod undo_resolve;

use crate::support::page::{attribute, text, texts};
use crate::support::{Answer, Browser};

/// The message after an act, and where the Undo button beside it posts to.
fn undo_offered(browser: &Browser, answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = browser.page(&answer.location);
    (text(&page, "[data-flash] p"), attribute(&page, "[data-flash] form", "action"))
}

/// What people can set of an incident: severity, status, owner, classification, name and tags.
fn fields(browser: &Browser, incident: i64) -> Vec<String> {
    let page = browser.page(&format!("/incidents/{incident}"));
    [
        ".head-facts .severity",
        ".head-facts .status",
        ".head-facts [data-live=owner]",
        "[data-live=classification]",
        "h1",
    ]
    .map(|place| text(&page, place))
    .into_iter()
    .chain(texts(&page, ".head-facts .tag"))
    .collect()
}
