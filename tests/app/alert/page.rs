//! GET and POST /alerts/{id}: what the page shows, and editing the alert.

use crate::support::page::{fact, text, texts, whole_names};
use crate::support::{alert, world};

#[test]
fn the_alert_page_shows_fields_evidence_and_why_it_is_linked() {
    let world = world();
    let one = alert("Odd process")
        .with("description", "It ran.\nTwice.")
        .with("mitreTechniques", vec!["T1059.001"])
        .device("web-01.contoso.example")
        .user("ana@contoso.example")
        .ip("203.0.113.7");
    world.ingest(&[one.json()]);
    let page = world.browser("dana").page("/alerts/1");
    assert_eq!(text(&page, "h1"), "Odd process");
    assert_eq!(fact(&page, "Category"), "Execution");
    assert_eq!(fact(&page, "Techniques"), "T1059.001 PowerShell");
    assert!(text(&page, "[data-live=linkedBy]").starts_with("Opened this incident"));
    assert_eq!(
        texts(&page, "table[aria-label=Evidence] tbody .cell-title"),
        ["web-01", "ana@contoso.example", "203.0.113.7"]
    );
    assert_eq!(
        whole_names(&page, "table[aria-label=Evidence] tbody .cell-title"),
        ["web-01.contoso.example", "ana@contoso.example", "203.0.113.7"]
    );
}

#[test]
fn the_raw_payload_is_shown_only_when_asked_for() {
    let world = world();
    world.ingest(&[alert("One").with("vendorField", "kept as sent").json()]);
    let dana = world.browser("dana");
    assert!(!dana.get("/alerts/1").body.contains("kept as sent"));
    assert!(text(&dana.page("/alerts/1?raw=1"), ".raw").contains("\"vendorField\": \"kept as sent\""));
}

#[test]
fn r7_a_change_of_an_alert_is_in_its_history_and_in_its_incidents() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("status", "inProgress"), ("classification", "truePositive:malware")]);
    dana.post("/alerts/1/assign-to-me", &[]);
    for history in [dana.alert_history(1), dana.history(id)] {
        let history = history.join(" | ");
        assert!(history.contains("Alert status: New → In progress"), "{history}");
        assert!(history.contains("Classification: Not set → True positive - Malware"), "{history}");
        assert!(history.contains("Assigned to: Unassigned → Dana Reyes"), "{history}");
    }
    assert_eq!(texts(&dana.page(&format!("/incidents/{id}")), ".head-facts [data-live=owner]"), ["Unassigned"]);
}

#[test]
fn saving_an_alert_unchanged_records_nothing() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("status", "new"), ("classification", "unknown"), ("assigned_to", "")]);
    assert_eq!(dana.history(id).len(), 2);
}
