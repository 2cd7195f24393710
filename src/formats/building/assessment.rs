//! Sets severity, classification, determination and techniques in Watchdesk's words. Words of the source
//! that Watchdesk does not know become facts.

use crate::formats::building::facts::add_fact;
use crate::formats::building::{severity_words, terms};
use crate::model::incoming::IncomingAlert;

/// Most techniques that one alert keeps.
const TECHNIQUES_MAX: usize = 100;

/// Sets the techniques; texts that are no technique ids become a fact.
pub(crate) fn set_techniques(alert: &mut IncomingAlert, given: &[String]) {
    let (ids, others) = terms::split_techniques(given, TECHNIQUES_MAX);
    alert.techniques = ids;
    add_fact(&mut alert.facts, "Other techniques", &others.join(", "));
}

/// Sets severity, classification and determination; unknown words become facts.
pub(crate) fn set_assessment(alert: &mut IncomingAlert, severity: &str, classification: &str, determination: &str) {
    let (known, lost) = severity_words::from_graph_word(severity);
    let assessment = terms::parse_assessment(classification, determination);
    alert.severity = known;
    assessment.classification.clone_into(&mut alert.classification);
    assessment.determination.clone_into(&mut alert.determination);
    for (label, lost) in [
        ("Severity in the source", lost),
        ("Classification in the source", assessment.unknown_classification),
        ("Determination in the source", assessment.unknown_determination),
    ] {
        add_fact(&mut alert.facts, label, &lost.unwrap_or_default());
    }
}
