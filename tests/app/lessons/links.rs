//! Each number leads to exactly that many alerts or incidents.

use super::world::{act, alerts, incidents, ingest};
use crate::support::page::{attribute, select, squeeze};
use crate::support::product::clock;
use crate::support::{Browser, alert, world};

/// How many rows the file of a list has that a link leads to.
fn rows(browser: &Browser, href: &str) -> usize {
    let (path, query) = href.split_once('?').unwrap();
    let answer = browser.get(&format!("{path}.jsonl?{query}"));
    assert_eq!(answer.status, 200, "{href}: {}", answer.text());
    answer.body.lines().count()
}

fn assert_links_lead_to_as_many(browser: &Browser, query: &str) -> usize {
    let page = browser.page(&format!("/lessons?{query}"));
    let mut followed = 0;
    for link in select(&page, ".lessons td.number a, .lesson-tune p a") {
        let number: usize = squeeze(&link.text().collect::<String>()).replace(',', "").parse().unwrap();
        let href = link.value().attr("href").unwrap();
        assert_eq!(rows(browser, href), number, "{query}: {href}");
        followed += 1;
    }
    followed
}

#[test]
fn a_number_leads_to_exactly_that_many() {
    let world = world();
    let dana = world.browser("dana");
    let mut random = fastrand::Rng::with_seed(17);
    ingest(&world, &mut random, 60);
    for _ in 0..30 {
        act(&dana, &mut random);
    }
    for query in [
        "range=90d",
        "range=30d&severity=high",
        "range=30d&category=Execution",
        "range=90d&device=host-1",
        "range=30d&assignedTo=omar",
    ] {
        assert!(assert_links_lead_to_as_many(&dana, query) > 20, "{query}");
    }
}

#[test]
fn the_list_that_a_number_leads_to_says_what_it_shows() {
    let world = world();
    let dana = world.browser("dana");
    world.ingest(&[alert("Beacon").device("web-01.contoso.example").json()]);
    let page = dana.page("/lessons?range=7d");
    let asset = attribute(&page, "table[aria-label=Assets] td.number a", "href");
    let list = dana.page(&asset);
    let chips: Vec<String> =
        select(&list, ".chips a, .chip").iter().map(|chip| squeeze(&chip.text().collect::<String>())).collect();
    assert!(chips.iter().any(|chip| chip.contains("Asset: web-01.contoso.example")), "{chips:?}");
    assert!(chips.iter().any(|chip| chip.contains("Created from")), "{chips:?}");
}

#[test]
fn a_list_is_limited_to_what_was_created_from_a_day_on_or_until_it() {
    let world = world();
    let dana = world.browser("dana");
    let day = |back: i64| {
        let at = jiff::Timestamp::from_microsecond(clock::now() - back * clock::DAY).unwrap();
        at.strftime("%Y-%m-%d").to_string()
    };
    world.ingest(&[
        alert("Old").user("ana@contoso.example").minutes_ago(3 * 24 * 60).json(),
        alert("New").user("ben@contoso.example").minutes_ago(0).json(),
    ]);
    let titles = |filter: &str| -> Vec<String> {
        let found = alerts(&dana, filter);
        found.iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(titles(&format!("createdTo={}", day(2))), ["Old"]);
    assert_eq!(titles(&format!("createdFrom={}", day(2))), ["New"]);
    assert_eq!(titles(&format!("createdFrom={}&createdTo={}", day(3), day(3))), ["Old"]);
    // Both incidents were created now.
    assert!(incidents(&dana, &format!("createdTo={}", day(2))).is_empty());
    assert_eq!(incidents(&dana, &format!("createdFrom={}", day(2))).len(), 2);
}
