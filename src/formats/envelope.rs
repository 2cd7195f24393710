//! Wrappers: what senders and transports put around one record or a list of records. They are opened here, for
//! every adapter; a mapping names the place of its records itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::formats::building::json::parse_embedded_json;
use crate::formats::building::labelled_alert;
use crate::formats::building::path::{has_any, text_at, value_at};
use crate::formats::dotted;
use crate::formats::format::Format;
use crate::formats::not_taken::NotTaken;
use crate::formats::registry;

/// Members that hold the list of an envelope.
pub(super) const ENVELOPES: &[&str] = &[
    "alerts",
    "data",
    "results",
    "items",
    "records",
    "Records",
    "findings",
    "Findings",
    "hits",
    "events",
    "resources",
    "detects",
    "detections",
];

/// Paths of the list when it is nested deeper.
const LIST_PATHS: [&str; 4] = ["reply.alerts", "reply.data", "hits.hits", "data.alerts"];

/// The path of the list in a call by JSON-RPC, as Bitdefender GravityZone sends its events.
const RPC_LIST: &str = "params.events";

/// Beginnings of the names of members that describe a list.
const ABOUT_LISTS: [&str; 16] = [
    "count",
    "total",
    "next",
    "page",
    "pagination",
    "offset",
    "limit",
    "cursor",
    "success",
    "took",
    "timed",
    "has_more",
    "num_",
    "meta",
    "error",
    "version",
];

/// Members that may be objects and still only describe a list.
const ABOUT_LISTS_OBJECTS: [&str; 4] = ["meta", "metadata", "pages", "pagination"];

/// Further members with a list of records, for lists of records that an adapter detects.
const OTHER_LISTS: [&str; 6] = ["value", "entities", "incidents", "detail.findings", "result", "listFindingsResults"];

/// Members with one record or a list, as an object, a list or JSON in a text: of Shuffle and Wazuh's
/// integrations, active response, Amazon EventBridge, SNS and SQS, Sentinel's automation rules, CloudEvents and Azure
/// Event Grid, Google Pub/Sub, Kafka's REST proxy, Elasticsearch, Logstash, Fluent Bit, Vector, n8n and Zapier.
const INNER: [&str; 17] = [
    "all_fields",
    "parameters.alert",
    "detail",
    "Message",
    "Sns.Message",
    "object",
    "data",
    "message.data",
    "body",
    "payload",
    "value",
    "_source",
    "message",
    "log",
    "event.original",
    "alert",
    "_raw",
];

/// Wrappers inside of wrappers that are opened.
pub(super) const DEPTH_MAX: usize = 5;

/// What a wrapper holds.
pub(super) enum Wrapped {
    /// Its records; each may be a wrapper again.
    Records(Vec<Value>),
    NotTaken(NotTaken),
}

/// Opens a wrapper; `None` for a record, and for an object in which no record is found.
pub(super) fn open(format: &Format, value: &Value) -> Option<Wrapped> {
    if !value.is_object() {
        return None;
    }
    if let Some(lists) = lists_of_envelope(value).or_else(|| records_of(value)) {
        return Some(of_lists(&lists));
    }
    if matches!(format, Format::Mapped(_)) {
        return None;
    }
    if let Some(why) = handshake(value) {
        return Some(Wrapped::NotTaken(NotTaken::Skipped(why.to_owned())));
    }
    if let Some(event) = event_of_text(value) {
        return Some(Wrapped::Records(vec![event]));
    }
    if is_record(format, value) {
        return None;
    }
    let known = known_lists(format, value).or_else(|| inner(format, value, DEPTH_MAX));
    known.or_else(|| graph_list(value)).or_else(|| empty_list(value))
}

/// An event of EventBridge whose detail is JSON in a text, with the detail as an object.
fn event_of_text(value: &Value) -> Option<Value> {
    let detail = value.get("detail").filter(|detail| detail.is_string() && value.get("detail-type").is_some())?;
    let opened = parse_embedded_json(detail).into_owned();
    let mut event = value.clone();
    event.as_object_mut()?.insert("detail".to_owned(), opened);
    event.get("detail").is_some_and(is_structure).then_some(event)
}

