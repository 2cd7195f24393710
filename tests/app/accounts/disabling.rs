//! Disabling a person: they keep what they own, marked, and are assigned nothing new.

use crate::support::page::{fact, select, texts};
use crate::support::product::cast;
use crate::support::product::{CONSOLE, people};
use crate::support::{alert, world};

#[test]
fn a_disabled_owner_is_marked_and_gets_no_new_alerts() {
    let world = world();
    let device = "web-01.contoso.example";
    let id = world.ingest(&[alert("One").device(device).json()])[0];
    let (dana, path) = (world.browser("dana"), format!("/incidents/{id}"));
    dana.post(&path, &[("assigned_to", "omar")]);
    world.disable("omar");
    assert_eq!(fact(&dana.page(&format!("{path}/summary")), "Assigned to"), "Omar Haddad (disabled)");
    assert_eq!(world.ingest(&[alert("Two").device(device).json()]), [id]);
    let owners = texts(&dana.page(&format!("{path}/alerts")), ".alert-queue tbody .col-owner");
    assert_eq!(owners.iter().filter(|owner| *owner == "Unassigned").count(), 1, "{owners:?}");
    assert_eq!(owners.iter().filter(|owner| *owner == "Omar Haddad (disabled)").count(), 1, "{owners:?}");
    let page = dana.page(&path);
    let choices: Vec<String> = select(&page, "select[name=assigned_to] option")
        .iter()
        .map(|option| option.text().collect::<String>())
        .collect();
    assert!(choices.contains(&"Omar Haddad (disabled)".to_owned()), "{choices:?}");
    assert_eq!(dana.export("range=all&severity=all&assignedTo=omar").len(), 1);
    assert!(dana.get("/incidents.csv?columns=assignedTo").body.contains("Omar Haddad (disabled)"));
    let other = world.incident("Other");
    assert_eq!(dana.post(&format!("/incidents/{other}"), &[("assigned_to", "omar")]).status, 422);
}

#[test]
fn alerts_that_are_moved_or_merged_to_a_disabled_owner_keep_theirs() {
    let world = world();
    for (title, owner) in [("One", "omar"), ("Two", "dana"), ("Three", ""), ("Four", "dana")] {
        let id = world.incident(title);
        world.browser("dana").post(&format!("/incidents/{id}"), &[("assigned_to", owner)]);
    }
    world.disable("omar");
    let dana = world.browser("dana");
    assert_eq!(dana.post("/alerts/move", &[("alerts", "2"), ("alerts", "3"), ("target", "1")]).status, 303);
    assert_eq!([1, 2, 3].map(|alert| dana.alert_owner(alert)), ["Omar Haddad (disabled)", "Dana Reyes", "Unassigned"]);
    let merge = |kept: &str| {
        let fields = [("act", "merge"), ("ids", "1"), ("ids", "4"), ("kept", kept), ("owner", "omar")];
        dana.post("/incidents/merge", &fields)
    };
    let refused = merge("4");
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("This person cannot be the owner"), "{}", refused.text());
    assert_eq!(merge("1").status, 303);
    assert_eq!(dana.alert_owner(4), "Dana Reyes");
}

#[test]
fn an_enabled_person_signs_in_again_and_is_no_longer_marked() {
    let world = world();
    world.disable("omar");
    world.db.write_now(|tx| people::enable(tx, &CONSOLE, "Omar")).unwrap();
    assert_eq!(world.browser("omar").get("/incidents").status, 200);
    assert!(world.db.write_now(|tx| people::enable(tx, &CONSOLE, "omar")).is_err(), "not disabled");
}

#[test]
fn a_role_is_effective_with_the_next_request_and_the_last_administrator_keeps_it() {
    let world = world();
    let id = world.incident("One");
    let (vic, path) = (world.browser("vic"), format!("/incidents/{id}/comments"));
    assert_eq!(vic.post(&path, &[("body", "x")]).status, 403);
    let set = |name: &str, role| world.db.write_now(|tx| people::set_role(tx, &CONSOLE, name, role));
    set("vic", cast::DANA.role).unwrap();
    assert_eq!(vic.post(&path, &[("body", "x")]).status, 303);
    assert!(set("ada", cast::DANA.role).is_err(), "the last administrator");
    set("dana", cast::ADA.role).unwrap();
    set("ada", cast::DANA.role).unwrap();
}
