//! GET /incidents: rows, the default filter, order and pages.

use std::collections::BTreeSet;

use super::names;
use crate::support::page::{attribute, queue_names, select, text, texts};
use crate::support::{alert, world};

#[test]
fn the_root_leads_to_the_queue() {
    let world = world();
    let answer = world.browser("dana").get("/");
    assert_eq!((answer.status, answer.location.as_str()), (303, "/incidents"));
}

#[test]
fn a_row_shows_what_an_analyst_decides_by() {
    let world = world();
    let on = |title: &str, category: &str| alert(title).category(category).device("web-01.contoso.example");
    world.ingest(&[
        on("One", "InitialAccess").user("ana@contoso.example").json(),
        on("Two", "Impact").severity("high").json(),
    ]);
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("status", "resolved")]);
    dana.post("/incidents/1", &[("tags", "VIP"), ("assigned_to", "omar")]);
    let page = dana.page("/incidents");
    let cell = |name: &str| text(&page, &format!("table[aria-label=Incidents] tbody .{name}"));
    assert_eq!(attribute(&page, "tbody .col-check input", "aria-label"), "Select incident 1");
    assert_eq!(cell("col-severity"), "High");
    assert_eq!(cell("col-status"), "Active");
    assert_eq!(cell("row-scope .tag"), "VIP");
    assert_eq!(cell("col-categories"), "Initial access Impact");
    assert_eq!(texts(&page, ".row-scope .asset"), ["device web-01", "user ana"]);
    let whole =
        select(&page, ".row-scope .asset").iter().map(|asset| asset.value().attr("title").unwrap()).collect::<Vec<_>>();
    assert_eq!(whole, ["web-01.contoso.example", "ana@contoso.example"]);
    assert_eq!(cell("col-active"), "1/2");
    assert_eq!(cell("col-sources"), "Defender for Endpoint");
    assert_eq!(cell("col-owner"), "Omar Haddad");
    assert_eq!(cell("col-classification"), "Not set");
    assert_eq!(text(&page, "[data-total]"), "1 incident");
}

#[test]
fn the_default_hides_resolved_and_informational_and_shows_the_newest_update_first() {
    let world = world();
    for title in ["One", "Two", "Three"] {
        world.incident(title);
    }
    world.ingest(&[alert("Quiet").severity("informational").json()]);
    let dana = world.browser("dana");
    dana.post("/incidents/1/comments", &[("body", "touched")]);
    dana.post("/incidents/2", &[("status", "resolved")]);
    assert_eq!(names(&world, ""), ["One involving one user", "Three involving one user"]);
    assert_eq!(names(&world, "status=resolved"), ["Two involving one user"]);
    assert_eq!(names(&world, "severity=informational"), ["Quiet"]);
    assert_eq!(names(&world, "status=all&severity=all").len(), 4);
}

#[test]
fn pages_follow_each_other_without_skipping_or_repeating_in_every_order() {
    let world = world();
    let alerts: Vec<_> = (0..60).map(|n| alert(&format!("Alert {n}")).minutes_ago(n % 7).json()).collect();
    world.ingest(&alerts);
    let dana = world.browser("dana");
    for sort in ["-lastUpdate", "lastUpdate", "-severity", "id", "-alerts", "firstActivity", "-created"] {
        let mut seen = Vec::new();
        let mut next = Some(format!("/incidents?limit=25&sort={sort}"));
        while let Some(path) = next {
            let page = dana.page(&path);
            seen.extend(texts(&page, "tbody .col-id"));
            next = select(&page, "a[rel=next]").first().map(|link| link.value().attr("href").unwrap().to_owned());
        }
        let distinct: BTreeSet<&String> = seen.iter().collect();
        assert_eq!((seen.len(), distinct.len()), (60, 60), "{sort}");
    }
}

#[test]
fn the_page_size_is_chosen_below_the_list() {
    let world = world();
    let alerts: Vec<_> = (0..30).map(|n| alert(&format!("Alert {n}")).json()).collect();
    world.ingest(&alerts);
    let dana = world.browser("dana");
    let page = dana.page("/incidents?severity=medium");
    let sizes = texts(&page, ".sizes a");
    assert_eq!(sizes, ["25", "50", "100", "200"]);
    assert_eq!(text(&page, ".sizes a[aria-current]"), "50");
    let small = attribute(&page, ".sizes a", "href");
    assert_eq!(small, "/incidents?severity=medium&limit=25");
    assert_eq!(queue_names(&dana.page(&small)).len(), 25);
}

#[test]
fn recent_times_say_how_long_ago_with_utc_beside() {
    let world = world();
    world.incident("One");
    let page = world.browser("dana").page("/incidents");
    assert_eq!(text(&page, "td.col-updated time"), "just now");
    assert!(attribute(&page, "td.col-updated time", "title").ends_with(" UTC"));
}

#[test]
fn a_page_of_fifty_rows_is_small() {
    let world = world();
    let tactics = ["Execution", "InitialAccess", "Impact", "Discovery", "LateralMovement"];
    let alerts: Vec<_> = (0..50)
        .map(|n: usize| {
            alert(&format!("Suspicious thing number {n} happened"))
                .category(tactics[n % tactics.len()])
                .device(&format!("host-{n:03}.corp.contoso.test"))
                .user(&format!("person.{n}@contoso.test"))
                .minutes_ago(i64::try_from(n).unwrap() * 37)
                .json()
        })
        .collect();
    world.ingest(&alerts);
    let body = world.browser("dana").get("/incidents").body;
    assert_eq!(body.matches("id=\"row-").count(), 50);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packed, body.as_bytes()).unwrap();
    let size = packed.finish().unwrap().len();
    assert!(size < 15_000, "{size} bytes");
}
