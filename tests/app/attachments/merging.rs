//! Files of incidents that are merged, and of alerts that move.

use super::{names, newest};
use crate::support::files::attach;
use crate::support::merged::merged;
use crate::support::page::{attribute, text};
use crate::support::{Browser, alert, world};

fn merge(browser: &Browser, from: i64, into: i64) -> String {
    let (from, into) = (from.to_string(), into.to_string());
    let done = browser.post("/incidents/merge", &[("act", "merge"), ("ids", &from), ("ids", &into), ("kept", &into)]);
    assert_eq!(done.status, 303, "{}", done.text());
    done.location
}

#[test]
fn files_are_shown_where_comments_are_after_a_merge_and_after_its_undo() {
    let world = world();
    let dana = world.browser("dana");
    let merged = merged(&world);
    // Sent from a page that does not know of the merge yet.
    let sent = attach(&dana, merged.gone, &[("late.txt", b"late")]);
    assert_eq!(sent.location, format!("/incidents/{}/attachments", merged.kept));
    let refused = attach(&dana, merged.gone, &[("empty.txt", b"")]);
    assert!(refused.text().contains("empty.txt is empty."), "also where there is no form any more");
    assert_eq!(names(&dana, merged.kept), ["late.txt"]);
    merged.undo(&dana);
    assert_eq!((names(&dana, merged.kept).len(), names(&dana, merged.gone).len()), (1, 0), "it was added to that one");
}

#[test]
fn files_of_a_merged_incident_come_along_and_are_removed_there() {
    let world = world();
    let dana = world.browser("dana");
    let (one, two, three) = (world.incident("One"), world.incident("Two"), world.incident("Three"));
    attach(&dana, one, &[("one.txt", b"one")]);
    attach(&dana, two, &[("two.txt", b"two")]);
    merge(&dana, one, two);
    assert_eq!(names(&dana, two), ["two.txt", "one.txt"]);
    let page = dana.page(&format!("/incidents/{two}/attachments"));
    assert!(text(&page, "#attachment-1").contains(&format!("from incident {one}")));
    merge(&dana, two, three);
    assert_eq!(names(&dana, three), ["two.txt", "one.txt"], "over several merges");
    let removed = dana.post("/attachments/1/remove", &[]);
    assert_eq!(removed.location, format!("/incidents/{three}/attachments"));
    assert!(dana.history(three)[0].contains("Attachment removed: one.txt"));
    assert_eq!(names(&dana, three), ["two.txt"]);
}

#[test]
fn files_stay_when_an_alert_moves() {
    let world = world();
    let dana = world.browser("dana");
    let record = |id: &str| alert("Odd").id(id).device("pc-1.contoso.example").json();
    let id = world.ingest(&[record("1"), record("2")])[0];
    attach(&dana, id, &[("a.txt", b"hello")]);
    let moved = dana.post("/alerts/move", &[("alerts", "2"), ("new_incident", "1"), ("comment", "apart")]);
    assert_eq!(moved.status, 303, "{}", moved.text());
    assert!(newest(&dana, id).starts_with("a.txt"));
}

#[test]
fn files_of_an_incident_without_alerts_stay_there_and_are_found_there() {
    let world = world();
    let dana = world.browser("dana");
    let (one, two) = (world.incident("One"), world.incident("Two"));
    attach(&dana, one, &[("walrus.txt", b"hello")]);
    let target = two.to_string();
    let moved = dana.post("/alerts/move", &[("alerts", "1"), ("target", &target), ("comment", "all of it")]);
    assert_eq!(moved.status, 303, "{}", moved.text());
    assert_eq!((names(&dana, two).len(), names(&dana, one)), (0, vec!["walrus.txt".to_owned()]));
    let href = attribute(&dana.page("/search?q=walrus"), "[aria-labelledby=s-attachment] a", "href");
    assert_eq!(href, format!("/incidents/{one}/attachments#attachment-1"));
    let removed = dana.post("/attachments/1/remove", &[]);
    assert_eq!(removed.location, format!("/incidents/{one}/attachments"));
    assert!(dana.history(one)[0].contains("Attachment removed: walrus.txt"));
}
