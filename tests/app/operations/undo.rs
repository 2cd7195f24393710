//! R11, R12: what correlation merged is told in both incidents and can be taken back as it was; and
//! every act of a person, from the message after it and from the history.

use crate::support::page::{attribute, select, text, texts};
use crate::support::{Answer, Browser, World, alert, world};

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

/// The first merge of the world.
fn merge_of(world: &World) -> i64 {
    world.count("SELECT min(id) AS n FROM operations WHERE kind = 'merge'")
}

fn undo(world: &World, browser: &Browser) -> Answer {
    browser.post(&format!("/operations/{}/undo", merge_of(world)), &[])
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
    let answer = undo(&world, &dana);
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
    undo(&world, &dana);
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
    let button = format!("form[action='/operations/{}/undo'] button", merge_of(&world));
    for incident in [kept, gone] {
        let path = format!("/incidents/{incident}/history");
        assert_eq!(texts(&dana.page(&path), &button), ["Undo"], "{path}");
        assert!(select(&vic.page(&path), &button).is_empty(), "{path}");
    }
    assert_eq!(undo(&world, &vic).status, 403);
    assert_eq!(undo(&world, &dana).status, 303);
    let again = undo(&world, &dana);
    assert_eq!(again.status, 422);
    assert!(again.text().contains("This was undone already."), "{}", again.text());
    assert!(select(&dana.page(&format!("/incidents/{kept}/history")), &button).is_empty());
    assert_eq!(dana.post("/operations/99/undo", &[]).status, 404);
}

#[test]
fn what_a_person_changed_after_the_merge_stays_as_they_left_it() {
    let world = world();
    let (kept, _) = merged(&world);
    let dana = world.browser("dana");
    dana.post("/alerts/2/assign-to-me", &[]);
    dana.post(&format!("/incidents/{kept}"), &[("assigned_to", "dana"), ("classification", "truePositive:malware")]);
    undo(&world, &dana);
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
    let answer = undo(&world, &dana);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains(&format!("None of the alerts of incident {gone} are in incident {kept} any more")));
    assert_eq!(dana.get(&format!("/incidents/{gone}")).status, 303);
    // Moved back by hand, it can be undone all the same.
    dana.post("/alerts/move", &[("alerts", "2"), ("target", &kept.to_string())]);
    assert_eq!(undo(&world, &dana).status, 303);
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
    let answer = undo(&world, &dana);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains(&format!("Incident {b} itself lives on in incident {c}; undo that first.")));
    assert_eq!(dana.post("/operations/2/undo", &[]).location, format!("/incidents/{b}"));
    assert_eq!(undo(&world, &dana).location, format!("/incidents/{a}"));
    let counts = [a, b, c].map(|id| text(&dana.page(&format!("/incidents/{id}")), ".big"));
    assert_eq!(counts, ["1/1 active alerts", "2/2 active alerts", "2/2 active alerts"]);
}

#[test]
fn what_a_person_took_apart_is_not_put_together_again() {
    let world = world();
    let (kept, gone) = merged(&world);
    let dana = world.browser("dana");
    undo(&world, &dana);
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

/// The Undo button beside the message after an act: where it posts to.
fn offered(browser: &Browser, answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = browser.page(&answer.location);
    (text(&page, "[data-flash] p"), attribute(&page, "[data-flash] form", "action"))
}

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

#[test]
fn an_edit_is_undone_in_every_field_and_told_as_an_undo() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let before = fields(&dana, id);
    let path = format!("/incidents/{id}");
    let edit = [
        ("name", "Payroll"),
        ("severity", "high"),
        ("status", "inProgress"),
        ("classification", "truePositive:malware"),
        ("assigned_to", "omar"),
        ("tags", "VIP, Q4"),
    ];
    let (said, action) = offered(&dana, &dana.post(&path, &edit));
    assert_eq!(said, "Saved.");
    assert_ne!(fields(&dana, id), before);
    assert_eq!(owner(&dana, 1), "Omar Haddad");
    let answer = dana.post(&action, &[("return_to", "/incidents?pane=1")]);
    assert_eq!(answer.location, "/incidents?pane=1");
    assert_eq!(text(&dana.page(&answer.location), "[data-flash] p"), "Undone.");
    assert_eq!(fields(&dana, id), before);
    assert_eq!(owner(&dana, 1), "Unassigned");
    assert_eq!(text(&dana.page("/alerts/1"), "[data-live=classification]"), "Not set");
    let history = dana.history(id).join(" | ");
    assert!(history.contains("Undo. Name: \"Payroll\" → \"One involving one user\" (automatic)"), "{history}");
    assert!(history.contains("Undo. Status: In progress → Active"), "{history}");
    let again = dana.post(&action, &[]);
    assert_eq!(again.status, 422);
    assert!(again.text().contains("This was undone already."));
}

