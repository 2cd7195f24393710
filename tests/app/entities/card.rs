//! The short facts of an entity, and totals that stay bounded.

use super::{entity, world_of_a_device};
use crate::support::page::{fact, select, text, texts};
use crate::support::{Browser, alert, world};

#[test]
fn the_card_says_what_is_known_in_short() {
    let (world, _) = world_of_a_device();
    let dana = world.browser("dana");
    let device = entity(&dana, "device", "web-07.contoso.example");
    dana.post(&format!("{device}/note"), &[("note", "Shop front")]);
    let id = device.rsplit('/').next().unwrap();
    dana.post(&format!("/assets/{id}/importance"), &[("importance", "high")]);
    let card = dana.page(&format!("{device}/card"));
    assert_eq!(text(&card, ".entity-card-name"), "web-07.contoso.example");
    assert_eq!(text(&card, ".entity-card-kind"), "Device High importance Shop front");
    assert_eq!(fact(&card, "Incidents"), "3, 1 open");
    assert!(!fact(&card, "First seen").is_empty() && !fact(&card, "Last seen").is_empty());
    assert_eq!(select(&card, "header, main, form, a").len(), 0, "nothing but the facts");
    let file = dana.page(&format!("{}/card", entity(&dana, "file", "c.exe")));
    assert_eq!(fact(&file, "Verdict"), "Malicious");
    assert_eq!(fact(&file, "Path"), "C:\\Temp\\c.exe");
    assert!(select(&file, "dl > div").len() <= 7);
}

#[test]
fn a_card_is_found_by_id_and_by_a_name_that_one_entity_has() {
    let (world, _) = world_of_a_device();
    let dana = world.browser("dana");
    let by_name = dana.page("/entities/device/card?name=WEB-07.contoso.example");
    assert_eq!(text(&by_name, ".entity-card-name"), "web-07.contoso.example");
    assert_eq!(dana.get("/entities/device/card?name=other").location, "/search?q=other");
    assert_eq!(dana.get("/entities/device/999999/card").status, 404);
    assert_eq!(Browser::new(&world.base).get("/entities/device/1/card").status, 303, "only for people who signed in");
}

#[test]
fn incidents_of_an_address_that_is_in_very_many_are_counted_up_to_a_limit() {
    let world = world();
    let dana = world.browser("dana");
    let alerts: Vec<serde_json::Value> = (0..1_005)
        .map(|number| {
            alert("Port scan")
                .id(&format!("s{number}"))
                .minutes_ago(10 + number)
                .device(&format!("pc-{number}.contoso.example"))
                .ip("10.9.8.7")
                .json()
        })
        .collect();
    for some in alerts.chunks(200) {
        world.ingest(some);
    }
    let address = entity(&dana, "ip", "10.9.8.7");
    let page = dana.page(&address);
    let head = text(&page, ".head-facts");
    assert!(head.ends_with("1,000+ open, 0 resolved incidents"), "{head}");
    assert_eq!(fact(&dana.page(&format!("{address}/card")), "Incidents"), "1,000+, 1,000+ open");
    let found = dana.page("/search?q=10.9.8.7");
    assert!(texts(&found, "[aria-labelledby=s-ip] .mini-facts")[0].contains("1,000+ incidents, 1,000+ open"));
    let first = attribute_of_time(&page, "First seen");
    let last = attribute_of_time(&page, "Last seen");
    assert!(first < last, "{first} {last}");
}

/// When something was, as the fact with a term says it to programs.
fn attribute_of_time(page: &scraper::Html, term: &str) -> String {
    let facts = select(page, "dl > div");
    let found = facts.iter().find(|one| one.text().collect::<String>().trim_start().starts_with(term)).unwrap();
    let time = found.select(&scraper::Selector::parse("time").unwrap()).next().unwrap();
    time.attr("datetime").unwrap().to_owned()
}
