//! Elastic Security: detection alerts (`kibana.alert.*`) and alerts of Elastic Defend.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::FactField;
use crate::formats::building::ids::IdsAlert;
use crate::formats::building::network::Connection;
use crate::formats::building::path::{
    has_any, long_text_at, number_at, objects_at, text_at, texts_at, time_at, value_at,
};
use crate::formats::building::terms::{self, camel_case};
use crate::formats::building::{ecs, severity_scales};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "elastic",
    label: "Elastic Security alerts",
    detect: |value| {
        let named = has_any(value, &["kibana.alert.rule.name", "kibana.alert.uuid", "signal.rule"]);
        let kind = text_at(value, &["event.kind"]);
        named
            || (has_any(value, &["@timestamp", "ecs.version", "event.module", "event.created"])
                && !has_any(value, &["wazuh"])
                && matches!(kind.as_str(), "alert" | "signal"))
    },
    parse: parse_record,
    documentation: "https://www.elastic.co/guide/en/security/current/alert-schema.html and https://www.elastic.co/guide/en/ecs/current/",
    fields: Fields {
        title: "kibana.alert.rule.name, signal.rule.name, rule.name, message",
        id: "kibana.alert.uuid, _id, event.id",
        severity: "kibana.alert.severity, signal.rule.severity, event.severity, kibana.alert.risk_score, event.risk_score",
        times: "kibana.alert.original_time, kibana.alert.start and last_detected, kibana.alert.suppression.start and end, event.start, event.end, @timestamp",
        device: "host.name, host.hostname, agent.name, the internal end of a connection",
        user: "user, source.user, destination.user, email.from, email.to",
        address: "source.ip, destination.ip, client.ip, server.ip",
        file: "file.path, dll.path, process.executable",
        hash: "file.hash, dll.hash, process.hash",
        process: "process.command_line, args, executable",
        url: "url.full, url.domain, dns.question.name",
        technique: "kibana.alert.rule.threat, threat.technique.id",
        category: "kibana.alert.rule.threat, threat.tactic, suricata.eve.alert, event.category",
        status: "kibana.alert.workflow_status, signal.status",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("elasticSecurity", "Elastic Security");
    draft.set_title(value, &["kibana.alert.rule.name", "signal.rule.name", "rule.name", "message", "event.action"]);
    draft.set_id(value, &["kibana.alert.uuid", "_id", "event.id"]);
    draft.alert.description = long_text_at(
        value,
        &[
            "kibana.alert.rule.description",
            "signal.rule.description",
            "rule.description",
            "kibana.alert.reason",
            "message",
        ],
    );
    set_severity(&mut draft, value);
    let module = text_at(value, &["event.module"]);
    let detected_by = match module.as_str() {
        "" => "elasticSecurity".to_owned(),
        "endpoint" => "elasticDefend".to_owned(),
        other => camel_case(other),
    };
    draft.alert.detection_source = detected_by;
    set_category_and_techniques(&mut draft, value);
    let workflow = match text_at(value, &["kibana.alert.workflow_status", "signal.status"]).as_str() {
        "acknowledged" | "in-progress" => "inProgress",
        other => terms::alert_status(other),
    };
    workflow.clone_into(&mut draft.alert.status);
    set_times(&mut draft, value);
    draft.alert.provider_updated_at = time_at(value, &["kibana.alert.workflow_status_updated_at"]);
    let suppressed = number_at(value, &["kibana.alert.suppression.docs_count"]).map(|more| more.saturating_add(1));
    draft.alert.occurrences =
        suppressed.or_else(|| number_at(value, &["kibana.alert.threshold_result.count"])).unwrap_or_default();
    draft.add_facts(value, FACTS);
    ecs::add_evidence(&mut draft, value, &["agent.name"]);
    draft.into_incoming(value)
}

/// Sets the times. An alert that goes on says so itself: by its last detection, or by the end of the time in which
/// further events were suppressed.
fn set_times(draft: &mut Draft, value: &Value) {
    let began = time_at(
        value,
        &[
            "kibana.alert.suppression.start",
            "kibana.alert.original_time",
            "event.start",
            "kibana.alert.start",
            "@timestamp",
            "event.created",
        ],
    );
    // The first detection is later than the event that was detected, and no activity.
    let detected = time_at(value, &["kibana.alert.last_detected"])
        .filter(|last| time_at(value, &["kibana.alert.start", "@timestamp"]).is_none_or(|first| *last > first));
    let ends = ["event.end", "kibana.alert.end", "kibana.alert.suppression.end"];
    let ended = ends.iter().filter_map(|path| time_at(value, &[path])).chain(detected).max().or(began);
    draft.set_times(began, ended, time_at(value, &["@timestamp", "event.created"]));
}

