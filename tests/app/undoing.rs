//! R11, R12: what correlation merged is told in both incidents and can be taken back as it was.

use crate::support::browser::{attribute, select, text, texts};
use crate::support::{Browser, World, alert, world};

/// Two incidents on two devices, worked on by two people, and the alert that ties them together.
fn merged(world: &World) -> (i64, i64) {
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let kept = world.ingest(&[alert("Phish").device("a.contoso.test").minutes_ago(20).json()])[0];
    let gone = world.ingest(&[alert("Beacon").device("b.contoso.test").user("ana@contoso.test").json()])[0];
    dana.post(&format!("/incidents/{kept}"), &[("name", "Payroll phishing")]);
    omar.post(&format!("/incidents/{gone}/assign-to-me"), &[]);
    omar.post(&format!("/incidents/{gone}"), &[("status", "inProgress"), ("tags", "VIP")]);
    omar.post(&format!("/incidents/{gone}/comments"), &[("body", "Seen in the proxy log")]);
    let home = tie(world, "Lateral movement");
    assert_eq!(home, kept, "the one that a person named lives on");
    (kept, gone)
}

fn tie(world: &World, title: &str) -> i64 {
    world.ingest(&[alert(title).device("a.contoso.test").device("b.contoso.test").json()])[0]
}

fn owner(browser: &Browser, alert: i64) -> String {
    text(&browser.page(&format!("/alerts/{alert}")), ".head-facts [data-live=owner]")
}

fn undo(browser: &Browser) -> crate::support::Answer {
    browser.post("/operations/1/undo", &[])
}

#[test]
fn r12_an_alert_on_two_incidents_makes_them_one_and_everything_comes_along() {
    let world = world();
    let (kept, gone) = merged(&world);
    let dana = world.browser("dana");
    let away = dana.get(&format!("/incidents/{gone}"));
    assert_eq!((away.status, away.location), (303, format!("/incidents/{kept}")));
    assert_eq!(texts(&dana.page("/incidents?status=redirected"), "tbody .tag"), ["Redirected", "VIP"]);
    let page = dana.page(&format!("/incidents/{kept}"));
    assert_eq!(text(&page, "h1"), "Payroll phishing");
    assert_eq!(text(&page, ".head-facts [data-live=owner]"), "Omar Haddad");
    assert_eq!(texts(&page, ".head-facts [data-live-tags] .tag"), ["VIP"]);
    assert_eq!(text(&page, ".big"), "3/3 active alerts");
    assert_eq!(texts(&page, ".scope li"), ["2 impacted devices", "1 impacted user", "0 impacted mailboxes"]);
    assert_eq!((owner(&dana, 1), owner(&dana, 2)), ("Omar Haddad".into(), "Omar Haddad".into()));
    let there = dana.history(kept).join(" | ");
    assert!(there.contains(&format!("Incident {gone} merged into this one with 1 alert.")), "{there}");
    assert!(there.contains("\"Lateral movement\" ties them together: same device"), "{there}");
    let here = dana.history(gone).join(" | ");
    assert!(here.contains(&format!("Merged into incident {kept} with 1 alert.")), "{here}");
    assert!(dana.alert_history(2)[0].contains("Omar Haddad") || dana.alert_history(2)[0].contains("moved here"));
}

#[test]
fn r11_comments_and_history_of_a_merged_incident_stand_in_the_survivors_marked_with_where_from() {
    let world = world();
    let (kept, gone) = merged(&world);
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
    assert_eq!(tie(&world, "Both"), kept);
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
fn addresses_of_older_history_that_name_a_revision_still_work() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{id}/comments"), &[("body", "Third")]);
    let older = texts(&dana.page(&format!("/incidents/{id}/history?before=3")), ".entry");
    assert_eq!(older.len(), 2);
    assert!(older.iter().all(|entry| !entry.contains("Third")), "{older:?}");
}

#[test]
fn undo_gives_back_alerts_counts_names_status_tags_and_assignees() {
    let world = world();
    let (kept, gone) = merged(&world);
    let dana = world.browser("dana");
    let answer = undo(&dana);
    assert_eq!((answer.status, answer.location.clone()), (303, format!("/incidents/{gone}")), "{}", answer.text());
    let page = dana.page(&answer.location);
    assert_eq!(text(&page, "[data-flash] p"), format!("The merge was undone; 1 alert went back to incident {gone}."));
    assert_eq!(text(&page, "h1"), "Beacon on one endpoint");
    assert_eq!(text(&page, ".head-facts .status"), "In progress");
    assert_eq!(text(&page, ".head-facts [data-live=owner]"), "Omar Haddad");
    assert_eq!(texts(&page, ".head-facts .tag"), ["VIP"]);
    assert_eq!(text(&page, ".big"), "1/1 active alerts");
    let page = dana.page(&format!("/incidents/{kept}"));
    assert_eq!(text(&page, "h1"), "Payroll phishing");
    assert_eq!(text(&page, ".head-facts .status"), "Active");
    assert_eq!(text(&page, ".head-facts [data-live=owner]"), "Unassigned");
    assert!(texts(&page, ".head-facts .tag").is_empty());
    assert_eq!(text(&page, ".big"), "2/2 active alerts", "the alert that tied them stays");
    assert_eq!(owner(&dana, 1), "Unassigned");
    assert_eq!(owner(&dana, 2), "Omar Haddad");
    assert_eq!(owner(&dana, 3), "Unassigned", "it came to whom the incident belonged");
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts WHERE assigned_to IS NOT NULL"), 1);
}

