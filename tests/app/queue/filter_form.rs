//! GET /incidents/filters: every filter with its choices, and the queue that they lead to.

use crate::support::page::{attribute, queue_names, select, text, texts, value};
use crate::support::{World, alert, world};

/// Labels of a filter's choices.
fn choices(world: &World, filter: &str) -> Vec<String> {
    let page = world.browser("dana").page("/incidents/filters");
    texts(&page, &format!("#f-{filter} label"))
}

#[test]
fn every_filter_is_offered() {
    let world = world();
    let page = world.browser("dana").page("/incidents/filters");
    let names: Vec<String> = texts(&page, ".filter-list summary");
    for name in [
        "Status Active +1",
        "Incident severity High +2",
        "Alert severity",
        "Incident assignment",
        "Classification",
        "Determination",
        "Tags",
        "Categories",
        "Service and detection sources",
        "Product names",
        "Techniques",
        "Multiple service sources",
        "Multiple categories",
        "Entities",
        "Time range 30 days",
    ] {
        assert!(names.contains(&name.to_owned()), "{name} in {names:?}");
    }
    assert_eq!(choices(&world, "status"), ["Active", "In progress", "Resolved", "Redirected"]);
    assert_eq!(choices(&world, "assignedTo")[..3], ["Me", "Unassigned", "Ada Novak"]);
    assert!(choices(&world, "category").contains(&"Lateral movement".to_owned()));
    assert!(choices(&world, "product").is_empty(), "no product is in use");
}

#[test]
fn values_in_use_are_offered_as_alerts_spell_them() {
    let world = world();
    world.ingest(&[
        alert("One").with("productName", "Contoso Sensor").with("mitreTechniques", vec!["T1059.001", "T1486"]).json(),
        alert("Two").source("microsoftDefenderForEndpoint").with("detectionSource", "antivirus").json(),
        alert("Three").source("microsoftSentinel").with("detectionSource", "scheduledAlerts").category("Oddity").json(),
    ]);
    assert_eq!(choices(&world, "product"), ["Contoso Sensor"]);
    assert_eq!(choices(&world, "technique"), ["T1059", "T1059.001", "T1486"]);
    assert!(choices(&world, "category").contains(&"Oddity".to_owned()));
    let page = world.browser("dana").page("/incidents/filters");
    assert_eq!(
        texts(&page, "#f-serviceSource label"),
        ["Defender for Endpoint", "Antivirus", "Defender for Endpoint", "Sentinel", "Scheduled alerts"]
    );
    let under: Vec<String> = texts(&page, "#f-serviceSource label.under");
    assert_eq!(under, ["Antivirus", "Defender for Endpoint", "Scheduled alerts"], "detections under their service");
}

#[test]
fn all_values_in_use_are_offered_however_many() {
    let world = world();
    let many: Vec<_> =
        (0..40).map(|n| alert(&format!("Alert {n}")).with("productName", format!("P{n:02}")).json()).collect();
    world.ingest(&many);
    assert_eq!(choices(&world, "product").len(), 40);
}

#[test]
fn the_form_leads_to_the_queue_that_it_describes() {
    let world = world();
    let dana = world.browser("dana");
    let to = |query: &str| {
        let answer = dana.get(&format!("/incidents/filters?apply=1&{query}"));
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer.location
    };
    let defaults = "status=active&status=inProgress&severity=high&severity=medium&severity=low&range=30d";
    assert_eq!(to(&format!("{defaults}&assignedTo=me&device=&tagMatch=")), "/incidents?assignedTo=me");
    assert_eq!(to("range=30d"), "/incidents?status=all&severity=all", "nothing ticked is any value");
    assert_eq!(to(&format!("{defaults}&tag=a&tag=b&tagMatch=all")), "/incidents?tag=a&tag=b&tagMatch=all");
    assert_eq!(to(&format!("{defaults}&q=web&sort=id&limit=100")), "/incidents?q=web&sort=id&limit=100");
    assert_eq!(to(defaults), "/incidents?range=30d", "nobody's own default view takes its place");
}

#[test]
fn the_form_shows_the_present_filter() {
    let world = world();
    let page =
        world.browser("dana").page("/incidents/filters?severity=high&device=web&multipleSources=yes&q=x&sort=id");
    assert_eq!(select(&page, "input[name=severity][checked]").len(), 1);
    assert_eq!(value(&page, "input[name=device]"), "web");
    assert_eq!(value(&page, "input[name=multipleSources][checked]"), "yes");
    assert_eq!(value(&page, "input[type=hidden][name=q]"), "x");
    assert_eq!(value(&page, "input[type=hidden][name=sort]"), "id");
    assert_eq!(
        attribute(&page, ".crumbs a", "href"),
        "/incidents?severity=high&multipleSources=yes&device=web&q=x&sort=id"
    );
}

