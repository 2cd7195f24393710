//! POST /alerts/move: moving alerts to another or a new incident (R10).

use crate::support::page::{attribute, fact, queue_names, select, text, texts};
use crate::support::{World, alert, world};

fn three_on_two_devices(world: &World) -> (i64, i64) {
    let ids = world.ingest(&[
        alert("One").device("a.contoso.example").user("ana@contoso.example").category("InitialAccess").json(),
        alert("Two").device("a.contoso.example").category("Impact").severity("high").minutes_ago(5).json(),
        alert("Three").device("b.contoso.example").user("ben@contoso.example").severity("low").json(),
    ]);
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
    (ids[0], ids[2])
}

#[test]
fn r10_a_move_updates_name_severity_scope_and_counts_of_both_incidents() {
    let world = world();
    let (from, to) = three_on_two_devices(&world);
    let dana = world.browser("dana");
    let target = to.to_string();
    let answer = dana.post(
        "/alerts/move",
        &[("alerts", "2"), ("target", &target), ("reason", "Same attack"), ("comment", "Seen in the proxy log")],
    );
    assert_eq!((answer.status, answer.location), (303, format!("/incidents/{to}/alerts")));
    let page = dana.page(&format!("/incidents/{to}/summary"));
    assert_eq!(text(&page, "h1"), "Multi-stage incident involving Execution & Impact on multiple endpoints");
    assert_eq!(text(&page, ".head-facts .severity"), "High");
    assert_eq!(texts(&page, ".scope li"), ["2 impacted devices", "1 impacted user", "0 impacted mailboxes"]);
    let left = dana.page(&format!("/incidents/{from}/summary"));
    assert_eq!(text(&left, "h1"), "One on one endpoint");
    assert_eq!(text(&left, ".head-facts .severity"), "Medium");
    assert_eq!(text(&left, ".big"), "1/1 active alerts");
    assert_eq!(fact(&left, "First activity"), fact(&left, "Last activity"));
}

#[test]
fn r7_a_move_is_in_both_histories_and_the_alerts_own() {
    let world = world();
    let (from, to) = three_on_two_devices(&world);
    let dana = world.browser("dana");
    let target = to.to_string();
    dana.post("/alerts/move", &[("alerts", "2"), ("target", &target), ("reason", "Same attack"), ("comment", "Why")]);
    let there = dana.history(to).join(" | ");
    assert!(
        there.contains(&format!("Alert moved here from incident {from}. Reason: Same attack. Comment: Why")),
        "{there}"
    );
    let here = dana.history(from).join(" | ");
    assert!(here.contains(&format!("Alert moved to incident {to}. Reason: Same attack. Comment: Why")), "{here}");
    assert!(dana.alert_history(2)[0].contains(&format!("Alert moved here from incident {from}")));
    assert!(text(&dana.page("/alerts/2"), "[data-live=linkedBy]").contains("by Dana Reyes: Same attack"));
}

#[test]
fn r10_a_new_incident_is_named_after_what_was_moved() {
    let world = world();
    let (from, _) = three_on_two_devices(&world);
    let dana = world.browser("dana");
    let answer = dana.post("/alerts/move", &[("alerts", "2"), ("new_incident", "1")]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = dana.page(answer.location.trim_end_matches("/alerts"));
    assert_eq!(text(&page, "h1"), "Two on one endpoint");
    assert!(
        texts(&page, ".entry").last().unwrap().contains(&format!("Created from alerts moved out of incident {from}"))
    );
}

#[test]
fn r10_an_emptied_incident_is_redirected_and_moving_back_restores_it() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{one}"), &[("status", "inProgress")]);
    dana.post("/alerts/move", &[("alerts", "1"), ("target", &two.to_string())]);
    let away = dana.get(&format!("/incidents/{one}"));
    assert_eq!((away.status, away.location), (303, format!("/incidents/{two}")));
    assert_eq!(queue_names(&dana.page("/incidents")).len(), 1, "out of the default queue");
    let page = dana.page("/incidents?status=redirected");
    assert_eq!(texts(&page, "tbody .tag"), ["Redirected"]);
    assert!(dana.history(one)[0].contains(&format!("Its alerts are now in incident {two}.")));
    let refused = dana.post(&format!("/incidents/{one}"), &[("name", "X")]);
    assert_eq!(refused.status, 422, "nothing is edited where nothing is");
    dana.post("/alerts/move", &[("alerts", "1"), ("target", &one.to_string())]);
    let back = dana.page(&format!("/incidents/{one}"));
    assert_eq!(text(&back, ".head-facts .status"), "In progress");
    assert!(texts(&back, ".head-facts .tag").is_empty());
}

