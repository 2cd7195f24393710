//! GET /incidents/{id}/inline-alerts: a row that expands to its alerts.

use crate::support::page::{attribute, select, text};
use crate::support::{alert, world};

#[test]
fn a_row_expands_to_its_gravest_alerts_with_links_to_move_them_and_to_all() {
    let world = world();
    let many: Vec<_> =
        (0..25).map(|n| alert(&format!("Alert {n}")).device("web-01.contoso.test").minutes_ago(n + 1).json()).collect();
    let id = world.ingest(&many)[0];
    let dana = world.browser("dana");
    let page = dana.page("/incidents");
    assert_eq!(attribute(&page, ".expand", "href"), format!("/incidents/{id}/alerts"), "a link without a script");
    assert_eq!(attribute(&page, ".expand", "aria-label"), format!("Alerts of incident {id}"));
    let inline = dana.page(&format!("/incidents/{id}/inline-alerts"));
    assert_eq!(select(&inline, "tbody tr").len(), 20);
    assert_eq!(attribute(&inline, "tbody input", "aria-label"), "Select alert Alert 0");
    assert_eq!(attribute(&inline, "form", "action"), format!("/incidents/{id}/move"));
    assert_eq!(text(&inline, "form button"), "Move alerts");
    assert_eq!(text(&inline, ".table-bar a"), "All 25 alerts");
    assert_eq!(dana.get("/incidents/99/inline-alerts").status, 404);
}

#[test]
fn a_viewer_expands_rows_and_is_offered_no_move() {
    let world = world();
    let id = world.incident("One");
    let vic = world.browser("vic");
    assert_eq!(select(&vic.page("/incidents"), "tbody .expand").len(), 1);
    let inline = vic.page(&format!("/incidents/{id}/inline-alerts"));
    assert!(select(&inline, "input, button").is_empty());
}