#[test]
fn r3_undoing_a_resolve_reopens_exactly_what_it_closed_and_keeps_the_rest() {
    let world = world();
    let on = |title: &str| alert(title).device("a.contoso.test").json();
    let id = world.ingest(&[on("One"), on("Two"), on("Three")])[0];
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("status", "resolved")]);
    dana.post("/alerts/2", &[("status", "inProgress")]);
    let path = format!("/incidents/{id}");
    let resolved = dana.post(&path, &[("status", "resolved"), ("resolving_note", "Exercise")]);
    let (_, action) = offered(&dana, &resolved);
    assert_eq!(text(&dana.page(&path), ".big"), "0/3 active alerts");
    assert_eq!(dana.post(&action, &[]).status, 303);
    let status = |alert: i64| {
        world.count(&format!("SELECT CAST(CASE status WHEN 'new' THEN 1 WHEN 'inProgress' THEN 2 ELSE 3 END AS bigint) AS n FROM alerts WHERE id = {alert}"))
    };
    assert_eq!([status(1), status(2), status(3)], [3, 2, 1]);
    assert_eq!(text(&dana.page(&path), ".big"), "2/3 active alerts");
    assert_eq!(
        world.count("SELECT count(*) AS n FROM incidents WHERE resolving_note IS NOT NULL OR resolved_at IS NOT NULL"),
        0
    );
}

#[test]
fn undoing_a_reopening_gives_note_and_time_of_resolving_back() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("status", "resolved"), ("resolving_note", "Exercise")]);
    let at = || world.count("SELECT coalesce(resolved_at, 0) AS n FROM incidents");
    let alert_at = || world.count("SELECT coalesce(resolved_at, 0) AS n FROM alerts WHERE closed_with = 1");
    let before = (at(), alert_at());
    let (_, action) = offered(&dana, &dana.post(&path, &[("status", "active")]));
    assert_eq!(at(), 0);
    dana.post(&action, &[]);
    assert_eq!((at(), alert_at()), before);
    assert!(before.0 > 0);
    assert!(dana.get(&path).text().contains("Exercise"));
    dana.post(&path, &[("status", "active")]);
    assert_eq!(world.count("SELECT open_alert_count AS n FROM incidents"), 1, "it still reopens what it had closed");
}

#[test]
fn what_somebody_changed_since_stays_and_is_told_with_who() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let path = format!("/incidents/{id}");
    let (_, action) =
        offered(&dana, &dana.post(&path, &[("severity", "high"), ("status", "inProgress"), ("tags", "VIP")]));
    omar.post(&path, &[("status", "active")]);
    omar.post(&path, &[("status", "resolved")]);
    omar.post(&path, &[("tags", "")]);
    let answer = dana.post(&action, &[]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let said = text(&dana.page(&answer.location), "[data-flash] p");
    assert_eq!(said, "Undone. But: Status stays Resolved: Omar Haddad changed it since.");
    let now = fields(&dana, id);
    assert_eq!((now[0].as_str(), now[1].as_str(), now.len()), ("Medium", "Resolved", 5));
}

