//! What another person changed while a form was open.

/// One line of the conflict answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldConflict {
    pub who: String,
    pub sentence: String,
    pub field: &'static str,
    /// What this person had typed into the same field, when it differs from what it held.
    pub yours: Option<String>,
}
