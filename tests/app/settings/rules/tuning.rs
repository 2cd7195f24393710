//! Tune: from an alert or incident two clicks to a rule.

use super::{filled, lead, press, send};
use crate::support::page::{attribute, select, text, texts, value};
use crate::support::{alert, world};

fn has(page: &scraper::Html, name: &str, value: &str) -> bool {
    filled(page).contains(&(name.to_owned(), value.to_owned()))
}

#[test]
fn two_clicks_lead_from_an_alert_to_a_saved_rule() {
    let world = world();
    let on = |device: &str| alert("Backup failed on volume 7").device(device).user("ana@contoso.example").json();
    world.ingest(&[on("backup-01.contoso.test")]);
    let omar = lead(&world);
    let button = "form[action='/settings/rules/new']";
    let page = omar.page("/alerts/1");
    assert_eq!(text(&page, &format!("{button} button")), "Tune");
    let id = attribute(&page, &format!("{button} input[name=alert]"), "value");
    let page = omar.page(&format!("/settings/rules/new?alert={id}"));
    assert!(has(&page, "title", "Backup failed on volume 7") && has(&page, "title_test", "exact"));
    assert!(has(&page, "source", "microsoftDefenderForEndpoint") && has(&page, "owner", "omar"));
    assert!(has(&page, "assets", "device:backup-01.contoso.test") && has(&page, "assets", "user:ana@contoso.example"));
    assert!(has(&page, "effect", "resolve"), "nothing is hidden unless somebody chooses so");
    assert!(has(&page, "classification", "falsePositive:notMalicious") && has(&page, "reason", "Tuned from alert 1."));
    assert!(has(&page, "note", "Same detection as alert 1."), "it can be saved as it is");
    assert_eq!(press(&omar, &page, "save", &[("name", "Backups elsewhere"), ("title", "Backup of Ida")]).status, 303);
    let saved = press(&omar, &page, "save", &[("effect", "ignore")]);
    assert_eq!((saved.status, saved.location.as_str()), (303, "/settings/rules"), "{}", saved.text());
    assert!(texts(&omar.page("/settings/rules"), ".cell-rule-name").contains(&"Backup failed on volume 7".to_owned()));
    let answer = send(&world, &[on("backup-01.contoso.test"), on("backup-02.contoso.test")]).json();
    assert_eq!((answer["skipped"].as_i64(), answer["created"].as_i64()), (Some(1), Some(1)), "another device stays");
    // The name is taken by now.
    let again = omar.page("/settings/rules/new?alert=1");
    assert_eq!(value(&again, "[name=name]"), "Backup failed on volume 7 (2)");
    assert_eq!(omar.get("/settings/rules/new?alert=99").status, 404);
}

#[test]
fn an_asset_that_is_taken_off_makes_the_rule_wider_and_stays_on_offer() {
    let world = world();
    let on = |device: &str| alert("Backup failed").device(device).json();
    world.ingest(&[on("backup-01.contoso.test")]);
    let omar = lead(&world);
    let page = omar.page("/settings/rules/new?alert=1");
    let fields = filled(&page);
    let kept = fields.iter().filter(|(name, _)| name != "assets" && name != "name");
    let mut kept: Vec<(&str, &str)> = kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    kept.retain(|(name, _)| *name != "effect");
    kept.extend([("effect", "ignore"), ("act", "save")]);
    let refused = omar.post("/settings/rules/new", &kept);
    assert_eq!(refused.status, 422, "it has no name");
    let again = refused.html();
    assert_eq!(select(&again, "input[name=assets]:not([checked])").len(), 1);
    kept.push(("name", "Backups"));
    assert_eq!(omar.post("/settings/rules/new", &kept).status, 303);
    assert_eq!(send(&world, &[on("backup-02.contoso.test")]).json()["skipped"].as_i64(), Some(1));
}

