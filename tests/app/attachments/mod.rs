//! Files that are attached to incidents.

mod attaching;
mod handing_on;
mod hostile;
mod merging;
mod removing;
mod searching;

use scraper::Html;

use crate::support::page::{attribute, texts};
use crate::support::{Browser, World};

fn tab(browser: &Browser, incident: i64) -> Html {
    browser.page(&format!("/incidents/{incident}/attachments"))
}

fn names(browser: &Browser, incident: i64) -> Vec<String> {
    texts(&tab(browser, incident), ".attachment h2")
}

/// What the tab says of its newest file.
fn newest(browser: &Browser, incident: i64) -> String {
    texts(&tab(browser, incident), ".attachment").remove(0)
}

/// The id of the newest file of a tab.
fn id(browser: &Browser, incident: i64) -> i64 {
    attribute(&tab(browser, incident), ".attachment", "id")["attachment-".len()..].parse().unwrap()
}

/// Another window of the same browser, for another thread.
fn window(world: &World, browser: &Browser) -> Browser {
    let other = Browser::new(&world.base);
    for cookie in browser.cookie().split("; ") {
        let (name, value) = cookie.split_once('=').unwrap();
        other.set_cookie(name, value);
    }
    other
}

fn contents(world: &World) -> i64 {
    world.count("SELECT COUNT(*) AS n FROM attachment_contents")
}

/// What is attached is what the history says, each content is there once and whole, and no other is.
pub fn assert_attachments_are_kept(world: &World) {
    use watchdesk::model::change::Change;
    let mut told: Vec<String> = Vec::new();
    let details = "SELECT detail AS text FROM history WHERE kind IN ('attached', 'attachmentRemoved') ORDER BY id";
    for detail in world.texts(details) {
        match serde_json::from_str(&detail).unwrap() {
            Change::Attached { attachment, name, sha256, size, .. } => {
                told.push(format!("{attachment} {name} {sha256} {size}"));
            }
            Change::AttachmentRemoved { attachment, name, sha256 } => {
                let begins = format!("{attachment} {name} {sha256} ");
                let at = told.iter().position(|one| one.starts_with(&begins)).expect("what is removed was there");
                told.remove(at);
            }
            other => panic!("{other:?}"),
        }
    }
    told.sort();
    let stored = "SELECT a.id || ' ' || a.name || ' ' || c.sha256 || ' ' || c.size AS text \
                  FROM attachments a JOIN attachment_contents c ON c.sha256 = a.sha256";
    let mut stored = world.texts(stored);
    stored.sort();
    assert_eq!(stored, told);
    let lost = "SELECT c.sha256 AS text FROM attachment_contents c WHERE \
                NOT EXISTS (SELECT 1 FROM attachments a WHERE a.sha256 = c.sha256) \
                OR c.size <> (SELECT SUM(length(p.bytes)) FROM attachment_pieces p WHERE p.sha256 = c.sha256)";
    assert_eq!(world.texts(lost), [""; 0]);
}
