//! A mapping as it is stored: in a file, in the database and in the form. It is not validated here;
//! `compile` does that.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::formats::mapping::document_field::{Field, Lines, Pairs, entry};
use crate::formats::mapping::fields;

/// A mapping of one vendor's JSON to alerts. The README shows an example.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct Document {
    /// Its name in `?format=` and `--format`.
    pub name: String,
    /// Pointer to the list of records in a body; empty: the body is a record or a list of them.
    pub records: String,
    /// Conditions such as "/type = detection | alert"; a record that does not meet all of them is skipped.
    pub when: Lines,
    /// Label and source, in the order in which they are shown.
    pub facts: Pairs,
    pub evidence: Vec<Rule>,
    /// By the names of `fields::ALERT`.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Field>,
}

/// A rule that finds one kind of evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct Rule {
    /// One of `fields::KINDS`.
    pub kind: String,
    /// Pointer to a list: every item of it is one entity, and pointers begin at the item.
    pub each: String,
    pub when: Lines,
    pub facts: Pairs,
    /// By the names of the kind's fields.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Field>,
}

impl Document {
    /// Reads the file form.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| format!("This is not a mapping: {error}."))
    }

    /// The file form, indented, ending with a line feed.
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{text}\n")
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.name)?;
        entry(&mut map, "records", &self.records, self.records.is_empty())?;
        entry(&mut map, "when", &self.when, self.when.0.is_empty())?;
        in_order(&mut map, &self.fields, fields::ALERT)?;
        entry(&mut map, "facts", &self.facts, self.facts.0.is_empty())?;
        entry(&mut map, "evidence", &self.evidence, self.evidence.is_empty())?;
        map.end()
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", &self.kind)?;
        entry(&mut map, "each", &self.each, self.each.is_empty())?;
        entry(&mut map, "when", &self.when, self.when.0.is_empty())?;
        let kind = fields::kind(&self.kind);
        in_order(&mut map, &self.fields, kind.map_or(&[], |kind| kind.fields))?;
        entry(&mut map, "facts", &self.facts, self.facts.0.is_empty())?;
        map.end()
    }
}

/// Writes fields in the order of the form, the most important first.
fn in_order<M: SerializeMap>(
    map: &mut M,
    fields: &BTreeMap<String, Field>,
    order: &[fields::Spec],
) -> Result<(), M::Error> {
    let known = order.iter().chain(fields::COMMON_FIELDS).filter_map(|spec| fields.get_key_value(spec.key));
    let is_known = |key: &str| order.iter().chain(fields::COMMON_FIELDS).any(|spec| spec.key == key);
    for (key, field) in known.chain(fields.iter().filter(|(key, _)| !is_known(key))) {
        entry(map, key, field, field.is_empty())?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const FILE: &str = r#"{
  "name": "acme",
  "records": "/detections",
  "when": [
    "/type = detection",
    "!/muted"
  ],
  "title": [
    "/rule/name",
    "Something at Acme"
  ],
  "severity": {
    "from": "/level",
    "table": {
      "crit": "high",
      "0-3": "low",
      "*": "medium"
    }
  },
  "facts": {
    "Zone": "/zone",
    "Agent": "/agent"
  },
  "evidence": [
    {
      "kind": "device",
      "each": "/hosts",
      "name": "/name",
      "roles": "attacked"
    }
  ]
}
"#;

    #[test]
    fn a_file_is_written_as_it_was_read() {
        let document = Document::from_json(FILE).unwrap();
        assert_eq!(document.to_json(), FILE);
        assert_eq!(document.fields["title"].from.0, ["/rule/name", "Something at Acme"]);
    }

    #[test]
    fn what_is_no_mapping_is_reported_with_its_place() {
        let error = Document::from_json("{\"title\": 3}").unwrap_err();
        assert!(error.contains("a pointer, a list of pointers"), "{error}");
        let error = Document::from_json("{\"title\": {\"form\": \"/a\"}}").unwrap_err();
        assert!(error.contains("unknown field `form`"), "{error}");
        assert!(Document::from_json("[").unwrap_err().contains("line 1"));
    }
}
