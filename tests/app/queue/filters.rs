//! The filters in the address of the queue, and the chips that show them.

use std::collections::BTreeSet;

use super::names;
use crate::support::page::{attribute, queue_names, select, text, texts};
use crate::support::{alert, world};

#[test]
fn every_filter_finds_its_incidents() {
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
    dana.post("/incidents/1", &[("follow_up_at", "2026-01-01")]);
    dana.post("/incidents/2", &[("follow_up_at", "2999-01-01")]);
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
        ("followUp=due", &["One"]),
        ("followUp=set", &["One", "Two"]),
        ("followUp=none", &["Three"]),
        ("followUp=due&followUp=none", &["One", "Three"]),
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
fn filters_are_shown_as_chips_that_remove_them() {
    let world = world();
    world.incident("One");
    let dana = world.browser("dana");
    let page = dana.page("/incidents?assignedTo=none&severity=all");
    let chips = texts(&page, ".chip");
    assert_eq!(chips, ["Status: Active, In progress ✕", "Unassigned ✕", "Updated: 30 days ✕"]);
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
fn each_filter_is_one_chip_with_all_its_values_in_words() {
    let world = world();
    let dana = world.browser("dana");
    let chips = |query: &str| {
        let mut chips = texts(&dana.page(&format!("/incidents?{query}&status=all&severity=all&range=all")), ".chip");
        assert_eq!(chips.len(), 1, "{chips:?}");
        chips.remove(0).trim_end_matches(" ✕").to_owned()
    };
    assert_eq!(chips("assignedTo=me&assignedTo=omar&assignedTo=none"), "Assigned to: me, Omar Haddad, Unassigned");
    assert_eq!(chips("tag=VIP&tag=Q4"), "Tags, any of: VIP, Q4");
    assert_eq!(chips("tag=VIP&tag=Q4&tagMatch=all"), "Tags, all of: VIP, Q4");
    assert_eq!(chips("category=InitialAccess&category=Malware"), "Category: Initial access, Malware");
    assert_eq!(chips("serviceSource=microsoftSentinel"), "Service source: Sentinel");
    assert_eq!(chips("multipleSources=no"), "Multiple service sources: no");
    assert_eq!(chips("entity=web-01"), "Entity: web-01");
}

#[test]
fn a_technique_also_finds_its_sub_techniques() {
    let world = world();
    world.ingest(&[
        alert("Script").with("mitreTechniques", vec!["T1059.001"]).json(),
        alert("Other").with("mitreTechniques", vec!["T1105"]).json(),
    ]);
    let found = |query: &str| queue_names(&world.browser("dana").page(&format!("/incidents?{query}")));
    assert_eq!(found("technique=T1059"), ["Script"]);
    assert_eq!(found("technique=t1059.001"), ["Script"]);
    assert!(found("technique=T1059.002").is_empty());
}

#[test]
fn a_filter_that_is_given_several_times_finds_any_of_its_values() {
    let world = world();
    world.ingest(&["web-1", "db-1", "mail-1"].map(|name| alert(name).device(&format!("{name}.contoso.test")).json()));
    let page = world.browser("dana").page("/incidents?device=web&device=mail-1&sort=id");
    assert_eq!(queue_names(&page), ["web-1 on one endpoint", "mail-1 on one endpoint"]);
    assert!(texts(&page, ".chip").contains(&"Device: web, mail-1 ✕".to_owned()));
    let form = world.browser("dana").page("/incidents/filters?device=web&device=mail-1");
    let fields = select(&form, "input[name=device]");
    assert_eq!(fields.iter().filter_map(|field| field.attr("value")).collect::<Vec<_>>(), ["web", "mail-1"]);
}

#[test]
fn an_unknown_owner_is_named_and_ignored() {
    let world = world();
    let id = world.incident("Mine");
    world.incident("Another");
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{id}/assign-to-me"), &[]);
    let page = dana.page("/incidents?assignedTo=ghost");
    assert_eq!(queue_names(&page).len(), 2, "the rest is shown");
    assert!(text(&page, ".notice").contains("assignedTo=ghost"), "{}", text(&page, ".notice"));
    let page = dana.page("/incidents?assignedTo=ghost&assignedTo=ME");
    assert_eq!(queue_names(&page), ["Mine involving one user"]);
    assert!(texts(&page, ".chip").contains(&"Assigned to: me ✕".to_owned()));
}

#[test]
fn an_invalid_time_is_named_and_ignored() {
    let world = world();
    world.incident("One");
    let dana = world.browser("dana");
    let shown = |query: &str| {
        let page = dana.page(&format!("/incidents?{query}"));
        (text(&page, ".notice"), texts(&page, ".chip").into_iter().find(|chip| chip.starts_with("Updated")))
    };
    let (ignored, range) = shown("from=2026-07-01T10:30");
    assert!(ignored.contains("from=2026-07-01T10:30"), "{ignored}");
    assert_eq!(range.as_deref(), Some("Updated: 30 days ✕"), "a time without an offset is none");
    let (ignored, range) = shown("range=14d&from=2026-01-01");
    assert!(ignored.contains("range=14d") && range.is_some_and(|range| range.contains("since Jan 1")), "{ignored}");
    let (ignored, range) = shown("from=2026-01-01&from=never");
    assert!(ignored.contains("from=never") && range.is_some_and(|range| range.contains("since Jan 1")), "{ignored}");
    assert_eq!(dana.get("/incidents.csv?limit=7&after=x&pane=y").status, 200, "a file has no pages");
}

#[test]
fn all_beside_other_values_means_all() {
    let world = world();
    let id = world.incident("Over");
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{id}"), &[("status", "resolved")]);
    assert_eq!(queue_names(&dana.page("/incidents?status=active&status=all")), ["Over involving one user"]);
}

#[test]
fn thousands_of_values_are_named_in_part_and_make_a_small_page() {
    let world = world();
    world.ingest(&[alert("One").device("web-01.contoso.example").json()]);
    let dana = world.browser("dana");
    let many = |name: &str, count: usize| (0..count).map(|n| format!("{name}=x{n}")).collect::<Vec<_>>().join("&");
    let both = dana.get(&format!("/incidents?{}&{}", many("category", 1_500), many("serviceSource", 1_500)));
    assert_eq!(both.status, 200);
    assert!(both.body.len() < 200_000, "{} bytes", both.body.len());
    let notice = text(&both.html(), "main .notice");
    assert!(notice.contains("at most 50 values") && notice.ends_with("and 2,880 more"), "{notice}");
    let devices = dana.page(&format!("/incidents?{}", many("device", 30)));
    assert!(text(&devices, "main .notice").contains("device=x29"));
    let long = dana.page(&format!("/incidents?q={}", "%25".repeat(2_000)));
    assert!(text(&long, "main .notice").contains("at most 200 characters"));
    let export = dana.get(&format!("/incidents.csv?{}", many("device", 30)));
    assert_eq!(export.status, 422);
    assert!(text(&export.html(), "main").contains("device=x20 exceeds a limit"), "{}", export.text());
}
