//! The form of a rule: reading what was posted, and its fields ready for the template.

use crate::ingest::rule_trial::DAYS;
use crate::model::severity::Severity;
use crate::model::user::User;
use crate::rules::condition::TitleTest;
use crate::rules::draft::Draft;
use crate::rules::rule::{EffectKind, GroupField};
use crate::text::source_label;
use crate::web::shared::choices::Choice;
use crate::web::shared::form::Submitted;

/// The days that a trial covers unless another number is chosen.
const DEFAULT_DAYS: i64 = 7;

/// An effect that a rule can have.
pub struct EffectView {
    pub value: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub chosen: bool,
}

/// The form, ready for its template.
pub struct FormView {
    pub draft: Draft,
    pub sources: Vec<(String, String)>,
    pub tests: Vec<Choice>,
    pub severities: Vec<Choice>,
    pub effects: Vec<EffectView>,
    pub fields: Vec<Choice>,
    pub units: Vec<Choice>,
    pub owners: Vec<Choice>,
    pub days: Vec<Choice>,
}

pub fn read(form: &Submitted) -> Draft {
    let text = |name: &str| form.text(name).to_owned();
    Draft {
        name: text("name"),
        enabled: form.get("enabled").is_some(),
        source: text("source"),
        title_test: text("title_test"),
        title: text("title"),
        severity_at_most: text("severity_at_most"),
        device: text("device"),
        user: text("user"),
        ip: text("ip"),
        effect: text("effect"),
        group_field: text("group_field"),
        fact: text("fact"),
        amount: text("amount"),
        unit: text("unit"),
        expires: text("expires"),
        owner: text("owner"),
        reason: text("reason"),
    }
}

impl FormView {
    pub fn new(draft: Draft, days: i64, people: &[User], sources: Vec<String>) -> Self {
        let severities =
            [("", "Any"), ("informational", "Informational"), ("low", "Low"), ("medium", "Medium")].into_iter();
        let chosen_days = if DAYS.contains(&days) { days } else { DEFAULT_DAYS };
        Self {
            tests: TitleTest::ALL
                .iter()
                .map(|test| choice(test.as_str(), test.label(), draft.title_test == test.as_str()))
                .collect(),
            severities: severities
                .map(|(value, label)| {
                    let label = if value.is_empty() { label.to_owned() } else { at_most(label) };
                    choice(value, &label, draft.severity_at_most == value)
                })
                .collect(),
            effects: EffectKind::ALL
                .iter()
                .map(|kind| EffectView {
                    value: kind.as_str(),
                    label: kind.label(),
                    hint: hint(*kind),
                    chosen: draft.effect == kind.as_str(),
                })
                .collect(),
            fields: GroupField::ALL
                .iter()
                .map(|field| choice(field.as_str(), &capitalised(field.label()), draft.group_field == field.as_str()))
                .collect(),
            units: ["minutes", "hours", "days"]
                .into_iter()
                .map(|unit| choice(unit, unit, draft.unit == unit))
                .collect(),
            owners: owners(&draft, people),
            days: DAYS.into_iter().map(|days| choice(&days.to_string(), &length(days), days == chosen_days)).collect(),
            sources: sources.into_iter().map(|source| (source_label(&source), source)).collect(),
            draft,
        }
    }
}

fn choice(value: &str, label: &str, selected: bool) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), selected }
}

fn owners(draft: &Draft, people: &[User]) -> Vec<Choice> {
    let mut owners: Vec<Choice> = people
        .iter()
        .filter(|user| user.can_own())
        .map(|user| choice(&user.name, &user.display_name, user.name.eq_ignore_ascii_case(draft.owner.trim())))
        .collect();
    if !owners.iter().any(|owner| owner.selected) {
        owners.insert(0, choice("", "Choose", true));
    }
    owners
}

fn at_most(label: &str) -> String {
    match Severity::parse(label) {
        Some(Severity::Informational) => label.to_owned(),
        _ => format!("{label} or less"),
    }
}

fn hint(kind: EffectKind) -> &'static str {
    match kind {
        EffectKind::Ignore => "They are counted here and not stored. What is stored already stays.",
        EffectKind::NeverCorrelate => "Each opens an incident of its own, and nothing joins by it.",
        EffectKind::GroupBy => "Those that have the same value are one incident while it is open.",
        EffectKind::Window => "They join what shares a device, user or indicator with them within this time.",
    }
}

/// The text after "the last": "day", "7 days".
pub fn length(days: i64) -> String {
    if days == 1 { "day".to_owned() } else { format!("{days} days") }
}

/// The text with a capital letter at the beginning.
pub fn capitalised(label: &str) -> String {
    let mut text = label.to_owned();
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    text
}
