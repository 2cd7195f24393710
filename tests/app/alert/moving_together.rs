//! POST /alerts/move by several people, or twice by one, at the same time (R13).

use crate::support::page::{attribute, text, texts};
use crate::support::{Answer, Browser, World, world};

/// Incidents of one alert each, the alerts numbered alike.
fn four(world: &World) -> [i64; 4] {
    ["One", "Two", "Three", "Four"].map(|title| world.incident(title))
}

/// The fields of the form that moves alert 1, as a page of now has them.
fn form_of(browser: &Browser, incident: i64) -> (String, String) {
    let form = browser.page(&format!("/incidents/{incident}/move?alerts=1"));
    let value = |name: &str| attribute(&form, &format!("form[action='/alerts/move'] input[name={name}]"), "value");
    (value("from"), value("once"))
}

fn send(browser: &Browser, (from, once): &(String, String), target: i64) -> Answer {
    let target = target.to_string();
    browser.post("/alerts/move", &[("alerts", "1"), ("from", from), ("once", once), ("target", &target)])
}

#[test]
fn r13_who_moves_alerts_that_others_moved_meanwhile_is_told_where_they_are() {
    let world = world();
    let [one, two, three, four] = four(&world);
    let people = ["dana", "omar", "ada"].map(|name| world.browser(name));
    let forms = people.each_ref().map(|person| form_of(person, one));
    assert_eq!(send(&people[0], &forms[0], two).status, 303);
    for (person, form, target) in [(&people[1], &forms[1], three), (&people[2], &forms[2], two)] {
        let refused = send(person, form, target);
        assert_eq!(refused.status, 409, "{}", refused.text());
        let page = refused.html();
        let said = texts(&page, "[data-move-form] .clash li");
        let name = text(&people[0].page(&format!("/incidents/{two}")), "h1");
        assert_eq!(said, [format!("Dana Reyes: 1 alert moved to incident {two} ({name}).")]);
        assert_eq!(attribute(&page, "#v-target", "value"), target.to_string(), "what was typed is kept");
    }
    assert_eq!(people[0].history(three).iter().filter(|entry| entry.contains("moved")).count(), 0);
    let now = form_of(&people[1], two);
    assert_eq!(send(&people[1], &now, four).status, 303, "from where it is now it can be moved");
}

#[test]
fn r13_a_comment_made_meanwhile_is_no_conflict_of_a_move() {
    let world = world();
    let [one, two, ..] = four(&world);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let form = form_of(&dana, one);
    omar.post(&format!("/incidents/{one}/comments"), &[("body", "Looking at it")]);
    assert_eq!(send(&dana, &form, two).status, 303);
}

#[test]
fn a_move_sent_twice_at_the_same_moment_is_done_once_and_answered_alike() {
    let world = world();
    let [one, two, three, _] = four(&world);
    let (mut from, mut to) = (one, two);
    for _ in 0..10 {
        let browsers = [(); 2].map(|()| world.browser("dana"));
        let form = form_of(&browsers[0], from);
        let answers = std::thread::scope(|scope| {
            let sent = browsers.map(|browser| {
                let form = form.clone();
                scope.spawn(move || send(&browser, &form, to))
            });
            sent.map(|answer| answer.join().unwrap())
        });
        let seen = answers.each_ref().map(|answer| (answer.status, answer.location.clone()));
        assert_eq!(seen[0], (303, format!("/incidents/{to}/alerts")), "{}", answers[0].text());
        assert_eq!(seen[0], seen[1], "{}", answers[1].text());
        (from, to) = (to, if to == two { three } else { two });
    }
    let dana = world.browser("dana");
    let moves = |id: i64| dana.history(id).iter().filter(|entry| entry.contains("Alert moved here")).count();
    assert_eq!([two, three].map(moves), [5, 5], "each move once");
}
