//! Why an alert is where it is, what else was considered, how often it was seen.

use crate::support::product::clock;
use serde_json::{Value, json};

use crate::support::page::{attribute, select, text, texts};
use crate::support::{World, alert, world};

#[test]
fn an_alert_says_why_in_a_sentence_and_in_words_for_graphs_reasons() {
    let world = world();
    let on = |title: &str, category: &str, minutes| {
        alert(title).category(category).device("web-01.contoso.test").ip("203.0.113.7").minutes_ago(minutes).json()
    };
    let id = world.ingest(&[on("One", "InitialAccess", 20), on("Two", "Execution", 6)])[0];
    let dana = world.browser("dana");
    let page = dana.page("/alerts/2");
    assert!(text(&page, "[data-live=linkedBy]").contains("14 minutes after \"One\""));
    assert_eq!(
        texts(&page, ".reasons li"),
        ["Same asset", "Shared indicators", "Close in time", "Course of the attack"]
    );
    assert!(texts(&dana.page("/alerts/1"), ".reasons li").is_empty(), "it opened the incident");
    let list = dana.page(&format!("/incidents/{id}/alerts"));
    assert_eq!(texts(&list, ".cell-reason .reasons li").len(), 4);
    assert!(attribute(&list, ".cell-reason .clamp", "title").starts_with("Opened this incident"));
    dana.post("/alerts/move", &[("alerts", "2"), ("new_incident", "1")]);
    assert_eq!(texts(&dana.page("/alerts/2"), ".reasons li"), ["Moved by a person"]);
}

#[test]
fn what_else_was_considered_is_told_with_a_link_to_it() {
    let world = world();
    let on = |title: &str, minutes| alert(title).device("web-01.contoso.test").minutes_ago(minutes).json();
    let dana = world.browser("dana");
    let closed = world.ingest(&[on("First", 30)])[0];
    dana.post(&format!("/incidents/{closed}"), &[("status", "resolved")]);
    let open = world.ingest(&[on("Second", 20)])[0];
    assert_eq!(world.ingest(&[on("Third", 10)]), [open]);
    let page = dana.page("/alerts/3");
    assert_eq!(
        texts(&page, ".considered li"),
        [format!("Incident {closed}: same device web-01.contoso.test, but it takes no more alerts.")]
    );
    assert_eq!(attribute(&page, ".considered a", "href"), format!("/incidents/{closed}"));
    assert_eq!(text(&page, "details[data-considered] summary"), "Also considered (1)");
    let list = dana.page(&format!("/incidents/{open}/alerts"));
    assert_eq!(attribute(&list, ".cell-reason .considered a", "href"), format!("/incidents/{closed}"));
}

/// What keeps two incidents apart, and what is told of it.
type Guard = (&'static str, fn(&World, i64, i64), &'static str);

#[test]
fn r12_what_people_decided_differently_is_not_merged_and_the_reason_is_told() {
    let world = world();
    let guards: [Guard; 4] = [
        (
            "owners",
            |world, one, other| {
                world.browser("dana").post(&format!("/incidents/{one}/assign-to-me"), &[]);
                world.browser("omar").post(&format!("/incidents/{other}/assign-to-me"), &[]);
            },
            "but not merged: they are assigned to different people.",
        ),
        (
            "outcomes",
            |world, one, other| {
                let dana = world.browser("dana");
                dana.post(&format!("/incidents/{one}"), &[("classification", "truePositive:malware")]);
                dana.post(&format!("/incidents/{other}"), &[("classification", "falsePositive:notMalicious")]);
            },
            "but not merged: they are classified differently.",
        ),
        (
            "names",
            |world, one, other| {
                let dana = world.browser("dana");
                dana.post(&format!("/incidents/{one}"), &[("name", "Payroll")]);
                dana.post(&format!("/incidents/{other}"), &[("name", "Warehouse")]);
            },
            "but not merged: people named both of them.",
        ),
        (
            "resolved",
            |world, one, _| {
                world.browser("dana").post(&format!("/incidents/{one}"), &[("status", "resolved")]);
            },
            "but it takes no more alerts.",
        ),
    ];
    for (name, decide, told) in guards {
        let [a, b] = ["a", "b"].map(|side| format!("{name}-{side}.contoso.test"));
        let first = world.ingest(&[alert("First").device(&a).json()])[0];
        let second = world.ingest(&[alert("Second").device(&b).json()])[0];
        decide(&world, first, second);
        not_merged(&world, alert("Both").device(&a).device(&b).json(), told);
    }
    assert_eq!(world.count("SELECT count(*) AS n FROM incidents"), 8);
}

fn not_merged(world: &World, both: Value, told: &str) {
    let id = both["id"].as_str().unwrap().to_owned();
    world.ingest(&[both]);
    assert_eq!(world.count("SELECT count(*) AS n FROM incidents WHERE status = 'redirected'"), 0, "{told}");
    let alert = world.count(&format!("SELECT id AS n FROM alerts WHERE provider_alert_id = '{id}'"));
    let considered = texts(&world.browser("dana").page(&format!("/alerts/{alert}")), ".considered li");
    assert!(considered.len() == 1 && considered[0].ends_with(told), "{considered:?} does not end with {told}");
}

#[test]
fn r12_incidents_that_their_provider_keeps_apart_stay_apart() {
    let world = world();
    let incident = |id: &str, device: &str| {
        json!({
            "@odata.type": "#microsoft.graph.security.incident",
            "id": id,
            "displayName": format!("Provider's {id}"),
            "severity": "medium",
            "status": "active",
            "createdDateTime": crate::support::minutes_ago(5),
            "lastUpdateDateTime": crate::support::minutes_ago(5),
            "alerts": [alert(&format!("Alert of {id}")).device(device).minutes_ago(5).json()],
        })
    };
    world.ingest(&[incident("101", "a.contoso.test"), incident("102", "b.contoso.test")]);
    let both = alert("Both").device("a.contoso.test").device("b.contoso.test").json();
    not_merged(&world, both, "but not merged: their provider keeps them apart.");
    assert_eq!(texts(&world.browser("dana").page("/alerts/1"), ".reasons li"), ["Provider's incident"]);
}

