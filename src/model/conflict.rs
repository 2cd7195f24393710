//! What others changed while a form was open (R13).

use crate::model::field::Field;

/// One field that changed since, with the value that a form of that time carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    pub field: Field,
    /// The form value before the first such change.
    pub before: String,
    pub by_person: bool,
    /// For tags: which one, and whether it was added.
    pub tag: Option<(String, bool)>,
    /// What happened, as a sentence, and who did it.
    pub sentence: String,
    pub who: String,
}

/// The answer to a stale save: what the others changed, for showing beside what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conflict {
    pub changes: Vec<FieldChange>,
    /// Of a move: where the alerts went meanwhile.
    pub moved: Vec<MovedMeanwhile>,
}

/// Alerts that somebody moved while another person was about to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedMeanwhile {
    pub who: String,
    /// How many went where: "3 alerts moved to incident 7 (Phishing)."
    pub sentence: String,
}

impl Conflict {
    /// What a field held when the form was made.
    pub fn before(&self, field: Field) -> Option<&str> {
        self.changes.iter().find(|change| change.field == field).map(|change| change.before.as_str())
    }

    pub fn any_by_person(&self) -> bool {
        self.changes.iter().any(|change| change.by_person)
    }
}
