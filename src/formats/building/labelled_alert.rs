//! Alerts with labels and annotations, as Prometheus Alertmanager and Grafana send them. The fingerprint is a
//! hash of the labels: firing and resolved are one alert.

use serde_json::Value;

use crate::formats::building::address::parse_address;
use crate::formats::building::draft::Draft;
use crate::formats::building::event_fields;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::FactField;
use crate::formats::building::path::{has_any, long_text_at, text_at, time_at, value_at};
use crate::formats::building::principals::Device;
use crate::formats::building::terms::normalized;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

/// Whether an object is one alert: labels with a name or time, and a state or fingerprint.
pub(crate) fn is_one(value: &Value) -> bool {
    value.get("labels").is_some_and(Value::is_object)
        && has_any(value, &["startsAt", "labels.alertname"])
        && has_any(value, &["status", "fingerprint", "generatorURL"])
}

/// Whether an object is a notification of Alertmanager or Grafana whose list of alerts is empty or null.
pub(crate) fn is_empty_notification(value: &Value) -> bool {
    let around = ["receiver", "groupKey", "groupLabels", "commonLabels", "externalURL"];
    let without_alerts =
        value.get("alerts").is_some_and(|alerts| alerts.is_null() || alerts.as_array().is_some_and(Vec::is_empty));
    without_alerts && around.iter().filter(|name| value.get(name).is_some()).count() > 1
}

/// Reads one alert; `more` are the paths of facts that only this product has.
pub(crate) fn read(mut draft: Draft, value: &Value, more: &[FactField]) -> Result<Incoming, NotTaken> {
    let labels = value_at(value, "labels").unwrap_or(&Value::Null);
    draft.set_title(value, &["labels.alertname", "annotations.summary", "annotations.title"]);
    draft.set_id(value, &["fingerprint"]);
    draft.alert.description =
        long_text_at(value, &["annotations.description", "annotations.message", "annotations.summary", "valueString"]);
    draft.set_severity_from_words(labels, &["severity", "priority", "level"]);
    set_tactics_and_techniques(&mut draft, labels);
    let resolved = text_at(value, &["status.state", "status"]) == "resolved";
    let started = time_at(value, &["startsAt"]);
    // While an alert fires, its end is only when it is to be forgotten.
    let ended = time_at(value, &["endsAt"]).filter(|_| resolved);
    draft.set_times(started, ended.or(started), started);
    draft.alert.provider_updated_at = time_at(value, &["updatedAt"]).or(ended).or(started);
    if resolved {
        "resolved".clone_into(&mut draft.alert.status);
    }
    draft.add_facts(value, FACTS);
    draft.add_facts(value, more);
    event_fields::add_facts(&mut draft, labels);
    add_device(&mut draft, labels);
    draft.into_incoming(value)
}

/// Teams put tactics and techniques into labels of names such as "mitre_technique" or "tactic".
fn set_tactics_and_techniques(draft: &mut Draft, labels: &Value) {
    let (mut tactics, mut techniques) = (Vec::new(), Vec::new());
    for (name, value) in labels.as_object().into_iter().flatten() {
        let (name, text) = (normalized(name), value.as_str().unwrap_or_default().to_owned());
        if ["mitre", "attack", "technique", "tactic"].iter().any(|word| name.contains(word)) {
            tactics.push(text.clone());
            techniques.push(text);
        }
    }
    draft.set_tactics(&tactics);
    event_fields::set_weakness_category(draft, labels);
    draft.set_category_if_empty("SuspiciousActivity");
    draft.add_techniques(&techniques);
}

/// Exporters whose `instance` is the exporter itself, not what it measures.
const COLLECTORS: [&str; 3] = ["kubestatemetrics", "pushgateway", "cloudwatchexporter"];

/// The device is a label that names a host, or else `instance`, which is "host:port", or a web address that
/// was probed.
fn add_device(draft: &mut Draft, labels: &Value) {
    event_fields::add_evidence(draft, labels, &["exported_instance", "nodename", "node", "host"]);
    let instance = text_at(labels, &["instance"]);
    let job = normalized(&text_at(labels, &["job"]));
    if COLLECTORS.iter().any(|collector| job.contains(collector)) {
        return;
    }
    if instance.contains("://") {
        draft.add_evidence(evidence_kinds::url(&instance), &[]);
        return;
    }
    let named = ["exported_instance", "nodename", "node", "host", "hostname"];
    if has_any(labels, &named) {
        return;
    }
    let address = parse_address(&instance).filter(|found| !found.is_loopback()).map(|found| found.to_string());
    let names: Vec<String> = event_fields::host_name(&instance).or(address).into_iter().collect();
    draft.add_evidence(Device { names, ..Device::default() }.build(), &[]);
}

const FACTS: &[FactField] = &[
    ("Summary", &["annotations.summary"]),
    ("Runbook", &["annotations.runbook_url", "annotations.runbook"]),
    ("Source of the alert", &["generatorURL"]),
    ("State", &["status.state"]),
];
