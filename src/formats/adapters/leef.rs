//! Events in QRadar's Log Event Extended Format: lines that the reader of bodies has taken apart
//! ([`syslog_lines`](crate::formats::readers)).

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::cef::{HEADER, SYSLOG, set_id, source_of};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::FactField;
use crate::formats::building::network::Connection;
use crate::formats::building::path::{long_text_at, text_at, texts_at, time_at, value_at};
use crate::formats::building::principals::Device;
use crate::formats::building::{event_time, severity_scales, windows};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "leef",
    label: "Log Event Extended Format (LEEF) lines",
    detect: |value| value.get("LEEF").is_some_and(Value::is_object),
    parse: parse_record,
    documentation: "IBM QRadar Log Event Extended Format (LEEF), version 2",
    fields: Fields {
        title: "eventName, name, else the event ID",
        id: "externalId with the event ID",
        severity: "sev (1 to 10)",
        times: "devTime by devTimeFormat, else the time of the syslog header",
        device: "resource, identHostName, else the internal of identSrc, dst and src",
        user: "usrName",
        address: "src, dst, identSrc",
        file: "",
        hash: "",
        process: "",
        url: "url",
        technique: "",
        category: "cat, where it names a tactic",
        status: "",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let event = value.get("LEEF").unwrap_or(&Value::Null);
    let data = value_at(event, "attributes").unwrap_or(&Value::Null);
    let event_id = text_at(event, &["eventId"]);
    let mut draft = Draft::new(&source_of(event), &text_at(event, &["deviceProduct"]));
    draft.set_title(data, &["eventName", "name", "EventName"]);
    if draft.alert.title.is_empty() {
        draft.set_title(event, &["eventId"]);
    }
    set_id(&mut draft, event, &event_id, &text_at(data, &["externalId"]));
    draft.alert.description = long_text_at(data, &["msg", "message", "reason"]);
    draft.set_severity_at(data, &[], &["sev"], severity_scales::ZERO_TO_TEN);
    draft.set_tactics(&texts_at(data, "cat"));
    draft.set_category_if_empty("SuspiciousActivity");
    let format = text_at(data, &["devTimeFormat"]);
    let given = text_at(data, &["devTime"]);
    let at_time = event_time::parse(&given, Some(format.as_str()).filter(|format| !format.is_empty()))
        .or_else(|| time_at(data, &["devTime"]))
        .or_else(|| event_time::parse(&text_at(value, &["syslog.time"]), None));
    draft.set_times(at_time, at_time, at_time);
    add_evidence(&mut draft, data);
    draft.add_facts(data, FACTS);
    draft.add_facts(event, HEADER);
    draft.add_facts(value, SYSLOG);
    draft.into_incoming(value)
}

fn add_evidence(draft: &mut Draft, data: &Value) {
    let connection = Connection::from_record(data, &["src", "identSrc"], &["dst"], [&["srcPort"], &["dstPort"]]);
    let internal = connection.internal_end();
    let named = text_at(data, &["resource", "identHostName"]);
    let name = if named.is_empty() { internal.map(|(end, _)| end.to_string()).unwrap_or_default() } else { named };
    let device = Device { names: vec![name], ..Device::default() };
    draft.add_evidence(device.build(), &[internal.map_or("", |(_, role)| role)]);
    draft.add_ip(&text_at(data, &["src"]), &["source"]);
    draft.add_ip(&text_at(data, &["dst"]), &["destination"]);
    draft.add_ip(&text_at(data, &["identSrc"]), &[]);
    let domain = text_at(data, &["domain"]);
    for path in ["usrName", "identUsrName"] {
        draft.add_evidence(windows::account(&text_at(data, &[path]), &domain, ""), &[]);
    }
    draft.add_evidence(evidence_kinds::url(&text_at(data, &["url"])), &[]);
}

const FACTS: &[FactField] = &[
    ("Action", &["action"]),
    ("Policy", &["policy"]),
    ("Protocol", &["proto"]),
    ("Source port", &["srcPort"]),
    ("Destination port", &["dstPort"]),
    ("Role", &["role"]),
    ("Group", &["groupID"]),
    ("Category in the source", &["cat"]),
];
