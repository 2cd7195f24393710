//! Findings of version 5: the Elastic Common Schema with a `wazuh` object.

use serde_json::{Map, Value};

use crate::formats::adapters::wazuh::escapes;
use crate::formats::building::draft::Draft;
use crate::formats::building::ecs;
use crate::formats::building::facts::FactField;
use crate::formats::building::path::{long_text_at, text_at, texts_at, time_at};

/// Integrations whose records an agent only fetches, by the start of their names.
const FETCHED: [&str; 8] = ["aws", "azure", "gcp", "google", "office365", "o365", "github", "ms-graph"];

/// Members that hold paths, commands and accounts of an event.
const OF_EVENT: [&str; 7] = ["process", "file", "dll", "registry", "user", "source", "destination"];

pub(super) fn read(value: &Value) -> Draft {
    let mut draft = Draft::new("wazuh", "Wazuh");
    draft.set_title(value, &["wazuh.rule.title"]);
    draft.set_id(value, &["event.id", "event.doc_id", "_id"]);
    draft.set_severity_from_word(&text_at(value, &["wazuh.rule.level"]));
    draft.alert.description = long_text_at(value, &["wazuh.rule.description", "message"]);
    draft.set_tactics(&texts_at(value, "wazuh.rule.mitre.tactic.id"));
    let malware = texts_at(value, "event.category").iter().any(|category| category == "malware");
    draft.set_category_if_empty(if malware { "Malware" } else { "SuspiciousActivity" });
    for path in ["wazuh.rule.mitre.technique.id", "wazuh.rule.mitre.subtechnique.id"] {
        draft.add_techniques(&texts_at(value, path));
    }
    let stored = time_at(value, &["@timestamp", "event.created"]);
    let began = time_at(value, &["event.start"]).or(stored);
    draft.set_times(began, time_at(value, &["event.end"]).or(began), stored);
    ecs::add_evidence(&mut draft, &without_escapes(value), own_hosts(value));
    draft.add_facts(value, FACTS);
    draft
}

/// The record, with the paths and commands of its Windows event as Windows wrote them.
fn without_escapes(value: &Value) -> Value {
    let mut plain = value.clone();
    let Some(members) = plain.as_object_mut() else { return plain };
    let of_event: Map<String, Value> = members
        .iter()
        .filter(|(name, _)| OF_EVENT.contains(&name.as_str()))
        .map(|(name, found)| (name.clone(), found.clone()))
        .collect();
    if let Value::Object(undone) = escapes::undone_if_shown(&of_event.into()) {
        members.extend(undone);
    }
    plain
}

/// Where the agent's host stands, unless the agent only fetched the record or is the manager.
fn own_hosts(value: &Value) -> &'static [&'static str] {
    let integration = text_at(value, &["wazuh.integration.name"]).to_lowercase();
    let fetched = FETCHED.iter().any(|name| integration.starts_with(name));
    let of_manager = text_at(value, &["wazuh.agent.id"]) == "000";
    if fetched || of_manager { &[] } else { &["wazuh.agent.host.hostname", "wazuh.agent.name"] }
}

const FACTS: &[FactField] = &[
    ("Rule ID", &["wazuh.rule.id"]),
    ("Integration", &["wazuh.integration.name"]),
    ("Agent", &["wazuh.agent.name"]),
    ("Indicator", &["wazuh.threat.enrichments.indicator.name", "threat.enrichments.indicator.name"]),
    ("Indicator from", &["wazuh.threat.enrichments.indicator.provider"]),
    ("Indicator SHA256", &["wazuh.threat.enrichments.indicator.file.hash.sha256"]),
];
