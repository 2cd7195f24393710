//! The records at the place that a mapping names, and the places that have none.

use serde_json::Value;

use crate::formats::building::json::parse_embedded_json;
use crate::formats::mapping::pointer::{Pointer, Segment, escaped};
use crate::formats::not_taken::NotTaken;

/// The records at a pointer, however many, with a sentence for each of its places that is empty or has none;
/// `None` when no place has a list or an object.
pub(in crate::formats::mapping) fn records(pointer: &Pointer, body: &Value) -> Option<Vec<Result<Value, NotTaken>>> {
    let mut places = Places::default();
    places.walk(body, pointer.segments(), "");
    if let (false, [Segment::Name(list), Segment::Each, rest @ ..]) = (places.any, pointer.segments())
        && !rest.is_empty()
    {
        // The lists of large envelopes are split before, so that the value may be an item of one.
        places = Places::default();
        places.walk(body, rest, &format!("/{}/*", escaped(list)));
    }
    places.any.then_some(places.found)
}

#[derive(Default)]
struct Places {
    found: Vec<Result<Value, NotTaken>>,
    /// Whether there is a list or an object at one of the places.
    any: bool,
}

impl Places {
    /// `at` is where the value stands.
    fn walk(&mut self, value: &Value, segments: &[Segment], at: &str) {
        let value = parse_embedded_json(value);
        let Some((first, rest)) = segments.split_first() else {
            return self.add(&value, at);
        };
        match (first, &*value) {
            (Segment::Each, Value::Array(items)) if items.is_empty() => self.add(&value, at),
            (Segment::Each, Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.walk(item, rest, &format!("{at}/{index}"));
                }
            }
            (Segment::Each, Value::Object(members)) => {
                // Texts and numbers beside them say something about the members.
                for (name, member) in members.iter().filter(|(_, member)| !is_scalar(member)) {
                    self.walk(member, rest, &format!("{at}/{}", escaped(name)));
                }
            }
            (Segment::Each, one) => self.walk(one, rest, at),
            (Segment::Name(name), inner) => {
                let member = match inner {
                    Value::Array(items) => name.parse::<usize>().ok().and_then(|index| items.get(index)),
                    inner => inner.get(name),
                };
                self.walk(member.unwrap_or(&Value::Null), rest, &format!("{at}/{}", escaped(name)));
            }
        }
    }

    fn add(&mut self, value: &Value, at: &str) {
        let at = if at.is_empty() { "." } else { at };
        let skipped = |why: String| Err(NotTaken::Skipped(why));
        self.any |= !is_scalar(value);
        match value {
            Value::Array(items) if items.is_empty() => {
                self.found.push(skipped(format!("The list at {at} is empty: it contains no alerts.")));
            }
            Value::Array(items) => self.found.extend(items.iter().cloned().map(Ok)),
            Value::Object(_) => self.found.push(Ok(value.clone())),
            _ => self.found.push(skipped(format!("There is no list of records at {at}."))),
        }
    }
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The number of records, and the sentences of the places without any.
    fn read(pointer: &str, body: &Value) -> Option<(usize, Vec<String>)> {
        let found = records(&Pointer::parse(pointer).unwrap(), body)?;
        let sentences: Vec<String> =
            found.iter().filter_map(|item| Some(item.as_ref().err()?.sentence().to_owned())).collect();
        Some((found.len() - sentences.len(), sentences))
    }

    #[test]
    fn every_place_that_is_empty_or_absent_is_told() {
        let empty = |at: &str| format!("The list at {at} is empty: it contains no alerts.");
        let none = |at: &str| format!("There is no list of records at {at}.");
        for (pointer, body, expected) in [
            (
                "/a/*/b",
                json!({"a": [{"b": [{"t": 1}]}, {"b": []}, {"c": 1}, null, {"b": 5}]}),
                Some((1, vec![empty("/a/1/b"), none("/a/2/b"), none("/a/3/b"), none("/a/4/b")])),
            ),
            ("/a/*/b", json!({"a": []}), Some((0, vec![empty("/a")]))),
            ("/a/*/b", json!({"a": [{"b": "[{}, {}]"}, {"b": {"t": 1}}]}), Some((3, vec![]))),
            ("/*/b", json!({"x/y": {"b": []}, "n": 5, "z": {"b": [{}]}}), Some((1, vec![empty("/x~1y/b")]))),
            (
                "/a/*/b/*/c",
                json!({"a": [{"b": [{"c": [{}]}, {}]}, {}]}),
                Some((1, vec![none("/a/0/b/1/c"), none("/a/1/b/c")])),
            ),
            ("/a/*/b", json!({"b": []}), Some((0, vec![empty("/a/*/b")]))),
            ("/a/*/b", json!({"a": [{}, {}]}), None),
            ("/a", json!({"t": 1}), None),
            ("/a", json!({"a": "none"}), None),
        ] {
            assert_eq!(read(pointer, &body), expected, "{pointer} {body}");
        }
    }
}
