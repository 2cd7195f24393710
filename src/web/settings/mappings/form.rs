//! The form of a mapping: reading what was typed as a document, and showing a document with its problems.
//! Alternatives, conditions, facts and table entries are one per line.

use std::collections::BTreeMap;

use crate::formats::mapping::document::{Document, Rule};
use crate::formats::mapping::document_field::{Field, Lines, Pairs};
use crate::formats::mapping::fields::{self, KINDS, Shape, Spec};
use crate::formats::mapping::problems::Problems;
use crate::web::shared::form::Submitted;

/// Most evidence rules that are read; a mapping may have fewer.
const MAX_RULES: usize = 100;

/// A field, ready for the template.
#[derive(Debug)]
pub struct FieldView {
    /// Its name in the form. The id of its element has dashes instead of dots.
    pub name: String,
    pub id: String,
    pub label: &'static str,
    pub hint: &'static str,
    pub from: String,
    pub rows: usize,
    /// Each is present if the field has the option.
    pub table: Option<Part>,
    pub time: Option<Part>,
    pub zone: Option<Part>,
    pub split: Option<Part>,
    pub error: String,
    /// The label of the options; empty if there are none.
    pub options: &'static str,
    /// An option is in use.
    pub open: bool,
}

/// The text of a control, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Part {
    pub text: String,
    pub error: String,
}

impl Part {
    /// Whether it has a text or an error.
    pub fn is_used(&self) -> bool {
        !self.text.is_empty() || !self.error.is_empty()
    }
}

/// An evidence rule, ready for the template.
#[derive(Debug)]
pub struct RuleView {
    pub index: usize,
    pub kind: String,
    pub label: &'static str,
    pub common: Vec<FieldView>,
    pub more: Vec<FieldView>,
    pub each: Part,
    pub when: Part,
    pub facts: Part,
    pub more_open: bool,
}

/// The form, ready for its template.
#[derive(Debug)]
pub struct FormView {
    pub name: Part,
    pub records: Part,
    pub when: Part,
    pub common: Vec<FieldView>,
    pub more: Vec<FieldView>,
    pub more_open: bool,
    pub facts: Part,
    pub rules: Vec<RuleView>,
    pub rules_error: String,
    pub kinds: Vec<(&'static str, &'static str)>,
}

/// Reads what was typed.
pub fn read(form: &Submitted) -> Document {
    Document {
        name: form.text("name").trim().to_owned(),
        records: form.text("records").trim().to_owned(),
        when: lines(form.text("when")),
        facts: pairs(form.text("facts"), str::split_once),
        fields: fields(form, "", fields::ALERT.iter()),
        evidence: (0..MAX_RULES).map_while(|index| rule(form, index)).collect(),
    }
}

fn rule(form: &Submitted, index: usize) -> Option<Rule> {
    let prefix = format!("evidence.{index}.");
    let text = |name: &str| form.text(&format!("{prefix}{name}"));
    let kind = form.get(&format!("{prefix}kind"))?;
    let specs = fields::kind(kind).into_iter().flat_map(fields::Kind::specs);
    Some(Rule {
        kind: kind.to_owned(),
        each: text("each").trim().to_owned(),
        when: lines(text("when")),
        facts: pairs(text("facts"), str::split_once),
        fields: fields(form, &prefix, specs),
    })
}

fn fields(form: &Submitted, prefix: &str, specs: impl Iterator<Item = &'static Spec>) -> BTreeMap<String, Field> {
    specs
        .filter_map(|spec| {
            let text = |part: &str| form.text(&format!("{prefix}{}{part}", spec.key));
            let field = Field {
                from: lines(text("")),
                table: pairs(text(".table"), str::rsplit_once),
                time: text(".time").trim().to_owned(),
                zone: text(".zone").trim().to_owned(),
                split: text(".split").to_owned(),
            };
            (!field.is_empty()).then(|| (spec.key.to_owned(), field))
        })
        .collect()
}