#[test]
fn r2_moved_alerts_take_the_owner_of_their_new_incident() {
    let world = world();
    let (from, to) = three_on_two_devices(&world);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    omar.post(&format!("/incidents/{to}/assign-to-me"), &[]);
    dana.post(&format!("/incidents/{from}/assign-to-me"), &[]);
    dana.post("/alerts/move", &[("alerts", "1"), ("target", &to.to_string())]);
    assert_eq!(text(&dana.page("/alerts/1"), ".head-facts [data-live=owner]"), "Omar Haddad");
}

#[test]
fn the_target_is_found_by_its_whole_name_or_its_id_with_a_name() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    let answer = dana.post("/alerts/move", &[("alerts", "1"), ("target", "two involving ONE user")]);
    assert_eq!(answer.location, format!("/incidents/{two}/alerts"));
    let answer = dana.post("/alerts/move", &[("alerts", "1"), ("target", &format!("{one} One involving one user"))]);
    assert_eq!(answer.location, format!("/incidents/{one}/alerts"));
    let offered = dana.page("/incidents/targets?q=two");
    assert_eq!(attribute(&offered, "input[name=related]", "value"), two.to_string());
}

#[test]
fn a_target_that_does_not_exist_is_refused_at_the_field_with_everything_typed_kept() {
    let world = world();
    world.incident("One");
    let dana = world.browser("dana");
    let answer = dana
        .post("/alerts/move", &[("alerts", "1"), ("target", "9999"), ("reason", "Other"), ("comment", "Kept text")]);
    assert_eq!(answer.status, 422);
    let page = answer.html();
    assert_eq!(text(&page, "#v-target-error"), "There is no incident with this name or ID.");
    assert_eq!(text(&page, "#v-comment"), "Kept text");
    assert_eq!(text(&page, "#v-reason option[selected]"), "Other");
    assert_eq!(fact(&dana.page("/alerts/1"), "Incident"), "1: One involving one user", "it is where it was");
}

#[test]
fn alerts_closed_with_one_incident_are_not_reopened_by_another() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{one}"), &[("status", "resolved")]);
    dana.post("/alerts/move", &[("alerts", "1"), ("target", &two.to_string())]);
    dana.post(&format!("/incidents/{two}"), &[("status", "resolved")]);
    dana.post(&format!("/incidents/{two}"), &[("status", "active")]);
    let shown = texts(&dana.page(&format!("/incidents/{two}/alerts")), ".alert-queue tbody .status");
    assert_eq!(shown, ["New", "Resolved"]);
}

#[test]
fn a_target_name_that_begins_with_a_number_is_not_taken_for_an_id() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{two}"), &[("name", "1 host, many logons")]);
    let answer = dana.post("/alerts/move", &[("alerts", "1"), ("target", "1 host, many logons")]);
    assert_eq!(answer.location, format!("/incidents/{two}/alerts"), "not incident {one}");
}

#[test]
fn a_move_says_how_many_moved_and_refuses_unknown_alerts() {
    let world = world();
    let (_, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    let target = two.to_string();
    let refused = dana.post("/alerts/move", &[("alerts", "1"), ("alerts", "99"), ("target", &target)]);
    assert_eq!(refused.status, 422);
    let answer = dana.post("/alerts/move", &[("alerts", "1"), ("alerts", "1"), ("alerts", "2"), ("target", &target)]);
    assert_eq!(dana.message_after(&answer), format!("1 alert moved to incident {two}."));
    let moves = dana.history(two).iter().filter(|entry| entry.contains("moved here")).count();
    assert_eq!(moves, 1);
}

#[test]
fn r3_r10_an_alert_that_was_away_and_came_back_is_reopened_with_its_incident() {
    let world = world();
    let (from, to) = three_on_two_devices(&world);
    let dana = world.browser("dana");
    let path = format!("/incidents/{from}");
    dana.post(&path, &[("status", "resolved")]);
    dana.post("/alerts/move", &[("alerts", "2"), ("target", &to.to_string())]);
    dana.post("/alerts/move", &[("alerts", "2"), ("target", &from.to_string())]);
    dana.post(&path, &[("status", "active")]);
    assert_eq!(text(&dana.page(&path), ".big"), "2/2 active alerts");
}

#[test]
fn r10_a_redirected_incident_takes_only_its_own_alerts_back() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    world.incident("Three");
    let dana = world.browser("dana");
    dana.post("/alerts/move", &[("alerts", "1"), ("target", &two.to_string())]);
    let answer = dana.post("/alerts/move", &[("alerts", "3"), ("target", &one.to_string())]);
    assert_eq!(answer.status, 422);
    assert!(text(&answer.html(), "#v-target-error").contains(&format!("redirected to incident {two}")));
}

