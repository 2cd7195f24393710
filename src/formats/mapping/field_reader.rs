//! A compiled field: its alternatives, its value table, its time format.

use crate::clock;
use crate::formats::building::record_id::is_no_id;
use crate::formats::mapping::document_field::Field;
use crate::formats::mapping::fields::{Shape, Spec};
use crate::formats::mapping::pointer::ReadContext;
use crate::formats::mapping::problems::Problems;
use crate::formats::mapping::severity;
use crate::formats::mapping::source::Source;
use crate::formats::mapping::time_format::TimeFormat;
use crate::formats::mapping::value_table::ValueTable;
use crate::model::alert::AlertStatus;
use crate::model::entity::EvidenceKind;
use crate::model::meaningless::{is_meaningless_name, is_placeholder};

/// Most alternatives of one field.
const SOURCES_MAX: usize = 20;
/// The word for the time of receipt.
const NOW: &str = "now";

#[derive(Debug, Clone)]
pub struct FieldReader {
    sources: Vec<Source>,
    table: ValueTable,
    split: String,
    time_format: TimeFormat,
}

/// A text of one alternative.
#[derive(Debug, Clone)]
struct Word {
    text: String,
    /// What the record has, before the value table; `None` for a text of the mapping itself.
    sent: Option<String>,
}

/// A time that was read.
#[derive(Debug, Clone, Copy)]
pub struct ReadTime {
    /// Microseconds since 1970 UTC.
    pub micros: i64,
    /// Whether the year of arrival was taken, because the record gives none.
    pub without_year: bool,
}

impl FieldReader {
    /// Compiles a field; problems are added at `at` or at a part of it.
    pub fn compile(at: &str, spec: &Spec, field: &Field, problems: &mut Problems) -> Self {
        let mut sources = Vec::new();
        for text in &field.from.0 {
            match Source::parse(text) {
                Ok(source) => sources.push(source),
                Err(why) => problems.add(at, why),
            }
        }
        if field.from.0.is_empty() {
            problems.add(at, format!("{}: this says how to read the value, but not where it is.", spec.label));
        }
        if sources.len() > SOURCES_MAX {
            problems.add(at, format!("{}: enter at most {SOURCES_MAX} alternatives.", spec.label));
        }
        let table = or_problem(&format!("{at}.table"), ValueTable::compile(&field.table), problems);
        let time_format = or_problem(&format!("{at}.time"), TimeFormat::parse(&field.time), problems);
        let time_format = or_problem(&format!("{at}.zone"), time_format.in_zone(&field.zone), problems);
        let reader = Self { sources, table, split: field.split.clone(), time_format };
        reader.check(at, spec, problems);
        reader
    }

    /// Adds problems for words that are not known, and for constants where every record must differ.
    fn check(&self, at: &str, spec: &Spec, problems: &mut Problems) {
        let constants = self.sources.iter().filter_map(|source| match source {
            Source::Text(text) => Some(text.as_str()),
            _ => None,
        });
        for text in constants {
            if spec.shape == Shape::Id {
                let why = "A fixed ID would make all alerts one. Enter a path such as /id.";
                problems.add(at, why);
            } else if spec.shape == Shape::Time && text != NOW {
                problems.add(at, "Enter a path such as /time, or now for the time of receipt.");
            } else if let Some(why) = unknown_word(spec.shape, text) {
                problems.add(at, why);
            }
        }
        for text in self.table.results() {
            if let Some(why) = unknown_word(spec.shape, text) {
                problems.add(format!("{at}.table"), why);
            }
        }
    }

    /// The texts of the first alternative that means something; those of the first that has any when all that is
    /// given are placeholders such as "-" and "N/A".
    pub fn texts(&self, context: ReadContext<'_>) -> Vec<String> {
        words(self.read(context, is_placeholder))
    }

    /// [`texts`](Self::texts) for what names an entity of a kind: a loopback address and "CONTOSO\\-" name none (R17).
    pub fn names(&self, kind: EvidenceKind, context: ReadContext<'_>) -> Vec<String> {
        words(self.read(context, |text| is_meaningless_name(kind, text)))
    }

    /// The first text; empty when no alternative has one.
    pub fn text(&self, context: ReadContext<'_>) -> String {
        self.texts(context).into_iter().next().unwrap_or_default()
    }

