//! What the page says, and when it says nothing.

use serde_json::Value;

use super::world::lessons;
use crate::support::page::{attribute, select, text, texts, value};
use crate::support::{Browser, World, alert, world};

/// So many alerts of a title, each on a user of its own, closed with a classification.
fn closed(world: &World, browser: &Browser, title: &str, count: usize, outcome: &str) {
    let batch: Vec<Value> = (0..count)
        .map(|number| {
            let user = format!("{}{number}@contoso.example", title.to_lowercase().replace(' ', "."));
            alert(title).user(&user).json()
        })
        .collect();
    for incident in world.ingest(&batch) {
        browser.post(&format!("/incidents/{incident}"), &[("status", "resolved"), ("classification", outcome)]);
    }
}

const HARMLESS: &str = "falsePositive:notMalicious";

#[test]
fn a_rule_seen_twice_is_no_pattern() {
    let world = world();
    let dana = world.browser("dana");
    closed(&world, &dana, "Seen twice", 2, HARMLESS);
    let page = dana.page("/lessons?range=7d");
    assert_eq!(texts(&page, "table[aria-label=Detections] tbody th"), ["Seen twice Defender for Endpoint"]);
    assert!(text(&page, "table[aria-label=Detections] tbody").contains("cannot say yet"));
    assert!(select(&page, "ol[aria-label='To tune'] li").is_empty());
    assert!(lessons(&dana, "range=7d")["detections"][0]["falsePositiveShare"].is_null());
}

#[test]
fn a_rule_that_is_mostly_harmless_is_to_be_tuned_and_its_rule_is_two_clicks_away() {
    let world = world();
    let dana = world.browser("dana");
    closed(&world, &dana, "Backup read files", 14, HARMLESS);
    closed(&world, &dana, "Real attack", 12, "truePositive:malware");
    let page = dana.page("/lessons?range=7d");
    let listed = texts(&page, "ol[aria-label='To tune'] li strong");
    assert_eq!(listed, ["Backup read files"]);
    assert!(
        text(&page, "ol[aria-label='To tune'] p").contains("14 of 14 classified alerts were harmless (78 to 100 %)")
    );
    let form = dana.page(&attribute(&page, "ol[aria-label='To tune'] a.button", "href"));
    assert_eq!(value(&form, "input[name=title]"), "Backup read files");
}

#[test]
fn the_owner_of_a_detection_is_told_its_numbers_and_what_was_noted() {
    let world = world();
    let dana = world.browser("dana");
    closed(&world, &dana, "Backup read files", 14, HARMLESS);
    let last = world.count("SELECT MAX(id) AS n FROM incidents");
    dana.post(&format!("/incidents/{last}"), &[("resolving_note", "Nightly job, see http://wiki.contoso.example")]);
    let page = dana.page("/lessons?range=7d");
    let note = dana.page(&attribute(&page, "ol[aria-label='To tune'] a[href*='/lessons/note']", "href"));
    let told = text(&note, "#note-text");
    for said in [
        "Detection: Backup read files (Defender for Endpoint)",
        "14 alerts",
        "14 false positive",
        "Share of false positives: 100 % (78 to 100 %)",
        "backup.read.files0@contoso.example: 1 alert",
        &format!("incident {last}, False positive - Not malicious: Nightly job, see hxxp://wiki[.]contoso[.]example"),
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    let link = attribute(&page, "table[aria-label=Detections] a[href*='/lessons/note']", "href");
    assert_eq!(dana.get(&link.replace("Backup", "Nothing")).status, 404);
}

#[test]
fn what_is_unknown_in_the_address_is_named_and_the_rest_is_shown() {
    let world = world();
    world.incident("Beacon");
    let page = world.browser("dana").page("/lessons?range=7d&colour=red&assignedTo=nobody-here&severity=medium");
    let notice = text(&page, ".notice");
    assert!(notice.contains("colour=red") && notice.contains("assignedTo=nobody-here"), "{notice}");
    assert_eq!(attribute(&page, "#severity option[selected]", "value"), "medium");
    assert_eq!(select(&page, "table[aria-label=Detections] tbody tr").len(), 1);
}

#[test]
fn a_time_without_alerts_says_so() {
    let world = world();
    let dana = world.browser("dana");
    assert!(text(&dana.page("/lessons"), ".empty").contains("Nothing was created in this time."));
    assert!(text(&dana.page("/lessons/how"), "main").contains("because so few say little about a detection"));
}

#[test]
fn viewers_see_lessons_but_no_way_to_a_rule_that_they_may_not_make() {
    let world = world();
    let dana = world.browser("dana");
    closed(&world, &dana, "Backup read files", 12, HARMLESS);
    let page = world.browser("vic").page("/lessons?range=7d");
    assert_eq!(select(&page, "ol[aria-label='To tune'] li").len(), 1);
    assert!(select(&page, "ol[aria-label='To tune'] a.button").is_empty());
}
