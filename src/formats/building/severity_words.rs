//! The severity of a word: of Graph's four, or of those that other tools use.

use crate::formats::building::terms::normalized;
use crate::model::severity::Severity;

/// The severity of one of Graph's four words; informational for any other, with the text to show as a fact.
pub(crate) fn from_graph_word(text: &str) -> (Severity, Option<String>) {
    match Severity::parse(text) {
        Some(severity) => (severity, None),
        None if text.is_empty() => (Severity::Informational, Some("not given".to_owned())),
        None => (Severity::Informational, Some(text.to_owned())),
    }
}

/// The severity of a word of any tool. A word beyond Watchdesk's four severities is returned too, so that it
/// can be shown as a fact.
pub(crate) fn from_any_word(word: &str) -> (Severity, Option<String>) {
    let original = Some(word.to_owned());
    match normalized(word).as_str() {
        "critical" | "crit" | "fatal" | "emergency" | "alert" | "severe" | "veryhigh" | "major" | "error" => {
            (Severity::High, original)
        }
        "moderate" | "med" | "warning" | "warn" => (Severity::Medium, original),
        "minor" | "notice" => (Severity::Low, original),
        "info" | "information" => (Severity::Informational, None),
        "debug" => (Severity::Informational, original),
        _ => from_graph_word(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_severity_is_informational_and_shown() {
        assert_eq!(from_graph_word("HIGH"), (Severity::High, None));
        let shown = from_graph_word("UnSpecified").1;
        assert_eq!(shown.as_deref(), Some("UnSpecified"));
        assert_eq!(from_graph_word("").1.as_deref(), Some("not given"));
    }

    #[test]
    fn a_severity_beyond_the_scale_is_kept_in_words() {
        assert_eq!(from_any_word("Critical"), (Severity::High, Some("Critical".to_owned())));
        assert_eq!(from_any_word("high"), (Severity::High, None));
        assert_eq!(from_any_word("info"), (Severity::Informational, None));
        assert_eq!(from_any_word(""), (Severity::Informational, Some("not given".to_owned())));
    }
}
