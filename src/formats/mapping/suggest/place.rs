//! Where the records of a sample stand: the body itself, or a list or an object in it.

use std::net::IpAddr;

use serde_json::Value;

use crate::formats::building::json::parse_embedded_json;
use crate::formats::building::terms::normalized;
use crate::formats::mapping::places;
use crate::formats::mapping::pointer::{Pointer, escaped};
use crate::formats::mapping::suggest::alert_names::{ID, OTHER_MEANINGS, SEVERITY, TITLE};
use crate::formats::mapping::suggest::alert_times::rank_of_time;
use crate::formats::mapping::suggest::evidence_rules::names_device_or_user;
use crate::formats::mapping::suggest::member_names::WHAT_FOUND_IT;
use crate::formats::mapping::suggest::path::Path;
use crate::formats::mapping::suggest::sample::{SampleValue, sample_values};
use crate::formats::mapping::suggest::time_names::FIRST_ACTIVITY;
use crate::formats::mapping::suggest::values;

/// Greatest depth of the list of an envelope.
const DEPTH_MAX: usize = 3;
/// Most items of a list that are looked at.
const ITEMS_MAX: usize = 5;

/// Usual names of the list of an envelope.
const LISTS: [&str; 18] = [
    "alerts",
    "data",
    "results",
    "items",
    "records",
    "findings",
    "hits",
    "events",
    "resources",
    "detects",
    "detections",
    "incidents",
    "value",
    "issues",
    "notifications",
    "threats",
    "rows",
    "logs",
];

/// The pointer to the records of a sample in JSON, and the records.
pub fn records(sample: &str) -> (String, Vec<Value>) {
    let sample = sample.trim_start_matches('\u{feff}').trim_start();
    let values = json_values(sample);
    let place = values.first().and_then(records_place).and_then(|pointer| Pointer::parse(&pointer).ok());
    match place {
        Some(place) => {
            let found =
                values.iter().filter_map(|value| places::records(&place, value)).flatten().filter_map(Result::ok);
            (place.as_str().to_owned(), found.collect())
        }
        None => (String::new(), values),
    }
}

/// The values of JSON, of a list in it, or of one value a line.
fn json_values(sample: &str) -> Vec<Value> {
    let values = serde_json::Deserializer::from_str(sample).into_iter().map_while(Result::ok);
    values
        .flat_map(|value| match value {
            Value::Array(items) => items,
            one => vec![one],
        })
        .collect()
}

/// The pointer to the records in an envelope; `None` for an object that is a record itself.
fn records_place(value: &Value) -> Option<String> {
    let own = Strength::of(std::slice::from_ref(value));
    let inner = object_place(value, own);
    let strongest = inner.as_ref().map_or(own, |(inner, _)| own.max(*inner));
    list_place(value, strongest).or(inner.map(|(_, pointer)| pointer))
}

/// A list inside of a record has weaker items than the record, none that are records at all, or stands beside
/// what the record is about. `record` is the strength of the record that the body is or has.
fn list_place(value: &Value, record: Strength) -> Option<String> {
    let mut lists = Vec::new();
    collect_lists(value, String::new(), 0, &mut lists);
    let is_record = describes_activity(value);
    lists.retain(|list| (list.has_time || list.has_usual_name || !is_record) && !repeats_id(value, &list.pointer));
    let best = lists.iter().max_by_key(|list| (list.strength, std::cmp::Reverse(list.pointer.len())));
    let stronger = best.filter(|list| {
        list.strength.is_record() && list.strength.fields > record.fields && !(record.rated && record.fields > 1)
    });
    let top = |list: &&List| list.has_usual_name && list.pointer.rfind('/') == Some(0);
    let only = lists.first().filter(|_| lists.len() == 1).or_else(|| lists.iter().find(top));
    stronger.or(only.filter(|_| record.fields == 0)).map(|list| list.pointer.clone())
}

/// Whether the items of a list repeat the id of the body, so that they are parts of what it tells.
fn repeats_id(value: &Value, list: &str) -> bool {
    let item = value.pointer(list).and_then(|items| items.get(0)).and_then(Value::as_object);
    let is_id = |key: &str| Path::of(&format!("/{}", escaped(key))).rank(ID).is_some();
    let same = |(key, own): (&String, &Value)| own.is_string() && is_id(key) && value.get(key) == Some(own);
    item.is_some_and(|item| item.iter().any(same))
}

/// An envelope around one record has few members.
const ENVELOPE_MEMBERS_MAX: usize = 20;

