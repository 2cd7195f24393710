//! Sets severity, classification, determination and techniques in Watchdesk's words. Words of the source
//! that Watchdesk does not know become facts.

use crate::formats::building::facts::add_fact;
use crate::formats::building::{severity_words, terms};
use crate::model::incoming::IncomingAlert;

/// The label of the fact that shows a severity as its source gave it.
pub(crate) const SEVERITY_FACT: &str = "Severity in the source";

/// Most techniques that one alert keeps.
const TECHNIQUES_MAX: usize = 100;

/// Sets the techniques; texts that are no technique ids become a fact.
pub(crate) fn set_techniques(alert: &mut IncomingAlert, given: &[String]) {
    let (ids, others) = terms::split_techniques(given, TECHNIQUES_MAX);
    alert.techniques = ids;
    add_fact(&mut alert.facts, "Other techniques", &others.join(", "));
}

/// Sets the severity from a word; none where it is not given or not understood. Words beyond Watchdesk's own
/// become a fact.
pub(crate) fn set_severity(alert: &mut IncomingAlert, word: &str) {
    set_severity_as_sent(alert, word, word);
}

/// [`set_severity`] for a word that a value table has translated; the fact shows the word that was sent.
pub(crate) fn set_severity_as_sent(alert: &mut IncomingAlert, word: &str, sent: &str) {
    alert.severity = severity_words::severity_of(word);
    let shown = severity_words::shown(sent).map(|shown| if alert.severity.is_some() { sent } else { shown });
    add_fact(&mut alert.facts, SEVERITY_FACT, shown.unwrap_or_default());
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
