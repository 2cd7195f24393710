//! GET /alerts: the list of alerts.

use crate::support::page::texts;
use crate::support::world;

#[test]
fn the_alerts_queue_shows_open_alerts_and_finds_by_title() {
    let world = world();
    world.incident("One");
    world.incident("Two");
    let dana = world.browser("dana");
    dana.post("/alerts/1", &[("status", "resolved")]);
    let titles = |query: &str| texts(&dana.page(&format!("/alerts?{query}")), ".alerts tbody .cell-title");
    assert_eq!(titles(""), ["Two"]);
    assert_eq!(titles("status=all"), ["One", "Two"]);
    assert_eq!(titles("status=resolved"), ["One"]);
    assert_eq!(titles("q=TWO"), ["Two"]);
}
