//! Answers of APIs whose list stands deeper than at the top.

use serde_json::Value;

use crate::formats::building::path::at;

/// Where products put the list.
const PLACES: [&str; 4] = ["reply.alerts", "reply.data", "hits.hits", "data.alerts"];

/// The records of an answer of Cortex XDR, Elasticsearch and their like; `None` for all else.
pub fn records_of(value: &Value) -> Option<&Vec<Value>> {
    let is_record = ["id", "title", "rule", "name"].iter().any(|key| value.get(key).is_some());
    if !value.is_object() || is_record {
        return None;
    }
    let mut lists = PLACES.iter().filter_map(|place| at(value, place)?.as_array());
    lists.find(|list| list.iter().all(Value::is_object))
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
    }
}