#[test]
fn a_detection_that_the_source_gives_an_id_is_known_by_it_whatever_its_title() {
    let world = world();
    let detected = |title: &str| alert(title).with("detectorId", "e3b0").device("web-01.contoso.test").json();
    world.ingest(&[detected("Odd process 4711")]);
    let omar = lead(&world);
    let page = omar.page("/settings/rules/new?alert=1");
    assert!(has(&page, "match_fact", "Detector ID") && has(&page, "match_value", "e3b0") && has(&page, "title", ""));
    assert_eq!(press(&omar, &page, "save", &[("effect", "ignore")]).status, 303);
    let answer = send(&world, &[detected("Odd process 4712"), alert("Odd").device("web-01.contoso.test").json()]);
    assert_eq!(answer.json()["skipped"].as_i64(), Some(1));
}

#[test]
fn an_incident_of_several_detections_offers_the_most_frequent_first() {
    let world = world();
    let on = |title: &str| alert(title).device("web-01.contoso.test").json();
    let id = world.ingest(&[on("Odd sign-in"), on("Odd process"), on("Odd process")])[0];
    let dana = world.browser("dana");
    let path = format!("/settings/rules/new?incident={id}");
    let tune = format!("form[action='/settings/rules/new'] input[name=incident][value='{id}']");
    for page in [format!("/incidents/{id}"), format!("/incidents/{id}/pane")] {
        assert_eq!(select(&dana.page(&page), &tune).len(), 1, "{page}");
    }
    let tab = dana.page(&format!("/incidents/{id}/alerts"));
    assert!(texts(&tab, "#bulk button").contains(&"Tune".to_owned()));
    let page = dana.page(&path);
    let options = texts(&page, "#detection option");
    assert!(options[0].starts_with("Odd process (") && options[0].ends_with("2 alerts)"), "{options:?}");
    assert_eq!(value(&page, "[name=title]"), "Odd process");
    let hint = text(&page, "#detection-hint");
    assert!(
        hint.starts_with("This incident has alerts of 2 detections. This rule is for the one chosen here"),
        "{hint}"
    );
    let other = attribute(&page, "#detection option:last-child", "value");
    assert_eq!(value(&dana.page(&format!("{path}&alert={other}")), "[name=title]"), "Odd sign-in");
    // Of selected alerts only their detections are offered.
    let one = dana.page(&format!("/settings/rules/new?alerts={other}&incident={id}"));
    assert!(select(&one, "#detection").is_empty());
    assert_eq!(value(&one, "[name=title]"), "Odd sign-in");
    let answer = dana.post("/alerts/bulk", &[("act", "tune"), ("alerts", "1"), ("alerts", "3")]);
    assert!(answer.location.starts_with("/settings/rules/new?alerts=1&alerts=3&"), "{}", answer.location);
    let hint = text(&dana.page(&answer.location), "#detection-hint");
    assert!(hint.starts_with("You selected alerts of 2 detections."), "{hint}");
    let vic = world.browser("vic");
    for page in ["/alerts", "/alerts/1", "/incidents/1", "/incidents/1/alerts"] {
        assert!(select(&vic.page(page), "[action='/settings/rules/new'], [formaction], #bulk").is_empty(), "{page}");
    }
}

/// Where "Cancel" and the crumbs of the form lead, and what the crumbs call it.
fn ways_back(page: &scraper::Html) -> [String; 3] {
    [attribute(page, ".form-bar a", "href"), attribute(page, ".crumbs a", "href"), text(page, ".crumbs a")]
}

