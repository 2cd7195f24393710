//! GET /incidents: filters, order, paging, the pane, all in the URL.

use std::collections::BTreeSet;

use crate::support::page::{attribute, queue_names, select, text, texts, value};
use crate::support::{World, alert, world};

fn names(world: &World, query: &str) -> Vec<String> {
    queue_names(&world.browser("dana").page(&format!("/incidents?{query}")))
}

#[test]
fn the_row_shows_what_an_analyst_decides_by() {
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
    assert_eq!(cell("col-tags"), "VIP");
    assert_eq!(cell("col-categories"), "Initial access, Impact");
    assert_eq!(cell("col-assets"), "device web-01.contoso.exampleuser ana@contoso.example");
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
fn every_filter_finds_its_own() {
    let world = world();
    world.ingest(&[
        alert("One").category("Execution").device("web-01.contoso.example").user("ana@contoso.example").json(),
        alert("Two")
            .category("Impact")
            .source("microsoftSentinel")
            .mailbox("ben@contoso.example")
            .with("mitreTechniques", vec!["T1486"])
            .json(),
        alert("Three").severity("low").category("").json(),
    ]);
    let dana = world.browser("dana");
    dana.post("/incidents/1", &[("assigned_to", "omar"), ("classification", "truePositive:malware")]);
    dana.post("/incidents/2/assign-to-me", &[]);
    for (query, found) in [
        ("severity=low", &["Three"][..]),
        ("severity=low&severity=medium", &["One", "Two", "Three"]),
        ("assignedTo=me", &["Two"]),
        ("assignedTo=none", &["Three"]),
        ("assignedTo=Omar", &["One"]),
        ("assignedTo=me&assignedTo=none", &["Two", "Three"]),
        ("classification=truePositive", &["One"]),
        ("determination=malware", &["One"]),
        ("category=execution", &["One"]),
        ("serviceSource=microsoftSentinel", &["Two"]),
        ("detectionSource=microsoftSentinel", &["Two"]),
        ("technique=T1486", &["Two"]),
        ("alertSeverity=low", &["Three"]),
        ("device=WEB-01", &["One"]),
        ("user=ana", &["One"]),
        ("user=ben", &["Two"]),
        ("entity=contoso", &["One", "Two"]),
        ("multipleSources=no", &["One", "Two", "Three"]),
        ("multipleSources=yes", &[]),
        ("q=three", &["Three"]),
        ("q=2", &["Two"]),
        ("q=web-01", &["One"]),
        ("q=100%25", &[]),
        ("range=1d", &["One", "Two", "Three"]),
        ("from=2020-01-01&to=2020-12-31", &[]),
    ] {
        let shown: BTreeSet<String> =
            names(&world, query).iter().map(|name| name.split(' ').next().unwrap().to_owned()).collect();
        let expected: BTreeSet<String> = found.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(shown, expected, "{query}");
    }
}

#[test]
fn filters_show_as_chips_that_take_them_off() {
    let world = world();
    world.incident("One");
    let dana = world.browser("dana");
    let page = dana.page("/incidents?assignedTo=none&severity=all");
    let chips = texts(&page, ".chip");
    assert_eq!(chips, ["Status: Active, In progress ✕", "Assigned to: nobody ✕", "Updated: 30 days ✕"]);
    let without: Vec<_> =
        select(&page, ".chip").iter().map(|chip| chip.value().attr("href").unwrap().to_owned()).collect();
    assert_eq!(without[0], "/incidents?status=all&severity=all&assignedTo=none");
    assert_eq!(without[1], "/incidents?severity=all");
    assert!(texts(&dana.page(&without[0]), ".chip").iter().all(|chip| !chip.starts_with("Status")));
    assert_eq!(attribute(&page, ".reset", "href"), "/incidents");
}

#[test]
fn unknown_parameters_are_named_and_the_rest_is_shown() {
    let world = world();
    world.incident("One");
    let page = world.browser("dana").page("/incidents?status=bogus&colour=red");
    let notice = text(&page, ".notice");
    assert!(notice.contains("status=bogus") && notice.contains("colour=red"), "{notice}");
    assert_eq!(queue_names(&page).len(), 1);
}

#[test]
fn hostile_search_and_sort_are_only_text() {
    let world = world();
    world.incident("One");
    for query in ["q='%20OR%201=1--", "q=%25", "q=_", "q=%5C", "sort=id;drop%20table%20incidents", "after=x'y"] {
        let answer = world.browser("dana").get(&format!("/incidents?{query}"));
        assert_eq!(answer.status, 200, "{query}");
    }
    assert_eq!(names(&world, "q=%25").len(), 0, "a wildcard is a character");
    assert_eq!(names(&world, "").len(), 1);
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
fn the_pane_opens_by_url_beside_the_queue_with_its_neighbours() {
    let world = world();
    for title in ["One", "Two", "Three"] {
        world.incident(title);
    }
    let dana = world.browser("dana");
    let page = dana.page("/incidents?sort=id&pane=2");
    assert_eq!(text(&page, "aside[aria-label='Incident management pane'] h2"), "Two involving one user");
    assert_eq!(queue_names(&page).len(), 3, "the queue stays");
    assert_eq!(attribute(&page, "a[aria-label='Previous incident']", "href"), "/incidents?sort=id&pane=1");
    assert_eq!(attribute(&page, "a[aria-label='Next incident']", "href"), "/incidents?sort=id&pane=3");
    assert_eq!(attribute(&page, "tbody tr[aria-current]", "id"), "row-2");
    assert_eq!(text(&page, ".pane-actions a"), "Open incident page");
    assert_eq!(value(&page, "form[data-pane-close] input[name=sort]"), "id", "closing keeps the view");
    assert_eq!(value(&page, "form[data-manage] input[name=return_to]"), "/incidents?sort=id&pane=2");
}

#[test]
fn saving_in_the_pane_comes_back_to_the_same_view_with_a_message() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let view = format!("/incidents?sort=id&pane={id}");
    let answer = dana.post(&format!("/incidents/{id}"), &[("status", "inProgress"), ("return_to", &view)]);
    assert_eq!((answer.status, answer.location.as_str()), (303, view.as_str()));
    assert_eq!(text(&dana.page(&view), "[data-flash] p"), "Saved.");
    assert!(texts(&dana.page(&view), "[data-flash] p").is_empty(), "said once");
    let evil = dana.post(&format!("/incidents/{id}"), &[("status", "active"), ("return_to", "//evil.example")]);
    assert_eq!(evil.location, format!("/incidents/{id}"));
}

#[test]
fn a_pane_of_nothing_is_said_and_the_queue_still_shown() {
    let world = world();
    world.incident("One");
    let page = world.browser("dana").page("/incidents?pane=99");
    assert!(text(&page, ".notice").contains("There is no incident 99"));
    assert_eq!(queue_names(&page).len(), 1);
}

#[test]
fn the_root_leads_to_the_queue() {
    let world = world();
    let answer = world.browser("dana").get("/");
    assert_eq!((answer.status, answer.location.as_str()), (303, "/incidents"));
}

#[test]
fn search_ignores_case_in_every_alphabet() {
    let world = world();
    let id = world.incident("One");
    world.browser("dana").post(&format!("/incidents/{id}"), &[("name", "Überfall ÄÖ")]);
    for typed in ["überfall", "ÜBERFALL", "äö"] {
        let query: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        assert_eq!(names(&world, &format!("q={query}")), ["Überfall ÄÖ"], "{typed}");
    }
}

#[test]
fn a_nul_anywhere_is_no_error() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    for name in ["q", "tag", "device", "user", "entity", "category", "product", "assignedTo"] {
        assert_eq!(dana.get(&format!("/incidents?{name}=a%00b")).status, 200, "{name}");
    }
    assert_eq!(dana.get("/alerts?q=%00").status, 200);
    assert_eq!(dana.get("/incidents/suggest?q=a%00").status, 200);
    assert_eq!(
        dana.post(&format!("/incidents/{id}"), &[("status", "resolved"), ("resolving_note", "a\0b")]).status,
        303
    );
    assert_eq!(
        crate::support::Browser::new(&world.base).post("/login", &[("name", "a\0"), ("password", "b\0")]).status,
        422
    );
}
