//! A rule as typed into the form; `check` validates it.

pub(super) mod check;

use crate::clock::{self, DAY};
use crate::model::outcome::{Classification, Determination, Outcome};
use crate::model::severity::Severity;
use crate::rules::condition::{AssetKind, Pattern, TitleTest};
use crate::rules::rule::{Body, Effect, EffectKind, GroupField, Rule};
use crate::rules::wording::last_day;

/// Days after which a rule expires unless another day is chosen.
pub const LIFE: i64 = 30;

/// What alerts are resolved as unless something else is chosen.
const FALSE_POSITIVE: Outcome =
    Outcome { classification: Classification::FalsePositive, determination: Determination::NotMalicious };

/// The units of a window, in minutes.
const UNITS: [(&str, i64); 3] = [("days", 24 * 60), ("hours", 60), ("minutes", 1)];

/// Every field as typed. Times are dates of UTC, such as 2027-01-31.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub enabled: bool,
    pub source: String,
    pub title_test: String,
    pub title: String,
    pub severity_at_most: String,
    pub device: String,
    pub user: String,
    pub ip: String,
    /// Label and value of a fact, such as the id of the detection.
    pub match_fact: String,
    pub match_value: String,
    /// Each as kind and name: "device:web-01".
    pub assets: Vec<String>,
    pub effect: String,
    /// "falsePositive:notMalicious"
    pub classification: String,
    /// The note of what it resolves.
    pub note: String,
    pub severity: String,
    pub tag: String,
    pub group_field: String,
    pub fact: String,
    pub amount: String,
    /// "minutes", "hours" or "days".
    pub unit: String,
    pub expires: String,
    pub never_expires: bool,
    /// A user name.
    pub owner: String,
    pub reason: String,
}

impl Default for Draft {
    fn default() -> Self {
        let empty = String::new;
        Self {
            name: empty(),
            enabled: true,
            source: empty(),
            title_test: TitleTest::Any.as_str().to_owned(),
            title: empty(),
            severity_at_most: empty(),
            device: empty(),
            user: empty(),
            ip: empty(),
            match_fact: empty(),
            match_value: empty(),
            assets: Vec::new(),
            effect: EffectKind::GroupBy.as_str().to_owned(),
            classification: FALSE_POSITIVE.form_value(),
            note: empty(),
            severity: Severity::Low.as_str().to_owned(),
            tag: empty(),
            group_field: GroupField::Device.as_str().to_owned(),
            fact: empty(),
            amount: "24".to_owned(),
            unit: "hours".to_owned(),
            expires: in_thirty_days(clock::now()),
            never_expires: false,
            owner: empty(),
            reason: empty(),
        }
    }
}

/// A valid draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub name: String,
    pub enabled: bool,
    pub body: Body,
    pub owner_id: i64,
    pub reason: String,
    pub expires_at: Option<i64>,
}

impl Draft {
    /// A stored rule, ready to be changed.
    pub fn of(rule: &Rule, owner: &str) -> Self {
        let condition = &rule.body.condition;
        let pattern = |pattern: &Option<Pattern>| pattern.as_ref().map(|pattern| pattern.0.clone()).unwrap_or_default();
        let mut draft = Self {
            name: rule.name.clone(),
            enabled: rule.enabled,
            source: condition.source.clone().unwrap_or_default(),
            severity_at_most: condition.severity_at_most.map(|most| most.as_str().to_owned()).unwrap_or_default(),
            device: pattern(&condition.device),
            user: pattern(&condition.user),
            ip: pattern(&condition.ip),
            effect: rule.body.effect.kind().as_str().to_owned(),
            match_fact: condition.fact.as_ref().map(|fact| fact.label.clone()).unwrap_or_default(),
            match_value: condition.fact.as_ref().map(|fact| fact.value.clone()).unwrap_or_default(),
            assets: condition.assets.iter().map(|asset| typed_asset(asset.kind, &asset.name.0)).collect(),
            expires: rule.expires_at.map(last_day).unwrap_or_default(),
            never_expires: rule.expires_at.is_none(),
            owner: owner.to_owned(),
            reason: rule.reason.clone(),
            ..Self::default()
        };
        if let Some(title) = &condition.title {
            (draft.title_test, draft.title) = (title.test.as_str().to_owned(), title.text.clone());
        }
        match &rule.body.effect {
            Effect::GroupBy { field, fact, minutes } => {
                (draft.group_field, draft.fact) = (field.as_str().to_owned(), fact.clone());
                draft.set_window(*minutes);
            }
            Effect::Window { minutes } => draft.set_window(*minutes),
            Effect::Resolve { outcome, note } => {
                (draft.classification, draft.note) = (outcome.form_value(), note.clone());
            }
            Effect::SetSeverity { severity } => severity.as_str().clone_into(&mut draft.severity),
            Effect::AddTag { tag } => draft.tag.clone_from(tag),
            Effect::Ignore | Effect::NeverCorrelate => {}
        }
        draft
    }

    fn set_window(&mut self, minutes: i64) {
        let (unit, size) = UNITS.into_iter().find(|(_, size)| minutes % size == 0).unwrap_or(("minutes", 1));
        (self.amount, self.unit) = ((minutes / size).to_string(), unit.to_owned());
    }
}

/// An asset of a condition as a form has it.
pub(super) fn typed_asset(kind: AssetKind, name: &str) -> String {
    format!("{}:{name}", kind.as_str())
}

/// The last day of a rule that begins now, such as 2027-01-31.
fn in_thirty_days(now: i64) -> String {
    last_day(now + LIFE * DAY)
}

#[cfg(test)]
mod tests;