#[test]
fn r12_automatic_merging_can_be_turned_off() {
    let mut world = world();
    world.restart_with(|config| config.automatic_merging = false);
    world.ingest(&[alert("First").device("a.contoso.test").json(), alert("Second").device("b.contoso.test").json()]);
    let both = alert("Both").device("a.contoso.test").device("b.contoso.test").json();
    not_merged(&world, both, "but not merged: automatic merging is turned off.");
}

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

#[test]
fn a_sensor_s_repeats_are_one_alert_with_a_count_and_telling_them_again_counts_nothing() {
    let world = world();
    let events: Vec<Value> = (0..1_204).map(|number| event(number, 1_800 - number)).collect();
    send(&world, events.iter().take(1).cloned());
    for _ in 0..2 {
        send(&world, events.iter().cloned());
        assert_eq!(world.count("SELECT count(*) AS n FROM alerts"), 1);
        assert_eq!(world.count("SELECT occurrences AS n FROM alerts"), 1_204);
    }
    let dana = world.browser("dana");
    let page = dana.page("/alerts/1");
    assert!(text(&page, &format!("{REPEATS} p")).starts_with("Seen 1,204 times, first "));
    assert_eq!(
        text(&page, &format!("{REPEATS} .hint")),
        "Counted as one while repeats on the same assets come within 60 minutes; an administrator can change it in \
         Settings, Sources."
    );
    for path in ["/alerts", "/incidents/1/alerts"] {
        assert_eq!(text(&dana.page(path), ".cell-title .hint"), "seen 1,204 times", "{path}");
    }
    let milestones = dana.history(1).into_iter().filter(|entry| entry.contains("times by now")).collect::<Vec<_>>();
    assert_eq!(milestones.len(), 3, "told at 10, 100 and 1,000: {milestones:?}");
    assert!(milestones[0].contains("Seen 1,000 times by now"), "{milestones:?}");
}

#[test]
fn the_latest_occurrences_keep_their_payload_on_demand() {
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
fn after_a_person_resolved_it_the_next_occurrence_is_a_new_alert() {
    let world = world();
    send(&world, (0..3).map(|number| event(number, 600 - number)));
    world.browser("dana").post("/alerts/1", &[("status", "resolved")]);
    send(&world, std::iter::once(event(3, 500)));
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts"), 2);
    assert_eq!(world.count("SELECT occurrences AS n FROM alerts WHERE id = 1"), 3);
    assert_eq!(world.count("SELECT occurrences AS n FROM alerts WHERE id <> 1"), 1);
}

#[test]
fn an_administrator_sets_for_how_long_a_source_s_repeats_count_as_one() {
    let world = world();
    send(&world, std::iter::once(event(0, 1_000)));
    let (ada, dana) = (world.browser("ada"), world.browser("dana"));
    assert_eq!(text(&dana.page("/settings/sources"), ".cell-repeats"), "60 minutes");
    assert!(select(&dana.page("/settings/sources"), ".cell-repeats form").is_empty());
    let set = |who: &crate::support::Browser, minutes: &str| {
        who.post("/settings/sources/repeats", &[("name", "falco"), ("minutes", minutes)])
    };
    assert_eq!(set(&dana, "5").status, 403);
    for wrong in ["", "-1", "1441", "1.5", "an hour"] {
        let answer = set(&ada, wrong);
        assert_eq!(answer.status, 422, "{wrong}");
        let page = answer.html();
        assert_eq!(text(&page, ".cell-repeats .problem"), "Type a whole number of minutes from 0 to 1,440.");
        assert_eq!(attribute(&page, ".cell-repeats input[name=minutes]", "value"), wrong, "what was typed is kept");
    }
    assert_eq!(set(&ada, "0").status, 303);
    send(&world, std::iter::once(event(1, 900)));
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts"), 2, "0 is never");
    assert_eq!(set(&ada, "1440").status, 303);
    assert_eq!(set(&ada, "1440").status, 303);
    let page = ada.page("/settings/sources");
    assert_eq!(attribute(&page, ".cell-repeats input[name=minutes]", "value"), "1440");
    let changes = texts(&page, "[aria-labelledby=repeats-changes] li");
    assert_eq!(changes.len(), 2, "setting what is set already changes nothing");
    assert!(changes[1].starts_with("Ada Novak changed for how long repeats of Falco count as one: 60 → 0 minutes"));
    send(&world, std::iter::once(event(2, 800)));
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts"), 2);
}

#[test]
fn what_counts_its_repeats_itself_is_left_alone_until_an_administrator_says_otherwise() {
    let world = world();
    let told = |id: &str| alert("Odd login").id(id).device("web-01.contoso.example").json();
    world.ingest(&[told("1"), told("2")]);
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts"), 2);
    let ada = world.browser("ada");
    assert_eq!(attribute(&ada.page("/settings/sources"), ".cell-repeats input[name=minutes]", "value"), "0");
    let form = [("name", "microsoftDefenderForEndpoint"), ("minutes", "30")];
    assert_eq!(ada.post("/settings/sources/repeats", &form).status, 303);
    world.ingest(&[told("3"), told("4")]);
    assert_eq!(world.count("SELECT count(*) AS n FROM alerts"), 3, "the third begins to count");
    assert_eq!(world.count("SELECT max(occurrences) AS n FROM alerts"), 2);
}
