//! Compiles a document into a mapping, or lists everything that is wrong with it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::formats::mapping::condition::Condition;
use crate::formats::mapping::document::{Document, Rule};
use crate::formats::mapping::document_field::{Field, Lines, Pairs};
use crate::formats::mapping::field_reader::FieldReader;
use crate::formats::mapping::fields::{self, Kind, Spec};
use crate::formats::mapping::places;
use crate::formats::mapping::pointer::Pointer;
use crate::formats::mapping::problems::Problems;
use crate::formats::mapping::source::Source;
use crate::formats::not_taken::NotTaken;
use crate::formats::registry;

/// Longest name, in characters.
const NAME_MAX: usize = 60;
/// Most evidence rules, conditions of one place, and facts of one place.
const RULES_MAX: usize = 50;
const CONDITIONS_MAX: usize = 20;
const FACTS_MAX: usize = 60;

/// A compiled mapping, which reads records.
#[derive(Debug)]
pub struct Mapping {
    pub name: String,
    pub(super) records: Option<Pointer>,
    pub(super) when: Vec<Condition>,
    pub(super) fields: BTreeMap<&'static str, FieldReader>,
    pub(super) facts: Vec<(String, Source)>,
    pub(super) rules: Vec<EvidenceReader>,
}

/// A compiled evidence rule.
#[derive(Debug)]
pub(super) struct EvidenceReader {
    pub kind: &'static Kind,
    pub each: Option<Pointer>,
    pub when: Vec<Condition>,
    pub fields: BTreeMap<&'static str, FieldReader>,
    pub facts: Vec<(String, Source)>,
}

impl Mapping {
    /// Compiles a document.
    pub fn compile(document: &Document) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        if let Err(why) = check_name(&document.name) {
            problems.add("name", why);
        }
        let mapping = Self::compile_unnamed(document, &mut problems);
        if problems.is_empty() { Ok(mapping) } else { Err(problems) }
    }

    /// Compiles a document that may have no name yet, for trying it.
    pub fn compile_to_try(document: &Document) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mapping = Self::compile_unnamed(document, &mut problems);
        if problems.is_empty() { Ok(mapping) } else { Err(problems) }
    }

    fn compile_unnamed(document: &Document, problems: &mut Problems) -> Self {
        if document.evidence.len() > RULES_MAX {
            problems.add("evidence", format!("A mapping can have at most {RULES_MAX} evidence rules."));
        }
        if document.fields.get("title").is_none_or(Field::is_empty) {
            problems.add("title", "Enter the path of the title, such as /rule/name, or a fixed text.");
        }
        Self {
            name: document.name.trim().to_owned(),
            records: compile_pointer("records", &document.records, problems),
            when: compile_conditions("when", &document.when, problems),
            fields: compile_fields("", &document.fields, || fields::ALERT.iter(), problems),
            facts: compile_facts("facts", &document.facts, problems),
            rules: document
                .evidence
                .iter()
                .enumerate()
                .filter_map(|(index, rule)| compile_evidence_rule(&format!("evidence.{index}"), rule, problems))
                .collect(),
        }
    }

    /// The records of a body, or of one line of it, at the mapping's pointer, with a sentence for each of its
    /// places that has none. `None` without a pointer, or where it finds neither a list nor an object: then the
    /// value may be a record itself, because large envelopes are split before, and is refused when it is none.
    pub fn records(&self, body: &Value) -> Option<Vec<Result<Value, NotTaken>>> {
        places::records(self.records.as_ref()?, body)
    }
}

/// Refuses names that `?format=` and `--format` cannot have, and those of adapters.
fn check_name(name: &str) -> Result<(), String> {
    let name = name.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let begins = name.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    if !begins || !name.chars().all(plain) || name.chars().count() > NAME_MAX {
        return Err(format!("Use 1 to {NAME_MAX} letters, digits, dots, dashes and underscores, such as acme-edr."));
    }
    if registry::names().iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return Err(format!("{name} is the name of a built-in format. Choose another name."));
    }
    Ok(())
}

fn compile_pointer(at: &str, text: &str, problems: &mut Problems) -> Option<Pointer> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    Pointer::parse(text).map_err(|why| problems.add(at, why)).ok()
}

fn compile_conditions(at: &str, lines: &Lines, problems: &mut Problems) -> Vec<Condition> {
    if lines.0.len() > CONDITIONS_MAX {
        problems.add(at, format!("Enter at most {CONDITIONS_MAX} conditions."));
    }
    let read = |line: &String| Condition::parse(line).map_err(|why| problems.add(at, why)).ok();
    lines.0.iter().filter_map(read).collect()
}

fn compile_facts(at: &str, pairs: &Pairs, problems: &mut Problems) -> Vec<(String, Source)> {
    if pairs.0.len() > FACTS_MAX {
        problems.add(at, format!("Enter at most {FACTS_MAX} fields."));
    }
    let mut compiled = Vec::new();
    for (label, text) in &pairs.0 {
        if label.trim().is_empty() || text.trim().is_empty() {
            problems.add(at, "Each line must be: Label = /path.");
            continue;
        }
        match Source::parse(text) {
            Ok(source) => compiled.push((label.trim().to_owned(), source)),
            Err(why) => problems.add(at, why),
        }
    }
    compiled
}

