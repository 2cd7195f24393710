//! CrowdSec alerts, as its local API and its HTTP notifications give them.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::category_reading::CategoryReading::{self, Clear, Hint};
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::FactField;
use crate::formats::building::path::{has_any, long_text_at, name_at, objects_at, text_at, texts_at, time_at};
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "crowdSec",
    label: "CrowdSec alerts",
    detect: |value| {
        has_any(value, &["scenario"])
            && has_any(value, &["source"])
            && has_any(value, &["events_count", "scenario_hash", "leakspeed"])
    },
    parse: parse_record,
    documentation: "https://crowdsecurity.github.io/api_doc/lapi/",
    fields: Fields {
        title: "scenario, message",
        id: "uuid, id",
        times: "start_at, stop_at, created_at",
        user: "target_user in events.meta",
        address: "source.ip, source.value",
        technique: "labels.classification, scenario",
        category: "scenario",
        ..Fields::NONE
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("crowdSec", "CrowdSec");
    draft.set_title(value, &["scenario", "message"]);
    draft.set_id(value, &["uuid", "id"]);
    draft.alert.description = long_text_at(value, &["message"]);
    draft.set_severity_from_word("");
    draft.add_techniques(&texts_at(value, "labels.classification"));
    if let Some((category, technique)) = meaning(&text_at(value, &["scenario"])) {
        draft.read_category(category);
        match category {
            Clear(_) => draft.add_techniques(&[technique.to_owned()]),
            Hint(_) => draft.add_possible_techniques(&[technique.to_owned()]),
        }
    }
    draft.set_category_if_empty("SuspiciousActivity");
    draft.set_times(
        time_at(value, &["start_at"]),
        time_at(value, &["stop_at"]),
        time_at(value, &["created_at", "start_at"]),
    );
    draft.add_facts(value, FACTS);
    for decision in objects_at(value, "decisions") {
        let [kind, scope, target, duration] =
            ["type", "scope", "value", "duration"].map(|key| text_at(decision, &[key]));
        draft.add_fact("Decision", &format!("{kind} {scope} {target} for {duration}"));
    }
    draft.add_ip(&name_at(value, &["source.ip", "source.value"]), &["source"]);
    for meta in objects_at(value, "events").into_iter().flat_map(|event| objects_at(event, "meta")) {
        let text = name_at(meta, &["value"]);
        match text_at(meta, &["key"]).as_str() {
            "target_user" => draft.add_evidence(windows::account(&text, "", ""), &[]),
            "service" => draft.add_fact("Service", &text),
            "target_fqdn" => draft.add_fact("Target", &text),
            "http_path" => draft.add_fact("Path", &text),
            _ => {}
        }
    }
    draft.into_incoming(value)
}

/// Category and technique by the words that CrowdSec's scenarios are named with.
fn meaning(scenario: &str) -> Option<(CategoryReading, &'static str)> {
    let any = |words: &[&str]| words.iter().any(|word| scenario.contains(word));
    if any(&["-bf", "bruteforce", "brute-force", "spraying"]) {
        Some((Clear("CredentialAccess"), "T1110"))
    } else if any(&["scan", "probing", "crawl", "sensitive-files", "bad-user-agent"]) {
        Some((Hint("Reconnaissance"), "T1595"))
    } else if any(&["cve", "CVE", "backdoor", "sqli", "xss", "exploit", "log4j", "traversal"]) {
        Some((Clear("InitialAccess"), "T1190"))
    } else if any(&["ddos", "http-dos"]) {
        Some((Hint("Impact"), "T1498"))
    } else {
        None
    }
}

const FACTS: &[FactField] = &[
    ("Events", &["events_count"]),
    ("CrowdSec machine", &["machine_id"]),
    ("Simulated", &["simulated"]),
    ("Scope", &["source.scope"]),
    ("Source", &["source.value"]),
    ("Range", &["source.range"]),
    ("Provider", &["source.as_name"]),
    ("Country", &["source.cn"]),
];
