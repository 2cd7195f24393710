//! Elastic Security: detection alerts (`kibana.alert.*`) and alerts of Elastic Defend.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::building::draft::Draft;
use crate::formats::building::ecs;
use crate::formats::building::facts::Row;
use crate::formats::building::path::{at, has, number, objects_at, prose, say, when, words};
use crate::formats::building::terms::{self, camel};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "elastic",
    label: "Elastic Security alerts",
    detect: |value| {
        let named = has(value, &["kibana.alert.rule.name", "kibana.alert.uuid", "signal.rule"]);
        let kind = say(value, &["event.kind"]);
        named || (has(value, &["@timestamp"]) && !has(value, &["wazuh"]) && matches!(kind.as_str(), "alert" | "signal"))
    },
    read,
};

/// Elastic's risk scores from which an alert is of high, medium and low severity.
const SCORES: [i64; 3] = [73, 47, 21];

fn read(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("elasticSecurity", "Elastic Security");
    draft.title(value, &["kibana.alert.rule.name", "signal.rule.name", "rule.name", "message", "event.action"]);
    draft.identify(value, &["kibana.alert.uuid", "_id", "event.id"]);
    draft.alert.description = prose(
        value,
        &[
            "kibana.alert.rule.description",
            "signal.rule.description",
            "rule.description",
            "kibana.alert.reason",
            "message",
        ],
    );
    let word = say(value, &["kibana.alert.severity", "signal.rule.severity"]);
    if word.is_empty() {
        draft.severity_steps(number(value, &["event.severity", "kibana.alert.risk_score", "event.risk_score"]), SCORES);
    } else {
        draft.severity_word(&word);
    }
    let module = say(value, &["event.module"]);
    let detected_by = match module.as_str() {
        "" => "elasticSecurity".to_owned(),
        "endpoint" => "elasticDefend".to_owned(),
        other => camel(other),
    };
    draft.alert.detection_source = detected_by;
    classify(&mut draft, value);
    let workflow = match say(value, &["kibana.alert.workflow_status", "signal.status"]).as_str() {
        "acknowledged" | "in-progress" => "inProgress",
        other => terms::alert_status(other),
    };
    workflow.clone_into(&mut draft.alert.status);
    let began = when(
        value,
        &["kibana.alert.original_time", "event.start", "kibana.alert.start", "@timestamp", "event.created"],
    );
    let ended = when(value, &["event.end", "kibana.alert.end"]).or(began);
    draft.seen(began, ended, when(value, &["@timestamp", "event.created"]));
    draft.alert.provider_updated_at = when(value, &["kibana.alert.workflow_status_updated_at"]);
    let suppressed = number(value, &["kibana.alert.suppression.docs_count"]).map(|more| more.saturating_add(1));
    draft.alert.occurrences =
        suppressed.or_else(|| number(value, &["kibana.alert.threshold_result.count"])).unwrap_or_default();
    draft.rows(value, FACTS);
    ecs::add(&mut draft, value, &["agent.name", "observer.hostname"]);
    draft.finish(value)
}

fn classify(draft: &mut Draft, value: &Value) {
    let (mut tactics, mut techniques) = (Vec::new(), Vec::new());
    for path in ["kibana.alert.rule.threat", "signal.rule.threat", "kibana.alert.rule.parameters.threat", "threat"] {
        for threat in objects_at(value, path) {
            tactics.extend(words(threat, "tactic.id"));
            tactics.extend(words(threat, "tactic.name"));
            techniques.extend(words(threat, "technique.id"));
            techniques.extend(words(threat, "technique.subtechnique.id"));
            for technique in objects_at(threat, "technique") {
                techniques.extend(words(technique, "id"));
                techniques.extend(objects_at(technique, "subtechnique").into_iter().flat_map(|sub| words(sub, "id")));
            }
        }
    }
    draft.tactics(&tactics);
    draft.techniques(&techniques);
    let kinds = words(value, "event.category");
    let malware = kinds.iter().any(|kind| kind == "malware") || at(value, "file.Ext.malware_classification").is_some();
    draft.category_else(if malware { "Malware" } else { "SuspiciousActivity" });
}

const FACTS: &[Row] = &[
    ("Reason", &["kibana.alert.reason"]),
    ("Rule ID", &["kibana.alert.rule.uuid", "signal.rule.id", "rule.id"]),
    ("Risk score", &["kibana.alert.risk_score", "event.risk_score"]),
    ("Alert link", &["kibana.alert.url"]),
    ("Event code", &["event.code"]),
    ("Quarantined", &["file.Ext.quarantine_result"]),
    ("Malware score", &["file.Ext.malware_classification.score", "file.malware_classification.score"]),
    ("Host OS", &["host.os.full"]),
];