#[test]
fn an_undo_of_which_nothing_is_possible_is_refused_and_still_offered() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let path = format!("/incidents/{id}");
    let (_, action) = offered(&dana, &dana.post(&path, &[("severity", "high")]));
    omar.post(&path, &[("severity", "low")]);
    let answer = dana.post(&action, &[]);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Severity stays Low: Omar Haddad changed it since."), "{}", answer.text());
    // Once the later change is undone, so can be the earlier one.
    let later = attribute(&omar.page(&format!("{path}/history")), ".entry form.undo", "action");
    assert_ne!(later, action);
    assert_eq!(omar.post(&later, &[]).status, 303);
    assert_eq!(dana.post(&action, &[]).status, 303);
    assert_eq!(fields(&dana, id)[0], "Medium");
}

#[test]
fn undoing_an_assignment_gives_each_alert_back_to_whom_it_belonged() {
    let world = world();
    let on = |title: &str| alert(title).device("a.contoso.test").json();
    let id = world.ingest(&[on("One"), on("Two")])[0];
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    omar.post("/alerts/1/assign-to-me", &[]);
    let (said, action) = offered(&dana, &dana.post(&format!("/incidents/{id}/assign-to-me"), &[]));
    assert_eq!(said, "Assigned to you, with its alerts.");
    world.ingest(&[on("Three")]);
    assert_eq!([1, 2, 3].map(|alert| owner(&dana, alert)), ["Dana Reyes", "Dana Reyes", "Dana Reyes"]);
    dana.post(&action, &[]);
    assert_eq!([1, 2, 3].map(|alert| owner(&dana, alert)), ["Omar Haddad", "Unassigned", "Unassigned"]);
}

#[test]
fn an_edit_of_an_alert_is_undone_and_its_source_decides_again() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let edit = [("status", "resolved"), ("classification", "falsePositive:notMalicious")];
    let (_, action) = offered(&dana, &dana.post("/alerts/1", &edit));
    assert_eq!(text(&dana.page(&format!("/incidents/{id}")), ".big"), "0/1 active alerts");
    let there = attribute(&dana.page("/alerts/1"), ".entry form.undo", "action");
    assert_eq!(there, action, "the alert's history offers it too");
    dana.post(&action, &[]);
    assert_eq!(text(&dana.page(&format!("/incidents/{id}")), ".big"), "1/1 active alerts");
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts WHERE status_by_person OR classified_by_person"), 0);
}

#[test]
fn r10_a_move_is_undone_with_all_that_follows_and_links_as_they_were() {
    let world = world();
    let ids = world.ingest(&[
        alert("One").device("a.contoso.test").category("InitialAccess").json(),
        alert("Two").device("b.contoso.test").severity("high").json(),
    ]);
    let (from, to) = (ids[0], ids[1]);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    omar.post(&format!("/incidents/{to}/assign-to-me"), &[]);
    let (before, linked) =
        ((fields(&dana, from), fields(&dana, to)), text(&dana.page("/alerts/1"), "[data-live=linkedBy]"));
    let moved = dana.post("/alerts/move", &[("alerts", "1"), ("target", &to.to_string()), ("reason", "Same attack")]);
    let (said, action) = offered(&dana, &moved);
    assert_eq!(said, "1 alert moved here.");
    assert_eq!(dana.get(&format!("/incidents/{from}")).status, 303);
    assert_eq!(world.count("SELECT count(*) AS n FROM incidents_apart"), 1);
    let answer = dana.post(&action, &[]);
    assert_eq!(
        (answer.status, answer.location.clone()),
        (303, format!("/incidents/{from}/alerts")),
        "{}",
        answer.text()
    );
    assert_eq!(text(&dana.page(&answer.location), "[data-flash] p"), "The move was undone; 1 alert went back.");
    assert_eq!((fields(&dana, from), fields(&dana, to)), before);
    assert_eq!(text(&dana.page("/alerts/1"), "[data-live=linkedBy]"), linked);
    assert_eq!(owner(&dana, 1), "Unassigned");
    assert_eq!(world.count("SELECT count(*) AS n FROM incidents_apart"), 0);
    assert!(dana.history(from).join(" | ").contains(&format!("Undo. Alert moved here from incident {to}")));
}

