//! GET /incidents and the addresses under it that are about many incidents.

mod bulk_by_filter;
mod bulk_edit;
mod bulk_preview;
mod chart;
mod columns;
mod export;
mod filter_form;
mod filters;
mod inline_alerts;
mod list;
mod merge_form;
mod merging;
mod pane;
mod rows;
mod saved_views;
mod search;
mod sorting;
mod updates;

use crate::support::page::{queue_names, texts};
use crate::support::{Browser, World, alert, world};

/// A world with incidents 1 to `n`, each of one alert on a device of its own.
fn lone_incidents(n: i64) -> World {
    let world = world();
    let alerts: Vec<_> =
        (1..=n).map(|at| alert(&format!("Alert {at}")).device(&format!("ws-{at}.contoso.example")).json()).collect();
    world.ingest(&alerts);
    world
}

/// The headings of the queue's table.
fn headings(browser: &Browser, path: &str) -> Vec<String> {
    texts(&browser.page(path), "table.queue thead th").into_iter().skip(1).collect()
}

/// The names of the incidents that the queue shows.
fn names(world: &World, query: &str) -> Vec<String> {
    queue_names(&world.browser("dana").page(&format!("/incidents?{query}")))
}
