//! GET /incidents/chart: alerts and incidents of the last day by the hour.

use crate::support::page::{attribute, select, text, texts};
use crate::support::{Browser, alert, world};

/// The table's rows: hour, alerts, incidents, the present hour first.
fn table(browser: &Browser, path: &str) -> Vec<Vec<String>> {
    let page = browser.page(path);
    let cells = texts(&page, "table[aria-label='Alerts and incidents by the hour'] tbody :is(th, td)");
    cells.chunks(3).map(<[String]>::to_vec).collect()
}

fn sum(rows: &[Vec<String>], column: usize) -> i64 {
    rows.iter().map(|row| row[column].replace(',', "").parse::<i64>().unwrap()).sum()
}

#[test]
fn the_chart_counts_alerts_and_incidents_of_the_last_day_by_hour() {
    let world = world();
    let vic = world.browser("vic");
    assert!(text(&vic.page("/incidents/chart"), "figcaption").contains("none in 24 hours"));
    let one = |title: &str| alert(title).device("web01.contoso.test").json();
    world.ingest(&[one("First"), one("Second"), alert("Elsewhere").user("eva@contoso.test").json()]);
    let rows = table(&vic, "/incidents/chart");
    assert_eq!(rows.len(), 24);
    assert_eq!((sum(&rows, 1), sum(&rows, 2)), (3, 2));
    // Ingest may have begun in one hour and this in the next.
    assert_eq!((sum(&rows[..2], 1), sum(&rows[..2], 2)), (3, 2));
    let page = vic.page("/incidents/chart");
    let label = attribute(&page, "svg[role=img][aria-label^='Alerts']", "aria-label");
    assert!(label.starts_with("Alerts received: 3 in 24 hours"), "{label}");
    assert!(!select(&page, ".chart-alerts rect").is_empty() && !select(&page, ".chart-incidents rect").is_empty());
    assert!(select(&page, "rect").iter().all(|bar| bar.value().attr("height").unwrap() != "0"));
}

#[test]
fn the_queue_links_to_the_chart_and_loads_it_as_a_fragment() {
    let world = world();
    let vic = world.browser("vic");
    world.incident("Something");
    let queue = vic.page("/incidents");
    assert_eq!(attribute(&queue, "details[data-chart] a", "href"), "/incidents/chart");
    assert!(select(&queue, "details[data-chart][open], svg[role=img]").is_empty());
    let part = vic.get("/incidents/chart?part=1");
    assert!(!part.body.contains("<html") && part.body.contains("<svg"), "{}", part.body);
    assert_eq!(table(&vic, "/incidents/chart?part=1").len(), 24);
}

#[test]
fn hours_are_named_in_the_viewers_zone() {
    let world = world();
    let vic = world.browser("vic");
    let axis = |vic: &Browser| texts(&vic.page("/incidents/chart"), ".chart-alerts .chart-axis time");
    assert!(axis(&vic).iter().all(|label| label.ends_with(":00")));
    vic.set_cookie("tz", "Asia%2FKolkata");
    let labels = axis(&vic);
    assert!(labels.len() == 4 && labels.iter().all(|label| label.ends_with(":30")), "{labels:?}");
}
