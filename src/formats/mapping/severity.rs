//! The severity that a record's word means when no value table translates it.

use crate::formats::building::assessment::set_assessment;
use crate::formats::building::facts::add_fact;
use crate::formats::building::{attack, terms};
use crate::model::incoming::IncomingAlert;
use crate::model::severity::Severity;

/// The severity that a word means without a table.
pub(super) fn severity(word: &str) -> Option<Severity> {
    shared_word(word).or_else(|| match word.trim().to_lowercase().as_str() {
        "urgent" | "emerg" => Some(Severity::High),
        "err" => shared_word("error"),
        "none" | "very low" => Some(Severity::Informational),
        _ => None,
    })
}

/// The severity of a word in the spellings that many tools share; `None` for any other word.
fn shared_word(word: &str) -> Option<Severity> {
    match attack::severity(word) {
        (Severity::Informational, Some(_)) if terms::folded(word) != "debug" => None,
        (severity, _) => Some(severity),
    }
}

/// A word of another scale than ours is kept beside what it was taken for.
pub(super) fn set_severity(alert: &mut IncomingAlert, word: &str) {
    let Some(known) = severity(word) else { return set_assessment(alert, word, "", "") };
    set_assessment(alert, known.as_str(), "", "");
    if !known.as_str().eq_ignore_ascii_case(word) {
        add_fact(&mut alert.facts, "Severity in the source", word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_words_for_severities_need_no_table() {
        assert_eq!(severity("CRITICAL"), Some(Severity::High));
        assert_eq!(severity("warn"), Some(Severity::Medium));
        assert_eq!(severity("P1"), None);
    }
}
