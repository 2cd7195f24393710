//! Matches of Sigma rules: Chainsaw's and Hayabusa's JSON, and a rule paired with its event.

use serde_json::{Map, Value};

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::clean_text::LONG_MAX;
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::FactField;
use crate::formats::building::path::{
    has_any, long_text_at, name_at, number_at, objects_at, text_at, text_at_max, texts_at, time_at, value_at,
};
use crate::formats::building::record_id::{id_at, record_hash};
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "sigma",
    label: "Sigma matches (Chainsaw, Hayabusa)",
    detect: |value| {
        let chainsaw = has_any(value, &["document", "documents"])
            && has_any(value, &["name"])
            && has_any(value, &["level", "authors", "tags", "group"]);
        let pair = has_any(value, &["event.Event", "event.System"]) && has_any(value, &["rule.title"]);
        chainsaw || pair || has_any(value, &["RuleTitle"])
    },
    parse: parse_record,
    documentation: "https://sigmahq.io/docs/basics/rules.html; Chainsaw's and Hayabusa's descriptions of their JSON",
    fields: Fields {
        title: "title, name, RuleTitle",
        id: "rule id, System.Computer, System.Channel, System.EventRecordID",
        severity: "level, Level",
        times: "System.TimeCreated, timestamp, Timestamp",
        device: "System.Computer, Computer",
        user: "EventData's accounts, Details.User",
        address: "EventData.SourceIp, DestinationIp, IpAddress",
        file: "EventData.Image, TargetFilename",
        hash: "EventData.Hashes",
        process: "EventData.CommandLine, Image, Details.Cmdline",
        url: "EventData.QueryName",
        technique: "tags, MitreTags",
        category: "tags, MitreTactics",
        status: "",
    },
};

/// The rule and the event of a match.
struct Match<'a> {
    rule: &'a Value,
    event: &'a Value,
}

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    if has_any(value, &["RuleTitle"]) {
        return parse_hayabusa(value);
    }
    let documents = [value_at(value, "document"), value_at(value, "documents"), value_at(value, "event")];
    let document = documents.into_iter().flatten().next().unwrap_or(value);
    let event = ["data.Event", "Event", "data"].iter().find_map(|path| value_at(document, path)).unwrap_or(document);
    let rule = value_at(value, "rule").filter(|rule| rule.is_object()).unwrap_or(value);
    let found = Match { rule, event };
    let mut draft = draft_from_rule(found.rule, &["title", "name"], &["level"]);
    let data = event_data(found.event);
    set_id(&mut draft, &found, value);
    let paths = [
        "System.TimeCreated.#attributes.SystemTime",
        "System.TimeCreated_attributes.SystemTime",
        "System.TimeCreated.@SystemTime",
        "System.TimeCreated.SystemTime",
    ];
    let at_time = time_at(found.event, &paths).or_else(|| time_at(value, &["timestamp"]));
    draft.set_times(at_time, at_time, at_time);
    draft.alert.occurrences = i64::try_from(objects_at(value, "documents").len()).unwrap_or_default();
    draft.add_facts(found.event, EVENT);
    let host = [name_at(found.event, &["System.Computer"])];
    windows::add_event_data(&mut draft, &host, event_id(found.event), &data);
    draft.into_incoming(value)
}

fn event_id(event: &Value) -> Option<i64> {
    number_at(event, &["System.EventID.#text", "System.EventID"])
}

fn draft_from_rule(rule: &Value, titles: &[&str], levels: &[&str]) -> Draft {
    let mut draft = Draft::new("sigma", "Sigma");
    draft.set_title(rule, titles);
    draft.set_severity_from_words(rule, levels);
    draft.alert.description = long_text_at(rule, &["description"]);
    let tags = texts_at(rule, "tags");
    draft.set_tactics(&tags);
    draft.set_category_if_empty("SuspiciousActivity");
    draft.add_techniques(&tags);
    draft.add_facts(rule, RULE);
    draft.add_list_fact(rule, "False positives", "falsepositives");
    draft
}

