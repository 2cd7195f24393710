//! GET and POST /alerts/move: what the form says and offers, and the message after it.

use crate::support::page::{attribute, select, text, texts};
use crate::support::{Browser, World, alert, world};

/// Alerts 1 and 2 of incident 1 on one device, alert 3 of incident 2 on another.
fn two_incidents() -> World {
    let world = world();
    world.ingest(&[
        alert("One").device("a.contoso.example").json(),
        alert("Two").device("a.contoso.example").minutes_ago(5).json(),
        alert("Three").device("b.contoso.example").json(),
    ]);
    world
}

#[test]
fn the_form_says_where_the_alerts_come_from() {
    let world = two_incidents();
    let dana = world.browser("dana");
    let from = |query: &str| text(&dana.page(&format!("/alerts/move?{query}")), "[data-move-form] > .hint");
    assert_eq!(from("alerts=1&alerts=2"), format!("From incident 1 {}", text(&dana.page("/incidents/1"), "h1")));
    assert_eq!(from("alerts=1&alerts=2&alerts=3"), "From 2 incidents");
    let several = texts(&dana.page("/alerts/move?alerts=1&alerts=3"), ".mini li");
    assert!(several.iter().any(|one| one.starts_with("Three") && one.ends_with("Incident 2")), "{several:?}");
}

#[test]
fn a_new_incident_is_one_of_the_targets_to_choose_from() {
    let world = two_incidents();
    world.ingest(&[alert("Four").device("a.contoso.example").id("4").json()]);
    let dana = world.browser("dana");
    dana.post("/alerts/move", &[("alerts", "4"), ("new_incident", "1")]);
    let page = dana.page("/alerts/move?alerts=1");
    let choices: Vec<_> = select(&page, "fieldset.move-to input[name=related][type=radio]");
    let values: Vec<_> = choices.iter().filter_map(|choice| choice.value().attr("value")).collect();
    assert_eq!(values, ["new", "3"]);
    assert_eq!(text(&page, "label:has([value=new])"), "New incident");
    let answer = dana.post("/alerts/move", &[("alerts", "1"), ("related", "new"), ("target", " ")]);
    assert_eq!(dana.message_after(&answer), "1 alert moved to incident 4.");
    // The parameter of its own is accepted as before.
    let answer = dana.post("/alerts/move", &[("alerts", "1"), ("new_incident", "1")]);
    assert_eq!(dana.message_after(&answer), "1 alert moved to incident 5.");
}

#[test]
fn without_a_target_the_form_says_what_to_do() {
    let world = two_incidents();
    let dana = world.browser("dana");
    let refused = |fields: &[(&str, &str)]| {
        let answer = dana.post("/alerts/move", fields);
        assert_eq!(answer.status, 422);
        let page = answer.html();
        assert_eq!(attribute(&page, "#v-target", "aria-invalid"), "true");
        (text(&page, "#v-target-error"), select(&page, "[value=new][checked]").len())
    };
    assert_eq!(refused(&[("alerts", "1"), ("target", "")]), ("Choose an incident or New incident.".to_owned(), 0));
    // Without a script both can be given; neither is done.
    let (said, chosen) = refused(&[("alerts", "1"), ("target", "2"), ("related", "new")]);
    assert_eq!(
        (said.as_str(), chosen),
        ("You entered an incident and chose New incident. Clear this field, or choose an incident below.", 1)
    );
}

