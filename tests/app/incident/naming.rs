//! The name of an incident is automatic until a person gives one (R5).

use crate::support::page::{fact, queue_names, value};
use crate::support::{alert, world};

#[test]
fn r5_an_automatic_name_follows_the_alerts() {
    let world = world();
    let id = world.ingest(&[alert("Odd logon").category("InitialAccess").device("a.contoso.example").json()])[0];
    let dana = world.browser("dana");
    assert_eq!(queue_names(&dana.page("/incidents")), ["Odd logon on one endpoint"]);
    let more = alert("Odd upload").category("Exfiltration").source("microsoftSentinel");
    world.ingest(&[more.device("a.contoso.example").device("b.contoso.example").json()]);
    let name = "Multi-stage incident involving Initial access & Exfiltration on multiple endpoints reported by multiple sources";
    assert_eq!(queue_names(&dana.page("/incidents")), [name]);
    assert!(dana.history(id)[0].contains("(automatic)"));
}

#[test]
fn r5_a_name_given_by_a_person_is_never_overwritten_and_can_be_given_back() {
    let world = world();
    let id = world.ingest(&[alert("One").device("a.contoso.example").json()])[0];
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    dana.post(&path, &[("name", "Our red team")]);
    world.ingest(&[alert("Two").device("a.contoso.example").category("Impact").json()]);
    assert_eq!(queue_names(&dana.page("/incidents")), ["Our red team"]);
    assert_eq!(fact(&dana.page(&path), "Name"), "Set by a person");
    dana.post(&path, &[("automatic_name", "1"), ("name", "Our red team")]);
    let automatic = "Multi-stage incident involving Execution & Impact on one endpoint";
    assert_eq!(queue_names(&dana.page("/incidents")), [automatic]);
    dana.post(&path, &[("name", "Mine")]);
    dana.post(&path, &[("name", "")]);
    assert_eq!(queue_names(&dana.page("/incidents")), [automatic], "an empty name gives it back too");
}

#[test]
fn r7_saving_the_automatic_name_as_it_stands_changes_nothing() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let before = dana.history(id);
    dana.post(&format!("/incidents/{id}"), &[("name", "One involving one user")]);
    assert_eq!(dana.history(id), before);
    assert_eq!(fact(&dana.page(&format!("/incidents/{id}")), "Name"), "Automatic");
}

#[test]
fn a_name_that_is_too_long_is_refused_with_the_text_kept() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let long = "n".repeat(256);
    let answer = dana.post(&format!("/incidents/{id}"), &[("name", &long)]);
    assert_eq!(answer.status, 422);
    assert_eq!(value(&answer.html(), "#m-name"), long);
}

#[test]
fn r5_with_automatic_naming_off_incidents_are_numbered_and_stay_so_when_it_is_on_again() {
    let mut world = world();
    world.restart_with(|config| config.automatic_names = false);
    let id = world.ingest(&[alert("One").device("a.contoso.example").json()])[0];
    let dana = world.browser("dana");
    let name = format!("Incident {id}");
    assert_eq!(queue_names(&dana.page("/incidents")), [name.as_str()]);
    world.restart_with(|config| config.automatic_names = true);
    world.ingest(&[alert("Two").device("a.contoso.example").category("Impact").json()]);
    assert_eq!(queue_names(&dana.page("/incidents")), [name.as_str()]);
    dana.post(&format!("/incidents/{id}"), &[("automatic_name", "1")]);
    assert_eq!(
        queue_names(&dana.page("/incidents")),
        ["Multi-stage incident involving Execution & Impact on one endpoint"]
    );
}

#[test]
fn an_invisible_name_is_refused() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    assert_eq!(dana.post(&format!("/incidents/{id}"), &[("name", "\u{200b}\u{200d}")]).status, 422);
    dana.post(&format!("/incidents/{id}"), &[("name", "a\u{202e}b")]);
    assert_eq!(queue_names(&dana.page("/incidents")), ["ab"]);
}
