//! GET /metrics: off unless configured, for whoever has the token or comes from a network.

use crate::support::{Browser, alert, world};

/// The value of a sample: its name with labels, as it is written.
fn sample(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

#[test]
fn there_are_no_metrics_unless_they_are_configured() {
    let world = world();
    assert_eq!(Browser::new(&world.base).get("/metrics").status, 404);
    assert_eq!(world.browser("ada").get("/metrics").status, 404);
}

#[test]
fn metrics_are_for_the_token_or_the_network_and_for_nobody_else() {
    let mut world = world();
    world.restart_with(|config| config.metrics.token = Some("a token of sixteen or more".to_owned()));
    let nobody = Browser::new(&world.base);
    for header in [None, Some("Bearer wrong"), Some("Bearer "), Some("a token of sixteen or more")] {
        let headers: Vec<(&str, &str)> = header.into_iter().map(|value| ("authorization", value)).collect();
        assert_eq!(nobody.get_with("/metrics", &headers).status, 404, "{header:?}");
    }
    let right = [("authorization", "Bearer a token of sixteen or more")];
    assert_eq!(nobody.get_with("/metrics", &right).status, 200);
    world.restart_with(|config| {
        config.metrics.token = None;
        config.metrics.networks = vec!["127.0.0.0/8".parse().unwrap()];
    });
    assert_eq!(Browser::new(&world.base).get("/metrics").status, 200);
    world.restart_with(|config| config.metrics.networks = vec!["192.0.2.0/24".parse().unwrap()]);
    assert_eq!(Browser::new(&world.base).get("/metrics").status, 404);
}

#[test]
fn requests_items_reads_and_writes_are_measured_under_their_names() {
    let mut world = world();
    world.restart_with(|config| config.metrics.networks = vec!["127.0.0.0/8".parse().unwrap()]);
    world.post_alerts(&alert("One").source("metrics-lab").json().to_string());
    let dana = world.browser("dana");
    dana.get("/incidents/1");
    dana.get("/incidents/what-somebody-typed");
    let answer = dana.get("/metrics");
    assert!(answer.header("content-type").starts_with("application/openmetrics-text; version=1.0.0"));
    let text = answer.body;
    assert!(text.ends_with("# EOF\n"));
    assert_eq!(sample(&text, r#"watchdesk_ingested_items_total{source="metrics-lab",outcome="created"}"#), Some(1.0));
    let page = sample(&text, r#"http_requests_total{method="GET",route="/incidents/{id}",status="200"}"#);
    assert!(page.unwrap() >= 1.0);
    assert!(!text.contains("what-somebody-typed"));
    for name in [
        "watchdesk_database_read_seconds_count",
        "watchdesk_database_write_seconds_count",
        "watchdesk_database_write_wait_seconds_count",
        "process_resident_memory_bytes",
        "process_open_fds",
    ] {
        assert!(sample(&text, name).unwrap() > 0.0, "{name}");
    }
    assert_eq!(sample(&text, "watchdesk_running_jobs"), Some(0.0));
    assert_eq!(sample(&text, "watchdesk_open_streams"), Some(0.0));
}