#[test]
fn the_form_leads_back_to_where_somebody_pressed_tune_through_errors_and_tests() {
    let world = world();
    let id = world.ingest(&[alert("Odd sign-in").device("web-01.contoso.test").json()])[0];
    let omar = lead(&world);
    let incident = format!("Incident {id}");
    let places = [
        (format!("/incidents?sort=id&pane={id}"), format!("/incidents?sort=id&pane={id}"), "Incidents"),
        (format!("/incidents/{id}"), format!("/incidents/{id}"), incident.as_str()),
        ("/alerts?pane=1".to_owned(), "/alerts?pane=1".to_owned(), "Alerts"),
        ("/alerts/1".to_owned(), "/alerts/1".to_owned(), "Alert 1"),
    ];
    for (place, back, named) in places {
        let tune = "form[action='/settings/rules/new']";
        let shown = omar.page(&place);
        let field = if place.starts_with("/incidents") { "incident" } else { "alert" };
        let of = attribute(&shown, &format!("{tune} input[name={field}]"), "value");
        let to = value(&shown, &format!("{tune} input[name=return_to]"));
        let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
        let form = omar.page(&format!("/settings/rules/new?{field}={of}&return_to={to}"));
        let expected = [back.clone(), back.clone(), named.to_owned()];
        assert_eq!(ways_back(&form), expected, "{place}");
        let tested = press(&omar, &form, "try", &[("days", "7")]);
        assert_eq!((tested.status, ways_back(&tested.html())), (200, expected.clone()), "{place}");
        let refused = press(&omar, &form, "save", &[("name", "")]);
        assert_eq!((refused.status, ways_back(&refused.html())), (422, expected), "{place}");
        let saved = press(&omar, &form, "save", &[]);
        assert_eq!((saved.status, saved.location.as_str()), (303, back.as_str()), "{place}");
        let told = text(&omar.page(&back), "[data-flash] p");
        assert!(told.starts_with("Rule Odd sign-in"), "{place}");
        assert!(told.ends_with(" saved. It applies to alerts that come from now on."), "{told}");
    }
    // A list sends its address with what is selected.
    let fields = [("act", "tune"), ("alerts", "1"), ("return_to", "/alerts?sort=title")];
    let form = omar.page(&omar.post("/alerts/bulk", &fields).location);
    assert_eq!(ways_back(&form), ["/alerts?sort=title", "/alerts?sort=title", "Alerts"]);
}

#[test]
fn the_form_leads_to_no_other_site_and_from_the_list_of_rules_back_to_it() {
    let world = world();
    world.ingest(&[alert("Odd sign-in").device("web-01.contoso.test").json()]);
    let omar = lead(&world);
    let rules = ["/settings/rules", "/settings/rules", "Rules"];
    for to in ["https://evil.example/", "//evil.example", "/%5Cevil.example", ""] {
        assert_eq!(ways_back(&omar.page(&format!("/settings/rules/new?alert=1&return_to={to}"))), rules, "{to}");
    }
    let came_from = |referrer: &str| {
        let headers = [("Host", "desk.example"), ("Referer", referrer)];
        ways_back(&omar.get_with("/settings/rules/new?incident=1", &headers).html())
    };
    // The alerts under a row of the queue are tuned by a button that knows only the incident.
    assert_eq!(came_from("http://desk.example/incidents?sort=id")[0], "/incidents?sort=id");
    assert_eq!(came_from("http://desk.example/settings/rules"), rules);
    for elsewhere in
        ["http://evil.example/incidents", "http://desk.example.evil/incidents", "http://desk.example//evil"]
    {
        assert_eq!(came_from(elsewhere), rules, "{elsewhere}");
    }
}

#[test]
fn sources_are_chosen_by_the_names_that_pages_show() {
    let world = world();
    let from = |source: &str| alert("Odd sign-in").with("serviceSource", source).device(source).json();
    world.ingest(&[from("microsoftDefenderForIdentity"), from("microsoftDefenderForCloudApps")]);
    let omar = lead(&world);
    let page = omar.page("/settings/rules/new?alert=1");
    assert_eq!(text(&page, "#source option[selected]"), "Defender for Identity");
    assert_eq!(texts(&page, "#source option"), ["Any", "Defender for Cloud Apps", "Defender for Identity"]);
    // A rule may name a source that has sent nothing so far.
    assert_eq!(press(&omar, &page, "save", &[("source", "wazuh")]).status, 303);
    assert_eq!(text(&omar.page("/settings/rules/1"), "#source option[selected]"), "Wazuh");
}
