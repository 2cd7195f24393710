//! Rules in words: for the list of rules, and for the differences that a change made.

use serde::{Deserialize, Serialize};

use crate::model::severity::Severity;
use crate::rules::condition::{Condition, TitleTest};
use crate::rules::draft::Checked;
use crate::rules::rule::{Body, Effect, EffectKind};
use crate::rules::wording::{duration, field_in_words, last_day};
use crate::text::source_label;

/// "Alerts from Wazuh whose title contains \"backup\"".
pub fn condition_in_words(condition: &Condition) -> String {
    let mut parts = Vec::new();
    if let Some(source) = &condition.source {
        parts.push(format!("from {}", source_label(source)));
    }
    if let Some(title) = &condition.title {
        let verb = match title.test {
            TitleTest::Any | TitleTest::Exact => "is",
            TitleTest::Contains => "contains",
            TitleTest::Wildcard => "matches",
        };
        parts.push(format!("whose title {verb} \"{}\"", title.text));
    }
    if let Some(fact) = &condition.fact {
        parts.push(format!("whose {} is \"{}\"", fact.label, fact.value));
    }
    match condition.severity_at_most {
        None | Some(Severity::High) => {}
        Some(Severity::Informational) => parts.push("of informational severity".to_owned()),
        Some(most) => parts.push(format!("of {} severity or lower", most.as_str())),
    }
    for (noun, pattern) in [("device", &condition.device), ("user", &condition.user), ("IP address", &condition.ip)] {
        if let Some(pattern) = pattern {
            parts.push(format!("with {noun} {}", pattern.0));
        }
    }
    parts.extend(condition.assets.iter().map(|asset| format!("with {} {}", asset.kind.label(), asset.name.0)));
    if parts.is_empty() { "All alerts".to_owned() } else { format!("Alerts {}", parts.join(", ")) }
}

/// "grouped by device for 24 hours".
pub fn effect_in_words(effect: &Effect) -> String {
    match effect {
        Effect::Ignore => "ignored: hidden and kept with the rule".to_owned(),
        Effect::Resolve { outcome, .. } => format!("resolved as {}", outcome.label()),
        Effect::SetSeverity { severity } => format!("severity set to {}", severity.label()),
        Effect::AddTag { tag } => format!("tagged \"{tag}\""),
        Effect::NeverCorrelate => "never correlated: each alert has its own incident".to_owned(),
        Effect::GroupBy { field, fact, minutes } => {
            format!("grouped by {} for {}", field_in_words(*field, fact), duration(*minutes))
        }
        Effect::Window { minutes } => format!("linked within {}", duration(*minutes)),
    }
}

/// A rule as the record of changes keeps it: label and value of everything that can change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RuleSnapshot(pub Vec<(String, String)>);

impl RuleSnapshot {
    pub fn new(rule: &Checked, owner: &str, place: usize) -> Self {
        let Body { condition, effect } = &rule.body;
        let note = if let Effect::Resolve { note, .. } = effect { note.clone() } else { String::new() };
        let on = if rule.enabled { "yes" } else { "no" };
        let ends = rule.expires_at.map_or_else(|| "never".to_owned(), last_day);
        let mut facts = vec![
            ("Name", rule.name.clone()),
            ("Enabled", on.to_owned()),
            ("Condition", condition_in_words(condition)),
            ("Action", effect_in_words(effect)),
            ("Note", note),
            ("Owner", owner.to_owned()),
            ("Expires", ends),
            ("Reason", rule.reason.clone()),
            ("Order", place.to_string()),
        ];
        // Ignoring is told by a word of its own; what a reason says of it matters most.
        if effect.kind() != EffectKind::Ignore && rule.reason.is_empty() {
            facts.retain(|(label, _)| *label != "Reason");
        }
        facts.retain(|(label, value)| *label != "Note" || !value.is_empty());
        Self(facts.into_iter().map(|(label, value)| (label.to_owned(), value)).collect())
    }

    /// With what was decided about its proposal.
    #[must_use]
    pub fn with(mut self, label: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.0.push((label.to_owned(), value.to_owned()));
        }
        self
    }

    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }
}

/// What differs between two states of a rule: label, before, after.
pub fn differences(old: Option<&str>, new: Option<&str>) -> Vec<(String, String, String)> {
    let read = |text: Option<&str>| -> Vec<(String, String)> {
        text.and_then(|text| serde_json::from_str::<RuleSnapshot>(text).ok())
            .map(|snapshot| snapshot.0)
            .unwrap_or_default()
    };
    let (old, new) = (read(old), read(new));
    let value = |facts: &[(String, String)], label: &str| {
        facts.iter().find(|(known, _)| known == label).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let mut labels: Vec<&String> = new.iter().map(|(label, _)| label).collect();
    labels.extend(old.iter().map(|(label, _)| label).filter(|label| !new.iter().any(|(known, _)| known == *label)));
    labels
        .into_iter()
        .map(|label| (label.clone(), value(&old, label), value(&new, label)))
        .filter(|(_, before, after)| before != after)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::condition::{Pattern, TitleMatch};

    #[test]
    fn a_condition_reads_as_a_sentence() {
        assert_eq!(condition_in_words(&Condition::default()), "All alerts");
        let condition = Condition {
            source: Some("microsoftDefenderForEndpoint".into()),
            title: Some(TitleMatch { test: TitleTest::Contains, text: "backup".into() }),
            severity_at_most: Some(Severity::Low),
            device: Pattern::new("backup-*"),
            ..Condition::default()
        };
        assert_eq!(
            condition_in_words(&condition),
            "Alerts from Defender for Endpoint, whose title contains \"backup\", of low severity or lower, \
             with device backup-*"
        );
    }

    #[test]
    fn times_read_as_they_are_typed() {
        let words: Vec<String> = [1, 90, 60, 24 * 60, 3 * 24 * 60].into_iter().map(duration).collect();
        assert_eq!(words, ["1 minute", "90 minutes", "1 hour", "24 hours", "3 days"]);
    }
}
