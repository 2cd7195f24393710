//! GET /incidents/{id}/history: filtered, paged, and together with that of merged incidents (R11).

use crate::support::merged::{Merged, alert_on_both, merged};
use crate::support::page::{select, text, texts};
use crate::support::{alert, world};

#[test]
fn the_history_can_be_filtered_by_kind() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{id}/comments"), &[("body", "Said")]);
    dana.post(&format!("/incidents/{id}"), &[("name", "Renamed")]);
    let shown = |kind: &str| texts(&dana.page(&format!("/incidents/{id}/history?show={kind}")), ".entry").len();
    assert_eq!((shown("comments"), shown("changes"), shown("alerts"), shown("all")), (1, 2, 1, 4));
}

#[test]
fn history_addresses_with_a_revision_still_work() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{id}/comments"), &[("body", "Third")]);
    let older = texts(&dana.page(&format!("/incidents/{id}/history?before=3")), ".entry");
    assert_eq!(older.len(), 2);
    assert!(older.iter().all(|entry| !entry.contains("Third")), "{older:?}");
}

#[test]
fn r11_the_history_of_a_merged_incident_is_shown_in_the_surviving_one_with_its_origin() {
    let world = world();
    let Merged { kept, gone, .. } = merged(&world);
    let dana = world.browser("dana");
    let page = dana.page(&format!("/incidents/{kept}/history"));
    let entries = texts(&page, ".entry");
    let comment = entries.iter().find(|entry| entry.contains("Seen in the proxy log")).expect("the comment");
    assert!(comment.contains(&format!("from incident {gone}")), "{comment}");
    let own = entries.iter().find(|entry| entry.contains("Payroll phishing")).expect("the rename");
    assert!(!own.contains("from incident"), "{own}");
    assert_eq!(text(&page, "[data-live=entryCount]"), entries.len().to_string());
    let comments = texts(&dana.page(&format!("/incidents/{kept}/history?show=comments")), ".entry");
    assert_eq!(comments.len(), 1);
    let ids = entry_ids(&page);
    assert!(ids.is_sorted_by(|one, other| one > other), "newest first: {ids:?}");
    let other = format!(".entry a[href='/incidents/{gone}/history']");
    assert!(!select(&page, &other).is_empty(), "and leads there");
    let away = dana.page(&format!("/incidents/{gone}/history"));
    assert!(texts(&away, ".entry-from").is_empty(), "its own history is its own");
}

fn entry_ids(page: &scraper::Html) -> Vec<i64> {
    select(page, ".entry").iter().map(|entry| entry.attr("id").unwrap()[6..].parse().unwrap()).collect()
}

#[test]
fn r11_a_long_joint_history_is_paged_without_losing_or_repeating_an_entry() {
    let world = world();
    let on = |device: &str| {
        (0..70).map(|n| alert(&format!("{device} {n}")).device(&format!("{device}.contoso.test")).json()).collect()
    };
    let (a, b): (Vec<_>, Vec<_>) = (on("a"), on("b"));
    let kept = world.ingest(&a)[0];
    world.ingest(&b);
    assert_eq!(alert_on_both(&world, "Both"), kept);
    let dana = world.browser("dana");
    let mut next = format!("/incidents/{kept}/history");
    let mut seen = Vec::new();
    let count = text(&dana.page(&next), "[data-live=entryCount]");
    while !next.is_empty() {
        let page = dana.page(&next);
        seen.extend(entry_ids(&page));
        next = select(&page, "a.button[href*=beforeEntry]")
            .first()
            .map_or_else(String::new, |older| older.attr("href").unwrap().to_owned());
    }
    assert!(seen.is_sorted_by(|one, other| one > other), "{seen:?}");
    assert_eq!(seen.len().to_string(), count);
    assert!(seen.len() > 140, "on more than one page");
}

#[test]
fn a_page_of_history_ends_after_some_long_comments_and_leads_to_the_others() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let long = "word ".repeat(5_800);
    for path in [format!("/incidents/{id}"), "/alerts/1".to_owned()] {
        for number in 0..10 {
            assert_eq!(
                dana.post(&format!("{path}/comments"), &[("body", &format!("No. {number}. {long}"))]).status,
                303
            );
        }
    }
    for path in [format!("/incidents/{id}/history"), format!("/incidents/{id}"), "/alerts/1".to_owned()] {
        let (mut next, mut seen) = (Some(path.clone()), Vec::new());
        while let Some(address) = next {
            let answer = dana.get(&address);
            assert!(answer.body.len() < 512 * 1024, "{address}: {}", answer.body.len());
            let page = answer.html();
            seen.extend(texts(&page, ".entry").into_iter().filter(|entry| entry.contains("No. ")));
            next = select(&page, "a.button[href*=beforeEntry]")
                .first()
                .map(|link| link.attr("href").unwrap_or_default().to_owned());
        }
        let expected = if path.starts_with("/alerts") { 10 } else { 20 };
        assert_eq!(seen.len(), expected, "{path}: each once");
    }
    assert!(dana.get(&format!("/incidents/{id}/pane")).body.contains("Older entries"));
}
