//! The values of a mapping as they are stored, and the short forms that a file may use.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// Where a field's value is in a record, and how it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// Alternatives, tried in order.
    pub from: Lines,
    /// Vendor's word and Watchdesk's; "*" matches every other word.
    pub table: Pairs,
    /// "auto", "seconds", "milliseconds", "microseconds" or a strptime pattern.
    pub time: String,
    /// Zone of times without one, such as "Europe/Berlin".
    pub zone: String,
    /// The separator of a list that is one text.
    pub split: String,
}

impl Field {
    /// A field that is read from these sources without a table, format or separator.
    pub fn of(from: &[&str]) -> Self {
        Self { from: Lines(from.iter().map(|&text| text.to_owned()).collect()), ..Self::default() }
    }

    /// Whether it has only sources.
    fn is_plain(&self) -> bool {
        self.table.0.is_empty() && self.time.is_empty() && self.zone.is_empty() && self.split.is_empty()
    }

    pub fn is_empty(&self) -> bool {
        self.from.0.is_empty() && self.is_plain()
    }
}

/// Texts; in a file a single one needs no list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines(pub Vec<String>);

/// Names and texts in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairs(pub Vec<(String, String)>);

/// Writes a member unless it is empty.
pub(super) fn entry<M: SerializeMap>(
    map: &mut M,
    key: &str,
    value: &impl Serialize,
    empty: bool,
) -> Result<(), M::Error> {
    if empty { Ok(()) } else { map.serialize_entry(key, value) }
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
        struct FormVisitor;
        impl<'de> Visitor<'de> for FormVisitor {
            type Value = Field;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a pointer, a list of pointers, or an object with from, table, time, zone and split")
            }

            fn visit_str<E>(self, text: &str) -> Result<Field, E> {
                Ok(Field::of(&[text]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Field, A::Error> {
                Ok(Field { from: Lines(text_list(items)?), ..Field::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Field, A::Error> {
                let Whole { from, table, time, zone, split } = Whole::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Field { from, table, time, zone, split })
            }
        }
        deserializer.deserialize_any(FormVisitor)
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
        struct FormVisitor;
        impl<'de> Visitor<'de> for FormVisitor {
            type Value = Lines;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_str<E>(self, text: &str) -> Result<Lines, E> {
                Ok(Lines(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Lines, A::Error> {
                Ok(Lines(text_list(items)?))
            }
        }
        deserializer.deserialize_any(FormVisitor)
    }
}

fn text_list<'de, A: SeqAccess<'de>>(mut items: A) -> Result<Vec<String>, A::Error> {
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
        struct FormVisitor;
        impl<'de> Visitor<'de> for FormVisitor {
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
        deserializer.deserialize_any(FormVisitor)
    }
}
