//! What a rule decides about one alert, and the sentence that says so on the alert's page.

use crate::hash::sha256_hex;
use crate::model::entity::{EvidenceKind, Resolved};
use crate::model::incoming::IncomingAlert;
use crate::model::linked_by::{ALONE, BY_RULE, LinkedBy};
use crate::rules::rule::{Effect, GroupField};
use crate::rules::wording::{self, duration};
use crate::text::{folded, one_line};

/// A value that alerts are grouped by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupValue {
    pub(super) hash: String,
    /// As a person reads it.
    pub label: String,
}

/// What a rule does with an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleAction {
    Alone,
    /// Grouped by any of these values.
    Group(Vec<GroupValue>),
    /// Linked within this time, in microseconds.
    Within(i64),
}

/// A rule's decision about one alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDecision {
    pub(super) rule: i64,
    pub(super) name: String,
    pub(super) effect: Effect,
    pub action: RuleAction,
}

impl RuleDecision {
    pub fn is_alone(&self) -> bool {
        self.action == RuleAction::Alone
    }

    /// The time within which the alert links, where the rule sets one.
    pub fn within(&self) -> Option<i64> {
        match self.action {
            RuleAction::Within(time) => Some(time),
            _ => None,
        }
    }

    pub fn alone(&self) -> LinkedBy {
        let sentence = format!("Rule \"{}\": never correlated, so it has its own incident.", self.name);
        self.linked_by(ALONE, sentence)
    }

    /// Why the alert is in the group's incident; `first`: it opened it.
    pub fn grouped(&self, value: &GroupValue, first: bool) -> LinkedBy {
        let Effect::GroupBy { field, fact, minutes } = &self.effect else { return LinkedBy::default() };
        let what = format!("{} {} for {}", wording::field_in_words(*field, fact), value.label, duration(*minutes));
        let opened = if first { "opened this incident, " } else { "" };
        self.linked_by(BY_RULE, format!("Rule \"{}\": {opened}grouped by {what}.", self.name))
    }

    /// Adds to a placement that the rule set its reach.
    pub fn explain(&self, linked_by: &mut LinkedBy) {
        if let Effect::Window { minutes } = self.effect {
            let (name, time) = (&self.name, duration(minutes));
            linked_by.within = self.within();
            linked_by.explanation = format!("{} Rule \"{name}\": linked within {time}.", linked_by.explanation);
        }
    }

    fn linked_by(&self, reason: &str, explanation: String) -> LinkedBy {
        LinkedBy { reasons: vec![reason.to_owned()], explanation, ..LinkedBy::default() }
    }
}

/// The values of a field that an alert has. Entities are compared by id, so spelling does not matter.
pub(super) fn group_values(
    field: GroupField,
    fact: &str,
    alert: &IncomingAlert,
    entities: &[Resolved],
) -> Vec<GroupValue> {
    let kind = match field {
        GroupField::Device => EvidenceKind::Device,
        GroupField::User => EvidenceKind::User,
        GroupField::Mailbox => EvidenceKind::Mailbox,
        GroupField::Ip => EvidenceKind::Ip,
        GroupField::Title => return texts(field, "", [alert.title.as_str()]),
        GroupField::DetectionSource => return texts(field, "", [alert.detection_source.as_str()]),
        GroupField::Category => return texts(field, "", [alert.category.as_str()]),
        GroupField::Fact => {
            let named = alert.facts.iter().filter(|(label, _)| label.trim().eq_ignore_ascii_case(fact));
            return texts(field, fact, named.map(|(_, value)| value.as_str()));
        }
    };
    let mut found: Vec<GroupValue> = Vec::new();
    for entity in entities.iter().filter(|entity| entity.kind == kind) {
        push_value(&mut found, format!("{}\n{}", field.as_str(), entity.id), entity.name.clone());
    }
    found
}

fn texts<'a>(field: GroupField, fact: &str, texts: impl IntoIterator<Item = &'a str>) -> Vec<GroupValue> {
    let mut found = Vec::new();
    for text in texts.into_iter().map(one_line).filter(|text| !text.is_empty()) {
        let key = format!("{}\n{}\n{}", field.as_str(), folded(fact), folded(&text));
        push_value(&mut found, key, text);
    }
    found
}

fn push_value(found: &mut Vec<GroupValue>, key: String, label: String) {
    let hash = sha256_hex(key.as_bytes());
    if !found.iter().any(|known| known.hash == hash) {
        found.push(GroupValue { hash, label });
    }
}