#[test]
fn both_histories_tell_of_the_undoing_and_stand_apart_again() {
    let world = world();
    let (kept, gone) = merged(&world);
    let dana = world.browser("dana");
    undo(&dana);
    let told = |other: i64| format!("The merge with incident {other} was undone; 1 alert went back.");
    let page = dana.page(&format!("/incidents/{kept}/history"));
    assert!(texts(&page, ".entry").join(" | ").contains(&told(gone)));
    assert!(texts(&page, ".entry").join(" | ").contains(&format!("Incident {gone} merged into this one")), "kept");
    assert!(texts(&page, ".entry-from").is_empty(), "the other's entries are gone from it");
    assert!(dana.history(gone).join(" | ").contains(&told(kept)));
}

#[test]
fn undo_is_offered_once_and_to_those_who_may_work() {
    let world = world();
    let (kept, gone) = merged(&world);
    let (dana, vic) = (world.browser("dana"), world.browser("vic"));
    let button = "form[action='/operations/1/undo'] button";
    for incident in [kept, gone] {
        let path = format!("/incidents/{incident}/history");
        assert_eq!(texts(&dana.page(&path), button), ["Undo"], "{path}");
        assert!(select(&vic.page(&path), button).is_empty(), "{path}");
    }
    assert_eq!(undo(&vic).status, 403);
    assert_eq!(undo(&dana).status, 303);
    let again = undo(&dana);
    assert_eq!(again.status, 422);
    assert!(again.text().contains("This was undone already."), "{}", again.text());
    assert!(select(&dana.page(&format!("/incidents/{kept}/history")), button).is_empty());
    assert_eq!(dana.post("/operations/99/undo", &[]).status, 404);
}

#[test]
fn what_a_person_changed_after_the_merge_stays_as_they_left_it() {
    let world = world();
    let (kept, _) = merged(&world);
    let dana = world.browser("dana");
    dana.post("/alerts/2/assign-to-me", &[]);
    dana.post(&format!("/incidents/{kept}"), &[("assigned_to", "dana"), ("classification", "truePositive:malware")]);
    undo(&dana);
    let page = dana.page(&format!("/incidents/{kept}"));
    assert_eq!(text(&page, ".head-facts [data-live=owner]"), "Dana Reyes");
    assert_eq!((owner(&dana, 1), owner(&dana, 2)), ("Dana Reyes".into(), "Dana Reyes".into()));
    assert_eq!(text(&page, "[data-live=classification]"), "True positive - Malware");
}

#[test]
fn what_stands_in_the_way_of_undoing_is_told_and_nothing_is_changed() {
    let world = world();
    let (kept, gone) = merged(&world);
    let dana = world.browser("dana");
    dana.post("/alerts/move", &[("alerts", "2"), ("new_incident", "1")]);
    let answer = undo(&dana);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains(&format!("None of the alerts of incident {gone} are in incident {kept} any more")));
    assert_eq!(dana.get(&format!("/incidents/{gone}")).status, 303);
    // Moved back by hand, it can be undone all the same.
    dana.post("/alerts/move", &[("alerts", "2"), ("target", &kept.to_string())]);
    assert_eq!(undo(&dana).status, 303);
}

#[test]
fn merges_of_merges_are_undone_from_the_last_one_on() {
    let world = world();
    let on = |title: &str, devices: &[&str]| {
        devices.iter().fold(alert(title), |alert, device| alert.device(&format!("{device}.contoso.test"))).json()
    };
    let (c, b, a) =
        (world.ingest(&[on("C", &["c"])])[0], world.ingest(&[on("B", &["b"])])[0], world.ingest(&[on("A", &["a"])])[0]);
    assert_eq!(world.ingest(&[on("AB", &["a", "b"])]), [b]);
    assert_eq!(world.ingest(&[on("BC", &["b", "c"])]), [c]);
    let dana = world.browser("dana");
    let page = dana.page(&format!("/incidents/{c}/history"));
    let from = texts(&page, ".entry-from");
    assert!(from.contains(&format!("from incident {a}")) && from.contains(&format!("from incident {b}")), "{from:?}");
    let answer = undo(&dana);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains(&format!("Incident {b} itself lives on in incident {c}; undo that first.")));
    assert_eq!(dana.post("/operations/2/undo", &[]).location, format!("/incidents/{b}"));
    assert_eq!(undo(&dana).location, format!("/incidents/{a}"));
    let counts = [a, b, c].map(|id| text(&dana.page(&format!("/incidents/{id}")), ".big"));
    assert_eq!(counts, ["1/1 active alerts", "2/2 active alerts", "2/2 active alerts"]);
}

#[test]
fn what_a_person_took_apart_is_not_put_together_again() {
    let world = world();
    let (kept, gone) = merged(&world);
    let dana = world.browser("dana");
    undo(&dana);
    let home = tie(&world, "Lateral movement again");
    let other = if home == kept { gone } else { kept };
    assert!(home == kept || home == gone);
    assert_eq!(world.count("SELECT count(*) AS n FROM incidents WHERE status = 'redirected'"), 0);
    let page = dana.page("/alerts/4");
    let considered = texts(&page, ".considered li");
    assert_eq!(considered.len(), 1, "{considered:?}");
    assert!(considered[0].starts_with(&format!("Incident {other}: same device ")), "{considered:?}");
    assert!(considered[0].ends_with("but not merged: a person took the two apart."), "{considered:?}");
    assert_eq!(attribute(&page, ".considered a", "href"), format!("/incidents/{other}"));
}
