//! Where the records of a sample stand: the body itself, or a list in it.

use serde_json::Value;

use crate::formats::mapping::suggest::alert_names::{FIRST_ACTIVITY, ID, SEVERITY, TITLE};
use crate::formats::mapping::suggest::path::Path;
use crate::formats::mapping::suggest::sample::{SampleValue, escaped, sample_values};
use crate::formats::mapping::suggest::values;

/// Greatest depth of the list of an envelope.
const DEPTH_MAX: usize = 3;
/// Most items of a list that are looked at.
const ITEMS_MAX: usize = 5;

/// The pointer to the records of a sample, and the records.
pub fn records(sample: &str) -> (String, Vec<Value>) {
    let values: Vec<Value> = serde_json::Deserializer::from_str(sample).into_iter().map_while(Result::ok).collect();
    let values: Vec<Value> = values
        .into_iter()
        .flat_map(|value| match value {
            Value::Array(items) => items,
            one => vec![one],
        })
        .collect();
    let envelope = values.first().and_then(records_place);
    match envelope {
        Some(pointer) => {
            let records = values.iter().filter_map(|value| value.pointer(&pointer)?.as_array()).flatten();
            (pointer.clone(), records.cloned().collect())
        }
        None => (String::new(), values),
    }
}

/// The pointer to the list of records in an envelope; `None` for an object that is a record itself. A list
/// inside of a record has weaker items than the record, or none that are records at all.
fn records_place(value: &Value) -> Option<String> {
    let mut lists = Vec::new();
    collect_lists(value, String::new(), 0, &mut lists);
    let own = Strength::of(std::slice::from_ref(value));
    let best = lists.iter().max_by_key(|(pointer, strength)| (*strength, std::cmp::Reverse(pointer.len())));
    let stronger = best.filter(|(_, strength)| strength.is_record() && strength.total() > own.total());
    let only = (own.total() == 0 && lists.len() == 1).then(|| lists.first()).flatten();
    stronger.or(only).map(|(pointer, _)| pointer.clone())
}

/// Which of the fields of an alert an object has of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Strength {
    fields: usize,
    title: bool,
}

impl Strength {
    fn of(items: &[Value]) -> Self {
        let entries = sample_values(items.get(..ITEMS_MAX).unwrap_or(items));
        let has = |names: &[&str], fits: &dyn Fn(&SampleValue) -> bool| {
            entries.iter().any(|entry| {
                let path = Path::of(&entry.pointer);
                path.belongs_to_alert() && path.rank_of_alert(names).is_some() && fits(entry)
            })
        };
        let title = has(TITLE, &|entry| entry.example.parse::<f64>().is_err());
        let time = has(FIRST_ACTIVITY, &|entry| values::time_format(&entry.example).is_some());
        let fields = [title, has(SEVERITY, &|_| true), has(ID, &|_| true), time];
        Self { fields: fields.into_iter().filter(|found| *found).count(), title }
    }

    fn total(self) -> usize {
        self.fields
    }

    fn is_record(self) -> bool {
        self.title && self.fields >= 2
    }
}

fn collect_lists(value: &Value, pointer: String, depth: usize, lists: &mut Vec<(String, Strength)>) {
    if depth > DEPTH_MAX {
        return;
    }
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                collect_lists(value, format!("{pointer}/{}", escaped(key)), depth + 1, lists);
            }
        }
        Value::Array(items) if !pointer.is_empty() && items.iter().any(Value::is_object) => {
            lists.push((pointer, Strength::of(items)));
        }
        _ => {}
    }
}
