//! What rules do to alerts once these are stored: resolve them, set their severity, tag their incidents. A rule speaks
//! for the people who approved it, so a source does not take it back.

use std::collections::BTreeMap;

use crate::model::incoming::IncomingAlert;
use crate::rules::rule::{Effect, EffectKind, Rule};
use crate::rules::rule_set::RuleSet;

/// The alerts that a rule changes.
#[derive(Debug, Clone)]
pub struct Marked {
    /// The rule's name.
    pub name: String,
    pub effect: Effect,
    pub alerts: Vec<i64>,
}

impl RuleSet {
    /// Notes what the rules do to a new alert: the first that sets a severity, the first that resolves, and all that
    /// tag.
    pub fn note_new(&mut self, id: i64, alert: &IncomingAlert) {
        let mut taken: Vec<EffectKind> = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            let kind = rule.body.effect.kind();
            if rank(kind).is_none() || taken.contains(&kind) || !rule.body.condition.matches(alert) {
                continue;
            }
            if kind != EffectKind::AddTag {
                taken.push(kind);
            }
            *self.hits.entry(rule.id).or_default() += 1;
            self.marks.push((id, index));
        }
    }

    /// Whether a rule sets the severity of an alert, so that its source does not.
    pub fn sets_severity(&self, alert: &IncomingAlert) -> bool {
        let sets = |rule: &Rule| rule.body.effect.kind() == EffectKind::SetSeverity;
        self.rules.iter().any(|rule| sets(rule) && rule.body.condition.matches(alert))
    }

    /// Whether a rule resolves alerts like this one.
    pub fn resolves(&self, alert: &IncomingAlert) -> bool {
        let resolves = |rule: &Rule| rule.body.effect.kind() == EffectKind::Resolve;
        self.rules.iter().any(|rule| resolves(rule) && rule.body.condition.matches(alert))
    }

    /// Gives what was noted, in the order in which it is done: severities, tags, then what resolves.
    pub fn take_marks(&mut self) -> Vec<Marked> {
        let mut by_rule: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
        for (alert, rule) in std::mem::take(&mut self.marks) {
            by_rule.entry(rule).or_default().push(alert);
        }
        let marked = by_rule.into_iter().filter_map(|(index, alerts)| {
            let rule = self.rules.get(index)?;
            Some(Marked { name: rule.name.clone(), effect: rule.body.effect.clone(), alerts })
        });
        let mut marked: Vec<Marked> = marked.collect();
        marked.sort_by_key(|marked| rank(marked.effect.kind()));
        marked
    }
}

/// The place of an effect among those on stored alerts; none for the others.
fn rank(kind: EffectKind) -> Option<u8> {
    match kind {
        EffectKind::SetSeverity => Some(0),
        EffectKind::AddTag => Some(1),
        EffectKind::Resolve => Some(2),
        EffectKind::Ignore | EffectKind::NeverCorrelate | EffectKind::GroupBy | EffectKind::Window => None,
    }
}
