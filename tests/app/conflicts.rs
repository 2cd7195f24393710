//! R13: two people at once.

use crate::support::browser::{text, texts, value};
use crate::support::{alert, world};

#[test]
fn r13_a_stale_save_is_answered_with_what_the_other_changed_beside_what_was_typed() {
    let world = world();
    let id = world.incident("One");
    let path = format!("/incidents/{id}");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let revision = dana.revision(&path);
    omar.post(&path, &[("name", "Omar's name"), ("status", "inProgress")]);
    let typed = [
        ("revision", revision.as_str()),
        ("name", "Dana's name"),
        ("status", "active"),
        ("severity", "high"),
        ("tags", "Mine"),
    ];
    let answer = dana.post(&path, &typed);
    assert_eq!(answer.status, 409);
    let page = answer.html();
    let clashes = text(&page, ".clash");
    assert!(clashes.contains("Omar Haddad") && clashes.contains("Omar's name"), "{clashes}");
    assert!(clashes.contains("Incident name: Dana's name"), "{clashes}");
    assert_eq!(value(&page, "#m-name"), "Dana's name", "what was typed is still there");
    assert_eq!(text(&page, "#m-status option[selected]"), "In progress", "an untouched field shows what stands");
    assert_eq!(text(&page, "#m-severity option[selected]"), "High");
    assert_eq!(value(&page, "#m-tags"), "Mine");
    assert_eq!(text(&dana.page(&path), "h1"), "Omar's name", "nothing was overwritten");
    let again = value(&page, "form[data-manage] input[name=revision]");
    assert_eq!(dana.post(&path, &[("revision", again.as_str()), ("name", "Dana's name")]).status, 303);
    assert_eq!(text(&dana.page(&path), "h1"), "Dana's name");
}

#[test]
fn r13_a_comment_or_a_new_alert_meanwhile_does_not_make_a_form_stale() {
    let world = world();
    let id = world.ingest(&[alert("One").device("a.contoso.example").json()])[0];
    let path = format!("/incidents/{id}");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let revision = dana.revision(&path);
    let name = value(&dana.page(&path), "#m-name");
    omar.post(&format!("{path}/comments"), &[("body", "Looking")]);
    // The alert renames the incident; the form still holds the old automatic name, untouched.
    world.ingest(&[alert("Two").device("a.contoso.example").category("Impact").severity("high").json()]);
    let typed =
        [("revision", revision.as_str()), ("name", name.as_str()), ("severity", "automatic"), ("status", "inProgress")];
    assert_eq!(dana.post(&path, &typed).status, 303);
    let page = dana.page(&path);
    assert_eq!(text(&page, "h1"), "Multi-stage incident involving Execution & Impact on one endpoint");
    assert_eq!(text(&page, ".head-facts .severity"), "High");
    assert_eq!(text(&page, ".head-facts .status"), "In progress");
}

#[test]
fn r13_a_form_from_the_present_saves() {
    let world = world();
    let id = world.incident("One");
    let path = format!("/incidents/{id}");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    omar.post(&path, &[("status", "inProgress")]);
    let revision = dana.revision(&path);
    assert_eq!(dana.post(&path, &[("revision", &revision), ("status", "active")]).status, 303);
}

#[test]
fn r13_a_stale_alert_form_is_answered_likewise() {
    let world = world();
    world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let revision = dana.revision("/alerts/1");
    omar.post("/alerts/1", &[("status", "inProgress")]);
    let answer = dana.post("/alerts/1", &[("revision", &revision), ("status", "resolved")]);
    assert_eq!(answer.status, 409);
    assert!(text(&answer.html(), ".clash").contains("Omar Haddad"));
    assert_eq!(text(&dana.page("/alerts/1"), ".head-facts .status"), "In progress");
}

#[test]
fn two_people_changing_the_same_thing_at_once_lose_nothing() {
    let world = world();
    let id = world.incident("One");
    let path = format!("/incidents/{id}/comments");
    std::thread::scope(|scope| {
        for name in ["dana", "omar"] {
            let (world, path) = (&world, &path);
            scope.spawn(move || {
                let browser = world.browser(name);
                for index in 0..15 {
                    assert_eq!(browser.post(path, &[("body", &format!("{name} {index}"))]).status, 303);
                }
            });
        }
    });
    let entries = texts(&world.browser("dana").page(&format!("/incidents/{id}/history?show=comments")), ".entry");
    assert_eq!(entries.len(), 30);
}

#[test]
fn r13_the_same_form_sent_twice_is_no_conflict() {
    let world = world();
    let id = world.incident("One");
    let path = format!("/incidents/{id}");
    let dana = world.browser("dana");
    let revision = dana.revision(&path);
    let form =
        [("revision", revision.as_str()), ("status", "resolved"), ("resolving_note", "Done"), ("severity", "high")];
    assert_eq!(dana.post(&path, &form).status, 303);
    let before = dana.history(id).len();
    assert_eq!(dana.post(&path, &form).status, 303);
    assert_eq!(dana.history(id).len(), before);
}
