//! A field that was changed while a form was open.

/// One line of the message about conflicts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldConflict {
    /// Who else changed it, and how; empty where only this person did.
    pub who: String,
    pub sentence: String,
    pub field: &'static str,
    /// What this person typed into the same field, if that changed it.
    pub yours: Option<String>,
}