#[test]
fn r2_the_message_says_to_whom_a_move_assigned_the_alerts() {
    let world = two_incidents();
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let to_two = |alerts: &[&str], browser: &Browser| {
        let mut fields: Vec<(&str, &str)> = alerts.iter().map(|id| ("alerts", *id)).collect();
        fields.push(("target", "2"));
        browser.message_after(&browser.post("/alerts/move", &fields))
    };
    let back = |alerts: &[&str]| {
        let mut fields: Vec<(&str, &str)> = alerts.iter().map(|id| ("alerts", *id)).collect();
        fields.push(("target", "1"));
        dana.post("/alerts/move", &fields);
    };
    assert!(text(&dana.page("/alerts/move?alerts=1"), ".move-to > .hint").contains("assigned to the owner"));
    assert_eq!(to_two(&["1"], &dana), "1 alert moved to incident 2.", "it has no owner");
    back(&["1"]);
    omar.post("/incidents/2/assign-to-me", &[]);
    assert_eq!(to_two(&["1", "2"], &dana), "2 alerts moved to incident 2 and assigned to Omar Haddad.");
    assert_eq!([1, 2].map(|id| dana.alert_owner(id)), ["Omar Haddad", "Omar Haddad"]);
    back(&["1", "2"]);
    dana.post("/alerts/2", &[("assigned_to", "")]);
    assert_eq!(to_two(&["1", "2"], &dana), "2 alerts moved to incident 2. 1 of them was assigned to Omar Haddad.");
    back(&["1", "2"]);
    dana.post("/alerts/1", &[("assigned_to", "")]);
    world.disable("omar");
    assert_eq!(to_two(&["1"], &dana), "1 alert moved to incident 2.", "nothing is assigned to somebody disabled");
    assert_eq!(dana.alert_owner(1), "Unassigned");
}

#[test]
fn the_list_of_targets_shows_the_nearest_and_says_what_they_have_in_common() {
    let world = world();
    let alone: Vec<_> = (1..=7).map(|n| alert(&format!("Lone {n}")).device(&format!("d-{n}")).json()).collect();
    world.ingest(&alone);
    let dana = world.browser("dana");
    let page = dana.page("/incidents/targets?q=lone&from=1");
    let found = texts(&page, ".target");
    assert_eq!(found.len(), 5);
    assert!(found.iter().all(|target| target.ends_with("No asset in common")), "{found:?}");
    assert_eq!(text(&page, ".targets > .hint"), "There are more. Enter a name, ID or asset to find them.");
    // First and last activity are the same.
    assert!(select(&page, ".target")[0].select(&scraper::Selector::parse("time").unwrap()).count() == 1, "{found:?}");
    let one = dana.page("/incidents/targets?q=d-3&from=1");
    assert_eq!((texts(&one, ".target").len(), texts(&one, ".targets > .hint").len()), (1, 0));
}

#[test]
fn related_incidents_are_those_that_share_assets_with_the_moved_alerts() {
    let world = world();
    let earlier = |title: &str, device: &str| alert(title).device(device).minutes_ago(20 * 24 * 60).json();
    let one = |title: &str, device: &str| alert(title).device(device).user("ana@contoso.example").json();
    let ids = world.ingest(&[
        earlier("On a", "a.contoso.example"),
        earlier("On b", "b.contoso.example"),
        one("One", "a.contoso.example"),
        one("Two", "b.contoso.example"),
    ]);
    assert_eq!((ids[2], ids[0] == ids[2], ids[1] == ids[2]), (ids[3], false, false));
    let dana = world.browser("dana");
    let offered = |path: &str| -> Vec<String> {
        let page = dana.page(path);
        let choices = select(&page, ".targets input[name=related]");
        choices.iter().filter_map(|choice| choice.value().attr("value").map(str::to_owned)).collect()
    };
    let (on_a, on_b, from) = (ids[0].to_string(), ids[1].to_string(), ids[2]);
    assert_eq!(offered("/alerts/move?alerts=3"), [on_a.as_str()]);
    assert_eq!(offered("/alerts/move?alerts=4"), [on_b.as_str()]);
    assert_eq!(offered("/alerts/move?alerts=3&alerts=4").len(), 2);
    assert_eq!(offered(&format!("/incidents/targets?q=&from={from}&alerts=3")), [on_a.as_str()]);
    assert_eq!(offered(&format!("/incidents/targets?q=&from={from}")).len(), 2, "a merge takes the whole incident");
}
