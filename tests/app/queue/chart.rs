//! The chart of the last day: what came in by the hour, drawn and as a table.

use crate::support::product::AnyConnection;

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
fn the_last_day_is_told_by_the_hour() {
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
    let told = attribute(&page, "svg[role=img][aria-label^='Alerts']", "aria-label");
    assert!(told.starts_with("Alerts received: 3 in 24 hours"), "{told}");
    assert!(!select(&page, ".chart-alerts rect").is_empty() && !select(&page, ".chart-incidents rect").is_empty());
    assert!(select(&page, "rect").iter().all(|bar| bar.value().attr("height").unwrap() != "0"));
}

#[test]
fn the_queue_only_offers_it_and_the_part_is_what_the_page_shows() {
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

#[test]
fn it_is_read_by_index() {
    let world = world();
    let read = |conn: &mut AnyConnection| {
        use diesel::RunQueryDsl as _;
        #[derive(diesel::QueryableByName)]
        struct Step {
            #[diesel(sql_type = diesel::sql_types::Text)]
            detail: String,
        }
        let mut plans = Vec::new();
        for sql in [
            "SELECT hour, created FROM source_hours WHERE hour >= 5",
            "SELECT count(*) FROM incidents WHERE is_open IN (true, false) AND created_at >= 5 AND created_at < 9",
        ] {
            // PostgreSQL reads small tables whole whatever there is; the indexes are the same ones.
            if let AnyConnection::Sqlite(_) = conn {
                let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(conn)?;
                plans.extend(steps.into_iter().map(|step| step.detail));
            }
        }
        Ok(plans)
    };
    let plans = world.db.read_now(read).unwrap();
    assert!(plans.iter().all(|step| step.starts_with("SEARCH") && step.contains("INDEX")), "{plans:?}");
}
