//! Tries a mapping on a sample, before it is saved.

use std::sync::Arc;

use crate::formats::format::Format;
use crate::formats::mapping::compile::Mapping;
use crate::formats::not_taken::NotTaken;
use crate::formats::readers::body_reader::read_body;
use crate::model::incoming::{Incoming, IncomingAlert};

/// Most records of a sample that are shown.
pub const SHOWN_MAX: usize = 20;

/// The result for one record of a sample.
#[derive(Debug)]
pub struct Trial {
    pub line: Option<usize>,
    pub outcome: Result<Box<IncomingAlert>, NotTaken>,
    /// What was not found, such as "Category: there is nothing at /cat."
    pub notes: Vec<String>,
}

/// Reads a sample like a body; also returns how many records it has.
pub fn run(mapping: Mapping, sample: &str) -> (Vec<Trial>, usize) {
    let mapping = Arc::new(mapping);
    let items = read_body(&Format::Mapped(Arc::clone(&mapping)), sample.as_bytes());
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
                let why = NotTaken::Refused("A mapping creates alerts, not incidents.".to_owned());
                Trial { line: item.line, notes: Vec::new(), outcome: Err(why) }
            }
            Err(why) => Trial { line: item.line, notes: Vec::new(), outcome: Err(why) },
        })
        .collect();
    (trials, count)
}
