//! Undoing an automatic merge restores both incidents (R11, R12).

use crate::support::merged::merged;
use crate::support::page::{select, text, texts, value};
use crate::support::{alert, world};

#[test]
fn undoing_a_merge_restores_alerts_counts_names_status_tags_and_owners() {
    let world = world();
    let merged = merged(&world);
    let (kept, gone) = (merged.kept, merged.gone);
    let dana = world.browser("dana");
    let date = |incident: i64| value(&dana.page(&format!("/incidents/{incident}")), "#m-follow-up");
    assert_eq!(date(kept), "2026-11-28", "the survivor takes the earlier date");
    let answer = merged.undo(&dana);
    assert_eq!((answer.status, answer.location.clone()), (303, format!("/incidents/{gone}")), "{}", answer.text());
    let page = dana.page(&answer.location);
    assert_eq!(text(&page, "[data-flash] p"), format!("The merge was undone. 1 alert moved back to incident {gone}."));
    assert_eq!(text(&page, "h1"), "Beacon on one endpoint");
    assert_eq!(text(&page, ".head-facts .status"), "In progress");
    assert_eq!(text(&page, ".head-facts [data-live=owner]"), "Omar Haddad");
    assert_eq!(texts(&page, ".head-facts .tag"), ["VIP"]);
    assert_eq!(text(&page, ".big"), "1/1 active alerts");
    let page = dana.page(&format!("/incidents/{kept}"));
    assert_eq!(text(&page, "h1"), "Payroll phishing");
    assert_eq!(text(&page, ".head-facts .status"), "Active");
    assert_eq!(text(&page, ".head-facts [data-live=owner]"), "Unassigned");
    assert!(texts(&page, ".head-facts .tag").is_empty());
    assert_eq!(value(&page, "#m-follow-up"), "", "the date came with the merge");
    assert_eq!(text(&page, ".big"), "2/2 active alerts", "the alert that is on both stays");
    assert_eq!(dana.alert_owner(1), "Unassigned");
    assert_eq!(dana.alert_owner(2), "Omar Haddad");
    assert_eq!(dana.alert_owner(3), "Unassigned", "it had the owner of the incident only");
    let owners = texts(&dana.page("/alerts?status=all"), ".alert-queue tbody .col-owner");
    assert_eq!(owners.iter().filter(|owner| *owner != "Unassigned").count(), 1, "{owners:?}");
}

#[test]
fn both_histories_record_the_undo_and_are_separate_again() {
    let world = world();
    let merged = merged(&world);
    let (kept, gone) = (merged.kept, merged.gone);
    let dana = world.browser("dana");
    merged.undo(&dana);
    let undone = |other: i64| format!("The merge with incident {other} was undone; 1 alert moved back.");
    let page = dana.page(&format!("/incidents/{kept}/history"));
    assert!(texts(&page, ".entry").join(" | ").contains(&undone(gone)));
    assert!(texts(&page, ".entry").join(" | ").contains(&format!("Incident {gone} merged into this one")), "kept");
    assert!(texts(&page, ".entry-from").is_empty(), "the other's entries are gone from it");
    assert!(dana.history(gone).join(" | ").contains(&undone(kept)));
}

#[test]
fn undo_is_offered_once_and_only_to_those_who_may_edit() {
    let world = world();
    let merged = merged(&world);
    let (kept, gone) = (merged.kept, merged.gone);
    let (dana, vic) = (world.browser("dana"), world.browser("vic"));
    let button = format!("form[action='{}'] button", merged.undo_path);
    for incident in [kept, gone] {
        let path = format!("/incidents/{incident}/history");
        assert_eq!(texts(&dana.page(&path), &button), ["Undo"], "{path}");
        assert!(select(&vic.page(&path), &button).is_empty(), "{path}");
    }
    assert_eq!(merged.undo(&vic).status, 403);
    assert_eq!(merged.undo(&dana).status, 303);
    let again = merged.undo(&dana);
    assert_eq!(again.status, 422);
    assert!(again.text().contains("This was already undone."), "{}", again.text());
    assert!(select(&dana.page(&format!("/incidents/{kept}/history")), &button).is_empty());
    assert_eq!(dana.post("/operations/99/undo", &[]).status, 404);
}

#[test]
fn undoing_a_merge_keeps_what_a_person_changed_since() {
    let world = world();
    let merged = merged(&world);
    let kept = merged.kept;
    let dana = world.browser("dana");
    dana.post("/alerts/2/assign-to-me", &[]);
    dana.post(&format!("/incidents/{kept}"), &[("assigned_to", "dana"), ("classification", "truePositive:malware")]);
    merged.undo(&dana);
    let page = dana.page(&format!("/incidents/{kept}"));
    assert_eq!(text(&page, ".head-facts [data-live=owner]"), "Dana Reyes");
    assert_eq!((dana.alert_owner(1), dana.alert_owner(2)), ("Dana Reyes".into(), "Dana Reyes".into()));
    assert_eq!(text(&page, "[data-live=classification]"), "True positive - Malware");
}

#[test]
fn a_merge_that_cannot_be_undone_says_why_and_nothing_is_changed() {
    let world = world();
    let merged = merged(&world);
    let (kept, gone) = (merged.kept, merged.gone);
    let dana = world.browser("dana");
    dana.post("/alerts/move", &[("alerts", "2"), ("new_incident", "1")]);
    let answer = merged.undo(&dana);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains(&format!("Incident {kept} no longer has any of the alerts of incident {gone}")));
    assert_eq!(dana.get(&format!("/incidents/{gone}")).status, 303);
    // Moved back by hand, it can be undone all the same.
    dana.post("/alerts/move", &[("alerts", "2"), ("target", &kept.to_string())]);
    assert_eq!(merged.undo(&dana).status, 303);
}

#[test]
fn nested_merges_are_undone_from_the_last_one_on() {
    let world = world();
    let on = |title: &str, devices: &[&str]| {
        devices.iter().fold(alert(title), |alert, device| alert.device(&format!("{device}.contoso.test"))).json()
    };
    let (c, b, a) =
        (world.ingest(&[on("C", &["c"])])[0], world.ingest(&[on("B", &["b"])])[0], world.ingest(&[on("A", &["a"])])[0]);
    assert_eq!(world.ingest(&[on("AB", &["a", "b"])]), [b]);
    assert_eq!(world.ingest(&[on("BC", &["b", "c"])]), [c]);
    let dana = world.browser("dana");
    let page = dana.page(&format!("/incidents/{c}/history"));
    let from = texts(&page, ".entry-from");
    assert!(from.contains(&format!("from incident {a}")) && from.contains(&format!("from incident {b}")), "{from:?}");
    let answer = dana.post("/operations/1/undo", &[]);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains(&format!("Incident {b} is now redirected to incident {c}. Undo that first.")));
    assert_eq!(dana.post("/operations/2/undo", &[]).location, format!("/incidents/{b}"));
    assert_eq!(dana.post("/operations/1/undo", &[]).location, format!("/incidents/{a}"));
    let counts = [a, b, c].map(|id| text(&dana.page(&format!("/incidents/{id}")), ".big"));
    assert_eq!(counts, ["1/1 active alerts", "2/2 active alerts", "2/2 active alerts"]);
}
