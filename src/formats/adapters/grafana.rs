//! Grafana: each alert of its webhook, and notifications of dashboard alerts before Grafana 11.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::alertmanager;
use crate::formats::building::address::parse_address;
use crate::formats::building::draft::Draft;
use crate::formats::building::event_fields;
use crate::formats::building::facts::FactField;
use crate::formats::building::labelled_alert;
use crate::formats::building::path::{has_any, long_text_at, objects_at, text_at, time_at, value_at};
use crate::formats::building::principals::Device;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "grafana",
    label: "Grafana alerts",
    detect: |value| labelled_alert::is_one(value) && has_any(value, alertmanager::GRAFANA) || is_legacy(value),
    parse: |value| {
        let draft = Draft::new("grafana", "Grafana");
        if is_legacy(value) { read_legacy(draft, value) } else { labelled_alert::read(draft, value, FACTS) }
    },
    documentation: "https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/",
    fields: Fields {
        title: "labels.alertname, annotations.summary; ruleName",
        id: "fingerprint; ruleId",
        status: "status; state",
        device: "labels.instance without its port; labels.host, hostname, node, nodename and exported_instance; \
                 the same in evalMatches.tags",
        ..alertmanager::FIELDS
    },
};

fn is_legacy(value: &Value) -> bool {
    has_any(value, &["ruleName"]) && has_any(value, &["evalMatches", "ruleUrl"]) && has_any(value, &["state", "ruleId"])
}

/// A notification of a dashboard alert has no time of its own; firing and ok have the same rule.
fn read_legacy(mut draft: Draft, value: &Value) -> Result<Incoming, NotTaken> {
    draft.set_title(value, &["ruleName"]);
    draft.set_id(value, &["ruleId"]);
    draft.alert.description = long_text_at(value, &["message"]);
    let tags = value_at(value, "tags").unwrap_or(&Value::Null);
    draft.set_severity_from_words(tags, &["severity", "priority"]);
    draft.set_category_if_empty("SuspiciousActivity");
    let at = time_at(value, &["time"]);
    draft.set_times(at, at, at);
    if text_at(value, &["state"]) == "ok" {
        "resolved".clone_into(&mut draft.alert.status);
    }
    draft.add_facts(value, LEGACY_FACTS);
    event_fields::add_facts(&mut draft, tags);
    for found in objects_at(value, "evalMatches") {
        let [metric, number] = ["metric", "value"].map(|key| text_at(found, &[key]));
        draft.add_fact("Value", &format!("{metric}: {number}"));
    }
    let matched = objects_at(value, "evalMatches").into_iter().filter_map(|found| value_at(found, "tags"));
    for labels in matched.chain([tags]) {
        let instance = text_at(labels, &["instance"]);
        event_fields::add_evidence(&mut draft, labels, &["host", "node"]);
        let address = parse_address(&instance).map(|found| found.to_string());
        let names: Vec<String> = event_fields::host_name(&instance).or(address).into_iter().collect();
        draft.add_evidence(Device { names, ..Device::default() }.build(), &[]);
    }
    draft.into_incoming(value)
}

const FACTS: &[FactField] = &[
    ("Values", &["valueString"]),
    ("Dashboard", &["dashboardURL"]),
    ("Panel", &["panelURL"]),
    ("Silence", &["silenceURL"]),
    ("Organization", &["orgId"]),
];

const LEGACY_FACTS: &[FactField] = &[
    ("State", &["state"]),
    ("Rule", &["ruleUrl"]),
    ("Summary", &["title"]),
    ("Dashboard ID", &["dashboardId"]),
    ("Panel ID", &["panelId"]),
    ("Organization", &["orgId"]),
    ("Image", &["imageUrl"]),
];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_dashboard_alert_that_fires_and_ends_is_one_alert() {
        let sent = |state: &str| {
            json!({"title": "[Alerting] Odd logins", "ruleId": 12, "ruleName": "Odd logins", "ruleUrl": "https://grafana.example/d/x", "state": state,
                "message": "Logins at night", "evalMatches": [{"value": 100, "metric": "logins", "tags": {"instance": "web-01:9100"}}], "tags": {"severity": "critical"}})
        };
        let read = |state: &str| match (ADAPTER.parse)(&sent(state)) {
            Ok(Incoming::Alert(alert, _)) => *alert,
            other => panic!("{other:?}"),
        };
        assert!((ADAPTER.detect)(&sent("ok")));
        let (firing, ended) = (read("alerting"), read("ok"));
        assert_eq!(firing.provider_alert_id, ended.provider_alert_id);
        assert_eq!([firing.status.as_str(), ended.status.as_str()], ["new", "resolved"]);
        assert_eq!(firing.title, "Odd logins");
        assert_eq!(firing.evidence.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["web-01"]);
    }
}
