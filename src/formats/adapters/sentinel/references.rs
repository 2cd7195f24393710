//! Sentinel's entities refer to each other by "$ref"; this finds what is meant.

use std::collections::HashMap;

use serde_json::Value;

use crate::formats::building::json::{member, text_of};

/// A reference to a reference is followed this often; a circle ends here.
const HOPS_MAX: usize = 8;

/// Every object that has an "$id", however deep it stands.
#[derive(Debug, Default)]
pub(super) struct References<'a>(HashMap<String, &'a Value>);

impl<'a> References<'a> {
    /// Looks through the whole tree; the first of two equal ids counts.
    pub fn new(root: &'a Value) -> Self {
        let mut all = HashMap::new();
        collect(root, &mut all);
        Self(all)
    }

    /// The object itself, or the one it refers to.
    pub fn resolve(&self, value: &'a Value) -> Option<&'a Value> {
        let mut found = value;
        for _ in 0..HOPS_MAX {
            let target = text_of(found, &["$ref"]);
            if target.is_empty() {
                return Some(found);
            }
            found = self.0.get(&target)?;
        }
        None
    }

    /// A member that is an object, here or by reference.
    pub fn inner(&self, value: &'a Value, key: &str) -> Option<&'a Value> {
        self.resolve(member(value, key)?).filter(|found| found.is_object())
    }

    /// The objects of a list, here or by reference.
    pub fn inner_list(&self, value: &'a Value, key: &str) -> Vec<&'a Value> {
        let list = member(value, key).and_then(Value::as_array);
        let list = list.into_iter().flatten();
        list.filter_map(|one| self.resolve(one)).collect()
    }
}

/// The parser has bounded the depth.
fn collect<'a>(value: &'a Value, all: &mut HashMap<String, &'a Value>) {
    match value {
        Value::Object(members) => {
            let id = text_of(value, &["$id"]);
            if !id.is_empty() {
                all.entry(id).or_insert(value);
            }
            members.values().for_each(|inner| collect(inner, all));
        }
        Value::Array(values) => values.iter().for_each(|inner| collect(inner, all)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nested_objects_can_be_referred_to() {
        let root = json!([{"$id": 1, "Image": {"$id": "2", "Name": "x"}}, {"$ref": "2"}]);
        let references = References::new(&root);
        let second = root.get(1).and_then(|value| references.resolve(value));
        assert_eq!(second.map(|value| text_of(value, &["Name"])).as_deref(), Some("x"));
    }

    #[test]
    fn circles_and_dead_ends_lead_nowhere() {
        let root = json!([
            {"$id": "1", "$ref": "2"}, {"$id": "2", "$ref": "1"}, {"$ref": "9"},
        ]);
        let references = References::new(&root);
        let values = root.as_array().into_iter().flatten();
        assert!(values.map(|value| references.resolve(value)).all(|found| found.is_none()));
    }
}
