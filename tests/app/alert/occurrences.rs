//! One alert for repeated detections, with the number of its occurrences.

use serde_json::{Value, json};

use crate::support::page::{attribute, select, text, texts};
use crate::support::product::clock;
use crate::support::{Browser, World, alert, world};

/// A sensor's event, `seconds` ago.
fn event(number: i64, seconds: i64) -> Value {
    let at = clock::now() - seconds * clock::SECOND;
    json!({
        "uuid": format!("event-{number}"),
        "rule": "Terminal shell in container",
        "priority": "Notice",
        "output": format!("A shell was spawned (number {number})"),
        "time": jiff::Timestamp::from_microsecond(at).unwrap().to_string(),
        "source": "syscall",
        "hostname": "node-01.contoso.test",
        "output_fields": {"user.name": "app", "proc.cmdline": "sh"},
    })
}

fn send(world: &World, events: impl Iterator<Item = Value>) {
    let lines: Vec<String> = events.map(|event| event.to_string()).collect();
    let answer = world.post_alerts(&lines.join("\n"));
    assert_eq!(answer.status, 200, "{}", answer.body);
}

const REPEATS: &str = "[aria-labelledby=a-repeats]";

/// How often each alert was seen, as its page says; the newest update first.
fn seen(browser: &Browser) -> Vec<i64> {
    let of = |alert: i64| {
        let page = browser.page(&format!("/alerts/{alert}"));
        // An alert that was seen once says nothing of it.
        let sentence = texts(&page, &format!("{REPEATS} p")).into_iter().next();
        let number = sentence.map(|said| said.split(' ').nth(1).unwrap().replace(',', ""));
        number.map_or(1, |number| number.parse().unwrap())
    };
    browser.alerts().into_iter().map(of).collect()
}

#[test]
fn repeated_detections_are_one_alert_with_a_count_and_sending_them_again_counts_nothing() {
    let world = world();
    let events: Vec<Value> = (0..1_204).map(|number| event(number, 1_800 - number)).collect();
    let dana = world.browser("dana");
    send(&world, events.iter().take(1).cloned());
    for _ in 0..2 {
        send(&world, events.iter().cloned());
        assert_eq!(seen(&dana), [1_204]);
    }
    let page = dana.page("/alerts/1");
    assert!(text(&page, &format!("{REPEATS} p")).starts_with("Seen 1,204 times, first "));
    assert_eq!(
        text(&page, &format!("{REPEATS} .hint")),
        "Repeated detections on the same assets within 60 minutes are counted as one alert; an administrator can change this in \
         Settings > Sources."
    );
    for path in ["/alerts", "/incidents/1/alerts"] {
        assert_eq!(text(&dana.page(path), ".alert-queue .col-name .hint .sr"), "seen 1,204 times", "{path}");
    }
    let milestones = dana.history(1).into_iter().filter(|entry| entry.contains("times so far")).collect::<Vec<_>>();
    assert_eq!(milestones.len(), 3, "recorded at 10, 100 and 1,000: {milestones:?}");
    assert!(milestones[0].contains("Seen 1,000 times so far"), "{milestones:?}");
}

#[test]
fn the_latest_occurrences_show_their_payload_when_asked_for() {
    let world = world();
    send(&world, (0..15).map(|number| event(number, 600 - number)));
    let dana = world.browser("dana");
    let page = dana.page("/alerts/1");
    let listed = texts(&page, &format!("{REPEATS} li code"));
    assert_eq!(listed.len(), 10);
    assert_eq!((listed[0].as_str(), listed[9].as_str()), ("event-14", "event-5"));
    assert!(select(&page, &format!("{REPEATS} pre")).is_empty(), "on demand only");
    let shown = dana.page(&attribute(&page, &format!("{REPEATS} li a"), "href"));
    assert!(text(&shown, &format!("{REPEATS} pre")).contains("A shell was spawned (number 14)"));
    assert_eq!(select(&shown, &format!("{REPEATS} pre")).len(), 1);
}

#[test]
fn an_occurrence_after_a_person_resolved_the_alert_is_a_new_alert() {
    let world = world();
    send(&world, (0..3).map(|number| event(number, 600 - number)));
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("status", "resolved")]);
    send(&world, std::iter::once(event(3, 500)));
    assert_eq!(dana.alerts().last(), Some(&1));
    assert_eq!(seen(&dana), [1, 3]);
}

/// Another sensor's event, at an hour of 1 March 2025.
fn event_at(hour: i64) -> Value {
    json!({
        "time": format!("2025-03-01T{hour:02}:00:00.000000000Z"),
        "rule": "Terminal shell in container",
        "priority": "Notice",
        "source": "syscall",
        "hostname": "node-01",
        "output": format!("A shell was used ({hour})"),
        "output_fields": {"container.id": "c0ffee", "user.name": "app"},
    })
}

