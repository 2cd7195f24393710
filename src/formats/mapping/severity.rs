//! The severity of a record's word that no value table translates.

use crate::formats::building::assessment::set_assessment;
use crate::formats::building::facts::add_fact;
use crate::formats::building::{severity_words, terms};
use crate::model::incoming::IncomingAlert;
use crate::model::severity::Severity;

/// The severity of a word; `None` when it is not known.
pub(super) fn severity_from_word(word: &str) -> Option<Severity> {
    shared_word(word).or_else(|| match word.trim().to_lowercase().as_str() {
        "urgent" | "emerg" => Some(Severity::High),
        "err" => shared_word("error"),
        "none" | "very low" => Some(Severity::Informational),
        _ => None,
    })
}

/// The severity of a word that many tools use; `None` for any other.
fn shared_word(word: &str) -> Option<Severity> {
    match severity_words::from_any_word(word) {
        (Severity::Informational, Some(_)) if terms::normalized(word) != "debug" => None,
        (severity, _) => Some(severity),
    }
}

/// Sets the severity from a word; a word that is not one of Watchdesk's severities also becomes a fact.
pub(super) fn set_severity(alert: &mut IncomingAlert, word: &str) {
    let Some(known) = severity_from_word(word) else { return set_assessment(alert, word, "", "") };
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
        assert_eq!(severity_from_word("CRITICAL"), Some(Severity::High));
        assert_eq!(severity_from_word("warn"), Some(Severity::Medium));
        assert_eq!(severity_from_word("P1"), None);
    }
}
