//! Alerts of Azure Monitor in its common alert schema. Fired and resolved are one alert.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::FactField;
use crate::formats::building::path::{long_text_at, names_at, text_at, time_at, value_at};
use crate::formats::building::principals::Device;
use crate::formats::building::record_id::first_id;
use crate::formats::building::severity_words;
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::Incoming;
use crate::model::severity::Severity;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "azureMonitor",
    label: "Azure Monitor common alert schema",
    detect: |value| text_at(value, &["schemaId"]) == "azureMonitorCommonAlertSchema",
    parse: parse_record,
    documentation: "https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema",
    fields: Fields {
        title: "essentials.alertRule",
        id: "essentials.alertId",
        severity: "essentials.severity (Sev0 to Sev4)",
        times: "essentials.firedDateTime, essentials.resolvedDateTime",
        device: "essentials.alertTargetIDs, those of machines",
        user: "",
        address: "",
        file: "",
        hash: "",
        process: "",
        url: "",
        technique: "",
        category: "\"SuspiciousActivity\"",
        status: "essentials.monitorCondition",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let data = value_at(value, "data.essentials").unwrap_or(&Value::Null);
    let mut draft = Draft::new("azureMonitor", "Azure Monitor");
    draft.set_title(data, &["alertRule"]);
    draft.set_id(data, &["originAlertId"]);
    let address = text_at(data, &["alertId"]);
    let id = first_id(address.rsplit('/').next().map(str::to_owned));
    if !id.is_empty() {
        draft.alert.provider_alert_id = id;
    }
    draft.alert.description = long_text_at(data, &["description"]);
    // Sev0 is critical, Sev1 an error, Sev2 a warning, Sev3 informational and Sev4 verbose.
    let severity = text_at(data, &["severity"]);
    let known = match severity.to_ascii_lowercase().trim_start_matches("sev") {
        "0" | "1" => Some(Severity::High),
        "2" => Some(Severity::Medium),
        "3" | "4" => Some(Severity::Informational),
        _ => severity_words::severity_of(&severity),
    };
    draft.set_severity(known, &severity);
    draft.set_category_if_empty("SuspiciousActivity");
    if text_at(data, &["monitorCondition"]).eq_ignore_ascii_case("resolved") {
        "resolved".clone_into(&mut draft.alert.status);
    }
    let fired = time_at(data, &["firedDateTime"]);
    let resolved = time_at(data, &["resolvedDateTime"]);
    draft.set_times(fired, resolved, fired);
    draft.alert.provider_updated_at = resolved.or(fired);
    for target in names_at(data, "alertTargetIDs") {
        let lower = target.to_lowercase();
        let name = target.rsplit('/').next().unwrap_or_default().to_owned();
        let evidence = if lower.contains("/virtualmachines/") || lower.contains("/microsoft.hybridcompute/machines/") {
            Device { names: vec![name], ..Device::default() }.build()
        } else {
            evidence_kinds::named_resource(EvidenceKind::CloudResource, &name, &[target])
        };
        draft.add_evidence(evidence, &[]);
    }
    draft.add_facts(data, FACTS);
    draft.into_incoming(value)
}

const FACTS: &[FactField] = &[
    ("Signal", &["signalType"]),
    ("Monitored by", &["monitoringService"]),
    ("Condition", &["monitorCondition"]),
    ("Alert link", &["investigationLink"]),
];