#[test]
fn a_custom_range_is_typed_in_the_viewers_zone_and_is_in_the_url_in_utc() {
    let world = world();
    world.ingest(&[alert("One").json()]);
    let dana = world.browser("dana");
    dana.set_cookie("tz", "Europe%2FBerlin");
    let typed = "/incidents/filters?apply=1&status=active&severity=medium&range=custom";
    let answer = dana.get(&format!("{typed}&fromTime=2026-07-01T12:30&toTime=2126-07-02"));
    assert_eq!(
        answer.location,
        "/incidents?status=active&severity=medium&from=2026-07-01T10%3A30%3A00Z&to=2126-07-02T21%3A59%3A59Z"
    );
    let page = dana.page(&answer.location);
    assert_eq!(queue_names(&page), ["One"]);
    assert!(texts(&page, ".chip").contains(&"Updated: Jul 1, 12:30 to Jul 2, 2126 23:59 ✕".to_owned()));
    assert_eq!(attribute(&page, "select[name=range] option[selected]", "value"), "custom");
    let form = dana.page(&answer.location.replace("/incidents?", "/incidents/filters?"));
    assert_eq!(value(&form, "input[name=fromTime]"), "2026-07-01T12:30");
    let without = dana.get("/incidents/filters?apply=1&status=active&fromTime=2026-07-01&range=7d&wasCustom=1");
    assert_eq!(without.location, "/incidents?status=active&severity=all&range=7d", "another range takes its place");
    let forgotten = dana.get("/incidents/filters?apply=1&status=active&fromTime=2026-07-01&range=30d");
    assert!(forgotten.location.contains("from=2026-06-30T22"), "what was typed counts: {}", forgotten.location);
}

#[test]
fn an_impossible_range_is_refused_at_its_field_and_kept() {
    let world = world();
    let dana = world.browser("dana");
    let refused = |query: &str| {
        let answer = dana.get(&format!("/incidents/filters?apply=1&device=web&range=custom&{query}"));
        assert_eq!(answer.status, 422);
        answer.html()
    };
    let page = refused("fromTime=yesterday&toTime=2026-07-01");
    assert!(text(&page, "#f-from-error").starts_with("Enter a date such as"));
    assert_eq!(value(&page, "input[name=fromTime]"), "yesterday");
    assert_eq!(value(&page, "input[name=toTime]"), "2026-07-01");
    assert_eq!(value(&page, "input[name=device]"), "web");
    assert_eq!(
        text(&refused("fromTime=2026-07-02&toTime=2026-07-01"), "#f-to-error"),
        "The range ends before it starts."
    );
    assert!(text(&refused("fromTime=&toTime="), "#f-from-error").contains("starts"));
}

#[test]
fn choosing_a_custom_range_without_dates_asks_for_them() {
    let world = world();
    let dana = world.browser("dana");
    let answer = dana.get("/incidents?severity=high&range=custom");
    assert_eq!(
        (answer.status, answer.location.as_str()),
        (303, "/incidents/filters?severity=high&range=custom#f-range")
    );
    let kept = dana.page("/incidents?from=2026-07-01&range=custom");
    assert!(texts(&kept, ".chip").iter().any(|chip| chip.starts_with("Updated: since Jul 1")));
    let left = dana.page("/incidents?from=2026-07-01&range=7d");
    assert!(texts(&left, ".chip").contains(&"Updated: 1 week ✕".to_owned()), "a chosen range takes the dates' place");
}

#[test]
fn a_tag_or_device_called_custom_can_be_filtered_for() {
    let world = world();
    let answer = world.browser("dana").get("/incidents/filters?apply=1&tag=custom&device=custom");
    assert!(answer.location.contains("tag=custom") && answer.location.contains("device=custom"), "{}", answer.location);
}

#[test]
fn a_text_that_is_too_long_is_told_at_its_field() {
    let world = world();
    let answer = world.browser("dana").get(&format!("/incidents/filters?apply=1&device={}", "x".repeat(201)));
    assert_eq!(answer.status, 422);
    assert!(text(&answer.html(), "#f-device-text-0-error").contains("at most 200 characters"), "{}", answer.text());
}
