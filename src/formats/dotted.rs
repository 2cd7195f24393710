//! Records whose members were flattened: `{"device.hostname": "PC-1"}` for `{"device": {"hostname": "PC-1"}}`. Log
//! shippers, tables and search engines write them so.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::building::json::{is_flattened, nested};
use crate::formats::format::Format;
use crate::formats::not_taken::NotTaken;
use crate::formats::registry::{self, ADAPTERS};
use crate::model::incoming::{Incoming, IncomingAlert};

/// Adapters that read flattened records themselves, because their products send them.
const READ_FLATTENED: [&str; 2] = ["elastic", "wazuh"];

/// The adapter that reads the record, as it is sent or with its members nested.
pub(super) fn detect(value: &Value) -> Option<&'static Adapter> {
    let as_sent = registry::detect(value);
    if !may_be_flattened(value, as_sent) {
        return as_sent;
    }
    let as_nested = registry::detect(&nested(value));
    if is_more_specific(as_nested, as_sent) { as_nested } else { as_sent }
}

/// Reads a record, as it is sent or with its members nested, by which more of it is found; `None` when no adapter
/// detects it.
pub(super) fn read(format: &Format, value: &Value) -> Option<Result<Incoming, NotTaken>> {
    let adapter_of = |value: &Value| match format {
        Format::Named(adapter) => Some(*adapter),
        _ => registry::detect(value),
    };
    let as_sent = adapter_of(value);
    let parsed = |adapter: Option<&'static Adapter>, value: &Value| adapter.map(|adapter| (adapter.parse)(value));
    if !may_be_flattened(value, as_sent) {
        return parsed(as_sent, value);
    }
    let whole = nested(value);
    let as_nested = adapter_of(&whole);
    if is_more_specific(as_sent, as_nested) {
        return parsed(as_sent, value);
    }
    let by_nested = parsed(as_nested, &whole).map(|read| with_payload(read, value));
    if is_more_specific(as_nested, as_sent) {
        return by_nested;
    }
    let by_sent = parsed(as_sent, value);
    if finds_more(by_nested.as_ref(), by_sent.as_ref()) { by_nested } else { by_sent }
}

fn may_be_flattened(value: &Value, as_sent: Option<&Adapter>) -> bool {
    is_flattened(value) && !as_sent.is_some_and(|adapter| READ_FLATTENED.contains(&adapter.name))
}

/// Adapters that look for more of one product are asked first.
fn is_more_specific(one: Option<&Adapter>, other: Option<&Adapter>) -> bool {
    let place = |wanted: Option<&Adapter>| {
        let wanted = wanted?;
        ADAPTERS.iter().position(|adapter| adapter.name == wanted.name)
    };
    place(one).unwrap_or(ADAPTERS.len()) < place(other).unwrap_or(ADAPTERS.len())
}

/// The payload of an alert is the record as it was sent.
fn with_payload(read: Result<Incoming, NotTaken>, value: &Value) -> Result<Incoming, NotTaken> {
    Ok(match read? {
        Incoming::Alert(alert, _) => Incoming::Alert(alert, value.to_string()),
        incident @ Incoming::Incident(..) => incident,
    })
}

