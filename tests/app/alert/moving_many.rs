//! POST /alerts/move with several alerts: one act is one entry in each incident, which opens to the alerts
//! (R20).

use crate::support::page::{attribute, entry_sentences, select, squeeze, text, texts};
use crate::support::stream::Stream;
use crate::support::{Browser, World, alert, world};

/// An incident of so many alerts named "Alert 1" and so on, and another of one alert. The alerts are
/// numbered in this order.
fn many_and_one(world: &World, many: i64) -> (i64, i64) {
    let on = |n| alert(&format!("Alert {n}")).device("a.contoso.example").minutes_ago(n).json();
    let alerts: Vec<_> = (1..=many).map(on).collect();
    let from = world.ingest(&alerts)[0];
    let to = world.ingest(&[alert("Other").device("b.contoso.example").json()])[0];
    (from, to)
}

/// Moves alerts 1 to `last`; returns the address that the answer leads to.
fn move_first(browser: &Browser, last: i64, target: i64, comment: &str) -> String {
    let (ids, target): (Vec<String>, String) = ((1..=last).map(|n| n.to_string()).collect(), target.to_string());
    let mut fields = vec![("target", target.as_str()), ("reason", "Same attack"), ("comment", comment)];
    fields.extend(ids.iter().map(|id| ("alerts", id.as_str())));
    let answer = browser.post("/alerts/move", &fields);
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location
}

fn page_of_history(browser: &Browser, incident: i64) -> scraper::Html {
    browser.page(&format!("/incidents/{incident}/history"))
}

fn moves(page: &scraper::Html) -> Vec<String> {
    entry_sentences(page).into_iter().filter(|entry| entry.contains("moved")).collect()
}

#[test]
fn r20_moving_50_alerts_is_one_entry_in_each_incident_with_its_comment_once() {
    let world = world();
    let (from, to) = many_and_one(&world, 52);
    let dana = world.browser("dana");
    move_first(&dana, 50, to, "Seen in the proxy log");
    let name = |id: i64| text(&dana.page(&format!("/incidents/{id}")), "h1");
    let because = ". Reason: Same attack. Comment: Seen in the proxy log";
    let there = page_of_history(&dana, to);
    let arrived = format!("Dana Reyes 50 alerts moved here from incident {from} ({}){because}", name(from));
    assert_eq!(moves(&there), [arrived]);
    let here = page_of_history(&dana, from);
    assert_eq!(moves(&here), [format!("Dana Reyes 50 alerts moved to incident {to} ({}){because}", name(to))]);
    for page in [&there, &here] {
        assert_eq!(texts(page, ".entry-parts summary"), ["List of alerts"]);
        assert_eq!(texts(page, ".entry-parts li").len(), 50);
        assert_eq!(attribute(page, ".entry-parts li a", "href"), "/alerts/1");
        assert_eq!(text(page, ".entry-parts li"), "Alert 1");
        let said = squeeze(&page.root_element().text().collect::<String>());
        assert_eq!(said.matches("Seen in the proxy log").count(), 1);
    }
    let pane = dana.page(&format!("/incidents/{to}/pane"));
    assert_eq!(texts(&pane, ".entry-parts li").len(), 50);
}

#[test]
fn r20_each_moved_alert_tells_its_own_move_with_the_comment() {
    let world = world();
    let (from, to) = many_and_one(&world, 3);
    let dana = world.browser("dana");
    move_first(&dana, 3, to, "Seen in the proxy log");
    for id in 1..=3 {
        let own = dana.alert_history(id).remove(0);
        let told =
            format!("Alert moved here from incident {from}. Reason: Same attack. Comment: Seen in the proxy log");
        assert!(own.contains(&told), "{own}");
    }
}

#[test]
fn r20_a_move_of_many_alerts_arrives_in_open_pages_as_one_entry() {
    let world = world();
    let (from, to) = many_and_one(&world, 5);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut watcher = Stream::open(&world, &omar, &format!("/incidents/{to}/stream"), None);
    let mut of_alert = Stream::open(&world, &omar, "/alerts/2/stream", None);
    move_first(&dana, 4, to, "Why");
    dana.post(&format!("/incidents/{to}/comments"), &[("body", "Next")]);
    let entry = watcher.entry();
    assert!(
        entry.contains(&format!("4 alerts moved here from incident {from}")) && entry.contains("Alert 4"),
        "{entry}"
    );
    let mut next = watcher.entry();
    while next.contains("Automatic naming and severity") {
        next = watcher.entry();
    }
    assert!(next.contains("Next"), "{next}");
    assert!(of_alert.entry().contains("Alert moved here"), "the alert's own page shows its own move");
}