    /// The id; empty when nothing that the record has for it means something (R17).
    pub fn id(&self, context: ReadContext<'_>) -> String {
        let means = |text: &String| !is_no_id(text);
        let id_of = |source: &Source| words(self.texts_of_source(source, context)).into_iter().find(means);
        let whole = self.sources.iter().filter(|source| source.parts(context).iter().all(means)).find_map(id_of);
        let partial = || self.sources.iter().filter(|source| source.parts(context).iter().any(means)).find_map(id_of);
        whole.or_else(partial).unwrap_or_default()
    }

    /// What the record has for the first text, before the value table; `None` for a text of the mapping itself.
    pub fn sent(&self, context: ReadContext<'_>) -> Option<String> {
        self.read(context, is_placeholder).into_iter().next()?.sent
    }

    fn read(&self, context: ReadContext<'_>, is_nothing: impl Fn(&str) -> bool) -> Vec<Word> {
        let mut first = Vec::new();
        for source in &self.sources {
            let found = self.texts_of_source(source, context);
            let means_something = match source {
                Source::Text(_) => true,
                Source::Pointer(_) => found.iter().any(|word| !is_nothing(&word.text)),
                Source::Template(_) => !found.is_empty() && !source.parts(context).iter().any(|part| is_nothing(part)),
            };
            if means_something {
                return found;
            }
            if first.is_empty() {
                first = found;
            }
        }
        first
    }

    /// The texts of one alternative. Those of a record are translated by the value table; a constant is not.
    fn texts_of_source(&self, source: &Source, context: ReadContext<'_>) -> Vec<Word> {
        let texts = source.texts(context);
        let texts: Vec<String> = if self.split.is_empty() {
            texts
        } else {
            texts.iter().flat_map(|text| text.split(&self.split)).map(|part| part.trim().to_owned()).collect()
        };
        let texts = texts.into_iter().filter(|text| !text.trim().is_empty());
        match source {
            Source::Text(_) => texts.map(|text| Word { text, sent: None }).collect(),
            _ => texts.map(|sent| Word { text: self.table.look_up(&sent), sent: Some(sent) }).collect(),
        }
    }

    /// Whether one of the alternatives is a text of the mapping itself instead of a part of the record.
    pub fn has_fixed_text(&self) -> bool {
        self.sources.iter().any(|source| matches!(source, Source::Text(_)))
    }

    /// The time of the first alternative that has one; `Err` holds a text that is no time. Placeholders, zero and
    /// the year 1 stand for "none".
    pub fn time(&self, context: ReadContext<'_>) -> Result<Option<ReadTime>, String> {
        let mut unreadable = None;
        for source in &self.sources {
            for Word { text, .. } in self.texts_of_source(source, context) {
                if matches!(source, Source::Text(_)) {
                    return Ok(Some(ReadTime { micros: clock::now(), without_year: false }));
                }
                match self.time_format.parse_time(&text) {
                    Some(micros) => {
                        return Ok(Some(ReadTime { micros, without_year: self.time_format.is_without_year() }));
                    }
                    None if is_no_time(&text) => {}
                    None => unreadable = unreadable.or(Some(text)),
                }
            }
        }
        unreadable.map_or(Ok(None), Err)
    }

    /// Its pointers, as written: "/rule/name, /message".
    pub fn pointers(&self) -> String {
        self.sources.iter().flat_map(Source::pointers).collect::<Vec<_>>().join(", ")
    }
}

/// Whether a text stands for a time that is not given.
pub(super) fn is_no_time(text: &str) -> bool {
    text.starts_with("0001-01-01")
        || text.trim_matches(|c| matches!(c, '0' | '.' | '-' | ' ')).is_empty()
        || is_placeholder(text)
}

fn words(found: Vec<Word>) -> Vec<String> {
    found.into_iter().map(|word| word.text).collect()
}

fn or_problem<T: Default>(at: &str, result: Result<T, String>, problems: &mut Problems) -> T {
    result.unwrap_or_else(|why| {
        problems.add(at, why);
        T::default()
    })
}

fn unknown_word(shape: Shape, text: &str) -> Option<String> {
    let (known, words) = match shape {
        Shape::Severity => (severity::is_known(text), "high, medium, low or informational"),
        Shape::Status => (AlertStatus::parse(text).is_some(), "new, inProgress or resolved"),
        Shape::Verdict => {
            let verdicts = ["malicious", "suspicious", "noThreatsFound", "unknown"];
            (verdicts.iter().any(|word| word.eq_ignore_ascii_case(text)), "malicious, suspicious or noThreatsFound")
        }
        _ => return None,
    };
    (!known).then(|| format!("{text:?} is not one of: {words}. A path in the record begins with a slash."))
}
