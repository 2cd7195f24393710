//! A change that was decided and is to be committed.

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
    pub fn incident(change: Change) -> Self {
        Self { alert: None, change, nested: false, by: None }
    }

    pub fn alert(alert: i64, change: Change) -> Self {
        Self { alert: Some(alert), change, nested: false, by: None }
    }

    pub fn nested(alert: i64, change: Change) -> Self {
        Self { alert: Some(alert), change, nested: true, by: None }
    }

    #[must_use]
    pub fn by(mut self, author: String) -> Self {
        self.by = Some(author);
        self
    }
}
