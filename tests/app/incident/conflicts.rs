//! Two people change the same incident or alert at once (R13).

use crate::support::page::{text, texts, value};
use crate::support::{alert, world};

#[test]
fn r13_a_stale_save_shows_what_the_other_person_changed_and_keeps_what_was_typed() {
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
    let rows = texts(&page, ".clash tbody tr");
    assert_eq!(
        rows[2..],
        ["none Severity: High", "none Tags: add Mine"],
        "what only Dana changed is saved too: {rows:?}"
    );
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
fn r13_an_up_to_date_form_saves() {
    let world = world();
    let id = world.incident("One");
    let path = format!("/incidents/{id}");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    omar.post(&path, &[("status", "inProgress")]);
    let revision = dana.revision(&path);
    assert_eq!(dana.post(&path, &[("revision", &revision), ("status", "active")]).status, 303);
}

#[test]
fn r13_a_stale_alert_form_is_refused_the_same_way() {
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
fn comments_of_two_people_at_once_are_all_kept() {
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

#[test]
fn r13_a_conflict_keeps_the_tags_that_were_added_and_removed() {
    let world = world();
    let id = world.incident("One");
    let path = format!("/incidents/{id}");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    dana.post(&path, &[("tags", "T1, T2")]);
    let revision = dana.revision(&path);
    omar.post(&path, &[("tags", "T1, T2, T3")]);
    let answer = dana.post(&path, &[("revision", &revision), ("tags", ""), ("tags", "T2"), ("tags", "Mine")]);
    assert_eq!(answer.status, 409);
    let page = answer.html();
    let ticked: Vec<String> = crate::support::page::select(&page, "[data-chosen] input[checked]")
        .iter()
        .map(|tick| tick.value().attr("value").unwrap().to_owned())
        .collect();
    assert_eq!(ticked, ["T2", "T3"]);
    assert_eq!(value(&page, "#m-tags"), "Mine");
    assert!(text(&page, ".clash").contains("Tags: add Mine; remove T1"), "{}", text(&page, ".clash"));
}

#[test]
fn r13_an_invalid_revision_is_refused_and_nothing_overwritten() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    for revision in ["999999", "abc", "-"] {
        assert_eq!(dana.post(&format!("/incidents/{id}"), &[("revision", revision), ("name", "X")]).status, 422);
        assert_eq!(dana.post("/alerts/1", &[("revision", revision), ("status", "resolved")]).status, 422);
    }
}

#[test]
fn r13_a_stale_alert_form_does_not_overwrite_what_its_source_changed() {
    let world = world();
    world.ingest(&[alert("One").id("a-1").json()]);
    let dana = world.browser("dana");
    let revision = dana.revision("/alerts/1");
    world.ingest(&[alert("One").id("a-1").with("status", "resolved").json()]);
    let answer = dana.post("/alerts/1", &[("revision", &revision), ("status", "inProgress")]);
    assert_eq!(answer.status, 409);
}

#[test]
fn concurrent_edits_moves_and_ingest_never_end_in_an_error() {
    let world = world();
    let ids: Vec<String> = (0..8).map(|n| world.incident(&format!("Incident {n}")).to_string()).collect();
    std::thread::scope(|scope| {
        for name in ["dana", "omar", "ada"] {
            let (world, ids) = (&world, &ids);
            scope.spawn(move || {
                let browser = world.browser(name);
                for round in 0..6 {
                    let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("ids", id.as_str())).collect();
                    let status = ["active", "inProgress", "resolved"][round % 3];
                    fields.extend([("status", status), ("add_tags", name)]);
                    assert_eq!(browser.post("/incidents/bulk", &fields).status, 303);
                    for id in ids.iter().rev() {
                        assert_eq!(browser.post(&format!("/incidents/{id}/comments"), &[("body", "x")]).status, 303);
                    }
                    let moved = browser.post("/alerts/move", &[("alerts", "1"), ("new_incident", "1")]);
                    assert!(matches!(moved.status, 303 | 422), "{}", moved.text());
                }
            });
        }
        let world = &world;
        scope.spawn(move || {
            for round in 0..10 {
                let alerts: Vec<_> = (0..8)
                    .map(|n| alert(&format!("More {round}")).user(&format!("incident.{n}@contoso.example")).json())
                    .collect();
                world.ingest(&alerts);
            }
        });
    });
}
