//! Envelopes: answers of APIs that are objects around a list of records.

use serde_json::Value;

use crate::formats::building::path::value_at;

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
const ABOUT_LISTS: [&str; 15] = [
    "count", "total", "next", "page", "offset", "limit", "cursor", "success", "took", "timed", "has_more", "num_",
    "meta", "error", "version",
];

/// Members that may be objects and still only describe a list.
const ABOUT_LISTS_OBJECTS: [&str; 3] = ["meta", "metadata", "pages"];

/// The records of an answer such as Cortex XDR's or Elasticsearch's; `None` for everything else.
pub fn records_of(value: &Value) -> Option<&Vec<Value>> {
    if value.get("jsonrpc").is_some() {
        return value_at(value, RPC_LIST)?.as_array().filter(|list| list.iter().all(Value::is_object));
    }
    let is_record = ["id", "title", "rule", "name"].iter().any(|key| value.get(key).is_some());
    if !value.is_object() || is_record {
        return None;
    }
    let mut lists = LIST_PATHS.iter().filter_map(|path| value_at(value, path)?.as_array());
    lists.find(|list| list.iter().all(Value::is_object))
}

/// Most members of an envelope.
const ENVELOPE_MEMBERS: usize = 10;

/// The list of an object whose other members only describe that list.
pub(super) fn list_of_envelope(value: &Value) -> Option<&Vec<Value>> {
    let object = value.as_object()?;
    if object.len() > ENVELOPE_MEMBERS {
        return None;
    }
    let list = ENVELOPES.iter().find_map(|name| object.get(*name)?.as_array())?;
    let only = object.iter().all(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let about_the_list = name.starts_with('@') || ABOUT_LISTS.iter().any(|known| name.starts_with(known));
        let described = about_the_list && (!value.is_object() || ABOUT_LISTS_OBJECTS.contains(&name.as_str()));
        ENVELOPES.iter().any(|known| known.eq_ignore_ascii_case(&name)) || described
    });
    (only && list.iter().all(Value::is_object)).then_some(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn answers_are_opened_and_records_are_not() {
        let count = |value: Value| records_of(&value).map(Vec::len);
        assert_eq!(count(json!({"reply": {"alerts": [{}, {}], "total_count": 2}})), Some(2));
        assert_eq!(count(json!({"took": 1, "_shards": {}, "hits": {"total": 1, "hits": [{"_source": {}}]}})), Some(1));
        assert_eq!(count(json!({"id": "1", "data": {"alerts": [{}]}})), None);
        assert_eq!(count(json!({"data": {"alerts": ["a"]}})), None);
        assert_eq!(count(json!([1])), None);
        assert_eq!(count(json!({"jsonrpc": "2.0", "id": 7, "params": {"events": [{}, {}]}})), Some(2));
        assert_eq!(count(json!({"jsonrpc": "2.0", "id": 7, "params": {}})), None);
    }

    #[test]
    fn a_list_may_stand_beside_what_describes_it() {
        let count = |value: Value| list_of_envelope(&value).map(Vec::len);
        assert_eq!(count(json!({"meta": {"trace_id": "1"}, "errors": [], "resources": [{}, {}]})), Some(2));
        assert_eq!(count(json!({"version": "1", "metadata": {"results": {"total": 1}}, "data": [{}]})), Some(1));
        assert_eq!(count(json!({"results": [{}], "num_found": 1, "num_available": 1})), Some(1));
        assert_eq!(count(json!({"items": [{}], "has_more": false, "next_cursor": "1"})), Some(1));
        assert_eq!(count(json!({"resources": [{}], "finding_info": {"title": "x"}})), None);
        assert_eq!(count(json!({"data": {"id": 1}, "version": "1"})), None);
    }
}