fn compile_fields<I: Iterator<Item = &'static Spec>>(
    prefix: &str,
    given: &BTreeMap<String, Field>,
    specs: impl Fn() -> I,
    problems: &mut Problems,
) -> BTreeMap<&'static str, FieldReader> {
    let mut compiled = BTreeMap::new();
    for (key, field) in given {
        let at = format!("{prefix}{key}");
        match specs().find(|spec| spec.key == key) {
            Some(_) if field.is_empty() => {}
            Some(spec) => {
                compiled.insert(spec.key, FieldReader::compile(&at, spec, field, problems));
            }
            None => {
                let known: Vec<&str> = specs().map(|spec| spec.key).collect();
                problems.add(at, format!("Unknown field {key:?}. Known fields: {}.", known.join(", ")));
            }
        }
    }
    compiled
}

fn compile_evidence_rule(at: &str, rule: &Rule, problems: &mut Problems) -> Option<EvidenceReader> {
    let Some(kind) = fields::kind(&rule.kind) else {
        let known: Vec<&str> = fields::KINDS.iter().map(Kind::key).collect();
        problems.add(format!("{at}.kind"), format!("Unknown kind of evidence. Known kinds: {}.", known.join(", ")));
        return None;
    };
    let own = |key: &str| kind.fields.iter().any(|spec| spec.key == key);
    if let Some(first) = kind.fields.first()
        && !rule.fields.iter().any(|(key, field)| own(key) && !field.is_empty())
    {
        let why = format!("Enter the path of the {} of the {}.", first.label.to_lowercase(), kind.label.to_lowercase());
        problems.add(format!("{at}.{}", first.key), why);
    }
    Some(EvidenceReader {
        kind,
        each: compile_pointer(&format!("{at}.each"), &rule.each, problems),
        when: compile_conditions(&format!("{at}.when"), &rule.when, problems),
        fields: compile_fields(&format!("{at}."), &rule.fields, || kind.specs(), problems),
        facts: compile_facts(&format!("{at}.facts"), &rule.facts, problems),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn problems(json: &str) -> Vec<(String, String)> {
        let document = Document::from_json(json).unwrap();
        Mapping::compile(&document).err().unwrap_or_default().iter().cloned().collect()
    }

    #[test]
    fn each_problem_is_reported_at_its_field() {
        for (json, at, message) in [
            (r#"{"name": "a"}"#, "title", "path of the title"),
            (r#"{"name": "", "title": "/t"}"#, "name", "1 to 60"),
            (r#"{"name": "graph", "title": "/t"}"#, "name", "built-in format"),
            (r#"{"name": "a b", "title": "/t"}"#, "name", "letters"),
            (r#"{"name": "a", "title": "/t", "records": "x"}"#, "records", "begins with a slash"),
            (r#"{"name": "a", "title": "/a~x"}"#, "title", "~0"),
            (r#"{"name": "a", "title": "/t", "id": "same"}"#, "id", "make all alerts one"),
            (r#"{"name": "a", "title": "/t", "severity": "bad"}"#, "severity", "not one of"),
            (
                r#"{"name": "a", "title": "/t", "severity": {"from": "/s", "table": {"x": "bad"}}}"#,
                "severity.table",
                "bad",
            ),
            (
                r#"{"name": "a", "title": "/t", "firstActivity": {"from": "/s", "time": "%H"}}"#,
                "firstActivity.time",
                "must include month",
            ),
            (
                r#"{"name": "a", "title": "/t", "firstActivity": {"from": "/s", "zone": "X"}}"#,
                "firstActivity.zone",
                "time zone",
            ),
            (r#"{"name": "a", "title": "/t", "firstActivity": {"zone": "UTC"}}"#, "firstActivity", "not where"),
            (r#"{"name": "a", "title": "/t", "titel": "/t"}"#, "titel", "Unknown field"),
            (r#"{"name": "a", "title": "/t", "facts": {"A": ""}}"#, "facts", "Label ="),
            (r#"{"name": "a", "title": "/t", "when": "type = a"}"#, "when", "slash"),
            (r#"{"name": "a", "title": "/t", "evidence": [{"kind": "x"}]}"#, "evidence.0.kind", "device, user"),
            (
                r#"{"name": "a", "title": "/t", "evidence": [{"kind": "device"}]}"#,
                "evidence.0.name",
                "name of the device",
            ),
            (
                r#"{"name": "a", "title": "/t", "evidence": [{"kind": "ip", "address": "/a", "verdict": "x"}]}"#,
                "evidence.0.verdict",
                "malicious",
            ),
        ] {
            let found = problems(json);
            assert!(found.iter().any(|(place, why)| place == at && why.contains(message)), "{json}: {found:?}");
        }
        assert_eq!(problems(r#"{"name": "a", "title": "/t"}"#), []);
    }
}
