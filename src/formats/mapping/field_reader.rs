//! One field ready to be read: its alternatives, its table, its time format.

use crate::clock;
use crate::formats::mapping::document_field::Field;
use crate::formats::mapping::fields::{Shape, Spec};
use crate::formats::mapping::pointer::Place;
use crate::formats::mapping::problems::Problems;
use crate::formats::mapping::severity;
use crate::formats::mapping::source::Source;
use crate::formats::mapping::time_format::Clockwork;
use crate::formats::mapping::value_table::Table;
use crate::model::alert::AlertStatus;

/// Most alternatives of one field.
const SOURCES_MAX: usize = 20;
/// What stands for the time of receipt.
const NOW: &str = "now";

#[derive(Debug, Clone)]
pub struct Reader {
    sources: Vec<Source>,
    table: Table,
    split: String,
    clockwork: Clockwork,
}

impl Reader {
    /// Makes a field ready; what is wrong with it is told at `at` and its parts.
    pub fn compile(at: &str, spec: &Spec, field: &Field, problems: &mut Problems) -> Self {
        let mut sources = Vec::new();
        for text in &field.from.0 {
            match Source::parse(text) {
                Ok(source) => sources.push(source),
                Err(why) => problems.add(at, why),
            }
        }
        if field.from.0.is_empty() {
            problems.add(at, format!("{}: this says how to read it, but not where it stands.", spec.label));
        }
        if sources.len() > SOURCES_MAX {
            problems.add(at, format!("{}: at most {SOURCES_MAX} alternatives.", spec.label));
        }
        let table = told(&format!("{at}.table"), Table::compile(&field.table), problems);
        let clockwork = told(&format!("{at}.time"), Clockwork::style(&field.time), problems);
        let clockwork = told(&format!("{at}.zone"), clockwork.in_zone(&field.zone), problems);
        let reader = Self { sources, table, split: field.split.clone(), clockwork };
        reader.check(at, spec, problems);
        reader
    }

    /// Words that could never be understood, and constants where every record must differ.
    fn check(&self, at: &str, spec: &Spec, problems: &mut Problems) {
        let constants = self.sources.iter().filter_map(|source| match source {
            Source::Text(text) => Some(text.as_str()),
            _ => None,
        });
        for text in constants {
            if spec.shape == Shape::Id {
                let why = "An ID that is the same for all alerts makes them one; write a pointer such as /id.";
                problems.add(at, why);
            } else if spec.shape == Shape::Time && text != NOW {
                problems.add(at, "A time is a pointer such as /time, or the word now for the time of receipt.");
            } else if let Some(why) = unknown_word(spec.shape, text) {
                problems.add(at, why);
            }
        }
        for text in self.table.ours() {
            if let Some(why) = unknown_word(spec.shape, text) {
                problems.add(format!("{at}.table"), why);
            }
        }
    }

    /// The texts of the first alternative that says something.
    pub fn texts(&self, place: Place<'_>) -> Vec<String> {
        self.sources.iter().map(|source| self.read(source, place)).find(|texts| !texts.is_empty()).unwrap_or_default()
    }

    /// The first of them; empty when nothing says anything.
    pub fn text(&self, place: Place<'_>) -> String {
        self.texts(place).into_iter().next().unwrap_or_default()
    }

    /// A text is taken as it is; what a record says goes through the table.
    fn read(&self, source: &Source, place: Place<'_>) -> Vec<String> {
        let texts = source.texts(place);
        let texts: Vec<String> = if self.split.is_empty() {
            texts
        } else {
            texts.iter().flat_map(|text| text.split(&self.split)).map(|part| part.trim().to_owned()).collect()
        };
        let texts = texts.into_iter().filter(|text| !text.trim().is_empty());
        match source {
            Source::Text(_) => texts.collect(),
            _ => texts.map(|text| self.table.look_up(&text)).collect(),
        }
    }

    /// The first alternative that is a time, in microseconds; `Err` holds a text that is none.
    pub fn time(&self, place: Place<'_>) -> Result<Option<i64>, String> {
        let mut odd = None;
        for source in &self.sources {
            for text in self.read(source, place) {
                if matches!(source, Source::Text(_)) {
                    return Ok(Some(clock::now()));
                }
                match self.clockwork.read(&text) {
                    Some(micros) => return Ok(Some(micros)),
                    None => odd = odd.or(Some(text)),
                }
            }
        }
        odd.map_or(Ok(None), Err)
    }

    /// The pointers it looks at, as written: "/rule/name, /message".
    pub fn pointers(&self) -> String {
        self.sources.iter().flat_map(Source::pointers).collect::<Vec<_>>().join(", ")
    }
}

fn told<T: Default>(at: &str, made: Result<T, String>, problems: &mut Problems) -> T {
    made.unwrap_or_else(|why| {
        problems.add(at, why);
        T::default()
    })
}

fn unknown_word(shape: Shape, text: &str) -> Option<String> {
    let (known, words) = match shape {
        Shape::Severity => (severity::severity(text).is_some(), "high, medium, low or informational"),
        Shape::Status => (AlertStatus::parse(text).is_some(), "new, inProgress or resolved"),
        Shape::Verdict => {
            let verdicts = ["malicious", "suspicious", "noThreatsFound", "unknown"];
            (verdicts.iter().any(|word| word.eq_ignore_ascii_case(text)), "malicious, suspicious or noThreatsFound")
        }
        _ => return None,
    };
    (!known).then(|| format!("{text:?} is none of the words {words}; a place in the record begins with a slash."))
}