/// The records of all lists; none where all are empty.
fn of_lists(lists: &[&Vec<Value>]) -> Wrapped {
    let records: Vec<Value> = lists.iter().flat_map(|list| list.iter().cloned()).collect();
    if records.is_empty() {
        return Wrapped::NotTaken(NotTaken::Skipped(NO_ALERTS.to_owned()));
    }
    Wrapped::Records(records)
}

pub(super) const NO_ALERTS: &str = "The list is empty: it contains no alerts.";

/// The lists with a record that an adapter detects, with other members around them.
fn known_lists(format: &Format, value: &Value) -> Option<Wrapped> {
    let names = ENVELOPES.iter().chain(&LIST_PATHS).chain(&OTHER_LISTS);
    let lists = names.filter_map(|name| list_at(value, name));
    let known: Vec<_> = lists.filter(|list| list.iter().any(|item| is_record(format, item))).collect();
    (!known.is_empty()).then(|| of_lists(&known))
}

/// The list of an answer of Graph, also when nothing in it is known, because a body is split at it as well.
fn graph_list(value: &Value) -> Option<Wrapped> {
    value.get("value")?.as_array().filter(|list| !list.is_empty()).map(|list| of_lists(&[list]))
}

/// The list at a path of objects. Of a list on the way, the list itself is read, not a member of its first entry.
fn list_at<'a>(value: &'a Value, path: &str) -> Option<&'a Vec<Value>> {
    let in_list = path.split_once('.').is_some_and(|(first, _)| value.get(first).is_some_and(Value::is_array));
    value_at(value, path).filter(|_| !in_list)?.as_array()
}

/// The record in a member of the object, where it is one or wraps one.
fn inner(format: &Format, value: &Value, depth: usize) -> Option<Wrapped> {
    INNER.iter().find_map(|path| {
        let found = opened(path, value_at(value, path)?)?;
        let holds = |item: &Value| is_record(format, item) || depth > 1 && is_wrapper(format, item, depth - 1);
        match found {
            Value::Array(items) => items.iter().any(holds).then_some(Wrapped::Records(items)),
            one => holds(&one).then(|| Wrapped::Records(vec![with_id(value, path, one)])),
        }
    })
}

/// Whether an inner value wraps a record that an adapter detects.
fn is_wrapper(format: &Format, value: &Value, depth: usize) -> bool {
    handshake(value).is_some() || known_lists(format, value).is_some() || inner(format, value, depth).is_some()
}

/// An object or list, also as JSON in a text; in the members of messages also in Base64.
fn opened(path: &str, value: &Value) -> Option<Value> {
    let found = parse_embedded_json(value).into_owned();
    if let (Value::String(text), "message.data" | "data" | "value") = (&found, path) {
        return serde_json::from_slice(&STANDARD.decode(text.trim()).ok()?).ok().filter(is_structure);
    }
    Some(found).filter(is_structure)
}

