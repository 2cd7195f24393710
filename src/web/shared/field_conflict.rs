//! A field that another person changed while a form was open.

/// One line of the message about conflicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldConflict {
    pub who: String,
    pub sentence: String,
    pub field: &'static str,
    /// What this person typed into the same field, if that changed it.
    pub yours: Option<String>,
}
