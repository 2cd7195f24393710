//! The severity of an OCSF finding: a number, with a word beside it.

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::path::text_at;
use crate::formats::building::severity_scales;
use crate::model::severity::Severity;

/// Sets the severity from its number, else from its word. The word is shown where both say the same.
pub(super) fn set(draft: &mut Draft, value: &Value) {
    let [number, word] = ["severity_id", "severity"].map(|path| text_at(value, &[path]));
    let by_number = severity_scales::severity_of_text(&number, severity_of_id);
    let by_word = severity_scales::severity_of_text(&word, severity_of_id);
    match by_number {
        Some(_) if by_word != by_number => draft.set_severity(by_number, &number),
        _ => draft.set_severity(by_word, &word),
    }
}

/// The severity of a `severity_id`: 5 is critical, 6 fatal; 0 is unknown and 99 another.
fn severity_of_id(id: i64) -> Option<Severity> {
    match id {
        1 => Some(Severity::Informational),
        2 => Some(Severity::Low),
        3 => Some(Severity::Medium),
        4..=6 => Some(Severity::High),
        _ => None,
    }
}