/// The pointer to the object that is the record, in a body that says nothing else of the alert, such as
/// {"version": 1, "parameters": {"alert": {...}}}.
fn object_place(value: &Value, own: Strength) -> Option<(Strength, String)> {
    let members = value.as_object().filter(|members| members.len() <= ENVELOPE_MEMBERS_MAX)?;
    let found = members.iter().filter_map(|(key, member)| {
        let path = Path::of(&format!("/{}/name", escaped(key)));
        if path.is_of_other_subject() || path.subject().is_some() || path.is_of_staff() {
            return None;
        }
        let member = parse_embedded_json(member);
        let inner = Strength::of(std::slice::from_ref(member.as_object().map(|_| &*member)?));
        if inner.fields < 2 || inner.fields <= own.fields {
            return None;
        }
        let mut rest = members.clone();
        rest.remove(key);
        let rest = Value::Object(rest);
        let others = Strength::of(std::slice::from_ref(&rest));
        let alone = others.fields <= 1 && !others.title && !describes_activity(&rest);
        alone.then(|| (inner, format!("/{}", escaped(key))))
    });
    found.max_by_key(|(inner, _)| *inner)
}

/// Whether an object has a time, a device, a user or an address outside of its lists.
fn describes_activity(value: &Value) -> bool {
    sample_values(std::slice::from_ref(value)).iter().any(|entry| {
        let path = Path::of(&entry.pointer);
        let text = entry.example.as_str();
        let is_time = values::time_format(text).is_some();
        !path.in_list && (is_time || text.parse::<IpAddr>().is_ok() || names_device_or_user(&path, text))
    })
}

/// Which of the fields of an alert an object has of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Strength {
    fields: usize,
    title: bool,
    /// Whether it says how severe it is, in a word or in a number beside a title, as an envelope does not.
    rated: bool,
}

impl Strength {
    fn of(items: &[Value]) -> Self {
        let entries = sample_values(items.get(..ITEMS_MAX).unwrap_or(items));
        let has = |rank: &dyn Fn(&Path) -> Option<usize>, fits: &dyn Fn(&SampleValue) -> bool| {
            entries.iter().any(|entry| {
                let path = Path::of(&entry.pointer);
                path.belongs_to_alert() && rank(&path).is_some() && fits(entry)
            })
        };
        let title = has(&|path| path.rank_of_alert(TITLE), &|entry| entry.example.parse::<f64>().is_err());
        let severity = has(&|path| path.rank_of_alert(SEVERITY), &|_| true);
        let id = has(&|path| path.rank_of_alert(ID).filter(|_| !path.last().ends_with("name")), &|_| true);
        let time =
            has(&|path| rank_of_time(path, FIRST_ACTIVITY), &|entry| values::time_format(&entry.example).is_some());
        let word = |entry: &SampleValue| {
            let of_rule = Path::of(&entry.pointer).owners().iter().any(|owner| WHAT_FOUND_IT.contains(&owner.as_str()));
            let other = OTHER_MEANINGS.iter().any(|word| entry.example.eq_ignore_ascii_case(word));
            let number = title && entry.example.parse::<f64>().is_ok();
            !of_rule && !other && (number || values::is_known_severity(&entry.example))
        };
        let rated = has(&|path| path.rank_of_alert(SEVERITY), &word);
        let fields = [title, severity, id, time];
        Self { fields: fields.into_iter().filter(|found| *found).count(), title, rated }
    }

    fn is_record(self) -> bool {
        self.title && self.fields >= 2
    }
}

/// A list of objects in a body.
struct List {
    pointer: String,
    strength: Strength,
    has_time: bool,
    has_usual_name: bool,
}

impl List {
    fn of(pointer: String, items: &[Value]) -> Self {
        let entries = sample_values(items.get(..ITEMS_MAX).unwrap_or(items));
        let timed =
            |entry: &SampleValue| !entry.pointer.contains("/*/") && values::time_format(&entry.example).is_some();
        let name = normalized(pointer.rsplit('/').next().unwrap_or_default());
        Self {
            strength: Strength::of(items),
            has_time: entries.iter().any(timed),
            has_usual_name: LISTS.contains(&name.as_str()),
            pointer,
        }
    }
}

/// Lists in items are looked at only where the items have nothing else of an alert.
fn collect_lists(value: &Value, pointer: String, depth: usize, lists: &mut Vec<List>) {
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
            let list = List::of(pointer.clone(), items);
            if list.strength.fields == 0
                && let Some(item) = items.first()
            {
                collect_lists(item, format!("{pointer}/*"), depth, lists);
            }
            lists.push(list);
        }
        _ => {}
    }
}
