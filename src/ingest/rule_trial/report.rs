//! The result of a rule trial.

/// Most changes and titles that are listed.
pub const LISTED: usize = 50;

/// What the rule would have done.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub days: i64,
    /// Alerts of those days, how many of the newest were read, and how many of these went through the trial.
    pub alerts: usize,
    pub newest: usize,
    pub looked_at: usize,
    /// Whether the trial ended early because it took too long.
    pub cut: bool,
    /// Incidents of these alerts that the queue shows now, and those that it would show with the change.
    pub before: usize,
    pub after: usize,
    /// Alerts that match the proposed rule's condition.
    pub matched: usize,
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
