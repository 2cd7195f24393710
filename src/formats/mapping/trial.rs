//! A mapping tried on a sample, before anything is saved or sent.

use serde_json::Value;

use crate::formats::building::mapped_evidence;
use crate::formats::format::Format;
use crate::formats::mapping::compile::{Evidence, Mapping};
use crate::formats::mapping::field_reader::Reader;
use crate::formats::mapping::fields::Shape;
use crate::formats::mapping::pointer::Place;
use crate::formats::mapping::{fields, value_table};
use crate::formats::not_taken::NotTaken;
use crate::formats::readers::reader::read_body;
use crate::model::incoming::{Incoming, IncomingAlert};

/// Most records of a sample that are shown.
pub const SHOWN_MAX: usize = 20;

/// What would become of one record of a sample.
#[derive(Debug)]
pub struct Trial {
    pub line: Option<usize>,
    pub outcome: Result<Box<IncomingAlert>, NotTaken>,
    /// What is worth a look: "Category: there is nothing at /cat."
    pub notes: Vec<String>,
}

/// Reads a sample as a body that came in would be read; the number is how many records it has.
pub fn run(mapping: Mapping, sample: &str) -> (Vec<Trial>, usize) {
    let mapping = std::sync::Arc::new(mapping);
    let items = read_body(&Format::Mapped(std::sync::Arc::clone(&mapping)), sample.as_bytes());
    let count = items.len();
    let trials = items
        .into_iter()
        .take(SHOWN_MAX)
        .map(|item| match item.record {
            Ok(Incoming::Alert(alert, payload)) => {
                let record = serde_json::from_str(&payload).unwrap_or_default();
                Trial { line: item.line, notes: mapping.notes(&record), outcome: Ok(alert) }
            }
            Ok(Incoming::Incident(..)) => {
                let why = NotTaken::Refused("A mapping makes alerts, no incidents.".to_owned());
                Trial { line: item.line, notes: Vec::new(), outcome: Err(why) }
            }
            Err(why) => Trial { line: item.line, notes: Vec::new(), outcome: Err(why) },
        })
        .collect();
    (trials, count)
}

impl Mapping {
    /// What the mapping looks for and this record does not have.
    fn notes(&self, record: &Value) -> Vec<String> {
        let place = Place::new(record);
        let mut notes: Vec<String> = fields::ALERT
            .iter()
            .filter_map(|spec| {
                let reader = self.fields.get(spec.key)?;
                let text = reader.text(place);
                if text.is_empty() {
                    return Some(format!("{}: there is nothing at {}.", spec.label, reader.pointers()));
                }
                let unknown = spec.shape == Shape::Severity && value_table::severity(&text).is_none();
                unknown.then(|| {
                    let text = mapped_evidence::line(&text);
                    format!("Severity: {text:?} is not known and counts as informational; add it to the value table.")
                })
            })
            .collect();
        if self.fields.get("id").is_some_and(|reader| reader.text(place).is_empty()) {
            notes.push("Without an ID a repeat that differs in anything is a new alert.".to_owned());
        }
        notes.extend(
            self.facts
                .iter()
                .filter(|(_, source)| source.texts(place).is_empty())
                .map(|(label, source)| format!("{label}: there is nothing at {}.", source.pointers().join(", "))),
        );
        notes.extend(self.rules.iter().filter(|rule| rule.read(place).is_empty()).map(Evidence::nothing));
        notes
    }
}

impl Evidence {
    fn nothing(&self) -> String {
        let each = self.each.as_ref().map(|each| format!("each of {}: ", each.as_str())).unwrap_or_default();
        let own = self.kind.fields.iter().filter_map(|spec| self.fields.get(spec.key));
        let pointers: Vec<String> = own.map(Reader::pointers).filter(|pointers| !pointers.is_empty()).collect();
        format!("{}: nothing was found at {each}{}.", self.kind.label, pointers.join(", "))
    }
}