fn finds_more(one: Option<&Result<Incoming, NotTaken>>, other: Option<&Result<Incoming, NotTaken>>) -> bool {
    match (one, other) {
        (Some(Ok(Incoming::Alert(one, _))), Some(Ok(Incoming::Alert(other, _)))) => {
            let found = |alert: &IncomingAlert| [alert.evidence.len(), alert.techniques.len()];
            let severity = one.severity.is_some() && other.severity.is_none();
            severity || found(one) > found(other)
        }
        (Some(Ok(_)), other) => !matches!(other, Some(Ok(_))),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    fn flattened(value: &Value) -> Value {
        let mut members = Map::new();
        flatten("", value, &mut members);
        Value::Object(members)
    }

    fn flatten(path: &str, value: &Value, members: &mut Map<String, Value>) {
        match value {
            Value::Object(inner) => {
                for (name, value) in inner {
                    flatten(&if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, value, members);
                }
            }
            other => {
                members.insert(path.to_owned(), other.clone());
            }
        }
    }

    fn alert(value: &Value) -> Option<IncomingAlert> {
        match read(&Format::Auto, value)? {
            Ok(Incoming::Alert(alert, _)) => Some(*alert),
            _ => None,
        }
    }

    fn severity_and_names(value: &Value) -> (Option<String>, Vec<String>) {
        let alert = alert(value).unwrap_or_default();
        let names = alert.evidence.into_iter().map(|item| item.name).collect();
        (alert.severity.map(|severity| severity.as_str().to_owned()), names)
    }

    #[test]
    fn a_flattened_record_says_the_same_as_a_nested_one() {
        let suricata = json!({"timestamp": "2026-11-26T20:21:00.000000+0000", "event_type": "alert", "flow_id": 7,
            "src_ip": "10.9.9.2", "dest_ip": "203.0.113.71", "proto": "TCP", "alert": {"signature": "ET X",
            "signature_id": 5, "severity": 2, "category": "Attempted Information Leak"}});
        let ocsf = json!({"class_uid": 2004, "category_uid": 2, "severity_id": 5, "time": 1_795_724_280_000_i64,
            "metadata": {"uid": "o", "product": {"name": "P"}}, "finding_info": {"uid": "o", "title": "Odd"},
            "device": {"hostname": "pc-1"}, "user": {"name": "ana"}});
        let guard_duty = json!({"schemaVersion": "2.0", "accountId": "1", "region": "eu", "id": "g", "severity": 5,
            "type": "Recon:EC2/Portscan", "title": "Odd", "createdAt": "2026-11-26T20:17:00Z",
            "updatedAt": "2026-11-26T20:17:00Z", "resource": {"resourceType": "Instance",
            "instanceDetails": {"instanceId": "i-0dd"}}, "service": {"eventFirstSeen": "2026-11-26T20:17:00Z",
            "action": {"actionType": "NETWORK_CONNECTION",
            "networkConnectionAction": {"remoteIpDetails": {"ipAddressV4": "203.0.113.59"}}}}});
        let okta = json!({"uuid": "u", "published": "2026-11-26T20:22:00Z", "eventType": "user.session.start",
            "displayMessage": "Odd", "severity": "WARN", "client": {"ipAddress": "203.0.113.72"},
            "actor": {"id": "00u", "type": "User", "alternateId": "ana@x.example", "displayName": "Ana"},
            "outcome": {"result": "FAILURE"}});
        let lima_charlie = json!({"cat": "Odd", "detect_id": "d", "ts": 1_795_724_280_000_i64,
            "routing": {"hostname": "pc-1", "sid": "s"}, "detect": {"event": {"COMMAND_LINE": "x Y"}},
            "detect_mtd": {"level": "low"}});
        for record in [suricata, ocsf, guard_duty, okta, lima_charlie] {
            let (severity, names) = severity_and_names(&record);
            assert!(severity.is_some() && !names.is_empty(), "{record}");
            assert_eq!(severity_and_names(&flattened(&record)), (severity, names), "{record}");
        }
    }

    #[test]
    fn names_with_dots_of_their_own_stay_as_they_are() {
        let zeek = json!({"ts": 1_795_724_060.1, "uid": "C2", "id.orig_h": "10.50.5.2", "id.orig_p": 1,
            "id.resp_h": "203.0.113.61", "id.resp_p": 80, "note": "Scan::Port_Scan", "msg": "Odd"});
        let names = severity_and_names(&zeek).1;
        assert!(names.contains(&"10.50.5.2".to_owned()), "{names:?}");
        let notable = json!({"event_id": "e", "urgency": "high", "rule_title": "Odd", "annotations": "x",
            "annotations.mitre_attack": "T1059", "dest": "pc-1"});
        let read = alert(&notable).unwrap_or_default();
        assert_eq!(read.techniques, ["T1059"]);
        assert!(read.facts.iter().any(|(label, _)| label == "annotations.mitre_attack"));
    }

    #[test]
    fn the_payload_is_the_record_as_it_was_sent() {
        let record = json!({"uuid": "u", "published": "2026-11-26T20:22:00Z", "eventType": "user.session.start",
            "displayMessage": "Odd", "severity": "WARN", "actor.id": "00u", "actor.type": "User",
            "actor.alternateId": "ana@x.example", "outcome.result": "FAILURE"});
        let Some(Ok(Incoming::Alert(_, payload))) = read(&Format::Auto, &record) else { panic!("not read") };
        assert_eq!(payload, record.to_string());
    }
}