/// Sets the id from rule and event, because an event may match many rules and a rule many events.
fn set_id(draft: &mut Draft, found: &Match<'_>, value: &Value) {
    let rule = text_at(found.rule, &["id", "title", "name"]);
    let computer = text_at(found.event, &["System.Computer"]);
    let record = id_at(found.event, &["System.EventRecordID"]);
    let several = objects_at(value, "documents").len() > 1;
    draft.alert.provider_alert_id = if record.is_empty() || several {
        record_hash(value)
    } else {
        format!("{rule}:{computer}:{}:{record}", text_at(found.event, &["System.Channel"]))
    };
}

/// The data of an event as one object; tools nest it differently.
fn event_data(event: &Value) -> Value {
    let mut data = Map::new();
    let user_data = value_at(event, "UserData").and_then(Value::as_object);
    let inner = user_data.into_iter().flat_map(Map::values).filter_map(Value::as_object);
    for part in value_at(event, "EventData").and_then(Value::as_object).into_iter().chain(inner) {
        data.extend(part.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    for named in objects_at(event, "EventData.Data") {
        let name = text_at(named, &["@Name", "#attributes.Name", "Name"]);
        if let Some(text) = named.get("#text").or_else(|| named.get("$text")).filter(|_| !name.is_empty()) {
            data.insert(name, text.clone());
        }
    }
    Value::Object(data)
}

fn parse_hayabusa(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = draft_from_rule(value, &["RuleTitle"], &["Level"]);
    let mut tags = texts_at(value, "MitreTactics");
    tags.extend(texts_at(value, "MitreTags"));
    draft.alert.category.clear();
    let names: Vec<String> =
        tags.iter().map(|tag| short_tactic(tag).map_or_else(|| tag.clone(), str::to_owned)).collect();
    draft.set_tactics(&names);
    draft.set_category_if_empty("SuspiciousActivity");
    draft.add_techniques(&tags);
    let parts = ["RuleID", "Computer", "Channel", "RecordID"].map(|key| id_at(value, &[key]));
    let whole = parts.iter().all(|part| !part.is_empty());
    draft.alert.provider_alert_id = if whole { parts.join(":") } else { record_hash(value) };
    let at_time = time_at(value, &["Timestamp"]);
    draft.set_times(at_time, at_time, at_time);
    draft.add_facts(value, &[("Event ID", &["EventID"]), ("Channel", &["Channel"]), ("Details", &["Details"])]);
    let mut data = Map::new();
    for part in ["ExtraFieldInfo", "Details"] {
        data.extend(value_at(value, part).and_then(Value::as_object).cloned().unwrap_or_default());
        // Older versions write "User: ana ¦ Proc: x.exe".
        let text = text_at_max(value, &[part], LONG_MAX);
        let pairs = text.split('¦').filter_map(|pair| pair.trim().split_once(": "));
        data.extend(pairs.map(|(key, found)| (key.to_owned(), Value::from(found))));
    }
    windows::add_event_data(
        &mut draft,
        &[name_at(value, &["Computer"])],
        number_at(value, &["EventID"]),
        &Value::Object(data),
    );
    draft.into_incoming(value)
}

/// Hayabusa's short names of tactics.
fn short_tactic(tag: &str) -> Option<&'static str> {
    Some(match tag {
        "Recon" => "Reconnaissance",
        "ResDev" => "Resource Development",
        "InitAccess" => "Initial Access",
        "Exec" => "Execution",
        "Persis" => "Persistence",
        "PrivEsc" => "Privilege Escalation",
        "Evas" | "Stealth" => "Defense Evasion",
        "CredAccess" => "Credential Access",
        "Disc" => "Discovery",
        "LatMov" => "Lateral Movement",
        "Collect" => "Collection",
        "C2" => "Command And Control",
        "Exfil" => "Exfiltration",
        _ => return None,
    })
}

const RULE: &[FactField] = &[
    ("Rule ID", &["id", "RuleID"]),
    ("Rule status", &["status"]),
    ("Rule author", &["author", "authors"]),
    ("Log source", &["logsource.category", "logsource.service", "logsource.product"]),
];

const EVENT: &[FactField] = &[
    ("Event ID", &["System.EventID.#text", "System.EventID"]),
    ("Channel", &["System.Channel"]),
    (
        "Event provider",
        &["System.Provider.#attributes.Name", "System.Provider_attributes.Name", "System.Provider.@Name"],
    ),
    ("Record ID", &["System.EventRecordID"]),
];
