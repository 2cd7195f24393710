//! What an adapter reads as the category of an alert, and whether it is more than a hint.

/// A category that is read from words of a record.
///
/// A tactic names an incident and counts as a step of an attack. So one that is only suggested is not the
/// category of the alert: it is shown as a fact, "Possible tactic".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CategoryReading {
    /// The source says so, or its class of signatures means this and nothing less.
    Clear(&'static str),
    /// A tactic that a word of a title, an attempt, a scan or a single failed login suggests.
    Hint(&'static str),
}
