//! GET /alerts/{id} and /alerts/{id}/payload of records that are too long for a page.

use crate::support::page::{attribute, select, text, whole_names};
use crate::support::{alert, world};

#[test]
fn a_long_payload_is_shown_in_part_and_downloaded_whole() {
    let world = world();
    let long = "lorem ipsum ".repeat(1_250_000);
    world.ingest(&[alert("Long").with("vendorField", long.clone()).json(), alert("Short").json()]);
    let dana = world.browser("dana");
    let answer = dana.get("/alerts/1?raw=1");
    assert!(answer.body.len() < 1_000_000, "{}", answer.body.len());
    let page = answer.html();
    assert!(text(&page, ".raw").contains("lorem ipsum"));
    assert!(answer.text().contains("Only the beginning of 15,0"), "it says how much there is");
    let file = dana.get(&attribute(&page, "#a-raw ~ p a[download]", "href"));
    assert_eq!(file.status, 200);
    assert_eq!(file.json()["vendorField"], long);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"alert-1.json\"");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert_eq!(file.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(file.header("cache-control"), "no-store");
    let short = dana.page("/alerts/2?raw=1");
    assert!(!text(&short, "main").contains("Only the beginning"));
    assert_eq!(dana.get("/alerts/9/payload").status, 404);
    assert_eq!(dana.get("/alerts/1/payload?occurrence=none").status, 404);
}

#[test]
fn an_alert_with_a_thousand_pieces_of_evidence_has_them_on_several_pages() {
    let world = world();
    let many = (0..1_000).fold(alert("Wide"), |alert, n| alert.ip(&format!("203.0.{}.{}", n / 250, n % 250 + 1)));
    world.ingest(&[many.json()]);
    let dana = world.browser("dana");
    let (mut href, mut shown) = ("/alerts/1".to_owned(), Vec::new());
    loop {
        let answer = dana.get(&href);
        assert!(answer.body.len() < 2_000_000);
        let page = answer.html();
        shown.extend(whole_names(&page, "table[aria-label=Evidence] tbody .cell-title"));
        let next = select(&page, "[aria-label='Pages of evidence'] a");
        match next.into_iter().find(|link| link.text().collect::<String>() == "Next page") {
            Some(link) => href = link.attr("href").unwrap().split('#').next().unwrap().to_owned(),
            None => break,
        }
    }
    shown.sort_unstable();
    shown.dedup();
    assert_eq!(shown.len(), 1_000);
}
