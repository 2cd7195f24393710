//! Tags of an incident (R9).

use crate::support::page::{queue_names, select, text, texts};
use crate::support::{alert, world};

#[test]
fn r9_tags_are_added_removed_and_found_in_the_queue() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    let first = format!("/incidents/{one}");
    dana.post(&first, &[("tags", ""), ("tags", "VIP, Phishing wave")]);
    dana.post(&format!("/incidents/{two}"), &[("tags", "vip")]);
    assert_eq!(texts(&dana.page(&first), ".head-facts .tag"), ["Phishing wave", "VIP"]);
    let found = |query: &str| queue_names(&dana.page(&format!("/incidents?sort=id&{query}"))).len();
    assert_eq!(found("tag=VIP"), 2, "in any case");
    assert_eq!(found("tag=VIP&tag=Phishing+wave"), 2, "any of");
    assert_eq!(found("tag=VIP&tag=Phishing+wave&tagMatch=all"), 1, "all of");
    dana.post(&first, &[("tags", ""), ("tags", "VIP")]);
    assert_eq!(found("tag=Phishing+wave"), 0);
    let history = dana.history(one).join(" | ");
    assert!(history.contains("Tag added: VIP") && history.contains("Tag removed: Phishing wave"), "{history}");
    dana.post(&first, &[("tags", "")]);
    assert!(texts(&dana.page(&first), ".head-facts .tag").is_empty(), "empty clears");
}

#[test]
fn r9_tags_in_use_are_offered() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{one}"), &[("tags", "VIP")]);
    let page = dana.page(&format!("/incidents/{two}/pane"));
    let offered: Vec<_> =
        select(&page, "#m-tags-known option").iter().map(|o| o.value().attr("value").unwrap()).collect();
    assert_eq!(offered, ["VIP"]);
}

#[test]
fn r9_system_tags_cannot_be_added_or_removed() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let answer = dana.post(&format!("/incidents/{id}"), &[("tags", "redirected")]);
    assert_eq!(answer.status, 422);
    assert!(text(&answer.html(), "#m-tags-error").contains("system tag"));
}

#[test]
fn a_tag_that_is_too_long_is_refused() {
    let world = world();
    let id = world.ingest(&[alert("One").json()])[0];
    let answer = world.browser("dana").post(&format!("/incidents/{id}"), &[("tags", &"t".repeat(65))]);
    assert_eq!(answer.status, 422);
}