fn is_structure(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// The document of an Elasticsearch hit keeps the hit's id.
fn with_id(hit: &Value, path: &str, document: Value) -> Value {
    if path == "_source" { document_of(hit).unwrap_or(document) } else { document }
}

/// The document of an Elasticsearch hit, with the hit's id.
pub(super) fn document_of(value: &Value) -> Option<Value> {
    let mut document = value.get("_source").filter(|source| source.is_object())?.clone();
    if let (Some(members), Some(id)) = (document.as_object_mut(), value.get("_id")) {
        members.insert("_id".to_owned(), id.clone());
    }
    Some(document)
}

/// Whether an adapter detects the object by more than a title. Graph's adapters take any object with a title or
/// a list of alerts, which senders also put around the records of other products.
fn is_record(format: &Format, value: &Value) -> bool {
    let adapter = match format {
        Format::Named(adapter) => Some(*adapter).filter(|adapter| (adapter.detect)(value)),
        Format::Auto => dotted::detect(value),
        Format::Mapped(_) => None,
    };
    match adapter.map(|adapter| adapter.name) {
        None => false,
        Some("graph") => {
            has_any(value, &["id", "providerAlertId", "alertId"])
                && has_any(
                    value,
                    &["createdDateTime", "firstActivityDateTime", "lastActivityDateTime", "evidence", "serviceSource"],
                )
        }
        Some("graphIncident") => {
            let alerts = value_at(value, "alerts").and_then(Value::as_array);
            let of_others = |item: &Value| registry::detect(item).is_some_and(|adapter| adapter.name != "graph");
            has_any(value, &["id", "incidentId"]) && !alerts.is_some_and(|alerts| alerts.iter().any(of_others))
        }
        Some(_) => true,
    }
}

/// Requests by which a service asks whether the address is the sender's own, with what a person has to do.
fn handshake(value: &Value) -> Option<&'static str> {
    let kind = text_at(value, &["Type"]);
    if has_any(value, &["TopicArn"]) && matches!(kind.as_str(), "SubscriptionConfirmation" | "UnsubscribeConfirmation")
    {
        return Some(
            "This is a confirmation request of Amazon SNS, not an alert: open the address in its SubscribeURL once, \
             and SNS sends the alerts.",
        );
    }
    (text_at(value, &["eventType", "type"]) == "Microsoft.EventGrid.SubscriptionValidationEvent").then_some(
        "This is a validation request of Azure Event Grid, not an alert: open the address in its validationUrl once, \
         and Event Grid sends the alerts.",
    )
}

/// Names of lists that mean "no alerts" when they are empty, whatever members stand beside them. Names that records
/// use for lists of their own ("data", "items", "resources") are not among them.
const MAY_BE_EMPTY: [&str; 10] =
    ["alerts", "value", "findings", "detections", "events", "results", "records", "Records", "incidents", "hits.hits"];

/// An envelope whose lists are all empty, and that is not an alert of its own.
fn empty_list(value: &Value) -> Option<Wrapped> {
    let own = ["id", "title", "name", "severity", "displayName", "message", "description"];
    let found: Vec<&Value> = MAY_BE_EMPTY.iter().filter_map(|name| value_at(value, name)).collect();
    let lists: Vec<&Vec<Value>> = found.iter().filter_map(|list| list.as_array()).collect();
    let empty = !lists.is_empty() && lists.len() == found.len() && lists.iter().all(|list| list.is_empty());
    (labelled_alert::is_empty_notification(value) || empty && !has_any(value, &own)).then(|| of_lists(&[]))
}

/// The lists of records of an answer such as Cortex XDR's or Elasticsearch's; `None` for everything else.
pub fn records_of(value: &Value) -> Option<Vec<&Vec<Value>>> {
    let all_objects = |list: &&Vec<Value>| list.iter().all(Value::is_object);
    if value.get("jsonrpc").is_some() {
        return Some(vec![value_at(value, RPC_LIST)?.as_array().filter(all_objects)?]);
    }
    let is_record = ["id", "title", "rule", "name"].iter().any(|key| value.get(key).is_some());
    if !value.is_object() || is_record {
        return None;
    }
    let lists: Vec<_> = LIST_PATHS.iter().filter_map(|path| list_at(value, path)).filter(all_objects).collect();
    (!lists.is_empty()).then_some(lists)
}

/// Most members of an envelope.
const ENVELOPE_MEMBERS: usize = 10;