/// Sets the severity: the rule's word, else a number of 0 to 100. Of other modules than Elastic's own, the scale
/// of `event.severity` is the source's, so that small numbers say nothing.
fn set_severity(draft: &mut Draft, value: &Value) {
    let words = ["kibana.alert.severity", "signal.rule.severity"];
    if text_at(value, &["event.dataset", "data_stream.dataset"]).ends_with("guardduty") {
        let numbers = ["aws.guardduty.severity.value", "event.severity"];
        return draft.set_severity_at(value, &words, &numbers, severity_scales::GUARD_DUTY);
    }
    let own = matches!(text_at(value, &["event.module"]).as_str(), "" | "endpoint");
    let small = number_at(value, &["event.severity"]).is_some_and(|number| number <= 10);
    let numbers = ["event.severity", "kibana.alert.risk_score", "signal.rule.risk_score", "event.risk_score"];
    let numbers = if small && !own { numbers.get(1..).unwrap_or_default() } else { &numbers };
    draft.set_severity_at(value, &words, numbers, severity_scales::ZERO_TO_HUNDRED);
}

/// The alert of Suricata or Snort that the document holds.
fn ids_alert(value: &Value) -> Option<IdsAlert> {
    let module = text_at(value, &["event.module"]);
    let eve = value_at(value, "suricata.eve.alert");
    if eve.is_none() && !matches!(module.as_str(), "suricata" | "snort") {
        return None;
    }
    let connection = Connection::from_record(value, &["source.ip"], &["destination.ip"], [&[], &[]]);
    let mut alert = eve.map(|eve| IdsAlert::from_eve(eve, &connection)).unwrap_or_default();
    if alert.signature.is_empty() {
        alert.signature = text_at(value, &["suricata.eve.alert.signature", "rule.name"]);
        alert.class = text_at(value, &["suricata.eve.alert.category", "rule.category"]);
    }
    if alert.priority.is_empty() {
        alert.priority = text_at(value, &["event.severity"]);
    }
    Some(alert)
}

fn set_category_and_techniques(draft: &mut Draft, value: &Value) {
    let (mut tactics, mut techniques) = (Vec::new(), Vec::new());
    for path in ["kibana.alert.rule.threat", "signal.rule.threat", "kibana.alert.rule.parameters.threat", "threat"] {
        for threat in objects_at(value, path) {
            tactics.extend(texts_at(threat, "tactic.id"));
            tactics.extend(texts_at(threat, "tactic.name"));
            techniques.extend(texts_at(threat, "technique.id"));
            techniques.extend(texts_at(threat, "technique.subtechnique.id"));
            for technique in objects_at(threat, "technique") {
                techniques.extend(texts_at(technique, "id"));
                techniques
                    .extend(objects_at(technique, "subtechnique").into_iter().flat_map(|sub| texts_at(sub, "id")));
            }
        }
    }
    draft.set_tactics(&tactics);
    draft.add_techniques(&techniques);
    let kinds = texts_at(value, "event.category");
    draft.set_weakness_category(&kinds);
    if kinds.is_empty() && has_any(value, &["vulnerability.id"]) {
        draft.set_category_if_empty("Vulnerability");
    }
    if let Some(sensor) = ids_alert(value) {
        sensor.add_to(draft);
    }
    let malware =
        kinds.iter().any(|kind| kind == "malware") || value_at(value, "file.Ext.malware_classification").is_some();
    draft.set_category_if_empty(if malware { "Malware" } else { "SuspiciousActivity" });
}

const FACTS: &[FactField] = &[
    ("Reason", &["kibana.alert.reason"]),
    ("Rule ID", &["kibana.alert.rule.uuid", "signal.rule.id", "rule.id"]),
    ("Risk score", &["kibana.alert.risk_score", "event.risk_score"]),
    ("Alert link", &["kibana.alert.url"]),
    ("Event code", &["event.code"]),
    ("Quarantined", &["file.Ext.quarantine_result"]),
    ("Malware score", &["file.Ext.malware_classification.score", "file.malware_classification.score"]),
    ("Host OS", &["host.os.full"]),
    ("CVE", &["vulnerability.id"]),
    ("CVSS", &["vulnerability.score.base"]),
    ("Vulnerability severity", &["vulnerability.severity"]),
];
