//! A mapping as it is written down: in a file, in the database, behind the form. Nothing here is
//! checked yet; `compile` does that.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::formats::mapping::fields;

/// How one vendor's JSON becomes alerts. The README shows a file of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct Document {
    /// As in `?format=` and `--format`.
    pub name: String,
    /// Pointer to the list of records in a body; empty: the body is a record or a list of them.
    pub records: String,
    /// Conditions, all of which a record meets or is skipped: "/type = detection | alert".
    pub when: Lines,
    /// Label and source, in the order worth reading.
    pub facts: Pairs,
    pub evidence: Vec<Rule>,
    /// By the names of `fields::ALERT`.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Field>,
}

/// One kind of evidence and where it stands.
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

/// Where a value comes from and how it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// Alternatives, tried in order.
    pub from: Lines,
    /// Vendor's word and ours; "*" stands for every other word.
    pub table: Pairs,
    /// "auto", "seconds", "milliseconds", "microseconds" or a strptime pattern.
    pub time: String,
    /// Zone of times that name none, such as "Europe/Berlin".
    pub zone: String,
    /// What separates the items of a list in one text.
    pub split: String,
}

impl Field {
    /// Read from these places, plainly.
    pub fn of(from: &[&str]) -> Self {
        Self { from: Lines(from.iter().map(|&text| text.to_owned()).collect()), ..Self::default() }
    }

    /// Whether it says how to read, beyond where.
    fn is_plain(&self) -> bool {
        self.table.0.is_empty() && self.time.is_empty() && self.zone.is_empty() && self.split.is_empty()
    }

    pub fn is_empty(&self) -> bool {
        self.from.0.is_empty() && self.is_plain()
    }
}

/// Texts; in a file one alone needs no list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines(pub Vec<String>);

/// Names and texts in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairs(pub Vec<(String, String)>);

impl Document {
    /// Reads the file form.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| format!("This is no mapping: {error}."))
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

fn entry<M: SerializeMap>(map: &mut M, key: &str, value: &impl Serialize, empty: bool) -> Result<(), M::Error> {
    if empty { Ok(()) } else { map.serialize_entry(key, value) }
}

/// Fields in the order of the form, so that a file reads from what matters to what may.
fn in_order<M: SerializeMap>(
    map: &mut M,
    fields: &BTreeMap<String, Field>,
    order: &[fields::Spec],
) -> Result<(), M::Error> {
    let known = order.iter().chain(fields::JUDGEMENT).filter_map(|spec| fields.get_key_value(spec.key));
    let is_known = |key: &str| order.iter().chain(fields::JUDGEMENT).any(|spec| spec.key == key);
    for (key, field) in known.chain(fields.iter().filter(|(key, _)| !is_known(key))) {
        entry(map, key, field, field.is_empty())?;
    }
    Ok(())
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_plain() {
            return self.from.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("from", &self.from)?;
        entry(&mut map, "table", &self.table, self.table.0.is_empty())?;
        entry(&mut map, "time", &self.time, self.time.is_empty())?;
        entry(&mut map, "zone", &self.zone, self.zone.is_empty())?;
        entry(&mut map, "split", &self.split, self.split.is_empty())?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize, Default)]
        #[serde(default, deny_unknown_fields)]
        struct Whole {
            from: Lines,
            table: Pairs,
            time: String,
            zone: String,
            split: String,
        }
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Field;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a pointer, a list of pointers, or an object with from, table, time, zone and split")
            }

            fn visit_str<E>(self, text: &str) -> Result<Field, E> {
                Ok(Field::of(&[text]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Field, A::Error> {
                Ok(Field { from: Lines(texts(items)?), ..Field::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Field, A::Error> {
                let Whole { from, table, time, zone, split } = Whole::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Field { from, table, time, zone, split })
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl Serialize for Lines {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [only] = self.0.as_slice() {
            return serializer.serialize_str(only);
        }
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for line in &self.0 {
            list.serialize_element(line)?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Lines;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_str<E>(self, text: &str) -> Result<Lines, E> {
                Ok(Lines(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Lines, A::Error> {
                Ok(Lines(texts(items)?))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

fn texts<'de, A: SeqAccess<'de>>(mut items: A) -> Result<Vec<String>, A::Error> {
    let mut texts = Vec::new();
    while let Some(text) = items.next_element()? {
        texts.push(text);
    }
    Ok(texts)
}

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, text)| (name, text)))
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of names and texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_any(Reader)
    }
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
    fn what_is_no_mapping_is_told_with_its_place() {
        let told = Document::from_json("{\"title\": 3}").unwrap_err();
        assert!(told.contains("a pointer, a list of pointers"), "{told}");
        let told = Document::from_json("{\"title\": {\"form\": \"/a\"}}").unwrap_err();
        assert!(told.contains("unknown field `form`"), "{told}");
        assert!(Document::from_json("[").unwrap_err().contains("line 1"));
    }
}
