//! GET /alerts/{id}/payloads: what an alert came with before its source changed it.

use crate::support::page::{text, texts};
use crate::support::{alert, world};

#[test]
fn the_first_payload_and_the_latest_ten_are_kept_with_who_sent_them() {
    let world = world();
    let sent = |n: i64| alert("One").id("a-1").with("extra", format!("round {n}")).json();
    for n in 1..=15 {
        world.ingest(&[sent(n)]);
    }
    let dana = world.browser("dana");
    let rows = texts(&dana.page("/alerts/1/payloads"), "ul[aria-label=Payloads] li");
    assert_eq!(rows.len(), 11, "{rows:?}");
    assert!(rows.iter().all(|row| row.contains("sent by tests")), "{rows:?}");
    assert!(rows[0].contains("(current)") && rows[0].contains("Show payload 15"), "{rows:?}");
    assert!(rows[9].contains("Show payload 6") && rows[10].contains("Show payload 1"), "{rows:?}");
    let shown = text(&dana.page("/alerts/1/payloads?number=1"), ".raw");
    assert!(shown.contains("\"round 1\""), "{shown}");
    let present = text(&dana.page("/alerts/1/payloads?number=15"), ".raw");
    assert!(present.contains("\"round 15\""), "{present}");
    assert_eq!(dana.get("/alerts/2/payloads").status, 404);
}

#[test]
fn of_a_long_earlier_payload_the_beginning_is_kept() {
    let world = world();
    world.ingest(&[alert("One").id("a-1").with("extra", "ä".repeat(300_000)).json()]);
    world.ingest(&[alert("One").id("a-1").with("extra", "short").json()]);
    let rows = texts(&world.browser("dana").page("/alerts/1/payloads"), "ul[aria-label=Payloads] li");
    assert!(rows[1].contains("truncated"), "{rows:?}");
    assert!(world.count("SELECT CAST(length(payload) AS bigint) AS n FROM earlier_payloads") < 300_000);
}
