//! How bad an alert is and what became of it, in Watchdesk's words. What these words lose of the
//! source's becomes a fact.

use crate::formats::building::facts::add_fact;
use crate::formats::building::terms;
use crate::model::incoming::IncomingAlert;

/// Most techniques that one alert keeps.
const TECHNIQUES_MAX: usize = 100;

/// Sets the techniques; what is no technique id becomes a fact.
pub(crate) fn set_techniques(alert: &mut IncomingAlert, given: &[String]) {
    let (ids, others) = terms::split_techniques(given, TECHNIQUES_MAX);
    alert.techniques = ids;
    add_fact(&mut alert.facts, "Other techniques", &others.join(", "));
}

/// Sets severity, classification and determination; what cannot be kept becomes a fact.
pub(crate) fn set_assessment(alert: &mut IncomingAlert, severity: &str, classification: &str, determination: &str) {
    let (known, lost) = terms::severity(severity);
    let assessment = terms::parse_assessment(classification, determination);
    alert.severity = known;
    assessment.classification.clone_into(&mut alert.classification);
    assessment.determination.clone_into(&mut alert.determination);
    for (label, lost) in [
        ("Severity in the source", lost),
        ("Classification in the source", assessment.lost_classification),
        ("Determination in the source", assessment.lost_determination),
    ] {
        add_fact(&mut alert.facts, label, &lost.unwrap_or_default());
    }
}