#[test]
fn every_alert_of_a_large_incident_can_be_reached_and_moved() {
    let world = world();
    let alerts: Vec<_> =
        (0..520).map(|n| alert(&format!("Alert {n}")).device("a.contoso.example").minutes_ago(n).json()).collect();
    let id = world.ingest(&alerts)[0];
    let dana = world.browser("dana");
    let mut href = format!("/incidents/{id}/alerts");
    let mut pages = Vec::new();
    loop {
        let page = dana.page(&href);
        pages.push(texts(&page, ".alert-queue tbody .col-name a").len());
        if select(&page, "a[rel=next]").is_empty() {
            break;
        }
        href = attribute(&page, "a[rel=next]", "href");
    }
    assert_eq!(pages, [50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 20]);
    let ids: Vec<String> = (1..=520).map(|n| n.to_string()).collect();
    let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("alerts", id.as_str())).collect();
    fields.push(("new_incident", "1"));
    let answer = dana.post("/alerts/move", &fields);
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(dana.message_after(&answer), format!("520 alerts moved to incident {}.", id + 1));
}

#[test]
fn a_move_sent_twice_makes_one_incident() {
    let world = world();
    let (home, _) = three_on_two_devices(&world);
    let dana = world.browser("dana");
    let form = dana.page(&format!("/incidents/{home}/move?alerts=1"));
    let once = crate::support::page::attribute(&form, "input[name=once]", "value");
    let fields = [("alerts", "1"), ("new_incident", "1"), ("once", once.as_str())];
    let answers = [(); 2].map(|()| dana.post("/alerts/move", &fields));
    assert_eq!(answers.each_ref().map(|answer| answer.status), [303, 303]);
    assert_eq!(answers[0].location, answers[1].location);
    assert_eq!(dana.incidents().len(), 3);
    let elsewhere = [("alerts", "1"), ("target", &home.to_string()), ("once", once.as_str())];
    assert_eq!(
        dana.post("/alerts/move", &elsewhere).location,
        format!("/incidents/{home}/alerts"),
        "filled in otherwise it is another"
    );
}

#[test]
fn the_alerts_tab_offers_to_move_what_is_selected() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let page = dana.page(&format!("/incidents/{id}/alerts"));
    let boxes = select(&page, "table[aria-label=Alerts] tbody input[type=checkbox]");
    assert_eq!(boxes[0].value().attr("aria-label"), Some("Select alert One"));
    assert_eq!(dana.get(&format!("/incidents/{id}/move")).location, format!("/incidents/{id}/alerts"));
    let form = dana.page(&format!("/incidents/{id}/move?alerts=1"));
    assert_eq!(
        texts(&form, "form[action='/alerts/move'] label"),
        ["Target incident", "New incident", "Reason", "Comment"]
    );
}

#[test]
fn a_script_that_reads_a_page_leaves_the_message_to_the_page_that_follows() {
    let world = world();
    let (from, to) = three_on_two_devices(&world);
    let dana = world.browser("dana");
    let moved = dana.post("/alerts/move", &[("alerts", "1"), ("alerts", "2"), ("target", &to.to_string())]);
    let by_script = dana.get_with(&format!("/incidents/{from}"), &[("X-Requested-With", "fetch")]);
    assert_eq!((by_script.status, by_script.location), (303, format!("/incidents/{to}")));
    dana.get_with(&format!("/incidents/{to}"), &[("X-Requested-With", "fetch")]);
    assert_eq!(dana.message_after(&moved), format!("2 alerts moved to incident {to}."));
}
