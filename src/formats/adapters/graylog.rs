//! Graylog events: notifications over HTTP, and events as its search gives them.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::event_fields;
use crate::formats::building::facts::FactField;
use crate::formats::building::path::{has_any, long_text_at, time_at, value_at};
use crate::formats::building::terms::normalized;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "graylog",
    label: "Graylog event notifications",
    detect: |value| {
        let defined = has_any(value, &["event_definition_id", "event_definition_title", "event.event_definition_id"]);
        defined && value.get("event").is_some_and(Value::is_object)
    },
    parse: parse_record,
    documentation: "https://go2docs.graylog.org/current/interacting_with_your_log_data/notifications.html",
    fields: Fields {
        title: "event_definition_title, event.message",
        id: "event.id",
        severity: "event.priority",
        times: "event.timestamp, event.timerange_start, event.timerange_end, event.timestamp_processing",
        device: "host, hostname, host_hostname, dest, source and others in event.fields and event.group_by_fields",
        user: "user, user_name, username and others in event.fields and event.group_by_fields",
        address: "source_ip, src_ip, destination_ip, dest_ip and others in the fields",
        file: "file_path, file_name in the fields",
        hash: "file_hash, hash_sha256, sha256 and others in the fields",
        process: "process_command_line, process_path, process_name in the fields",
        url: "url, http_url, domain in the fields",
        technique: "fields whose name contains mitre, technique or tactic",
        category: "fields whose name contains mitre, technique or tactic",
        status: "",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let event = value_at(value, "event").unwrap_or(&Value::Null);
    let mut draft = Draft::new("graylog", "Graylog");
    draft.set_title(value, &["event_definition_title", "event.message"]);
    draft.set_id(value, &["event.id"]);
    draft.alert.description = long_text_at(value, &["event.message", "event_definition_description"]);
    // 1 is low, 2 normal, 3 high and 4 critical.
    draft.set_severity_at(event, &[], &["priority"], [3, 2, 1]);
    let at = time_at(event, &["timestamp"]);
    draft.set_times(
        time_at(event, &["timerange_start"]).or(at),
        time_at(event, &["timerange_end"]).or(at),
        time_at(event, &["timestamp_processing"]).or(at),
    );
    draft.add_facts(value, FACTS);
    for path in ["fields", "group_by_fields"] {
        let Some(fields) = value_at(event, path) else { continue };
        set_tactics_and_techniques(&mut draft, fields);
        event_fields::add_facts(&mut draft, fields);
        event_fields::add_evidence(&mut draft, fields, &["host", "source"]);
    }
    draft.set_category_if_empty("SuspiciousActivity");
    draft.into_incoming(value)
}

fn set_tactics_and_techniques(draft: &mut Draft, fields: &Value) {
    for (name, value) in fields.as_object().into_iter().flatten() {
        let name = normalized(name);
        if ["mitre", "technique", "tactic"].iter().any(|word| name.contains(word)) {
            let text = value.as_str().unwrap_or_default().to_owned();
            draft.set_tactics(std::slice::from_ref(&text));
            draft.add_techniques(&[text]);
        }
    }
}

const FACTS: &[FactField] = &[
    ("Event definition", &["event_definition_description"]),
    ("Key", &["event.key"]),
    ("Priority", &["event.priority"]),
    ("Kind of definition", &["event_definition_type", "event.event_definition_type"]),
    ("Graylog server", &["event.source"]),
    ("Origin", &["event.origin_context"]),
];