fn lines(text: &str) -> Lines {
    Lines(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// `value = meaning` per line. A line without "=" is kept, so that it is reported as an error.
fn pairs<'a>(text: &'a str, split: impl Fn(&'a str, char) -> Option<(&'a str, &'a str)>) -> Pairs {
    let pair = |line: &'a str| {
        let (left, right) = split(line, '=').unwrap_or((line, ""));
        (left.trim().to_owned(), right.trim().to_owned())
    };
    Pairs(text.lines().filter(|line| !line.trim().is_empty()).map(pair).collect())
}

impl FormView {
    /// Whether the mapping selects records.
    pub fn chooses_records(&self) -> bool {
        self.records.is_used() || self.when.is_used()
    }

    pub fn new(document: &Document, problems: &Problems) -> Self {
        let part = |at: &str, text: String| Part { text, error: error(problems, at) };
        let views = |wanted: bool| -> Vec<FieldView> {
            let specs = fields::ALERT.iter().filter(|spec| spec.common == wanted);
            specs.map(|spec| FieldView::new("", spec, document.fields.get(spec.key), problems)).collect()
        };
        let more = views(false);
        Self {
            name: part("name", document.name.clone()),
            records: part("records", document.records.clone()),
            when: part("when", document.when.0.join("\n")),
            common: views(true),
            more_open: more.iter().any(FieldView::is_used),
            more,
            facts: part("facts", as_lines(&document.facts)),
            rules: document
                .evidence
                .iter()
                .enumerate()
                .map(|(index, rule)| RuleView::new(index, rule, problems))
                .collect(),
            rules_error: error(problems, "evidence"),
            kinds: KINDS.iter().map(|kind| (kind.key(), kind.label)).collect(),
        }
    }
}

impl RuleView {
    fn new(index: usize, rule: &Rule, problems: &Problems) -> Self {
        let prefix = format!("evidence.{index}.");
        let kind = fields::kind(&rule.kind);
        let views = |wanted: bool| -> Vec<FieldView> {
            let specs = kind.into_iter().flat_map(fields::Kind::specs).filter(|spec| spec.common == wanted);
            specs.map(|spec| FieldView::new(&prefix, spec, rule.fields.get(spec.key), problems)).collect()
        };
        let part = |name: &str, text: String| Part { text, error: error(problems, &format!("{prefix}{name}")) };
        let more = views(false);
        let (each, when, facts) = (
            part("each", rule.each.clone()),
            part("when", rule.when.0.join("\n")),
            part("facts", as_lines(&rule.facts)),
        );
        let parts_open = [&each, &when, &facts].into_iter().any(Part::is_used);
        Self {
            index,
            kind: rule.kind.clone(),
            label: kind.map_or("Unknown", |kind| kind.label),
            common: views(true),
            more_open: parts_open || more.iter().any(FieldView::is_used),
            more,
            each,
            when,
            facts,
        }
    }
}

impl FieldView {
    fn new(prefix: &str, spec: &Spec, field: Option<&Field>, problems: &Problems) -> Self {
        let name = format!("{prefix}{}", spec.key);
        let given = field.cloned().unwrap_or_default();
        // A mapping from JSON may have an option that the form does not offer for the field; it is kept.
        let part = |has: bool, key: &str, text: String| {
            let part = Part { error: error(problems, &format!("{name}.{key}")), text };
            (has || part.is_used()).then_some(part)
        };
        let has_table = matches!(spec.shape, Shape::Severity | Shape::Status | Shape::Verdict | Shape::Word);
        let table = part(has_table, "table", as_lines(&given.table));
        let time = part(spec.shape == Shape::Time, "time", given.time);
        let zone = part(spec.shape == Shape::Time, "zone", given.zone);
        let split = part(spec.shape == Shape::List, "split", given.split);
        let open = [&table, &time, &zone, &split].into_iter().flatten().any(Part::is_used);
        Self {
            id: name.replace('.', "-"),
            label: spec.label,
            hint: spec.hint,
            rows: given.from.0.len().max(1),
            from: given.from.0.join("\n"),
            error: error(problems, &name),
            options: match spec.shape {
                Shape::Time => "Time format",
                Shape::List => "Separator",
                _ if table.is_some() => "Value table",
                _ => "",
            },
            name,
            table,
            time,
            zone,
            split,
            open,
        }
    }

    fn is_used(&self) -> bool {
        self.open || !self.from.is_empty() || !self.error.is_empty()
    }
}

fn as_lines(pairs: &Pairs) -> String {
    pairs.0.iter().map(|(left, right)| format!("{left} = {right}")).collect::<Vec<_>>().join("\n")
}

fn error(problems: &Problems, at: &str) -> String {
    problems.at(at).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_survives_the_way_through_the_form() {
        let body = "name=acme&records=%2Fhits&when=%2Ftype+%3D+a%0D%0A!%2Fb&title=%2Frule%0D%0A%0D%0ANamed&\
                    severity=%2Flevel&severity.table=%3E%3D+8+%3D+high%0Acrit+%3D+high&facts=Rule+%3D+%2Frule%2Fid&\
                    firstActivity=%2Fts&firstActivity.time=%25Y&evidence.0.kind=device&evidence.0.name=%2Fhost&\
                    evidence.0.each=%2Fhosts&evidence.1.kind=ip&evidence.1.address=%2Fip&evidence.1.roles.split=%3B";
        let document = read(&Submitted::parse(body.as_bytes()));
        let json = document.to_json();
        for part in [
            "\">= 8\": \"high\"",
            "\"Named\"",
            "\"!/b\"",
            "\"Rule\": \"/rule/id\"",
            "\"time\": \"%Y\"",
            "\"split\": \";\"",
        ] {
            assert!(json.contains(part), "{part} in {json}");
        }
        let view = FormView::new(&document, &Problems::default());
        let severity = view.common.iter().find(|field| field.name == "severity");
        let table = severity.and_then(|field| field.table.as_ref()).map(|part| part.text.as_str());
        assert_eq!(table, Some(">= 8 = high\ncrit = high"));
        assert_eq!(view.rules.len(), 2);
        assert_eq!(view.rules.first().map(|rule| rule.label), Some("Device"));
    }
}