#[test]
fn r20_alerts_of_several_incidents_moved_at_once_are_one_entry_that_says_which_came_from_where() {
    let world = world();
    let on = |title: &str, device: &str| alert(title).device(&format!("{device}.contoso.example")).json();
    let ids = world.ingest(&[on("One", "a"), on("Two", "b"), on("Three", "c")]);
    let dana = world.browser("dana");
    move_first(&dana, 2, ids[2], "Why");
    let page = page_of_history(&dana, ids[2]);
    let said = moves(&page);
    assert_eq!(said.len(), 1, "{said:?}");
    let entry = &said[0];
    assert!(entry.starts_with(&format!("Dana Reyes 2 alerts moved here from incident {} (", ids[0])), "{entry}");
    assert!(entry.contains(&format!(") and incident {} (", ids[1])), "{entry}");
    let listed = [format!("One From incident {}", ids[0]), format!("Two From incident {}", ids[1])];
    assert_eq!(texts(&page, ".entry-parts li"), listed);
}

#[test]
fn r20_the_undo_of_a_move_is_one_entry_too() {
    let world = world();
    let (from, to) = many_and_one(&world, 5);
    let dana = world.browser("dana");
    let moved = move_first(&dana, 4, to, "Why");
    dana.page(&moved);
    let undo = attribute(&page_of_history(&dana, to), ".entry form.undo", "action");
    assert_eq!(dana.post(&undo, &[]).status, 303);
    let back = moves(&page_of_history(&dana, from));
    assert!(back[0].starts_with(&format!("Dana Reyes Undo. 4 alerts moved here from incident {to} (")), "{back:?}");
    assert_eq!(back.len(), 2, "the move and its undo: {back:?}");
    let away = moves(&page_of_history(&dana, to));
    assert!(away[0].starts_with(&format!("Dana Reyes Undo. 4 alerts moved to incident {from} (")), "{away:?}");
    assert_eq!(away.len(), 2, "{away:?}");
    assert!(dana.alert_history(1)[0].contains(&format!("Undo. Alert moved here from incident {to}")));
}

#[test]
fn a_long_list_of_moved_alerts_is_read_in_pages() {
    let world = world();
    let (_, to) = many_and_one(&world, 230);
    let dana = world.browser("dana");
    move_first(&dana, 230, to, "");
    let mut page = page_of_history(&dana, to);
    let mut seen = texts(&page, ".entry-parts li");
    assert_eq!(seen.len(), 100);
    assert_eq!(text(&page, ".entry-parts p a"), "and 130 more");
    while let Some(more) = select(&page, ".entry-parts p a").first().map(|more| more.attr("href").unwrap().to_owned()) {
        page = dana.page(&more);
        assert_eq!(entry_sentences(&page).len(), 1, "only the entry that is read");
        assert_eq!(select(&page, ".entry-parts[open]").len(), 1);
        seen.extend(texts(&page, ".entry-parts li"));
    }
    let all: Vec<String> = (1..=230).map(|n| format!("Alert {n}")).collect();
    assert_eq!(seen, all);
    assert_eq!(dana.get(&format!("/incidents/{to}/history?of=999999")).status, 404);
}

#[test]
fn r20_a_move_of_many_alerts_is_found_among_the_alerts_not_among_the_changes() {
    let world = world();
    let (_, to) = many_and_one(&world, 3);
    let dana = world.browser("dana");
    move_first(&dana, 2, to, "Why");
    let shown = |kind: &str| moves(&dana.page(&format!("/incidents/{to}/history?show={kind}"))).len();
    assert_eq!((shown("alerts"), shown("changes"), shown("comments"), shown("all")), (1, 0, 0, 1));
}

#[test]
fn r20_what_a_change_of_an_incident_does_to_its_alerts_can_be_read_under_it() {
    let world = world();
    let (from, _) = many_and_one(&world, 3);
    let dana = world.browser("dana");
    dana.post("/alerts/2", &[("status", "inProgress")]);
    dana.post(&format!("/incidents/{from}"), &[("status", "resolved")]);
    let page = page_of_history(&dana, from);
    assert_eq!(text(&page, ".entry-parts summary"), "3 alerts resolved too");
    let listed = [
        "Alert 1 Alert status: New → Resolved with its incident",
        "Alert 2 Alert status: In progress → Resolved with its incident",
        "Alert 3 Alert status: New → Resolved with its incident",
    ];
    assert_eq!(texts(&page, ".entry-parts li"), listed);
}
