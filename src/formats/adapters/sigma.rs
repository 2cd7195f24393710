//! Matches of Sigma rules: Chainsaw's and Hayabusa's JSON, and a rule paired with its event.

use serde_json::{Map, Value};

use crate::formats::adapter::Adapter;
use crate::formats::building::clean_text::LONG_MAX;
use crate::formats::building::draft::{Draft, hash_of};
use crate::formats::building::facts::Row;
use crate::formats::building::path::{at, has, number, objects_at, prose, say, say_max, when, words};
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "sigma",
    label: "Sigma matches (Chainsaw, Hayabusa)",
    detect: |value| {
        let chainsaw = has(value, &["document", "documents"]) && has(value, &["name"]) && has(value, &["level"]);
        let pair = has(value, &["event.Event", "event.System"]) && has(value, &["rule.title"]);
        chainsaw || pair || has(value, &["RuleTitle"])
    },
    read,
};

/// Where the parts of a match stand.
struct Match<'a> {
    rule: &'a Value,
    event: &'a Value,
}

fn read(value: &Value) -> Result<Incoming, NotTaken> {
    if has(value, &["RuleTitle"]) {
        return hayabusa(value);
    }
    let documents = [at(value, "document"), at(value, "documents"), at(value, "event")];
    let document = documents.into_iter().flatten().next().unwrap_or(value);
    let event = ["data.Event", "Event", "data"].iter().find_map(|path| at(document, path)).unwrap_or(document);
    let rule = at(value, "rule").filter(|rule| rule.is_object()).unwrap_or(value);
    let found = Match { rule, event };
    let mut draft = of_rule(found.rule, &["title", "name"], &["level"]);
    let data = data_of(found.event);
    identify(&mut draft, &found, value);
    let paths = [
        "System.TimeCreated.#attributes.SystemTime",
        "System.TimeCreated_attributes.SystemTime",
        "System.TimeCreated.@SystemTime",
        "System.TimeCreated.SystemTime",
    ];
    let at_time = when(found.event, &paths).or_else(|| when(value, &["timestamp"]));
    draft.seen(at_time, at_time, at_time);
    draft.alert.occurrences = i64::try_from(objects_at(value, "documents").len()).unwrap_or_default();
    draft.rows(found.event, EVENT);
    let host = [say(found.event, &["System.Computer"])];
    windows::add(&mut draft, &host, event_id(found.event), &data);
    draft.finish(value)
}

fn event_id(event: &Value) -> Option<i64> {
    number(event, &["System.EventID.#text", "System.EventID"])
}

fn of_rule(rule: &Value, titles: &[&str], levels: &[&str]) -> Draft {
    let mut draft = Draft::new("sigma", "Sigma");
    draft.title(rule, titles);
    draft.severity_word(&say(rule, levels));
    draft.alert.description = prose(rule, &["description"]);
    let tags = words(rule, "tags");
    draft.tactics(&tags);
    draft.category_else("SuspiciousActivity");
    draft.techniques(&tags);
    draft.rows(rule, RULE);
    draft.list(rule, "False positives", "falsepositives");
    draft
}

/// One event may fire many rules, and one rule on many events.
fn identify(draft: &mut Draft, found: &Match<'_>, value: &Value) {
    let rule = say(found.rule, &["id", "title", "name"]);
    let computer = say(found.event, &["System.Computer"]);
    let record = say(found.event, &["System.EventRecordID"]);
    let several = objects_at(value, "documents").len() > 1;
    draft.alert.provider_alert_id = if record.is_empty() || several {
        hash_of(value)
    } else {
        format!("{rule}:{computer}:{}:{record}", say(found.event, &["System.Channel"]))
    };
}

/// The data of an event as one object, however its writer nested it.
fn data_of(event: &Value) -> Value {
    let mut data = Map::new();
    let user_data = at(event, "UserData").and_then(Value::as_object);
    let inner = user_data.into_iter().flat_map(Map::values).filter_map(Value::as_object);
    for part in at(event, "EventData").and_then(Value::as_object).into_iter().chain(inner) {
        data.extend(part.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    for named in objects_at(event, "EventData.Data") {
        let name = say(named, &["@Name", "#attributes.Name", "Name"]);
        if let Some(text) = named.get("#text").or_else(|| named.get("$text")).filter(|_| !name.is_empty()) {
            data.insert(name, text.clone());
        }
    }
    Value::Object(data)
}

fn hayabusa(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = of_rule(value, &["RuleTitle"], &["Level"]);
    let mut tags = words(value, "MitreTactics");
    tags.extend(words(value, "MitreTags"));
    draft.alert.category.clear();
    let names: Vec<String> =
        tags.iter().map(|tag| short_tactic(tag).map_or_else(|| tag.clone(), str::to_owned)).collect();
    draft.tactics(&names);
    draft.category_else("SuspiciousActivity");
    draft.techniques(&tags);
    let parts = ["RuleID", "Computer", "Channel", "RecordID"].map(|key| say(value, &[key]));
    let whole = parts.iter().all(|part| !part.is_empty());
    draft.alert.provider_alert_id = if whole { parts.join(":") } else { hash_of(value) };
    let at_time = when(value, &["Timestamp"]);
    draft.seen(at_time, at_time, at_time);
    draft.rows(value, &[("Event ID", &["EventID"]), ("Channel", &["Channel"]), ("Details", &["Details"])]);
    let mut data = Map::new();
    for part in ["ExtraFieldInfo", "Details"] {
        data.extend(at(value, part).and_then(Value::as_object).cloned().unwrap_or_default());
        // Older versions write "User: ana ¦ Proc: x.exe".
        let text = say_max(value, &[part], LONG_MAX);
        let pairs = text.split('¦').filter_map(|pair| pair.trim().split_once(": "));
        data.extend(pairs.map(|(key, found)| (key.to_owned(), Value::from(found))));
    }
    windows::add(&mut draft, &[say(value, &["Computer"])], number(value, &["EventID"]), &Value::Object(data));
    draft.finish(value)
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

const RULE: &[Row] = &[
    ("Rule ID", &["id", "RuleID"]),
    ("Rule status", &["status"]),
    ("Rule author", &["author", "authors"]),
    ("Log source", &["logsource.category", "logsource.service", "logsource.product"]),
];

const EVENT: &[Row] = &[
    ("Event ID", &["System.EventID.#text", "System.EventID"]),
    ("Channel", &["System.Channel"]),
    (
        "Event provider",
        &["System.Provider.#attributes.Name", "System.Provider_attributes.Name", "System.Provider.@Name"],
    ),
    ("Record ID", &["System.EventRecordID"]),
];
