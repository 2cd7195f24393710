//! The ids by which a source knows its records. An id that means nothing ("-", "N/A", "null", zeros) is no id: it
//! would make one alert of many (R17).

use serde_json::Value;

use crate::formats::building::clean_text::ID_MAX;
use crate::formats::building::json::text_of_max;
use crate::formats::building::path::text_at_max;
use crate::hash::sha256_hex;
use crate::model::incoming::{Incoming, IncomingAlert};
use crate::model::meaningless::is_placeholder;

/// Characters of a hash that replaces a missing id.
const HASH_LENGTH: usize = 40;

/// Fewer zeros may be a number: some count from 0.
const ZEROS_MIN: usize = 8;

pub(crate) fn is_no_id(text: &str) -> bool {
    let zeros = text.chars().filter(|c| *c == '0').count();
    let is_number = (1..ZEROS_MIN).contains(&zeros) && text.trim().chars().all(|c| matches!(c, '0' | '-' | ':'));
    !is_number && is_placeholder(text)
}

/// The first of several texts that is an id; empty when none is.
pub(crate) fn first_id(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().find(|text| !is_no_id(text)).unwrap_or_default()
}

/// The id of the first path that has one; empty when none has.
pub(crate) fn id_at(value: &Value, paths: &[&str]) -> String {
    first_id(paths.iter().map(|path| text_at_max(value, &[path], ID_MAX)))
}

/// The id of the first member that has one; empty when none has.
pub(crate) fn id_of(value: &Value, keys: &[&str]) -> String {
    first_id(keys.iter().map(|key| text_of_max(value, &[key], ID_MAX)))
}

/// A hash that serves as the id of a record that has none: equal records have equal ids, in whatever order their
/// members are.
pub(crate) fn record_hash(value: &Value) -> String {
    hash_of(&value.to_string())
}

fn hash_of(text: &str) -> String {
    sha256_hex(text.as_bytes()).chars().take(HASH_LENGTH).collect()
}

/// Takes the ids that mean nothing out of a record that an adapter has read.
pub(crate) fn drop_meaningless_ids(record: &mut Incoming) {
    match record {
        Incoming::Alert(alert, payload) => drop_of_alert(alert, payload),
        Incoming::Incident(incident, alerts, _) => {
            incident.alert_ids.retain(|id| !is_no_id(id));
            for (alert, payload) in alerts {
                drop_of_alert(alert, payload);
            }
        }
    }
}

fn drop_of_alert(alert: &mut IncomingAlert, payload: &str) {
    alert.aliases.retain(|id| !is_no_id(id));
    if is_no_id(&alert.provider_alert_id) {
        alert.provider_alert_id = hash_of(payload);
        alert.id_of_content = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_place_with_an_id_counts() {
        let zeros = "00000000-0000-0000-0000-000000000000";
        for nothing in [json!("-"), json!("N/A"), json!("null"), json!("unknown"), json!(zeros), json!(null)] {
            let value = json!({"a": nothing, "b": {"c": 7}, "d": "x"});
            assert_eq!((id_at(&value, &["a", "b.c"]), id_of(&value, &["a", "d"])), ("7".into(), "x".into()));
            assert_eq!((id_at(&value, &["a"]), id_of(&value, &["a"])), (String::new(), String::new()));
        }
    }

    #[test]
    fn numbers_from_zero_are_ids() {
        for number in ["0", "0-0", "000"] {
            assert_eq!(id_at(&json!({"a": number, "b": 1}), &["a", "b"]), number);
        }
    }

    #[test]
    fn no_alert_keeps_an_id_or_alias_that_means_nothing() {
        let alert = |id: &str| IncomingAlert {
            provider_alert_id: id.to_owned(),
            aliases: vec!["-".to_owned(), "a1".to_owned()],
            ..IncomingAlert::default()
        };
        let read = |id: &str, payload: &str| {
            let mut record = Incoming::Alert(Box::new(alert(id)), payload.to_owned());
            drop_meaningless_ids(&mut record);
            record.alerts().map(|alert| (alert.provider_alert_id.clone(), alert.aliases.clone())).collect::<Vec<_>>()
        };
        assert_ne!(read("-", r#"{"t":"one"}"#), read("-", r#"{"t":"two"}"#));
        assert_eq!(read("p1", "{}"), [("p1".to_owned(), vec!["a1".to_owned()])]);
    }
}
