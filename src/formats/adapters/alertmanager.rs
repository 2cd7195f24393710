//! Prometheus Alertmanager: each alert of its webhook (version 4), and alerts of its API.

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::labelled_alert;
use crate::formats::building::path::has_any;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "prometheusAlertmanager",
    label: "Prometheus Alertmanager alerts",
    detect: |value| labelled_alert::is_one(value) && !has_any(value, GRAFANA),
    parse: |value| labelled_alert::read(Draft::new("prometheusAlertmanager", "Prometheus Alertmanager"), value, &[]),
    documentation: "https://prometheus.io/docs/alerting/latest/configuration/#webhook_config",
    fields: FIELDS,
};

/// Members that only Grafana adds.
pub(super) const GRAFANA: &[&str] = &["silenceURL", "dashboardURL", "panelURL", "valueString", "values", "orgId"];

/// What alerts with labels are read from.
pub(super) const FIELDS: Fields = Fields {
    title: "labels.alertname, annotations.summary",
    id: "fingerprint",
    severity: "labels.severity, labels.priority, labels.level",
    times: "startsAt, and endsAt of a resolved alert",
    device: "labels.instance without its port; labels.host, hostname, node, nodename and exported_instance",
    user: "labels.user, labels.username",
    address: "labels.src_ip, source_ip, client_ip, ip, dest_ip",
    file: "labels.file_path, labels.file_name",
    hash: "labels.sha256, sha1, md5, file_hash",
    process: "labels.process_name, labels.command_line",
    url: "labels.url, labels.domain; labels.instance where it is a web address",
    technique: "labels whose name contains mitre, attack, technique or tactic",
    category: "labels whose name contains mitre, attack, technique or tactic",
    status: "status",
};
