//! A change that was decided and is to be committed.

use std::collections::BTreeSet;

use crate::model::change::Change;

/// A change about to be committed: of the incident itself, or of one of its alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedChange {
    pub alert: Option<i64>,
    pub change: Change,
    /// It follows from the change before it and is folded under it in the incident's timeline.
    pub nested: bool,
    /// Somebody other than the actor of the whole commit: an imported comment's author.
    pub by: Option<String>,
}

impl PlannedChange {
    /// How many alerts changes are of.
    pub fn alert_count(changes: &[Self]) -> usize {
        changes.iter().filter_map(|change| change.alert).collect::<BTreeSet<_>>().len()
    }

    pub fn incident(change: Change) -> Self {
        Self { alert: None, change, nested: false, by: None }
    }

    pub fn alert(alert: i64, change: Change) -> Self {
        Self { alert: Some(alert), change, nested: false, by: None }
    }

    pub fn nested(alert: i64, change: Change) -> Self {
        Self { alert: Some(alert), change, nested: true, by: None }
    }

    /// One act that happened to several alerts: its own change, and those of the alerts folded under it (R20).
    pub fn one_act(act: Change, parts: Vec<Self>) -> Vec<Self> {
        let parts = parts.into_iter().map(|part| Self { nested: true, ..part });
        std::iter::once(Self::incident(act)).chain(parts).collect()
    }

    #[must_use]
    pub fn by(mut self, author: String) -> Self {
        self.by = Some(author);
        self
    }
}