/// The lists of an object whose other members only describe them. Lists without any object are no records.
fn lists_of_envelope(value: &Value) -> Option<Vec<&Vec<Value>>> {
    let object = value.as_object()?;
    if object.len() > ENVELOPE_MEMBERS {
        return None;
    }
    let lists = ENVELOPES.iter().filter_map(|name| object.get(*name)?.as_array());
    let lists: Vec<_> = lists.filter(|list| list.is_empty() || list.iter().any(Value::is_object)).collect();
    let only = object.iter().all(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let about_the_list = name.starts_with('@') || ABOUT_LISTS.iter().any(|known| name.starts_with(known));
        let described = about_the_list && (!value.is_object() || ABOUT_LISTS_OBJECTS.contains(&name.as_str()));
        ENVELOPES.iter().any(|known| known.eq_ignore_ascii_case(&name)) || described
    });
    (only && !lists.is_empty() && lists.iter().all(|list| list.iter().all(Value::is_object))).then_some(lists)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn suricata(id: u32) -> Value {
        json!({"event_type": "alert", "flow_id": id, "src_ip": "192.0.2.1", "timestamp": "2025-03-01T10:00:00Z",
            "alert": {"signature": "Odd", "signature_id": id, "severity": 1}})
    }

    fn records(value: &Value) -> Vec<Value> {
        match open(&Format::Auto, value) {
            Some(Wrapped::Records(records)) => records,
            Some(Wrapped::NotTaken(why)) => vec![json!(why.sentence())],
            None => Vec::new(),
        }
    }

    #[test]
    fn answers_are_opened_and_records_are_not() {
        let count = |value: Value| records_of(&value).map(|lists| lists.iter().map(|list| list.len()).sum::<usize>());
        assert_eq!(count(json!({"reply": {"alerts": [{}, {}], "total_count": 2}})), Some(2));
        assert_eq!(count(json!({"reply": {"alerts": [], "data": [{}]}})), Some(1));
        assert_eq!(count(json!({"took": 1, "_shards": {}, "hits": {"total": 1, "hits": [{"_source": {}}]}})), Some(1));
        assert_eq!(count(json!({"id": "1", "data": {"alerts": [{}]}})), None);
        assert_eq!(count(json!({"data": {"alerts": ["a"]}})), None);
        assert_eq!(count(json!([1])), None);
    }

    #[test]
    fn every_wrapper_gives_its_record() {
        let record = suricata(1);
        let text = record.to_string();
        let base64 = "eyJldmVudF90eXBlIjoiYWxlcnQiLCJmbG93X2lkIjoxfQ==";
        for wrapper in [
            json!({"severity": 2, "title": "Odd", "id": "7", "all_fields": record}),
            json!({"version": 1, "origin": {}, "command": "add", "parameters": {"alert": record, "program": "x"}}),
            json!({"detail-type": "x", "source": "y", "id": "1", "detail": record}),
            json!({"Type": "Notification", "TopicArn": "arn", "Message": text}),
            json!({"specversion": "1.0", "id": "1", "type": "t", "data": record}),
            json!({"message": text, "@timestamp": "2025-03-01T10:00:00Z"}),
            json!({"log": text, "stream": "stdout"}),
            json!({"headers": {}, "body": record}),
            json!({"event": {"original": text}}),
            json!({"EventSource": "aws:sns", "Sns": {"Type": "Notification", "TopicArn": "arn", "Message": text}}),
            json!({"messageId": "1", "eventSource": "aws:sqs", "body": text}),
            json!({"detail-type": "x", "source": "y", "id": "1", "detail": text}),
            json!({"name": "rule", "id": 4, "alerts": [record]}),
            json!({"Message": json!({"detail": record}).to_string(), "TopicArn": "arn", "Type": "Notification"}),
        ] {
            let found = records(&wrapper);
            let inner = found.first().unwrap_or_else(|| panic!("{wrapper}"));
            let innermost = if *inner == record { record.clone() } else { records(inner).remove(0) };
            assert_eq!((found.len(), innermost), (1, record.clone()), "{wrapper}");
        }
        assert_eq!(records(&json!({"message": {"data": base64, "messageId": "1"}, "subscription": "s"})).len(), 1);
    }

    #[test]
    fn a_list_of_known_records_is_opened_and_an_incident_with_its_alerts_is_not() {
        let found =
            records(&json!({"rule": {"name": "r"}, "date": "x", "alerts": [suricata(1), suricata(2), {"odd": 1}]}));
        assert_eq!(found.len(), 3);
        let alert = json!({"id": "a1", "title": "Odd login", "createdDateTime": "2025-03-01T10:00:00Z"});
        assert!(records(&json!({"id": "7", "displayName": "n", "alerts": [alert]})).is_empty());
        assert!(records(&suricata(1)).is_empty());
        assert!(records(&json!({"data": {"data": {"data": "deep"}}})).is_empty());
    }

    #[test]
    fn every_list_of_a_wrapper_is_read() {
        let [one, two] = [suricata(1), suricata(2)];
        for wrapper in [
            json!({"alerts": [one], "detections": [two]}),
            json!({"alerts": [one], "detections": [two], "sender": "x"}),
            json!({"reply": {"alerts": [one], "data": [two]}}),
            json!({"alerts": [], "detections": [one, two]}),
            json!({"alerts": [one], "value": [two], "result": {}}),
        ] {
            assert_eq!(records(&wrapper), [one.clone(), two.clone()], "{wrapper}");
        }
        // What is no record is in the list too, so that it is refused with a sentence.
        assert_eq!(records(&json!({"alerts": [one], "detections": [two, null, 5]})).len(), 4);
        assert_eq!(records(&json!({"data": [{"id": "1", "alerts": [one]}, two]})).len(), 2);
    }

    #[test]
    fn a_notification_without_alerts_is_skipped() {
        let alertmanager = json!({"version": "4", "groupKey": "{}", "receiver": "w", "status": "resolved", "alerts": [],
            "groupLabels": {}, "commonLabels": {}, "externalURL": "http://am.example.test"});
        let grafana = json!({"receiver": "w", "status": "firing", "alerts": null, "groupLabels": {}, "title": "[FIRING:0]",
            "commonLabels": {}, "state": "alerting", "message": "m", "groupKey": "{}", "orgId": 1});
        for value in
            [alertmanager, grafana, json!({"status": "ok", "alerts": []}), json!({"preview": false, "results": []})]
        {
            assert_eq!(records(&value), [json!(NO_ALERTS)], "{value}");
        }
        assert!(records(&json!({"status": "ok", "alerts": [], "events": [{"a": 1}]})).is_empty());
    }

    #[test]
    fn an_empty_list_and_a_confirmation_say_why_there_is_no_alert() {
        assert_eq!(records(&json!({"version": "4", "groupKey": "g", "alerts": []})), [json!(NO_ALERTS)]);
        assert_eq!(records(&json!({"findings": []})), [json!(NO_ALERTS)]);
        let sns =
            json!({"Type": "SubscriptionConfirmation", "TopicArn": "arn", "SubscribeURL": "https://sns.example.test/"});
        assert!(records(&sns).first().unwrap().as_str().unwrap().contains("SubscribeURL"));
        // What has a name of its own may be an alert of an unknown product.
        assert!(records(&json!({"name": "Odd", "findings": []})).is_empty());
    }

    #[test]
    fn wrappers_are_opened_to_a_bounded_depth() {
        let mut deep = suricata(1);
        for _ in 0..30 {
            deep = json!({"detail": deep});
        }
        assert!(records(&deep).is_empty());
    }

    #[test]
    fn a_list_may_stand_beside_what_describes_it() {
        let count =
            |value: Value| lists_of_envelope(&value).map(|lists| lists.iter().map(|list| list.len()).sum::<usize>());
        assert_eq!(count(json!({"meta": {"trace_id": "1"}, "errors": [], "resources": [{}, {}]})), Some(2));
        assert_eq!(count(json!({"version": "1", "metadata": {"results": {"total": 1}}, "data": [{}]})), Some(1));
        assert_eq!(count(json!({"results": [{}], "num_found": 1, "num_available": 1})), Some(1));
        assert_eq!(count(json!({"items": [{}], "has_more": false, "next_cursor": "1"})), Some(1));
        assert_eq!(count(json!({"data": [], "pagination": {"nextCursor": null, "totalItems": 0}})), Some(0));
        assert_eq!(count(json!({"alerts": [{}], "resources": ["i-1"]})), Some(1));
        assert_eq!(count(json!({"resources": [{}], "finding_info": {"title": "x"}})), None);
        assert_eq!(count(json!({"data": {"id": 1}, "version": "1"})), None);
    }
}
