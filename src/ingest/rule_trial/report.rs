//! The result of a rule trial.

use crate::model::severity::Severity;

/// Most changes and titles that are listed.
pub const LISTED: usize = 50;

/// What the rule would have done.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub days: i64,
    /// Alerts received in those days, how many of the newest were read, and how many of these went through the trial.
    pub alerts: usize,
    pub newest: usize,
    pub looked_at: usize,
    /// Whether the trial ended early because it took too long.
    pub cut: bool,
    /// Incidents of these alerts that the queue shows now, and those that it would show with the change.
    pub before: usize,
    pub after: usize,
    /// Alerts that match the proposed rule's condition, and those of them that did not go through the trial.
    pub matched: usize,
    pub matched_untested: usize,
    /// What the rule would do to alerts other than hiding or grouping them.
    pub act: Option<Act>,
    /// Whether the change could group alerts differently. If not, none are listed.
    pub regroups: bool,
    /// Groups of incidents whose alerts would be divided differently: how many, and the first of them.
    pub regrouped: usize,
    pub changes: Vec<Regrouped>,
    /// Alerts that are hidden either way, and those that would no longer be.
    pub hidden_anyway: usize,
    pub shown_again: usize,
    /// Alerts that would be hidden, how many titles they have, and the most frequent of these.
    pub hidden: usize,
    pub hidden_titles: usize,
    pub titles: Vec<Hidden>,
}

/// What a rule does to the alerts that match and are not hidden, or to their incidents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Alerts that would be resolved, and incidents of which these are all alerts.
    Resolve {
        alerts: usize,
        incidents: usize,
    },
    SetSeverity {
        to: Severity,
        alerts: usize,
    },
    AddTag {
        tag: String,
        incidents: usize,
    },
}

impl Act {
    /// Whether it would be done to nothing.
    pub fn is_idle(&self) -> bool {
        match self {
            Self::Resolve { alerts: touched, .. }
            | Self::SetSeverity { alerts: touched, .. }
            | Self::AddTag { incidents: touched, .. } => *touched == 0,
        }
    }
}

/// Alerts that are divided into other incidents with the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regrouped {
    pub alerts: usize,
    /// How many incidents they are without the rule, and with it.
    pub before: usize,
    pub after: usize,
    /// Some of the stored incidents that they are in.
    pub stored: Vec<StoredIncident>,
    /// How many more stored incidents they are in.
    pub more: usize,
}

/// A title whose alerts would be hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    pub title: String,
    pub alerts: usize,
}

/// A stored incident that holds most alerts of a trial's incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredIncident {
    pub id: i64,
    pub name: String,
}