#[test]
fn of_a_move_what_was_moved_on_stays_and_is_told() {
    let world = world();
    let on = |title: &str| alert(title).device("a.contoso.test").json();
    let id = world.ingest(&[on("One"), on("Two"), on("Three")])[0];
    let dana = world.browser("dana");
    let (_, action) =
        offered(&dana, &dana.post("/alerts/move", &[("alerts", "1"), ("alerts", "2"), ("new_incident", "1")]));
    dana.post("/alerts/move", &[("alerts", "2"), ("new_incident", "1")]);
    let answer = dana.post(&action, &[]);
    let said = text(&dana.page(&answer.location), "[data-flash] p");
    assert_eq!(
        said,
        "The move was undone; 1 alert went back. But: 1 of 2 alerts were moved on since and stay where they are."
    );
    assert_eq!(text(&dana.page(&format!("/incidents/{id}")), ".big"), "2/2 active alerts");
    assert_eq!(dana.get(&format!("/incidents/{}", id + 1)).location, format!("/incidents/{id}"), "emptied");
}

#[test]
fn viewers_are_neither_offered_nor_allowed_an_undo() {
    let world = world();
    let id = world.incident("One");
    let (dana, vic) = (world.browser("dana"), world.browser("vic"));
    let (_, action) = offered(&dana, &dana.post(&format!("/incidents/{id}"), &[("severity", "high")]));
    assert!(select(&vic.page(&format!("/incidents/{id}/history")), "form.undo").is_empty());
    assert_eq!(vic.post(&action, &[]).status, 403);
    assert_eq!(fields(&dana, id)[0], "High");
}

#[test]
fn a_save_that_changes_nothing_offers_no_undo() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let answer = dana.post(&format!("/incidents/{id}"), &[("status", "active")]);
    assert!(select(&dana.page(&answer.location), "[data-flash] form").is_empty());
    assert_eq!(world.count("SELECT count(*) AS n FROM operations"), 0);
}

#[test]
fn a_reopening_is_not_undone_once_alerts_came_in() {
    let world = world();
    let on = |title: &str| alert(title).device("a.contoso.test").json();
    let id = world.ingest(&[on("One")])[0];
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("status", "resolved")]);
    let (_, action) = offered(&dana, &dana.post(&path, &[("status", "active")]));
    assert_eq!(world.ingest(&[on("Two")]), [id]);
    let answer = dana.post(&action, &[]);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Status stays Active: alerts came in since."), "{}", answer.text());
    assert_eq!(text(&dana.page(&path), ".big"), "2/2 active alerts");
    // Once what came in is resolved, nothing open would be left.
    dana.post("/alerts/2", &[("status", "resolved")]);
    assert_eq!(dana.post(&action, &[]).status, 303);
    assert_eq!(
        (fields(&dana, id)[1].as_str(), text(&dana.page(&path), ".big").as_str()),
        ("Resolved", "0/2 active alerts")
    );
}

#[test]
fn a_note_written_since_does_not_keep_an_incident_resolved_with_its_alerts_open() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let path = format!("/incidents/{id}");
    let (_, action) = offered(&dana, &dana.post(&path, &[("status", "resolved"), ("resolving_note", "Exercise")]));
    omar.post(&path, &[("status", "resolved"), ("resolving_note", "A drill of the red team")]);
    let answer = dana.post(&action, &[]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = dana.page(&answer.location);
    assert_eq!(
        text(&page, "[data-flash] p"),
        "Undone. But: The resolving note that Omar Haddad wrote since goes with the status."
    );
    assert_eq!((fields(&dana, id)[1].as_str(), text(&page, ".big").as_str()), ("Active", "1/1 active alerts"));
}

