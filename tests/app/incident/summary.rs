//! The Summary tab.

use crate::support::page::{attribute, text, texts};
use crate::support::{alert, world};

#[test]
fn tactics_and_other_categories_lead_to_their_alerts() {
    let world = world();
    let of = |title: &str, category: &str| alert(title).device("ws-1").with("category", category).json();
    world.ingest(&[
        of("Odd script", "execution"),
        of("Odd task", "Execution"),
        of("Odd tool", "Unwanted software & more"),
    ]);
    let dana = world.browser("dana");
    let page = dana.page("/incidents/1/summary");
    assert_eq!(text(&page, ".chain .hit"), "Execution 2");
    let listed = |selector: &str| texts(&dana.page(&attribute(&page, selector, "href")), "table .title-line > a");
    let mut scripts = listed(".chain .hit a");
    scripts.sort();
    assert_eq!(scripts, ["Odd script", "Odd task"]);
    assert_eq!(listed("#s-alerts ~ .hint a"), ["Odd tool"]);
}
