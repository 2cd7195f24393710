//! What trying a rule came to.

/// Changes and titles that are listed.
pub const LISTED: usize = 50;

/// What a rule would have done.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub days: i64,
    /// Alerts of those days, and how many of them went through the trial.
    pub alerts: usize,
    pub looked_at: usize,
    /// It was cut off for taking too long.
    pub cut: bool,
    /// Incidents without the change, and with it.
    pub before: usize,
    pub after: usize,
    /// Alerts that match the proposed rule's condition.
    pub matched: usize,
    /// Incidents whose alerts are divided otherwise: how many such changes, and the first of them.
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

/// Alerts that are divided otherwise with the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regrouped {
    pub alerts: usize,
    /// How many incidents they are without the rule, and with it.
    pub before: usize,
    pub after: usize,
    /// Where they are now; a few.
    pub stored: Vec<StoredIncident>,
    /// Further ones.
    pub more: usize,
}

/// A title whose alerts would be hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    pub title: String,
    pub alerts: usize,
}

/// A stored incident that most alerts of one of the trial's stand in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredIncident {
    pub id: i64,
    pub name: String,
}