#[test]
fn occurrences_sent_newest_first_still_begin_with_the_earliest() {
    let span = |batches: &[&[i64]]| {
        let world = world();
        for batch in batches {
            world.ingest(&batch.iter().map(|hour| event_at(*hour)).collect::<Vec<_>>());
        }
        let dana = world.browser("dana");
        assert_eq!(seen(&dana), [4]);
        let incident = &dana.incidents()[0];
        let activity = ["firstActivityDateTime", "lastActivityDateTime"].map(|field| incident[field].as_str().unwrap());
        let of_alert = times(&dana.page("/alerts/1"), "[aria-labelledby=a-repeats] > p time");
        let of_entities = times(&dana.page("/incidents/1/evidence"), "table[aria-label=Evidence] tbody time");
        (minutes(&of_alert), minutes(&activity.map(str::to_owned)), minutes(&of_entities))
    };
    assert_eq!(span(&[&[8, 9, 10, 11]]), (180, 180, 180));
    assert_eq!(span(&[&[11, 10, 9, 8]]), (180, 180, 180));
    assert_eq!(span(&[&[11], &[10, 9], &[8]]), (180, 180, 180), "and however they are cut into batches");
}

fn times(page: &scraper::Html, selector: &str) -> Vec<String> {
    select(page, selector).into_iter().map(|time| time.attr("datetime").unwrap().to_owned()).collect()
}

/// From the earliest of some times to the latest.
fn minutes(times: &[String]) -> i64 {
    let times: Vec<jiff::Timestamp> = times.iter().map(|time| time.parse().unwrap()).collect();
    let (first, last) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    (last.as_second() - first.as_second()) / 60
}

#[test]
fn an_administrator_sets_how_long_repeats_of_a_source_count_as_one() {
    let world = world();
    send(&world, std::iter::once(event(0, 1_000)));
    let (ada, dana) = (world.browser("ada"), world.browser("dana"));
    assert_eq!(text(&dana.page("/settings/sources"), ".cell-repeats"), "60 minutes");
    assert!(select(&dana.page("/settings/sources"), ".cell-repeats form").is_empty());
    let set = |who: &Browser, minutes: &str| {
        who.post("/settings/sources/repeats", &[("name", "falco"), ("minutes", minutes)])
    };
    assert_eq!(set(&dana, "5").status, 403);
    for wrong in ["", "-1", "1441", "1.5", "an hour"] {
        let answer = set(&ada, wrong);
        assert_eq!(answer.status, 422, "{wrong}");
        let page = answer.html();
        assert_eq!(text(&page, ".cell-repeats .problem"), "Enter a whole number of minutes from 0 to 1,440.");
        assert_eq!(attribute(&page, ".cell-repeats input[name=minutes]", "value"), wrong, "what was typed is kept");
    }
    assert_eq!(set(&ada, "0").status, 303);
    send(&world, std::iter::once(event(1, 900)));
    assert_eq!(dana.alert_count(), 2, "0 is never");
    assert_eq!(set(&ada, "1440").status, 303);
    assert_eq!(set(&ada, "1440").status, 303);
    let page = ada.page("/settings/sources");
    assert_eq!(attribute(&page, ".cell-repeats input[name=minutes]", "value"), "1440");
    let changes = texts(&page, "[aria-labelledby=repeats-changes] li");
    assert_eq!(changes.len(), 2, "setting what is set already changes nothing");
    assert!(
        changes[1].starts_with(
            "Ada Novak changed how long repeated detections from Falco are counted as one: 60 → 0 minutes"
        )
    );
    send(&world, std::iter::once(event(2, 800)));
    assert_eq!(dana.alert_count(), 2);
}

#[test]
fn repeats_of_a_source_that_counts_them_itself_are_joined_only_if_an_administrator_says_so() {
    let world = world();
    let sent = |id: &str| alert("Odd login").id(id).device("web-01.contoso.example").json();
    let ada = world.browser("ada");
    world.ingest(&[sent("1"), sent("2")]);
    assert_eq!(ada.alert_count(), 2);
    assert_eq!(attribute(&ada.page("/settings/sources"), ".cell-repeats input[name=minutes]", "value"), "0");
    let form = [("name", "microsoftDefenderForEndpoint"), ("minutes", "30")];
    assert_eq!(ada.post("/settings/sources/repeats", &form).status, 303);
    world.ingest(&[sent("3"), sent("4")]);
    assert_eq!(seen(&ada), [2, 1, 1], "the third begins to count");
}
