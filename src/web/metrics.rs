//! GET /metrics: measurements in the text format of Prometheus. There is no such address unless it is configured, with a
//! token or with the networks that may read it.

use std::sync::atomic::AtomicU64;

use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::config::MetricsAccess;
use crate::error::Error;
use crate::metrics::metrics;
use crate::operations::items;
use crate::secrets;
use crate::web::server::client_address::client_address;
use crate::web::shared::error::Failure;
use crate::web::shared::state::AppState;

const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub async fn show(request: HttpRequest, state: Data<AppState>) -> Result<HttpResponse, Failure> {
    if !is_allowed(&request, &state.metrics_access) {
        // The same answer as where there are none.
        return Err(Error::NotFound.into());
    }
    let running = state.db.read(items::count_running).await.ok();
    let text = written(&state, running).map_err(Error::internal)?;
    Ok(HttpResponse::Ok().content_type(CONTENT_TYPE).insert_header(("Cache-Control", "no-store")).body(text))
}

/// Whether whoever asks may read them: by the token, or by the address.
fn is_allowed(request: &HttpRequest, access: &MetricsAccess) -> bool {
    let sent = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let sent = sent.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
    let by_token = access.token.as_ref().zip(sent).is_some_and(|(token, sent)| secrets::equal(token, sent));
    let address = client_address(request);
    by_token || access.networks.iter().any(|network| network.contains(&address))
}

/// All of it as text. What is true only now is measured now.
fn written(state: &AppState, running_jobs: Option<i64>) -> Result<String, std::fmt::Error> {
    let mut registry = Registry::default();
    metrics().register(&mut registry);
    let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
    let own = registry.sub_registry_with_prefix("watchdesk");
    own.register("build", "The running version", build);
    let gauge = |value: i64| {
        let gauge = Gauge::<i64>::default();
        gauge.set(value);
        gauge
    };
    let streams = i64::try_from(state.channels.count()).unwrap_or(i64::MAX);
    own.register("open_streams", "Event streams of pages that are open", gauge(streams));
    if let Some(running) = running_jobs {
        own.register("running_jobs", "Bulk changes that have not ended", gauge(running));
    }
    register_process(&mut registry);
    let mut text = String::new();
    encode(&mut text, &registry)?;

    Ok(text)
}

/// What the system tells of this process, under the names that Prometheus' own clients use.
fn register_process(registry: &mut Registry) {
    let gauge = |value: u64| {
        let gauge = Gauge::<u64, AtomicU64>::default();
        gauge.set(value);
        gauge
    };
    if let Some(bytes) = resident_bytes() {
        registry.register_with_unit("process_resident_memory", "Resident memory size", Unit::Bytes, gauge(bytes));
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        let open = u64::try_from(files.count()).unwrap_or(u64::MAX);
        registry.register("process_open_fds", "Number of open file descriptors", gauge(open));
    }
}

fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
