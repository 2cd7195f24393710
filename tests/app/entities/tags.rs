//! Tags of entities.

use super::{entity, world_of_a_device};
use crate::support::page::{attribute, select, text, texts, value};
use crate::support::{Browser, alert, world};

const DEVICE: &str = "web-07.contoso.example";

fn tags(browser: &Browser, page: &str) -> Vec<String> {
    texts(&browser.page(page), ".head-facts .tag")
}

/// The sentences of the history of an entity, the newest first.
fn entries(browser: &Browser, page: &str) -> Vec<String> {
    texts(&browser.page(page), "[aria-labelledby=e-history] .entry-text > p:last-child")
}

#[test]
fn tags_are_added_and_removed_and_each_change_is_an_entry() {
    let (world, _) = world_of_a_device();
    let dana = world.browser("dana");
    let device = entity(&dana, "device", DEVICE);
    let answer = dana.post(&format!("{device}/tags"), &[("tags", ""), ("tags", "PCI,  Crown  jewel, pci")]);
    assert_eq!(dana.message_after(&answer), format!("Tags of {DEVICE} saved."));
    assert_eq!(tags(&dana, &device), ["Crown jewel", "PCI"]);
    let shown = [("shown", "Crown jewel"), ("shown", "PCI")];
    dana.post(&format!("{device}/tags"), &[shown[0], shown[1], ("tags", "Crown jewel"), ("tags", "VIP")]);
    assert_eq!(tags(&dana, &device), ["Crown jewel", "VIP"]);
    dana.post(&format!("{device}/tags"), &[("shown", "Crown jewel"), ("shown", "VIP"), ("tags", "vip, crown JEWEL")]);
    let said = entries(&dana, &device);
    assert_eq!(said, ["Tag removed: PCI", "Tag added: VIP", "Tag added: Crown jewel", "Tag added: PCI"]);
    assert!(texts(&dana.page(&device), ".entry-head strong").iter().all(|who| who == "Dana Reyes"));
}

#[test]
fn what_somebody_else_changed_meanwhile_stays() {
    let (world, _) = world_of_a_device();
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let device = entity(&dana, "device", DEVICE);
    dana.post(&format!("{device}/tags"), &[("tags", "old")]);
    omar.post(&format!("{device}/tags"), &[("shown", "old"), ("tags", "old"), ("tags", "by Omar")]);
    // Dana's form does not show Omar's tag.
    dana.post(&format!("{device}/tags"), &[("shown", "old"), ("tags", "by Dana")]);
    assert_eq!(tags(&dana, &device), ["by Dana", "by Omar"]);
}

#[test]
fn tags_that_incidents_cannot_have_are_refused_here_too_and_stay_typed() {
    let (world, _) = world_of_a_device();
    let dana = world.browser("dana");
    let device = entity(&dana, "device", DEVICE);
    dana.post(&format!("{device}/tags"), &[("tags", "kept")]);
    let many = (0..50).map(|number| format!("t{number}")).collect::<Vec<_>>().join(",");
    for (typed, why) in [
        ("redirected", "\"redirected\" is a system tag. Only Watchdesk can set it."),
        (&*"x".repeat(65), "A tag can have at most 64 characters."),
        (&*many, "An entity can have at most 50 tags."),
        (&*format!("{many},t50"), "An entity can have at most 50 tags."),
    ] {
        let answer = dana.post(&format!("{device}/tags"), &[("tags", typed)]);
        assert_eq!(answer.status, 422, "{typed}");
        let page = answer.html();
        assert_eq!((text(&page, "#e-tags-error"), value(&page, "#e-tags")), (why.to_owned(), typed.to_owned()));
    }
    assert_eq!(tags(&dana, &device), ["kept"]);
    assert_eq!(entries(&dana, &device).len(), 1);
    let vic = world.browser("vic");
    assert_eq!(vic.post(&format!("{device}/tags"), &[("tags", "mine")]).status, 403);
    assert_eq!(select(&vic.page(&device), "#e-tags").len(), 0);
    assert_eq!(tags(&vic, &device), ["kept"]);
    assert_eq!(dana.post("/entities/device/999999/tags", &[("tags", "a")]).status, 404);
}

#[test]
fn tags_are_shown_wherever_the_entity_is_named_suggested_and_found() {
    let (world, incidents) = world_of_a_device();
    let dana = world.browser("dana");
    let device = entity(&dana, "device", DEVICE);
    let incident = incidents[2];
    dana.post(&format!("/incidents/{incident}"), &[("tags", "Phish")]);
    dana.post(&format!("{device}/tags"), &[("tags", "Crown jewel")]);
    let known = attribute(&dana.page(&device), "#e-tags-known option", "value");
    assert_eq!(known, "Crown jewel");
    assert_eq!(attribute(&dana.page(&device), ".entity-page [data-tags]", "data-known"), "Crown jewel\nPhish");
    for path in [
        format!("/incidents/{incident}/devices"),
        format!("/incidents/{incident}/evidence"),
        format!("/incidents/{incident}/summary"),
        "/alerts/3".to_owned(),
        "/alerts/3/evidence".to_owned(),
        "/alerts/3/pane".to_owned(),
        "/search?q=web-07".to_owned(),
        format!("{device}/card"),
    ] {
        assert!(texts(&dana.page(&path), ".tag").contains(&"Crown jewel".to_owned()), "{path}");
    }
    for typed in ["crown", "JEWEL", "n+jew", "cr"] {
        let found = dana.page(&format!("/search?q={typed}"));
        assert_eq!(texts(&found, "[aria-labelledby=s-device] li .hit-name a"), ["web-07"], "{typed}");
    }
    let report = dana.get(&format!("/incidents/{incident}/report.json")).json();
    assert!(report.to_string().contains(r#""tags":["Crown jewel"]"#), "{report}");
    dana.post(&format!("{device}/tags"), &[("shown", "Crown jewel"), ("tags", "")]);
    assert_eq!(texts(&dana.page("/search?q=jewel"), ".results a"), [""; 0]);
}

#[test]
fn what_people_write_of_an_entity_runs_and_loads_nothing() {
    let world = world();
    let dana = world.browser("dana");
    world.ingest(&[alert("One").device("pc-1.contoso.example").json()]);
    let device = entity(&dana, "device", "pc-1.contoso.example");
    let hostile = "\"><img src=x onerror=alert(1)><script>alert(1)</script>";
    dana.post(&format!("{device}/tags"), &[("tags", hostile)]);
    dana.post(&format!("{device}/note"), &[("note", hostile)]);
    let body = format!("{hostile}\n\n[a](javascript:alert(1)) ![b](https://evil.example/b.png)");
    dana.post(&format!("{device}/comments"), &[("body", &body)]);
    for path in [device.clone(), format!("{device}/card"), "/search?q=onerror".to_owned(), "/alerts/1".to_owned()] {
        let page = dana.page(&path);
        let bad = "img, script:not([src]), [onerror], a[href^='javascript:'], [src^='https://evil']";
        assert_eq!(select(&page, bad).len(), 0, "{path}");
    }
    assert_eq!(tags(&dana, &device), [hostile]);
}