#[test]
fn what_an_undo_left_as_it_was_still_stands_in_the_way_of_an_earlier_one() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let path = format!("/incidents/{id}");
    let (_, first) = offered(&dana, &dana.post(&path, &[("severity", "high")]));
    let (_, second) = offered(&omar, &omar.post(&path, &[("severity", "low"), ("tags", "VIP")]));
    let (_, third) = offered(&dana, &dana.post(&path, &[("severity", "informational")]));
    assert_eq!(omar.post(&second, &[]).status, 303, "the tag goes, the severity stays");
    assert_eq!(dana.post(&third, &[]).status, 303);
    assert_eq!(fields(&dana, id)[0], "Low");
    let answer = dana.post(&first, &[]);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Severity stays Low: Omar Haddad changed it since."), "{}", answer.text());
    assert_eq!(fields(&dana, id)[0], "Low");
}

#[test]
fn r14_undoing_an_edit_of_an_alert_leaves_anothers_decision_a_persons() {
    let world = world();
    world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let edit = [("status", "inProgress"), ("classification", "falsePositive:notMalicious")];
    let (_, action) = offered(&dana, &dana.post("/alerts/1", &edit));
    omar.post("/alerts/1", &[("status", "resolved")]);
    assert_eq!(dana.post(&action, &[]).status, 303);
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts WHERE status = 'resolved' AND status_by_person"), 1);
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts WHERE classified_by_person"), 0);
}

#[test]
fn r2_an_undo_gives_no_work_to_who_cannot_have_it() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    omar.post(&format!("/incidents/{id}/assign-to-me"), &[]);
    let (_, action) = offered(&dana, &dana.post(&format!("/incidents/{id}/assign-to-me"), &[]));
    world.disable("omar");
    let answer = dana.post(&action, &[]);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Assigned to stays Dana Reyes: Omar Haddad can no longer be given work."));
    assert_eq!((fields(&dana, id)[2].as_str(), owner(&dana, 1).as_str()), ("Dana Reyes", "Dana Reyes"));
}

#[test]
fn open_alerts_do_not_go_back_to_an_incident_that_was_resolved_meanwhile() {
    let world = world();
    let on = |title: &str| alert(title).device("a.contoso.test").json();
    let id = world.ingest(&[on("One"), on("Two")])[0];
    let dana = world.browser("dana");
    let (_, action) = offered(&dana, &dana.post("/alerts/move", &[("alerts", "2"), ("new_incident", "1")]));
    dana.post(&format!("/incidents/{id}"), &[("status", "resolved")]);
    let answer = dana.post(&action, &[]);
    assert_eq!(answer.status, 422);
    let why = format!("Incident {id} is resolved, but alerts that would go back to it are open; resolve those first.");
    assert!(answer.text().contains(&why), "{}", answer.text());
    dana.post("/alerts/2", &[("status", "resolved")]);
    assert_eq!(dana.post(&action, &[]).status, 303);
    assert_eq!(text(&dana.page(&format!("/incidents/{id}")), ".big"), "0/2 active alerts");
}

#[test]
fn undoing_an_alerts_edit_does_not_open_it_in_a_resolved_incident() {
    let world = world();
    let on = |title: &str| alert(title).device("a.contoso.test").json();
    let id = world.ingest(&[on("One"), on("Two")])[0];
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let (_, action) = offered(&dana, &dana.post("/alerts/1", &[("status", "resolved")]));
    omar.post(&format!("/incidents/{id}"), &[("status", "resolved")]);
    let refused = dana.post(&action, &[]);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("the incident is resolved; reopen it first"), "{}", refused.text());
    omar.post(&format!("/incidents/{id}"), &[("status", "active")]);
    assert_eq!(dana.post(&action, &[]).status, 303);
    assert_eq!(text(&dana.page(&format!("/incidents/{id}")), ".big"), "2/2 active alerts");
}

#[test]
fn going_back_to_the_automatic_name_is_undone_also_where_it_reads_the_same() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("name", "Something else")]);
    dana.post(&path, &[("name", "One")]);
    let sourced = || world.count("SELECT count(*) AS n FROM incidents WHERE name_source = 'custom'");
    assert_eq!(sourced(), 1);
    let answer = dana.post(&path, &[("name", "")]);
    assert_eq!(sourced(), 0);
    let (_, action) = offered(&dana, &answer);
    assert_eq!(dana.post(&action, &[]).status, 303);
    assert_eq!(sourced(), 1);
}
