//! Sets severity, classification, determination and techniques in Watchdesk's words. Words of the source
//! that Watchdesk does not know become facts.

use crate::formats::building::facts::add_fact;
use crate::formats::building::{severity_words, terms};
use crate::model::incoming::{IncomingAlert, SEVERITY_IN_SOURCE};
use crate::model::severity::Severity;

/// Most techniques that one alert keeps.
const TECHNIQUES_MAX: usize = 100;

/// Sets the techniques; texts that are no technique ids become a fact.
pub(crate) fn set_techniques(alert: &mut IncomingAlert, given: &[String]) {
    let (ids, others) = terms::split_techniques(given, TECHNIQUES_MAX);
    alert.techniques = ids;
    add_fact(&mut alert.facts, "Other techniques", &others.join(", "));
}

/// Sets the severity from a word; none where it is not given or not understood.
pub(crate) fn set_severity(alert: &mut IncomingAlert, word: &str) {
    set_severity_as_sent(alert, word, word);
}

/// [`set_severity`] for a word that a value table has translated; the fact shows the word that was sent.
pub(crate) fn set_severity_as_sent(alert: &mut IncomingAlert, word: &str, sent: &str) {
    set_severity_as(alert, severity_words::severity_of(word), sent);
}

/// Sets a severity that is worked out from what was given, which becomes a fact unless it is one of Watchdesk's
/// own words.
pub(crate) fn set_severity_as(alert: &mut IncomingAlert, severity: Option<Severity>, given: &str) {
    alert.severity = severity;
    let shown = match severity {
        // On some sources' scales 0 and "none" are severities; they are shown as they were sent.
        Some(_) if severity_words::is_none(given) => given,
        _ => severity_words::shown(given).unwrap_or_default(),
    };
    add_fact(&mut alert.facts, SEVERITY_IN_SOURCE, shown);
}

/// Removes the fact that no severity is given, once one is found further inside of the record.
pub(crate) fn note_given_within(alert: &mut IncomingAlert) {
    alert.facts.retain(|(label, value)| label != SEVERITY_IN_SOURCE || value != severity_words::NOT_GIVEN);
}

/// Sets severity, classification and determination; unknown words become facts.
pub(crate) fn set_assessment(alert: &mut IncomingAlert, severity: &str, classification: &str, determination: &str) {
    set_severity(alert, severity);
    let assessment = terms::parse_assessment(classification, determination);
    assessment.classification.clone_into(&mut alert.classification);
    assessment.determination.clone_into(&mut alert.determination);
    for (label, lost) in [
        ("Classification in the source", assessment.unknown_classification),
        ("Determination in the source", assessment.unknown_determination),
    ] {
        add_fact(&mut alert.facts, label, &lost.unwrap_or_default());
    }
}
