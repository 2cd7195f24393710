//! Notes on a trial: what a mapping does not find in a record.

use serde_json::Value;

use crate::formats::building::clean_text::{TEXT_MAX, clean_line};
use crate::formats::mapping::compile::{EvidenceReader, Mapping};
use crate::formats::mapping::field_reader::FieldReader;
use crate::formats::mapping::fields::{self, Shape};
use crate::formats::mapping::pointer::ReadContext;
use crate::formats::mapping::severity;

impl Mapping {
    /// What the mapping does not find in this record, one sentence each.
    pub fn notes(&self, record: &Value) -> Vec<String> {
        let context = ReadContext::new(record);
        let mut notes: Vec<String> = fields::ALERT
            .iter()
            .filter_map(|spec| {
                let reader = self.fields.get(spec.key)?;
                let text = reader.text(context);
                if text.is_empty() {
                    return Some(format!("{}: nothing at {}.", spec.label, reader.pointers()));
                }
                if spec.shape == Shape::Id && reader.id(context).is_empty() {
                    return Some(format!("{}: {text:?} at {} is a placeholder.", spec.label, reader.pointers()));
                }
                let unknown = spec.shape == Shape::Severity && !severity::is_known(&text);
                unknown.then(|| {
                    let text = clean_line(&text, TEXT_MAX);
                    format!("Severity: {text:?} is unknown and counts as medium. Add it to the value table.")
                })
            })
            .collect();
        if self.fields.get("id").is_some_and(|reader| reader.id(context).is_empty()) {
            notes.push("Without an ID, an update with any difference becomes a new alert.".to_owned());
        }
        notes.extend(
            self.facts
                .iter()
                .filter(|(_, source)| source.texts(context).is_empty())
                .map(|(label, source)| format!("{label}: nothing at {}.", source.pointers().join(", "))),
        );
        notes.extend(
            self.rules.iter().filter(|rule| rule.read(context).is_empty()).map(EvidenceReader::note_of_nothing_found),
        );
        notes
    }
}

impl EvidenceReader {
    fn note_of_nothing_found(&self) -> String {
        let each = self.each.as_ref().map(|each| format!("each of {}: ", each.as_str())).unwrap_or_default();
        let own = self.kind.fields.iter().filter_map(|spec| self.fields.get(spec.key));
        let pointers: Vec<String> = own.map(FieldReader::pointers).filter(|pointers| !pointers.is_empty()).collect();
        format!("{}: nothing found at {each}{}.", self.kind.label, pointers.join(", "))
    }
}
