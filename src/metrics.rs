//! What is measured for Prometheus, with its units and naming rules. Whoever measures adds here; `web::metrics` hands it
//! out. The numbers are of this process and begin with it.

use std::sync::{Arc, LazyLock};
use std::time::Instant;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// Labels of requests. The route is a pattern of the table, never what somebody typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    pub method: String,
    pub route: String,
    pub status: u16,
}

/// The labels of a route.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RouteLabels {
    pub route: String,
}

/// What became of items of a source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ItemLabels {
    pub source: String,
    /// created, updated, skipped or rejected.
    pub outcome: &'static str,
}

/// From .5 ms to 8 s.
fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.0005, 2.0, 15))
}

/// Everything that is measured.
pub struct Metrics {
    pub requests: Family<RequestLabels, Counter>,
    pub request_seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
    /// How long reads of the database take, with the wait for a connection.
    pub read_seconds: Histogram,
    /// How long writes take, with their wait.
    pub write_seconds: Histogram,
    /// How long writes wait before they begin.
    pub write_wait_seconds: Histogram,
    pub items: Family<ItemLabels, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(seconds),
            read_seconds: seconds(),
            write_seconds: seconds(),
            write_wait_seconds: seconds(),
            items: Family::default(),
        }
    }
}

impl Metrics {
    /// The metrics under their names.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("http_requests", "Requests answered", self.requests.clone());
        let of_requests = "Time to answer requests";
        registry.register_with_unit("http_request_duration", of_requests, Unit::Seconds, self.request_seconds.clone());
        let database = registry.sub_registry_with_prefix("watchdesk");
        for (name, help, histogram) in [
            ("database_read", "Time of reads, with the wait for a connection", &self.read_seconds),
            ("database_write", "Time of writes, with their wait", &self.write_seconds),
            ("database_write_wait", "Time that writes wait before they begin", &self.write_wait_seconds),
        ] {
            database.register_with_unit(name, help, Unit::Seconds, histogram.clone());
        }
        database.register("ingested_items", "Items that were sent, by source and outcome", self.items.clone());
    }

    /// Counts items of a source.
    pub fn count_items(&self, source: &str, outcome: &'static str, count: i64) {
        if let Ok(count) = u64::try_from(count)
            && count > 0
        {
            self.items.get_or_create(&ItemLabels { source: source.to_owned(), outcome }).inc_by(count);
        }
    }
}

/// The metrics of this process.
pub fn metrics() -> &'static Arc<Metrics> {
    static METRICS: LazyLock<Arc<Metrics>> = LazyLock::new(Arc::default);
    &METRICS
}

/// Measures the time until it is dropped.
pub struct Timer<'a> {
    histogram: &'a Histogram,
    since: Instant,
}

impl<'a> Timer<'a> {
    pub fn new(histogram: &'a Histogram) -> Self {
        Self { histogram, since: Instant::now() }
    }
}

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        self.histogram.observe(self.since.elapsed().as_secs_f64());
    }
}
