//! GET /incidents/filters: every filter with its choices, and the queue that they lead to.

use crate::support::product::{AnyConnection, statements_of_choices};

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
    assert_eq!(choices(&world, "assignedTo")[..3], ["Me", "Nobody", "Ada Novak"]);
    assert!(choices(&world, "category").contains(&"Lateral movement".to_owned()));
    assert!(choices(&world, "product").is_empty(), "no product is in use");
}

#[test]
fn what_is_in_use_is_offered_as_alerts_spell_it() {
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
fn values_in_use_are_found_by_jumping_over_the_index() {
    let world = world();
    let many: Vec<_> =
        (0..40).map(|n| alert(&format!("Alert {n}")).with("productName", format!("P{n:02}")).json()).collect();
    world.ingest(&many);
    assert_eq!(choices(&world, "product").len(), 40);
}

#[test]
fn values_in_use_are_read_by_index_alone() {
    use diesel::RunQueryDsl as _;
    #[derive(diesel::QueryableByName)]
    struct Step {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    let world = world();
    for statement in statements_of_choices() {
        let plan: Vec<Step> = world
            .db
            .read_now(|conn| match conn {
                AnyConnection::Sqlite(_) => {
                    Ok(diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(conn)?)
                }
                // PostgreSQL reads small tables whole whatever there is; the index is the same one.
                AnyConnection::Postgres(_) => Ok(Vec::new()),
            })
            .unwrap();
        for step in plan {
            let of_table = step.detail.contains(" f ") || step.detail.ends_with(" f");
            assert!(!of_table || step.detail.starts_with("SEARCH f USING COVERING INDEX"), "{}", step.detail);
        }
    }
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
fn what_the_queue_shows_stands_in_the_form() {
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
fn a_custom_range_is_typed_in_the_viewers_zone_and_stands_in_the_url_in_utc() {
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
fn a_range_that_cannot_be_is_told_at_its_field_and_kept() {
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
fn each_filter_is_one_chip_with_all_its_values_in_words() {
    let world = world();
    let dana = world.browser("dana");
    let chips = |query: &str| {
        let mut chips = texts(&dana.page(&format!("/incidents?{query}&status=all&severity=all&range=all")), ".chip");
        assert_eq!(chips.len(), 1, "{chips:?}");
        chips.remove(0).trim_end_matches(" ✕").to_owned()
    };
    assert_eq!(chips("assignedTo=me&assignedTo=omar&assignedTo=none"), "Assigned to: me, Omar Haddad, nobody");
    assert_eq!(chips("tag=VIP&tag=Q4"), "Tags, any of: VIP, Q4");
    assert_eq!(chips("tag=VIP&tag=Q4&tagMatch=all"), "Tags, all of: VIP, Q4");
    assert_eq!(chips("category=InitialAccess&category=Malware"), "Category: Initial access, Malware");
    assert_eq!(chips("serviceSource=microsoftSentinel"), "Service source: Sentinel");
    assert_eq!(chips("multipleSources=no"), "Multiple service sources: no");
    assert_eq!(chips("entity=web-01"), "Entity: web-01");
}

#[test]
fn a_technique_finds_what_used_a_part_of_it() {
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
fn an_owner_that_is_nobody_is_named_and_ignored() {
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
fn what_is_no_moment_neither_counts_nor_takes_the_place_of_one() {
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
fn a_value_called_custom_is_a_value() {
    let world = world();
    let answer = world.browser("dana").get("/incidents/filters?apply=1&tag=custom&device=custom");
    assert!(answer.location.contains("tag=custom") && answer.location.contains("device=custom"), "{}", answer.location);
}

#[test]
fn all_beside_other_values_is_all() {
    let world = world();
    let id = world.incident("Over");
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{id}"), &[("status", "resolved")]);
    assert_eq!(queue_names(&dana.page("/incidents?status=active&status=all")), ["Over involving one user"]);
}
