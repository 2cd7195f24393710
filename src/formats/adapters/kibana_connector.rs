//! What Kibana's webhook connectors send: a template with the rule and its alert, or the alert's document
//! inside of another member. It has the identity of Elastic Security's own alert.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::elastic;
use crate::formats::building::draft::Draft;
use crate::formats::building::ecs;
use crate::formats::building::facts::FactField;
use crate::formats::building::path::{has_any, long_text_at, text_at, texts_at, time_at, value_at};
use crate::formats::building::terms::normalized;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "kibanaConnector",
    label: "Kibana connector messages",
    detect: |value| is_template(value) || document_of(value).is_some(),
    parse: |value| match document_of(value) {
        Some(document) => (elastic::ADAPTER.parse)(&document),
        None => read_template(value),
    },
    documentation: "https://www.elastic.co/docs/explore-analyze/alerts-cases/alerts/rule-action-variables",
    fields: Fields {
        title: "rule.name",
        id: "alert.uuid, alert.id",
        severity: "severity, context.severity, kibana.alert.severity",
        times: "date, context.timestamp",
        device: "host.name, also in context",
        user: "user.name, also in context",
        address: "source.ip, destination.ip, also in context",
        file: "file.path, process.executable, also in context",
        hash: "file.hash, process.hash, also in context",
        process: "process.command_line, also in context",
        url: "url.full, also in context",
        technique: "rule.tags, kibana.alert.rule.threat",
        category: "rule.tags, kibana.alert.rule.threat",
        status: "alert.actionGroup, kibana.alert.workflow_status",
    },
};

/// Members that hold the document of an alert, or a list of one.
const DOCUMENTS: [&str; 4] = ["alert", "context.alerts", "context.alert", "document"];

/// The document of the only alert; a template may have put it in as JSON in a text.
fn document_of(value: &Value) -> Option<Value> {
    // An alert's own document has these members too.
    if (elastic::ADAPTER.detect)(value) {
        return None;
    }
    DOCUMENTS.iter().find_map(|path| {
        let found = match value_at(value, path)? {
            Value::String(text) => serde_json::from_str(text).ok()?,
            other => other.clone(),
        };
        let only = match found {
            Value::Array(mut items) if items.len() == 1 => items.pop()?,
            other => other,
        };
        (only.is_object() && (elastic::ADAPTER.detect)(&only)).then_some(only)
    })
}

fn is_template(value: &Value) -> bool {
    has_any(value, &["rule.name", "rule.id"])
        && has_any(value, &["alert.uuid", "alert.actionGroup", "alert.actionGroupName", "alert.flapping"])
}

fn read_template(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("elasticSecurity", "Elastic Security");
    draft.set_title(value, &["rule.name"]);
    draft.set_id(value, &["alert.uuid", "alert.id"]);
    draft.alert.description = long_text_at(value, &["context.reason", "context.message", "message", "reason"]);
    draft.set_severity_from_words(value, &["severity", "context.severity", "rule.severity"]);
    let tags = texts_at(value, "rule.tags");
    draft.set_tactics(&tags.iter().map(|tag| tag.trim_start_matches("Tactic:").to_owned()).collect::<Vec<_>>());
    draft.set_category_if_empty("SuspiciousActivity");
    draft.add_techniques(&tags.iter().filter(|tag| tag.contains('T')).cloned().collect::<Vec<_>>());
    let at = time_at(value, &["context.timestamp", "@timestamp", "date"]);
    draft.set_times(at, at, at);
    if normalized(&text_at(value, &["alert.actionGroup"])) == "recovered" {
        "resolved".clone_into(&mut draft.alert.status);
    }
    draft.add_facts(value, FACTS);
    draft.add_list_fact(value, "Tags", "rule.tags");
    ecs::add_evidence(&mut draft, value, &[]);
    if let Some(context) = value_at(value, "context") {
        ecs::add_evidence(&mut draft, context, &[]);
    }
    draft.into_incoming(value)
}

const FACTS: &[FactField] = &[
    ("Rule ID", &["rule.id"]),
    ("Kind of rule", &["rule.type"]),
    ("Rule", &["rule.url"]),
    ("Group", &["alert.actionGroupName", "alert.actionGroup"]),
    ("Alert ID", &["alert.id"]),
    ("Flapping", &["alert.flapping"]),
    ("Alert link", &["context.alertDetailsUrl", "context.results_link", "context.link"]),
    ("Value", &["context.value"]),
];
